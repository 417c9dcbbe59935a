// Judges what a Badge Connect host answered: it is a success only where all of it says so (OB 2.1, section 7).
import { beginningOf } from "../beginning.ts";
import type { Fetched, FetchFault } from "../net/public-fetch.ts";
import { retryAfter } from "../net/retry-after.ts";
import { isObject } from "../strict-json.ts";
import { readObject } from "./json-object.ts";
import type { Failure, FailureCode, RefusalReason } from "./protocol.ts";
import type { Quirks } from "./quirks.ts";

/** Of a host's own words so many characters are kept. */
export const MAX_WORDS = 300;

export type Judged =
  | { readonly kind: "ok"; readonly body: Readonly<Record<string, unknown>> }
  /** The host calls it an error, and means that there was nothing left to do. */
  | { readonly kind: "duplicate" }
  | Failure;

type Answered = Extract<Fetched, { ok: true }>;

interface Status {
  readonly code: number;
  readonly text: string | null;
  readonly words: string | null;
}

/** Success needs a 2xx and a status object that agrees with it; anything unclear is `unknown`. */
export function judge(fetched: Fetched, quirks: Quirks, now: number): Judged {
  if (!fetched.ok) return judgeFault(fetched.reason);
  const body = readObject(fetched.bytes);
  const status = body === null ? null : readStatus(body.status, quirks);
  if (status !== null && saysDuplicate(status, quirks)) return { kind: "duplicate" };
  if (!isSuccess(fetched.status)) return judgeError(fetched, fetched.status, status, now);
  if (quirks.emptySuccess && fetched.bytes.length === 0) return { kind: "ok", body: {} };
  if (body === null || status === null) return unclear("bad_answer", null);
  const named = status.text === null ? undefined : REFUSALS[status.text];
  // An error inside of a 200: what the object says counts.
  if (!isSuccess(status.code)) return judgeError(fetched, status.code, status, now);
  if (named !== undefined) return judgeError(fetched, named.status, status, now);
  return status.words === null ? { kind: "ok", body } : unclear("bad_answer", status.words);
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** The words of OB21-E-04, and what each is with. */
const REFUSALS: Readonly<
  Record<string, { readonly status: number; readonly reason: RefusalReason }>
> = {
  REQUEST_VALIDATION_ERROR: { status: 400, reason: "invalid_request" },
  RECIPIENT_PROFILE_MISMATCH: { status: 400, reason: "recipient_mismatch" },
  INVALID_BADGE: { status: 400, reason: "invalid_badge" },
  BAD_REQUEST: { status: 400, reason: "invalid_request" },
  UNAUTHENTICATED: { status: 401, reason: "invalid_request" },
  PERMISSION_DENIED: { status: 401, reason: "invalid_request" },
  NOT_FOUND: { status: 404, reason: "invalid_request" },
  METHOD_NOT_ALLOWED: { status: 405, reason: "not_supported" },
};

function judgeError(answer: Answered, code: number, status: Status | null, now: number): Failure {
  const words = status?.words ?? null;
  const { headers = {} } = answer;
  const retryAt = retryAfter(headers["retry-after"], now, headers.date);
  if (code === 401 || code === 403) return judgeAccess(answer, code, status);
  if (code === 429 || (code === 503 && retryAt !== null)) {
    return { kind: "rate-limited", retryAt, words };
  }
  if (code === 404 || code === 410) {
    return { kind: "failed", code: "not_there", retryable: true, retryAt, words };
  }
  if (code === 405 || code === 501) return refusal("not_supported", words);
  // RFC 9110, section 15.5.9, and RFC 8470, section 5.2: the request may be repeated.
  if (code === 408 || code === 425) return unclear("no_answer", words, retryAt);
  if (code >= 400 && code < 500) {
    return refusal(REFUSALS[status?.text ?? ""]?.reason ?? "invalid_request", words);
  }
  if (code >= 500 && code < 600) return unclear("host_error", words, retryAt);
  return unclear("bad_answer", words, retryAt);
}

/**
 * OB21-S-06: a scope that is missing is 401 with PERMISSION_DENIED; other hosts say 403, or use the
 * header of RFC 6750, section 3.1. A 403 without a status object is some gate before the host.
 */
function judgeAccess(answer: Answered, code: number, status: Status | null): Failure {
  const words = status?.words ?? null;
  const challenge = answer.headers?.["www-authenticate"] ?? "";
  const scope = /\bscope="([^"]{1,500})"/.exec(challenge)?.[1] ?? null;
  const insufficient = /\berror="insufficient_scope"/.test(challenge);
  if (insufficient || status?.text === "PERMISSION_DENIED") {
    return { kind: "forbidden", scope, words };
  }
  if (code === 401) return { kind: "unauthenticated", words };
  if (status !== null) return { kind: "forbidden", scope, words };
  return unclear("host_error", words);
}

/** The same badge again would be refused again; whether the backpack could read it may change. */
function refusal(reason: RefusalReason, words: string | null): Failure {
  return { kind: "refused", reason, permanent: reason !== "invalid_badge", words };
}

function unclear(code: FailureCode, words: string | null, retryAt: number | null = null): Failure {
  return { kind: "unknown", code, retryAt, words };
}

function nothingHappened(code: FailureCode, retryable = true): Failure {
  return { kind: "failed", code, retryable, retryAt: null, words: null };
}

/** Before a connection stands nothing was taken in; once it may have stood, nobody knows. */
export function judgeFault(reason: FetchFault): Failure {
  switch (reason) {
    case "bad-url":
    case "not-https":
    case "credentials-in-url":
    case "port-not-allowed":
      return nothingHappened("unreachable", false);
    case "address-not-public":
    case "name-not-found":
    case "tls":
      return nothingHappened("unreachable");
    // On Workers this is also what a connection that was lost later looks like.
    case "unreachable":
      return unclear("unreachable", null);
    case "busy":
      return nothingHappened("busy");
    case "bad-redirect":
    case "insecure-redirect":
    case "redirect-loop":
    case "redirect-not-followed":
    case "too-many-redirects":
      return nothingHappened("redirected");
    case "connection-lost":
    case "truncated":
    case "deadline":
    case "cancelled":
      return unclear("no_answer", null);
    case "too-large":
    case "headers-too-large":
      return unclear("answer_too_large", null);
    case "bad-answer":
    case "bad-encoding":
      return unclear("bad_answer", null);
  }
}

/** Null where it is not what OB21-E-02 describes; a null or absent `error` is one (OB21-E-03). */
function readStatus(value: unknown, quirks: Quirks): Status | null {
  if (!isObject(value)) return null;
  const code = readCode(value.statusCode, quirks);
  const { statusText: text = null } = value;
  if (code === null || (text !== null && typeof text !== "string")) return null;
  const words = readWords(value.error);
  return words === undefined ? null : { code, text, words };
}

function readCode(value: unknown, quirks: Quirks): number | null {
  const isText = quirks.statusCodeAsText && typeof value === "string" && /^\d{3}$/.test(value);
  const code = isText ? Number(value) : value;
  const isStatus = typeof code === "number" && Number.isInteger(code) && code >= 100 && code < 600;
  return isStatus ? code : null;
}

/** A string, an array of strings, null or nothing; undefined for what is none of them. */
function readWords(error: unknown): string | null | undefined {
  if (error === null || error === undefined) return null;
  const parts: readonly unknown[] = Array.isArray(error) ? error : [error];
  if (!parts.every((part) => typeof part === "string")) return undefined;
  return shortened(parts.join("; "));
}

/** One line of text without control characters, no character cut in half; null where nothing is left of it. */
export function shortened(text: string): string | null {
  const line = text
    .slice(0, MAX_WORDS * 4)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
  return line === "" ? null : beginningOf(line, MAX_WORDS).trimEnd();
}

function saysDuplicate(status: Status, { duplicateCodes }: Quirks): boolean {
  const said = `${status.text ?? ""} ${status.words ?? ""}`.split(/[^A-Z_]+/);
  return duplicateCodes.some((code) => said.includes(code));
}
