// Why a badge has not arrived: who can act, for each code there is. Pages have the sentences.
import type { Who } from "../oauth/words.ts";
import type { FailureCode, RefusalReason } from "./protocol.ts";

/** What `deliveries.last_problem` may hold. */
export type DeliveryProblem =
  | RefusalReason
  | FailureCode
  /** The connection waits for the person. */
  | "reconnect"
  /** The person did not allow it, or the backpack does not grant it. */
  | "scope_missing"
  | "rate_limited"
  /** The host failed too often, and is left alone for a while. */
  | "host_resting"
  /** The access could not be renewed just now. */
  | "access_unavailable"
  /** It was withdrawn here; whether the backpack shows it so is up to the backpack. */
  | "revocation_not_taken";

/** Of the host itself: the same whether a badge is sent there or its badges are read. */
export const HOST_WHO = {
  rate_limited: "nobody",
  unreachable: "nobody",
  host_error: "nobody",
  bad_answer: "backpack",
  answer_too_large: "backpack",
  redirected: "administrator",
  busy: "nobody",
} as const satisfies Readonly<Record<string, Who>>;

/** Who can do something about it; `nobody` is what passes by itself. */
export const DELIVERY_WHO: Readonly<Record<DeliveryProblem, Who>> = {
  ...HOST_WHO,
  // It may not have reached this site.
  invalid_badge: "administrator",
  // Their account there must know the address the badge is made out to.
  recipient_mismatch: "you",
  invalid_request: "administrator",
  not_supported: "administrator",
  reconnect: "you",
  scope_missing: "you",
  host_resting: "nobody",
  access_unavailable: "nobody",
  no_answer: "nobody",
  not_there: "administrator",
  revocation_not_taken: "backpack",
};
