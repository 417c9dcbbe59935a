// The rules of awarding that one can be told before anything is written: each refuses with its code and its fix.
import { MAX_PAYLOAD_BYTES } from "../bakery/limits.ts";
import type { AwardableBadge, Badge } from "../db/badges.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { Recipient } from "./award-recipient.ts";
import { isActive } from "./badge-change.ts";

export function refuse(error: FieldError): never {
  throw new Problem("invalid-request", error.detail, { errors: [error] });
}

/** What no picture can carry is not awarded: a badge that cannot be downloaded is none. */
export function requireBakeable(assertion: string): void {
  const bytes = new TextEncoder().encode(assertion).length;
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  refuse({
    pointer: "/evidence",
    code: "assertion_fits_in_a_picture",
    detail: `With this evidence and narrative the assertion takes ${bytes} bytes; a badge's picture carries at most ${MAX_PAYLOAD_BYTES}.`,
    fix: "Shorten the evidence, or give the address where it can be read.",
  });
}

/** `where` in the request the badge is named. */
export function requireActive(
  badge: Badge,
  where: Pick<FieldError, "pointer" | "parameter"> = { pointer: "/badge" },
): void {
  if (isActive(badge.status)) return;
  const archived = badge.status === "archived";
  const detail = `The badge is ${archived ? "archived" : "not active"}.`;
  const fix = archived
    ? "Award another badge; an archived one stays as it is."
    : "Set the badge's is_active to true, then award it.";
  throw new Problem("badge-inactive", detail, {
    fix,
    errors: [{ ...where, code: "inactive_badge_not_evaluated", detail, fix }],
  });
}

export function requireTier({ tierLevels }: AwardableBadge, tier: number | null): void {
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
export function expiryOf(
  badge: Badge,
  expiresAt: number | null | undefined,
  now: number,
): number | null {
  if (expiresAt !== undefined) {
    if (expiresAt !== null && expiresAt <= now) {
      refuse({
        pointer: "/expires_at",
        code: "expires_at_in_future",
        detail: "This time has passed: the award would be expired when it is made.",
        fix: "Give a later time, or leave it out.",
      });
    }
    return expiresAt;
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

export function requireReceivable(badge: Badge, recipient: Recipient): void {
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
