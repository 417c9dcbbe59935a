// Where days begin: the day it is in a place on Earth, by the zones that the runtime knows.

const DAY_MS = 86_400_000;

/** The day in UTC, in days since 1970-01-01. */
export function utcDay(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** The day in a time zone (an IANA name; null for UTC), in days since 1970-01-01. */
export function dayIn(timeZone: string | null, at: number): number {
  const formatter = timeZone === null ? null : formatterOf(timeZone);
  if (formatter === null) return utcDay(at);
  const [month = "", day = "", year = ""] = formatter.format(at).split("/");
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
}

/** Whether this runtime knows a zone by that name; an offset such as +02:00 is no zone. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && formatterOf(name) !== null;
}

/** Making one takes a hundred times as long as using it. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat | null>();
/** More than there are zones and their other names. */
const MAX_FORMATTERS = 1_000;

/** Null for a name that this runtime knows no zone by: then days are those of UTC. */
function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = FORMATTERS.get(timeZone);
  if (known !== undefined) return known;
  if (FORMATTERS.size >= MAX_FORMATTERS) FORMATTERS.clear();
  const made = madeFormatter(timeZone);
  FORMATTERS.set(timeZone, made);
  return made;
}

function madeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  } catch {
    return null;
  }
}

/** Names to choose from; fewer than there are, since each zone has one here. */
export function timeZones(): readonly string[] {
  return Intl.supportedValuesOf("timeZone");
}
