// What the registry takes, what it says of the rest, and that a picture is stored once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unbakePng } from "../../src/bakery/bake-png.ts";
import { bakeSvg } from "../../src/bakery/bake-svg.ts";
import { MAX_PNG_CHUNKS, MAX_SVG_ATTRIBUTES, MAX_SVG_DEPTH } from "../../src/bakery/limits.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import {
  contentBySha256,
  contentOfImage,
  imageByContent,
  imageContents,
  images,
  imageVariants,
  variantOf,
} from "../../src/db/images.ts";
import type { Env, ImageEngine, RasteriseResult } from "../../src/env.ts";
import { sha256Hex } from "../../src/ids.ts";
import { generateArt } from "../../src/issuer/art.ts";
import { NOT_AGAIN_MS, pngOf as pngTwin } from "../../src/issuer/image-variants.ts";
import { admitArt, admitImage, badgePicture, MAX_IMAGE_NAME } from "../../src/issuer/images.ts";
import { MIN_PIXELS, RECOMMENDED_PIXELS } from "../../src/issuer/picture.ts";
import { PROBLEMS, Problem, type ProblemCode } from "../../src/problem.ts";
import { testApp } from "../app.ts";
import { chunk, latin1, utf8 } from "../bakery/fixtures.ts";
import { givenBadge, givenOrganization } from "../given.ts";
import { bakedPng, bakedSvg, png, svg } from "./pictures.ts";

async function givenRegistry(override?: (env: Env) => Partial<Env>) {
  const { env } = await testApp({ override });
  const organization = await givenOrganization(env);
  const admit = (bytes: Uint8Array<ArrayBuffer>, name = "picture") =>
    admitImage(env, organization.id, { name, bytes });
  const store = async (bytes: Uint8Array<ArrayBuffer>, name?: string) => {
    const admitted = await admit(bytes, name);
    await env.db.batch(admitted.writes);
    const content = await contentOfImage(env.db, organization.id, admitted.image.id);
    if (!content) throw new Error("the picture was not stored");
    return { ...admitted, content };
  };
  const refusal = async (bytes: Uint8Array<ArrayBuffer>) => {
    const admitted = await admit(bytes).catch((error: unknown) => error);
    if (!(admitted instanceof Problem)) throw new Error("the picture was taken");
    return admitted;
  };
  return { env, organization, admit, store, refusal };
}

/** An engine that answers what it is told to: for what a real one says under load or attack only. */
const answering = (result: RasteriseResult) => (): { images: ImageEngine } => ({
  images: { available: true, rasterise: async () => result },
});
const drawing = answering({ ok: true, png: png(512) });

const rows = async (env: Env) => [
  await env.db.orm.select({ sha256: imageContents.sha256 }).from(imageContents),
  await env.db.orm.select({ id: images.id }).from(images),
];

describe("OB20-B-03 OB20-P-06 a picture is PNG or SVG", () => {
  it.each([
    ["PNG", png(512), "image/png", 512],
    ["SVG", svg(), "image/svg+xml", 512],
    ["SVG with lengths", svg("<g/>", 'width="3in" height="3in"'), "image/svg+xml", 288],
  ] as const)("%s is taken as it is", async (_, bytes, mediaType, width) => {
    const { env, organization, store } = await givenRegistry();
    const { image, content, warnings } = await store(bytes);
    const sha256 = await sha256Hex(bytes);
    expect(warnings.filter(({ code }) => code !== "image-small")).toEqual([]);
    expect(image).toMatchObject({ sha256, media_type: mediaType, origin: "upload" });
    expect(image.organization_id).toBe(organization.id);
    expect(await imageByContent(env.db, organization.id, sha256)).toEqual(image);
    expect(content).toMatchObject({ media_type: mediaType, width, height: width });
    expect(content.size).toBe(bytes.length);
    expect(await sha256Hex(content.bytes)).toBe(sha256);
  });

  it.each([
    ["JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), "image-kind-jpeg"],
    ["GIF", latin1("GIF89a\u0001\0\u0001\0"), "image-kind-gif"],
    ["WebP", latin1("RIFF\0\0\0\0WEBPVP8 "), "image-kind-webp"],
    ["PDF", latin1("%PDF-1.7"), "image-kind-pdf"],
    ["JSON", utf8('{"type":"BadgeClass"}'), "image-kind-json"],
    ["HTML", utf8("<!doctype html><html><svg/></html>"), "image-kind-unknown"],
    ["nothing at all", new Uint8Array(), "image-kind-unknown"],
  ])("%s is refused by name", async (_, bytes, reason) => {
    const { refusal } = await givenRegistry();
    const problem = await refusal(bytes);
    expect([problem.code, problem.status]).toEqual(["image-not-supported", 415]);
    expect(problem.errors[0]).toMatchObject({ pointer: "/file", code: reason });
  });
});

describe("a fault is named, with its fix, and nothing is stored", () => {
  const nested = (depth: number) => svg(`${"<g>".repeat(depth - 1)}${"</g>".repeat(depth - 1)}`);
  const attributes = (count: number) =>
    svg(`<g ${Array.from({ length: count }, (_, i) => `data-${i}=""`).join(" ")}/>`);
  const levels = Array.from(
    { length: 9 },
    (_, i) => `<g id="l${i + 1}">${`<use href="#l${i}"/>`.repeat(9)}</g>`,
  );
  const altered = png(64);
  altered[40] = 1 ^ (altered[40] ?? 0);
  const chunks = Array.from({ length: MAX_PNG_CHUNKS }, () => chunk("teST"));

  it.each<[string, ProblemCode, string, Uint8Array<ArrayBuffer>]>([
    ["PNG cut short", "png-malformed", "png-truncated", png(64).slice(0, -20)],
    ["PNG altered", "png-malformed", "png-bad-crc", altered],
    [
      "PNG with bytes after it",
      "png-malformed",
      "png-trailing-bytes",
      latin1(`${String.fromCharCode(...png(64))}PK`),
    ],
    [
      "PNG of too many chunks",
      "png-too-many-chunks",
      "png-over-chunk-limit",
      png(64, 64, ...chunks),
    ],
    ["PNG that lies about its size", "png-malformed", "png-bad-pixels", lying()],
    ["PNG wider than any", "image-dimensions", "png-over-dimension-limit", png(8_193, 64)],
    ["PNG too small", "image-dimensions", "image-under-minimum", png(MIN_PIXELS - 1)],
    ["PNG too low", "image-dimensions", "image-under-minimum", png(400, MIN_PIXELS - 1)],
    ["SVG with a script", "svg-active-content", "svg-script", svg("<script>1</script>")],
    ["SVG with a handler", "svg-active-content", "svg-event-handler", svg('<g onclick="x()"/>')],
    [
      "SVG with a page inside",
      "svg-active-content",
      "svg-foreign-content",
      svg("<foreignObject/>"),
    ],
    [
      "SVG with a scripted link",
      "svg-active-content",
      "svg-script-link",
      svg('<a href="javascript:x()"/>'),
    ],
    [
      "SVG that loads a picture",
      "svg-external-reference",
      "svg-external-reference",
      svg('<image href="https://x.example/p.png"/>'),
    ],
    [
      "SVG with a style sheet",
      "svg-external-reference",
      "svg-stylesheet",
      utf8(`<?xml-stylesheet href="a.css"?>${new TextDecoder().decode(svg())}`),
    ],
    [
      "SVG with entities",
      "svg-entities",
      "svg-doctype",
      utf8(`<!DOCTYPE svg [<!ENTITY a "b">]>${new TextDecoder().decode(svg())}`),
    ],
    ["SVG too deep", "svg-too-deep", "svg-over-depth-limit", nested(MAX_SVG_DEPTH + 1)],
    [
      "SVG of too many attributes",
      "svg-too-complex",
      "svg-over-attribute-limit",
      attributes(MAX_SVG_ATTRIBUTES + 1),
    ],
    [
      "SVG that unfolds",
      "svg-too-complex",
      "svg-over-expansion-limit",
      svg(`<g id="l0"/>${levels.join("")}`),
    ],
    [
      "SVG that never ends",
      "svg-malformed",
      "svg-not-well-formed",
      utf8("<svg xmlns='http://www.w3.org/2000/svg'><g>"),
    ],
    ["SVG of no namespace", "svg-malformed", "svg-not-svg", utf8("<svg/>")],
    ["SVG of no size", "image-dimensions", "svg-without-size", svg("<g/>", "")],
    [
      "SVG of size nought",
      "image-dimensions",
      "svg-bad-dimensions",
      svg("<g/>", 'viewBox="0 0 0 0"'),
    ],
  ])("%s", async (_, code, reason, bytes) => {
    const { env, refusal } = await givenRegistry();
    const problem = await refusal(bytes);
    expect([problem.code, problem.errors[0]?.code]).toEqual([code, reason]);
    expect(problem.status).toBe(PROBLEMS[code].status);
    expect(problem.errors[0]).toMatchObject({ pointer: "/file", fix: PROBLEMS[code].fix });
    expect(await rows(env)).toEqual([[], []]);
  });

  it("the place in the file is told", async () => {
    const { refusal } = await givenRegistry();
    const problem = await refusal(svg("\n<script/>"));
    expect(problem.message).toContain("line 2");
  });

  it.each([
    ["as large as allowed", 0],
    ["a byte larger", 1],
  ])("a file %s", async (_, over) => {
    const bytes = svg();
    const maxUploadBytes = bytes.length - over;
    const { admit, refusal } = await givenRegistry((env) => ({
      config: { ...env.config, maxUploadBytes },
    }));
    if (over === 0) return expect((await admit(bytes)).warnings).toEqual([]);
    const problem = await refusal(bytes);
    expect([problem.code, problem.status]).toEqual(["image-too-large", 413]);
    return expect(problem.errors[0]?.code).toBe("image-over-byte-limit");
  });

  it("a limit above the usual one holds too", async () => {
    const large = svg(`<!--${" ".repeat(3 * 1024 * 1024)}-->`);
    const { admit } = await givenRegistry((env) => ({
      config: { ...env.config, maxUploadBytes: 4 * 1024 * 1024 },
    }));
    expect((await admit(large)).image.media_type).toBe("image/svg+xml");
  });

  it("whatever is done to a picture, it is taken or refused with a problem of its own", async () => {
    const { env, organization } = await givenRegistry();
    const seeds = [png(64), svg(), bakedPng(64), bakedSvg()];
    const mutation = fc.record({
      seed: fc.constantFrom(...seeds),
      edits: fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 4 }),
      keep: fc.double({ min: 0.2, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ seed, edits, keep }) => {
        const bytes = seed.slice(0, Math.ceil(seed.length * keep));
        for (const [at, octet] of edits) bytes[at % bytes.length] = octet;
        const result = await admitImage(env, organization.id, { name: "x", bytes }).catch(
          (error: unknown) => error,
        );
        const code = result instanceof Problem ? result.code : "taken";
        expect(code).toMatch(/^(taken|image-.*|png-.*|svg-.*)$/);
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});

/** 64 by 64 declared, 65 rows of pixels inside. */
function lying(): Uint8Array<ArrayBuffer> {
  const honest = png(64, 65);
  const header = png(64, 64).subarray(0, 33);
  const bytes = honest.slice();
  bytes.set(header);
  return bytes;
}

describe("what is worth a word is said", () => {
  it.each([
    [MIN_PIXELS, ["image-small"]],
    [RECOMMENDED_PIXELS - 1, ["image-small"]],
    [RECOMMENDED_PIXELS, []],
  ])("a PNG of %d pixels a side", async (side, codes) => {
    const { admit } = await givenRegistry();
    expect((await admit(png(side))).warnings.map(({ code }) => code)).toEqual(codes);
  });

  it("an animation is taken, and its sizes are still", async () => {
    const acTL = chunk("acTL", Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0));
    const { admit } = await givenRegistry();
    const { warnings } = await admit(png(400, 400, acTL));
    expect(warnings.map(({ code }) => code)).toEqual(["image-animated"]);
  });

  it.each([
    ["a wide PNG", png(500, 400)],
    ["a tall SVG", svg("<g/>", 'viewBox="0 0 300 512"')],
  ])("%s: taken where it can be padded, refused where it cannot", async (_, bytes) => {
    const able = await givenRegistry(drawing);
    expect((await able.admit(bytes)).warnings.map(({ code }) => code)).toEqual([
      "image-not-square",
    ]);
    const unable = await givenRegistry();
    const problem = await unable.refusal(bytes);
    expect([problem.code, problem.errors[0]?.code]).toEqual([
      "image-dimensions",
      "image-not-square",
    ]);
  });

  it.each([
    [505, true],
    [506, true],
    [507, false],
    [512, false],
  ])("512 by %d counts as square: editors round", async (height, padded) => {
    const { admit } = await givenRegistry(drawing);
    const { warnings } = await admit(svg("<g/>", `viewBox="0 0 512 ${height}"`));
    expect(warnings.length === 1).toBe(padded);
  });
});

describe("a picture that carries somebody's badge", () => {
  it("PNG: the badge is removed, every other byte stays, and it is said", async () => {
    const { store } = await givenRegistry();
    const { content, warnings } = await store(bakedPng(400));
    expect(warnings.map(({ code }) => code)).toEqual(["image-badge-removed"]);
    expect(await sha256Hex(content.bytes)).toBe(await sha256Hex(png(400)));
    expect(await unbakePng(content.bytes)).toEqual({ ok: true, payload: undefined });
  });

  it("SVG: the same, and its splice plan is the clean file's", async () => {
    const { store } = await givenRegistry();
    const { content, warnings } = await store(bakedSvg());
    expect(warnings.map(({ code }) => code)).toEqual(["image-badge-removed"]);
    expect(new TextDecoder().decode(content.bytes)).toBe(new TextDecoder().decode(svg()));
    expect(content.splice).toMatchObject({ fileBytes: content.size, carriers: [] });
  });

  it("is the same picture as the clean one", async () => {
    const { admit, store } = await givenRegistry();
    const { image } = await store(png(400));
    expect((await admit(bakedPng(400))).image).toEqual(image);
  });
});

describe("one picture is one row", () => {
  it("the same bytes again, under another name, are the row that is there", async () => {
    const { admit, store } = await givenRegistry();
    const { image } = await store(svg(), "first.svg");
    const again = await admit(svg(), "second.svg");
    expect(again).toMatchObject({ image, writes: [] });
  });

  it("two uploads that race agree on the row, and neither fails", async () => {
    const { env, admit } = await givenRegistry();
    const [one, two] = await Promise.all([admit(svg(), "one.svg"), admit(svg(), "two.svg")]);
    expect(one.image.id).toBe(two.image.id);
    await env.db.batch(one.writes);
    await env.db.batch(two.writes);
    const [contents, registered] = await rows(env);
    expect([contents?.length, registered?.length]).toEqual([1, 1]);
  });

  it("another organization has a row of its own for the same bytes", async () => {
    const { env, store } = await givenRegistry();
    const { image } = await store(svg());
    const other = await givenOrganization(env);
    const theirs = await admitImage(env, other.id, { name: "x", bytes: svg() });
    await env.db.batch(theirs.writes);
    expect(theirs.image.id).not.toBe(image.id);
    expect(theirs.image.sha256).toBe(image.sha256);
    expect(await contentOfImage(env.db, other.id, image.id)).toBeNull();
    const [contents, registered] = await rows(env);
    expect([contents?.length, registered?.length]).toEqual([1, 2]);
  });

  it("its id is a UUID of the version for ids of one's own making", async () => {
    const { admit } = await givenRegistry();
    const { image } = await admit(svg());
    expect(image.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("the stored splice plan is what baking takes", async () => {
    const { store } = await givenRegistry();
    const { content } = await store(svg());
    const plan = content.splice ?? undefined;
    expect(plan).toBeDefined();
    const baked = bakeSvg(content.bytes, { jws: "e.e.e" }, plan);
    expect(baked).toEqual(bakeSvg(svg(), { jws: "e.e.e" }));
    expect(baked.ok && unbakeSvg(baked.bytes)).toMatchObject({ ok: true, verify: "e.e.e" });
  });
});

describe("names", () => {
  it.each([
    ["badge.svg", "badge.svg"],
    ["Abzeichen.PNG", "Abzeichen.svg"],
    ["C:\\Users\\kim\\star.svg", "star.svg"],
    ["../../etc/passwd", "passwd.svg"],
    ["a\u0000b\r\nc.svg", "abc.svg"],
    ["\u202egpj.exe", "gpj.exe.svg"],
    ["", "badge.svg"],
    ["   ", "badge.svg"],
    [".svg", "badge.svg"],
    ["شارة 🏅", "شارة 🏅.svg"],
    [`${"é".repeat(115)}e\u0301f.svg`, `${"é".repeat(116)}.svg`],
  ])("%j becomes %j", async (given, kept) => {
    const { admit } = await givenRegistry();
    const { image } = await admit(svg(), given);
    expect(image.name).toBe(kept);
    expect([...image.name].length).toBeLessThanOrEqual(MAX_IMAGE_NAME);
  });
});

describe("where this runtime can draw", () => {
  it("the PNG twin is stored with the upload", async () => {
    const { env, store } = await givenRegistry(drawing);
    const { content } = await store(svg());
    const twin = await variantOf(env.db, content.sha256, 512);
    expect(twin).toMatchObject({ media_type: "image/png", width: 512, height: 512 });
    expect(await pngTwin(env, content)).toEqual(twin);
  });

  it.each(["deadline", "unreadable"] as const)("%s: the picture is refused", async (reason) => {
    const { env, refusal } = await givenRegistry(answering({ ok: false, reason }));
    const problem = await refusal(svg());
    expect([problem.code, problem.status]).toEqual(["image-unreadable", 422]);
    expect(problem.errors[0]).toMatchObject({ pointer: "/file", code: `image-${reason}` });
    expect(await rows(env)).toEqual([[], []]);
  });

  it("a busy engine is no fault of the picture: it is taken, the twin comes later", async () => {
    const { env, store } = await givenRegistry(answering({ ok: false, reason: "unavailable" }));
    const { content } = await store(svg());
    expect(await variantOf(env.db, content.sha256, 512)).toBeNull();
    expect(await pngTwin(env, content)).toBeNull();
  });
});

describe("a PNG of a picture", () => {
  it("of a PNG is the PNG, whatever its size", async () => {
    const { env, store } = await givenRegistry();
    const { content } = await store(png(600));
    expect(await pngTwin(env, content)).toBe(content);
  });

  it("is never enlarged", async () => {
    const { env, store } = await givenRegistry(drawing);
    const { content } = await store(png(400));
    expect(await pngTwin(env, content, 512)).toBe(content);
    expect((await pngTwin(env, content, 256))?.sha256).not.toBe(content.sha256);
  });

  it("is made once for all who ask at the same time, and then read", async () => {
    let drawn = 0;
    const { env, store } = await givenRegistry(() => ({
      images: {
        available: true,
        rasterise: async (_, width) => {
          drawn += 1;
          return { ok: true, png: png(width) };
        },
      },
    }));
    const { content } = await store(svg());
    drawn = 0;
    const asked = await Promise.all([1, 2, 3, 4].map(() => pngTwin(env, content, 128)));
    expect(new Set(asked.map((made) => made?.sha256)).size).toBe(1);
    expect(await pngTwin(env, content, 128)).toEqual(asked[0]);
    expect(drawn).toBe(1);
  });

  it("is not tried again and again where drawing it failed, however often anybody asks", async () => {
    let tried = 0;
    let now = 0;
    let reason: "deadline" | "unavailable" | null = null;
    const { env, store } = await givenRegistry(() => ({
      now: () => now,
      images: {
        available: true,
        rasterise: async (_, width) => {
          tried += 1;
          return reason === null ? { ok: true, png: png(width) } : { ok: false, reason };
        },
      },
    }));
    const { content } = await store(svg());
    const triesOf = async (asked: number) => {
      tried = 0;
      for (let i = 0; i < asked; i++) expect(await pngTwin(env, content, 1024)).toBeNull();
      return tried;
    };
    reason = "unavailable";
    expect(await triesOf(3)).toBe(3);
    reason = "deadline";
    expect(await triesOf(3)).toBe(1);
    now = NOT_AGAIN_MS - 1;
    expect(await triesOf(3)).toBe(0);
    now = NOT_AGAIN_MS;
    expect(await triesOf(3)).toBe(1);
    expect((await pngTwin(env, content, 512))?.width).toBe(512);
    now += NOT_AGAIN_MS;
    reason = null;
    expect((await pngTwin(env, content, 1024))?.width).toBe(1024);
  });

  it("of two processes that make it at once the first is kept, and both serve that one", async () => {
    const { env, store } = await givenRegistry();
    const { content } = await store(svg());
    const process = (grey: number): Env => ({
      ...env,
      images: {
        available: true,
        rasterise: async () => ({ ok: true, png: png(64, 64, chunk("teST", Uint8Array.of(grey))) }),
      },
    });
    const [one, two] = await Promise.all([
      pngTwin(process(1), content, 64),
      pngTwin(process(2), content, 64),
    ]);
    expect(one?.sha256).toBe(two?.sha256);
    expect(await env.db.orm.select().from(imageVariants)).toHaveLength(1);
  });

  it("is null where this runtime cannot draw, and the stored one where another did", async () => {
    const able = await givenRegistry(drawing);
    const { content } = await able.store(svg());
    const unable: Env = {
      ...able.env,
      images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    };
    expect((await pngTwin(unable, content))?.width).toBe(512);
    expect(await pngTwin(unable, content, 64)).toBeNull();
  });
});

describe("generated art", () => {
  const art = { name: "Streak Champion", category: "recognition" } as const;

  it("is a picture of the registry like any other", async () => {
    const { env, organization } = await givenRegistry();
    const { image, writes } = await admitArt(env, organization.id, art);
    await env.db.batch(writes);
    expect(image).toMatchObject({ origin: "generated", name: "Streak Champion.svg" });
    const content = await contentBySha256(env.db, image.sha256);
    const drawn = generateArt({ organizationId: organization.id, ...art });
    expect(new TextDecoder().decode(content?.bytes)).toBe(drawn);
    expect(content?.splice).toMatchObject({ fileBytes: content?.size });
  });

  it("is made once", async () => {
    const { env, organization } = await givenRegistry();
    const first = await admitArt(env, organization.id, art);
    await env.db.batch(first.writes);
    expect(await admitArt(env, organization.id, art)).toMatchObject({
      image: first.image,
      writes: [],
    });
  });

  it("is admitted however small the limit on uploads", async () => {
    const { env, organization } = await givenRegistry((given) => ({
      config: { ...given.config, maxUploadBytes: 1_024 },
    }));
    const { image } = await admitArt(env, organization.id, art);
    expect(image.origin).toBe("generated");
  });
});

describe("the picture of a badge", () => {
  it("is the image it refers to", async () => {
    const { env, organization, store } = await givenRegistry();
    const { image, content } = await store(svg());
    const badge = await givenBadge(env, organization, { image_id: image.id });
    expect(await badgePicture(env.db, badge)).toEqual(content);
  });

  it("else the one its asset_url names in the registry", async () => {
    const { env, organization, store } = await givenRegistry();
    const { image, content } = await store(svg());
    const asset_url = env.urls.image(image.sha256, image.media_type);
    const badge = await givenBadge(env, organization, { image_id: null, asset_url });
    expect(await badgePicture(env.db, badge)).toEqual(content);
  });

  it.each([null, "", "https://badges.example.org/images/none.svg"])(
    "else none: asset_url %j",
    async (asset_url) => {
      const { env, organization } = await givenRegistry();
      const badge = await givenBadge(env, organization, { image_id: null, asset_url });
      expect(await badgePicture(env.db, badge)).toBeNull();
    },
  );

  it("never that of another organization", async () => {
    const { env, store } = await givenRegistry();
    const { image } = await store(svg());
    const other = await givenOrganization(env);
    const badge = { organization_id: other.id, image_id: image.id, asset_url: null };
    expect(await badgePicture(env.db, badge)).toBeNull();
  });
});
