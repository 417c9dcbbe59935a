// A badge's picture with an award inside, hosted or signed.
import { bakePng } from "../bakery/bake-png.ts";
import { bakeSvg, type SvgPayload } from "../bakery/bake-svg.ts";
import type { Badge } from "../db/badges.ts";
import type { Env } from "../env.ts";
import { svgAround } from "../obv2/baked-image.ts";
import { OPEN_TO_ALL } from "../obv2/serving.ts";
import { Problem } from "../problem.ts";
import { generateArt } from "./art.ts";
import { artFor } from "./badge-art.ts";
import { pngOf } from "./image-variants.ts";
import { badgePicture } from "./images.ts";

/** Null where the badge has no PNG and this runtime cannot draw one. */
export async function bakedPng(env: Env, badge: Badge, payload: SvgPayload) {
  const picture = await badgePicture(env.db, badge);
  const png = picture === null ? null : await pngOf(env, picture);
  return png === null ? null : whole(bakePng(png.bytes, textOf(payload)));
}

function textOf(payload: SvgPayload): string {
  return "jws" in payload ? payload.jws : payload.json;
}

/** Whatever the picture is: a PNG is carried in an SVG that shows nothing else. */
export async function bakedSvg(env: Env, badge: Badge, payload: SvgPayload) {
  const picture = await badgePicture(env.db, badge);
  if (picture === null) return whole(bakeSvg(artOf(badge), payload));
  if (picture.media_type === "image/svg+xml") {
    return whole(bakeSvg(picture.bytes, payload, picture.splice ?? undefined));
  }
  const around = svgAround(picture);
  return whole(bakeSvg(around.bytes, payload, around.plan));
}

type Baked = ReturnType<typeof bakePng> | ReturnType<typeof bakeSvg>;

/** A picture of the registry was inspected when it came in: only an assertion too long is refused. */
function whole(baked: Baked): Uint8Array<ArrayBuffer> {
  if (baked.ok) return baked.bytes;
  throw new Problem("internal-error", "The badge could not be put into its picture.", {
    headers: OPEN_TO_ALL,
    cause: new Error(baked.reason),
  });
}

/** What is shown for a badge without a picture: art made from its name. */
export function artOf(badge: Badge): Uint8Array<ArrayBuffer> {
  const { organization_id: organizationId, name, category } = badge;
  return new TextEncoder().encode(generateArt({ organizationId, name, category }));
}

/** What is shown of any badge to who has not earned it: its icon, nearly without colour. */
export function lockedArtOf(badge: Badge): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(generateArt({ ...artFor(badge), locked: true }));
}
