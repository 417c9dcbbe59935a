// The headers of every page: given all at once, because setting them afterwards costs more than the page.
import type { Language } from "../language.ts";

const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'";

function pageHeaders(ancestors: string, scripts = "") {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `${POLICY}${scripts}; frame-ancestors ${ancestors}`,
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    vary: "Accept",
  };
}

/**
 * Those of a page that the language of who asks decides: a cache keeps one for each. The header
 * names what the page speaks, for those who judge it without reading.
 */
export function spoken(headers: Readonly<Record<string, string>>, language: Language) {
  return { ...headers, "content-language": language, vary: "Accept, Accept-Language" };
}

/** For pages that stand alone. */
export const PAGE_HEADERS = pageHeaders("'none'");

/** For the one page that has a script and asks nothing. */
export const SCRIPTED_HEADERS = pageHeaders("'none'", "; script-src 'self'");

/** For a page whose script asks for the page again. */
export const WATCHED_HEADERS = pageHeaders("'none'", "; script-src 'self'; connect-src 'self'");

/** For the one page that is made to stand inside others. */
export const EMBED_HEADERS = pageHeaders("*");
