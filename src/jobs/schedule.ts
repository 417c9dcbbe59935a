// Work that comes round again: each run writes down the next one in the batch that completes it.
import { and, inArray, isNull } from "drizzle-orm";
import { jobs } from "../db/jobs.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler } from "./outbox.ts";

/** Kinds of recurring work and how often each comes round, in milliseconds. */
export type Schedule = Readonly<Record<string, number>>;

/** The `dedupeKey` of work that comes round again. */
export const RECURRING_KEY = "recurring";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Wraps a handler so that its completion and its next appointment are one batch. */
export function recurring(kind: string, everyMs: number, handler: Handler): Handler {
  return async (env, job) => [
    ...(await handler(env, job)),
    enqueue(env, { kind, dedupeKey: RECURRING_KEY, dueAt: env.now() + everyMs }),
  ];
}

/** The same for work of the night, which comes round once a day at that hour (0 to 23, UTC). */
export function nightly(kind: string, hour: number, handler: Handler): Handler {
  return async (env, job) => [
    ...(await handler(env, job)),
    enqueue(env, { kind, dedupeKey: RECURRING_KEY, dueAt: nextAt(hour, env.now()) }),
  ];
}

function nextAt(hour: number, now: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + hour * HOUR_MS;
  return today > now ? today : today + DAY_MS;
}

/**
 * Makes sure that every kind of recurring work waits somewhere: at the first start, and after a run
 * of it was parked. Costs one read when all is well.
 */
export async function ensureScheduled(env: Env, schedule: Schedule): Promise<void> {
  const kinds = Object.keys(schedule);
  const waiting = await env.db.orm
    .selectDistinct({ kind: jobs.kind })
    .from(jobs)
    .where(and(inArray(jobs.kind, kinds), isNull(jobs.done_at), isNull(jobs.parked_at)));
  const known = new Set(waiting.map(({ kind }) => kind));
  const missing = kinds.filter((kind) => !known.has(kind));
  if (missing.length === 0) return;
  await env.db.batch(missing.map((kind) => enqueue(env, { kind, dedupeKey: RECURRING_KEY })));
}
