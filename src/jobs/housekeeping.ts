// Takes away what has served its time: expired idempotency keys and jobs that were done long ago.
import type { Env } from "../env.ts";
import type { Handler } from "./outbox.ts";

/** Finished jobs stay this long, for whoever asks what happened. */
export const KEEP_DONE_JOBS_MS = 30 * 24 * 3_600_000;
/** Rows in one statement, so that nobody waits long for the lock. */
export const SWEEP_ROWS = 500;

/** Also runs well twice at once. */
export const housekeeping: Handler = async (env) => {
  const now = env.now();
  const keys = await sweep(env, "idempotency_keys", "expires_at <= ?", now);
  const jobs = await sweep(env, "jobs", "done_at <= ?", now - KEEP_DONE_JOBS_MS);
  if (keys + jobs > 0) env.log.info("housekeeping.swept", { idempotency_keys: keys, jobs });
  return [];
};

/** Deletes in slices until none is left; returns how many rows went. */
async function sweep(
  env: Env,
  table: "idempotency_keys" | "jobs",
  condition: string,
  before: number,
): Promise<number> {
  let count = 0;
  for (;;) {
    const [result] = await env.db.batch([
      {
        sql: `DELETE FROM ${table} WHERE rowid IN (
          SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${SWEEP_ROWS})`,
        params: [before],
      },
    ]);
    const affected = result?.rowsAffected ?? 0;
    count += affected;
    if (affected < SWEEP_ROWS) return count;
  }
}
