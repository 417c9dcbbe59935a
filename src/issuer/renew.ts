// Renewing an award that has run out, by name: its badge is awarded to the same person anew.
import { type Award, findAward } from "../db/awards.ts";
import { findBadge } from "../db/badges.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import type { Actor } from "./audit.ts";
import { type AwardInput, awardBadge } from "./award.ts";
import type { Decision } from "./badge.ts";

export type Renewal = Pick<AwardInput, "evidence" | "narrative" | "expires_at">;

export interface RenewOutcome {
  /** False where the award had been renewed already: nothing changes then. */
  readonly renewed: boolean;
  /** What stands in the award's place. */
  readonly award: Award;
}

/**
 * Awards the badge of an award, named by id or hash, to the same person anew; the award stays expired
 * and goes on verifying. Of several at once one is written (`isOvertaken`). Throws a Problem:
 * `not-found`, `award-revoked`, `badge-not-renewable`, `award-not-expired`, `badge-held`, and those of
 * `awardBadge`.
 */
export async function renewAward(
  env: Env,
  organizationId: string,
  idOrHash: string,
  input: Renewal,
  actor: Actor,
): Promise<Decision<RenewOutcome>> {
  const old = await findAward(env.db, organizationId, idOrHash);
  if (old === null) throw unknownAward();
  if (old.superseded_by !== null) {
    const award = await findAward(env.db, organizationId, old.superseded_by);
    if (award === null) throw unknownAward();
    return { result: { renewed: false, award }, writes: [] };
  }
  if (old.revoked_at !== null) {
    throw new Problem(
      "award-revoked",
      "The award was revoked: what was taken back is not renewed.",
    );
  }
  const badge = await findBadge(env.db, organizationId, old.badge_id);
  if (badge === null) throw unknownAward();
  if (!badge.is_renewable) {
    throw new Problem("badge-not-renewable", `Awards of “${badge.name}” are not renewed.`);
  }
  if (old.date_expire === null || old.date_expire > env.now()) {
    const detail =
      old.date_expire === null
        ? "The award does not expire."
        : `The award is valid until ${new Date(old.date_expire).toISOString()}.`;
    throw new Problem("award-not-expired", detail);
  }
  const wanted: AwardInput = {
    ...input,
    badge: badge.id,
    user: old.user_id,
    tier_level: old.tier_level ?? undefined,
    renews: old.id,
  };
  const decided = await awardBadge(env, organizationId, wanted, actor).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "edit-conflict") return null;
    throw error;
  });
  // What it had become is answered above, now that it is read again.
  if (decided === null) return renewAward(env, organizationId, idOrHash, input, actor);
  const { result, writes } = decided;
  if (!result.awarded) {
    // What they hold may be this one's renewal, made by somebody else since it was read.
    const now = await findAward(env.db, organizationId, old.id);
    if (now?.superseded_by) return renewAward(env, organizationId, idOrHash, input, actor);
    const detail = `The person holds award ${result.award.id} of the badge, and may hold no other beside it.`;
    throw new Problem("badge-held", detail, {
      errors: [
        {
          parameter: "id",
          code: result.reason,
          detail,
          fix: "There is nothing to renew while that award stands.",
        },
      ],
    });
  }
  return { result: { renewed: true, award: result.award }, writes };
}

function unknownAward(): Problem {
  return new Problem("not-found", "This organization has no award with this id or hash.");
}
