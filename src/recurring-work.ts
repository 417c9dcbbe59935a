// Which work comes round by itself, and how often: known without loading what does it.
import type { Schedule } from "./jobs/schedule.ts";

const HOUR_MS = 3_600_000;

export const SCHEDULE = { housekeeping: HOUR_MS } as const satisfies Schedule;
