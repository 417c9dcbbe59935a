// The process that draws: sharp and all that it loads live and, if they must, die here.
import { setInterval } from "node:timers";
import sharp from "sharp";
import { MAX_PNG_PIXELS } from "../bakery/limits.ts";
import type { Picture, RasteriseResult } from "../env.ts";

/** One picture to draw; `id` comes back with the result. */
export interface Drawing {
  readonly id: number;
  readonly source: Picture;
  readonly width: number;
  readonly height: number;
}

export type FromChild =
  | { readonly ready: true }
  | { readonly id: number; readonly result: RasteriseResult };

/** Past this the process ends itself; drawing the largest PNG accepted stays below half of it. */
const MAX_RESIDENT_BYTES = 512 * 1024 * 1024;
const WATCH_MS = 50;

/** CSS pixels are 1/96 inch, but an SVG is drawn one to one at this many dots per inch. */
const SVG_DENSITY = 72;
/** What the drawing library takes. */
const MIN_DENSITY = 1;
const MAX_DENSITY = 100_000;

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 };

// One picture at a time and nothing kept: what idles must not hold memory.
sharp.cache(false);
sharp.concurrency(1);
// Only the two formats that passed inspection can be opened, whatever a file turns out to be.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadPngBuffer", "VipsForeignLoadSvgBuffer"] });

async function draw({ source, width, height }: Drawing): Promise<RasteriseResult> {
  const { mediaType, bytes } = source;
  try {
    const density =
      mediaType === "image/svg+xml" ? await densityFor(bytes, width, height) : undefined;
    const image = sharp(bytes, { density, limitInputPixels: MAX_PNG_PIXELS, failOn: "error" });
    const png = await image
      .resize(width, height, { fit: "contain", background: TRANSPARENT })
      .toColourspace("srgb")
      .png({ compressionLevel: 9 })
      .toBuffer();
    return { ok: true, png: new Uint8Array(png) };
  } catch {
    return { ok: false, reason: "unreadable" };
  }
}

/** Dots per inch at which an SVG comes out just as large as fits into `width` by `height` pixels. */
async function densityFor(bytes: Uint8Array, width: number, height: number): Promise<number> {
  // Reading the size draws nothing yet, so a large one is no danger here.
  const natural = await sharp(bytes, { density: SVG_DENSITY, limitInputPixels: false }).metadata();
  const scale = Math.min(width / natural.width, height / natural.height);
  return Math.min(MAX_DENSITY, Math.max(MIN_DENSITY, SVG_DENSITY * scale));
}

/** Ends at once: a normal exit would wait for the thread that draws, which may never be done. */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}

// The library draws on a thread of its own, so this one is free to watch what that costs.
setInterval(() => {
  if (process.memoryUsage.rss() > MAX_RESIDENT_BYTES) end();
}, WATCH_MS).unref();
process.on("disconnect", end);
process.on("message", (drawing: Drawing) => {
  void draw(drawing).then((result) => {
    process.send?.({ id: drawing.id, result } satisfies FromChild);
  });
});
process.send?.({ ready: true } satisfies FromChild);
