// The ways in which a backpack can misbehave on request; its page has words for each.

/** Which requests a fault strikes: those for badges and the profile, and others. */
export const PLACES = ["api", "token", "registration", "manifest"] as const;
export type Place = (typeof PLACES)[number];

/** Each by what the other side sees of it. */
export const FAULTS = [
  "unauthorized",
  "rate-limited",
  "server-error",
  "slow",
  "slow-loris",
  "html",
  "truncated-json",
  "dropped-answer",
  "fewer-scopes",
] as const;
export type Fault = (typeof FAULTS)[number];

/** What is done once, at once. */
export const DEEDS = ["revoke-tokens", "forget-clients"] as const;
export type Deed = (typeof DEEDS)[number];

/** Where a request belongs; null for what never misbehaves. */
export function placeOf(pathname: string): Place | null {
  if (pathname.startsWith("/ims/ob/v2p1/")) return "api";
  if (pathname === "/oauth/token") return "token";
  if (pathname === "/oauth/register") return "registration";
  if (pathname === "/.well-known/badgeconnect.json") return "manifest";
  return null;
}
