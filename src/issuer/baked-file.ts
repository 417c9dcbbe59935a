// An award as one file to be handed over: its badge's picture with the Assertion inside.
import type { PublicAward } from "../db/published.ts";
import type { Env } from "../env.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { fileNameOf } from "../obv2/content-disposition.ts";
import { bakedPng, bakedSvg } from "./baked-badge.ts";
import { hostedInside } from "./served-award.ts";

export interface BakedFile {
  readonly name: string;
  readonly mediaType: "image/png" | "image/svg+xml";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * PNG or SVG, whichever the Assertion names. Rejects with an `internal-error` Problem for what no
 * picture can carry.
 */
export async function bakedFile(env: Env, found: PublicAward): Promise<BakedFile> {
  const { award, badge, picture } = found;
  const { payload } = await hostedInside(env, found, false);
  const png =
    bakedImageOf(picture, env.images.available) === "png"
      ? await bakedPng(env, badge, payload)
      : null;
  const name = (extension: "png" | "svg") => fileNameOf(badge.name, award.unique_hash, extension);
  if (png !== null) return { name: name("png"), mediaType: "image/png", bytes: png };
  const svg = await bakedSvg(env, badge, payload);
  return { name: name("svg"), mediaType: "image/svg+xml", bytes: svg };
}
