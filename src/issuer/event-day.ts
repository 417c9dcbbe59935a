// Which day it was where a person was: days are counted, not instants, so that no clock change and no move breaks a streak.

const DAY_MS = 86_400_000;

/** RFC 3339, section 5.6, with seconds and an offset that may not be left out. */
const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(Z|[+-]\d{2}:[0-5]\d)$/;

/** No place on Earth is further from UTC. */
export const MAX_OFFSET_MINUTES = 14 * 60;

/** When something happened, as it was written. */
export interface Moment {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** The date as written, in days since 1970-01-01; null where the offset says nothing of a place. */
  readonly day: number | null;
}

export type ReadMoment =
  | { readonly ok: true; readonly moment: Moment }
  | { readonly ok: false; readonly reason: "time_format" | "offset_range" };

/**
 * Reads a date and time in ISO 8601 with its offset. `Z` and `-00:00` say nothing of where it was
 * (RFC 3339, section 4.3); any other offset is the sender's local time, and its date is the day.
 */
export function readMoment(text: string): ReadMoment {
  const [, date = "", offset = ""] = WRITTEN.exec(text) ?? [];
  if (date === "") return { ok: false, reason: "time_format" };
  const day = Date.parse(`${date}T00:00:00Z`);
  // Engines read the 30th of February as a day in March: the date must be the one that was written.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) {
    return { ok: false, reason: "time_format" };
  }
  const isLocal = offset !== "Z" && offset !== "-00:00";
  if (isLocal && Math.abs(minutesOf(offset)) > MAX_OFFSET_MINUTES) {
    return { ok: false, reason: "offset_range" };
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) return { ok: false, reason: "time_format" };
  return { ok: true, moment: { at, day: isLocal ? day / DAY_MS : null } };
}

function minutesOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}

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
