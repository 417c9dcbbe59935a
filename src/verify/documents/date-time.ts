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
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const thousandths = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const sinceMidnight = ((hour * 60 + minute) * 60 + second) * 1_000 + thousandths;
  // Midnight may be the end of a day too.
  if (minute > 59 || second > 59 || sinceMidnight > DAY) return null;
  const day = midnight(Number(match[1]), Number(match[2]), Number(match[3]));
  const offset = offsetOf(match[8] ?? "Z");
  return day === null || offset === null ? null : day + sinceMidnight - offset;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function midnight(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day ? date.getTime() : null;
}

function offsetOf(zone: string): number | null {
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

/** Most instants whose text is kept. */
const MAX_TEXTS = 256;
const texts = new Map<number, string>();

/** ISO 8601 in UTC. One instant is told in several places, and badges are issued many at a time. */
export function dateTimeText(instant: number): string {
  const known = texts.get(instant);
  if (known !== undefined) return known;
  if (texts.size >= MAX_TEXTS) texts.clear();
  const text = new Date(instant).toISOString();
  texts.set(instant, text);
  return text;
}

/** What 1.x allowed besides: seconds since 1970, a date alone, a time without a zone (read as UTC). */
export function parseLegacyDateTime(value: string | number): number | null {
  const text = String(value).trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseDateTime(`${text}T00:00:00Z`);
  return parseDateTime(text) ?? parseDateTime(`${text}Z`);
}
