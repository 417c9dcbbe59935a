// Colours of generated art: OKLCH to sRGB, contrast, and a palette that keeps its promises.

/** Lightness 0 to 1, chroma from 0 (about 0.3 is as strong as a screen goes), hue in degrees. */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** The two papers a badge is shown on. */
export const LIGHT_PAPER = "#fbfaf7";
export const DARK_PAPER = "#14161a";
export const GLYPH = "#ffffff";

/** WCAG 2.2, 1.4.3: as for text, though a glyph needs less. */
export const MIN_GLYPH_CONTRAST = 4.5;
/** WCAG 2.2, 1.4.11, for the badge's face on either paper. */
export const MIN_FACE_CONTRAST = 3;

type Rgb = readonly [number, number, number];

/** Linear sRGB, perhaps outside 0 to 1. Matrices of Björn Ottosson's OKLab. */
function toLinear({ l, c, h }: Oklch): Rgb {
  const angle = (h * Math.PI) / 180;
  const a = c * Math.cos(angle);
  const b = c * Math.sin(angle);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function isInGamut(rgb: Rgb): boolean {
  return rgb.every((value) => value >= -0.0005 && value <= 1.0005);
}

/** The same lightness and hue, with as much of the chroma as sRGB has. */
function intoGamut(colour: Oklch): Oklch {
  if (isInGamut(toLinear(colour))) return colour;
  let low = 0;
  let high = colour.c;
  for (let step = 0; step < 16; step++) {
    const c = (low + high) / 2;
    if (isInGamut(toLinear({ ...colour, c }))) low = c;
    else high = c;
  }
  return { ...colour, c: low };
}

/** `#rrggbb` of a colour, its chroma lowered until a screen can show it. */
export function toHexColour(colour: Oklch): string {
  const channels = toLinear(intoGamut(colour)).map((value) => {
    const linear = Math.min(1, Math.max(0, value));
    const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

/** Linear sRGB of `#rrggbb`. */
function linearOf(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** `#rrggbb` in OKLCH: what `toHexColour` turns back into it. */
export function fromHexColour(hex: string): Oklch {
  const [r, g, b] = linearOf(hex);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const bb = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return { l, c: Math.hypot(a, bb), h: ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360 };
}

/** Relative luminance of `#rrggbb`. WCAG 2.2, definitions. */
export function luminance(hex: string): number {
  const [r, g, b] = linearOf(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colours, 1 to 21. WCAG 2.2, definitions. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** From the outside in. */
export interface Palette {
  /** The rim's side, as if the badge had thickness. */
  readonly side: string;
  readonly rim: string;
  /** Thin lines. */
  readonly line: string;
  readonly face: string;
  readonly faceLight: string;
  readonly faceShade: string;
  readonly plate: string;
  readonly plateShade: string;
}

/**
 * Colours around one hue. The face grows darker from a bright start until it stands out on both
 * papers; the plate behind the glyph does so until white can be read on it. `strength` is how much
 * of the colour there is, from 0 for greys.
 */
export function paletteOf(hue: number, strength = 1): Palette {
  const face = darkenUntil({ l: 0.595, c: 0.15 * strength, h: hue }, (hex) => {
    const light = contrast(hex, LIGHT_PAPER);
    return light >= MIN_FACE_CONTRAST && contrast(hex, DARK_PAPER) >= MIN_FACE_CONTRAST;
  });
  const plate = darkenUntil(
    { l: 0.4, c: 0.115 * strength, h: hue },
    (hex) => contrast(hex, GLYPH) >= MIN_GLYPH_CONTRAST,
  );
  const shade = (l: number, c: number) => toHexColour({ l, c, h: hue });
  const faint = (l: number, c: number) => shade(l, c * strength);
  return {
    side: faint(0.27, 0.08),
    rim: faint(0.37, 0.11),
    line: faint(0.89, 0.07),
    face: toHexColour(face),
    faceLight: shade(face.l + 0.04, face.c),
    faceShade: shade(face.l - 0.055, face.c),
    plate: toHexColour(plate),
    plateShade: shade(plate.l - 0.1, plate.c),
  };
}

/** Of a colour as strong as those that are chosen by hue. */
const FULL_CHROMA = 0.15;

/** Colours around a face that somebody chose, which stays as it is, readable or not. */
export function paletteAround(colour: string): Palette {
  const { l, c, h } = fromHexColour(colour);
  const shade = (by: number) => toHexColour({ l: Math.min(1, Math.max(0, l + by)), c, h });
  return {
    ...paletteOf(h, Math.min(1, c / FULL_CHROMA)),
    face: colour.toLowerCase(),
    faceLight: shade(0.04),
    faceShade: shade(-0.055),
  };
}

/** Whether a face of this colour stands out on both papers. */
export function standsOut(colour: string): boolean {
  return [LIGHT_PAPER, DARK_PAPER].every((paper) => contrast(colour, paper) >= MIN_FACE_CONTRAST);
}

/** The colour of the same hue that stands out on both papers and is nearest in lightness. */
export function nearestThatStandsOut(colour: string): string {
  const chosen = fromHexColour(colour);
  for (let step = 0; step <= 100; step++) {
    for (const l of [chosen.l - step / 100, chosen.l + step / 100]) {
      const hex = toHexColour({ ...chosen, l });
      if (l > 0 && l < 1 && standsOut(hex)) return hex;
    }
  }
  return paletteOf(chosen.h).face;
}

function darkenUntil(start: Oklch, suits: (hex: string) => boolean): Oklch {
  for (let l = start.l; l > 0.2; l -= 0.005) {
    if (suits(toHexColour({ ...start, l }))) return { ...start, l };
  }
  throw new RangeError(`no lightness suits hue ${start.h}`);
}
