// Baking, unbaking and stripping PNGs, rule by rule.

import { describe, expect, test } from "vitest";
import { bakePng, bakePngParts, stripPng, unbakePng } from "../../src/bakery/bake-png.ts";
import { crc32 } from "../../src/bakery/crc32.ts";
import { inspectPng } from "../../src/bakery/inspect-png.ts";
import { MAX_PAYLOAD_BYTES, MAX_PNG_CHUNKS } from "../../src/bakery/limits.ts";
import { joinParts } from "../../src/bakery/parts.ts";
import { OB3_KEYWORD } from "../../src/bakery/png-carrier.ts";
import {
  ADDRESS,
  bytesOf,
  chunk,
  chunksOf,
  fromUtf8,
  IDAT,
  IEND,
  ihdr,
  itxt,
  JSON_TEXT,
  JWS,
  latin1,
  PNG,
  pngOf,
  pngWith,
  text,
  utf8,
  zlibDeflated,
} from "./fixtures.ts";

const PREFIX = "openbadges\0\0\0\0\0";

const bake = (png: Uint8Array, payload: string, keyword?: string) =>
  bytesOf(bakePng(png, payload, keyword));

const carriers = (png: Uint8Array) =>
  chunksOf(png).filter(({ data }) => fromLatin1(data).startsWith("openbadges\0"));

const fromLatin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** The payload found, or the reason why none could be read. */
async function found(png: Uint8Array, keyword?: string) {
  const unbaked = await unbakePng(png, keyword);
  return unbaked.ok ? unbaked.payload : unbaked.reason;
}

const json = (value: string) => ({ kind: "json", text: value });

describe("OB20-PNG-01 one iTXt chunk", () => {
  test("exactly one, of that type, in the output", () => {
    expect(carriers(bake(PNG, JSON_TEXT)).map(({ name }) => name)).toEqual(["iTXt"]);
  });
});

describe("OB20-PNG-02 uncompressed, its fields in order", () => {
  test("keyword, five zero octets, UTF-8 text; length and CRC right", () => {
    const baked = bake(PNG, JSON_TEXT);
    const data = chunksOf(baked)[1]?.data ?? new Uint8Array();
    expect(data).toEqual(joinParts([latin1(PREFIX), utf8(JSON_TEXT)]));
    const at = 33;
    const view = new DataView(baked.buffer);
    expect(view.getUint32(at)).toBe(data.length);
    expect(view.getUint32(at + 8 + data.length)).toBe(crc32(baked, at + 4, at + 8 + data.length));
    expect(inspectPng(baked)).toMatchObject({ ok: true, baked: true, chunks: 4 });
  });
});

describe("OB20-PNG-03 language and translated keyword", () => {
  test("stay empty when written", () => {
    const data = chunksOf(bake(PNG, "{}"))[1]?.data ?? new Uint8Array();
    expect(fromLatin1(data)).toBe(`${PREFIX}{}`);
  });

  test.each([
    ["a language", { language: "en" }],
    ["a translated keyword", { translated: "abzeichen über" }],
    ["both", { language: "de-AT", translated: "Ü" }],
  ])("are skipped when read: %s", async (_, fields) => {
    expect(await found(pngWith(itxt(JSON_TEXT, fields)))).toEqual(json(JSON_TEXT));
  });

  test("compressed text is read", async () => {
    const packed = await zlibDeflated(utf8(JSON_TEXT));
    const fields = { flag: 1, language: "en", translated: "x" };
    expect(await found(pngWith(itxt(packed, fields)))).toEqual(json(JSON_TEXT));
  });
});

describe("OB20-PNG-04 the text", () => {
  test("is the assertion's JSON as it was given", async () => {
    expect(await found(bake(PNG, JSON_TEXT))).toEqual(json(JSON_TEXT));
  });

  test("is the compact JWS", async () => {
    expect(await found(bake(PNG, JWS))).toEqual({ kind: "jws", text: JWS });
  });
});

describe("OB20-PNG-05 never two", () => {
  test("baking again replaces", async () => {
    const twice = bake(bake(PNG, "{}"), JSON_TEXT);
    expect(twice).toEqual(bake(PNG, JSON_TEXT));
    expect(carriers(twice)).toHaveLength(1);
  });

  test("every older kind is dropped, wherever it stands, and nothing else", async () => {
    const kept = [text("openbadges2", "x"), itxt("x", { keyword: "Title" }), chunk("prVt")];
    const [first, second, third] = kept as [Uint8Array, Uint8Array, Uint8Array];
    const zTXt = chunk(
      "zTXt",
      joinParts([latin1("openbadges\0\0"), await zlibDeflated(latin1("x"))]),
    );
    const parts = [itxt("{}"), first, text("openbadges", ADDRESS), zTXt, second, itxt(JWS)];
    const old = pngOf(ihdr(), ...parts, IDAT, third, text("openbadges", ""), IEND);
    const clean = pngOf(ihdr(), first, second, IDAT, third, IEND);
    expect(bake(old, JSON_TEXT)).toEqual(bake(clean, JSON_TEXT));
    expect(bytesOf(stripPng(old))).toEqual(clean);
  });

  test("a chunk whose keyword is not ended is not ours", () => {
    const png = pngWith(chunk("tEXt", latin1("openbadges")));
    expect(bytesOf(stripPng(png))).toEqual(png);
  });

  test("a badge of Open Badges 3.0 is another keyword, and both read", async () => {
    const both = bake(bake(PNG, "{}"), JWS, OB3_KEYWORD);
    expect(await found(both)).toEqual(json("{}"));
    expect(await found(both, OB3_KEYWORD)).toEqual({ kind: "jws", text: JWS });
    expect(bytesOf(stripPng(both, [OB3_KEYWORD]))).toEqual(bake(PNG, "{}"));
    expect(bytesOf(stripPng(both))).toEqual(PNG);
  });
});

describe("OB20-PNG-06 the first iTXt wins", () => {
  test("of two", async () => {
    expect(await found(pngWith(itxt('{"n":1}'), itxt('{"n":2}')))).toEqual(json('{"n":1}'));
  });

  test("over a tEXt before it", async () => {
    expect(await found(pngWith(text("openbadges", ADDRESS), itxt("{}")))).toEqual(json("{}"));
  });
});

describe("OB20-PNG-07 legacy text chunks", () => {
  test("tEXt with the assertion's address", async () => {
    const png = pngWith(text("openbadges", ADDRESS));
    expect(await found(png)).toEqual({ kind: "url", text: ADDRESS });
  });

  test("tEXt is Latin-1, the octets 80 to 9F included", async () => {
    const value = '{"a":"é\x80\x9f"}';
    expect(await found(pngWith(text("openbadges", value)))).toEqual(json(value));
  });

  test("zTXt", async () => {
    const packed = await zlibDeflated(latin1(ADDRESS));
    const png = pngWith(chunk("zTXt", joinParts([latin1("openbadges\0\0"), packed])));
    expect(await found(png)).toEqual({ kind: "url", text: ADDRESS });
  });
});

describe("OB20-PNG-08 where the chunk stands", () => {
  test("written right after IHDR, before the pixels", () => {
    const png = pngOf(ihdr(), chunk("gAMA", new Uint8Array(4)), IDAT, IEND);
    expect(chunksOf(bake(png, "{}")).map(({ name }) => name)).toEqual([
      "IHDR",
      "iTXt",
      "gAMA",
      "IDAT",
      "IEND",
    ]);
  });

  test.each([
    ["before the pixels", pngWith(itxt("{}"))],
    ["after the pixels", pngOf(ihdr(), IDAT, itxt("{}"), IEND)],
  ])("read %s", async (_, png) => {
    expect(await found(png)).toEqual(json("{}"));
  });

  test("a file cut off anywhere is an error", async () => {
    const baked = bake(PNG, JSON_TEXT);
    for (let length = 0; length < baked.length; length++) {
      expect(await found(baked.subarray(0, length))).toMatch(/^png-/);
    }
  });

  test("a broken CRC of the chunk is an error, in every octet", async () => {
    const baked = bake(PNG, JSON_TEXT);
    for (let at = 33 + 4; at < baked.length - IDAT.length - IEND.length; at++) {
      const broken = await found(baked.with(at, (baked[at] ?? 0) ^ 0x20));
      // A flipped letter of the keyword or the type makes it a chunk that is nobody's.
      expect(
        at < 33 + 8 + "openbadges\0".length
          ? [undefined, "png-bad-crc", "png-bad-chunk-type"]
          : ["png-bad-crc"],
      ).toContain(broken);
    }
  });

  test("bytes after IEND do not hide the badge, but are not baked upon", async () => {
    const trailing = joinParts([bake(PNG, "{}"), latin1("\n")]);
    expect(await found(trailing)).toEqual(json("{}"));
    expect(bakePng(trailing, "{}")).toMatchObject({ reason: "png-trailing-bytes" });
    expect(stripPng(trailing)).toMatchObject({ reason: "png-trailing-bytes" });
  });
});

describe("OB20-PNG-10 limits", () => {
  test("a chunk claiming 4 GiB is refused early", async () => {
    const png = PNG.slice();
    png.set([255, 255, 255, 255], 33);
    expect(await found(png)).toBe("png-bad-chunk-length");
    expect(bakePng(png, "{}")).toMatchObject({ ok: false, reason: "png-bad-chunk-length" });
  });

  test("text of the largest size goes in and out, one octet more does not", async () => {
    const of = (length: number) => `{"a":"${"ü".repeat((length - 8) / 2)}"}`;
    const largest = of(MAX_PAYLOAD_BYTES);
    expect(utf8(largest)).toHaveLength(MAX_PAYLOAD_BYTES);
    expect(await found(bake(PNG, largest))).toEqual(json(largest));
    const larger = `${largest} `;
    expect(bakePng(PNG, larger)).toMatchObject({ reason: "payload-over-byte-limit" });
    expect(await found(pngWith(itxt(larger)))).toBe("payload-over-byte-limit");
  });

  test("a compressed chunk may unpack to the largest size and no more", async () => {
    const packed = async (length: number) =>
      pngWith(itxt(await zlibDeflated(utf8(`{${" ".repeat(length - 2)}}`)), { flag: 1 }));
    expect(await found(await packed(MAX_PAYLOAD_BYTES))).toMatchObject({ kind: "json" });
    expect(await found(await packed(MAX_PAYLOAD_BYTES + 1))).toBe("payload-over-byte-limit");
    expect(await found(await packed(64 * MAX_PAYLOAD_BYTES))).toBe("payload-over-byte-limit");
  });

  test("chunks are counted when baking and unbaking too", async () => {
    const png = pngWith(...Array.from({ length: MAX_PNG_CHUNKS }, () => chunk("prVt")));
    expect(bakePng(png, "{}")).toMatchObject({ reason: "png-over-chunk-limit" });
    expect(await found(png)).toBe("png-over-chunk-limit");
  });
});

describe("unbakePng answers", () => {
  test("nothing for a file without a badge", async () => {
    expect(await unbakePng(PNG)).toEqual({ ok: true, payload: undefined });
  });

  test.each<[string, string, Uint8Array]>([
    ["text that is no payload", "payload-unrecognized", itxt("hello")],
    ["no text", "payload-unrecognized", itxt("")],
    ["text that is not UTF-8", "payload-not-utf8", itxt(latin1('{"a":"é"}'))],
    ["an unknown compression flag", "png-bad-text-chunk", itxt("{}", { flag: 2 })],
    [
      "an unknown compression method",
      "payload-bad-compression",
      itxt("{}", { flag: 1, method: 1 }),
    ],
    ["compressed text that is not zlib", "payload-bad-compression", itxt("{}", { flag: 1 })],
    ["compressed text of no octets", "payload-bad-compression", itxt("", { flag: 1 })],
    ["keyword alone", "png-bad-text-chunk", chunk("iTXt", latin1("openbadges\0"))],
    ["no language", "png-bad-text-chunk", chunk("iTXt", latin1("openbadges\0\0\0"))],
    ["no end of the language", "png-bad-text-chunk", chunk("iTXt", latin1("openbadges\0\0\0en"))],
    [
      "no end of the translation",
      "png-bad-text-chunk",
      chunk("iTXt", latin1("openbadges\0\0\0\0x")),
    ],
    ["zTXt keyword alone", "png-bad-text-chunk", chunk("zTXt", latin1("openbadges\0"))],
  ])("a reason for %s: %s", async (_, reason, carrier) => {
    expect(await found(pngWith(carrier))).toBe(reason);
  });

  test("a reason for what is no PNG", async () => {
    expect(await found(latin1("<svg/>"))).toBe("png-bad-signature");
    expect(await found(new Uint8Array())).toBe("png-truncated");
  });
});

describe("parts", () => {
  test("are the whole file when joined, and views of the original but for the chunk", () => {
    const outcome = bakePngParts(PNG, JSON_TEXT);
    if (!outcome.ok) throw new Error(outcome.reason);
    const [head, inserted, ...tail] = outcome.parts;
    expect(joinParts(outcome.parts)).toEqual(bake(PNG, JSON_TEXT));
    expect([head, ...tail].every((part) => part?.buffer === PNG.buffer)).toBe(true);
    expect(inserted?.buffer).not.toBe(PNG.buffer);
  });

  test("of a view into a larger buffer stay inside the view", async () => {
    const within = joinParts([latin1("before"), PNG, latin1("after")]).subarray(6, 6 + PNG.length);
    expect(bake(within, "{}")).toEqual(bake(PNG, "{}"));
    expect(await found(bake(within, "{}").subarray())).toEqual(json("{}"));
    expect(fromUtf8(chunksOf(bake(within, JSON_TEXT))[1]?.data.subarray(15) ?? PNG)).toBe(
      JSON_TEXT,
    );
  });
});
