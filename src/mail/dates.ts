// Days as a mail's reader writes them, where they live.

/** As `4 October 2026`; `at` in milliseconds since 1970. */
export function dayIn(language: string, timeZone: string | null, at: number): string {
  const day = (locale: string, zone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: zone }).format(at);
  // American English alone would put the month first, and nobody said who reads it.
  const locale = language.toLowerCase() === "en" ? "en-GB" : language;
  try {
    return day(locale, timeZone ?? "UTC");
  } catch {
    // A zone or a tag this runtime has no data for.
    return day("en-GB", "UTC");
  }
}
