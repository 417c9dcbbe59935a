// Every limit of this room, in one place: how much of a stranger's file is looked at.

/** Largest image file accepted, in bytes. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Most chunks in one PNG; encoders that write 8 KiB of pixels per chunk stay far below. */
export const MAX_PNG_CHUNKS = 2_000;

/** Widest and tallest PNG, in pixels. */
export const MAX_PNG_DIMENSION = 8_192;

/** Most pixels a PNG may declare over all its frames: 4096 by 4096. */
export const MAX_PNG_PIXELS = 4_096 * 4_096;

/** Most octets in the text a baked file carries, after decompression. */
export const MAX_PAYLOAD_BYTES = 512 * 1024;

/** Deepest nesting of elements in an SVG; the root is depth 1. */
export const MAX_SVG_DEPTH = 256;

/** Most elements in an SVG. */
export const MAX_SVG_ELEMENTS = 50_000;

/** Most elements an SVG comes to once every internal reference is followed. */
export const MAX_SVG_EXPANDED_ELEMENTS = 500_000;

/** Most attributes, namespace declarations included, on one SVG element. */
export const MAX_SVG_ATTRIBUTES = 500;

/** Some readers look for `<svg` in the first 256 octets only (OB20-SVG-07). */
export const SVG_ROOT_WITHIN_BYTES = 256;

/** Limits on a PNG. Each may be given on its own; the rest keep their constants. */
export interface PngLimits {
  maxBytes?: number;
  maxChunks?: number;
  maxDimension?: number;
  maxPixels?: number;
}

/** Limits on an SVG. Each may be given on its own; the rest keep their constants. */
export interface SvgLimits {
  maxBytes?: number;
  maxDepth?: number;
  maxElements?: number;
  maxExpandedElements?: number;
  maxAttributes?: number;
}
