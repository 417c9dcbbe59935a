// Which picture a badge shows: one of its organization's registry, or art made from its name.
import { and, eq } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { type Image, images } from "../db/images.ts";
import type { Env } from "../env.ts";
import { type FieldError, Problem } from "../problem.ts";
import { contentNamed } from "./images.ts";

export interface ImageChoice {
  /** Id of an image of the organization's registry. */
  readonly image?: string;
  /** The public address of one. */
  readonly asset_url?: string;
}

/**
 * The image that was chosen, null where none was. Throws a 422 Problem where it is not an image of
 * this organization's registry.
 */
export async function chosenImage(
  env: Env,
  organizationId: string,
  choice: ImageChoice,
): Promise<Image | null> {
  const byId =
    choice.image === undefined
      ? null
      : ((await findImageBy(env.db, organizationId, "id", choice.image)) ??
        refuse({
          pointer: "/image",
          code: "image_must_exist",
          detail: "The organization's registry has no image with this id.",
          fix: "Upload the picture to /api/v1/images and give the id of the answer.",
        }));
  if (choice.asset_url === undefined) return byId;
  const sha256 = managedContent(env.urls.base, choice.asset_url);
  const byUrl =
    (sha256 === null ? null : await findImageBy(env.db, organizationId, "sha256", sha256)) ??
    refuse({
      pointer: "/asset_url",
      code: "asset_url_must_reference_managed_storage",
      detail: "This is not the address of an image in the organization's registry.",
      fix: "Upload the picture to /api/v1/images and give the `url` of the answer.",
    });
  if (byId !== null && byId.id !== byUrl.id) {
    refuse({
      pointer: "/asset_url",
      code: "image_and_asset_url_agree",
      detail: "image and asset_url name different pictures.",
      fix: "Give one of them only.",
    });
  }
  return byUrl;
}

/**
 * The SHA-256 in an address of our registry, else null. Parsed origin and path are compared: as
 * text, `https://badges.example.org.evil.example/` would begin like `https://badges.example.org`.
 */
export function managedContent(base: string, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { origin, search, hash, username, password } = new URL(address);
  if (origin !== new URL(base).origin) return null;
  if (`${search}${hash}${username}${password}` !== "") return null;
  return contentNamed(address);
}

async function findImageBy(
  db: Database,
  organizationId: string,
  column: "id" | "sha256",
  value: string,
): Promise<Image | null> {
  const rows = await db.orm
    .select()
    .from(images)
    .where(and(eq(images.organization_id, organizationId), eq(images[column], value)))
    .limit(1);
  return rows[0] ?? null;
}

function refuse(error: FieldError): never {
  throw new Problem("invalid-request", error.detail, { errors: [error] });
}
