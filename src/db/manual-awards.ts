// Who vouched for whom: rows of manual awards, one a role.
import { and, asc, desc, eq, inArray, lt } from "drizzle-orm";
import { type ManualAward, manualAwards } from "./criteria.ts";
import type { Database } from "./database.ts";

/** Of one badge and person, in the order the roles vouched. */
export function vouchesFor(
  db: Database,
  badgeId: string,
  recipientId: string,
): Promise<ManualAward[]> {
  return db.orm
    .select()
    .from(manualAwards)
    .where(and(eq(manualAwards.badge_id, badgeId), eq(manualAwards.recipient_id, recipientId)))
    .orderBy(asc(manualAwards.id));
}

/** Null for another badge's, as for none. */
export async function findVouch(
  db: Database,
  badgeId: string,
  id: string,
): Promise<ManualAward | null> {
  const rows = await db.orm
    .select()
    .from(manualAwards)
    .where(and(eq(manualAwards.badge_id, badgeId), eq(manualAwards.id, id)))
    .limit(1);
  return rows[0] ?? null;
}

export interface VouchFilter {
  /** The recipient's user id. */
  readonly user?: string | undefined;
  readonly role?: string | undefined;
  /** Users rows of one person: only what they vouched. */
  readonly by?: readonly string[] | undefined;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listVouches(
  db: Database,
  badgeId: string,
  { user, role, by }: VouchFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ManualAward[]> {
  return db.orm
    .select()
    .from(manualAwards)
    .where(
      and(
        eq(manualAwards.badge_id, badgeId),
        user === undefined ? undefined : eq(manualAwards.recipient_id, user),
        role === undefined ? undefined : eq(manualAwards.issuer_role, role),
        by === undefined ? undefined : inArray(manualAwards.issuer_id, [...by]),
        page.cursor === undefined ? undefined : lt(manualAwards.id, page.cursor),
      ),
    )
    .orderBy(desc(manualAwards.id))
    .limit(page.limit + 1);
}
