// Pictures over HTTP: kept for ever, read by anybody, and never more than a picture.
import { describe, expect, it } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { contentOfImage } from "../../src/db/images.ts";
import type { Env } from "../../src/env.ts";
import { sha256Hex } from "../../src/ids.ts";
import { IMAGE_WIDTHS } from "../../src/issuer/image-variants.ts";
import { admitImage } from "../../src/issuer/images.ts";
import { testApp } from "../app.ts";
import { givenOrganization } from "../given.ts";
import { png, svg } from "./pictures.ts";

async function givenPicture(bytes: Uint8Array<ArrayBuffer>, override?: (env: Env) => Partial<Env>) {
  const { env, request } = await testApp({ override });
  const organization = await givenOrganization(env);
  const { image, writes } = await admitImage(env, organization.id, { name: "picture", bytes });
  await env.db.batch(writes);
  const content = await contentOfImage(env.db, organization.id, image.id);
  if (!content) throw new Error("the picture was not stored");
  return { env, request, image, content, path: `/images/${image.sha256}` };
}

const drawing = (): Partial<Env> => ({
  images: { available: true, rasterise: async (_, width) => ({ ok: true, png: png(width) }) },
});

describe.each([
  ["PNG", png(400), "png", "image/png"],
  ["SVG", svg(), "svg", "image/svg+xml"],
] as const)("%s", (_, bytes, extension, mediaType) => {
  it("is served byte for byte at the address that is minted for it", async () => {
    const { env, request, image } = await givenPicture(bytes);
    const response = await request(env.urls.image(image.sha256, image.media_type));
    expect(response.status).toBe(200);
    expect(await sha256Hex(new Uint8Array(await response.arrayBuffer()))).toBe(image.sha256);
    expect(await sha256Hex(bytes)).toBe(image.sha256);
  });

  it("may be kept for ever, read from any origin, and is taken for nothing else", async () => {
    const { request, path, image } = await givenPicture(bytes);
    const { headers } = await request(`${path}.${extension}`);
    expect(Object.fromEntries(headers)).toEqual({
      "access-control-allow-origin": "*",
      "cache-control": "public, max-age=31536000, immutable",
      "content-length": String(bytes.length),
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox",
      "content-type": mediaType,
      "cross-origin-resource-policy": "cross-origin",
      etag: `"${image.sha256}"`,
      "x-content-type-options": "nosniff",
    });
  });

  it("HEAD says the same of no body", async () => {
    const { request, path } = await givenPicture(bytes);
    const whole = await request(`${path}.${extension}`);
    const head = await request(`${path}.${extension}`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers));
    expect(await head.text()).toBe("");
  });

  it.each([
    ["its tag", (sha256: string) => `"${sha256}"`, 304],
    ["its tag, weak, in a list", (sha256: string) => `"a", W/"${sha256}"`, 304],
    ["any", () => "*", 304],
    ["another's", () => '"a"', 200],
  ])("If-None-Match with %s", async (_name, tag, status) => {
    const { request, path, image } = await givenPicture(bytes);
    const headers = { "if-none-match": tag(image.sha256) };
    const response = await request(`${path}.${extension}`, { headers });
    expect(response.status).toBe(status);
    expect(response.headers.get("etag")).toBe(`"${image.sha256}"`);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect((await response.arrayBuffer()).byteLength).toBe(status === 304 ? 0 : bytes.length);
  });
});

describe("who has the picture", () => {
  it("is told so without the picture being read", async () => {
    const asked: string[] = [];
    const { request, path, image } = await givenPicture(png(400), ({ db }) => ({
      db: createDatabase({
        read(statement) {
          asked.push(statement.sql);
          return db.read(statement);
        },
        write: (statements) => db.batch(statements),
        close: () => db.close(),
      }),
    }));
    const headers = { "if-none-match": `"${image.sha256}"` };
    asked.length = 0;
    expect((await request(`${path}.png`, { headers })).status).toBe(304);
    expect(asked.join()).not.toContain('"bytes"');
    expect((await request(`${path}.svg`, { headers })).status).toBe(404);
    expect((await request(`${path}.png`)).status).toBe(200);
    expect(asked.join()).toContain('"bytes"');
  });
});

describe("sizes", () => {
  it.each(IMAGE_WIDTHS)("w=%i is a PNG of that width, kept for ever", async (width) => {
    const { request, path } = await givenPicture(svg(), drawing);
    const response = await request(`${path}.svg?w=${width}`);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("cache-control")).toContain("immutable");
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(await sha256Hex(bytes)).toBe(await sha256Hex(png(width)));
    expect(response.headers.get("etag")).toBe(`"${await sha256Hex(bytes)}"`);
  });

  it("the PNG twin of an SVG is at the same name with .png", async () => {
    const { request, path } = await givenPicture(svg(), drawing);
    const response = await request(`${path}.png`);
    expect(response.headers.get("content-type")).toBe("image/png");
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(await sha256Hex(bytes)).toBe(await sha256Hex(png(512)));
  });

  it("a variant is a picture of the registry at its own hash too", async () => {
    const { request, path } = await givenPicture(svg(), drawing);
    const etag = (await request(`${path}.svg?w=64`)).headers.get("etag") ?? "";
    const response = await request(`/images/${etag.slice(1, -1)}.png`);
    expect(response.status).toBe(200);
  });

  it.each(["0", "65", "513", "4096", "64.0", "-64", "abc", "", "1e3"])(
    "w=%s is not offered",
    async (width) => {
      const { request, path } = await givenPicture(svg(), drawing);
      const response = await request(`${path}.svg?w=${width}`);
      expect(response.status).toBe(422);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      const { code, errors } = (await response.json()) as Record<string, unknown>;
      expect(code).toBe("invalid-request");
      expect(errors).toMatchObject([{ parameter: "w", code: "image-width" }]);
    },
  );

  it("where nothing can draw, the picture itself stands in, and not for ever", async () => {
    const { request, path, image } = await givenPicture(svg());
    const response = await request(`${path}.svg?w=256`);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
    expect(response.headers.get("etag")).toBe(`"${image.sha256}"`);
  });

  it("where nothing can draw, an SVG has no .png", async () => {
    const { request, path } = await givenPicture(svg());
    expect((await request(`${path}.png`)).status).toBe(404);
    expect((await request(`${path}.png?w=64`)).status).toBe(404);
  });
});

describe("not there", () => {
  const hash = "0".repeat(64);

  it.each([
    ["a hash nobody has", `${hash}.png`],
    ["no hash", "badge.png"],
    ["a hash too short", `${hash.slice(1)}.png`],
    ["a hash in capitals", `${"A".repeat(64)}.png`],
    ["another ending", `${hash}.jpg`],
    ["no ending", hash],
  ])("%s: 404 as a problem that any origin may read", async (_, file) => {
    const { request } = await testApp();
    const response = await request(`/images/${file}`, { headers: { "if-none-match": "*" } });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toMatchObject({ code: "not-found" });
  });

  it("a PNG is no .svg", async () => {
    const { request, path } = await givenPicture(png(400));
    expect((await request(`${path}.svg`)).status).toBe(404);
  });

  it.each(["POST", "PUT", "DELETE"])("%s is not for pictures", async (method) => {
    const { request, path } = await givenPicture(png(400));
    const response = await request(`${path}.png`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });
});
