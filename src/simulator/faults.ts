// The ways in which a backpack can misbehave on request: names for programs, words for the page.

/** Which requests a fault strikes. */
export const PLACES = {
  api: "badges and profile",
  token: "tokens",
  registration: "registration",
  manifest: "the manifest",
} as const;
export type Place = keyof typeof PLACES;

/** Each with what the other side sees of it. */
export const FAULTS = {
  unauthorized: "Answers 401: the token is not known",
  "rate-limited": "Answers 429 with Retry-After",
  "server-error": "Answers 500",
  slow: "Takes its time, then answers as it should",
  "slow-loris": "Begins an answer, sends a byte now and then, never ends",
  html: "Answers 200 with an HTML page",
  "truncated-json": "Does it, then answers with half of the JSON",
  "dropped-answer": "Does it, then ends the connection without an answer",
  "fewer-scopes": "Grants reading only, whatever is asked for",
} as const;
export type Fault = keyof typeof FAULTS;

/** What is done once, at once. */
export const DEEDS = {
  "revoke-tokens": "Revoke every token: all connections are gone",
  "forget-clients": "Forget every registered client",
} as const;
export type Deed = keyof typeof DEEDS;

/** Where a request belongs; null for what never misbehaves. */
export function placeOf(pathname: string): Place | null {
  if (pathname.startsWith("/ims/ob/v2p1/")) return "api";
  if (pathname === "/oauth/token") return "token";
  if (pathname === "/oauth/register") return "registration";
  if (pathname === "/.well-known/badgeconnect.json") return "manifest";
  return null;
}
