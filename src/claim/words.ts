// What a claim page says where there is nothing to claim, and under which status.
import type { ProblemCode } from "../problem.ts";

export type NoClaim =
  | "unknown"
  | "expired"
  | "used_up"
  | "badge-inactive"
  | "recipient-not-eligible"
  | "recipient-not-active"
  | "award-revoked"
  | "other";

export interface NoClaimWords {
  readonly status: 404 | 409 | 410;
  readonly title: string;
  readonly lead: string;
  readonly fix: string;
}

/** A revoked code has the words of one that never was: nobody learns which it is. */
export const NO_CLAIM: Readonly<Record<NoClaim, NoClaimWords>> = {
  unknown: {
    status: 404,
    title: "There is no such code",
    lead: "No badge can be claimed with this code.",
    fix: "Compare it with the one you were given, character by character. If it is the same, it has been withdrawn: ask whoever gave it to you.",
  },
  expired: {
    status: 410,
    title: "This code has expired",
    lead: "The time in which the badge could be claimed with it is over.",
    fix: "Ask whoever gave it to you for another one. Badges that were claimed in time stay as they are.",
  },
  used_up: {
    status: 410,
    title: "This code has been used up",
    lead: "As many people have claimed the badge with it as were allowed to.",
    fix: "Ask whoever gave it to you for another one.",
  },
  "badge-inactive": {
    status: 409,
    title: "This badge is not awarded just now",
    lead: "The organization has it switched off. The code was not used.",
    fix: "Try again later, or ask the organization. Your code stays as good as it is.",
  },
  "recipient-not-eligible": {
    status: 409,
    title: "This badge is for others",
    lead: "The organization awards it to members with a certain role, and yours is another one. The code was not used.",
    fix: "If that is a mistake, ask the organization to give you the role, then claim again.",
  },
  "recipient-not-active": {
    status: 409,
    title: "Your membership is not active",
    lead: "The organization has suspended or ended it, and awards badges to active members only. The code was not used.",
    fix: "Ask the organization to reactivate it, then claim again.",
  },
  "award-revoked": {
    status: 409,
    title: "Your badge was revoked",
    lead: "You had this badge, and the organization has taken it back. A code does not bring it back, and was not used.",
    fix: "The badge’s page says why. If that is a mistake, ask the organization to award it anew.",
  },
  other: {
    status: 409,
    title: "This badge cannot be claimed",
    lead: "A rule of the badge does not let it be awarded this way. The code was not used.",
    fix: "Ask the organization to award it to you.",
  },
};

/** The words for a rule of awarding that refused. */
export function noClaimFor(code: ProblemCode): NoClaim {
  const known = [
    "badge-inactive",
    "recipient-not-eligible",
    "recipient-not-active",
    "award-revoked",
  ] as const;
  return known.find((one) => one === code) ?? "other";
}
