// Takes away what has served its time: expired idempotency keys, requests to backpacks that never came
// back, and jobs that were done long ago.
import type { Env } from "../env.ts";
import type { Handler } from "./outbox.ts";

/** Finished jobs stay this long, for whoever asks what happened. */
export const KEEP_DONE_JOBS_MS = 30 * 24 * 3_600_000;
/** Rows in one statement, so that nobody waits long for the lock. */
export const SWEEP_ROWS = 500;

/** Also runs well twice at once. */
export const housekeeping: Handler = async (env) => {
  const now = env.now();
  const keys = await sweep(env, "idempotency_keys", "expires_at <= ?", [now]);
  const requests = await sweep(env, "oauth_authorizations", "expires_at <= ?", [now]);
  const before = now - KEEP_DONE_JOBS_MS;
  // What was done by then was written by then: ids sort by time, and there is no index on done_at.
  const jobs = await sweep(env, "jobs", "id < ? AND done_at <= ?", [firstIdAt(before + 1), before]);
  if (keys + requests + jobs > 0) {
    env.log.info("housekeeping.swept", {
      idempotency_keys: keys,
      backpack_requests: requests,
      jobs,
    });
  }
  return [];
};

/** What every id made from that millisecond on sorts after; RFC 9562, section 5.7. */
function firstIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** Deletes in slices until none is left; returns how many rows went. */
async function sweep(
  env: Env,
  table: "idempotency_keys" | "oauth_authorizations" | "jobs",
  condition: string,
  params: readonly (string | number)[],
): Promise<number> {
  let count = 0;
  for (;;) {
    const [result] = await env.db.batch([
      {
        sql: `DELETE FROM ${table} WHERE rowid IN (
          SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${SWEEP_ROWS})`,
        params,
      },
    ]);
    const affected = result?.rowsAffected ?? 0;
    count += affected;
    if (affected < SWEEP_ROWS) return count;
  }
}
