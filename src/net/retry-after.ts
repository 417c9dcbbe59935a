// When an answer asks to come back: Retry-After, by the clock of the host that sent it.

/** However long an answer says to stay away. */
export const LONGEST_WAIT_MS = 86_400_000;

/**
 * The earliest time for another try by `Retry-After` (RFC 9110, section 10.2.3: seconds or a date),
 * in milliseconds since 1970 by our clock; null for a header that is absent or means nothing. Reckoned
 * from the answer's `Date`, where it is given: a host whose clock is wrong does no harm by it.
 */
export function retryAfter(
  value: string | null | undefined,
  now: number,
  date?: string,
): number | null {
  const shown = Date.parse(date ?? "");
  const theirs = Number.isNaN(shown) ? now : shown;
  const text = (value ?? "").trim();
  const at = /^\d+$/.test(text) ? theirs + Number(text) * 1_000 : Date.parse(text);
  // Some dates are read from any text with a number in it; this header has a comma after the day.
  if (Number.isNaN(at) || !/^\d+$|,/.test(text)) return null;
  return now + Math.min(Math.max(at - theirs, 0), LONGEST_WAIT_MS);
}
