// When a job that failed is tried again, and when it has been tried for long enough.
import type { Job } from "../db/jobs.ts";
import type { Env } from "../env.ts";

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;
/** A job that still fails after this long waits for a person instead. */
export const GIVE_UP_MS = 72 * 3_600_000;
/** However late a job comes to its first try, after an outage say, it is tried this often. */
export const LEAST_ATTEMPTS = 5;

/** Milliseconds until the next try: doubling, with half of it left to chance against thundering herds. */
export function waitBefore(
  attempts: number,
  random: Env["random"],
  longestMs = LONGEST_WAIT_MS,
): number {
  const most = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), longestMs);
  const [high = 0, low = 0] = random(2);
  return Math.round(most * (0.5 + (high * 256 + low) / 65_536 / 2));
}

/** Whether a job has been tried for long enough, counted from when it was written down. */
export function isExhausted(job: Pick<Job, "attempts" | "created_at">, now: number): boolean {
  return job.attempts >= LEAST_ATTEMPTS && now - job.created_at >= GIVE_UP_MS;
}
