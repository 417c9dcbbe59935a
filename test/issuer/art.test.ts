// What is promised of generated art, for every name there may be.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import { BADGE_CATEGORIES } from "../../src/db/badges.ts";
import { sha256Hex } from "../../src/ids.ts";
import { type Art, artContrast, generateArt, MAX_ART_BYTES } from "../../src/issuer/art.ts";
import {
  contrast,
  DARK_PAPER,
  GLYPH,
  LIGHT_PAPER,
  luminance,
  MIN_FACE_CONTRAST,
  MIN_GLYPH_CONTRAST,
  paletteOf,
  toHexColour,
} from "../../src/issuer/art-colour.ts";
import { GLYPH_NAMES, glyphFor, isGlyph } from "../../src/issuer/art-glyphs.ts";
import { PATTERNS } from "../../src/issuer/art-patterns.ts";
import { ART_SHAPES } from "../../src/issuer/art-shapes.ts";

const bytesOf = (svg: string) => new TextEncoder().encode(svg);
const titleOf = (svg: string) => /<title>([^<]*)<\/title>/.exec(svg)?.[1];

const faceOf = (svg: string) => /<path [^>]*fill="(#\w+)"\/><g clip-path/.exec(svg)?.[1] ?? "";

/** What is wrong with a picture, or null. */
function faultOf(svg: string): string | null {
  const bytes = bytesOf(svg);
  if (bytes.length > MAX_ART_BYTES) return `${bytes.length} bytes`;
  if (/<(text|tspan|style|script|image|use)\b/.test(svg)) return "more than outlines";
  const inspected = inspectSvg(bytes);
  if (!inspected.ok) return inspected.reason;
  return inspected.width === 512 && inspected.height === 512 && !inspected.baked ? null : "size";
}

const given = (over: Partial<Art> = {}): Art => ({
  organizationId: "northside",
  name: "Streak Champion",
  category: "recognition",
  ...over,
});

/** Names as a registry of badges has them, with every category and tier among them. */
function* names(count: number): Generator<Art> {
  for (let i = 0; i < count; i++) {
    yield {
      organizationId: `organization ${i % 97}`,
      name: `Badge ${i}`,
      category: BADGE_CATEGORIES[i % 3] ?? "recognition",
      tier: i % 6,
    };
  }
}

describe("2,000 names", () => {
  const all = [...names(2_000)];

  it("the glyph on its plate and the face on both papers keep their contrast", () => {
    const worst = { glyphOnPlate: 21, faceOnLight: 21, faceOnDark: 21 };
    for (const art of all) {
      const measured = artContrast(art);
      for (const part of ["glyphOnPlate", "faceOnLight", "faceOnDark"] as const) {
        worst[part] = Math.min(worst[part], measured[part]);
      }
    }
    expect(worst.glyphOnPlate).toBeGreaterThanOrEqual(MIN_GLYPH_CONTRAST);
    expect(worst.faceOnLight).toBeGreaterThanOrEqual(MIN_FACE_CONTRAST);
    expect(worst.faceOnDark).toBeGreaterThanOrEqual(MIN_FACE_CONTRAST);
  });

  it("every picture passes the inspection of uploads, within its size and without text", () => {
    const faults = all.flatMap((art) => {
      const svg = generateArt(art);
      const fault = faultOf(svg);
      return fault === null ? [] : [`${art.name}: ${fault}`];
    });
    expect(faults).toEqual([]);
  }, 30_000);

  it("look unlike each other, in 24 hues", () => {
    const looks = new Set<string>();
    const faces = new Set<string>();
    for (const art of all) {
      const svg = generateArt({ ...art, tier: 0 });
      looks.add(svg.replace(/<title>.*?<\/title>/, "").replace(/"f\w+"|#f\w+\)/g, ""));
      faces.add(faceOf(svg));
    }
    expect(looks.size).toBeGreaterThan(1_900);
    expect(faces.size).toBe(24);
    for (let muddy = 60; muddy <= 110; muddy++) {
      expect(faces).not.toContain(faceOf(generateArt(given({ hue: muddy }))));
    }
  });
});

describe("the same for ever", () => {
  it("golden pictures, on every runtime", async () => {
    const pictures = [
      ...names(200),
      ...ART_SHAPES.map((shape) => given({ shape })),
      ...GLYPH_NAMES.map((icon) => given({ icon })),
    ].map(generateArt);
    expect(await sha256Hex(pictures.join("\n"))).toBe(
      "b05c464e17a0baf7c0780968870dc62121c00050caf6ec82ee4d21aa9676955d",
    );
  });

  it("a tier changes the rim and the dots, not the picture", () => {
    const plain = given();
    const [none, bronze, gold] = [plain, { ...plain, tier: 1 }, { ...plain, tier: 3 }].map(
      generateArt,
    );
    const clipped = (svg: string | undefined) => /<g clip-path.*?<\/g>/.exec(svg ?? "")?.[0];
    expect(clipped(bronze)).toBe(clipped(none));
    expect(bronze).not.toBe(gold);
  });

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [5, 5],
    [6, 5],
    [-1, 0],
    [1.5, 0],
    [Number.NaN, 0],
  ])("tier %d shows %d dots", (tier, count) => {
    const dots = generateArt(given({ tier })).match(/r="9"/g) ?? [];
    expect(dots.length).toBe(count);
  });
});

describe("the name is the title, and nothing else", () => {
  it.each([
    ["markup", "<script>\"&amp;'</script>", "&lt;script&gt;\"&amp;amp;'&lt;/script&gt;"],
    ["the end of a section", "a ]]> b", "a ]]&gt; b"],
    ["emoji", "🏅 Héros du 100 % 👩‍🚀", "🏅 Héros du 100 % 👩‍🚀"],
    ["right to left", "شارة التطوع", "شارة التطوع"],
    ["characters XML has not", "a\u0000b\u001bc\ufffed", "a\ufffdb\ufffdc\ufffdd"],
    ["half a character", "a\ud83cb", "a\ufffdb"],
    ["nothing", "", ""],
  ])("%s", (_, name, title) => {
    const svg = generateArt(given({ name }));
    expect(titleOf(svg)).toBe(title);
    expect(inspectSvg(bytesOf(svg))).toMatchObject({ ok: true });
  });

  it("the tier is said", () => {
    expect(titleOf(generateArt(given({ tier: 2 })))).toBe("Streak Champion, tier 2");
  });

  it.each([
    [200, 200],
    [201, 200],
  ])("of %d characters %d are kept", (length, kept) => {
    expect([...(titleOf(generateArt(given({ name: "🏅".repeat(length) }))) ?? "")].length).toBe(
      kept,
    );
  });

  it("any text at all makes a picture that passes inspection", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(anyText, anyText, (name, icon) => {
        expect(faultOf(generateArt(given({ name, icon })))).toBeNull();
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});

describe("what is chosen", () => {
  it("the shape by the category", () => {
    const faces = BADGE_CATEGORIES.map(
      (category) => /<clipPath[^>]*><path d="([^"]*)"/.exec(generateArt(given({ category })))?.[1],
    );
    expect(new Set(faces).size).toBe(3);
  });

  it.each([
    ["Streak Champion", "flame"],
    ["Hundred Hours", "clock"],
    ["First Aid", "flag"],
    ["Safeguarding Certified", "shield"],
    ["Dedicated Volunteer", "heart"],
    ["the READING circle", "book"],
    ["Zażółć gęślą jaźń", null],
    ["", null],
  ])("the glyph by the first word that says something: %s", (name, glyph) => {
    expect(glyphFor(name)).toBe(glyph);
  });

  it.each(GLYPH_NAMES)("the glyph %s is drawn where it is asked for", (icon) => {
    const others = GLYPH_NAMES.filter((other) => other !== icon);
    const svg = generateArt(given({ icon }));
    expect(others.every((other) => generateArt(given({ icon: other })) !== svg)).toBe(true);
  });

  it("an unknown icon falls back to the name's", () => {
    expect(isGlyph("toString")).toBe(false);
    expect(generateArt(given({ icon: "toString" }))).toBe(generateArt(given()));
  });

  it("every pattern is met", () => {
    const looks = [...names(60)].map((art) => {
      const svg = generateArt({ ...art, shape: "hexagon", hue: 250 });
      return /<g clip-path[^>]*>(.*?)<\/g>/.exec(svg)?.[1];
    });
    expect(new Set(looks).size).toBe(PATTERNS.length);
  });
});

describe("colours", () => {
  it.each([
    ["white", { l: 1, c: 0, h: 0 }, "#ffffff"],
    ["black", { l: 0, c: 0, h: 0 }, "#000000"],
    ["red", { l: 0.62796, c: 0.25768, h: 29.234 }, "#ff0000"],
    ["green", { l: 0.86644, c: 0.29483, h: 142.495 }, "#00ff00"],
    ["blue", { l: 0.45201, c: 0.31321, h: 264.052 }, "#0000ff"],
  ])("OKLCH of %s", (_, colour, hex) => {
    expect(toHexColour(colour)).toBe(hex);
  });

  it("a colour no screen has keeps its lightness", () => {
    const hex = toHexColour({ l: 0.6, c: 0.4, h: 200 });
    const grey = toHexColour({ l: 0.6, c: 0, h: 200 });
    expect(Math.abs(luminance(hex) - luminance(grey))).toBeLessThan(0.06);
  });

  it("contrast as WCAG has it", () => {
    expect(contrast("#ffffff", "#000000")).toBe(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 3);
  });

  it.each(Array.from({ length: 72 }, (_, i) => i * 5))("hue %d keeps every promise", (hue) => {
    const palette = paletteOf(hue);
    for (const face of [palette.face, palette.faceLight, palette.faceShade]) {
      expect(contrast(face, LIGHT_PAPER)).toBeGreaterThanOrEqual(MIN_FACE_CONTRAST);
      expect(contrast(face, DARK_PAPER)).toBeGreaterThanOrEqual(MIN_FACE_CONTRAST);
    }
    expect(contrast(palette.plate, GLYPH)).toBeGreaterThanOrEqual(MIN_GLYPH_CONTRAST);
  });
});
