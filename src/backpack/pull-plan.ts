// Sees to it that every connection is pulled now and then: oldest first, so many at a time, spread out.
import { findDuePulls } from "../db/site-backpacks.ts";
import { enqueue, type Handler } from "../jobs/outbox.ts";
import { pullJob } from "./pull.ts";

/** A connection is pulled about this often. */
export const PULL_EVERY_MS = 6 * 3_600_000;
/** Till the next look: what one plans is spread over it. */
export const PLAN_EVERY_MS = 10 * 60_000;
/** Connections that one look plans for. */
export const MAX_PLANNED = 200;

/** `backpack.pulls`: plans the pulls that are due, spread over the time until the next look. */
export const planPulls: Handler = async (env) => {
  const now = env.now();
  const due = await findDuePulls(env.db, now - PULL_EVERY_MS, MAX_PLANNED);
  const step = PLAN_EVERY_MS / Math.max(1, due.length);
  return due.map(({ connectionId, backpackId }, at) =>
    enqueue(env, { ...pullJob(connectionId, backpackId), dueAt: now + Math.floor(at * step) }),
  );
};
