// Retry-After by the clock of the host that sent it (RFC 9110, section 10.2.3).
import { retryAfter as readRetryAfter } from "../net/retry-after.ts";

/**
 * Milliseconds since 1970 by our clock; null for a header that is absent or means nothing. Reckoned
 * from the answer's `Date`, where there is one: a host whose clock is wrong does no harm by it.
 */
export function retryAfter(
  value: string | undefined,
  date: string | undefined,
  now: number,
): number | null {
  return readRetryAfter(value, now, date);
}
