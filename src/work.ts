// Which work there is: every kind of job with the handler that does it, and what comes round by itself.
import { housekeeping } from "./jobs/housekeeping.ts";
import type { Handlers } from "./jobs/outbox.ts";
import { recurring, type Schedule } from "./jobs/schedule.ts";

const HOUR_MS = 3_600_000;

export const SCHEDULE: Schedule = { housekeeping: HOUR_MS };

export const HANDLERS: Handlers = {
  housekeeping: recurring("housekeeping", HOUR_MS, housekeeping),
};
