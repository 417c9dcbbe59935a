// PNGs made from a picture: the twin of an SVG, and the sizes pages and cards ask for.
import type { Writable } from "../db/database.ts";
import { type ImageContent, insertContent, insertVariant, variantOf } from "../db/images.ts";
import type { Env, ImageEngine, Picture, RasteriseResult } from "../env.ts";
import { sha256Hex } from "../ids.ts";

/**
 * The widths a picture is offered in, in pixels: lists (64), shelves (128, and 256 on dense
 * screens), the badge's page and what is baked (512), print and large cards (1024).
 */
export const IMAGE_WIDTHS = [64, 128, 256, 512, 1024] as const;
export type ImageWidth = (typeof IMAGE_WIDTHS)[number];

/** What an SVG becomes where only a PNG will do; large enough for every displayer. */
export const DEFAULT_WIDTH: ImageWidth = 512;

/**
 * How long a picture that could not be drawn at a width is not tried at it again: pictures are
 * public, and each try costs up to the whole deadline.
 */
export const NOT_AGAIN_MS = 10 * 60 * 1000;
/** How many such pictures are remembered; the oldest are forgotten. */
export const MAX_REFUSED = 1_000;

export function isImageWidth(width: number): width is ImageWidth {
  return IMAGE_WIDTHS.some((offered) => offered === width);
}

type Source = Picture & {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
};

/** Whether a picture already is what is asked for: enlarging one would only blur it. */
function serves(source: Source, width: ImageWidth): boolean {
  const { mediaType } = source;
  return mediaType === "image/png" && source.width === source.height && source.width <= width;
}

/**
 * A PNG of the picture. Without a width: a PNG itself, as it came, or the 512 pixel twin of an SVG;
 * that is what is baked. With one: the picture itself if it is a square PNG no wider, else a square
 * PNG of that width, stored when it is first made. Null where this runtime cannot make it; the
 * reason is logged.
 */
export async function pngOf(
  env: Env,
  content: ImageContent,
  width?: ImageWidth,
): Promise<ImageContent | null> {
  if (width === undefined && content.media_type === "image/png") return content;
  const wanted = width ?? DEFAULT_WIDTH;
  const source = { ...content, mediaType: content.media_type };
  if (serves(source, wanted)) return content;
  const stored = await variantOf(env.db, content.sha256, wanted);
  if (stored || !env.images.available) return stored;
  const making = makingOf(env.images);
  const key = `${content.sha256} ${wanted}`;
  const drawing = making.get(key) ?? storeVariant(env, source, wanted);
  making.set(key, drawing);
  try {
    return await drawing;
  } finally {
    making.delete(key);
  }
}

/** What each engine is drawing now: a page's many first visitors wait for one drawing. */
const underWay = new WeakMap<ImageEngine, Map<string, Promise<ImageContent | null>>>();

function makingOf(engine: ImageEngine): Map<string, Promise<ImageContent | null>> {
  const known = underWay.get(engine) ?? new Map();
  underWay.set(engine, known);
  return known;
}

/** What each engine could not draw, the newest last, with the time until which it is not asked to. */
const refused = new WeakMap<ImageEngine, Map<string, number>>();

function refusedBy(engine: ImageEngine): Map<string, number> {
  const known = refused.get(engine) ?? new Map();
  refused.set(engine, known);
  return known;
}

function rememberRefusal(env: Env, key: string): void {
  const known = refusedBy(env.images);
  known.delete(key);
  known.set(key, env.now() + NOT_AGAIN_MS);
  const oldest = known.keys().next().value;
  if (known.size > MAX_REFUSED && oldest !== undefined) known.delete(oldest);
}

async function storeVariant(
  env: Env,
  source: Source,
  width: ImageWidth,
): Promise<ImageContent | null> {
  const key = `${source.sha256} ${width}`;
  if ((refusedBy(env.images).get(key) ?? 0) > env.now()) return null;
  const made = await makeVariant(env, source, width);
  if (!made.ok) {
    // An engine that was busy says nothing about the picture.
    if (made.reason !== "unavailable") rememberRefusal(env, key);
    return null;
  }
  await env.db.batch(made.writes);
  // Of two processes that made it at once, the first was stored: whoever asks gets that one.
  return variantOf(env.db, source.sha256, width);
}

export type MadeVariant =
  | { readonly ok: true; readonly writes: readonly Writable[] }
  | (RasteriseResult & { readonly ok: false });

/**
 * What storing a new picture's first PNG takes: nothing where this runtime cannot draw, and then
 * the PNG is made when somebody asks for it. A failure means that the picture itself is at fault.
 */
export async function firstVariant(env: Env, source: Source): Promise<MadeVariant> {
  if (!env.images.available) return { ok: true, writes: [] };
  const made = await makeVariant(env, source, DEFAULT_WIDTH);
  return !made.ok && made.reason === "unavailable" ? { ok: true, writes: [] } : made;
}

async function makeVariant(env: Env, source: Source, width: ImageWidth): Promise<MadeVariant> {
  const drawn = await env.images.rasterise(source, width);
  if (!drawn.ok) {
    env.log.warn("image.not_drawn", { sha256: source.sha256, width, reason: drawn.reason });
    return drawn;
  }
  const bytes = drawn.png;
  const sha256 = await sha256Hex(bytes);
  const picture = { sha256, media_type: "image/png", bytes, size: bytes.length } as const;
  return {
    ok: true,
    writes: [
      insertContent(env.db, { ...picture, width, height: width }),
      insertVariant(env.db, { source_sha256: source.sha256, width, sha256 }),
    ],
  };
}
