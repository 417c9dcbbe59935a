// Takes due jobs from the outbox, one lease each, and sees every one of them done, retried or parked.
import type { Statement, Writable } from "../db/database.ts";
import { DatabaseError, isBreach } from "../db/errors.ts";
import type { Job } from "../db/jobs.ts";
import type { Env } from "../env.ts";
import { isExhausted, waitBefore } from "./backoff.ts";
import { lease } from "./lease.ts";
import { type Handler, type Handlers, JobFailure } from "./outbox.ts";

export interface CrewOptions {
  /** How long one job may take before another drainer may have it. */
  readonly leaseMs?: number;
  /** Jobs at work at the same time. */
  readonly concurrency?: number;
  /** Asked before each lease: true when no further job is to be begun. */
  readonly stopping?: () => boolean;
}

export interface DrainOptions extends CrewOptions {
  /** At most so many jobs in one call. */
  readonly limit: number;
}

export interface Drained {
  readonly done: number;
  /** To be tried again, those among them whose lease was lost too. */
  readonly failed: number;
  readonly parked: number;
}

export const LEASE_MS = 60_000;
/** Most of a job is waiting for somebody else; eight slow lanes hold as many workers as there are. */
const CONCURRENCY = 16;

type Outcome = keyof Drained;

/**
 * Runs due jobs in the order they fell due until none is left or `limit` is reached. Kinds without a
 * handler stay where they are: a newer version wrote them. Any number of drainers may run at once,
 * in any number of processes. Rejects with a DatabaseError when the outbox cannot be read or
 * written; a job whose end could not be recorded runs again when its lease has ended.
 */
export async function drain(env: Env, handlers: Handlers, options: DrainOptions): Promise<Drained> {
  const counts = { done: 0, failed: 0, parked: 0 };
  const faults: unknown[] = [];
  let left = options.limit;
  const crew = createCrew(env, handlers, {
    ...options,
    stopping: () => left <= 0 || faults.length > 0 || (options.stopping?.() ?? false),
    taken: () => left--,
    ended: (outcome) => counts[outcome]++,
    failed: (fault) => faults.push(fault),
  });
  crew.call();
  await crew.idle();
  if (faults.length > 0) throw faults[0];
  return counts;
}

export interface Crew {
  /** Sends a worker to look for due jobs: one more, or one that is looking just now once more. */
  call(): void;
  /** Resolves when nobody is at work. */
  idle(): Promise<void>;
}

export interface CrewEvents {
  /** A worker is about to take a job. */
  readonly taken?: () => void;
  readonly ended?: (outcome: keyof Drained) => void;
  /** The outbox could not be read or written; the worker has ended. Any later call sends others. */
  readonly failed: (fault: unknown) => void;
}

/**
 * Workers that take due jobs side by side: however long one of them takes, the others go on, and a
 * job that is written meanwhile finds one of them.
 */
export function createCrew(env: Env, handlers: Handlers, options: CrewOptions & CrewEvents): Crew {
  const { leaseMs = LEASE_MS, concurrency = CONCURRENCY, stopping = () => false } = options;
  const kinds = Object.keys(handlers);
  const workers = new Set<Promise<void>>();
  let calls = 0;

  async function work(): Promise<void> {
    while (!stopping()) {
      const heard = calls;
      options.taken?.();
      const job = await lease(env, kinds, leaseMs);
      if (job) {
        // Where one was due there may be more; where none was, nobody else needs to ask.
        hire();
        const outcome = await run(env, job, handlers[job.kind] as Handler);
        options.ended?.(outcome);
      } else if (heard === calls) return;
    }
  }

  function hire(): void {
    if (workers.size >= concurrency) return;
    const worker = work()
      .catch(options.failed)
      .finally(() => workers.delete(worker));
    workers.add(worker);
  }

  return {
    call() {
      calls++;
      hire();
    },
    async idle() {
      while (workers.size > 0) await Promise.all(workers);
    },
  };
}

async function run(env: Env, job: Job, handler: Handler): Promise<Outcome> {
  let writes: readonly (Writable | Statement)[];
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
  return isBreach(error, "not_null", "jobs.payload");
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
