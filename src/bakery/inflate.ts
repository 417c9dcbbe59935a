// Decompression that stops: a zlib stream opened up to a number of octets and no further.

import { joinParts } from "./parts.ts";
import { type PayloadReason, type Refusal, refusePayload } from "./refusal.ts";

/** What one write hands over: small, because some runtimes inflate a whole write at once. */
const WRITE_BYTES = 1024;

/** A zlib stream opened, or why it was not. */
export type Inflated = { ok: true; bytes: Uint8Array } | Refusal<PayloadReason>;

/** How a zlib stream ended: whole, with a fault in it, or cut off by whoever read it. */
export type StreamEnd = "whole" | "broken" | "stopped";

/**
 * Inflates `sources`, one after the other, as one zlib stream (RFC 1950), and hands over the octets
 * as they come. `take` answers false to stop. Memory is bounded by a few writes' worth of output.
 */
export async function inflateInto(
  sources: Iterable<Uint8Array>,
  take: (octets: Uint8Array) => boolean,
): Promise<StreamEnd> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const writing = write(writer, sources);
  let end: StreamEnd = "whole";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (take(value)) continue;
      end = "stopped";
      break;
    }
  } catch {
    end = "broken";
  }
  if (end !== "whole") {
    await Promise.allSettled([reader.cancel(), writer.abort()]);
  }
  const written = await writing;
  return end === "whole" && !written ? "broken" : end;
}

/** Writes everything in small pieces; false when the stream would not take it. */
async function write(
  writer: WritableStreamDefaultWriter<BufferSource>,
  sources: Iterable<Uint8Array>,
): Promise<boolean> {
  try {
    for (const source of sources) {
      for (let i = 0; i < source.length; i += WRITE_BYTES) {
        await writer.write(source.slice(i, i + WRITE_BYTES));
      }
    }
    await writer.close();
    return true;
  } catch {
    return false;
  }
}

/** Inflates one zlib stream of at most `maxBytes` octets. */
export async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Inflated> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const end = await inflateInto([bytes], (piece) => {
    length += piece.length;
    pieces.push(piece);
    return length <= maxBytes;
  });
  if (end === "stopped") {
    const detail = `The badge inside unpacks to more than the ${maxBytes} bytes allowed.`;
    return refusePayload("payload-over-byte-limit", detail);
  }
  if (end === "broken") {
    return refusePayload("payload-bad-compression", "The compressed badge inside is damaged.");
  }
  return { ok: true, bytes: joinParts(pieces, length) };
}
