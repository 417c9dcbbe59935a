// Drains the outbox inside a long-lived process: on a timer, and at once when a job was written.
import type { Database } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import { drain } from "../jobs/drain.ts";
import type { Handlers } from "../jobs/outbox.ts";
import { ensureScheduled, type Schedule } from "../jobs/schedule.ts";

export interface Drainer {
  /** Looks for due jobs now, or once more after the look that is under way. */
  wake(): void;
  /** Takes no further job and resolves when those at work have ended. */
  stop(): Promise<void>;
}

export interface DrainerOptions {
  readonly schedule: Schedule;
  /** For jobs that fall due by time, and for those that another process wrote. */
  readonly everyMs?: number;
}

const EVERY_MS = 5_000;
const JOBS_PER_TURN = 64;

/** Starts draining with the first turn of the event loop, so that it delays no start. */
export function startDrainer(env: Env, handlers: Handlers, options: DrainerOptions): Drainer {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  async function turn(): Promise<void> {
    try {
      await ensureScheduled(env, options.schedule);
      do {
        again = false;
        const { done, failed, parked } = await drain(env, handlers, {
          limit: JOBS_PER_TURN,
          stopping: () => stopped,
        });
        if (done + failed + parked === JOBS_PER_TURN) again = true;
      } while (again && !stopped);
    } catch (error) {
      // The timer tries again; what cannot be read or written now is still in the outbox.
      env.log.error("drain.failed", {
        error: error instanceof Error ? error.name : undefined,
        database: error instanceof DatabaseError ? error.code : undefined,
      });
    } finally {
      running = null;
    }
  }

  function wake(): void {
    if (stopped) return;
    if (running) again = true;
    else running = turn();
  }

  const timer = setInterval(wake, options.everyMs ?? EVERY_MS);
  timer.unref();
  setImmediate(wake);
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** The same database, which calls `wake` after every batch that put a job into the outbox. */
export function wakeOnEnqueue(db: Database, wake: () => void): Database {
  return {
    ...db,
    async batch(writes) {
      const results = await db.batch(writes);
      if (writes.some(enqueues)) wake();
      return results;
    },
  };
}

function enqueues(write: Parameters<Database["batch"]>[0][number]): boolean {
  const sql = "toSQL" in write ? write.toSQL().sql : write.sql;
  return sql.startsWith('insert into "jobs"');
}
