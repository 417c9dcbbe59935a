import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bakePng } from "../../src/bakery/bake-png.ts";
import { MAX_ADDRESS_LENGTH, MAX_INPUT_BYTES, readInput } from "../../src/verify/input.ts";
import { PIXEL } from "./world.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">${inside}</svg>`;
const JWS = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA";
const ADDRESS = "https://a.example/assertion";

describe("what was given", () => {
  it.each([
    ["an address", ADDRESS, "url", "url"],
    ["an address with blanks around", `  ${ADDRESS}\n`, "url", "url"],
    ["JSON", '{"id":"x"}', "json", "json"],
    ["JSON after a blank line", '\n [{"id":"x"}]', "json", "json"],
    ["a compact JWS", JWS, "jws", "jws"],
    ["a damaged JWS", `${JWS}=`, "jws", "jws"],
    [
      "an SVG with JSON",
      svg('<openbadges:assertion>{"id":"x"}</openbadges:assertion>'),
      "svg",
      "json",
    ],
    [
      "an SVG with CDATA",
      svg(
        `<openbadges:assertion verify="${ADDRESS}"><![CDATA[{"id":"x"}]]></openbadges:assertion>`,
      ),
      "svg",
      "json",
    ],
    ["an SVG with a JWS", svg(`<openbadges:assertion verify="${JWS}"/>`), "svg", "jws"],
    ["an SVG with an address", svg(`<openbadges:assertion verify="${ADDRESS}"/>`), "svg", "url"],
  ])("%s", async (_name, given, kind, payload) => {
    for (const form of [given, bytes(given)]) {
      expect(await readInput(form)).toMatchObject({ ok: true, kind, payload: { kind: payload } });
    }
  });

  it("a baked PNG", async () => {
    for (const [text, kind] of [
      ['{"id":"x"}', "json"],
      [JWS, "jws"],
      [ADDRESS, "url"],
    ] as const) {
      const baked = await bakePng(PIXEL, text);
      if (!baked.ok) throw new Error(baked.reason);
      expect(await readInput(baked.bytes)).toMatchObject({
        ok: true,
        kind: "png",
        payload: { kind },
      });
    }
  });

  it.each([
    ["nothing", "", "input-empty"],
    ["blanks", " \n\t", "input-empty"],
    ["words", "my badge", "input-unrecognized"],
    ["another scheme", "file:///etc/passwd", "input-unrecognized"],
    ["an address that cannot be", "https://", "address-unusable"],
    [
      "a longer address than there are",
      `https://a.example/${"a".repeat(MAX_ADDRESS_LENGTH)}`,
      "address-unusable",
    ],
    ["a screenshot", new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), "picture-without-badge"],
    ["a PDF", bytes("%PDF-1.7"), "picture-without-badge"],
    ["a PNG with nothing inside", PIXEL, "picture-without-badge"],
    ["a PNG cut off", PIXEL.slice(0, 40), "file-damaged"],
    ["an SVG with nothing inside", svg("<g/>"), "picture-without-badge"],
    ["an SVG that is not well-formed", svg("<g>"), "file-damaged"],
    ["an SVG with entities", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("&a;")}`, "file-damaged"],
    ["octets that are no text", new Uint8Array([1, 2, 0xff, 0xfe]), "input-unrecognized"],
    ["one octet too many", "a".repeat(MAX_INPUT_BYTES + 1), "input-too-large"],
  ])("refuses %s", async (_name, given, reason) => {
    const input = await readInput(given);
    expect(input).toMatchObject({ ok: false, reason });
    expect(input.ok || input.words.length).toBeGreaterThan(20);
  });

  it("as many octets as there may be are read", async () => {
    const text = `{"a":"${"a".repeat(MAX_INPUT_BYTES - 8)}"}`;
    expect((await readInput(text)).ok).toBe(true);
  });

  it.each([
    [
      "https://www.credly.com/badges/54A07C5C-89f9-4c33-9731-e1b0d34f88b9/public_url",
      "https://api.credly.com/v1/obi/v2/badge_assertions/54a07c5c-89f9-4c33-9731-e1b0d34f88b9",
    ],
    [
      "https://moodle.example/course/badges/badge.php?hash=0123456789abcdef0123456789abcdef01234567",
      "https://moodle.example/course/badges/assertion.php?b=0123456789abcdef0123456789abcdef01234567&obversion=2",
    ],
    [
      "https://badges.example.org/b/0123456789abcdef0123456789abcdef01234567/embed",
      "https://badges.example.org/ob/v2/assertions/0123456789abcdef0123456789abcdef01234567",
    ],
    ["https://evil.example/www.credly.com/badges/54a07c5c-89f9-4c33-9731-e1b0d34f88b9", null],
    ["https://www.credly.com/users/a/badges", null],
    ["https://moodle.example/badges/badge.php?hash=1", null],
  ])("a page that people share: %s", async (page, address) => {
    expect(await readInput(page)).toMatchObject({
      payload: { kind: "url", text: address ?? page },
    });
  });

  it("never rejects, whatever the octets", async () => {
    const start = fc.constantFrom(
      PIXEL.slice(0, 60),
      bytes(svg("")),
      bytes("{"),
      bytes("ey"),
      bytes("https://"),
    );
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(60),
        async (seed, noise, at) => {
          const mutant = new Uint8Array([...seed.subarray(0, at), ...noise, ...seed.subarray(at)]);
          const input = await readInput(mutant);
          if (input.ok) expect(input.payload.text).not.toBe("");
          else expect(input.reason).toMatch(/^[a-z]+(-[a-z]+)+$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
