// Correcting an award: it is revoked, and a corrected one takes its place, both or neither.
import { eq } from "drizzle-orm";
import { type Award, awards, findAward } from "../db/awards.ts";
import { type AwardableBadge, findAwardableBadge } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planReplacement, WAKEABLE } from "../db/deliveries-plan.ts";
import { findMember } from "../db/people.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";
import { Problem } from "../problem.ts";
import type { Actor } from "./audit.ts";
import { type AwardInput, awardRow, awardWrites, outcomeOfHeld } from "./award.ts";
import { type Recipient, recipientOf } from "./award-recipient.ts";
import { expiryOf, refuse, requireActive, requireReceivable, requireTier } from "./award-rules.ts";
import type { Decision } from "./badge.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";
import { revocation } from "./revoke.ts";

/** The reason of the revocation unless another one is given. Public. */
export const REPLACED = "Replaced by a corrected award.";

/** What is to be different; whatever is undefined is taken over. Null takes it away. */
export interface Corrections extends Pick<AwardInput, "recipient" | "user" | "evidence"> {
  readonly narrative?: string | null | undefined;
  /** Milliseconds since 1970, null for never. */
  readonly expires_at?: number | null | undefined;
  readonly tier_level?: number | undefined;
  readonly progress_snapshot?: Record<string, unknown> | null | undefined;
}

export interface ReissueOutcome {
  /** False where the award had been replaced already: nothing changes then. */
  readonly reissued: boolean;
  /** What stands in the award's place. */
  readonly award: Award;
}

/**
 * Revokes an award, named by id or hash, and awards its badge again with corrections, in one batch.
 * The rules are those of awarding, but that the award itself does not count: the same person and tier
 * keep their slot. What its person hid stays hidden; another person starts anew. Of several at once
 * one is written, and the others (`isOvertaken`) find it when they decide again. Throws a Problem:
 * `not-found`, `award-revoked`, `badge-held`, and those of `awardBadge`.
 */
export async function reissueAward(
  env: Env,
  organizationId: string,
  idOrHash: string,
  corrections: Corrections,
  reason: string,
  actor: Actor,
): Promise<Decision<ReissueOutcome>> {
  const old = await findAward(env.db, organizationId, idOrHash);
  if (old === null) throw unknownAward();
  if (old.revoked_at !== null || old.superseded_by !== null) {
    return { result: { reissued: false, award: await replacementOf(env, old) }, writes: [] };
  }
  const awardable = await findAwardableBadge(env.db, organizationId, old.badge_id, DEFAULT_WIDTH);
  if (awardable === null) throw unknownAward();
  const { badge } = awardable;
  requireActive(badge, { parameter: "id" });
  const tier = corrections.tier_level ?? old.tier_level;
  requireTier(awardable, tier);
  const expiry = expiryOf(
    badge,
    corrections.expires_at ?? stillToCome(env, old, corrections),
    env.now(),
  );
  const recipient = await recipientAnew(env, old, corrections, actor);
  requireReceivable(badge, recipient);
  const isSamePerson = recipient.userId === old.user_id;
  const slot = isSamePerson && tier === old.tier_level ? old.award_slot : null;
  if (slot === null && !recipient.isNew) await requireFree(env, awardable, recipient, tier, old);
  const award: Award = {
    ...awardRow(env, badge, recipient, corrected(old, corrections), expiry, actor),
    ...(isSamePerson ? chosenBy(old) : {}),
  };
  return {
    result: { reissued: true, award },
    writes: [
      ...revocation(env, old, reason, actor, { replacement: award.id }).writes,
      ...recipient.writes,
      ...(await awardWrites(env, awardable, award, actor, { id: old.id, slot })),
      ...follow(env, old, award),
    ],
  };
}

/** The old one points at the new, and backpacks that have the old are given the new. */
function follow(env: Env, old: Award, award: Award): Writable[] {
  return [
    env.db.orm.update(awards).set({ superseded_by: award.id }).where(eq(awards.id, old.id)),
    planReplacement({ id: newId(env), now: award.created_at }, old.id, award),
    enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.award(award.id))),
  ];
}

/** What its person decided of it is decided of the corrected one, too, but for having declined it. */
function chosenBy({ visible, claim_state, claimed_at }: Award) {
  if (claim_state === "declined") return {};
  return { visible, is_visible: visible, claim_state, claimed_at };
}

function corrected(old: Award, { evidence, ...given }: Corrections): Omit<AwardInput, "badge"> {
  const { narrative = old.narrative, progress_snapshot = old.progress_snapshot } = given;
  return {
    evidence: evidence ?? old.evidence ?? undefined,
    narrative: narrative ?? undefined,
    progress_snapshot: progress_snapshot ?? undefined,
    tier_level: given.tier_level ?? old.tier_level ?? undefined,
  };
}

/** OB20-A-08: an end that has come is not taken over, since the corrected award is made now. */
function stillToCome(env: Env, { date_expire }: Award, { expires_at }: Corrections): number | null {
  if (expires_at === null) return null;
  if (date_expire !== null && date_expire <= env.now()) {
    refuse({
      pointer: "/expires_at",
      code: "expires_at_in_future",
      detail: "The award has expired: a corrected one would be expired when it is made.",
      fix: "Give expires_at: a later time, or null for never.",
    });
  }
  return date_expire;
}

/** Who is named anew, under the name they have now; else whom the award is made out to, as it is. */
async function recipientAnew(
  env: Env,
  old: Award,
  { user, recipient }: Corrections,
  actor: Actor,
): Promise<Recipient> {
  const organizationId = old.organization_id;
  if (user !== undefined || recipient !== undefined) {
    return recipientOf(env, organizationId, { user, recipient }, actor);
  }
  const member = await findMember(env.db, organizationId, old.user_id);
  return {
    userId: old.user_id,
    identity: {
      id: old.recipient_identity_id,
      type: old.recipient_type,
      normalised: old.recipient_identity,
    },
    name: old.recipient_name,
    roles: member?.membership.roles ?? [],
    isActive: member?.user.status === "active" && member.membership.status === "active",
    isNew: false,
    writes: [],
    pointer: "/user",
  };
}

/** The award that replaced a revoked one. Throws `award-revoked` where none did. */
async function replacementOf(env: Env, old: Award): Promise<Award> {
  const { superseded_by } = old;
  const replacement =
    superseded_by === null ? null : await findAward(env.db, old.organization_id, superseded_by);
  if (replacement !== null) return replacement;
  const detail = "The award was revoked, and none replaced it.";
  throw new Problem("award-revoked", detail);
}

/** max_awards_per_user_enforced, tier_level_monotonically_increasing; the old award aside. */
async function requireFree(
  env: Env,
  awardable: AwardableBadge,
  recipient: Recipient,
  tier: number | null,
  old: Award,
): Promise<void> {
  const tier_level = tier ?? undefined;
  const held = await outcomeOfHeld(env, awardable, recipient, { tier_level }, old.id);
  if (held === null) return;
  const detail = `This person holds award ${held.award.id} of the badge, and may hold no other beside it.`;
  const pointer = recipient.userId === old.user_id ? "/tier_level" : recipient.pointer;
  throw new Problem("badge-held", detail, {
    errors: [
      {
        pointer,
        code: held.reason,
        detail,
        fix: "Revoke the award that is wrong, or name somebody else.",
      },
    ],
  });
}

function unknownAward(): Problem {
  return new Problem("not-found", "This organization has no award with this id or hash.");
}
