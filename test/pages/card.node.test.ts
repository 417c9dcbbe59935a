import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { NOT_AGAIN_MS } from "../../src/issuer/image-variants.ts";
import { type Card, cardSvg } from "../../src/pages/card.ts";
import { createImageEngine, type NodeImageEngine, readFont } from "../../src/runtime/images.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

const TIMEOUT = 30_000;

let images: NodeImageEngine;
let font: ArrayBuffer | null;
let art: Uint8Array;

beforeAll(async () => {
  images = createImageEngine();
  font = await readFont();
  art = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#1f4fbf" } })
    .png()
    .toBuffer();
});

afterAll(() => images.close());

const card = (over: Partial<Card> = {}) =>
  cardSvg({
    name: "Streak Champion",
    by: "awarded by",
    issuer: "Northside Peer Mentors",
    art,
    font,
    ...over,
  });
/** Lines of text: each is one path. */
const linesIn = (svg: string) => svg.match(/<path /g)?.length ?? 0;

async function awardIn(env: Env, over: Parameters<typeof givenAward>[3] = {}) {
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization, { name: "Streak Champion" });
  return givenAward(env, badge, await givenPerson(env, organization), over);
}

describe("the card's text", () => {
  it("is outlines, never text that needs a font", () => {
    const svg = card();
    expect(svg.includes("<text")).toBe(false);
    expect(linesIn(svg)).toBe(4);
  });

  it.each([
    ["one short word", "Guide", 1],
    ["a name of two lines", "Streak Champion", 2],
    ["a name that needs three", "Certified Facilitator of Difficult Conversations", 3],
    ["a name without end", "word ".repeat(100), 3],
    ["one word without end", "W".repeat(150), 1],
  ])("%s", (_, name, lines) => {
    // The name's lines, then "awarded by" and the issuer.
    expect(linesIn(card({ name }))).toBe(lines + 2);
  });

  it.each([
    ["a letter the face lacks", { name: "شارة" }],
    ["no face at all", { font: null }],
    ["an empty name", { name: " " }],
  ])("%s: the picture stands alone", (_, over) => {
    const svg = card(over);
    expect(linesIn(svg)).toBe(0);
    expect(svg.includes('<image x="400"')).toBe(true);
  });

  it("every letter has numbers for its outline, wherever it stands", () => {
    const letters = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i));
    for (let i = 0; i < letters.length; i++) {
      expect(card({ name: letters.slice(i) }).includes("NaN")).toBe(false);
    }
    expect(card({ name: "Streak Champion" }).includes("NaN")).toBe(false);
  });

  it("an issuer whose letters the face lacks is left out, the name stays", () => {
    expect(linesIn(card({ issuer: "数学部" }))).toBe(2);
  });

  it("accents typed as two characters are set as one", () => {
    expect(linesIn(card({ name: "Cafe\u0301" }))).toBe(3);
  });

  it("stays inside its frame, whatever the name", async () => {
    for (const name of ["W".repeat(150), "word ".repeat(100), "Wg ".repeat(60)]) {
      const drawn = await images.rasterise(
        { mediaType: "image/svg+xml", bytes: new TextEncoder().encode(card({ name })) },
        1200,
        627,
      );
      if (!drawn.ok) throw new Error(drawn.reason);
      const edge = await sharp(drawn.png)
        .extract({ left: 1110, top: 60, width: 40, height: 500 })
        .removeAlpha()
        .raw()
        .toBuffer();
      expect(new Set(edge.toString("hex").match(/.{6}/g))).toEqual(new Set(["fffefb"]));
    }
  });
});

describe("GET /b/:hash/card.png", { timeout: TIMEOUT }, () => {
  it("is a PNG of 1200 by 627 pixels", async () => {
    const { env, request } = await testApp({ override: () => ({ images }) });
    const { unique_hash } = await awardIn(env);
    const response = await request(`/b/${unique_hash}/card.png`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    const { width, height, format } = await sharp(await response.arrayBuffer()).metadata();
    expect({ width, height, format }).toEqual({ width: 1200, height: 627, format: "png" });
    const page = await request(`/b/${unique_hash}`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain('property="og:image:height" content="627"');
  });

  it("is drawn once for all who ask", async () => {
    let drawn = 0;
    const counting = {
      ...images,
      rasterise: (...given: Parameters<typeof images.rasterise>) => {
        if (given[2] !== undefined) drawn++;
        return images.rasterise(...given);
      },
    };
    const { env, request } = await testApp({ override: () => ({ images: counting }) });
    const { unique_hash } = await awardIn(env);
    const ask = () => request(`/b/${unique_hash}/card.png`);
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(drawn).toBe(1);
  });

  it("sends to the badge's own picture where nothing can be drawn", async () => {
    const { env, request } = await testApp();
    const { unique_hash, badge_id } = await awardIn(env);
    const response = await request(`/b/${unique_hash}/card.png`);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(env.urls.badgeImage(badge_id));
  });

  it("tries again some time after a failure", async () => {
    let failing = true;
    const flaky = {
      ...images,
      rasterise: async (...given: Parameters<typeof images.rasterise>) =>
        failing ? ({ ok: false, reason: "deadline" } as const) : images.rasterise(...given),
    };
    const { env, request, clock } = await testApp({ override: () => ({ images: flaky }) });
    const { unique_hash } = await awardIn(env);
    expect((await request(`/b/${unique_hash}/card.png`)).status).toBe(303);
    failing = false;
    clock.advance(NOT_AGAIN_MS);
    expect((await request(`/b/${unique_hash}/card.png`)).status).toBe(200);
  });

  it.each([
    ["hidden", { visible: false }],
    ["revoked", { revoked_at: 1 }],
  ])("there is none for a badge that is %s", async (_, over) => {
    const { env, request } = await testApp();
    const { unique_hash } = await awardIn(env, over);
    expect((await request(`/b/${unique_hash}/card.png`)).status).toBe(404);
  });

  it("nor for an unknown one", async () => {
    const { request } = await testApp();
    expect((await request(`/b/${"0".repeat(40)}/card.png`)).status).toBe(404);
  });
});

describe("GET /ob/v2/badges/:id/card.png", { timeout: TIMEOUT }, () => {
  it("is the same picture for the badge as such, and its page says where", async () => {
    const { env, request } = await testApp({ override: () => ({ images }) });
    const { badge_id } = await awardIn(env);
    const response = await request(`/ob/v2/badges/${badge_id}/card.png`);
    expect(response.headers.get("content-type")).toBe("image/png");
    const { width, height } = await sharp(await response.arrayBuffer()).metadata();
    expect({ width, height }).toEqual({ width: 1200, height: 627 });
    const headers = { accept: "text/html" };
    const page = await (await request(`/ob/v2/badges/${badge_id}/criteria`, { headers })).text();
    expect(page).toContain(`content="${env.urls.badgeClassCard(badge_id)}"`);
    expect(page).toContain('type="application/json+oembed"');
  });

  it("sends to the badge's picture where nothing can be drawn; 404 for one there is not", async () => {
    const { env, request } = await testApp();
    const { badge_id } = await awardIn(env);
    const response = await request(`/ob/v2/badges/${badge_id}/card.png`);
    expect(response.status).toBe(303);
    for (const id of ["nothing", badge_id.replace(/.$/, (sign) => (sign === "0" ? "1" : "0"))]) {
      expect((await request(`/ob/v2/badges/${id}/card.png`)).status).toBe(404);
    }
  });
});
