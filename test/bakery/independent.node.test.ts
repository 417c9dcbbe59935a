// What others make of our files, and we of theirs: an independent reader, and published images.

import { readdirSync } from "node:fs";
import { inflateSync } from "node:zlib";
import extractChunks from "png-chunks-extract";
import { describe, expect, test } from "vitest";
import { bakePng, stripPng, unbakePng } from "../../src/bakery/bake-png.ts";
import { bakeSvg, stripSvg } from "../../src/bakery/bake-svg.ts";
import { detectKind } from "../../src/bakery/detect.ts";
import { inspectPng } from "../../src/bakery/inspect-png.ts";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import { OB3_KEYWORD } from "../../src/bakery/png-carrier.ts";
import { checkPngPixels, scanlineBytes } from "../../src/bakery/png-pixels.ts";
import { OB3_SVG } from "../../src/bakery/svg-plan.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { hasSpecData, specFile, specFolder } from "../spec-data.ts";
import { ADDRESS, bytesOf, chunk, JSON_TEXT, PNG, pngWith, svg, utf8 } from "./fixtures.ts";

describe("png-chunks-extract reads what we bake", () => {
  test("one chunk more, after IHDR, its data as the specification spells it", () => {
    const original = pngWith(chunk("gAMA", new Uint8Array(4)));
    const [first, second, ...others] = extractChunks(bytesOf(bakePng(original, JSON_TEXT)));
    const [header, ...rest] = extractChunks(original);
    expect(first).toEqual(header);
    expect(others).toEqual(rest);
    expect(second?.name).toBe("iTXt");
    const data = Buffer.from(second?.data ?? []);
    expect(data.toString("utf8")).toBe(`openbadges\0\0\0\0\0${JSON_TEXT}`);
  });

  test("its own failing: it is only let near files whose lengths we have walked", () => {
    const lying = PNG.subarray(0, 45).slice();
    lying.set([0x7f, 0xff, 0xff, 0xff], 33);
    expect(inspectPng(lying)).toMatchObject({ ok: false, reason: "png-truncated" });
  });
});

const suite = hasSpecData
  ? readdirSync(specFolder("png/pngsuite/")).filter((name) => name.endsWith(".png"))
  : [];
const damaged: Record<string, string> = {
  "xs1n0g01.png": "png-bad-signature",
  "xs2n0g01.png": "png-bad-signature",
  "xs4n0g01.png": "png-bad-signature",
  "xs7n0g01.png": "png-bad-signature",
  "xcrn0g04.png": "png-bad-signature",
  "xlfn0g04.png": "png-bad-signature",
  "xhdn0g08.png": "png-bad-crc",
  "xcsn0g01.png": "png-bad-crc",
  "xc1n0g08.png": "png-bad-colour-type",
  "xc9n2c08.png": "png-bad-colour-type",
  "xd0n2c08.png": "png-bad-bit-depth",
  "xd3n2c08.png": "png-bad-bit-depth",
  "xd9n2c08.png": "png-bad-bit-depth",
  "xdtn0g01.png": "png-missing-idat",
};
const sound = suite.filter((name) => !(name in damaged));

describe.skipIf(!hasSpecData)("PngSuite", () => {
  test("has 161 well-formed files and 14 damaged ones", () => {
    expect([sound.length, suite.length - sound.length]).toEqual([161, 14]);
  });

  test.each(sound)("%s bakes and reads, and every other octet stays", async (name) => {
    const original = specFile(`png/pngsuite/${name}`);
    const inspected = inspectPng(original);
    expect(inspected).toMatchObject({ ok: true, baked: false });
    expect(await checkPngPixels(original)).toEqual({ ok: true });
    const baked = bytesOf(bakePng(original, JSON_TEXT));
    expect(await unbakePng(baked)).toEqual({
      ok: true,
      payload: { kind: "json", text: JSON_TEXT },
    });
    expect(Buffer.compare(bytesOf(stripPng(baked)), original)).toBe(0);
    const pixels = extractChunks(baked).filter((one) => one.name === "IDAT");
    const unpacked = inflateSync(Buffer.concat(pixels.map(({ data }) => data)));
    expect(inspected.ok && scanlineBytes(inspected)).toBe(unpacked.length);
  });

  test.each(Object.entries(damaged))("%s: %s", (name, reason) => {
    const bytes = specFile(`png/pngsuite/${name}`);
    expect(inspectPng(bytes)).toMatchObject({ ok: false, reason });
  });
});

describe.skipIf(!hasSpecData)("published samples", () => {
  test("OB20-PNG-04 the baked badge of Open Badges 2.0", async () => {
    const bytes = specFile("ob20/samples/simple-badge.png");
    expect(detectKind(bytes)).toBe("png");
    expect(inspectPng(bytes)).toMatchObject({ ok: true, baked: true });
    const unbaked = await unbakePng(bytes);
    const text = unbaked.ok && unbaked.payload?.kind === "json" ? unbaked.payload.text : "null";
    expect(JSON.parse(text)).toMatchObject({ type: "Assertion" });
    const again = bytesOf(bakePng(bytes, text));
    expect(Buffer.compare(again, bytes)).toBe(0);
  });

  test.each([
    ["simple-json.png", "json"],
    ["simple-jwt.png", "jws"],
    ["simple-jwt_v1.png", "jws"],
  ])(
    "OB20-PNG-08 the baked credential of Open Badges 3.0, after the pixels: %s",
    async (name, kind) => {
      const bytes = specFile(`ob30/samples/${name}`);
      expect(await unbakePng(bytes, OB3_KEYWORD)).toMatchObject({ ok: true, payload: { kind } });
      expect(await unbakePng(bytes)).toEqual({ ok: true, payload: undefined });
    },
  );

  test.each([
    ["simple-json.svg", "json"],
    ["simple-jwt.svg", "jws"],
    ["simple-jwt_v1.svg", "jws"],
  ])("the baked SVG of Open Badges 3.0, and a 2.0 badge beside it: %s", (name, kind) => {
    const bytes = specFile(`ob30/samples/${name}`);
    expect(detectKind(bytes)).toBe("svg");
    expect(inspectSvg(bytes)).toMatchObject({ ok: true, baked: true, width: 1000 });
    const before = unbakeSvg(bytes, OB3_SVG);
    expect(before).toMatchObject({ ok: true, payload: { kind } });
    const both = bytesOf(bakeSvg(bytes, { json: JSON_TEXT, url: ADDRESS }));
    expect(unbakeSvg(both)).toMatchObject({ payload: { kind: "json", text: JSON_TEXT } });
    expect(unbakeSvg(both, OB3_SVG)).toEqual(before);
  });

  test("bare images", async () => {
    const bare = specFile("ob20/samples/assets/robotics-badge.png");
    expect(await unbakePng(bare)).toEqual({ ok: true, payload: undefined });
    expect(bytesOf(stripSvg(svg()))).toEqual(svg());
    expect(detectKind(utf8(JSON_TEXT))).toBe("json");
  });
});
