// DateTime as Open Badges means it, in both the strict form of 2.0 and the loose ones of 1.x.

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Milliseconds since 1970 of an ISO 8601 date and time with a zone; null for anything else, days
 * that no calendar has included (OB20-D-06).
 */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = match;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const days = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (days.getUTCDate() !== Number(day) || days.getUTCMonth() + 1 !== Number(month)) return null;
  const instant = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`,
  );
  return Number.isNaN(instant) ? null : instant;
}

/** What 1.x allowed besides: seconds since 1970, a date alone, a time without a zone (read as UTC). */
export function parseLegacyDateTime(value: string | number): number | null {
  const text = String(value).trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseDateTime(`${text}T00:00:00Z`);
  return parseDateTime(text) ?? parseDateTime(`${text}Z`);
}
