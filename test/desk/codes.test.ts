// Claim codes at a desk: made once, counted, and ended.
import { describe, expect, it } from "vitest";
import { claimCodes } from "../../src/db/claim-codes.ts";
import { givenBadge } from "../given.ts";
import { givenManualCriterion } from "../given-nominations.ts";
import { deskWorld } from "./world.ts";

const text = async (response: Response) =>
  (await response.text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

async function withCodes() {
  const world = await deskWorld();
  const badge = await givenBadge(world.env, world.organization, { name: "Spring Camp" });
  await givenManualCriterion(world.env, badge);
  const codes = () => world.env.db.orm.select().from(claimCodes);
  return { ...world, badge, codes };
}

describe("a claim code", () => {
  it("is shown once with its address and its QR code, and made once however often it is sent", async () => {
    const { as, badge, codes, clock } = await withCodes();
    const form = await (await as.cora.get("/award/codes")).text();
    const once = /name="once" value="([^"]+)"/.exec(form)?.[1] ?? "";
    const fields = {
      badge: badge.id,
      label: "Camp",
      most: "30",
      until: "2027-06-01",
      code: "spring-camp-7f3k",
      once,
    };
    const made = await as.cora.post("/award/codes", fields);
    const html = await made.text();
    expect(made.status).toBe(201);
    for (const words of [
      "spring-camp-7f3k",
      "https://badges.example.org/claim/spring-camp-7f3k",
      'class="qr"',
      "30 people can use it.",
      "1 June 2027",
    ]) {
      expect(html).toContain(words);
    }
    expect((await as.cora.post("/award/codes", fields)).status).toBe(201);
    clock.advance(11_000);
    const again = await as.cora.post("/award/codes", fields);
    expect(again.status).toBe(200);
    const said = await text(again);
    expect(said).toContain("It was shown when it was made");
    expect(said).not.toContain("spring-camp-7f3k");
    expect(await codes()).toMatchObject([{ label: "Camp", max_claims: 30 }]);
    const list = await text(await as.cora.get("/award/codes"));
    for (const words of ["Camp", "ends in 7F3K", "0 of 30", "Can be used"]) {
      expect(list).toContain(words);
    }
    expect(list).not.toContain("spring-camp-7f3k");
  });

  it("is ended, which the list says; of another organization it is unknown", async () => {
    const { as, badge, codes } = await withCodes();
    await as.cora.post("/award/codes", { badge: badge.id, label: "Camp" });
    const [code] = await codes();
    const path = `/award/codes/${code?.id}/end`;
    expect((await as.fritz.post(path, { badge: badge.id })).status).toBe(404);
    const ended = await as.cora.post(path, { badge: badge.id });
    expect(ended.headers.get("location")).toBe("/award/codes?done=ended");
    const list = await text(await as.cora.get("/award/codes?done=ended"));
    expect([list.includes("The code was ended."), list.includes("Ended")]).toEqual([true, true]);
    expect(await text(await as.fritz.get("/award/codes"))).toContain("There is none yet.");
  });

  it.each([
    ["too short", { code: "abc" }, 422, "This code is too short"],
    ["a number that is none", { most: "many" }, 422, "Give a whole number"],
    ["a day that has passed", { until: "2026-10-03" }, 422, "This day has passed"],
    ["no day", { until: "soon" }, 422, "Give a day as year-month-day"],
    ["no badge", { badge: "nothing" }, 422, "Choose a badge."],
  ])("%s is refused in place", async (_name, fields, status, words) => {
    const { as, badge, codes } = await withCodes();
    const refused = await as.cora.post("/award/codes", { badge: badge.id, ...fields });
    expect([refused.status, await text(refused)]).toEqual([status, expect.stringContaining(words)]);
    expect(await codes()).toEqual([]);
  });

  it("that is another's is refused in place", async () => {
    const { as, badge } = await withCodes();
    const fields = { badge: badge.id, code: "spring-camp-7f3k" };
    await as.cora.post("/award/codes", fields);
    const again = await as.ada.post("/award/codes", fields);
    expect([again.status, await text(again)]).toEqual([
      409,
      expect.stringContaining("Another code is, or was, the same."),
    ]);
  });

  it("a coordinator makes none for a badge they do not give", async () => {
    const { as, env, organization } = await withCodes();
    const ruled = await givenBadge(env, organization, { name: "By rule" });
    expect(await (await as.cora.get("/award/codes")).text()).not.toContain("By rule");
    expect((await as.cora.post("/award/codes", { badge: ruled.id })).status).toBe(403);
  });
});
