// Where to go on after signing in: a page of ours, whatever was asked for.

/** Where people go who came to sign in and for nothing else. */
export const HOME_PATH = "/me";
/** Longer than any address of a page of ours. */
const MAX_LENGTH = 2_048;
/** To come back to these would lead in a circle, or to a page that answers no GET. */
const WAYS_IN = /^\/(login|logout|auth|dev\/as)(\/|$)/;
const ANY_ORIGIN = "https://rosette.invalid";

/**
 * The path and query of a page of this server; null for anything that a browser could read as an
 * address elsewhere, such as `//host`, `/\host` or `/.//host` (an open redirect: RFC 9700, section 4.11).
 */
export function nextPath(text: string | null | undefined): string | null {
  if (!text || text.length > MAX_LENGTH || !text.startsWith("/")) return null;
  if (/[\p{Cc}\\]/u.test(text) || !URL.canParse(text, ANY_ORIGIN)) return null;
  const url = new URL(text, ANY_ORIGIN);
  const path = url.pathname + url.search;
  if (url.origin !== ANY_ORIGIN || path.startsWith("//") || WAYS_IN.test(url.pathname)) return null;
  return path;
}
