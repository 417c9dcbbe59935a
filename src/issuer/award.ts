// Awarding a badge: who may be given it, what is written, and what to say to who holds it already.
import { and, eq, sql } from "drizzle-orm";
import { MAX_PAYLOAD_BYTES } from "../bakery/limits.ts";
import { type Award, type AwardedBy, type EvidenceItem, heldAwards } from "../db/awards.ts";
import { type AwardableBadge, type Badge, badges, findAwardableBadge } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planAward, WAKEABLE } from "../db/deliveries-plan.ts";
import { insertHostedAssertion } from "../db/published.ts";
import type { Env } from "../env.ts";
import { newHash, newId, newSalt } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { hostedAssertion } from "../obv2/hosted.ts";
import { type FieldError, Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import { type Recipient, type RecipientInput, recipientOf } from "./award-recipient.ts";
import { insertAward } from "./award-slot.ts";
import type { Decision } from "./badge.ts";
import { isActive } from "./badge-change.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";

export interface AwardInput extends RecipientInput {
  /** The badge's id. */
  readonly badge: string;
  readonly evidence?: readonly EvidenceItem[] | undefined;
  readonly narrative?: string | undefined;
  /** Milliseconds since 1970; the badge's own rule unless given, null for never. */
  readonly expires_at?: number | null | undefined;
  readonly tier_level?: number | undefined;
  readonly progress_snapshot?: Record<string, unknown> | undefined;
}

/** Why nothing was awarded, where that is no fault: the person has it already. */
type HeldReason = "max_awards_per_user_enforced" | "tier_level_monotonically_increasing";

export type AwardOutcome =
  | { readonly awarded: true; readonly award: Award }
  | { readonly awarded: false; readonly reason: HeldReason; readonly award: Award };

/**
 * Awards a badge of the organization, or answers with the award that the person holds already.
 * The rules are asked here for the answer's sake, and again in the database when `writes` run
 * (`insertAward`); if they no longer hold then, nothing is written (`isOvertaken`) and the caller
 * decides again. Throws a Problem: `not-found`, `badge-inactive`, `recipient-not-active`,
 * `recipient-not-eligible`, `invalid-request`.
 */
export async function awardBadge(
  env: Env,
  organizationId: string,
  input: AwardInput,
  actor: Actor,
): Promise<Decision<AwardOutcome>> {
  const awardable = await findAwardableBadge(env.db, organizationId, input.badge, DEFAULT_WIDTH);
  if (awardable === null) throw unknownBadge();
  const { badge } = awardable;
  requireActive(badge);
  requireTier(awardable, input.tier_level ?? null);
  const now = env.now();
  const expiry = expiryOf(badge, input, now);
  const recipient = await recipientOf(env, organizationId, input, actor);
  requireReceivable(badge, recipient);
  const before = recipient.isNew ? null : await outcomeOfHeld(env, awardable, recipient, input);
  if (before !== null) return { result: before, writes: [] };
  const award = awardRow(env, badge, recipient, input, expiry, actor);
  return {
    result: { awarded: true, award },
    writes: [...recipient.writes, ...(await awardWrites(env, awardable, award, actor))],
  };
}

/** Writes that belong together; the award comes first, since it alone knows whether it may be. */
async function awardWrites(
  env: Env,
  { badge, picture }: AwardableBadge,
  award: Award,
  actor: Actor,
): Promise<Writable[]> {
  const bakedImage = bakedImageOf(picture, env.images.available);
  const assertion = await hostedAssertion(award, { urls: env.urls, bakedImage });
  requireBakeable(assertion.body);
  return [
    insertAward(env.db, award, badge),
    ...insertHostedAssertion(assertion),
    ...(badge.status === "active" ? [lock(env, badge)] : []),
    planAward({ id: newId(env), now: award.created_at }, award),
    enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.award(award.id))),
    audited(env, {
      organizationId: award.organization_id,
      actor,
      action: "award.created",
      object: ["award", award.id],
      detail: { badge: award.badge_id, user: award.user_id },
    }),
  ];
}

/** What no picture can carry is not awarded: a badge that cannot be downloaded is none. */
function requireBakeable(assertion: string): void {
  const bytes = new TextEncoder().encode(assertion).length;
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  refuse({
    pointer: "/evidence",
    code: "assertion_fits_in_a_picture",
    detail: `With this evidence and narrative the assertion takes ${bytes} bytes; a badge's picture carries at most ${MAX_PAYLOAD_BYTES}.`,
    fix: "Shorten the evidence, or give the address where it can be read.",
  });
}

/** The first award fixes what the badge says. A locked badge never becomes merely active again. */
function lock(env: Env, badge: Badge): Writable {
  return env.db.orm
    .update(badges)
    .set({
      status: "active_locked",
      updated_at: sql`max(${badges.updated_at} + 1, ${env.now()})`,
    })
    .where(and(eq(badges.id, badge.id), eq(badges.status, "active")));
}

function awardRow(
  env: Env,
  badge: Badge,
  { userId, identity, name }: Recipient,
  input: AwardInput,
  expiry: number | null,
  actor: Actor,
): Award {
  const now = env.now();
  const awardedBy: AwardedBy = actor.kind === "system" ? "system" : "admin";
  return {
    id: newId(env),
    unique_hash: newHash(env),
    badge_id: badge.id,
    user_id: userId,
    organization_id: badge.organization_id,
    // Chosen by the database.
    award_slot: "",
    awarded_at: now,
    date_issued: now,
    date_expire: expiry,
    awarded_by: awardedBy,
    awarded_by_user_id: actor.kind === "user" ? actor.id : null,
    tier_level: input.tier_level ?? null,
    progress_snapshot: input.progress_snapshot ?? null,
    evidence: input.evidence === undefined ? null : [...input.evidence],
    narrative: input.narrative ?? null,
    visible: true,
    is_visible: true,
    claim_state: "unclaimed",
    claimed_at: null,
    revoked_at: null,
    revocation_reason: null,
    superseded_by: null,
    notification_sent: false,
    issuer_notified: null,
    recipient_identity_id: identity.id,
    recipient_type: identity.type,
    recipient_identity: identity.normalised,
    recipient_salt: newSalt(env),
    recipient_name: name,
    revision: 1,
    created_at: now,
    updated_at: now,
  };
}

/** What the person holds already, if that is why there will be no other award. */
async function outcomeOfHeld(
  env: Env,
  { badge }: AwardableBadge,
  recipient: Recipient,
  { tier_level: tier }: AwardInput,
): Promise<AwardOutcome | null> {
  const held = await heldAwards(env.db, badge.organization_id, badge.id, recipient.userId);
  // Highest tier first.
  const [top] = held;
  if (top === undefined) return null;
  if (tier !== undefined && top.tier_level !== null && top.tier_level >= tier) {
    return { awarded: false, reason: "tier_level_monotonically_increasing", award: top };
  }
  if (badge.max_awards_per_user !== null && held.length >= badge.max_awards_per_user) {
    return { awarded: false, reason: "max_awards_per_user_enforced", award: top };
  }
  return null;
}

function refuse(error: FieldError): never {
  throw new Problem("invalid-request", error.detail, { errors: [error] });
}

/** The same answer for a badge of another organization as for none: nobody learns of it. */
function unknownBadge(): Problem {
  const detail = "This organization has no badge with this id.";
  return new Problem("not-found", detail, {
    errors: [
      {
        pointer: "/badge",
        code: "org_scope_matches_badge_definition",
        detail,
        fix: "Give the id of a badge that GET /api/v1/badges lists.",
      },
    ],
  });
}

function requireActive(badge: Badge): void {
  if (isActive(badge.status)) return;
  const archived = badge.status === "archived";
  const detail = `The badge is ${archived ? "archived" : "not active"}.`;
  const fix = archived
    ? "Award another badge; an archived one stays as it is."
    : "Set the badge's is_active to true, then award it.";
  throw new Problem("badge-inactive", detail, {
    fix,
    errors: [{ pointer: "/badge", code: "inactive_badge_not_evaluated", detail, fix }],
  });
}

function requireTier({ tierLevels }: AwardableBadge, tier: number | null): void {
  const pointer = "/tier_level";
  if (tierLevels.length === 0 && tier !== null) {
    refuse({
      pointer,
      code: "tier_level_without_tiers",
      detail: "The badge has no tiers.",
      fix: "Leave tier_level out.",
    });
  }
  if (tierLevels.length > 0 && (tier === null || !tierLevels.includes(tier))) {
    refuse({
      pointer,
      code: "tier_level_of_the_badge",
      detail: tier === null ? "The badge has tiers." : `The badge has no tier ${tier}.`,
      fix: `Give one of ${[...tierLevels].sort((a, b) => a - b).join(", ")}.`,
    });
  }
}

/** OB20-A-08: an award ends after it was made, or not at all. */
function expiryOf(badge: Badge, input: AwardInput, now: number): number | null {
  if (input.expires_at !== undefined) {
    if (input.expires_at !== null && input.expires_at <= now) {
      refuse({
        pointer: "/expires_at",
        code: "expires_at_in_future",
        detail: "This time has passed: the award would be expired when it is made.",
        fix: "Give a later time, or leave it out.",
      });
    }
    return input.expires_at;
  }
  if (badge.expire_date !== null && badge.expire_date <= now) {
    refuse({
      pointer: "/badge",
      code: "expire_date_in_future",
      detail: "The date at which all awards of this badge expire has passed.",
      fix: "Give expires_at, or award another badge.",
    });
  }
  return (
    badge.expire_date ?? (badge.expire_period === null ? null : now + badge.expire_period * 1000)
  );
}

function requireReceivable(badge: Badge, recipient: Recipient): void {
  if (!recipient.isActive) {
    const detail = "This person's account or membership is suspended or deactivated.";
    const fix = "Reactivate it first.";
    throw new Problem("recipient-not-active", detail, {
      errors: [{ pointer: recipient.pointer, code: "award_only_to_active_users", detail, fix }],
    });
  }
  if (recipient.roles.some((role) => badge.eligibility_roles.includes(role))) return;
  const allowed = badge.eligibility_roles.join(", ");
  const detail = recipient.isNew
    ? `Someone new to the organization gets the role ${recipient.roles.join(", ")}, which may not receive this badge.`
    : "None of this person's roles may receive this badge.";
  const fix = recipient.isNew
    ? `Add the person with POST /api/v1/users and one of the roles ${allowed}, then award the badge.`
    : `Give the person one of the roles ${allowed}.`;
  throw new Problem("recipient-not-eligible", detail, {
    fix,
    errors: [{ pointer: recipient.pointer, code: "eligibility_role_check", detail, fix }],
  });
}
