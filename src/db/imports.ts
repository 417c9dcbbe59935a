// Imports: files of awards to be made, row by row, as a job that can be watched and run again.
import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { awards } from "./awards.ts";
import { badges } from "./badges.ts";
import { createdAt, flag, id, json, time } from "./columns.ts";
import type { Database, Writable } from "./database.ts";
import { octets } from "./images.ts";
import { organizations } from "./organizations.ts";

export const IMPORT_STATES = ["waiting", "running", "done", "cancelled"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export const ROW_OUTCOMES = ["awarded", "held", "refused"] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

/** A column of a file, as its heading calls it, and what is read from it; null for nothing. */
export interface ImportColumn {
  readonly name: string;
  readonly as: string | null;
}

/** How a file was read, and what must be known of who sent it. */
export interface Reading {
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  readonly delimiter: "," | ";" | "\t";
  readonly columns: readonly ImportColumn[];
  /** Of the person who asked; absent for programs. */
  readonly roles?: readonly string[];
  /** Users rows of that person. */
  readonly memberIds?: readonly string[];
}

export const imports = sqliteTable(
  "imports",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    /** Who asked for it, as in the audit log. */
    actor_kind: text().notNull(),
    actor_id: text(),
    /** Of every row that names none of its own. */
    badge_id: text().references(() => badges.id),
    file_name: text().notNull(),
    /** Says what would happen, and does nothing. */
    dry_run: flag().notNull(),
    state: text().$type<ImportState>().notNull().default("waiting"),
    /** How the file was read: its encoding, delimiter and columns. */
    reading: json<Reading>().notNull(),
    rows: integer().notNull(),
    /** The last line that is done: where the job goes on. */
    done_line: integer().notNull().default(0),
    awarded: integer().notNull().default(0),
    held: integer().notNull().default(0),
    refused: integer().notNull().default(0),
    created_at: createdAt(),
    finished_at: time(),
  },
  (t) => [index("idx_imports_organization").on(t.organization_id, t.id)],
);

/** One line of the file, as it was read and as it ended. Kept in the order of its key. */
export const importRows = sqliteTable(
  "import_rows",
  {
    import_id: text().notNull(),
    /** From 1, as an editor counts; the heading is line 1. */
    line: integer().notNull(),
    /** By the names of the columns; under `""` what stood in cells beyond them. */
    values: json<Record<string, string>>().notNull(),
    outcome: text().$type<RowOutcome>(),
    /** Why, where it was refused or held. */
    code: text(),
    /** The column at fault, as the file calls it, where it is one. */
    field: text(),
    detail: text(),
    award_id: text(),
  },
  (t) => [primaryKey({ columns: [t.import_id, t.line] })],
);

/** The file as it was sent, in gzip (RFC 1952), so that it can be read in another way; where it is small enough. */
export const importFiles = sqliteTable("import_files", {
  import_id: text().primaryKey().notNull(),
  bytes: octets().notNull(),
});

export type Import = typeof imports.$inferSelect;
export type ImportRow = typeof importRows.$inferSelect;

export async function findImport(
  db: Database,
  organizationId: string,
  id: string,
): Promise<Import | null> {
  const rows = await db.orm
    .select()
    .from(imports)
    .where(and(eq(imports.organization_id, organizationId), eq(imports.id, id)))
    .limit(1);
  return rows[0] ?? null;
}

/** An import, and whether it is open though nobody goes on with it: its job was given up. */
export interface WatchedImport {
  readonly source: Import;
  readonly isStuck: boolean;
}

/** In plain words: of one table drizzle names columns without it, and `jobs` has an `id` of its own. */
const isStuck = sql<number>`(imports.state in ('waiting', 'running') and not exists (
  select 1 from jobs where kind = 'award.import' and dedupe_key = imports.id
    and done_at is null and parked_at is null))`;

export async function watchImport(
  db: Database,
  organizationId: string,
  id: string,
): Promise<WatchedImport | null> {
  const [row] = await db.orm
    .select({ source: imports, isStuck })
    .from(imports)
    .where(and(eq(imports.organization_id, organizationId), eq(imports.id, id)))
    .limit(1);
  return row === undefined ? null : { source: row.source, isStuck: row.isStuck === 1 };
}

/** One row more than a page holds, newest first, below `cursor`. */
export async function listImports(
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<WatchedImport[]> {
  const rows = await db.orm
    .select({ source: imports, isStuck })
    .from(imports)
    .where(
      and(
        eq(imports.organization_id, organizationId),
        page.cursor === undefined ? undefined : lt(imports.id, page.cursor),
      ),
    )
    .orderBy(desc(imports.id))
    .limit(page.limit + 1);
  return rows.map((row) => ({ source: row.source, isStuck: row.isStuck === 1 }));
}

/** The gzipped bytes of the file as it was sent; null where they are not kept. */
export async function findImportFile(
  db: Database,
  importId: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [row] = await db.orm
    .select()
    .from(importFiles)
    .where(eq(importFiles.import_id, importId))
    .limit(1);
  return row === undefined ? null : new Uint8Array(row.bytes);
}

export async function findImportRow(
  db: Database,
  importId: string,
  line: number,
): Promise<ImportRow | null> {
  const [row] = await db.orm
    .select()
    .from(importRows)
    .where(and(eq(importRows.import_id, importId), eq(importRows.line, line)))
    .limit(1);
  return row ?? null;
}

export interface ListedRow {
  readonly row: ImportRow;
  /** The public id of the award it made or met. */
  readonly hash: string | null;
}

/** Rows of an import behind a line, in the order of the file. */
export function rowsAfter(
  db: Database,
  importId: string,
  line: number,
  most: number,
  outcome?: RowOutcome,
): Promise<ListedRow[]> {
  return db.orm
    .select({ row: importRows, hash: awards.unique_hash })
    .from(importRows)
    .leftJoin(awards, eq(awards.id, importRows.award_id))
    .where(
      and(
        eq(importRows.import_id, importId),
        gt(importRows.line, line),
        outcome === undefined ? undefined : eq(importRows.outcome, outcome),
      ),
    )
    .orderBy(asc(importRows.line))
    .limit(most);
}

export type NewRow = Pick<ImportRow, "line" | "values">;

/** Rows that one statement inserts. */
const ROWS_A_STATEMENT = 1_000;

const INSERT_ROWS = `INSERT INTO import_rows (import_id, line, "values")
  SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)`;

/** As few statements as keep their parameters of a moderate size. */
export function insertRows(importId: string, rows: readonly NewRow[]): Writable[] {
  const writes: Writable[] = [];
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    const piece = rows.slice(i, i + ROWS_A_STATEMENT).map(({ line, values }) => [line, values]);
    const params = [importId, JSON.stringify(piece)];
    writes.push({ toSQL: () => ({ sql: INSERT_ROWS, params }) });
  }
  return writes;
}

/** The rows of another import, as if they had been sent again; and its file, for a dry run. */
export function copyRows(from: string, { id: to, dry_run }: Import): Writable[] {
  const rows = `INSERT INTO import_rows (import_id, line, "values")
    SELECT ?, line, "values" FROM import_rows WHERE import_id = ?`;
  const file = "INSERT INTO import_files SELECT ?, bytes FROM import_files WHERE import_id = ?";
  return [rows, ...(dry_run ? [file] : [])].map((text) => ({
    toSQL: () => ({ sql: text, params: [to, from] }),
  }));
}

/** What somebody made of a row, and what became of it then; the import's numbers follow. */
export function rewriteRow({ import_id, line, values, ...end }: ImportRow): Writable[] {
  const { outcome, code, field, detail, award_id } = end;
  const change = `UPDATE import_rows SET "values" = ?, outcome = ?, code = ?, field = ?, detail = ?,
    award_id = ? WHERE import_id = ? AND line = ?`;
  const counts = ROW_OUTCOMES.map(
    (one) =>
      `${one} = (SELECT count(*) FROM import_rows WHERE import_id = imports.id AND outcome = '${one}')`,
  );
  const params = [JSON.stringify(values), outcome, code, field, detail, award_id, import_id, line];
  return [
    { toSQL: () => ({ sql: change, params }) },
    {
      toSQL: () => ({
        sql: `UPDATE imports SET ${counts.join(", ")} WHERE id = ?`,
        params: [import_id],
      }),
    },
  ];
}

export type EndedRow = Pick<
  ImportRow,
  "line" | "outcome" | "code" | "field" | "detail" | "award_id"
>;

/** Each row is found by its key, however many the import has: an upsert of rows that are there. */
const END_ROWS = `INSERT INTO import_rows (import_id, line, "values", outcome, code, field, detail, award_id)
  SELECT ?, value ->> 0, '{}', value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
  FROM json_each(?) WHERE true
  ON CONFLICT (import_id, line) DO UPDATE SET outcome = excluded.outcome, code = excluded.code,
    field = excluded.field, detail = excluded.detail, award_id = excluded.award_id`;

/** What became of rows, in one statement. */
export function endRows(importId: string, rows: readonly EndedRow[]): Writable {
  const ended = rows.map(({ line, outcome, code, field, detail, award_id }) => [
    line,
    outcome,
    code,
    field,
    detail,
    award_id,
  ]);
  const params = [importId, JSON.stringify(ended)];
  return { toSQL: () => ({ sql: END_ROWS, params }) };
}
