// Two pictures of our own making for the demo to upload: a PNG painted here, and an SVG.
import { crc32, deflateSync } from "node:zlib";

const SIZE = 480;

type Colour = readonly [red: number, green: number, blue: number];

const NIGHT: Colour = [27, 38, 84];
const DUSK: Colour = [92, 74, 142];
const MOON: Colour = [250, 232, 178];
const HILL: Colour = [16, 60, 58];
const RING: Colour = [214, 170, 78];

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const PLATE: Disc = { x: 240, y: 240, radius: 228 };
const FIELD: Disc = { x: 240, y: 240, radius: 206 };
const BRIGHT: Disc = { x: 262, y: 190, radius: 84 };
/** What it covers is the dark part of the moon. */
const DARK: Disc = { x: 296, y: 172, radius: 74 };
const HILLS: readonly Disc[] = [
  { x: 150, y: 520, radius: 190 },
  { x: 350, y: 560, radius: 220 },
];
const STARS: readonly Disc[] = [
  { x: 118, y: 150, radius: 5 },
  { x: 160, y: 232, radius: 4 },
  { x: 380, y: 250, radius: 5 },
  { x: 196, y: 96, radius: 4 },
  { x: 92, y: 250, radius: 3 },
];

/** How much of a pixel a disc covers, 0 to 1: its edge is one pixel soft. */
function coverage(disc: Disc, x: number, y: number): number {
  const inside = disc.radius - Math.hypot(x - disc.x, y - disc.y) + 0.5;
  return Math.min(1, Math.max(0, inside));
}

function mix(below: Colour, above: Colour, share: number): Colour {
  const channel = (i: 0 | 1 | 2) => below[i] + (above[i] - below[i]) * share;
  return [channel(0), channel(1), channel(2)];
}

function colourAt(x: number, y: number): Colour {
  let field = mix(NIGHT, DUSK, y / SIZE);
  for (const star of STARS) field = mix(field, MOON, coverage(star, x, y));
  const moon = Math.min(coverage(BRIGHT, x, y), 1 - coverage(DARK, x, y));
  field = mix(field, MOON, moon);
  for (const hill of HILLS) field = mix(field, HILL, coverage(hill, x, y));
  return mix(RING, field, coverage(FIELD, x, y));
}

/** One byte for the filter (none), then four for each pixel. */
function scanlines(): Uint8Array {
  const stride = 1 + SIZE * 4;
  const bytes = new Uint8Array(stride * SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const alpha = Math.round(coverage(PLATE, x, y) * 255);
      const colour = alpha === 0 ? ([0, 0, 0] as const) : colourAt(x, y);
      bytes.set([...colour.map(Math.round), alpha], y * stride + 1 + x * 4);
    }
  }
  return bytes;
}

/** Length, name, content, checksum: PNG (third edition), section 5.3. */
function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(content.length, 0);
  named.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}

/** A crescent moon over two hills, 480 by 480 pixels. */
export function moonPng(): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  // Eight bits a channel, colour with alpha.
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(scanlines(), { level: 9 })),
      chunk("IEND", new Uint8Array(0)),
    ]),
  );
}

/** A bridge of three arches over water. */
export const BRIDGE_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
  <title>A bridge of three arches</title>
  <circle cx="200" cy="200" r="190" fill="#f3ead7"/>
  <circle cx="200" cy="200" r="178" fill="#2b5d6b"/>
  <path d="M22 214h356a178 178 0 0 1-356 0z" fill="#1b3f4d"/>
  <path d="M40 150h320v26H40z" fill="#f0b45b"/>
  <path d="M52 176h296v70h-22a44 44 0 0 0-88 0h-4a38 38 0 0 0-68 0h-4a44 44 0 0 0-88 0H52z" fill="#e2973f"/>
  <path d="M70 282q32-18 65 0t65 0 65 0 65 0M96 318q26-14 52 0t52 0 52 0 52 0" fill="none" stroke="#8fd0d6" stroke-width="9" stroke-linecap="round"/>
  <path d="M84 150v-34M142 150v-34M200 150v-34M258 150v-34M316 150v-34M84 116h232" stroke="#f0b45b" stroke-width="8" stroke-linecap="round"/>
</svg>
`;
