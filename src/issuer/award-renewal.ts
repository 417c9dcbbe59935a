// An award that has run out makes room for another, which takes its place; it stays as it was.
import { and, eq, isNull, like, lte, sql } from "drizzle-orm";
import { type Award, awards, heldAwards } from "../db/awards.ts";
import type { Badge } from "../db/badges.ts";
import { manualAwards } from "../db/criteria.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planReplacement, WAKEABLE } from "../db/deliveries-plan.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";
import { type Actor, audited } from "./audit.ts";
import { isHeld } from "./award-standing.ts";

/**
 * The award that a new one of this badge and tier renews, null where none has run out: the one that is
 * `named`, else the oldest, if the person holds nothing of the tier beside it.
 */
export async function ranOut(
  env: Env,
  badge: Badge,
  userId: string,
  tier: number | null,
  named: string | undefined,
): Promise<Award | null> {
  if (!badge.is_renewable) return null;
  const all = await heldAwards(env.db, badge.organization_id, badge.id, userId);
  const ofTier = all.filter(
    ({ superseded_by, tier_level }) => superseded_by === null && tier_level === tier,
  );
  const over = ofTier.filter((award) => !isHeld(badge, award, env.now()));
  if (named !== undefined) return over.find(({ id }) => id === named) ?? null;
  return over.length === ofTier.length ? (over[0] ?? null) : null;
}

/**
 * Whether somebody vouched for the person before their award ran out, and the vouch is still there:
 * it was for that award, so no rule renews by it, though it is not forgotten yet (`award.lapse`).
 */
export async function isVouchedFromBefore(env: Env, old: Award): Promise<boolean> {
  const rows = await env.db.orm
    .select({ id: manualAwards.id })
    .from(manualAwards)
    .where(
      and(
        eq(manualAwards.badge_id, old.badge_id),
        eq(manualAwards.recipient_id, old.user_id),
        lte(manualAwards.date_met, old.date_expire ?? 0),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/**
 * What is written before and after the award that renews another. The batch is undone (`isOvertaken`)
 * where the other was renewed or revoked meanwhile. An ordinal is never used twice, so only a slot
 * that the new award needs is given up.
 */
export function renewalWrites(
  env: Env,
  old: Award,
  award: Award,
  actor: Actor,
): { readonly before: Writable[]; readonly after: Writable[] } {
  const { orm } = env.db;
  return {
    before: [
      audited(env, {
        organizationId: old.organization_id,
        actor,
        action: "award.renewed",
        object: ["award", old.id],
        detail: { superseded_by: award.id },
        provided: sql`exists (select 1 from ${awards} where ${awards.id} = ${old.id}
          and ${awards.revoked_at} is null and ${awards.superseded_by} is null
          and ${awards.date_expire} <= ${award.awarded_at})`,
      }),
      orm
        .update(awards)
        .set({ award_slot: sql`'past:' || ${awards.id}` })
        .where(and(eq(awards.id, old.id), sql`not (${like(awards.award_slot, "r%")})`)),
    ],
    after: [
      orm
        .update(awards)
        .set({ superseded_by: award.id, updated_at: award.awarded_at })
        .where(and(eq(awards.id, old.id), isNull(awards.superseded_by))),
      planReplacement({ id: newId(env), now: award.created_at }, old.id, award),
      enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.award(award.id))),
    ],
  };
}

/** What the person decided of the old one is so of the new one, but for having declined it. */
export function keptChoices({ visible, claim_state, claimed_at }: Award) {
  if (claim_state === "declined") return {};
  const claimed = claim_state === "claimed" ? { claim_state, claimed_at } : {};
  return { visible, is_visible: visible, ...claimed };
}
