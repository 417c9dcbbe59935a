// The picture that is drawn for a badge: its shape and colour chosen, poor contrast refused.
import { describe, expect, it } from "vitest";
import {
  contrast,
  DARK_PAPER,
  LIGHT_PAPER,
  MIN_FACE_CONTRAST,
  nearestThatStandsOut,
} from "../../src/issuer/art-colour.ts";
import { testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import { countedQuietly, counts, evaluate, givenRuled } from "../issuer/evaluation-world.ts";
import { givenClient } from "./client.ts";

const BADGE = {
  name: "Night Walk Guide",
  description: "Led ten night walks.",
  criteria: { narrative: "Lead ten night walks." },
};

async function stage() {
  const t = await testApp();
  const client = await givenClient(t);
  const svg = async (url: unknown) => (await t.request(String(url))).text();
  return { t, ...client, svg };
}

describe("art", () => {
  it("is drawn with the shape and colour that were chosen, and shown back", async () => {
    const { send, svg } = await stage();
    const art = { shape: "shield", colour: "#1F6F5B" };
    const made = await send("POST", "/badges", { ...BADGE, art, icon_key: "mountain" });
    expect(made.status).toBe(201);
    expect(made.body.art).toEqual({ shape: "shield", colour: "#1f6f5b" });
    const drawn = await svg(made.body.asset_url);
    expect(drawn).toContain('fill="#1f6f5b"');
    const plain = await send("POST", "/badges", { ...BADGE, name: "Another" });
    expect([plain.body.art, await svg(plain.body.asset_url)]).not.toEqual([null, drawn]);
  });

  it.each(["#ffff00", "#ffffff", "#000000", "#f4f4f4", "#14161a"])(
    "422 for %s, with a colour that would do",
    async (colour) => {
      const { send } = await stage();
      const refused = await send("POST", "/badges", { ...BADGE, art: { shape: null, colour } });
      const [error] = refused.body.errors;
      expect([refused.status, error?.pointer, error?.code]).toEqual([
        422,
        "/art/colour",
        "art_contrast_too_low",
      ]);
      const instead = /#[0-9a-f]{6}/.exec(error?.fix ?? "")?.[0] ?? "";
      const ratios = [LIGHT_PAPER, DARK_PAPER].map((paper) => contrast(instead, paper));
      expect(Math.min(...ratios)).toBeGreaterThanOrEqual(MIN_FACE_CONTRAST);
      const made = await send("POST", "/badges", { ...BADGE, art: { colour: instead } });
      expect(made.status).toBe(201);
    },
  );

  it.each(["#12345", "red", "#12345g", ""])("422 for %j, which is no colour", async (colour) => {
    const { send } = await stage();
    const refused = await send("POST", "/badges", { ...BADGE, art: { colour } });
    expect(refused.body.errors[0]?.code).toBe("art_colour_format");
  });

  it("a change draws the picture anew; a picture of one's own ends the design", async () => {
    const { send, svg } = await stage();
    const made = await send("POST", "/badges", { ...BADGE, art: { shape: "circle" } });
    const path = `/badges/${made.body.id}`;
    const other = await send("PATCH", path, { art: { shape: "circle", colour: "#b5451c" } });
    expect(await svg(other.body.asset_url)).toContain('fill="#b5451c"');
    const same = await send("PATCH", path, { art: other.body.art });
    expect(same.body.image).toBe(other.body.image);
    const uploaded = await send("PATCH", path, { image: made.body.image });
    expect([uploaded.body.art, uploaded.body.image]).toEqual([null, made.body.image]);
  });

  it("to who has not earned it, the badge is shown in its own shape", async () => {
    const { t, send } = await stage();
    const locked = async (shape: string) => {
      const made = await send("POST", "/badges", { ...BADGE, name: shape, art: { shape } });
      return (await t.request(`/ob/v2/badges/${made.body.id}/image?locked`)).text();
    };
    const [circle, diamond] = [await locked("circle"), await locked("diamond")];
    expect(circle.replace(/<title>.*?<\/title>/, "")).not.toContain(
      /<clipPath[^>]*>(<path[^>]*>)/.exec(diamond)?.[1],
    );
  });

  it("every colour has a neighbour that stands out", () => {
    for (let i = 0; i < 4_096; i += 7) {
      const colour = `#${[8, 4, 0].map((by) => ((i >> by) & 15).toString(16).repeat(2)).join("")}`;
      const near = nearestThatStandsOut(colour);
      const ratios = [LIGHT_PAPER, DARK_PAPER].map((paper) => contrast(near, paper));
      expect([colour, Math.min(...ratios) >= MIN_FACE_CONTRAST]).toEqual([colour, true]);
    }
  });
});

describe("a dry run of a badge that is not active", () => {
  it("says who would get it, and awards nothing", async () => {
    const { t, send, organization } = await stage();
    for (let i = 1; i <= 4; i++) {
      const { user } = await givenPerson(t.env, organization);
      await countedQuietly(t.env, organization, user.id, i);
    }
    const badge = await givenRuled(t.env, organization, {
      rules: [counts(2)],
      over: { status: "inactive" },
    });
    const asked = await send("POST", "/evaluations", { badge: badge.id, dry_run: true });
    await evaluate(t.env);
    const counted = await send("GET", `/evaluations/${asked.body.id}`);
    expect(counted.body).toMatchObject({ state: "done", found: 3, awarded: 0 });
    const wet = await send("POST", "/evaluations", { badge: badge.id });
    await evaluate(t.env);
    expect((await send("GET", `/evaluations/${wet.body.id}`)).body).toMatchObject({ found: 0 });
  });
});
