// Which work there is: every kind of job with the handler that does it.
import { housekeeping } from "./jobs/housekeeping.ts";
import type { Handlers } from "./jobs/outbox.ts";
import { recurring } from "./jobs/schedule.ts";
import { SCHEDULE } from "./recurring-work.ts";

export const HANDLERS: Handlers = {
  housekeeping: recurring("housekeeping", SCHEDULE.housekeeping, housekeeping),
};
