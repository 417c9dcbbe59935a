// Random bytes from the system, fetched a block at a time: asking costs more than the bytes do.
import { randomFillSync } from "node:crypto";

const BLOCK_BYTES = 4_096;

/** No byte is handed out twice, and none stays in the block after it was. */
export function systemRandom(): (length: number) => Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK_BYTES);
  let used = BLOCK_BYTES;
  return (length) => {
    if (length > BLOCK_BYTES) return randomFillSync(new Uint8Array(length));
    if (used + length > BLOCK_BYTES) {
      randomFillSync(block);
      used = 0;
    }
    const bytes = block.slice(used, used + length);
    block.fill(0, used, used + length);
    used += length;
    return bytes;
  };
}
