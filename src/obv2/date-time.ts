// DateTime as Open Badges 2.0 writes it: ISO 8601 in UTC.

/** `2026-10-04T14:02:00.000Z` from milliseconds since 1970 (OB20-D-06, OB20-D-07). */
export function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
