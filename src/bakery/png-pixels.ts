// Unpacks the pixels of a PNG without keeping them, to see that they are all there.

import { inflateInto } from "./inflate.ts";
import { type PngHeader, readHeader } from "./inspect-png.ts";
import { IDAT, IHDR_END, walkChunks } from "./png-chunks.ts";
import { type PngReason, type Refusal, refusePng } from "./refusal.ts";

/** Samples a pixel has, by colour type (PNG third edition, table 11.1). */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Adam7: first column, first row, column step and row step of each pass (section 8.1). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** How many octets the filtered scanlines of an image come to (sections 7.2 and 9). */
export function scanlineBytes(header: PngHeader): number {
  const { width, height, interlaced } = header;
  const bits = header.bitDepth * (SAMPLES[header.colourType] ?? 0);
  const pass = (w: number, h: number) => (w > 0 && h > 0 ? h * (1 + Math.ceil((w * bits) / 8)) : 0);
  if (!interlaced) return pass(width, height);
  return ADAM7.reduce(
    (sum, [x, y, dx, dy]) => sum + pass(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
}

/**
 * Inflates the image data of a PNG that `inspectPng` has passed and compares its length with what
 * IHDR declares. Nothing is kept: memory does not grow with the image. Stops a decompression bomb
 * at the first octet too many. Filters and colours are left to the image engine.
 */
export async function checkPngPixels(
  bytes: Uint8Array,
): Promise<{ ok: true } | Refusal<PngReason>> {
  const parts: Uint8Array[] = [];
  const walked = walkChunks(bytes, (type, start, end) => {
    if (type === IDAT) parts.push(bytes.subarray(start, end));
    return undefined;
  });
  if (!walked.ok) return walked;
  const expected = scanlineBytes(readHeader(bytes, IHDR_END - 17));
  let length = 0;
  const end = await inflateInto(parts, (octets) => {
    length += octets.length;
    return length <= expected;
  });
  if (end === "whole" && length === expected) return { ok: true };
  const detail =
    end === "stopped"
      ? "The pixels unpack to more than the image's size. Save the image again."
      : "The pixels are damaged or incomplete. Save the image again.";
  return refusePng("png-bad-pixels", detail);
}
