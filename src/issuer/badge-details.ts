// What a badge says of itself: what is filled in when little is given, and which values go together.
import type { Badge, BadgeTier } from "../db/badges.ts";
import { type FieldError, Problem } from "../problem.ts";

/** The columns of a badge that its organization writes, but for those that its criteria decide. */
export type BadgeDetails = Pick<
  Badge,
  | "name"
  | "description"
  | "type"
  | "course_id"
  | "category"
  | "sort_order"
  | "is_visible_when_locked"
  | "eligibility_roles"
  | "max_awards_per_user"
  | "criteria_narrative"
  | "tags"
  | "language"
  | "version"
  | "expire_date"
  | "expire_period"
  | "is_renewable"
  | "icon_key"
  | "art"
  | "image_author_name"
  | "image_author_email"
  | "image_author_url"
  | "image_caption"
  | "issuer_name"
  | "issuer_url"
  | "issuer_contact"
  | "message"
  | "message_subject"
  | "attachment"
  | "notification"
>;

export type Tier = Pick<BadgeTier, "level" | "name" | "threshold">;

type Needed = "name" | "description" | "criteria_narrative";
export type NewDetails = Pick<BadgeDetails, Needed> & Partial<Omit<BadgeDetails, Needed>>;

/** Days of 24 hours: an award's end is a number of seconds after it was made. */
export const MAX_EXPIRE_PERIOD = 100 * 365 * 86_400;

/** What stays open on a badge that has been awarded: nothing of it was published to anyone. */
export const NEVER_FROZEN: ReadonlySet<keyof BadgeDetails> = new Set([
  "sort_order",
  "is_visible_when_locked",
  "is_renewable",
  "message",
  "message_subject",
  "attachment",
  "notification",
]);

/** A whole badge from what was given; `language` is the organization's. */
export function completed(
  given: NewDetails,
  tiers: readonly Tier[],
  language: string,
): BadgeDetails {
  const defaults: Omit<BadgeDetails, Needed> = {
    type: 1,
    course_id: null,
    category: "recognition",
    sort_order: 0,
    is_visible_when_locked: true,
    eligibility_roles: ["member"],
    // Each tier is an award of its own.
    max_awards_per_user: Math.max(1, tiers.length),
    tags: [],
    language,
    version: "1",
    expire_date: null,
    expire_period: null,
    is_renewable: false,
    icon_key: null,
    art: null,
    image_author_name: null,
    image_author_email: null,
    image_author_url: null,
    image_caption: null,
    issuer_name: null,
    issuer_url: null,
    issuer_contact: null,
    message: "",
    message_subject: "",
    attachment: true,
    notification: 0,
  };
  return { ...defaults, ...present(given) };
}

/** Only what was given: a member that is undefined must not undo what is there. */
export function present<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

/**
 * Throws a 422 Problem naming every pair of values that do not go together. `before` is what is
 * stored now, null for a new badge: a date that has passed since may stay.
 */
export function requireCoherent(
  details: BadgeDetails,
  tiers: readonly Tier[],
  now: number,
  before: Pick<Badge, "expire_date"> | null,
): void {
  const errors = [
    ...courseFaults(details),
    ...expiryFaults(details, now, before),
    ...tierFaults(details, tiers),
  ];
  const [first] = errors;
  if (first) throw new Problem("invalid-request", first.detail, { errors });
}

function courseFaults({ type, course_id: course }: BadgeDetails): FieldError[] {
  if ((type === 2) === (course !== null)) return [];
  return [
    {
      pointer: "/course_id",
      code: "course_badge_requires_course",
      detail:
        type === 2 ? "A badge of a course names the course." : "A badge of the site has no course.",
      fix:
        type === 2 ? "Add course_id, or set type to 1." : "Leave course_id out, or set type to 2.",
    },
  ];
}

function expiryFaults(
  details: BadgeDetails,
  now: number,
  before: Pick<Badge, "expire_date"> | null,
): FieldError[] {
  const { expire_date: date, expire_period: period } = details;
  if (date !== null && period !== null) {
    return [
      {
        pointer: "/expire_period",
        code: "expire_date_or_expire_period",
        detail: "Awards end at one date or after one period, not both.",
        fix: "Give expire_date or expire_period, and null for the other.",
      },
    ];
  }
  if (date !== null && date <= now && date !== before?.expire_date) {
    return [
      {
        pointer: "/expire_date",
        code: "expire_date_in_future",
        detail: "This date has passed: every award would be expired when it is made.",
        fix: "Choose a later date, or null.",
      },
    ];
  }
  return [];
}

function tierFaults(details: BadgeDetails, tiers: readonly Tier[]): FieldError[] {
  const errors: FieldError[] = [];
  const misnumbered = tiers.findIndex((tier, i) => tier.level !== i + 1);
  if (misnumbered >= 0) {
    errors.push({
      pointer: `/tiers/${misnumbered}/level`,
      code: "tier_levels_increase_from_one",
      detail: "Tiers are numbered 1, 2, 3, … in this order.",
      fix: `Set level to ${misnumbered + 1}.`,
    });
  }
  const sinking = tiers.findIndex((tier, i) => {
    const below = tiers[i - 1]?.threshold ?? null;
    return tier.threshold !== null && below !== null && tier.threshold <= below;
  });
  if (sinking >= 0) {
    errors.push({
      pointer: `/tiers/${sinking}/threshold`,
      code: "tier_thresholds_increase",
      detail: "A higher tier needs more than the tier below it.",
      fix: `Give a threshold above ${tiers[sinking - 1]?.threshold}.`,
    });
  }
  const most = details.max_awards_per_user;
  if (most !== null && most < tiers.length) {
    errors.push({
      pointer: "/max_awards_per_user",
      code: "max_awards_cover_tiers",
      detail: `Each of the ${tiers.length} tiers is an award of its own.`,
      fix: `Give at least ${tiers.length}, or null for no limit.`,
    });
  }
  return errors;
}
