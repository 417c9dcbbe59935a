// Whether the outbox holds work, asked without loading what does it.
import type { Engine } from "../db/database.ts";
import type { Schedule } from "./schedule.ts";

/**
 * True when a job is due and free, of whatever kind, or when a kind of recurring work waits nowhere
 * and must be planned. One read. Rejects with a DatabaseError.
 */
export async function hasWork(
  engine: Pick<Engine, "read">,
  schedule: Schedule,
  now: number,
): Promise<boolean> {
  const kinds = Object.keys(schedule);
  const marks = kinds.map(() => "?").join(", ");
  const { rows } = await engine.read({
    sql: `SELECT
        EXISTS (
          SELECT 1 FROM jobs
          WHERE done_at is null and parked_at is null AND due_at <= ?
            AND (lease_until IS NULL OR lease_until <= ?)
        ) OR (
          SELECT count(DISTINCT kind) FROM jobs
          WHERE kind IN (${marks}) AND done_at is null and parked_at is null
        ) < ?`,
    params: [now, now, ...kinds, kinds.length],
  });
  return Number(rows[0]?.[0]) === 1;
}
