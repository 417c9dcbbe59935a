// Draws a badge's picture from its name: a pure function to SVG, the same on every runtime.
import type { BadgeCategory } from "../db/badges.ts";
import {
  contrast,
  DARK_PAPER,
  fromHexColour,
  GLYPH,
  LIGHT_PAPER,
  type Palette,
  paletteAround,
  paletteOf,
} from "./art-colour.ts";
import { GLYPH_NAMES, type Glyph, glyphFor, glyphStrokes, isGlyph } from "./art-glyphs.ts";
import { drawPattern, PATTERNS, type Pattern, pleats } from "./art-patterns.ts";
import { type ArtShape, circle, type Outline, outlineOf, round } from "./art-shapes.ts";

export interface Art {
  readonly organizationId: string;
  readonly name: string;
  readonly category: BadgeCategory;
  /** A whole number from 1: bronze, silver, gold, platinum; counted in dots. */
  readonly tier?: number;
  readonly shape?: ArtShape;
  /** A glyph's name; chosen by the name's words where it is not given or not known. */
  readonly icon?: string;
  /** Degrees in OKLCH. */
  readonly hue?: number;
  /** Of the face, `#rrggbb`: counts before `hue`, and is taken as it is. */
  readonly colour?: string;
  /** As it is shown to who has not earned it yet: the same picture, nearly without colour. */
  readonly locked?: boolean;
}

/** No picture is larger, whatever its name. */
export const MAX_ART_BYTES = 6_000;

/** Contrast ratios of a picture's parts, 1 to 21. */
export interface ArtContrast {
  readonly glyphOnPlate: number;
  readonly faceOnLight: number;
  readonly faceOnDark: number;
}

const SHAPE_OF: Readonly<Record<BadgeCategory, ArtShape>> = {
  activity_milestone: "hexagon",
  recognition: "rosette",
  certification: "shield",
};

/** Between 60 and 110 degrees a colour dark enough for white looks like mud. */
const FIRST_HUE = 132;
const LAST_HUE = 412;
const HUES = 24;
const HUE_STEP = (LAST_HUE - FIRST_HUE) / (HUES - 1);

/** Lines: their width, and how long a dash is and the gap after it, round ends aside. */
const BORDERS = {
  line: { width: 3.5, dash: 0, gap: 0 },
  stitch: { width: 4.5, dash: 14, gap: 12 },
  beads: { width: 7, dash: 0, gap: 17 },
} as const;
type Border = keyof typeof BORDERS;
const BORDER_NAMES = Object.keys(BORDERS) as readonly Border[];

/** Of the colour of a picture that is not earned yet. */
const LOCKED_STRENGTH = 0.12;

interface Design {
  readonly id: string;
  readonly hue: number;
  readonly palette: Palette;
  readonly outline: Outline;
  readonly pattern: Pattern;
  readonly border: Border;
  readonly glyph: Glyph;
  readonly tier: number;
}

/** Everything that is chosen, by what is given and else by a hash: a tier changes none of it. */
function design(art: Art): Design {
  const seed = hash(`${art.organizationId}\n${art.category}\n${art.name}`);
  const choose = <T>(from: readonly [T, ...T[]] | readonly T[], salt: number): T =>
    from[mix(seed + salt) % from.length] as T;
  const shape = art.shape ?? SHAPE_OF[art.category];
  const ownHue = art.colour === undefined ? art.hue : fromHexColour(art.colour).h;
  const hue = ownHue ?? (FIRST_HUE + HUE_STEP * (mix(seed + 1) % HUES)) % 360;
  const icon = art.icon !== undefined && isGlyph(art.icon) ? art.icon : glyphFor(art.name);
  const { tier = 0 } = art;
  return {
    id: `f${seed.toString(36)}`,
    hue,
    palette:
      art.colour === undefined || art.locked === true
        ? paletteOf(hue, art.locked === true ? LOCKED_STRENGTH : 1)
        : paletteAround(art.colour),
    outline: outlineOf(shape),
    pattern: choose(PATTERNS, 2),
    border: choose(BORDER_NAMES, 3),
    glyph: icon ?? choose(GLYPH_NAMES, 4),
    tier: Number.isInteger(tier) && tier > 0 ? tier : 0,
  };
}

/**
 * An SVG of 512 by 512, at most `MAX_ART_BYTES`, the same for the same input for ever. Outlines
 * only: no text to be set in a font that somebody may not have. The name is its `<title>`.
 */
export function generateArt(art: Art): string {
  const drawn = design(art);
  const { outline, palette } = drawn;
  const tiered = drawn.tier > 0 ? `${art.name}, tier ${drawn.tier}` : art.name;
  const title = art.locked === true ? `${tiered}, not earned yet` : tiered;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img">',
    `<title>${escapeTitle(title)}</title>`,
    `<clipPath id="${drawn.id}"><path d="${outline.path}"/></clipPath>`,
    drawRim(drawn),
    `<path d="${outline.path}" fill="${palette.face}"/>`,
    `<g clip-path="url(#${drawn.id})">${drawPattern(drawn.pattern, outline, palette)}${pleats(outline, palette)}</g>`,
    drawBorder(drawn),
    drawPlate(drawn),
    drawDots(drawn),
    "</svg>",
  ].join("");
}

/** How far the colours of this picture stand apart, measured and not promised. */
export function artContrast(art: Art): ArtContrast {
  const { palette } = design(art);
  return {
    glyphOnPlate: contrast(GLYPH, palette.plate),
    faceOnLight: contrast(palette.face, LIGHT_PAPER),
    faceOnDark: contrast(palette.face, DARK_PAPER),
  };
}

interface Metal {
  readonly side: string;
  readonly rim: string;
  readonly line: string;
}

const METALS: readonly Metal[] = [
  { side: "#6d3f1a", rim: "#b0713a", line: "#f3d3b0" },
  { side: "#56616c", rim: "#8e9aa6", line: "#f1f5f8" },
  { side: "#7d5a06", rim: "#cf9b1d", line: "#fff0bf" },
  { side: "#3f5d68", rim: "#86a9b3", line: "#ecfbff" },
];

function metalOf({ tier, palette }: Design): Metal {
  return tier === 0 ? palette : (METALS[Math.min(tier, METALS.length) - 1] ?? palette);
}

const RIM = 40;
const THICKNESS = 8;

function drawRim(drawn: Design): string {
  const { path, tails } = drawn.outline;
  const { side, rim, line } = metalOf(drawn);
  const { palette } = drawn;
  const ribbons = tails.map(
    (tail, i) =>
      `<path d="${tail}" fill="${i === 0 ? palette.faceShade : palette.face}" stroke="${palette.rim}" stroke-width="12" stroke-linejoin="round"/>`,
  );
  return [
    ...ribbons,
    `<g stroke-linejoin="round"><path d="${path}" transform="translate(0 ${THICKNESS})" fill="${side}" stroke="${side}" stroke-width="${RIM}"/>`,
    `<path d="${path}" fill="none" stroke="${rim}" stroke-width="${RIM}"/>`,
    `<path d="${path}" fill="none" stroke="${line}" stroke-width="12"/></g>`,
  ].join("");
}

/** A line within the face that follows its outline, or is a circle. */
function drawBorder({ border, outline, palette }: Design): string {
  const { path, centre, ring } = outline;
  const { width, dash, gap } = BORDERS[border];
  const paint = `fill="none" stroke="${palette.line}" stroke-width="${width}" stroke-linecap="round"`;
  if (ring !== null) return circle(centre, ring, `${paint}${wholeDashes(dash, gap, ring)}`);
  const scale = 0.9;
  const { x, y } = centre;
  const move = `translate(${round(x * (1 - scale))} ${round(y * (1 - scale))}) scale(${scale})`;
  const dashes = gap === 0 ? "" : ` stroke-dasharray="${dash} ${gap}"`;
  return `<path d="${path}" transform="${move}" ${paint}${dashes}/>`;
}

/** Dashes around a circle, stretched so that the last meets the first. */
function wholeDashes(dash: number, gap: number, radius: number): string {
  if (gap === 0) return "";
  const length = 2 * Math.PI * radius;
  const stretch = length / Math.round(length / (dash + gap)) / (dash + gap);
  return ` stroke-dasharray="${(dash * stretch).toFixed(2)} ${(gap * stretch).toFixed(2)}"`;
}

function drawPlate({ outline, palette, glyph, border }: Design): string {
  const { centre, plate } = outline;
  const { x, y } = centre;
  const scale = (plate * 2 * 0.66) / 24;
  const place = `translate(${round(x - 12 * scale)} ${round(y - 12 * scale)}) scale(${round(scale)})`;
  const beads = `fill="none" stroke="${palette.plateShade}" stroke-width="8" stroke-linecap="round"`;
  return [
    circle({ x, y: y + 5 }, plate + 4, `fill="${palette.side}"`),
    circle(centre, plate, `fill="${palette.plate}" stroke="${palette.line}" stroke-width="6"`),
    border === "beads"
      ? circle(centre, plate - 14, `${beads}${wholeDashes(0, 15, plate - 14)}`)
      : "",
    `<g transform="${place}" fill="none" stroke="${GLYPH}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${glyphStrokes(glyph)}</g>`,
  ].join("");
}

const MOST_DOTS = 5;

/** Tiers are told by count, not by metal alone. */
function drawDots(drawn: Design): string {
  if (drawn.tier === 0) return "";
  const { side, line } = metalOf(drawn);
  const count = Math.min(drawn.tier, MOST_DOTS);
  const { x, y } = drawn.outline.dots;
  const width = count * 30 + 14;
  const circles = Array.from(
    { length: count },
    (_, i) => `<circle cx="${round(x + (i - (count - 1) / 2) * 30)}" cy="${round(y)}" r="9"/>`,
  );
  return `<rect x="${round(x - width / 2)}" y="${round(y - 20)}" width="${width}" height="40" rx="20" fill="${side}"/><g fill="${line}">${circles.join("")}</g>`;
}

/** Longest name a picture carries, in characters. */
const MAX_TITLE = 200;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** A name as XML text: what XML cannot hold becomes U+FFFD. XML 1.0, section 2.2. */
function escapeTitle(name: string): string {
  return [...name]
    .slice(0, MAX_TITLE)
    .join("")
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>]/g, (found) => ENTITIES[found] ?? found);
}

/** FNV-1a over UTF-16 units: 32 bits are enough to choose by, and synchronous. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return mix(value);
}

/** Spreads every bit over all: neighbours come out unlike each other. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
