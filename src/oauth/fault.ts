// What went wrong at an authorization server, from the errors of the library that judges its answers.
import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import { retryAfter } from "../net/retry-after.ts";
import { parseStrictJson } from "../strict-json.ts";
import { TransportFault } from "./transport.ts";

export type Fault =
  /** It said no, in the words of RFC 6749, section 5.2. */
  | { readonly kind: "refused"; readonly error: string; readonly status: number }
  /** It cannot answer now: 429 or 5xx. */
  | { readonly kind: "unavailable"; readonly status: number; readonly retryAt: number | null }
  /** No answer. `sent` is false where the request certainly did not arrive. */
  | { readonly kind: "unreachable"; readonly sent: boolean; readonly detail: string }
  /** An answer that is none of this protocol. */
  | { readonly kind: "bad-answer"; readonly status: number | null };

/** The request never left. Of one that is `unreachable`, not every runtime can say so. */
const NEVER_SENT = new Set([
  "bad-url",
  "not-https",
  "credentials-in-url",
  "port-not-allowed",
  "address-not-public",
  "name-not-found",
  "tls",
  "busy",
]);

/** RFC 6749, section 5.2: the characters of an error code. */
const ERROR_CODE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

/** Rethrows what the other side did not cause. */
export async function faultOf(error: unknown, now: number): Promise<Fault> {
  if (error instanceof TransportFault) {
    return { kind: "unreachable", sent: !NEVER_SENT.has(error.reason), detail: error.detail };
  }
  if (error instanceof ResponseBodyError) {
    return judged(error.error, error.status, error.response, now);
  }
  // A 401 comes with a challenge, and the library reads no further; the reason is in the body.
  if (error instanceof WWWAuthenticateChallengeError) {
    return judged(await errorIn(error.response), error.status, error.response, now);
  }
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    const { cause } = error;
    if (cause instanceof Response) return judged(null, cause.status, cause, now);
    return { kind: "bad-answer", status: null };
  }
  throw error;
}

function judged(error: string | null, status: number, response: Response, now: number): Fault {
  if (status === 429 || status >= 500) {
    return {
      kind: "unavailable",
      status,
      retryAt: retryAfter(response.headers.get("retry-after"), now),
    };
  }
  if (error !== null && ERROR_CODE.test(error)) return { kind: "refused", error, status };
  return { kind: "bad-answer", status };
}

async function errorIn(response: Response): Promise<string | null> {
  if (response.bodyUsed) return null;
  const json = parseStrictJson(await response.text());
  if (!json.ok || typeof json.value !== "object" || json.value === null) return null;
  return "error" in json.value && typeof json.value.error === "string" ? json.value.error : null;
}
