// Image data unpacked against the size the header declares.

import { describe, expect, test } from "vitest";
import { inspectPng } from "../../src/bakery/inspect-png.ts";
import { checkPngPixels, scanlineBytes } from "../../src/bakery/png-pixels.ts";
import { chunk, IEND, ihdr, PNG, pngOf, zlibDeflated, zlibStored } from "./fixtures.ts";

const BAD = { ok: false, reason: "png-bad-pixels" };

async function png(header: Parameters<typeof ihdr>[0], stream: Uint8Array) {
  const bytes = pngOf(ihdr(header), chunk("IDAT", stream), IEND);
  expect(inspectPng(bytes)).toMatchObject({ ok: true });
  return checkPngPixels(bytes);
}

test.each([
  [{ width: 1, height: 1, bitDepth: 8, colourType: 0, interlaced: false }, 2],
  [{ width: 9, height: 2, bitDepth: 1, colourType: 0, interlaced: false }, 6],
  [{ width: 3, height: 3, bitDepth: 16, colourType: 6, interlaced: false }, 75],
  [{ width: 8, height: 8, bitDepth: 8, colourType: 2, interlaced: true }, 207],
  [{ width: 1, height: 1, bitDepth: 8, colourType: 4, interlaced: true }, 3],
  [{ width: 2, height: 3, bitDepth: 4, colourType: 3, interlaced: true }, 10],
])("scanlines of %o", (header, bytes) => {
  expect(scanlineBytes(header)).toBe(bytes);
});

describe("checkPngPixels", () => {
  test("accepts what unpacks to the declared size, stored or deflated, in one chunk or many", async () => {
    expect(await checkPngPixels(PNG)).toEqual({ ok: true });
    const lines = new Uint8Array(100 * 101);
    const stream = await zlibDeflated(lines);
    expect(await png({ width: 100, height: 100 }, stream)).toEqual({ ok: true });
    const octets = Array.from(stream, (octet) => chunk("IDAT", Uint8Array.of(octet)));
    const bytes = pngOf(ihdr({ width: 100, height: 100 }), ...octets, IEND);
    expect(await checkPngPixels(bytes)).toEqual({ ok: true });
  });

  test("refuses one octet too few and one too many", async () => {
    expect(await png({}, zlibStored(new Uint8Array(1)))).toMatchObject(BAD);
    expect(await png({}, zlibStored(new Uint8Array(3)))).toMatchObject(BAD);
  });

  test("stops a bomb: 64 KiB of zlib that unpack to 64 MiB", async () => {
    const bomb = await zlibDeflated(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await png({ width: 8, height: 8 }, bomb)).toMatchObject(BAD);
  });

  test.each<[string, (stream: Uint8Array) => Uint8Array]>([
    ["no zlib at all", () => new Uint8Array(20)],
    ["nothing", () => new Uint8Array()],
    ["cut off", (stream) => stream.subarray(0, -5)],
    ["checksum wrong", (stream) => stream.with(-1, (stream.at(-1) ?? 0) ^ 1)],
  ])("refuses a damaged stream: %s", async (_, damage) => {
    expect(await png({}, damage(zlibStored(Uint8Array.of(0, 0))))).toMatchObject(BAD);
  });

  test("refuses a file that does not walk", async () => {
    expect(await checkPngPixels(PNG.subarray(0, 40))).toMatchObject({ reason: "png-truncated" });
  });
});
