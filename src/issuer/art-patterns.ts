// What is drawn on the face of generated art behind the plate: calm, in shades of the face's own colour.
import type { Palette } from "./art-colour.ts";
import { circle, type Outline, PETALS, type Point, round } from "./art-shapes.ts";

export const PATTERNS = ["facets", "rays", "rings", "stripes", "dots", "guilloche"] as const;
export type Pattern = (typeof PATTERNS)[number];

/** Beyond the canvas from any centre. */
const FAR = 340;

/** SVG elements to be clipped to the face. */
export function drawPattern(pattern: Pattern, outline: Outline, palette: Palette): string {
  switch (pattern) {
    case "facets":
      return facets(outline, palette);
    case "rays":
      return rays(outline.centre, 24, palette.faceShade);
    case "rings":
      return rings(outline.centre, palette);
    case "stripes":
      return stripes(palette);
    case "dots":
      return dots(outline.centre, palette);
    case "guilloche":
      return guilloche(outline.centre, palette);
  }
}

/** As if cut: every second part between two corners is lighter or darker than the face. */
function facets({ corners, centre }: Outline, palette: Palette): string {
  if (corners.length === 0) return rays(centre, 4, palette.faceShade);
  const shades = [palette.faceLight, palette.faceShade];
  return corners
    .map((corner, i) => {
      const next = corners[(i + 1) % corners.length] ?? corner;
      const points = [centre, beyond(centre, corner), beyond(centre, next)];
      const list = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join("L");
      return `<path d="M${list}Z" fill="${shades[i % 2]}"/>`;
    })
    .join("");
}

function beyond(centre: Point, point: Point): Point {
  return {
    x: centre.x + (point.x - centre.x) * 1.2,
    y: centre.y + (point.y - centre.y) * 1.2,
  };
}

/** One circle, its stroke as wide as its radius is long twice over and cut into dashes: wedges. */
function rays(centre: Point, count: number, colour: string): string {
  const radius = FAR / 2;
  const dash = round((Math.PI * radius) / count);
  const paint = `fill="none" stroke="${colour}" stroke-width="${FAR}" stroke-dasharray="${dash}"`;
  return circle(centre, radius, paint);
}

function rings({ x, y }: Point, palette: Palette): string {
  const radii = [150, 186, 222, 258];
  const circles = radii.map((r) => `<circle cx="${x}" cy="${y}" r="${r}"/>`).join("");
  return `<g fill="none" stroke="${palette.faceShade}" stroke-width="18">${circles}</g>`;
}

function stripes(palette: Palette): string {
  let path = "";
  for (let x = -480; x < 512; x += 44) path += `M${x} 520l520-520`;
  return `<path d="${path}" fill="none" stroke="${palette.faceShade}" stroke-width="15"/>`;
}

/** Rings of dots, each of a stroke whose dashes are nothing but their round ends. */
function dots({ x, y }: Point, palette: Palette): string {
  const circles = [150, 180, 210, 240].map((r, i) => {
    const gap = round((2 * Math.PI * r) / 36);
    const turn = i % 2 === 0 ? "" : ` transform="rotate(5 ${x} ${y})"`;
    return `<circle cx="${x}" cy="${y}" r="${r}" stroke-dasharray="0 ${gap}"${turn}/>`;
  });
  return `<g fill="none" stroke="${palette.faceLight}" stroke-width="11" stroke-linecap="round">${circles.join("")}</g>`;
}

/** The rosette of ellipses that banknotes and certificates are printed with. */
function guilloche(centre: Point, palette: Palette): string {
  const { x, y } = centre;
  const ellipses = Array.from(
    { length: 12 },
    (_, i) =>
      `<ellipse cx="${x}" cy="${y}" rx="226" ry="96" transform="rotate(${i * 15} ${x} ${y})"/>`,
  );
  return `<g fill="none" stroke="${palette.faceLight}" stroke-width="4">${ellipses.join("")}</g>`;
}

/** The pleats of a rosette between its disc and its petals, one in two of them in shade. */
export function pleats({ centre, disc }: Outline, palette: Palette): string {
  if (disc === null) return "";
  const { x, y } = centre;
  const width = 90;
  const radius = disc + width / 2;
  const dash = round((Math.PI * radius) / PETALS);
  const ring = `<circle cx="${x}" cy="${y}" r="${radius}"`;
  return [
    `<g fill="none" stroke-width="${width}">${ring} stroke="${palette.face}"/>`,
    `${ring} stroke="${palette.faceShade}" stroke-dasharray="${dash}" transform="rotate(-90 ${x} ${y})"/></g>`,
    `<circle cx="${x}" cy="${y}" r="${disc}" fill="none" stroke="${palette.line}" stroke-width="6"/>`,
  ].join("");
}
