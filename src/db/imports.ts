// Imports: files of awards to be made, row by row, as a job that can be watched and run again.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { badges } from "./badges.ts";
import { createdAt, flag, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export type ImportState = "waiting" | "running" | "done" | "cancelled";

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
    reading: json<Record<string, unknown>>().notNull(),
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
    values: json<Record<string, string>>().notNull(),
    outcome: text().$type<"awarded" | "held" | "refused">(),
    /** Why, where it was refused or held. */
    code: text(),
    /** The column at fault, as the file calls it, where it is one. */
    field: text(),
    detail: text(),
    award_id: text(),
  },
  (t) => [primaryKey({ columns: [t.import_id, t.line] })],
);

export type Import = typeof imports.$inferSelect;
export type ImportRow = typeof importRows.$inferSelect;
