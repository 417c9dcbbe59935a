// Takes due jobs from the outbox, one lease each, and sees every one of them done, retried or parked.
import type { Statement, Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Job } from "../db/jobs.ts";
import type { Env } from "../env.ts";
import { isExhausted, waitBefore } from "./backoff.ts";
import { type Handler, type Handlers, JobFailure } from "./outbox.ts";

export interface DrainOptions {
  /** At most so many jobs in one call. */
  readonly limit: number;
  /** How long one job may take before another drainer may have it. */
  readonly leaseMs?: number;
  /** Jobs at work at the same time. */
  readonly concurrency?: number;
  /** Asked before each lease: true when no further job is to be begun. */
  readonly stopping?: () => boolean;
}

export interface Drained {
  readonly done: number;
  /** To be tried again, those among them whose lease was lost too. */
  readonly failed: number;
  readonly parked: number;
}

export const LEASE_MS = 60_000;
const CONCURRENCY = 4;

type Outcome = "done" | "failed" | "parked";

/**
 * Runs due jobs in the order they fell due until none is left or `limit` is reached. Kinds without a
 * handler stay where they are: a newer version wrote them. Any number of drainers may run at once,
 * in any number of processes. Rejects with a DatabaseError when the outbox cannot be read or
 * written; a job whose end could not be recorded runs again when its lease has ended.
 */
export async function drain(env: Env, handlers: Handlers, options: DrainOptions): Promise<Drained> {
  const { limit, leaseMs = LEASE_MS, concurrency = CONCURRENCY, stopping = () => false } = options;
  const counts = { done: 0, failed: 0, parked: 0 };
  const workers: Promise<void>[] = [];
  const faults: unknown[] = [];
  let left = limit;

  async function work(): Promise<void> {
    while (left > 0 && faults.length === 0 && !stopping()) {
      left--;
      const job = await lease(env, Object.keys(handlers), leaseMs);
      if (!job) return;
      // Where one was due there may be more; where none was, nobody else needs to ask.
      hire();
      counts[await run(env, job, handlers[job.kind] as Handler)]++;
    }
  }

  function hire(): void {
    if (workers.length >= concurrency) return;
    workers.push(work().catch((fault: unknown) => void faults.push(fault)));
  }

  hire();
  // The list grows while it is gone through; nothing is at work any more when it ends.
  for (const worker of workers) await worker;
  if (faults.length > 0) throw faults[0];
  return counts;
}

/**
 * Takes the job that fell due first. The lease's fence tells its holder from every later one. The
 * plus sign keeps the planner on the index by due time, where the first match is the answer.
 */
async function lease(env: Env, kinds: readonly string[], leaseMs: number): Promise<Job | null> {
  const now = env.now();
  const marks = kinds.map(() => "?").join(", ");
  const [result] = await env.db.batch([
    {
      sql: `UPDATE jobs SET lease_until = ?, fence = fence + 1, attempts = attempts + 1
        WHERE id = (
          SELECT id FROM jobs
          WHERE done_at is null and parked_at is null AND due_at <= ?
            AND (lease_until IS NULL OR lease_until <= ?) AND +kind IN (${marks})
          ORDER BY due_at, rowid LIMIT 1
        )
        RETURNING ${COLUMNS.join(", ")}`,
      params: [now + leaseMs, now, now, ...kinds],
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

async function run(env: Env, job: Job, handler: Handler): Promise<Outcome> {
  let writes: readonly Writable[];
  try {
    writes = await handler(env, job);
  } catch (error) {
    return await settle(env, job, error);
  }
  try {
    await env.db.batch([complete(job, env.now()), ...writes]);
    return "done";
  } catch (error) {
    if (isLost(error)) return await giveBack(env, job);
    return await settle(env, job, error);
  }
}

/**
 * Marks the job done, or fails the whole batch when the lease is no longer ours: the payload of a
 * job is never null, so a fence that has moved on breaks the constraint on purpose. It is the one
 * way a batch can make its other writes depend on a row.
 */
function complete(job: Job, now: number): Statement {
  return {
    sql: `UPDATE jobs SET done_at = ?, lease_until = NULL, last_error = NULL,
        payload = CASE WHEN fence = ? AND done_at IS NULL THEN payload END
      WHERE id = ?`,
    params: [now, job.fence, job.id],
  };
}

function isLost(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === "not_null" &&
    error.columns.includes("jobs.payload")
  );
}

/**
 * Somebody asked for the same job while it ran, and moved its fence: our lease is still the one in
 * the row, and it is free to run again at once. After another drainer's lease this changes nothing,
 * since a later lease always ends later.
 */
async function giveBack(env: Env, job: Job): Promise<Outcome> {
  await env.db.batch([
    {
      sql: `UPDATE jobs SET lease_until = NULL, attempts = 0
        WHERE id = ? AND lease_until = ? AND fence <> ? AND done_at IS NULL`,
      params: [job.id, job.lease_until, job.fence],
    },
  ]);
  env.log.warn("job.lease_lost", { job: job.id, kind: job.kind });
  return "failed";
}

/** Puts a failed job back for later, or parks it where a person finds it. */
async function settle(env: Env, job: Job, error: unknown): Promise<Outcome> {
  const now = env.now();
  const code = reasonOf(error);
  const failure = error instanceof JobFailure ? error : null;
  const parks = failure?.permanent === true || isExhausted(job, now);
  const dueAt = Math.max(now + waitBefore(job.attempts, env.random), failure?.retryAt ?? 0);
  const [result] = await env.db.batch([
    {
      sql: `UPDATE jobs SET lease_until = NULL, last_error = ?, due_at = ?, parked_at = ?
        WHERE id = ? AND fence = ? AND done_at IS NULL`,
      params: [code, parks ? job.due_at : dueAt, parks ? now : null, job.id, job.fence],
    },
  ]);
  if (result?.rowsAffected === 0) return await giveBack(env, job);
  const fields = { job: job.id, kind: job.kind, attempts: job.attempts, code };
  if (parks) env.log.error("job.parked", fields);
  else env.log.warn("job.failed", fields);
  return parks ? "parked" : "failed";
}

/** A code, never a message: what a driver or a remote host says can hold somebody's data. */
function reasonOf(error: unknown): string {
  if (error instanceof JobFailure) return error.code;
  if (error instanceof DatabaseError) return `database_${error.code}`;
  return error instanceof Error ? `unexpected_${error.name}` : "unexpected";
}
