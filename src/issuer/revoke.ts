// Revoking an award: once, with a reason, and seen everywhere from the same moment.
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Award, awards, findAward } from "../db/awards.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planChange, WAKEABLE } from "../db/deliveries-plan.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision } from "./badge.ts";
import { forgetVouches, resetCriteria } from "./revoked-criteria.ts";

/** What of the criteria is forgotten beside the vouches. */
export interface RevokeOptions {
  /** All that was met of the badge: a rule awards it again where it is still so. */
  readonly resetCriteria?: boolean;
}

/**
 * Revokes an award, named by id or hash. Repeating it changes nothing: the answer is the award as
 * it was revoked first, with that reason; only its criteria may still be reset. No rule awards the badge
 * to the person again, unless they are. A trigger drops the stored assertion in the same
 * transaction, so no reader finds it valid afterwards; backpacks that have it are told. Throws a
 * `not-found` Problem.
 */
export async function revokeAward(
  env: Env,
  organizationId: string,
  idOrHash: string,
  reason: string,
  actor: Actor,
  { resetCriteria: resets = false }: RevokeOptions = {},
): Promise<Decision<Award>> {
  const award = await findAward(env.db, organizationId, idOrHash);
  if (award === null) {
    throw new Problem("not-found", "This organization has no award with this id or hash.");
  }
  if (award.revoked_at === null) return revocation(env, award, reason, actor, { resets });
  if (!resets || !award.is_withheld) return { result: award, writes: [] };
  return {
    result: { ...award, is_withheld: false },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "award.criteria_reset",
        object: ["award", award.id],
      }),
      ...resetCriteria(env.db, award),
    ],
  };
}

/**
 * The revocation of an award that stands, to be written first in its batch: which is undone
 * (`isOvertaken`) where the award was revoked meanwhile, or is no longer what its `replacement`, an
 * award's id, was made from.
 */
export function revocation(
  env: Env,
  award: Award,
  reason: string,
  actor: Actor,
  { replacement = null, resets = false }: { replacement?: string | null; resets?: boolean } = {},
): Decision<Award> {
  const now = env.now();
  const change = {
    revoked_at: now,
    revocation_reason: reason,
    is_withheld: replacement === null && !resets,
    updated_at: now,
  };
  // What replaces it was made of what it says, and of what its holder chose.
  const asRead =
    replacement === null
      ? sql``
      : sql` and ${awards.revision} = ${award.revision} and ${eq(awards.visible, award.visible)}
        and ${awards.claim_state} = ${award.claim_state}`;
  return {
    result: { ...award, ...change, revision: award.revision + 1 },
    writes: [
      audited(env, {
        organizationId: award.organization_id,
        actor,
        action: "award.revoked",
        object: ["award", award.id],
        ...(replacement === null ? {} : { detail: { superseded_by: replacement } }),
        ...(resets ? { detail: { reset_criteria: true } } : {}),
        provided: sql`exists (select 1 from ${awards} where ${awards.id} = ${award.id}
          and ${awards.revoked_at} is null${asRead})`,
      }),
      env.db.orm
        .update(awards)
        .set(change)
        .where(and(eq(awards.id, award.id), isNull(awards.revoked_at))),
      ...forgotten(env, award, replacement, resets),
      planChange({ now }, award.id),
      enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.award(award.id))),
      ...announce(env, {
        organizationId: award.organization_id,
        type: "award.revoked",
        data: {
          award: award.id,
          badge: award.badge_id,
          user: award.user_id,
          ...(replacement === null ? {} : { superseded_by: replacement }),
        },
      }),
    ],
  };
}

/** An award that a corrected one replaces was earned: what it was earned by stays. */
function forgotten(
  env: Env,
  award: Award,
  replacement: string | null,
  resets: boolean,
): Writable[] {
  if (replacement !== null) return [];
  return resets ? resetCriteria(env.db, award) : forgetVouches(env.db, award);
}
