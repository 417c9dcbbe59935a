// What an upload's check lets pass, and every fault it names.

import { describe, expect, test } from "vitest";
import { inspectPng } from "../../src/bakery/inspect-png.ts";
import {
  MAX_FILE_BYTES,
  MAX_PNG_CHUNKS,
  MAX_PNG_DIMENSION,
  MAX_PNG_PIXELS,
} from "../../src/bakery/limits.ts";
import { joinParts } from "../../src/bakery/parts.ts";
import { chunk, IDAT, IEND, ihdr, itxt, latin1, PNG, pngOf, pngWith, text } from "./fixtures.ts";

const reasonOf = (bytes: Uint8Array) => {
  const inspected = inspectPng(bytes);
  return inspected.ok ? "ok" : inspected.reason;
};

/** A copy with the octets at `at` replaced. */
function patched(bytes: Uint8Array, at: number, ...octets: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(octets, at);
  return copy;
}

/** acTL: how many frames, played for ever. */
const acTL = (frames: number) =>
  chunk("acTL", Uint8Array.of(0, 0, frames >> 8, frames, 0, 0, 0, 0));
const fcTL = chunk("fcTL", new Uint8Array(26));
const palette = (entries: number) => chunk("PLTE", new Uint8Array(entries * 3));

describe("accepted", () => {
  test("the smallest PNG, and what it says of itself", () => {
    expect(inspectPng(PNG)).toEqual({
      ok: true,
      width: 1,
      height: 1,
      bitDepth: 8,
      colourType: 0,
      interlaced: false,
      chunks: 3,
      frames: 1,
      baked: false,
    });
  });

  test.each<[string, Uint8Array]>([
    ["every kind of ancillary chunk", pngWith(chunk("gAMA", new Uint8Array(4)), chunk("prVt"))],
    ["pixels in several chunks", pngOf(ihdr(), IDAT, chunk("IDAT"), IDAT, IEND)],
    ["chunks after the pixels", pngOf(ihdr(), IDAT, text("Title", "after"), IEND)],
    ["a palette of all its entries", pngOf(ihdr({ colour: 3, depth: 1 }), palette(2), IDAT, IEND)],
    ["a palette suggested for truecolour", pngOf(ihdr({ colour: 2 }), palette(256), IDAT, IEND)],
    ["interlacing", pngOf(ihdr({ interlace: 1 }), IDAT, IEND)],
  ])("%s", (_, bytes) => {
    expect(reasonOf(bytes)).toBe("ok");
  });

  test("an animation, counted by what it declares and by what it holds", () => {
    expect(inspectPng(pngWith(acTL(7), fcTL))).toMatchObject({ ok: true, frames: 7 });
    expect(inspectPng(pngWith(acTL(1), fcTL, fcTL, fcTL))).toMatchObject({ ok: true, frames: 3 });
  });

  test.each([
    ["openbadges in iTXt", itxt("{}")],
    ["openbadges in tEXt", text("openbadges", "https://x.example")],
    ["openbadgecredential", itxt("{}", { keyword: "openbadgecredential" })],
  ])("%s is noticed", (_, carrier) => {
    expect(inspectPng(pngWith(carrier))).toMatchObject({ ok: true, baked: true });
  });

  test("a keyword that only starts like ours is not", () => {
    const other = itxt("{}", { keyword: "openbadges2" });
    expect(inspectPng(pngWith(other))).toMatchObject({ ok: true, baked: false });
  });
});

describe("refused by its fault", () => {
  const lengthOf = (length: number) => patched(PNG, 33, ...[24, 16, 8, 0].map((s) => length >>> s));
  const faults: [string, string, Uint8Array][] = [
    ["empty file", "png-truncated", new Uint8Array()],
    ["no PNG at all", "png-bad-signature", latin1("GIF89a and so on")],
    ["sent as text, CR LF turned to LF", "png-bad-signature", latin1("\x89PNG\n\x1a\n")],
    ["bit 7 cleared", "png-bad-signature", patched(PNG, 0, 0x09)],
    ["signature alone", "png-truncated", PNG.subarray(0, 8)],
    [
      "length 0x7fffffff in 20 bytes",
      "png-truncated",
      pngOf(Uint8Array.of(127, 255, 255, 255, 73, 72, 68, 82, 0, 0, 0, 0)),
    ],
    ["chunk of 2 GiB less one", "png-truncated", lengthOf(0x7fffffff)],
    ["chunk of 2 GiB", "png-bad-chunk-length", lengthOf(0x80000000)],
    ["chunk of 4 GiB less one (OB20-PNG-10)", "png-bad-chunk-length", lengthOf(0xffffffff)],
    ["chunk one octet too long", "png-truncated", lengthOf(PNG.length - 33 - 11)],
    ["chunk type with a digit", "png-bad-chunk-type", pngWith(chunk("te1t"))],
    ["no IHDR", "png-missing-ihdr", pngOf(IDAT, IEND)],
    ["IDAT before IHDR", "png-missing-ihdr", pngOf(IDAT, ihdr(), IEND)],
    ["IHDR too short", "png-missing-ihdr", pngOf(chunk("IHDR", new Uint8Array(12)), IDAT, IEND)],
    ["IHDR twice", "png-bad-chunk-order", pngWith(ihdr())],
    ["IHDR CRC broken", "png-bad-crc", patched(PNG, 29, 0, 0, 0, 0)],
    ["IDAT CRC broken", "png-bad-crc", patched(PNG, 43, 0xff)],
    ["IEND CRC broken", "png-bad-crc", patched(PNG, PNG.length - 1, 0)],
    ["no width", "png-bad-dimensions", pngOf(ihdr({ width: 0 }), IDAT, IEND)],
    ["no height", "png-bad-dimensions", pngOf(ihdr({ height: 0 }), IDAT, IEND)],
    ["width of 2^32 - 1", "png-bad-dimensions", pngOf(ihdr({ width: 0xffffffff }), IDAT, IEND)],
    ["colour type 1", "png-bad-colour-type", pngOf(ihdr({ colour: 1 }), IDAT, IEND)],
    ["colour type 5", "png-bad-colour-type", pngOf(ihdr({ colour: 5 }), IDAT, IEND)],
    ["colour type 7", "png-bad-colour-type", pngOf(ihdr({ colour: 7 }), IDAT, IEND)],
    ["depth 3", "png-bad-bit-depth", pngOf(ihdr({ depth: 3 }), IDAT, IEND)],
    ["truecolour of 4 bits", "png-bad-bit-depth", pngOf(ihdr({ colour: 2, depth: 4 }), IDAT, IEND)],
    ["palette of 16 bits", "png-bad-bit-depth", pngOf(ihdr({ colour: 3, depth: 16 }), IDAT, IEND)],
    ["unknown compression", "png-bad-compression", pngOf(ihdr({ compression: 1 }), IDAT, IEND)],
    ["unknown filter", "png-bad-filter", pngOf(ihdr({ filter: 1 }), IDAT, IEND)],
    ["unknown interlace", "png-bad-interlace", pngOf(ihdr({ interlace: 2 }), IDAT, IEND)],
    ["palette missing", "png-missing-palette", pngOf(ihdr({ colour: 3 }), IDAT, IEND)],
    ["palette for grey", "png-bad-palette", pngWith(palette(1))],
    ["palette empty", "png-bad-palette", pngOf(ihdr({ colour: 3 }), palette(0), IDAT, IEND)],
    ["palette of 257", "png-bad-palette", pngOf(ihdr({ colour: 2 }), palette(257), IDAT, IEND)],
    [
      "palette too large for its depth",
      "png-bad-palette",
      pngOf(ihdr({ colour: 3, depth: 1 }), palette(3), IDAT, IEND),
    ],
    [
      "palette of four octets",
      "png-bad-palette",
      pngOf(ihdr({ colour: 3 }), chunk("PLTE", new Uint8Array(4)), IDAT, IEND),
    ],
    [
      "palette twice",
      "png-bad-chunk-order",
      pngOf(ihdr({ colour: 2 }), palette(1), palette(1), IDAT, IEND),
    ],
    [
      "palette after the pixels",
      "png-bad-chunk-order",
      pngOf(ihdr({ colour: 2 }), IDAT, palette(1), IEND),
    ],
    ["pixels interrupted", "png-bad-chunk-order", pngOf(ihdr(), IDAT, text("a", "b"), IDAT, IEND)],
    ["no pixels", "png-missing-idat", pngOf(ihdr(), IEND)],
    ["unknown critical chunk", "png-unknown-critical-chunk", pngWith(chunk("FOOO"))],
    ["no IEND", "png-missing-iend", pngOf(ihdr(), IDAT)],
    [
      "IEND with data",
      "png-bad-chunk-length",
      pngOf(ihdr(), IDAT, chunk("IEND", new Uint8Array(1))),
    ],
    ["one byte after IEND", "png-trailing-bytes", joinParts([PNG, Uint8Array.of(10)])],
    ["a ZIP after IEND", "png-trailing-bytes", joinParts([PNG, latin1("PK\x03\x04")])],
    ["animation of no frames", "png-bad-animation", pngWith(acTL(0))],
    [
      "animation declared after the pixels",
      "png-bad-animation",
      pngOf(ihdr(), IDAT, acTL(1), IEND),
    ],
    ["animation control too short", "png-bad-animation", pngWith(chunk("acTL", new Uint8Array(4)))],
  ];

  test.each(faults)("%s: %s", (_, reason, bytes) => {
    expect(reasonOf(bytes)).toBe(reason);
  });

  test("the detail says what to do and where", () => {
    expect(inspectPng(patched(PNG, 43, 0xff))).toEqual({
      ok: false,
      reason: "png-bad-crc",
      offset: PNG.length - 16,
      detail: "The checksum of chunk IDAT is wrong: the file is damaged.",
    });
  });

  test("truncated at every byte", () => {
    const whole = pngWith(itxt("{}"));
    for (let length = 0; length < whole.length; length++) {
      expect(reasonOf(whole.subarray(0, length))).toMatch(/^png-(truncated|missing-iend)$/);
    }
    expect(reasonOf(whole)).toBe("ok");
  });

  test("any one bit flipped", () => {
    const whole = pngWith(itxt("{}"));
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = patched(whole, bit >> 3, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
      expect(reasonOf(flipped)).not.toBe("ok");
    }
  });
});

describe("limits", () => {
  const filler = (bytes: number) => chunk("prVt", new Uint8Array(bytes - PNG.length - 12));

  test("file size", () => {
    const largest = pngWith(filler(MAX_FILE_BYTES));
    expect(largest.length).toBe(MAX_FILE_BYTES);
    expect(reasonOf(largest)).toBe("ok");
    expect(reasonOf(pngWith(filler(MAX_FILE_BYTES + 1)))).toBe("png-over-byte-limit");
    expect(inspectPng(PNG, { maxBytes: PNG.length - 1 })).toMatchObject({
      reason: "png-over-byte-limit",
    });
  });

  test("chunks", () => {
    const fill = (count: number) => Array.from({ length: count }, () => chunk("prVt"));
    expect(reasonOf(pngWith(...fill(MAX_PNG_CHUNKS - 3)))).toBe("ok");
    expect(reasonOf(pngWith(...fill(MAX_PNG_CHUNKS - 2)))).toBe("png-over-chunk-limit");
    expect(inspectPng(PNG, { maxChunks: 2 })).toMatchObject({ reason: "png-over-chunk-limit" });
  });

  test.each(["width", "height"])("%s", (side) => {
    const of = (pixels: number) => pngOf(ihdr({ [side]: pixels }), IDAT, IEND);
    expect(reasonOf(of(MAX_PNG_DIMENSION))).toBe("ok");
    expect(reasonOf(of(MAX_PNG_DIMENSION + 1))).toBe("png-over-dimension-limit");
    expect(inspectPng(of(9), { maxDimension: 8 })).toMatchObject({
      reason: "png-over-dimension-limit",
    });
  });

  test("pixels", () => {
    const rows = MAX_PNG_PIXELS / MAX_PNG_DIMENSION;
    const of = (height: number) => pngOf(ihdr({ width: MAX_PNG_DIMENSION, height }), IDAT, IEND);
    expect(reasonOf(of(rows))).toBe("ok");
    expect(reasonOf(of(rows + 1))).toBe("png-over-pixel-limit");
  });

  test("pixels of all frames", () => {
    const of = (frames: number) =>
      pngOf(ihdr({ width: 4096, height: 1024 }), acTL(frames), IDAT, IEND);
    expect(reasonOf(of(4))).toBe("ok");
    expect(reasonOf(of(5))).toBe("png-over-pixel-limit");
  });
});
