// How far an uploaded picture stands out from a light and from a dark page, read off its pixels.
import { inflateInto } from "../bakery/inflate.ts";
import { inspectPng } from "../bakery/inspect-png.ts";
import { IDAT, PLTE, walkChunks } from "../bakery/png-chunks.ts";
import type { ImageEngine, Picture } from "../env.ts";
import { DARK_PAPER, LIGHT_PAPER, luminance, MIN_FACE_CONTRAST } from "./art-colour.ts";
import { ratio } from "./badge-art.ts";

/** Contrast ratios, 1 to 21 (WCAG 2.2, definitions). */
interface PictureContrast {
  readonly light: number;
  readonly dark: number;
}

/** Pixels a side of the picture that is looked at, where one can be drawn. */
const LOOKED_AT = 64;
/** Larger pictures are not unpacked to be looked at. */
export const MAX_LOOKED_AT_PIXELS = 1_048_576;
/** So much of what is visible must stand out: a thin outline alone does not carry a picture. */
const SHARE = 0.25;
/** Less opaque than this a pixel shows the page rather than the picture. */
const VISIBLE_ALPHA = 128;
const LEVELS = 256;

/**
 * The contrast that a quarter of the visible pixels reaches with each paper. Null where this runtime
 * cannot draw the picture and it is no plain PNG, or where nothing of it is visible.
 */
async function pictureContrast(
  engine: ImageEngine,
  picture: Picture,
): Promise<PictureContrast | null> {
  if (!engine.available)
    return picture.mediaType === "image/png" ? pngContrast(picture.bytes) : null;
  const drawn = await engine.rasterise(picture, LOOKED_AT);
  return drawn.ok ? pngContrast(drawn.png) : null;
}

interface ContrastWarning {
  readonly code: "image-contrast-low-on-light" | "image-contrast-low-on-dark";
  readonly detail: string;
}

/** A picture may be what it is; whoever uploads it is told on which page it will hardly be seen. */
export async function contrastWarnings(
  engine: ImageEngine,
  picture: Picture,
): Promise<ContrastWarning[]> {
  const found = await pictureContrast(engine, picture);
  if (found === null) return [];
  return (["light", "dark"] as const)
    .filter((paper) => found[paper] < MIN_FACE_CONTRAST)
    .map((paper) => ({
      code: `image-contrast-low-on-${paper}` as const,
      detail: `On a ${paper} page most of the picture has a contrast of ${ratio(found[paper])} : 1 at most; from ${MIN_FACE_CONTRAST} : 1 on it is seen well.`,
    }));
}

/** Samples of a pixel by colour type, of those that are read here (PNG third edition, table 11.1). */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE = 3;

/** The same of a PNG with samples of eight bits that is not interlaced; null for any other. */
export async function pngContrast(bytes: Uint8Array<ArrayBuffer>): Promise<PictureContrast | null> {
  const header = inspectPng(bytes);
  if (!header.ok || header.interlaced || header.bitDepth !== 8) return null;
  const { width, height, colourType } = header;
  const samples = SAMPLES[colourType];
  if (samples === undefined || width * height > MAX_LOOKED_AT_PIXELS) return null;
  const parts: Uint8Array[] = [];
  let palette: Uint8Array = new Uint8Array(0);
  walkChunks(bytes, (type, start, end) => {
    if (type === IDAT) parts.push(bytes.subarray(start, end));
    if (type === PLTE) palette = bytes.subarray(start, end);
    return undefined;
  });
  const rows = new Uint8Array(height * (1 + width * samples));
  const isFilled = await unpacked(parts, rows);
  if (!isFilled) return null;
  unfilter(rows, width * samples, samples);
  return reached(
    lightness(rows, width * samples, samples, colourType === PALETTE ? palette : null),
  );
}

async function unpacked(parts: readonly Uint8Array[], into: Uint8Array): Promise<boolean> {
  let at = 0;
  const end = await inflateInto(parts, (octets) => {
    if (at + octets.length > into.length) return false;
    into.set(octets, at);
    at += octets.length;
    return true;
  });
  return end === "whole" && at === into.length;
}

/** Undoes the filters of the scanlines in place (PNG third edition, section 9.2). */
function unfilter(rows: Uint8Array, rowBytes: number, step: number): void {
  const stride = rowBytes + 1;
  for (let start = 0; start < rows.length; start += stride) {
    const filter = rows[start] ?? 0;
    for (let i = 1; i <= rowBytes; i++) {
      const left = i > step ? (rows[start + i - step] ?? 0) : 0;
      const above = start > 0 ? (rows[start + i - stride] ?? 0) : 0;
      const corner = start > 0 && i > step ? (rows[start + i - stride - step] ?? 0) : 0;
      rows[start + i] = (rows[start + i] ?? 0) + predicted(filter, left, above, corner);
    }
  }
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, corner);
    default:
      return 0;
  }
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  if (a === undefined || b === undefined || c === undefined) return 0;
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** How many visible pixels there are of each relative luminance, in 256 steps. */
function lightness(
  rows: Uint8Array,
  rowBytes: number,
  samples: number,
  palette: Uint8Array | null,
): Uint32Array {
  const levels = new Uint32Array(LEVELS);
  for (let start = 1; start < rows.length; start += rowBytes + 1) {
    for (let at = start; at < start + rowBytes; at += samples) {
      const alpha = samples % 2 === 0 ? (rows[at + samples - 1] ?? 255) : 255;
      if (alpha < VISIBLE_ALPHA) continue;
      const [r, g, b] = palette
        ? [0, 1, 2].map((i) => palette[(rows[at] ?? 0) * 3 + i] ?? 0)
        : samples < 3
          ? [rows[at], rows[at], rows[at]]
          : [rows[at], rows[at + 1], rows[at + 2]];
      const y = 0.2126 * linear(r ?? 0) + 0.7152 * linear(g ?? 0) + 0.0722 * linear(b ?? 0);
      const level = Math.min(LEVELS - 1, Math.round(y * (LEVELS - 1)));
      levels[level] = (levels[level] ?? 0) + 1;
    }
  }
  return levels;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, i) => {
  const value = i / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function linear(octet: number): number {
  return LINEAR[octet] ?? 0;
}

function reached(levels: Uint32Array): PictureContrast | null {
  const visible = levels.reduce((sum, count) => sum + count, 0);
  if (visible === 0) return null;
  return {
    light: withPaper(levels, visible, LIGHT_PAPER),
    dark: withPaper(levels, visible, DARK_PAPER),
  };
}

/** The ratio that the best quarter of the visible pixels reaches at least. */
function withPaper(levels: Uint32Array, visible: number, paper: string): number {
  const page = luminance(paper);
  const ratios = [...levels].map((count, level) => {
    const [low = 0, high = 0] = [level / (LEVELS - 1), page].sort((a, b) => a - b);
    return { count, ratio: (high + 0.05) / (low + 0.05) };
  });
  ratios.sort((a, b) => b.ratio - a.ratio);
  let counted = 0;
  for (const { count, ratio } of ratios) {
    counted += count;
    if (counted >= visible * SHARE) return ratio;
  }
  return 1;
}
