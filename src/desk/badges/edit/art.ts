// How the picture of a badge that is being edited would look: where it is drawn, and its contrast in numbers.
import { BADGE_CATEGORIES, type BadgeCategory } from "../../../db/badges.ts";
import { type Art, artContrast, generateArt } from "../../../issuer/art.ts";
import { nearestThatStandsOut, standsOut } from "../../../issuer/art-colour.ts";
import { GLYPH_NAMES, glyphStrokes } from "../../../issuer/art-glyphs.ts";
import { artFor, ratio } from "../../../issuer/badge-art.ts";
import type { ArtPreview, GlyphOption } from "../../../pages/badge-art-form.tsx";
import type { DraftValues } from "./draft.ts";

export const ART_PATH = "/admin/badges/art";

type Chosen = Pick<DraftValues, "name" | "category" | "shape" | "icon" | "colouring" | "colour">;

const NAMES = ["name", "category", "shape", "icon", "colouring", "colour"] as const;
/** Of a name that is drawn: a picture's title holds no more. */
const MAX_NAME = 255;

export const GLYPHS: readonly GlyphOption[] = GLYPH_NAMES.map((name) => ({
  name,
  strokes: glyphStrokes(name),
}));

function isCategory(text: string): text is BadgeCategory {
  return BADGE_CATEGORIES.some((category) => category === text);
}

/** What a query says of a picture; what is missing or nonsense is chosen by the name. */
export function chosenIn(query: URLSearchParams): Chosen {
  const values = NAMES.map((name) => [name, (query.get(name) ?? "").slice(0, MAX_NAME)]);
  return Object.fromEntries(values) as Record<(typeof NAMES)[number], string>;
}

function ownColour({ colouring, colour }: Chosen): string | null {
  return colouring === "own" && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : null;
}

function artOf(organizationId: string, chosen: Chosen): Art {
  const { name, category, icon, shape } = chosen;
  return artFor({
    organization_id: organizationId,
    name,
    category: isCategory(category) ? category : "recognition",
    icon_key: icon === "" ? null : icon,
    art: { shape, colour: ownColour(chosen) },
  });
}

/** The picture as it would be stored, an SVG. */
export function drawn(organizationId: string, chosen: Chosen): string {
  return generateArt(artOf(organizationId, chosen));
}

export function previewOf(organizationId: string, chosen: Chosen): ArtPreview {
  const { glyphOnPlate, faceOnLight, faceOnDark } = artContrast(artOf(organizationId, chosen));
  const query = new URLSearchParams(NAMES.map((name) => [name, chosen[name]]));
  const colour = ownColour(chosen);
  return {
    src: `${ART_PATH}.svg?${query}`,
    light: ratio(faceOnLight),
    dark: ratio(faceOnDark),
    glyph: ratio(glyphOnPlate),
    instead: colour === null || standsOut(colour) ? null : nearestThatStandsOut(colour),
  };
}
