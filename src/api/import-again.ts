// What is done with an import that is there: go on with it, change a row of a dry run, send its rows once more.
import { z } from "@hono/zod-openapi";
import { ENCODINGS } from "../csv/encoding.ts";
import { MAX_CELL_LENGTH, MAX_COLUMNS } from "../csv/limits.ts";
import { DELIMITERS } from "../csv/records.ts";
import { findImportFile, type Import, rowsAfter } from "../db/imports.ts";
import type { Env } from "../env.ts";
import { fixRow, type NewImport, resumeImport, rowsGone, startImport } from "../issuer/import.ts";
import { Problem } from "../problem.ts";
import { invalid } from "./faults.ts";
import { idParam, line } from "./fields.ts";
import { type ColumnsAsked, columnsSaid, MEMBERS } from "./import-columns.ts";
import { rowsOf, unpacked } from "./import-file.ts";
import { importReader } from "./import-reader.ts";
import { showImport, shownImport, shownRow, showRow } from "./import-schema.ts";
import { importOf, requireAwardable, requireOwnImport } from "./imports.ts";
import { type Operation, operation } from "./operation.ts";

const cell = z.string().max(MAX_CELL_LENGTH);

const again = z
  .strictObject({
    dry_run: z.boolean().default(false),
    badge: line(100).nullable().optional().openapi({
      description: "For rows that name none of their own; as before unless given, null for none.",
    }),
    encoding: z.enum(ENCODINGS).optional(),
    delimiter: z.enum(DELIMITERS).optional(),
    columns: z
      .array(z.strictObject({ name: cell, as: z.enum(MEMBERS).nullable() }))
      .max(MAX_COLUMNS)
      .optional()
      .openapi({ description: "What is read from columns; the others mean what they meant." }),
    any_columns: z.boolean().default(false).openapi({
      description: "Of a dry run: a heading that says neither whom nor which badge will do.",
    }),
  })
  .openapi("ImportAgain");

const changes = z
  .strictObject({
    values: z.record(cell, cell).openapi({
      description: "By the names of columns; an empty text takes a value away.",
    }),
  })
  .openapi("ImportRowChanges");

const rowParam = z.strictObject({
  id: idParam.shape.id,
  line: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number),
});

type Asked = z.output<typeof again>;

/** The heading is the first line of a file that does not begin with `sep=`. */
const HEADING_LINE = 1;

/** Read anew from the file where it is to be read in another way; else the rows as they stand. */
async function rowsAgain(
  env: Env,
  source: Import,
  { encoding, delimiter, columns }: Asked,
  asked: ColumnsAsked,
): Promise<Pick<NewImport, "rows" | "reading" | "file">> {
  const { reading } = source;
  const isOther = (one: string | undefined, before: string) => one !== undefined && one !== before;
  if (isOther(encoding, reading.encoding) || isOther(delimiter, reading.delimiter)) {
    const file = await findImportFile(env.db, source.id);
    if (file === null) {
      throw new Problem("gone", "The file itself is no longer kept, or was too large to be.", {
        fix: "Send it again with the encoding and delimiter it has.",
      });
    }
    const as = {
      encoding: encoding ?? reading.encoding,
      delimiter: delimiter ?? reading.delimiter,
    };
    return { ...rowsOf(await unpacked(file), { ...asked, said: columns }, as), file };
  }
  const [first] = await rowsAfter(env.db, source.id, 0, 1);
  if (first === undefined) throw rowsGone();
  const read = columnsSaid(reading.columns, HEADING_LINE, { ...asked, said: columns });
  if (!read.ok) throw invalid(read.errors);
  const said = { encoding: reading.encoding, delimiter: reading.delimiter };
  return {
    rows: { of: source.id, length: source.rows },
    reading: { ...said, columns: read.columns },
  };
}

export const importAgainOperations: readonly Operation[] = [
  operation({
    id: "resumeImport",
    method: "post",
    path: "/imports/{id}/resume",
    tag: "Imports",
    summary: "Go on with an import",
    description:
      "One that was cancelled, or has failed, goes on behind the last row that was done; one that is at work goes on as it does. A coordinator resumes imports of their own.",
    scope: "awards:write",
    params: idParam,
    problems: ["import-finished", "gone", "edit-conflict"],
    answers: [{ status: 200, description: "The import.", schema: shownImport }],
    async handle({ env, organizationId, params, principal }) {
      const found = await importOf(env, organizationId, params.id);
      requireOwnImport(found, principal);
      const { result, writes } = await resumeImport(env, found, principal);
      return { status: 200, body: showImport(env, result.source, result.isStuck), writes };
    },
  }),
  operation({
    id: "repeatImport",
    method: "post",
    path: "/imports/{id}/again",
    tag: "Imports",
    summary: "Send the rows of an import once more, as a new import",
    description:
      "With dry_run false it awards what a dry run looked at, with the changes that were made to its rows since. Whoever holds the badge keeps it. Another encoding or delimiter has the file read anew, while that is kept: a week, and not where it is very large.",
    scope: "awards:write",
    params: idParam,
    body: again,
    example: { dry_run: false },
    problems: ["badge-inactive", "gone"],
    answers: [{ status: 202, description: "The import, which has begun.", schema: shownImport }],
    async handle({ env, organizationId, params, body, principal }) {
      const { source } = await importOf(env, organizationId, params.id);
      const badgeId = body.badge === undefined ? source.badge_id : body.badge;
      if (badgeId !== null) {
        await requireAwardable(env, organizationId, badgeId, { pointer: "/badge" });
      }
      const isUnsaid = body.dry_run && body.any_columns;
      const input: NewImport = {
        badgeId,
        fileName: source.file_name,
        isDryRun: body.dry_run,
        ...(await rowsAgain(env, source, body, { hasBadge: badgeId !== null, isUnsaid })),
      };
      const { result, writes } = startImport(env, organizationId, input, principal);
      return {
        status: 202,
        body: showImport(env, result),
        headers: { location: `/api/v1/imports/${result.id}` },
        writes,
      };
    },
  }),
  operation({
    id: "changeImportRow",
    method: "patch",
    path: "/imports/{id}/rows/{line}",
    tag: "Imports",
    summary: "Change a row of a dry run, and hear what would become of it",
    scope: "awards:write",
    params: rowParam,
    body: changes,
    example: { values: { email: "kim@example.org" } },
    problems: ["import-not-checked"],
    answers: [{ status: 200, description: "The row as it is now.", schema: shownRow }],
    async handle({ env, organizationId, params, body, principal }) {
      const found = await importOf(env, organizationId, params.id);
      requireOwnImport(found, principal);
      const { source } = found;
      const fixed = await fixRow(env, source, params.line, body.values, importReader);
      const { result: row, writes } = fixed;
      return { status: 200, body: showRow(env, { row, hash: null }), writes };
    },
  }),
];
