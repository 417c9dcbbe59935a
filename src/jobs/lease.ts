// Takes the next due job from the outbox for one worker, and sees that no lane takes too many of them.
import type { Job } from "../db/jobs.ts";
import type { Env } from "../env.ts";

/** Workers that jobs of one lane hold at once, in all processes together. */
export const LANE_WORKERS = 2;

const WAITING = "done_at is null and parked_at is null";

/**
 * The lanes in which anything waits, `''` among them, each found by one step along the index. In each
 * the first due job; of these the one that fell due first. So what waits in a lane that is full is
 * stepped over as one, however much it is. The plus sign keeps the planner on that index.
 */
function next(kinds: readonly string[]): string {
  const marks = kinds.map(() => "?").join(", ");
  return `WITH RECURSIVE lanes (lane) AS (
      SELECT ''
      UNION ALL
      SELECT (SELECT lane FROM jobs WHERE ${WAITING} AND lane > lanes.lane ORDER BY lane LIMIT 1)
      FROM lanes WHERE lanes.lane IS NOT NULL
    )
    SELECT first.id FROM lanes JOIN jobs first ON first.id = (
      SELECT id FROM jobs
      WHERE ${WAITING} AND lane = lanes.lane AND due_at <= ?
        AND (lease_until IS NULL OR lease_until <= ?) AND +kind IN (${marks})
      ORDER BY due_at, rowid LIMIT 1)
    WHERE lanes.lane = '' OR ${LANE_WORKERS} > (
      SELECT count(*) FROM jobs
      WHERE lease_until is not null and ${WAITING} AND lane = lanes.lane AND lease_until > ?)
    ORDER BY first.due_at, first.rowid LIMIT 1`;
}

/**
 * Takes the job that fell due first, of those kinds and where its lane has room; null where there is
 * none. The lease's fence tells its holder from every later one. Rejects with a DatabaseError.
 */
export async function lease(
  env: Env,
  kinds: readonly string[],
  leaseMs: number,
): Promise<Job | null> {
  const now = env.now();
  const [result] = await env.db.batch([
    {
      sql: `UPDATE jobs SET lease_until = ?, fence = fence + 1, attempts = attempts + 1
        WHERE id = (${next(kinds)})
        RETURNING ${COLUMNS.join(", ")}`,
      params: [now + leaseMs, now, now, ...kinds, now],
    },
  ]);
  const row = result?.rows[0];
  return row ? toJob(row) : null;
}

const COLUMNS = [
  "id",
  "organization_id",
  "kind",
  "dedupe_key",
  "lane",
  "payload",
  "due_at",
  "attempts",
  "lease_until",
  "fence",
  "last_error",
  "done_at",
  "parked_at",
  "created_at",
] as const satisfies readonly (keyof Job)[];

function toJob(row: readonly unknown[]): Job {
  const job: Record<string, unknown> = {};
  for (const [i, column] of COLUMNS.entries()) job[column] = row[i];
  job.payload = JSON.parse(String(job.payload));
  return job as Job;
}
