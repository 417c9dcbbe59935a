// Judges what a Badgr v2 host answered, by its own envelope: `status.success`, `result`, `validationErrors`.
import type { Fetched } from "../net/public-fetch.ts";
import { retryAfter } from "../net/retry-after.ts";
import { isObject } from "../strict-json.ts";
import { judgeFault, shortened } from "./badge-connect-answer.ts";
import { readObject } from "./json-object.ts";
import type { Failure, RefusalReason } from "./protocol.ts";

/** Entries of one answer that are looked at. */
export const MAX_RESULTS = 2_000;

export type BadgrJudged =
  | { readonly kind: "ok"; readonly result: readonly Readonly<Record<string, unknown>>[] }
  /** The host calls it an error, and means that it has the badge. */
  | { readonly kind: "duplicate" }
  | Failure;

type Answered = Extract<Fetched, { ok: true }>;
type Body = Readonly<Record<string, unknown>>;

/** Success is a 2xx whose `status` does not deny it, with a `result` that is a list or an object. */
export function judgeBadgr(fetched: Fetched, now: number): BadgrJudged {
  if (!fetched.ok) return judgeFault(fetched.reason);
  const body = readObject(fetched.bytes);
  const status = isObject(body?.status) ? body.status : null;
  const codes = body === null ? [] : errorCodes(body);
  if (codes.includes("DUPLICATE_BADGE")) return { kind: "duplicate" };
  if (!isSuccess(fetched.status)) return judgeError(fetched, body, codes, now);
  if (body === null) return unclear("bad_answer", null);
  const words = wordsIn(body);
  if (status?.success === false || codes.length > 0) return refused(codes, words);
  const result = resultsIn(body);
  return result === null ? unclear("bad_answer", words) : { kind: "ok", result };
}

const isSuccess = (status: number) => status >= 200 && status < 300;

function judgeError(
  { status, headers = {} }: Answered,
  body: Body | null,
  codes: readonly string[],
  now: number,
): Failure {
  const words = body === null ? null : wordsIn(body);
  const retryAt = retryAfter(headers["retry-after"], now, headers.date);
  if (status === 401) return { kind: "unauthenticated", words };
  // Without a body of its own a 403 is some gate before the host.
  if (status === 403) {
    return body === null ? unclear("host_error", null) : { kind: "forbidden", scope: null, words };
  }
  if (status === 429 || (status === 503 && retryAt !== null)) {
    return { kind: "rate-limited", retryAt, words };
  }
  if (status === 404 || status === 410) {
    return { kind: "failed", code: "not_there", retryable: true, retryAt, words };
  }
  if (status === 405) {
    return { kind: "refused", reason: "not_supported", permanent: true, words };
  }
  if (status >= 400 && status < 500) {
    return body === null ? unclear("bad_answer", null) : refused(codes, words);
  }
  return unclear(status >= 500 ? "host_error" : "bad_answer", words, retryAt);
}

/** Badgr's codes that say more than that the badge did not pass. */
const BY_CODE: Readonly<Record<string, RefusalReason>> = {
  VERIFY_RECIPIENT_IDENTIFIER: "recipient_mismatch",
  RECIPIENT_MISMATCH: "recipient_mismatch",
};

function refused(codes: readonly string[], words: string | null): Failure {
  const known = codes.map((code) => BY_CODE[code]).find((reason) => reason !== undefined);
  const reason = known ?? (codes.length > 0 ? "invalid_badge" : "invalid_request");
  return { kind: "refused", reason, permanent: reason !== "invalid_badge", words };
}

function unclear(
  code: "bad_answer" | "host_error",
  words: string | null,
  retryAt: number | null = null,
): Failure {
  return { kind: "unknown", code, retryAt, words };
}

/** A list, or one object without the list around it; members of other types are left out. */
function resultsIn({ result = null }: Body): Body[] | null {
  const listed: unknown = result === null ? [] : isObject(result) ? [result] : result;
  return Array.isArray(listed) ? listed.slice(0, MAX_RESULTS).filter(isObject) : null;
}

/** As texts, or as objects that have a `name`. */
function errorCodes({ validationErrors }: Body): string[] {
  const listed: unknown[] = Array.isArray(validationErrors) ? validationErrors.slice(0, 20) : [];
  return listed.flatMap((error) => {
    const name = isObject(error) ? error.name : error;
    return typeof name === "string" ? (name.slice(0, 200).match(/[A-Z][A-Z_]{3,}/g) ?? []) : [];
  });
}

function wordsIn(body: Body): string | null {
  const { validationErrors, status } = body;
  const errors: unknown[] = Array.isArray(validationErrors) ? validationErrors.slice(0, 5) : [];
  const told = errors.map((error) => (isObject(error) ? (error.description ?? error.name) : error));
  const rest = isObject(status) ? [status.description] : [body.detail, body.error_description];
  const texts = (told.length > 0 ? told : rest).filter((text) => typeof text === "string");
  return shortened(texts.map((text) => text.slice(0, 500)).join("; "));
}
