// The skeleton of a PNG: its signature, and a walk over chunks that trusts no declared length.

import { MAX_PNG_CHUNKS } from "./limits.ts";
import { type PngReason, type Refusal, refusePng } from "./refusal.ts";

/** The eight octets every PNG starts with (PNG third edition, section 5.2). */
export const PNG_SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Octets a chunk has around its data: length, type, CRC. */
export const CHUNK_OVERHEAD = 12;

/** Where the chunk after IHDR starts: signature, then IHDR with its 13 octets of data. */
export const IHDR_END = PNG_SIGNATURE.length + CHUNK_OVERHEAD + 13;

const MAX_CHUNK_LENGTH = 0x7fffffff;

/** A chunk type as the 32-bit number its four letters make in the file. */
export function chunkType(letters: string): number {
  let type = 0;
  for (let i = 0; i < 4; i++) type = (type << 8) | letters.charCodeAt(i);
  return type >>> 0;
}

/** The four letters of a chunk type; octets that are no letters are shown as `?`. */
export function chunkName(type: number): string {
  const letters = String.fromCharCode(
    type >>> 24,
    (type >>> 16) & 255,
    (type >>> 8) & 255,
    type & 255,
  );
  return letters.replace(/[^A-Za-z]/g, "?");
}

export const IHDR = chunkType("IHDR");
export const PLTE = chunkType("PLTE");
export const IDAT = chunkType("IDAT");
export const IEND = chunkType("IEND");
export const ITXT = chunkType("iTXt");
export const TEXT = chunkType("tEXt");
export const ZTXT = chunkType("zTXt");

/** One chunk as it lies in the file: its data is `[start, end)`, without length, type and CRC. */
export type ChunkVisitor = (
  type: number,
  start: number,
  end: number,
) => Refusal<PngReason> | undefined;

/** Whether all four octets are ASCII letters (PNG third edition, section 5.3). */
function isChunkType(type: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    const letter = ((type >>> shift) & 255) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return true;
}

function checkSignature(bytes: Uint8Array): Refusal<PngReason> | undefined {
  for (let i = 0; i < PNG_SIGNATURE.length; i++) {
    if (bytes[i] === PNG_SIGNATURE[i]) continue;
    if (i === bytes.length) return refusePng("png-truncated", "The file ends in its signature.", i);
    const detail =
      i >= 4
        ? "The PNG signature is damaged, as happens when a file is sent as text. Send it again as binary."
        : "The file does not start as a PNG does. Upload a PNG image.";
    return refusePng("png-bad-signature", detail, i);
  }
  return undefined;
}

/**
 * Visits every chunk from IHDR to IEND, in order, and answers where IEND ends.
 *
 * The length a chunk declares is compared with what the file holds before the chunk is visited, so
 * a visitor may read its range freely. CRCs and the meaning of chunks are the visitor's business.
 * Stops at the first refusal, the visitor's included. Never throws.
 */
export function walkChunks(
  bytes: Uint8Array,
  visit: ChunkVisitor,
  maxChunks = MAX_PNG_CHUNKS,
): { ok: true; end: number; chunks: number } | Refusal<PngReason> {
  const signature = checkSignature(bytes);
  if (signature) return signature;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let p = PNG_SIGNATURE.length;
  for (let chunks = 1; p < bytes.length; chunks++) {
    if (chunks > maxChunks) {
      return refusePng(
        "png-over-chunk-limit",
        `The PNG has more than ${maxChunks} chunks. Save it again without extra metadata.`,
        p,
      );
    }
    if (p + CHUNK_OVERHEAD > bytes.length) {
      return refusePng("png-truncated", "The file ends inside a chunk. Upload the whole file.", p);
    }
    const length = view.getUint32(p);
    const type = view.getUint32(p + 4);
    const start = p + 8;
    const end = start + length;
    const refused = checkHeader(bytes, chunks, p, length, type) ?? visit(type, start, end);
    if (refused) return refused;
    p = end + 4;
    if (type === IEND) return { ok: true, end: p, chunks };
  }
  if (p === PNG_SIGNATURE.length) {
    return refusePng("png-truncated", "The file ends after its signature.", p);
  }
  return refusePng("png-missing-iend", "The file ends without IEND. Upload the whole file.", p);
}

/** Checks what a chunk says about itself against the file, before anyone reads its data. */
function checkHeader(
  bytes: Uint8Array,
  ordinal: number,
  p: number,
  length: number,
  type: number,
): Refusal<PngReason> | undefined {
  if (!isChunkType(type)) {
    return refusePng("png-bad-chunk-type", "A chunk type has octets that are not letters.", p + 4);
  }
  const name = chunkName(type);
  if (length > MAX_CHUNK_LENGTH) {
    return refusePng(
      "png-bad-chunk-length",
      `Chunk ${name} declares ${length} octets, which no PNG allows.`,
      p,
    );
  }
  if (length > bytes.length - p - CHUNK_OVERHEAD) {
    return refusePng(
      "png-truncated",
      `Chunk ${name} declares ${length} octets, but the file ends before. Upload the whole file.`,
      p,
    );
  }
  if (ordinal === 1 && (type !== IHDR || length !== 13)) {
    return refusePng("png-missing-ihdr", "The first chunk is not an IHDR of 13 octets.", p);
  }
  if (ordinal > 1 && type === IHDR) {
    return refusePng("png-bad-chunk-order", "IHDR appears a second time.", p);
  }
  if (type === IEND && length !== 0) {
    return refusePng("png-bad-chunk-length", "IEND is not empty.", p);
  }
  return undefined;
}
