// Which work comes round by itself, and how often: known without loading what does it.
import type { Schedule } from "./jobs/schedule.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** In UTC: when everybody is evaluated. */
export const SWEEP_HOUR = 2;

export const SCHEDULE = {
  housekeeping: HOUR_MS,
  "backpack.sweep": MINUTE_MS,
  "backpack.pulls": 10 * MINUTE_MS,
  "mail.digests": 5 * MINUTE_MS,
  "award.lapse": HOUR_MS,
  "webhook.sweep": MINUTE_MS,
  "award.sweep": 24 * HOUR_MS,
} as const satisfies Schedule;
