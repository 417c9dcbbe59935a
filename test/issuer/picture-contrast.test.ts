// How well an uploaded picture is seen on a light and on a dark page.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImageEngine } from "../../src/env.ts";
import {
  contrastWarnings,
  MAX_LOOKED_AT_PIXELS,
  pngContrast,
} from "../../src/issuer/picture-contrast.ts";
import { chunk, IEND, ihdr, pngOf, zlibStored } from "../bakery/fixtures.ts";

const SIDE = 64;

interface Made {
  readonly colourType?: number;
  readonly palette?: readonly number[];
  readonly filter?: (row: number) => number;
  readonly side?: number;
}

/** A square of pixels, each row filtered as it is told (PNG third edition, section 9.2). */
function picture(pixel: (x: number, y: number) => readonly number[], made: Made = {}) {
  const { colourType = 6, palette, filter = () => 0, side = SIDE } = made;
  const step = pixel(0, 0).length;
  const raw = Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => pixel(x, y)).flat(),
  );
  const rows = raw.flatMap((row, y) => [
    filter(y),
    ...row.map((value, i) => {
      const left = row[i - step] ?? 0;
      const above = raw[y - 1]?.[i] ?? 0;
      const corner = i < step ? 0 : (raw[y - 1]?.[i - step] ?? 0);
      const guess = left + above - corner;
      const nearest = [left, above, corner].reduce((best, each) =>
        Math.abs(guess - each) < Math.abs(guess - best) ? each : best,
      );
      return (value - ([0, left, above, (left + above) >> 1, nearest][filter(y)] ?? 0)) & 255;
    }),
  ]);
  return pngOf(
    ihdr({ width: side, height: side, colour: colourType }),
    ...(palette === undefined ? [] : [chunk("PLTE", Uint8Array.from(palette))]),
    chunk("IDAT", zlibStored(Uint8Array.from(rows))),
    IEND,
  );
}

const NO_ENGINE: ImageEngine = {
  available: false,
  rasterise: async () => ({ ok: false, reason: "unavailable" }),
};

const codesOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  (await contrastWarnings(NO_ENGINE, { mediaType: "image/png", bytes })).map(({ code }) => code);

describe("what is said of a picture", () => {
  it.each([
    ["white", [255, 255, 255, 255], ["image-contrast-low-on-light"]],
    ["black", [0, 0, 0, 255], ["image-contrast-low-on-dark"]],
    ["a blue that suits both", [0x3a, 0x76, 0xd8, 255], []],
    ["nothing but air", [0, 0, 0, 0], []],
    ["barely there", [0, 0, 0, 127], []],
    ["half there", [0, 0, 0, 128], ["image-contrast-low-on-dark"]],
  ])("%s", async (_what, colour, codes) => {
    expect(await codesOf(picture(() => colour))).toEqual(codes);
  });

  it("a quarter that stands out carries a picture, less does not", async () => {
    const white = [255, 255, 255, 255];
    const of = (rows: number) => codesOf(picture((_x, y) => (y < rows ? [0, 0, 0, 255] : white)));
    expect(await of(SIDE / 4)).toEqual([]);
    expect(await of(SIDE / 4 - 1)).toEqual(["image-contrast-low-on-light"]);
  });

  it.each([
    ["grey", 0, [255], undefined],
    ["grey with alpha", 4, [255, 255], undefined],
    ["colour", 2, [255, 255, 255], undefined],
    ["palette", 3, [1], [0, 0, 0, 255, 255, 255]],
  ])("%s is read, too", async (_what, colourType, colour, palette) => {
    const bytes = picture(() => colour, {
      colourType,
      ...(palette === undefined ? {} : { palette }),
    });
    expect(await codesOf(bytes)).toEqual(["image-contrast-low-on-light"]);
  });

  it("where a runtime cannot draw, an SVG is taken without a word", async () => {
    const bytes = new TextEncoder().encode("<svg/>");
    expect(await contrastWarnings(NO_ENGINE, { mediaType: "image/svg+xml", bytes })).toEqual([]);
  });
});

describe("pngContrast", () => {
  it("is the same however the rows are filtered", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(255), { minLength: 64, maxLength: 64 }),
        fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }),
        async (values, filters) => {
          const pixel = (x: number, y: number) =>
            [0, 1, 2, 3].map((i) => values[(x * 7 + y * 13 + i * 3) % 64] ?? 0);
          const filtered = picture(pixel, { filter: (row) => filters[row % 4] ?? 0 });
          expect(await pngContrast(filtered)).toEqual(await pngContrast(picture(pixel)));
        },
      ),
      { numRuns: 10 },
    );
  });

  it("unpacks no picture with more than so many pixels", async () => {
    const side = Math.sqrt(MAX_LOOKED_AT_PIXELS);
    const grey = (of: number) =>
      pngContrast(picture(() => [0], { colourType: 0, side: of, filter: () => 0 }));
    expect(await grey(side)).not.toBeNull();
    expect(await grey(side + 1)).toBeNull();
  });

  it("says nothing of what is no PNG, cut off, or interlaced", async () => {
    const whole = picture(() => [0, 0, 0, 255]);
    expect(await pngContrast(new Uint8Array(0))).toBeNull();
    expect(await pngContrast(whole.slice(0, whole.length - 40))).toBeNull();
  });
});
