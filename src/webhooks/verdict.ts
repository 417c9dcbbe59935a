// What an answer to a webhook means: Standard Webhooks 1.0.0, "Operational considerations".
import type { Fetched, FetchFault } from "../net/public-fetch.ts";
import { retryAfter } from "../net/retry-after.ts";

export type Verdict =
  /** 2xx. */
  | { readonly kind: "accepted"; readonly status: number }
  /** To be tried again, not before `retryAt` where it asked for that. */
  | {
      readonly kind: "failed";
      readonly code: WebhookFault;
      readonly status: number | null;
      readonly retryAt: number | null;
    }
  /** 410: it wants nothing more, ever. */
  | { readonly kind: "gone"; readonly status: 410 }
  /** It was not asked: too much is under way here. */
  | { readonly kind: "unsent" };

/** Why a delivery has not arrived. */
export type WebhookFault =
  | FetchFault
  | "not-accepted"
  | "rate-limited"
  | "gone"
  | "endpoint-disabled"
  | "endpoint-failing";

/** `now` is when the answer came, in milliseconds since 1970. */
export function judged(fetched: Fetched, now: number): Verdict {
  if (!fetched.ok) {
    if (fetched.reason === "busy") return { kind: "unsent" };
    return { kind: "failed", code: fetched.reason, status: null, retryAt: null };
  }
  const { status, headers = {} } = fetched;
  if (status >= 200 && status < 300) return { kind: "accepted", status };
  if (status === 410) return { kind: "gone", status };
  const asksForRest = status === 429 || status === 503;
  return {
    kind: "failed",
    code: status === 429 ? "rate-limited" : "not-accepted",
    status,
    retryAt: asksForRest ? retryAfter(headers["retry-after"], now, headers.date) : null,
  };
}
