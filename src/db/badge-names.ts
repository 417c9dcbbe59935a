// What badges are called, for lists of what refers to them.
import { and, eq, inArray } from "drizzle-orm";
import { type Badge, badges } from "./badges.ts";
import type { Database } from "./database.ts";

export type NamedBadge = Pick<Badge, "id" | "name" | "language">;

/** By their ids; another organization's are left out. */
export async function badgeNames(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedBadge>> {
  if (ids.length === 0) return new Map();
  const rows = await db.orm
    .select({ id: badges.id, name: badges.name, language: badges.language })
    .from(badges)
    .where(and(inArray(badges.id, [...ids]), eq(badges.organization_id, organizationId)));
  return new Map(rows.map((row) => [row.id, row]));
}
