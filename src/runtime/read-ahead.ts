// Reads a large database file once from beginning to end, so that those who ask next need not wait for the disk.
import { open, read } from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { pause } from "./pause.ts";

/** Of a smaller file those who ask have all soon enough. */
const WORTH_IT_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 2 ** 20;
/** Of the memory that is free: more would push out what others need, and what was read first. */
const SHARE_OF_MEMORY = 0.5;

export interface ReadAhead {
  /** Resolves to how many bytes were read: all, or as many as until it was stopped or the disk gave up. */
  readonly done: Promise<number>;
  stop(): void;
}

/**
 * In pieces, with a rest after each that is as long as it took, a millisecond at least. Where nobody
 * else reads the file, Linux keeps what is read in order in large pieces of memory, in which a process
 * that maps it finds its way faster. `free` is the memory there is, in bytes: nothing is read of a file
 * that would take more than half of it.
 *
 * The file stays open for as long as the process lives. Closing it would give up every lock that the
 * process has on it (POSIX, fcntl), SQLite's among them; and SQLite has its own for longer than the
 * binding says, until the last of its statements is collected.
 */
export function readAhead(path: string, free: number): ReadAhead {
  let isStopped = false;

  async function all(): Promise<number> {
    let bytes = 0;
    try {
      const { size } = await stat(path);
      if (size < WORTH_IT_BYTES || size > free * SHARE_OF_MEMORY) return 0;
      // A number and no FileHandle, which would be closed once nobody has it.
      const file = await promisify(open)(path, "r");
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      for (;;) {
        const since = performance.now();
        const { bytesRead } = await promisify(read)(file, piece, 0, PIECE_BYTES, bytes);
        bytes += bytesRead;
        if (isStopped || bytesRead === 0) break;
        await pause(performance.now() - since);
      }
    } catch {
      // What is wrong with the file, those hear who need it.
    }
    return bytes;
  }

  return {
    done: all(),
    stop() {
      isStopped = true;
    },
  };
}
