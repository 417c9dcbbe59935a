// Which work comes round by itself, and how often: known without loading what does it.
import type { Schedule } from "./jobs/schedule.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const SCHEDULE = {
  housekeeping: HOUR_MS,
  "backpack.sweep": MINUTE_MS,
  "backpack.pulls": 10 * MINUTE_MS,
  "award.lapse": HOUR_MS,
  "webhook.sweep": MINUTE_MS,
} as const satisfies Schedule;
