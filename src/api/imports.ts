// Imports over the API: send a file of awards, watch it, read what became of each row, cancel it.
import { z } from "@hono/zod-openapi";
import type { Principal } from "../auth.ts";
import { ENCODINGS } from "../csv/encoding.ts";
import { MAX_BYTES, MAX_ROWS } from "../csv/limits.ts";
import { DELIMITERS } from "../csv/records.ts";
import { findBadge } from "../db/badges.ts";
import {
  listImports,
  ROW_OUTCOMES,
  rowsAfter,
  type WatchedImport,
  watchImport,
} from "../db/imports.ts";
import type { Env } from "../env.ts";
import { isAdministrator } from "../issuer/acting-person.ts";
import { requireActive } from "../issuer/award-rules.ts";
import { cancelImport, startImport } from "../issuer/import.ts";
import { type FieldError, Problem } from "../problem.ts";
import { invalid } from "./faults.ts";
import { idParam, line } from "./fields.ts";
import { fileOf, packed, resultOf, rowsOf } from "./import-file.ts";
import { showImport, shownImport, shownRow, showRow } from "./import-schema.ts";
import { type Operation, operation, uploadOperation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const creation = z.strictObject({
  badge: line(100)
    .optional()
    .openapi({ description: "The badge's id, for rows that name none of their own." }),
  dry_run: z
    .enum(["true", "false"])
    .default("false")
    .openapi({ description: "Only say what would happen to each row." }),
  name: line(255).optional().openapi({ description: "The file's name." }),
  encoding: z.enum(ENCODINGS).optional().openapi({ description: "Found out unless given." }),
  delimiter: z.enum(DELIMITERS).optional().openapi({ description: "Found out unless given." }),
  any_columns: z.enum(["true", "false"]).default("false").openapi({
    description:
      "Of a dry run: take a heading that says neither whom nor which badge; it can be said afterwards.",
  }),
});

const rowsQuery = pageQuery.extend({ outcome: z.enum(ROW_OUTCOMES).optional() });

/** Rows hold people's addresses, which awards do not show: they are for those who may send such files. */
const ROWS_SCOPE = "awards:write";

export async function importOf(
  env: Env,
  organizationId: string,
  id: string,
): Promise<WatchedImport> {
  const found = await watchImport(env.db, organizationId, id);
  if (found !== null) return found;
  throw new Problem("not-found", "This organization has no import with this id.");
}

/** Who sent a file, and administrators, decide whether it goes on. */
export function requireOwnImport({ source }: WatchedImport, principal: Principal): void {
  if (isAdministrator(principal) || source.actor_id === principal.id) return;
  throw new Problem("role-required", "Somebody else sent this file.", {
    fix: "Ask who sent it, or an administrator of the organization.",
  });
}

export async function requireAwardable(
  env: Env,
  organizationId: string,
  id: string,
  where: Pick<FieldError, "pointer" | "parameter"> = { parameter: "badge" },
): Promise<void> {
  const badge = await findBadge(env.db, organizationId, id);
  if (badge !== null) return requireActive(badge, where);
  throw invalid([
    {
      ...where,
      code: "org_scope_matches_badge_definition",
      detail: "This organization has no badge with this id.",
      fix: "Give the id of a badge that GET /api/v1/badges lists.",
    },
  ]);
}

/** Cursors are ids: a line takes the place of one's last digits. */
const LINE_PREFIX = "00000000-0000-0000-0000-";
const cursorOfLine = (at: number) => `${LINE_PREFIX}${String(at).padStart(12, "0")}`;
const lineOfCursor = (cursor: string | undefined) =>
  cursor?.startsWith(LINE_PREFIX) ? Number(cursor.slice(LINE_PREFIX.length)) || 0 : 0;

export const importOperations: readonly Operation[] = [
  uploadOperation({
    id: "createImport",
    method: "post",
    path: "/imports",
    tag: "Imports",
    summary: "Award badges to the people in a CSV file",
    description: `Send the file itself, or a form with the part \`file\`; at most ${MAX_ROWS} rows. Its first line is a heading: \`email\` (or \`identity\`, or \`user\`), and where they are needed \`name\`, \`badge\` (an id or an exact name), \`tier\`, \`evidence\` (addresses, with blanks between), \`narrative\`, \`expires_at\`. Encoding and delimiter are found out and said. The work goes on after the answer; each row is decided by itself. Whoever holds the badge keeps it, so a file may be sent again.`,
    scope: "awards:write",
    uploads: ["text/csv", "text/plain", "multipart/form-data"],
    maxUploadBytes: MAX_BYTES,
    query: creation,
    problems: ["form-malformed", "badge-inactive"],
    answers: [{ status: 202, description: "The import, which has begun.", schema: shownImport }],
    async handle({ env, organizationId, principal, query, upload }) {
      const { badge, dry_run, name, encoding, delimiter, any_columns } = query;
      const isDryRun = dry_run === "true";
      if (badge !== undefined) await requireAwardable(env, organizationId, badge);
      const file = await fileOf(upload, name);
      const input = {
        badgeId: badge ?? null,
        fileName: file.name,
        isDryRun,
        file: isDryRun ? await packed(file.bytes) : null,
        ...rowsOf(
          file.bytes,
          { hasBadge: badge !== undefined, isUnsaid: isDryRun && any_columns === "true" },
          { encoding, delimiter },
        ),
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
    id: "listImports",
    method: "get",
    path: "/imports",
    tag: "Imports",
    summary: "List imports",
    scope: "awards:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of imports.", schema: pageOf(shownImport) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listImports(env.db, organizationId, query);
      return pageAnswer(
        call,
        rows,
        ({ source }) => source.id,
        ({ source, isStuck }) => showImport(env, source, isStuck),
      );
    },
  }),
  operation({
    id: "getImport",
    method: "get",
    path: "/imports/{id}",
    tag: "Imports",
    summary: "Read how far an import is",
    scope: "awards:read",
    params: idParam,
    answers: [{ status: 200, description: "The import.", schema: shownImport }],
    async handle({ env, organizationId, params }) {
      const { source, isStuck } = await importOf(env, organizationId, params.id);
      return { status: 200, body: showImport(env, source, isStuck), tagged: true };
    },
  }),
  operation({
    id: "listImportRows",
    method: "get",
    path: "/imports/{id}/rows",
    tag: "Imports",
    summary: "List the rows of an import and what became of each",
    description: "In the order of the file.",
    scope: ROWS_SCOPE,
    params: idParam,
    query: rowsQuery,
    answers: [{ status: 200, description: "A page of rows.", schema: pageOf(shownRow) }],
    async handle(call) {
      const { env, organizationId, params, query } = call;
      const { source } = await importOf(env, organizationId, params.id);
      const after = lineOfCursor(query.cursor);
      const rows = await rowsAfter(env.db, source.id, after, query.limit + 1, query.outcome);
      return pageAnswer(
        call,
        rows,
        ({ row }) => cursorOfLine(row.line),
        (row) => showRow(env, row),
      );
    },
  }),
  operation({
    id: "getImportResult",
    method: "get",
    path: "/imports/{id}/result.csv",
    tag: "Imports",
    summary: "Fetch the result of an import as a CSV file",
    description:
      "The columns that were sent, and outcome, code, reason and the address of the award. Cells that a spreadsheet would run have an apostrophe before them. Corrected, it can be sent again.",
    scope: ROWS_SCOPE,
    params: idParam,
    answers: [{ status: 200, description: "The file, in UTF-8.", mediaType: "text/csv" }],
    async handle({ env, organizationId, params }) {
      const { source } = await importOf(env, organizationId, params.id);
      return {
        status: 200,
        file: {
          mediaType: "text/csv; charset=utf-8",
          name: `import-${source.id}.csv`,
          pieces: resultOf(env, source),
        },
      };
    },
  }),
  operation({
    id: "cancelImport",
    method: "post",
    path: "/imports/{id}/cancel",
    tag: "Imports",
    summary: "Cancel an import",
    description:
      "Rows that were not reached are left; what was awarded stays awarded. A coordinator cancels imports of their own.",
    scope: "awards:write",
    params: idParam,
    problems: ["import-finished", "edit-conflict"],
    answers: [{ status: 200, description: "The import.", schema: shownImport }],
    async handle({ env, organizationId, params, principal }) {
      const found = await importOf(env, organizationId, params.id);
      requireOwnImport(found, principal);
      const { result, writes } = cancelImport(env, found.source, principal);
      return { status: 200, body: showImport(env, result), writes };
    },
  }),
];
