// Why a badge has not arrived: for each code a sentence that its recipient understands, and who can act.
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

export interface Words {
  readonly words: string;
  /** Who can do something about it; `nobody` is what passes by itself. */
  readonly who: Who;
}

/** Of the host itself: the same whether a badge is sent there or its badges are read. */
export const HOST_WORDS = {
  rate_limited: { words: "The backpack asked us to come back later.", who: "nobody" },
  unreachable: { words: "The backpack cannot be reached.", who: "nobody" },
  host_error: { words: "The backpack has trouble of its own.", who: "nobody" },
  bad_answer: {
    words: "The backpack gave an answer that cannot be understood.",
    who: "backpack",
  },
  answer_too_large: {
    words: "The backpack gave an answer that is longer than is read.",
    who: "backpack",
  },
  redirected: {
    words: "The backpack sends us to an address that it did not give when it was added.",
    who: "administrator",
  },
  busy: { words: "This site is busy with other badges.", who: "nobody" },
} as const satisfies Readonly<Record<string, Words>>;

export const DELIVERY_WORDS: Readonly<Record<DeliveryProblem, Words>> = {
  ...HOST_WORDS,
  invalid_badge: {
    words:
      "The backpack could not verify the badge. It may not have reached this site; try again, and tell an administrator if it says so once more.",
    who: "administrator",
  },
  recipient_mismatch: {
    words:
      "The badge is made out to an address that the backpack does not know you by. Add that address to your account there, then try again.",
    who: "you",
  },
  invalid_request: {
    words: "The backpack did not accept the badge in the form it was sent in.",
    who: "administrator",
  },
  not_supported: {
    words: "Badges cannot be sent to a backpack of this kind.",
    who: "administrator",
  },
  reconnect: {
    words: "The backpack no longer lets us in. Connect it again, and your badges follow.",
    who: "you",
  },
  scope_missing: {
    words:
      "You have not allowed adding badges to this backpack, or it does not offer that. Connect it again and allow it.",
    who: "you",
  },
  host_resting: {
    words: "The backpack has not been working.",
    who: "nobody",
  },
  access_unavailable: {
    words: "The backpack did not renew our access just now.",
    who: "nobody",
  },
  no_answer: {
    words:
      "The backpack did not answer in time. The badge may be there all the same: we look before it is sent again.",
    who: "nobody",
  },
  not_there: {
    words: "There is nothing at the address this backpack gave for receiving badges.",
    who: "administrator",
  },
  revocation_not_taken: {
    words:
      "The badge was revoked. The backpack did not take note of that; whoever checks the badge sees it.",
    who: "backpack",
  },
};

/** Words for a code as stored; a code of another version has words too. */
export function deliveryWords(code: string): Words {
  const known = Object.entries(DELIVERY_WORDS).find(([name]) => name === code);
  return known?.[1] ?? { words: "The badge has not arrived.", who: "nobody" };
}
