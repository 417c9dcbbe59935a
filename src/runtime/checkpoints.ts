// Carries the write-ahead log over into the database file on a thread of its own, so that no request waits for it.
import type AsyncLibsql from "libsql/promise";

/**
 * Rows and statements after which the log is worth carrying over: some thousand pages of 4 KiB, as
 * each row of a table in the order of its key, or of an index, may lie in a page of its own.
 */
const WORTH_IT = 2_000;

export interface Checkpoints {
  /** Says that so many rows and statements were committed. */
  committed(count: number): void;
  /** Waits for what is going on; the log is then whoever closes the file's. */
  close(): Promise<void>;
}

/**
 * PASSIVE, which waits for nobody and blocks nobody: what the writer adds meanwhile is carried over
 * the next time. The writer's own automatic checkpoint, far behind this one, stays for a log that
 * never comes to rest: little is left for it to do then. What fails here is left to it too.
 */
export function checkpoints(path: string): Checkpoints {
  let connection: AsyncLibsql | undefined;
  let running: Promise<void> | undefined;
  let waiting = 0;

  async function carryOver(): Promise<void> {
    try {
      while (waiting >= WORTH_IT) {
        waiting = 0;
        // A start needs none of this, and most command lines never do.
        connection ??= new (await import("libsql/promise")).default(path, {});
        await connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
      }
    } catch {
      // Another process is at it, or the disk is full: whoever writes next hears of that.
    } finally {
      running = undefined;
    }
  }

  return {
    committed(count) {
      waiting += count;
      if (waiting >= WORTH_IT) running ??= carryOver();
    },
    async close() {
      await running;
      await connection?.close();
    },
  };
}
