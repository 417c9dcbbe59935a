// Which day it was where a person was: days are counted, not instants, so that no clock change and no move breaks a streak.

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** RFC 3339, section 5.6, with seconds and an offset that may not be left out. */
const WRITTEN =
  /^\d{4}-\d{2}-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(Z|[+-]\d{2}:[0-5]\d)$/;

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
  const [, dayOfMonth = "", offset = ""] = WRITTEN.exec(text) ?? [];
  if (dayOfMonth === "") return { ok: false, reason: "time_format" };
  const isLocal = offset !== "Z" && offset !== "-00:00";
  const minutes = isLocal ? minutesOf(offset) : 0;
  if (Math.abs(minutes) > MAX_OFFSET_MINUTES) return { ok: false, reason: "offset_range" };
  const at = Date.parse(text);
  const local = at + minutes * MINUTE_MS;
  // Engines read the 30th of February as a day in March, and days that no month has not at all: where
  // the moment, told by the clock it was written by, has the day of the month that was written, the
  // date is right.
  if (Number.isNaN(at) || new Date(local).getUTCDate() !== Number(dayOfMonth)) {
    return { ok: false, reason: "time_format" };
  }
  return { ok: true, moment: { at, day: isLocal ? Math.floor(local / DAY_MS) : null } };
}

function minutesOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}
