// Drains the outbox inside a long-lived process: on a timer, and at once when a job was written.
import type { Database } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import { createCrew } from "../jobs/drain.ts";
import type { Handlers } from "../jobs/outbox.ts";
import { ensureScheduled, type Schedule } from "../jobs/schedule.ts";

export interface Drainer {
  /** Looks for due jobs now, with one more worker where there is room. */
  wake(): void;
  /**
   * Takes no further job and resolves when those at work have ended, or have been given long enough:
   * what they hold is another's when their leases end.
   */
  stop(): Promise<void>;
}

export interface DrainerOptions {
  readonly schedule: Schedule;
  /** For jobs that fall due by time, and for those that another process wrote. */
  readonly everyMs?: number;
  /** How long a stop waits for the jobs at work. */
  readonly stopMs?: number;
}

const EVERY_MS = 5_000;
/** Less than whoever stops a process usually gives it. */
const STOP_MS = 8_000;

/** Starts draining with the first turn of the event loop, so that it delays no start. */
export function startDrainer(env: Env, handlers: Handlers, options: DrainerOptions): Drainer {
  let planning: Promise<void> | null = null;
  let stopped = false;

  /** The next look tries again; what cannot be read or written now is still in the outbox. */
  function failed(error: unknown): void {
    env.log.error("drain.failed", {
      error: error instanceof Error ? error.name : undefined,
      database: error instanceof DatabaseError ? error.code : undefined,
    });
  }

  const crew = createCrew(env, handlers, { stopping: () => stopped, failed });

  function wake(): void {
    if (!stopped) crew.call();
  }

  function turn(): void {
    planning ??= ensureScheduled(env, options.schedule)
      .catch(failed)
      .finally(() => {
        planning = null;
        wake();
      });
  }

  const timer = setInterval(turn, options.everyMs ?? EVERY_MS);
  timer.unref();
  setImmediate(() => {
    if (!stopped) turn();
  });
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await planning;
      let patience: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        patience = setTimeout(() => {
          env.log.warn("drain.cut_off");
          resolve();
        }, options.stopMs ?? STOP_MS);
      });
      await Promise.race([crew.idle(), enough]);
      clearTimeout(patience);
    },
  };
}

/** The same database, which calls `wake` after every batch that put a job into the outbox. */
export function wakeOnEnqueue(db: Database, wake: () => void): Database {
  return {
    ...db,
    async batch(writes) {
      const results = await db.batch(writes);
      if (writes.some((write, i) => results[i]?.rowsAffected !== 0 && enqueues(write))) wake();
      return results;
    },
  };
}

function enqueues(write: Parameters<Database["batch"]>[0][number]): boolean {
  const sql = "toSQL" in write ? write.toSQL().sql : write.sql;
  return sql.startsWith('insert into "jobs"');
}
