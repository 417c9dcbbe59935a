// What was purged: its address goes on saying that it is gone.
import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { time } from "./columns.ts";

export const tombstones = sqliteTable(
  "tombstones",
  {
    /** The id or hash in its address. */
    id: text().primaryKey().notNull(),
    kind: text().$type<"badge" | "award">().notNull(),
    organization_id: text().notNull(),
    purged_at: time().notNull(),
  },
  (t) => [index("idx_tombstones_organization").on(t.organization_id, t.purged_at)],
);
