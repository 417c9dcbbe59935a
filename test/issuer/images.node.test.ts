// Uploads on Node, where the real engine draws: sizes, twins, and pictures that would never be done.
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { contentOfImage, imageContents } from "../../src/db/images.ts";
import { IMAGE_WIDTHS, pngOf } from "../../src/issuer/image-variants.ts";
import { admitArt, admitImage } from "../../src/issuer/images.ts";
import { Problem } from "../../src/problem.ts";
import { createImageEngine } from "../../src/runtime/images.ts";
import { testApp } from "../app.ts";
import { chunk, IEND, ihdr, pngOf as wholePng, zlibStored } from "../bakery/fixtures.ts";
import { givenOrganization } from "../given.ts";
import { png, svg } from "./pictures.ts";

const engine = createImageEngine();
afterAll(() => engine.close());

async function givenRegistry() {
  const { env, request } = await testApp({ override: () => ({ images: engine }) });
  const organization = await givenOrganization(env);
  const store = async (bytes: Uint8Array<ArrayBuffer>) => {
    const admitted = await admitImage(env, organization.id, { name: "picture", bytes });
    await env.db.batch(admitted.writes);
    const content = await contentOfImage(env.db, organization.id, admitted.image.id);
    if (!content) throw new Error("the picture was not stored");
    return { ...admitted, content };
  };
  return { env, organization, store, request };
}

describe("sizes", () => {
  it.each(IMAGE_WIDTHS)("%i pixels of an SVG", async (width) => {
    const { env, store } = await givenRegistry();
    const { content } = await store(svg());
    const made = await pngOf(env, content, width);
    expect(made).toMatchObject({ media_type: "image/png", width, height: width });
    const { info } = await sharp(made?.bytes).toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ format: "png", width, height: width, channels: 4 });
  });

  it("a smaller one of a PNG, the original for baking", async () => {
    const { env, store } = await givenRegistry();
    const { content } = await store(png(700));
    expect(await pngOf(env, content)).toBe(content);
    expect(await pngOf(env, content, 256)).toMatchObject({ width: 256, height: 256 });
  });

  it("generated art gets its twin when it is first asked for", async () => {
    const { env, organization } = await givenRegistry();
    const art = { name: "Hundred Hours", category: "activity_milestone" } as const;
    const { image, writes } = await admitArt(env, organization.id, art);
    await env.db.batch(writes);
    const content = await contentOfImage(env.db, organization.id, image.id);
    if (!content) throw new Error("the art was not stored");
    expect(await pngOf(env, content)).toMatchObject({ width: 512, media_type: "image/png" });
  });

  it("are served at the picture's address", async () => {
    const { store, request } = await givenRegistry();
    const { image } = await store(svg());
    for (const path of [`${image.sha256}.svg?w=128`, `${image.sha256}.png?w=128`]) {
      const response = await request(`/images/${path}`);
      expect(response.headers.get("content-type")).toBe("image/png");
      const { width } = await sharp(new Uint8Array(await response.arrayBuffer())).metadata();
      expect(width).toBe(128);
    }
    const twin = await request(`/images/${image.sha256}.png`);
    expect(twin.headers.get("content-type")).toBe("image/png");
    expect(twin.headers.get("cache-control")).toContain("immutable");
  });
});

describe("a picture that passes inspection and still cannot be drawn", () => {
  /** Few elements, each of them hours of work: what counting elements cannot see. */
  const slow = svg(
    `<filter id="f" x="0" y="0" width="512" height="512" filterUnits="userSpaceOnUse">${'<feTurbulence numOctaves="400" baseFrequency=".9"/>'.repeat(200)}</filter><rect width="512" height="512" filter="url(#f)"/>`,
  );

  /** Pixels of the right length, and on the first line a filter that no PNG has. */
  const unfiltered = () => {
    const rows = new Uint8Array(64 * 65);
    rows[0] = 9;
    return wholePng(ihdr({ width: 64, height: 64 }), chunk("IDAT", zlibStored(rows)), IEND);
  };

  it("is refused within 2 s, stores nothing, and the next is drawn", async () => {
    const { env, store } = await givenRegistry();
    // Starting the engine is no part of judging a picture.
    await store(svg("<g/>"));
    const before = await env.db.orm.select().from(imageContents);
    const started = performance.now();
    const problem = await store(slow).catch((error: unknown) => error);
    const took = performance.now() - started;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: "image-unreadable", status: 422 });
    expect(took).toBeLessThan(2_000);
    expect(await env.db.orm.select().from(imageContents)).toEqual(before);
    expect((await store(svg())).image.media_type).toBe("image/svg+xml");
  });

  it("a PNG whose lines have no known filter", async () => {
    const { store } = await givenRegistry();
    const problem = await store(unfiltered()).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "image-unreadable" });
  });
});
