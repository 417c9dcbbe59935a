// Retry-After: when a host asks to be left alone until (RFC 9110, section 10.2.3).

/**
 * Milliseconds since 1970; null for a header that is absent or means nothing. A date is reckoned
 * from the host's own clock where its answer shows it, so that a wrong clock does no harm. Never
 * before `now`.
 */
export function retryAfter(
  value: string | undefined,
  date: string | undefined,
  now: number,
): number | null {
  const text = value?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return now + Number(text) * 1_000;
  const at = httpDate(text);
  if (at === null) return null;
  const theirNow = date === undefined ? null : httpDate(date.trim());
  return Math.max(now, theirNow === null ? at : now + (at - theirNow));
}

const IMF = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** The three forms of RFC 9110, section 5.6.7; others, which parsers guess at, are none. */
function httpDate(text: string): number | null {
  const isDate = IMF.test(text) || RFC_850.test(text) || ASCTIME.test(text);
  if (!isDate) return null;
  const at = Date.parse(ASCTIME.test(text) ? `${text} GMT` : text);
  return Number.isNaN(at) ? null : at;
}
