// What goes into the ledger by itself: all that a person has when they connect, and what was forgotten.
import type { Writable } from "../db/database.ts";
import {
  jobsOf,
  type Planning,
  PUSH,
  planForConnection,
  resume,
  WAKEABLE,
  type Wakeable,
} from "../db/deliveries-plan.ts";
import { findConnected } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, enqueueEach, type Handler } from "../jobs/outbox.ts";
import { pullJob } from "./pull.ts";

/** A due row whose connection has no job after this was forgotten. */
export const FORGOTTEN_AFTER_MS = 60_000;
/** Events stay so long. */
export const KEEP_EVENTS_MS = 90 * 24 * 3_600_000;
const EVENTS_AT_ONCE = 500;

/** The id and time that rows of the ledger are planned with. */
export function planning(env: Pick<Env, "now" | "random">): Planning {
  return { id: newId(env), now: env.now() };
}

/** Wakes the job of each connection in question; in the batch that gave it something to do. */
export function woken(env: Pick<Env, "now" | "random">, which: Wakeable): Writable {
  return enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, which));
}

/**
 * Job `backpack.connected`: what the person has is planned, and what waited for them goes on; and
 * what the backpack holds is read.
 */
export const connected: Handler = async (env, job) => {
  const link = await findConnected(env.db, String(job.payload.connection_id));
  if (link === null) return [];
  const { connection, backpack } = link;
  return [
    planForConnection(planning(env), connection.id),
    resume(env.now(), connection.id),
    woken(env, WAKEABLE.connection(connection.id)),
    enqueue(env, pullJob(connection.id, backpack.id)),
  ];
};

/** Recurring: wakes what is due and has no job, after a crash between two batches; and tidies up. */
export const sweep: Handler = async (env) => {
  const now = env.now();
  const [found] = await env.db.batch([woken(env, WAKEABLE.forgotten(now - FORGOTTEN_AFTER_MS))]);
  if (found !== undefined && found.rowsAffected > 0) {
    env.log.warn("backpack.swept", { connections: found.rowsAffected });
  }
  await env.db.batch([
    {
      sql: `DELETE FROM backpack_events WHERE rowid IN
        (SELECT rowid FROM backpack_events WHERE created_at < ? ORDER BY rowid LIMIT ?)`,
      params: [now - KEEP_EVENTS_MS, EVENTS_AT_ONCE],
    },
  ]);
  return [];
};
