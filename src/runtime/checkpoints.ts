// Carries the write-ahead log over into the database file on a thread of its own, so that no request waits for it.
import type AsyncLibsql from "libsql/promise";

/**
 * Rows, statements and pages after which the log is worth carrying over: some thousand pages of 4 KiB,
 * as each row of a table in the order of its key, or of an index, may lie in a page of its own.
 */
const WORTH_IT = 2_000;
/** So many since the log last began anew are carried over to the last one, which writes wait for. */
const TO_ITS_END = 16_000;
/** Another process may be writing: its turn is waited for, on the thread. */
const BUSY_TIMEOUT_MS = 50;

export interface Checkpoints {
  /** Says that so much was committed: rows, statements, and pages that large values fill. */
  committed(count: number): void;
  /** Waits for what is going on; the log is then whoever closes the file's. */
  close(): Promise<void>;
}

/**
 * PASSIVE, which waits for nobody and blocks nobody. Where nothing was added meanwhile that was all,
 * and the log begins anew with the next write. Under writes without a pause it never is: then what
 * is left is carried over while writes stay in their queue, from the call of `hold` to the call of
 * what it returns. Reads go on; one that takes long keeps the log from beginning anew.
 *
 * The writer's own automatic checkpoint, far behind this one, stays for a log that comes to no end
 * here: another process writes it too, or the disk is full. What fails is left to it.
 */
export function checkpoints(path: string, hold: () => () => void): Checkpoints {
  let connection: AsyncLibsql | undefined;
  let running: Promise<void> | undefined;
  let waiting = 0;
  let sinceAnew = 0;

  async function carryOver(): Promise<void> {
    try {
      connection ??= await opened(path);
      sinceAnew += waiting;
      waiting = 0;
      await connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
      sinceAnew = waiting === 0 ? 0 : sinceAnew + waiting;
      // Some of it may be carried over already: the next one is worth it for what comes from here on.
      waiting = 0;
      if (sinceAnew >= TO_ITS_END) await toItsEnd(connection);
    } catch {
      // Another process is at it, or the disk is full: whoever writes next hears of that.
    } finally {
      running = undefined;
    }
  }

  async function toItsEnd(open: AsyncLibsql): Promise<void> {
    const release = hold();
    try {
      await open.exec("PRAGMA wal_checkpoint(FULL)");
      sinceAnew = 0;
    } finally {
      release();
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

/** A start needs none of this, and most command lines never do. */
async function opened(path: string): Promise<AsyncLibsql> {
  const connection = new (await import("libsql/promise")).default(path, {});
  await connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return connection;
}
