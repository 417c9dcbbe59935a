// Under which status a claim page says that there is nothing to claim, and why a rule refused.
import type { NoClaim } from "../pages/words/claim.ts";
import type { ProblemCode } from "../problem.ts";

/** A revoked code has the words of one that never was: nobody learns which it is. */
export const NO_CLAIM_STATUS: Readonly<Record<NoClaim, 404 | 409 | 410>> = {
  unknown: 404,
  expired: 410,
  used_up: 410,
  "badge-inactive": 409,
  "recipient-not-eligible": 409,
  "recipient-not-active": 409,
  "award-revoked": 409,
  other: 409,
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
