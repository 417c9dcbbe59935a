// The outlines of generated art: a face for each kind of badge, and where things stand on it.

export const ART_SHAPES = ["hexagon", "rosette", "shield", "circle", "octagon", "diamond"] as const;
export type ArtShape = (typeof ART_SHAPES)[number];

export function isArtShape(name: string | null): name is ArtShape {
  return ART_SHAPES.some((shape) => shape === name);
}

/** A face on a canvas of 512 by 512, before its rim is drawn around it. */
export interface Outline {
  readonly path: string;
  /** Where the plate stands, and how large it may be. */
  readonly centre: Point;
  readonly plate: number;
  /** Where the middle of the row of tier dots stands. */
  readonly dots: Point;
  /** Drawn behind everything in the rim's colours; only the rosette has them. */
  readonly tails: readonly string[];
  /** Radius of the disc on a face of pleats; null for a face that is all one. */
  readonly disc: number | null;
  /** Radius of the line within the face where that is a circle; else it follows the outline. */
  readonly ring: number | null;
  /** Lines from the centre to the corners part the face into facets; none on curved faces. */
  readonly corners: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function at(centre: Point, radius: number, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
}

/** A circle element with more attributes. */
export function circle({ x, y }: Point, radius: number, attributes: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" ${attributes}/>`;
}

function print({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function regular(sides: number, centre: Point, radius: number, turn: number): Point[] {
  return Array.from({ length: sides }, (_, i) => at(centre, radius, turn + (360 / sides) * i));
}

/** A polygon whose corners are rounded by cutting `cut` off either side of each. */
function roundedPolygon(points: readonly Point[], cut: number): string {
  const towards = (from: Point, to: Point): Point => {
    const share = cut / Math.hypot(to.x - from.x, to.y - from.y);
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  };
  const corners = points.map((corner, i) => {
    const before = points.at(i - 1) ?? corner;
    const after = points[(i + 1) % points.length] ?? corner;
    return `${print(towards(corner, before))}Q${print(corner)} ${print(towards(corner, after))}`;
  });
  return `M${corners.join("L")}Z`;
}

const MIDDLE: Point = { x: 256, y: 252 };

function polygon(sides: number, radius: number, turn: number, cut: number): Outline {
  const corners = regular(sides, MIDDLE, radius, turn);
  return {
    path: roundedPolygon(corners, cut),
    centre: MIDDLE,
    plate: 132,
    dots: { x: 256, y: MIDDLE.y + radius * 0.74 },
    tails: [],
    disc: null,
    ring: null,
    corners,
  };
}

export const PETALS = 16;

/** A prize ribbon: a scalloped face with two tails below. */
function rosette(): Outline {
  const centre = { x: 256, y: 216 };
  const valleys = regular(PETALS, centre, 178, -90);
  const arcs = valleys.map((_, i) => {
    const next = valleys[(i + 1) % PETALS] ?? centre;
    return `A38 38 0 0 1 ${print(next)}`;
  });
  return {
    path: `M${print(valleys[0] ?? centre)}${arcs.join("")}Z`,
    centre,
    plate: 120,
    dots: { x: 256, y: 363 },
    tails: [
      "M196 330L128 484L176 474L206 506L262 360Z",
      "M316 330L384 484L336 474L306 506L250 360Z",
    ],
    disc: 160,
    ring: 144,
    corners: [],
  };
}

function shield(): Outline {
  return {
    path: "M240.5 34.6Q256 28 271.5 34.6Q346 64 424 72Q442 74 442 92V226C442 344 372 424 272 472Q256 480 240 472C140 424 70 344 70 226V92Q70 74 88 72Q166 64 240.5 34.6Z",
    centre: { x: 256, y: 238 },
    plate: 128,
    dots: { x: 256, y: 408 },
    tails: [],
    disc: null,
    ring: null,
    corners: [],
  };
}

function medallion(): Outline {
  const { x, y } = MIDDLE;
  return {
    path: `M${x} ${y - 212}A212 212 0 1 1 ${x} ${y + 212}A212 212 0 1 1 ${x} ${y - 212}Z`,
    centre: MIDDLE,
    plate: 136,
    dots: { x, y: y + 168 },
    tails: [],
    disc: null,
    ring: 191,
    corners: [],
  };
}

/** Made anew for each badge: an outline is a few lines of arithmetic. */
export function outlineOf(shape: ArtShape): Outline {
  switch (shape) {
    case "hexagon":
      return polygon(6, 224, -90, 34);
    case "octagon":
      return polygon(8, 222, -67.5, 26);
    case "diamond":
      return polygon(4, 232, -90, 62);
    case "rosette":
      return rosette();
    case "shield":
      return shield();
    case "circle":
      return medallion();
  }
}
