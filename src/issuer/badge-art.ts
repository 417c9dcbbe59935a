// The picture that is drawn for a badge: what was chosen of it, and the colours that are refused.
import type { Badge, BadgeArt } from "../db/badges.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { Art } from "./art.ts";
import {
  contrast,
  DARK_PAPER,
  LIGHT_PAPER,
  MIN_FACE_CONTRAST,
  nearestThatStandsOut,
  standsOut,
} from "./art-colour.ts";
import { isArtShape } from "./art-shapes.ts";

type Drawn = Pick<Badge, "organization_id" | "name" | "category" | "icon_key" | "art">;

/** What a badge's picture is drawn from; what nobody chose is chosen by its name and category. */
export function artFor({ organization_id, name, category, icon_key, art }: Drawn): Art {
  const shape = art?.shape ?? null;
  const colour = art?.colour ?? null;
  return {
    organizationId: organization_id,
    name,
    category,
    ...(icon_key === null ? {} : { icon: icon_key }),
    ...(isArtShape(shape) ? { shape } : {}),
    ...(colour === null ? {} : { colour }),
  };
}

/** A ratio as it is written (WCAG 2.2, 1.4.11): rounded down, so that 2.99 is not called 3. */
export function ratio(value: number): string {
  return (Math.floor(value * 10) / 10).toFixed(1);
}

/** Throws a 422 Problem for a colour that does not stand out on a light and on a dark page. */
export function requireContrast(art: BadgeArt | null | undefined): void {
  const colour = art?.colour ?? null;
  if (colour === null || standsOut(colour)) return;
  const light = ratio(contrast(colour, LIGHT_PAPER));
  const dark = ratio(contrast(colour, DARK_PAPER));
  const error: FieldError = {
    pointer: "/art/colour",
    code: "art_contrast_too_low",
    detail: `This colour has a contrast of ${light} : 1 with a light page and ${dark} : 1 with a dark one; it needs ${MIN_FACE_CONTRAST} : 1 with both.`,
    fix: `Choose another one, such as ${nearestThatStandsOut(colour)}.`,
  };
  throw new Problem("invalid-request", error.detail, { errors: [error] });
}
