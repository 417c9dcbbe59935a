// The image registry: takes pictures in, and finds the picture of a badge.

import type { Badge, BadgeCategory } from "../db/badges.ts";
import type { Database, Writable } from "../db/database.ts";
import {
  contentBySha256,
  contentOfImage,
  type Image,
  type ImageContent,
  imageByContent,
  insertContent,
  insertImage,
} from "../db/images.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { PROBLEMS, Problem } from "../problem.ts";
import { generateArt, MAX_ART_BYTES } from "./art.ts";
import type { ArtShape } from "./art-shapes.ts";
import { firstVariant } from "./image-variants.ts";
import { type PictureWarning, type VettedPicture, vetPicture } from "./picture.ts";

/** Longest name a picture keeps, in characters. */
export const MAX_IMAGE_NAME = 120;

export interface Upload {
  /** The file's name as the uploader gave it; folders and control characters are dropped. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** RFC 6901 pointer to the picture in the request; `/file` unless given. */
  readonly pointer?: string;
}

/** A picture in the registry once `writes` are committed; none are needed if it was there before. */
export interface AdmittedImage {
  readonly image: Image;
  readonly writes: Writable[];
  readonly warnings: readonly PictureWarning[];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * Judges an uploaded picture and prepares to store it. Nothing is written here: the caller puts
 * `writes` into its batch. The same picture in the same organization is one row, also when two
 * uploads race, because the row's id is made from both.
 *
 * Where this runtime can draw, the picture is drawn once: what cannot be drawn in time is refused,
 * and the PNG that baking needs is stored with it.
 *
 * Throws a Problem: `image-…`, `png-…` or `svg-…`.
 */
export async function admitImage(
  env: Env,
  organizationId: string,
  upload: Upload,
): Promise<AdmittedImage> {
  const pointer = upload.pointer ?? "/file";
  const picture = await vetPicture(upload.bytes, {
    maxBytes: env.config.maxUploadBytes,
    mayPad: env.images.available,
    pointer,
  });
  const { warnings, width, height } = picture;
  const facts = { warnings, width, height, size: picture.bytes.length };
  const sha256 = await sha256Hex(picture.bytes);
  const known = await imageByContent(env.db, organizationId, sha256);
  if (known) return { image: known, writes: [], ...facts };
  const drawn = await firstVariant(env, { sha256, ...picture });
  if (!drawn.ok) throw notDrawn(drawn.reason, pointer);
  const row = { name: imageName(upload.name, picture.mediaType), origin: "upload" } as const;
  const { image, writes } = await register(env, organizationId, sha256, picture, row);
  return { image, writes: [...writes, ...drawn.writes], ...facts };
}

function notDrawn(reason: string, pointer: string): Problem {
  const detail =
    reason === "deadline"
      ? "Drawing the picture takes longer than a picture may take."
      : "The picture could not be drawn.";
  const { fix } = PROBLEMS["image-unreadable"];
  const code = `image-${reason}` as const;
  return new Problem("image-unreadable", detail, { errors: [{ pointer, code, detail, fix }] });
}

/** What art is made from; see `generateArt`. */
export interface ArtRequest {
  readonly name: string;
  readonly category: BadgeCategory;
  readonly tier?: number;
  /** A glyph's name, as in `badges.icon_key`; an unknown one is ignored. */
  readonly icon?: string;
  readonly shape?: ArtShape;
  /** `#rrggbb` */
  readonly colour?: string;
}

/** Art for a badge that was given no picture, as a picture of the registry. */
export async function admitArt(
  env: Env,
  organizationId: string,
  art: ArtRequest,
): Promise<AdmittedImage> {
  const bytes = new TextEncoder().encode(generateArt({ organizationId, ...art }));
  const rules = { maxBytes: MAX_ART_BYTES, mayPad: false, pointer: "" };
  const picture = await vetPicture(bytes, rules);
  const sha256 = await sha256Hex(bytes);
  const { width, height } = picture;
  const facts = { warnings: [], width, height, size: picture.bytes.length };
  const known = await imageByContent(env.db, organizationId, sha256);
  if (known) return { image: known, writes: [], ...facts };
  const row = { name: imageName(art.name, "image/svg+xml"), origin: "generated" } as const;
  const { image, writes } = await register(env, organizationId, sha256, picture, row);
  return { image, writes, ...facts };
}

async function register(
  env: Env,
  organizationId: string,
  sha256: string,
  picture: VettedPicture,
  row: Pick<Image, "name" | "origin">,
): Promise<{ image: Image; writes: Writable[] }> {
  const { mediaType: media_type, bytes, width, height, splice } = picture;
  const image: Image = {
    id: await imageId(organizationId, sha256),
    organization_id: organizationId,
    sha256,
    media_type,
    ...row,
    created_at: env.now(),
  };
  const content = { sha256, media_type, bytes, size: bytes.length, width, height, splice };
  return { image, writes: [insertContent(env.db, content), insertImage(env.db, image)] };
}

/**
 * The id of a picture in an organization's registry: a UUIDv8 of both, so that two uploads at the
 * same moment agree on it and the row of either may be referred to. RFC 9562, section 5.8.
 */
async function imageId(organizationId: string, sha256: string): Promise<string> {
  const hex = await sha256Hex(`rosette image ${organizationId} ${sha256}`);
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) & 3];
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** A name fit to be shown and downloaded: no folders, no control characters, never empty. */
function imageName(given: string, mediaType: Image["media_type"]): string {
  const extension = mediaType === "image/png" ? ".png" : ".svg";
  const base = given.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "")
    .replace(/\.(png|svg)$/i, "")
    .trim();
  const stem = [...clean]
    .slice(0, MAX_IMAGE_NAME - extension.length)
    .join("")
    .trim();
  return `${stem === "" ? "badge" : stem}${extension}`;
}

const REGISTRY_PATH = /^\/images\/([0-9a-f]{64})\.(?:png|svg)$/;

/** The SHA-256 in an address whose path is that of a picture in a registry; null in any other. */
export function contentNamed(address: string): string | null {
  if (!URL.canParse(address)) return null;
  return REGISTRY_PATH.exec(new URL(address).pathname)?.[1] ?? null;
}

/**
 * The picture of a badge: the one it refers to, else the one its `asset_url` names in the registry,
 * else null, and the caller shows generated art.
 */
export async function badgePicture(
  db: Database,
  badge: Pick<Badge, "organization_id" | "image_id" | "asset_url">,
): Promise<ImageContent | null> {
  if (badge.image_id !== null) return contentOfImage(db, badge.organization_id, badge.image_id);
  const sha256 = contentNamed(badge.asset_url ?? "");
  return sha256 === null ? null : contentBySha256(db, sha256);
}
