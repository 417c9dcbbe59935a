// Whether a rule awards a badge to a person, and each reason why not: pure, from what was read before.
import type { BadgeTier } from "../db/badges.ts";
import { isHeld } from "./award-standing.ts";
import type { LoadedCriterion, Progress } from "./criteria/kind.ts";
import type { Definition } from "./definition.ts";
import type { AwardThere, PersonThere } from "./evaluation-person.ts";

/** Why a rule does not award a badge now. Where a seed rule says it, the code is that rule's name. */
export const REASON_CODES = [
  "inactive_badge_not_evaluated",
  "expire_date_in_future",
  "award_only_to_active_users",
  "eligibility_role_check",
  "user_has_identity",
  /** It is held. */
  "unique_badge_per_user_per_org",
  "max_awards_per_user_enforced",
  /** No slot: a tier as high or higher is held. */
  "tier_level_monotonically_increasing",
  "award_was_revoked",
  "criteria_not_met",
  "tier_not_reached",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Reason {
  readonly code: ReasonCode;
  readonly detail: string;
}

/** A criterion as it stands for one person. */
export interface Asked {
  readonly criterion: LoadedCriterion;
  readonly entries: readonly Progress[];
  readonly met: boolean;
  /** When it became true; null while it is not. Met by this very look: now. */
  readonly metAt: number | null;
  /** Not written down yet. */
  readonly isNew: boolean;
}

export interface AskedTier {
  readonly tier: BadgeTier;
  readonly entries: readonly Progress[];
  readonly reached: boolean;
}

export interface Verdict {
  /** Empty where the badge is to be awarded. */
  readonly reasons: readonly Reason[];
  readonly satisfied: boolean;
  /** Each tier to be awarded, the lowest first; `null` alone for a badge without tiers. */
  readonly levels: readonly (number | null)[];
}

/** What is held: not what was revoked, nor what has expired where that makes room for another. */
export function heldOf({ badge }: Definition, person: PersonThere): readonly AwardThere[] {
  const all = person.awards.get(badge.id) ?? [];
  return all.filter((award) => isHeld(badge, award, person.at.now));
}

/**
 * Whether an award of the badge has expired and made room for another. That one needs criteria that
 * are met now: what was met once says nothing of today.
 */
export function isRenewal(definition: Definition, person: PersonThere): boolean {
  const { badge } = definition;
  const all = person.awards.get(badge.id) ?? [];
  return all.some((award) => award.revoked_at === null && !isHeld(badge, award, person.at.now));
}

/** Reasons that no criterion can change. */
export function standingReasons(definition: Definition, person: PersonThere): Reason[] {
  const { badge } = definition;
  const reasons: Reason[] = [];
  if (!badge.is_active) {
    reasons.push(reason("inactive_badge_not_evaluated", "The badge is not active."));
  }
  if (badge.expire_date !== null && badge.expire_date <= person.at.now) {
    reasons.push(
      reason(
        "expire_date_in_future",
        "The date at which all awards of this badge expire has passed.",
      ),
    );
  }
  if (!person.isActive) {
    reasons.push(
      reason(
        "award_only_to_active_users",
        "The account or membership is suspended or deactivated.",
      ),
    );
  }
  if (!person.roles.some((role) => badge.eligibility_roles.includes(role))) {
    const allowed = badge.eligibility_roles.join(", ");
    reasons.push(reason("eligibility_role_check", `One of these roles is needed: ${allowed}.`));
  }
  if (!person.hasIdentity) {
    const detail = "Nothing is known that an award to this person could be made out to.";
    reasons.push(reason("user_has_identity", detail));
  }
  return [...reasons, ...heldReasons(definition, person)];
}

function heldReasons(definition: Definition, person: PersonThere): Reason[] {
  const { badge, tiers } = definition;
  const held = heldOf(definition, person);
  const top = topTier(held);
  const isWhole = tiers.length === 0 ? held.length > 0 : top >= (tiers.at(-1)?.level ?? 0);
  if (isWhole) {
    return [reason("unique_badge_per_user_per_org", "The person holds the badge already.")];
  }
  if (badge.max_awards_per_user !== null && held.length >= badge.max_awards_per_user) {
    const detail = `The badge allows ${badge.max_awards_per_user} to a person, and they are held.`;
    return [reason("max_awards_per_user_enforced", detail)];
  }
  const barred = barredTier(definition, person);
  if (barred > 0 && barred >= (tiers.at(-1)?.level ?? 1)) {
    const detail = "It was revoked: no rule awards it to this person again, but people may.";
    return [reason("award_was_revoked", detail)];
  }
  return [];
}

/** 0 where none is held. */
function topTier(held: readonly AwardThere[]): number {
  return Math.max(0, ...held.map(({ tier_level }) => tier_level ?? 0));
}

/** The highest tier that was taken back for good, so that no rule gives it again; 0 for none. */
function barredTier(definition: Definition, person: PersonThere): number {
  const all = person.awards.get(definition.badge.id) ?? [];
  const withheld = all.filter(({ isWithheld }) => isWithheld);
  return Math.max(0, ...withheld.map(({ tier_level }) => tier_level ?? Number.POSITIVE_INFINITY));
}

export function isSatisfied(
  { method }: Pick<Definition, "method">,
  asked: readonly Asked[],
): boolean {
  return method === 1 ? asked.every(({ met }) => met) : asked.some(({ met }) => met);
}

/** The whole decision. `tiers` need be asked only where the criteria are met. */
export function verdictOf(
  definition: Definition,
  person: PersonThere,
  asked: readonly Asked[],
  tiers: readonly AskedTier[],
): Verdict {
  const satisfied = isSatisfied(definition, asked);
  const reasons = standingReasons(definition, person);
  if (!satisfied) reasons.push(notMet(definition, asked));
  else reasons.push(...tierReasons(definition, person, tiers));
  const isAwarded = reasons.length === 0;
  const levels = definition.tiers.length === 0 ? [null] : openLevels(definition, person, tiers);
  return { reasons, satisfied, levels: isAwarded ? levels : [] };
}

function notMet({ method, criteria }: Definition, asked: readonly Asked[]): Reason {
  const met = asked.filter((each) => each.met).length;
  const needed = method === 1 ? `all ${criteria.length}` : `one of ${criteria.length}`;
  const detail =
    criteria.length === 1
      ? "What the badge asks for is not reached yet."
      : `${met} of the criteria are met, and ${needed} must be.`;
  return reason("criteria_not_met", detail);
}

function tierReasons(
  definition: Definition,
  person: PersonThere,
  tiers: readonly AskedTier[],
): Reason[] {
  if (definition.tiers.length === 0) return [];
  if (openLevels(definition, person, tiers).length > 0) return [];
  const reached = tiers.filter((each) => each.reached).map(({ tier }) => tier.level);
  const highest = Math.max(0, ...reached);
  if (highest > topTier(heldOf(definition, person))) {
    return [reason("award_was_revoked", "The tier was revoked: no rule awards it again.")];
  }
  const detail = "No tier above those that are held is reached yet.";
  return highest > 0
    ? [reason("tier_level_monotonically_increasing", detail)]
    : [reason("tier_not_reached", detail)];
}

/** Tiers that are reached and lie above every tier that is held: the others have no slot. */
function openLevels(
  definition: Definition,
  person: PersonThere,
  tiers: readonly AskedTier[],
): number[] {
  const top = Math.max(topTier(heldOf(definition, person)), barredTier(definition, person));
  return tiers
    .filter(({ tier, reached }) => reached && tier.level > top)
    .map(({ tier }) => tier.level)
    .sort((a, b) => a - b);
}

function reason(code: ReasonCode, detail: string): Reason {
  return { code, detail };
}
