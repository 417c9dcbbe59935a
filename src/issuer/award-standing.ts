// Which awards of a badge keep a person from another: what is held, and what was taken back for good.
import { type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import type { Badge } from "../db/badges.ts";
import { manualAwards } from "../db/criteria.ts";
import type { Database } from "../db/database.ts";
import { prepared } from "../db/prepared.ts";

type Counted = Pick<Award, "revoked_at" | "superseded_by" | "date_expire">;

/**
 * Whether an award takes one of the places its badge has for a person. A revoked one does not, nor
 * one that another has taken the place of, nor, where the badge may be renewed, one that has run out.
 */
export function isHeld(
  { is_renewable: renewable }: Pick<Badge, "is_renewable">,
  { revoked_at, superseded_by, date_expire }: Counted,
  now: number,
): boolean {
  if (revoked_at !== null || superseded_by !== null) return false;
  return !(renewable && date_expire !== null && date_expire <= now);
}

/** The same in SQL, of rows of `badge_issues` as they are named in the query. */
export function heldRows(renewable: SQL, now: SQL): SQL {
  return sql`${awards.revoked_at} is null and ${awards.superseded_by} is null
    and not (${renewable} and ${awards.date_expire} is not null and ${awards.date_expire} <= ${now})`;
}

/**
 * Rows of `badge_issues` that keep the rules, and only them, from awarding this tier or a lower one:
 * what was revoked for good, until somebody has vouched for the person anew.
 */
export function withheldRows(tier: SQL): SQL {
  return sql`${awards.is_withheld} and (${awards.tier_level} is null or ${awards.tier_level} >= ${tier})
    and not exists (select 1 from ${manualAwards} where ${manualAwards.badge_id} = ${awards.badge_id}
      and ${manualAwards.recipient_id} = ${awards.user_id})`;
}

/**
 * A condition for whoever looks for people to award by rule: true for those to whom there is nothing
 * to award, since they hold the badge (this tier of it, or a higher one), or it was revoked for good.
 * `user` is the person's id in the query, such as `sql.raw("m.user_id")`; `tier` is null where the
 * badge has none. It is one look-up by `idx_user_badges_user_badge_org`.
 */
export function isSettled(
  user: SQL,
  badge: Pick<Badge, "id" | "organization_id" | "is_renewable">,
  tier: number | null,
  now: number,
): SQL {
  const level = tier ?? 0;
  return sql`exists (select 1 from ${awards} where ${awards.user_id} = ${user}
    and ${awards.badge_id} = ${badge.id} and ${awards.organization_id} = ${badge.organization_id}
    and (${heldRows(sql`${Number(badge.is_renewable)}`, sql`${now}`)}
        and coalesce(${awards.tier_level}, ${level}) >= ${level}
      or ${withheldRows(sql`${level}`)}))`;
}

/** Why a rule awards nothing to a person, with the award that is the reason. */
export interface Settled {
  readonly reason: "already_held" | "revoked_for_good";
  readonly award: Award;
}

/** `isSettled` for one person, with the reason; null where a rule may award. */
export async function settledFor(
  db: Database,
  badge: Pick<Badge, "id" | "organization_id" | "is_renewable">,
  userId: string,
  tier: number | null,
  now: number,
): Promise<Settled | null> {
  const [held] = await reasons(db).all({
    user: userId,
    badge: badge.id,
    organization: badge.organization_id,
    renewable: Number(badge.is_renewable),
    tier: tier ?? 0,
    now,
  });
  if (held === undefined) return null;
  return {
    reason: held.revoked_at === null ? "already_held" : "revoked_for_good",
    award: held,
  };
}

/** What is held before what was revoked; of each the highest tier. */
const reasons = prepared(({ orm }) => {
  const given = (name: string) => sql.placeholder(name);
  const tier = sql`${given("tier")}`;
  return orm
    .select()
    .from(awards)
    .where(
      sql`${awards.user_id} = ${given("user")} and ${awards.badge_id} = ${given("badge")}
        and ${awards.organization_id} = ${given("organization")}
        and (${heldRows(sql`${given("renewable")}`, sql`${given("now")}`)}
            and coalesce(${awards.tier_level}, ${tier}) >= ${tier}
          or ${withheldRows(tier)})`,
    )
    .orderBy(sql`${awards.revoked_at} is not null`, sql`${awards.tier_level} desc`)
    .limit(1)
    .prepare();
});
