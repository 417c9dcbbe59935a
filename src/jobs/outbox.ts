// The outbox: work is written down in the same batch as its reason, so that neither exists alone.
import { sql } from "drizzle-orm";
import type { Statement, Writable } from "../db/database.ts";
import { type Job, jobs } from "../db/jobs.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";

export interface NewJob {
  /** Which handler does it, as `housekeeping`. */
  readonly kind: string;
  /** Null for the site's own work. */
  readonly organizationId?: string | null;
  /** Jobs of one kind that would do the same share a key; only one of them waits. */
  readonly dedupeKey?: string;
  /** Jobs of one lane take few workers at once, however many wait: those that ask one host, say. */
  readonly lane?: string;
  /** Ids, not copies: what a handler needs is read when it runs. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970; now when not given. */
  readonly dueAt?: number;
}

/**
 * The write that puts a job into the outbox; it belongs into the batch that makes the job necessary.
 *
 * Where a job with the same key waits already, that one stays, with the newer payload and the
 * earlier due time. Where it is running just now, it may have read what has changed since: its
 * fence moves on, so that its completion is refused and the job runs once more.
 */
export function enqueue(env: Pick<Env, "db" | "now" | "random">, job: NewJob): Writable {
  const now = env.now();
  return env.db.orm
    .insert(jobs)
    .values({
      id: newId(env),
      organization_id: job.organizationId ?? null,
      kind: job.kind,
      dedupe_key: job.dedupeKey ?? null,
      lane: job.lane ?? "",
      payload: { ...job.payload },
      due_at: job.dueAt ?? now,
      created_at: now,
    })
    .onConflictDoUpdate({
      target: [jobs.kind, jobs.dedupe_key],
      targetWhere: sql`done_at is null and parked_at is null`,
      set: {
        due_at: sql`min(jobs.due_at, excluded.due_at)`,
        payload: sql`excluded.payload`,
        fence: sql`jobs.fence + (jobs.lease_until is not null)`,
      },
    });
}

/**
 * The same for as many jobs as a SELECT finds, due now: it yields id, dedupe_key, lane and payload.
 * Finding none costs the search alone.
 */
export function enqueueEach(env: Pick<Env, "now">, kind: string, found: Statement): Writable {
  const now = env.now();
  const made = {
    sql: `insert into "jobs" (kind, due_at, created_at, id, dedupe_key, lane, payload)
      SELECT ?, ?, ?, found.* FROM (${found.sql}) found WHERE true
      ON CONFLICT (kind, dedupe_key) WHERE done_at is null and parked_at is null DO UPDATE SET
        due_at = min(jobs.due_at, excluded.due_at), payload = excluded.payload,
        fence = jobs.fence + (jobs.lease_until is not null)`,
    params: [kind, now, now, ...found.params],
  };
  return { toSQL: () => made };
}

/**
 * A job as `enqueue` writes it, due now, if the SELECT finds anything by its params when it is
 * written. Where one waits that is due already, nothing is.
 */
export function enqueueIf(found: string) {
  const sql = `insert into "jobs" (id, organization_id, kind, dedupe_key, payload, due_at, created_at)
    SELECT ?, ?, ?, ?, '{}', ?, ? WHERE EXISTS (${found})
    ON CONFLICT (kind, dedupe_key) WHERE done_at is null and parked_at is null DO UPDATE SET
      due_at = min(jobs.due_at, excluded.due_at),
      fence = jobs.fence + (jobs.lease_until is not null)
    WHERE jobs.lease_until is not null OR jobs.due_at > excluded.due_at`;
  return (
    env: Pick<Env, "now" | "random">,
    job: Pick<NewJob, "kind" | "organizationId" | "dedupeKey">,
    params: Statement["params"],
  ): Statement => {
    const { kind, organizationId = null, dedupeKey = null } = job;
    const now = env.now();
    return { sql, params: [newId(env), organizationId, kind, dedupeKey, now, now, ...params] };
  };
}

/**
 * Does one kind of work. It must bear being run again: a crash between the deed and its completion
 * repeats it. The writes it returns are committed together with the completion, or not at all when
 * the lease was lost meanwhile. Throws JobFailure to be tried again or to be parked.
 */
export type Handler = (env: Env, job: Job) => Promise<readonly (Writable | Statement)[]>;

/** Which handler does which kind. */
export type Handlers = Readonly<Record<string, Handler>>;

/** A failure a handler foresaw. Anything else it throws is tried again without a reason on record. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
  readonly code: string;
  /** The earliest time for another try, as a `Retry-After` asked; null leaves it to the back-off. */
  readonly retryAt: number | null;
  /** Trying again cannot help: the job is parked at once. */
  readonly permanent: boolean;

  constructor(code: string, options: { retryAt?: number | null; permanent?: boolean } = {}) {
    super(code);
    this.code = code;
    this.retryAt = options.retryAt ?? null;
    this.permanent = options.permanent ?? false;
  }
}
