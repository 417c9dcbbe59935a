// Awarding a badge: who may be given it, what is written, and what to say to who holds it already.
import { and, eq, sql } from "drizzle-orm";
import { type Award, type EvidenceItem, heldAwards } from "../db/awards.ts";
import { type AwardableBadge, type Badge, badges, findAwardableBadge } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planAward, WAKEABLE } from "../db/deliveries-plan.ts";
import { insertHostedAssertion } from "../db/published.ts";
import type { Env } from "../env.ts";
import { newHash, newId, newSalt } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { hostedAssertion } from "../obv2/hosted.ts";
import { Problem } from "../problem.ts";
import { awardedBy, memberOf } from "./acting-person.ts";
import { type Announcement, announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import { type Recipient, type RecipientInput, recipientOf } from "./award-recipient.ts";
import { isVouchedFromBefore, keptChoices, ranOut, renewalWrites } from "./award-renewal.ts";
import {
  expiryOf,
  requireActive,
  requireBakeable,
  requireReceivable,
  requireTier,
} from "./award-rules.ts";
import { insertAward } from "./award-slot.ts";
import { isHeld, settledFor } from "./award-standing.ts";
import type { Decision } from "./badge.ts";
import { EACH } from "./digest-time.ts";
import { touchDependents } from "./evaluation-due.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";
import { notify } from "./notify.ts";

export interface AwardInput extends RecipientInput {
  /** The badge's id. */
  readonly badge: string;
  readonly evidence?: readonly EvidenceItem[] | undefined;
  readonly narrative?: string | undefined;
  /** Milliseconds since 1970; the badge's own rule unless given, null for never. */
  readonly expires_at?: number | null | undefined;
  readonly tier_level?: number | undefined;
  readonly progress_snapshot?: Record<string, unknown> | undefined;
  /** The person took it themselves, and need not accept it any more. */
  readonly isClaimed?: boolean | undefined;
  /** The id of an award of the person's that has run out, whose place this one takes. */
  readonly renews?: string | undefined;
  /** False for a tier that is awarded along with a higher one, which alone the mail is about. */
  readonly isToldOf?: boolean | undefined;
}

/** Why nothing was awarded, where that is no fault: the person has it already. */
type HeldReason = "max_awards_per_user_enforced" | "tier_level_monotonically_increasing";

export interface NotAwarded {
  readonly awarded: false;
  /** What was revoked is withheld from rules alone: only they are answered so. */
  readonly reason: HeldReason | "award_was_revoked";
  /** What the person holds, or held. */
  readonly award: Award;
}

export type AwardOutcome = { readonly awarded: true; readonly award: Award } | NotAwarded;

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
  const expiry = expiryOf(badge, input.expires_at, now);
  const recipient = await recipientOf(env, organizationId, input, actor);
  requireReceivable(badge, recipient);
  const before = recipient.isNew
    ? null
    : ((await outcomeOfHeld(env, awardable, recipient, input)) ??
      (await withheldFromRules(env, badge, recipient, input, actor)));
  if (before !== null) return { result: before, writes: [] };
  const award = awardRow(env, badge, recipient, input, expiry, actor);
  const old = recipient.isNew
    ? null
    : await ranOut(env, badge, recipient.userId, award.tier_level, input.renews);
  if (old === null && input.renews !== undefined) {
    throw new Problem("edit-conflict", "The award that was to be renewed changed meanwhile.");
  }
  if (old !== null && actor.kind === "system" && (await isVouchedFromBefore(env, old))) {
    const held = { awarded: false, reason: "max_awards_per_user_enforced", award: old } as const;
    return { result: held, writes: [] };
  }
  if (old !== null) {
    return renewal(env, awardable, { ...award, ...keptChoices(old) }, old, recipient.writes, actor);
  }
  return {
    result: { awarded: true, award },
    writes: [
      ...recipient.writes,
      ...(await awardWrites(env, awardable, award, actor, null, input.isToldOf)),
    ],
  };
}

async function renewal(
  env: Env,
  awardable: AwardableBadge,
  award: Award,
  old: Award,
  first: readonly Writable[],
  actor: Actor,
): Promise<Decision<AwardOutcome>> {
  const { before, after } = renewalWrites(env, old, award, actor);
  const replacing: Replacing = { id: old.id, slot: null, renews: true };
  const own = await awardWrites(env, awardable, award, actor, replacing);
  return {
    result: { awarded: true, award },
    writes: [...before, ...first, ...own, ...after],
  };
}

/** Of an award that replaces another: the other's id, and the slot it leaves to this one, if it does. */
interface Replacing {
  readonly id: string;
  readonly slot: string | null;
  /** The other has run out; else it was revoked, to be corrected. */
  readonly renews?: boolean;
}

/**
 * Writes that belong together; the award comes first, since it alone knows whether it may be. What
 * the person hid or declined before it was corrected is sent nowhere by itself.
 */
export async function awardWrites(
  env: Env,
  { badge, picture }: AwardableBadge,
  award: Award,
  actor: Actor,
  replacing: Replacing | null = null,
  isToldOf = true,
): Promise<Writable[]> {
  const isShown = award.visible && award.claim_state !== "declined";
  const bakedImage = bakedImageOf(picture, env.images.available);
  const assertion = await hostedAssertion(award, { urls: env.urls, bakedImage });
  requireBakeable(assertion.body);
  return [
    insertAward(env.db, award, badge, replacing?.slot ?? null),
    ...insertHostedAssertion(assertion),
    ...(badge.status === "active" ? [lock(env, badge)] : []),
    ...(isShown ? [planAward({ id: newId(env), now: award.created_at }, award)] : []),
    enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.award(award.id))),
    ...(replacing === null && isToldOf ? tellOf(env, badge, award) : []),
    ...touchDependents(env, award),
    audited(env, {
      organizationId: award.organization_id,
      actor,
      action: "award.created",
      object: ["award", award.id],
      detail: {
        badge: award.badge_id,
        user: award.user_id,
        ...(replacing === null ? {} : { replaces: replacing.id }),
      },
    }),
    ...announce(env, announcementOf(award, replacing)),
  ];
}

function announcementOf(award: Award, replacing: Replacing | null): Announcement {
  const { id, badge_id: badge, user_id: user, organization_id: organizationId } = award;
  const data = { award: id, badge, user };
  return replacing === null
    ? { organizationId, type: "award.created", data }
    : {
        organizationId,
        type: replacing.renews === true ? "award.renewed" : "award.reissued",
        data: { ...data, replaces: replacing.id },
      };
}

/** notify_on_award: the recipient is told of every award, and who made the badge where they wish. */
function tellOf(env: Env, badge: Badge, { id, organization_id: organizationId }: Award) {
  return [
    ...notify(env, { kind: "award.created", subjectId: id, organizationId }),
    ...(badge.notification === EACH && badge.user_id !== null
      ? notify(env, { kind: "creator.award", subjectId: id, organizationId })
      : []),
  ];
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

export function awardRow(
  env: Env,
  badge: Badge,
  { userId, identity, name }: Recipient,
  input: Omit<AwardInput, "badge">,
  expiry: number | null,
  actor: Actor,
): Award {
  const now = env.now();
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
    awarded_by: awardedBy(actor),
    awarded_by_user_id: memberOf(actor) ?? (actor.kind === "user" ? actor.id : null),
    tier_level: input.tier_level ?? null,
    progress_snapshot: input.progress_snapshot ?? null,
    evidence: input.evidence === undefined ? null : [...input.evidence],
    narrative: input.narrative ?? null,
    visible: true,
    is_visible: true,
    claim_state: input.isClaimed ? "claimed" : "unclaimed",
    claimed_at: input.isClaimed ? now : null,
    revoked_at: null,
    revocation_reason: null,
    is_withheld: false,
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

/**
 * What the person holds already, if that is why there will be no other award; the one that is to be
 * `replaced` does not count.
 */
export async function outcomeOfHeld(
  env: Env,
  { badge }: AwardableBadge,
  recipient: Pick<Recipient, "userId">,
  { tier_level: tier }: Pick<AwardInput, "tier_level">,
  replaced: string | null = null,
): Promise<NotAwarded | null> {
  const all = await heldAwards(env.db, badge.organization_id, badge.id, recipient.userId);
  const now = env.now();
  const held = all.filter((award) => award.id !== replaced && isHeld(badge, award, now));
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

/** What an administrator took back comes back by somebody's deed, not by a rule. */
async function withheldFromRules(
  env: Env,
  badge: Badge,
  { userId }: Recipient,
  { tier_level: tier }: Pick<AwardInput, "tier_level">,
  actor: Actor,
): Promise<NotAwarded | null> {
  if (actor.kind !== "system") return null;
  const settled = await settledFor(env.db, badge, userId, tier ?? null, env.now());
  if (settled?.reason !== "revoked_for_good") return null;
  return { awarded: false, reason: "award_was_revoked", award: settled.award };
}

/** The same answer for a badge of another organization as for none: nobody learns of it. */
export function unknownBadge(): Problem {
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
