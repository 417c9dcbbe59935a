// What was purged: its address goes on saying that it is gone.
import { and, asc, eq } from "drizzle-orm";
import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { time } from "./columns.ts";
import type { Database } from "./database.ts";

export const tombstones = sqliteTable(
  "tombstones",
  {
    /** The id or hash in its address. */
    id: text().primaryKey().notNull(),
    kind: text().$type<"badge" | "award" | "alignment" | "endorsement">().notNull(),
    organization_id: text().notNull(),
    purged_at: time().notNull(),
  },
  (t) => [index("idx_tombstones_organization").on(t.organization_id, t.purged_at)],
);

export type Tombstone = typeof tombstones.$inferSelect;

/** By the id or the hash in an address, whoever's it was. */
export async function findTombstone(db: Database, id: string): Promise<Tombstone | null> {
  const [row] = await db.orm.select().from(tombstones).where(eq(tombstones.id, id)).limit(1);
  return row ?? null;
}

/** Hashes of an organization's purged awards, in the order they went. */
export async function listPurgedAwards(db: Database, organizationId: string): Promise<string[]> {
  const rows = await db.orm
    .select({ id: tombstones.id })
    .from(tombstones)
    .where(and(eq(tombstones.organization_id, organizationId), eq(tombstones.kind, "award")))
    .orderBy(asc(tombstones.purged_at), asc(tombstones.id));
  return rows.map(({ id }) => id);
}
