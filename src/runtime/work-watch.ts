// Watches the outbox of a process that has loaded nothing yet: what does the work comes with the work.
import type { Log } from "../log.ts";

export interface WorkWatch {
  /** Looks no more, and resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

export interface WorkWatchOptions {
  /** Whether there is work. */
  readonly look: () => Promise<boolean>;
  /** Called once there is, until it succeeds; the watch ends with that. */
  readonly found: () => Promise<unknown>;
  readonly log: Log;
  readonly firstMs?: number;
  readonly everyMs?: number;
}

/** Whoever waits for the start is answered first. */
const FIRST_MS = 1_000;
const EVERY_MS = 5_000;

export function watchForWork(options: WorkWatchOptions): WorkWatch {
  const { look, found, log, firstMs = FIRST_MS, everyMs = EVERY_MS } = options;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = later(firstMs);

  function later(milliseconds: number): NodeJS.Timeout {
    const next = setTimeout(() => {
      running = turn();
    }, milliseconds);
    return next.unref();
  }

  async function turn(): Promise<void> {
    try {
      if (await look()) {
        if (stopped) return;
        await found();
        stopped = true;
      }
    } catch (error) {
      // The next look tries again; the work is still in the outbox.
      log.error("drain.failed", { error: error instanceof Error ? error.name : undefined });
    }
    if (!stopped) timer = later(everyMs);
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
