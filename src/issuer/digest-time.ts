// When who made a badge is told of its awards: of each, or every day, week or month.
import type { Badge } from "../db/badges.ts";

/** `badges.notification`: told of each award by itself. */
export const EACH = 1;
const DAILY = 2;
const WEEKLY = 3;
const MONTHLY = 4;

const DAY_MS = 86_400_000;

type Frequency = Pick<Badge, "notification">;

/** The digest after the one of that time, in milliseconds since 1970; null where there are none. */
export function nextDigest({ notification }: Frequency, time: number): number | null {
  return shifted(notification, time, 1);
}

/** Where the digest of that time begins. A month that has no such day ends it on its last. */
export function digestStart({ notification }: Frequency, time: number): number {
  return shifted(notification, time, -1) ?? time;
}

function shifted(notification: number, time: number, by: 1 | -1): number | null {
  if (notification === DAILY) return time + by * DAY_MS;
  if (notification === WEEKLY) return time + by * 7 * DAY_MS;
  return notification === MONTHLY ? monthsAfter(time, by) : null;
}

function monthsAfter(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}
