// Reads a large database file once from beginning to end, so that those who ask next need not wait for the disk.
import { type FileHandle, open, stat } from "node:fs/promises";
import { pause } from "./pause.ts";

/** Of a smaller file those who ask have all soon enough. */
const WORTH_IT_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 2 ** 20;
/** Of the memory there is to be had: more would push out what others need, and what was read first. */
const SHARE_OF_MEMORY = 0.5;

export interface ReadAhead {
  /** Resolves to how many bytes were read: all, or as many as until it was closed or the disk gave up. */
  readonly done: Promise<number>;
  /**
   * To be called when every connection to the file is closed: a process that closes a file lets go of
   * all locks that it has on it (POSIX, fcntl), SQLite's among them.
   */
  close(): Promise<void>;
}

/**
 * In pieces, with as long a rest after each as it took. In one go from end to end, as nobody else reads
 * it, Linux keeps it in large pieces of memory, which a process that maps it finds its way in faster.
 * `available` is the memory there is, in bytes: nothing is read of a file that would take too much.
 */
export function readAhead(path: string, available: number): ReadAhead {
  let file: FileHandle | undefined;
  let isClosed = false;

  async function read(): Promise<number> {
    let bytes = 0;
    try {
      const { size } = await stat(path);
      if (size < WORTH_IT_BYTES || size > available * SHARE_OF_MEMORY) return 0;
      file = await open(path);
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      while (!isClosed) {
        const since = performance.now();
        const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes);
        if (bytesRead === 0) break;
        bytes += bytesRead;
        await pause(performance.now() - since);
      }
    } catch {
      // What is wrong with the file, those hear who need it.
    }
    return bytes;
  }

  const done = read();
  return {
    done,
    async close() {
      isClosed = true;
      await done;
      await file?.close();
    },
  };
}
