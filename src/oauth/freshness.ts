// How long an answer may be used again without asking: the part of RFC 9111 that a private cache needs.
import type { KeptHeader } from "../net/public-fetch.ts";

/** However long an answer says it stays fresh: addresses of endpoints are asked again within a week. */
export const LONGEST_FRESH_MS = 7 * 86_400_000;

type Headers = Readonly<Partial<Record<KeptHeader, string>>>;

/**
 * Till when an answer that came now is fresh, in milliseconds since 1970; null where it must be
 * asked for again at once, as without any header that says otherwise. `now` is when it came.
 */
export function freshUntil(headers: Headers | undefined, now: number): number | null {
  const directives = (headers?.["cache-control"] ?? "").toLowerCase().split(",").map(trimmed);
  if (directives.some((one) => /^no-(cache|store)\b/.test(one))) return null;
  const ages = directives.filter((one) => one.startsWith("max-age"));
  const lifetime = ages.length > 0 ? maxAge(ages) : untilExpiry(headers, now);
  const left = Math.min(lifetime - age(headers), LONGEST_FRESH_MS);
  return left > 0 ? now + left : null;
}

const trimmed = (text: string) => text.trim();

/** RFC 9111, section 4.2.1: a directive that contradicts itself makes the answer stale. */
function maxAge(directives: readonly string[]): number {
  const seconds = /^max-age="?(\d+)"?$/.exec(directives[0] ?? "")?.[1];
  return seconds === undefined || new Set(directives).size > 1 ? 0 : Number(seconds) * 1_000;
}

/** Counted by the sender's own clock where it says its time: the two clocks need not agree. */
function untilExpiry(headers: Headers | undefined, now: number): number {
  const expires = Date.parse(headers?.expires ?? "");
  const sent = Date.parse(headers?.date ?? "");
  const lifetime = expires - (Number.isNaN(sent) ? now : sent);
  return Number.isNaN(lifetime) ? 0 : lifetime;
}

function age(headers: Headers | undefined): number {
  const seconds = /^\d+$/.exec((headers?.age ?? "").trim())?.[0];
  return seconds === undefined ? 0 : Number(seconds) * 1_000;
}
