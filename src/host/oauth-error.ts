// Errors as OAuth says them (RFC 6749, section 5.2; RFC 7591, section 3.2.2): never the envelope of the API (OB21-T-07).
import { Problem } from "../problem.ts";

const HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  pragma: "no-cache",
  "x-content-type-options": "nosniff",
} as const;

/** An error answer that no cache keeps; `error` is a code of the RFC. */
export function oauthError(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = JSON.stringify({ error, error_description: description });
  return new Response(body, { status, headers: { ...HEADERS, ...headers } });
}

/** A request that could not be read, in OAuth's words; anything else is thrown on. */
export function toOauthError(error: unknown): Response {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  return oauthError(error.status, "invalid_request", error.message, error.headers);
}

/** 405 in the words of OAuth; `allow` as the header has it. */
export function methodNotAllowed(allow: string): Response {
  return oauthError(405, "invalid_request", `This address answers ${allow}.`, { allow });
}
