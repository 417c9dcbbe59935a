import { describe, expect, it } from "vitest";
import { unbakePng } from "../../src/bakery/bake-png.ts";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { svgAround } from "../../src/obv2/baked-image.ts";
import { type TestApp, testApp } from "../app.ts";
import { chunksOf, fromUtf8 } from "../bakery/fixtures.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenWorld, PIXEL, revoke, type World } from "./world.ts";

async function served(t: TestApp, world: World) {
  const path = `/ob/v2/assertions/${world.award.unique_hash}`;
  const assertion = await (await t.request(path)).text();
  const file = async (suffix: string) => {
    const response = await t.request(`${path}/${suffix}`);
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  return { path, assertion, file };
}

async function textInPng(bytes: Uint8Array): Promise<string | undefined> {
  const unbaked = await unbakePng(bytes);
  return unbaked.ok ? unbaked.payload?.text : unbaked.reason;
}

function textInSvg(bytes: Uint8Array): string | undefined {
  const unbaked = unbakeSvg(bytes);
  return unbaked.ok ? unbaked.payload?.text : unbaked.reason;
}

/** What can draw here: one pixel, whatever the picture. */
const drawing = (calls: string[] = []) => ({
  override: () => ({
    images: {
      available: true,
      rasterise: async (source: { mediaType: string }) => {
        calls.push(source.mediaType);
        return { ok: true as const, png: PIXEL };
      },
    },
  }),
});

describe("a badge whose picture is a PNG", () => {
  it("OB20-PNG-01 OB20-PNG-04 OB20-A-09 is baked with the assertion exactly as it is served", async () => {
    const t = await testApp();
    const { assertion, file } = await served(t, await givenWorld(t.env, "png"));
    const { response, bytes } = await file("image.png");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(await textInPng(bytes)).toBe(assertion);
    expect(chunksOf(bytes).map(({ name }) => name)).toEqual(["IHDR", "iTXt", "IDAT", "IEND"]);
  });

  it("the assertion's image is the very address that serves the baked file", async () => {
    const t = await testApp();
    const { assertion } = await served(t, await givenWorld(t.env, "png"));
    const response = await t.request(JSON.parse(assertion).image);
    expect(await textInPng(new Uint8Array(await response.arrayBuffer()))).toBe(assertion);
  });

  it("can be had as SVG too, drawn around the same pixels", async () => {
    const t = await testApp();
    const { assertion, file } = await served(t, await givenWorld(t.env, "png"));
    const { response, bytes } = await file("image.svg");
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(textInSvg(bytes)).toBe(assertion);
    expect(fromUtf8(bytes)).toContain(
      `data:image/png;base64,${btoa(String.fromCharCode(...PIXEL))}`,
    );
    expect(inspectSvg(bytes)).toMatchObject({ ok: true, width: 1, height: 1, baked: true });
  });

  it("is wrapped with the plan that an inspection would have found", () => {
    const { bytes, plan } = svgAround({ bytes: PIXEL, width: 40, height: 30 });
    expect(inspectSvg(bytes)).toMatchObject({ ok: true, width: 40, height: 30, plan });
  });

  it("is wrapped whole however long it is", () => {
    const pixels = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
    const text = fromUtf8(svgAround({ bytes: pixels, width: 1, height: 1 }).bytes);
    const base64 = /base64,([^"]+)"/.exec(text)?.[1] ?? "";
    expect(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))).toEqual(pixels);
  });
});

describe("a badge whose picture is an SVG", () => {
  it("OB20-SVG-01 OB20-SVG-02 OB20-SVG-04 is baked with the assertion exactly as it is served", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env);
    const { assertion, file } = await served(t, world);
    const { response, bytes } = await file("image.svg");
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(textInSvg(bytes)).toBe(assertion);
    const text = fromUtf8(bytes);
    expect(text).toContain(`verify="${t.env.urls.assertion(world.award.unique_hash)}"`);
    expect(text.match(/<openbadges:assertion/g)).toHaveLength(1);
  });

  it("OB20-SVG-05 has no verify attribute where none is asked for", async () => {
    const t = await testApp();
    const { assertion, file } = await served(t, await givenWorld(t.env));
    const { bytes } = await file("image.svg?verify=none");
    expect(fromUtf8(bytes)).not.toContain("verify=");
    expect(textInSvg(bytes)).toBe(assertion);
  });

  it("OB20-SVG-10 cannot run anything when it is opened as a page", async () => {
    const t = await testApp();
    const { file } = await served(t, await givenWorld(t.env));
    const { response } = await file("image.svg");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("sandbox");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("OB20-A-09 is named as SVG where nothing can draw, and its PNG leads to the SVG", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env);
    const { assertion, file } = await served(t, world);
    expect(JSON.parse(assertion).image).toBe(t.env.urls.bakedSvg(world.award.unique_hash));
    const { response } = await file("image.png");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(t.env.urls.bakedSvg(world.award.unique_hash));
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("OB20-A-09 is drawn once and baked as PNG where something can draw", async () => {
    const calls: string[] = [];
    const t = await testApp(drawing(calls));
    const world = await givenWorld(t.env);
    const { assertion, file } = await served(t, world);
    expect(JSON.parse(assertion).image).toBe(t.env.urls.bakedPng(world.award.unique_hash));
    expect(await textInPng((await file("image.png")).bytes)).toBe(assertion);
    expect(await textInPng((await file("image.png")).bytes)).toBe(assertion);
    expect(calls).toEqual(["image/svg+xml"]);
  });
});

describe("a badge without a picture", () => {
  it("is baked into art made from its name", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env);
    const badge = await givenBadge(t.env, world.organization, { image_id: null });
    const award = await givenAward(t.env, badge, world.person);
    const { assertion, file } = await served(t, { ...world, award });
    expect(JSON.parse(assertion).image).toBe(t.env.urls.bakedSvg(award.unique_hash));
    expect(textInSvg((await file("image.svg")).bytes)).toBe(assertion);
    expect((await file("image.png")).response.status).toBe(302);
  });
});

describe("baked files over HTTP", () => {
  it("are shown in place, and saved under the badge's name", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env, "png");
    const { file } = await served(t, world);
    const name = `Streak-Champion-${world.award.unique_hash.slice(0, 8)}`;
    const shown = (await file("image.png")).response.headers.get("content-disposition");
    expect(shown).toBe(`inline; filename="${name}.png"`);
    const saved = (await file("image.svg?download")).response.headers.get("content-disposition");
    expect(saved).toBe(`attachment; filename="${name}.svg"`);
  });

  it("are known again without being baked, until something changes", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env, "png");
    const { path, file } = await served(t, world);
    await t.settle();
    const etag = (await file("image.png")).response.headers.get("etag") ?? "none";
    const again = () => t.request(`${path}/image.png`, { headers: { "if-none-match": etag } });
    expect((await again()).status).toBe(304);
    expect((await again()).headers.get("cache-control")).toBe("public, no-cache");
    await t.env.db.batch([
      {
        sql: "UPDATE badge_issues SET narrative = ? WHERE id = ?",
        params: ["Changed.", world.award.id],
      },
    ]);
    expect((await again()).status).toBe(200);
    await revoke(t.env, world.award, null);
    expect((await again()).status).toBe(410);
  });

  it("change with the badge's picture", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env, "png");
    const { file } = await served(t, world);
    const before = (await file("image.svg")).response.headers.get("etag");
    await t.env.db.batch([
      { sql: "UPDATE badges SET image_id = NULL WHERE id = ?", params: [world.badge.id] },
    ]);
    expect((await file("image.svg")).response.headers.get("etag")).not.toBe(before);
  });

  it("an assertion too long for a file is served, but not baked", async () => {
    const t = await testApp();
    const world = await givenWorld(t.env, "png");
    const person = await givenPerson(t.env, world.organization);
    const award = await givenAward(t.env, world.badge, person, { narrative: "x".repeat(600_000) });
    const { assertion, file } = await served(t, { ...world, award });
    expect(assertion.length).toBeGreaterThan(600_000);
    expect((await file("image.png")).response.status).toBe(500);
  });
});
