// The body of an answer on Node, decompressed a little at a time, as much as its reader asks for.
import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { DialFailure } from "../net/dial.ts";
import { toDialFailure } from "./dial-errors.ts";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The chunks of a body as its Content-Encoding has it: one coding at most. A reader that stops
 * early ends the decoder and the connection, so nothing of a bomb is unpacked that was not read.
 */
export async function* decoded(
  body: Readable,
  contentEncoding: string | null,
): AsyncGenerator<Uint8Array> {
  try {
    yield* decoderOf(body, (contentEncoding ?? "identity").trim().toLowerCase());
  } catch (error) {
    throw toDialFailure(error, "truncated");
  }
}

function decoderOf(body: Readable, coding: string): Readable {
  if (coding === "identity" || coding === "") return body;
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding]?.() : undefined;
  if (!decoder) {
    body.on("error", () => {}).destroy();
    throw new DialFailure("bad-encoding");
  }
  // What goes wrong here goes wrong in the decoder too, whose reader hears of it.
  pipeline(body, decoder, () => {});
  return decoder;
}
