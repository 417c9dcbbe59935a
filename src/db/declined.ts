// Awards whose recipients say that they are not theirs, for whoever has to look at them.
import { and, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { type Award, awards } from "./awards.ts";
import { type Badge, badges } from "./badges.ts";
import type { Database } from "./database.ts";

/** Written out, so that the index on such rows is found. */
const isDeclined = and(sql`${awards.claim_state} = 'declined'`, isNull(awards.revoked_at));

export interface DeclinedAward {
  readonly award: Award;
  readonly badge: Pick<Badge, "id" | "name" | "language">;
}

/** One row more than a page holds, the last made first, from before the award with the id `cursor`. */
export function listDeclined(
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<DeclinedAward[]> {
  return db.orm
    .select({
      award: awards,
      badge: { id: badges.id, name: badges.name, language: badges.language },
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .where(
      and(
        eq(awards.organization_id, organizationId),
        isDeclined,
        page.cursor === undefined ? gt(awards.id, "") : lt(awards.id, page.cursor),
      ),
    )
    .orderBy(desc(awards.id))
    .limit(page.limit + 1);
}

/** How many there are, counted up to `most`. */
export async function countDeclined(
  db: Database,
  organizationId: string,
  most: number,
): Promise<number> {
  const some = db.orm
    .select({ id: awards.id })
    .from(awards)
    .where(and(eq(awards.organization_id, organizationId), isDeclined))
    .limit(most);
  const [row] = await db.orm.select({ count: sql<number>`count(*)` }).from(some.as("some"));
  return row?.count ?? 0;
}
