// Imports and their rows as the API shows them.
import { z } from "@hono/zod-openapi";
import { ENCODINGS } from "../csv/encoding.ts";
import { DELIMITERS } from "../csv/records.ts";
import { IMPORT_STATES, type Import, type ListedRow, ROW_OUTCOMES } from "../db/imports.ts";
import type { Env } from "../env.ts";
import { instant, instantOrNull, time } from "./fields.ts";
import { MEMBERS, unknownColumns } from "./import-columns.ts";

export const shownImport = z
  .object({
    id: z.string(),
    file_name: z.string(),
    badge: z.string().nullable().openapi({ description: "Of rows that name none of their own." }),
    dry_run: z.boolean().openapi({ description: "It says what would happen, and awards nothing." }),
    state: z.enum([...IMPORT_STATES, "failed"]).openapi({
      description: "`failed`: rows are left, and nobody goes on with them until it is resumed.",
    }),
    rows: z.int().openapi({ description: "Of the file, its heading and blank lines aside." }),
    done: z.int().openapi({ description: "Rows that are decided: those of the next three." }),
    awarded: z.int().openapi({ description: "In a dry run: would be awarded." }),
    held: z.int().openapi({ description: "The person holds the badge already." }),
    refused: z.int(),
    reading: z.object({
      encoding: z.enum(ENCODINGS),
      delimiter: z.enum(DELIMITERS),
      columns: z
        .array(z.object({ name: z.string(), as: z.enum(MEMBERS).nullable() }))
        .openapi({ description: "Each column of the file, and what is read from it." }),
      unknown_columns: z
        .array(z.string())
        .openapi({ description: "Nothing is read from these; the result has them all the same." }),
    }),
    result: z.string().openapi({ description: "Where the result file is." }),
    created_at: time(),
    finished_at: time().nullable(),
  })
  .openapi("Import");

export function showImport(env: Env, row: Import, isStuck = false) {
  const { encoding, delimiter, columns } = row.reading;
  return {
    id: row.id,
    file_name: row.file_name,
    badge: row.badge_id,
    dry_run: row.dry_run,
    state: isStuck ? ("failed" as const) : row.state,
    rows: row.rows,
    done: row.awarded + row.held + row.refused,
    awarded: row.awarded,
    held: row.held,
    refused: row.refused,
    reading: { encoding, delimiter, columns, unknown_columns: unknownColumns(columns) },
    result: `${env.urls.base}/api/v1/imports/${row.id}/result.csv`,
    created_at: instant(row.created_at),
    finished_at: instantOrNull(row.finished_at),
  };
}

export const shownRow = z
  .object({
    line: z.int().openapi({ description: "As an editor counts; the heading is on line 1." }),
    outcome: z.enum(ROW_OUTCOMES).nullable().openapi({ description: "Null until it is decided." }),
    code: z
      .string()
      .nullable()
      .openapi({ description: "Why it was held or refused: decide by it." }),
    field: z.string().nullable().openapi({ description: "The column at fault, by its heading." }),
    detail: z.string().nullable(),
    award: z.object({ id: z.string(), page: z.string() }).nullable(),
    values: z.record(z.string(), z.string()),
  })
  .openapi("ImportRow");

export function showRow(env: Env, { row, hash }: ListedRow): z.input<typeof shownRow> {
  const { line, outcome, code, field, detail, award_id, values } = row;
  return {
    line,
    outcome,
    code,
    field,
    detail,
    award:
      award_id === null || hash === null ? null : { id: award_id, page: env.urls.badgePage(hash) },
    values,
  };
}
