// The body of an answer on Node, decompressed a little at a time, as much as its reader asks for.
import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { DialFailure } from "../net/dial.ts";
import { toDialFailure } from "./dial-errors.ts";
import type { Body } from "./exchange.ts";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The chunks of a body as its Content-Encoding has it: one coding at most. Throws DialFailure. */
export function decoded(body: Body, contentEncoding: string | null): AsyncIterable<Uint8Array> {
  const coding = (contentEncoding ?? "identity").trim().toLowerCase();
  return coding === "identity" || coding === "" ? body : unpacked(body, coding);
}

/**
 * A reader that stops early ends the decoder and the connection, so nothing of a bomb is unpacked
 * that was not read.
 */
async function* unpacked(body: Body, coding: string): AsyncGenerator<Uint8Array> {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding]?.() : undefined;
  if (!decoder) {
    await body.return();
    throw new DialFailure("bad-encoding");
  }
  try {
    // What goes wrong here goes wrong in the decoder too, whose reader hears of it.
    pipeline(Readable.from(body, { objectMode: false }), decoder, () => {});
    yield* decoder;
  } catch (error) {
    throw toDialFailure(error, "truncated");
  }
}
