// When an award of a renewable badge runs out, what its person had met by then is forgotten, hour by hour.
import { and, asc, eq, exists, isNull, lte, or, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { badges } from "../db/badges.ts";
import { criteria, criterionMets, manualAwards } from "../db/criteria.ts";
import type { Database } from "../db/database.ts";
import type { Env } from "../env.ts";
import { forgetUntil } from "./revoked-criteria.ts";

/** Awards looked after in one batch. */
export const LAPSED_AT_ONCE = 200;

type Lapsed = Pick<Award, "badge_id" | "user_id"> & { readonly end: number };

/**
 * Job `award.lapse`: what was met is kept for ever, so a rule would renew every award in the moment it
 * runs out. What was met after an award's end stays, and so does all of a badge that is not renewable.
 */
export async function lapse(env: Env): Promise<readonly never[]> {
  for (;;) {
    const lapsed = await findLapsed(env.db, env.now());
    if (lapsed.length === 0) return [];
    await env.db.batch(lapsed.flatMap((one) => forgetUntil(env.db, one, one.end)));
    if (lapsed.length < LAPSED_AT_ONCE || (await env.readiness()) === "stopping") return [];
  }
}

/** Awards that have run out and were not renewed, of people who had met something by then. */
function findLapsed({ orm }: Database, now: number): Promise<Lapsed[]> {
  const end = sql<number>`${awards.date_expire}`;
  const met = orm
    .select({ one: sql`1` })
    .from(criterionMets)
    .innerJoin(criteria, eq(criteria.id, criterionMets.crit_id))
    .where(
      and(
        eq(criteria.badge_id, badges.id),
        eq(criterionMets.user_id, awards.user_id),
        lte(criterionMets.date_met, end),
      ),
    );
  const vouched = orm
    .select({ one: sql`1` })
    .from(manualAwards)
    .where(
      and(
        eq(manualAwards.badge_id, badges.id),
        eq(manualAwards.recipient_id, awards.user_id),
        lte(manualAwards.date_met, end),
      ),
    );
  return orm
    .select({ badge_id: awards.badge_id, user_id: awards.user_id, end })
    .from(badges)
    .innerJoin(awards, eq(awards.badge_id, badges.id))
    .where(
      and(
        eq(badges.is_renewable, true),
        isNull(awards.revoked_at),
        isNull(awards.superseded_by),
        lte(awards.date_expire, now),
        or(exists(met), exists(vouched)),
      ),
    )
    .orderBy(asc(awards.id))
    .limit(LAPSED_AT_ONCE);
}
