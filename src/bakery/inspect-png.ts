// Checks a PNG whole, once, when it is uploaded; what passes may be baked without another look.

import { crc32 } from "./crc32.ts";
import { MAX_FILE_BYTES, MAX_PNG_DIMENSION, MAX_PNG_PIXELS, type PngLimits } from "./limits.ts";
import { hasKeyword, isTextChunk, KEYWORDS } from "./png-carrier.ts";
import { chunkName, chunkType, IDAT, IEND, IHDR, PLTE, walkChunks } from "./png-chunks.ts";
import { type PngReason, type Refusal, refusePng } from "./refusal.ts";

const ACTL = chunkType("acTL");
const FCTL = chunkType("fcTL");

/** Bit depths each colour type allows (PNG third edition, table 11.1). */
const BIT_DEPTHS: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** What IHDR says (PNG third edition, section 11.2.1). */
export interface PngHeader {
  width: number;
  height: number;
  bitDepth: number;
  colourType: number;
  interlaced: boolean;
}

/** A PNG whose every octet outside the compressed pixels has been checked. */
export interface InspectedPng extends PngHeader {
  ok: true;
  chunks: number;
  /** 1 for a still image; an animated PNG says how many it has. */
  frames: number;
  /** Whether a badge of either Open Badges version is already inside. */
  baked: boolean;
}

/**
 * The full check of an uploaded PNG: signature, chunk lengths against the file, every CRC, IHDR,
 * palette, order of chunks, IEND as the last octets, and the limits. Never throws.
 *
 * It does not decompress the pixels: `checkPngPixels` does. An animated PNG is accepted and counts
 * against the pixel limit with all its frames.
 *
 * @see PNG third edition, sections 5 and 11
 */
export function inspectPng(
  bytes: Uint8Array,
  limits: PngLimits = {},
): InspectedPng | Refusal<PngReason> {
  const maxBytes = limits.maxBytes ?? MAX_FILE_BYTES;
  if (bytes.length > maxBytes) {
    const detail = `The file has ${bytes.length} bytes, more than the ${maxBytes} allowed.`;
    return refusePng("png-over-byte-limit", detail);
  }
  const inspection = new Inspection(bytes, limits);
  const walked = walkChunks(
    bytes,
    (type, start, end) => inspection.visit(type, start, end),
    limits.maxChunks,
  );
  if (!walked.ok) return walked;
  if (walked.end !== bytes.length) {
    const detail = `${bytes.length - walked.end} bytes follow IEND. Save the image again.`;
    return refusePng("png-trailing-bytes", detail, walked.end);
  }
  return inspection.finish(walked.chunks);
}

/** Reads IHDR's data at `start`. The caller has made sure that it is there. */
export function readHeader(bytes: Uint8Array, start: number): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    width: view.getUint32(start),
    height: view.getUint32(start + 4),
    bitDepth: view.getUint8(start + 8),
    colourType: view.getUint8(start + 9),
    interlaced: view.getUint8(start + 12) === 1,
  };
}

/** The state of one walk: what has been seen, and so what may still come. */
class Inspection {
  private readonly bytes: Uint8Array;
  private readonly maxPixels: number;
  private readonly maxDimension: number;
  private header: PngHeader = {
    width: 0,
    height: 0,
    bitDepth: 0,
    colourType: 0,
    interlaced: false,
  };
  private palette = false;
  private pixels: "none" | "running" | "over" = "none";
  private frames = 1;
  private frameControls = 0;
  private baked = false;

  constructor(bytes: Uint8Array, limits: PngLimits) {
    this.bytes = bytes;
    this.maxPixels = limits.maxPixels ?? MAX_PNG_PIXELS;
    this.maxDimension = limits.maxDimension ?? MAX_PNG_DIMENSION;
  }

  visit(type: number, start: number, end: number): Refusal<PngReason> | undefined {
    const refused = this.checkCrc(type, start, end);
    if (refused) return refused;
    if (this.pixels === "running" && type !== IDAT) this.pixels = "over";
    switch (type) {
      case IHDR:
        return this.visitHeader(start);
      case PLTE:
        return this.visitPalette(start, end);
      case IDAT:
        return this.visitPixels(start);
      case IEND:
        return undefined;
      case ACTL:
        return this.visitAnimation(start, end);
      case FCTL:
        this.frameControls++;
        return undefined;
    }
    // The case of the first letter says whether a reader may skip the chunk (section 5.4).
    if ((type & 0x20000000) === 0) {
      const detail = `Chunk ${chunkName(type)} is critical and no reader knows it.`;
      return refusePng("png-unknown-critical-chunk", detail, start - 4);
    }
    this.baked ||=
      isTextChunk(type) && KEYWORDS.some((keyword) => hasKeyword(this.bytes, start, end, keyword));
    return undefined;
  }

  finish(chunks: number): InspectedPng | Refusal<PngReason> {
    if (this.pixels === "none") {
      return refusePng("png-missing-idat", "The file has no pixels. Save the image again.");
    }
    const { width, height } = this.header;
    const frames = Math.max(this.frames, this.frameControls);
    if (width * height * frames > this.maxPixels) {
      const detail = `${frames} frames of ${width} by ${height} are more than ${this.maxPixels} pixels.`;
      return refusePng("png-over-pixel-limit", detail);
    }
    return { ok: true, ...this.header, chunks, frames, baked: this.baked };
  }

  private checkCrc(type: number, start: number, end: number): Refusal<PngReason> | undefined {
    const declared = new DataView(this.bytes.buffer, this.bytes.byteOffset + end, 4).getUint32(0);
    if (crc32(this.bytes, start - 4, end) === declared) return undefined;
    const detail = `The checksum of chunk ${chunkName(type)} is wrong: the file is damaged.`;
    return refusePng("png-bad-crc", detail, end);
  }

  private visitHeader(at: number): Refusal<PngReason> | undefined {
    this.header = readHeader(this.bytes, at);
    const { width, height, bitDepth, colourType } = this.header;
    if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff) {
      return refusePng("png-bad-dimensions", `${width} by ${height} is no size for a PNG.`, at);
    }
    if (width > this.maxDimension || height > this.maxDimension) {
      const detail = `${width} by ${height}: neither side may exceed ${this.maxDimension} pixels.`;
      return refusePng("png-over-dimension-limit", detail, at);
    }
    if (width * height > this.maxPixels) {
      const detail = `${width} by ${height} is more than ${this.maxPixels} pixels. Make it smaller.`;
      return refusePng("png-over-pixel-limit", detail, at);
    }
    const depths = BIT_DEPTHS[colourType];
    if (!depths) {
      return refusePng("png-bad-colour-type", `Colour type ${colourType} does not exist.`, at + 9);
    }
    if (!depths.includes(bitDepth)) {
      const detail = `Colour type ${colourType} does not allow a bit depth of ${bitDepth}.`;
      return refusePng("png-bad-bit-depth", detail, at + 8);
    }
    return this.checkMethods(at);
  }

  private checkMethods(at: number): Refusal<PngReason> | undefined {
    if (this.bytes[at + 10] !== 0) {
      return refusePng("png-bad-compression", "IHDR names an unknown compression method.", at + 10);
    }
    if (this.bytes[at + 11] !== 0) {
      return refusePng("png-bad-filter", "IHDR names an unknown filter method.", at + 11);
    }
    if ((this.bytes[at + 12] ?? 0) > 1) {
      return refusePng("png-bad-interlace", "IHDR names an unknown interlace method.", at + 12);
    }
    return undefined;
  }

  private visitPalette(start: number, end: number): Refusal<PngReason> | undefined {
    if (this.palette || this.pixels !== "none") {
      return refusePng("png-bad-chunk-order", "PLTE comes twice, or after the pixels.", start - 8);
    }
    const { colourType, bitDepth } = this.header;
    const entries = (end - start) / 3;
    const most = colourType === 3 ? 2 ** bitDepth : 256;
    if (
      colourType === 0 ||
      colourType === 4 ||
      !Number.isInteger(entries) ||
      entries < 1 ||
      entries > most
    ) {
      const detail = `A palette of ${end - start} octets does not fit colour type ${colourType}.`;
      return refusePng("png-bad-palette", detail, start - 8);
    }
    this.palette = true;
    return undefined;
  }

  private visitPixels(start: number): Refusal<PngReason> | undefined {
    if (this.pixels === "over") {
      return refusePng(
        "png-bad-chunk-order",
        "Another chunk stands between IDAT chunks.",
        start - 8,
      );
    }
    if (this.header.colourType === 3 && !this.palette) {
      return refusePng("png-missing-palette", "The pixels need a palette before them.", start - 8);
    }
    this.pixels = "running";
    return undefined;
  }

  private visitAnimation(start: number, end: number): Refusal<PngReason> | undefined {
    if (end - start !== 8 || this.pixels !== "none") {
      return refusePng(
        "png-bad-animation",
        "acTL is malformed or comes after the pixels.",
        start - 8,
      );
    }
    this.frames = new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 4).getUint32(0);
    if (this.frames === 0) {
      return refusePng("png-bad-animation", "acTL declares an animation of no frames.", start);
    }
    return undefined;
  }
}
