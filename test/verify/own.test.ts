// What this installation publishes, verified through its own routes in every form it gives it out.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type VerifyOptions, verifyBadge } from "../../src/verify/verify.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenPerson } from "../given.ts";
import { givenWorld, type World } from "../obv2/world.ts";
import { webOfApp } from "./web.ts";
import { faults } from "./world.ts";

describe.each(["svg", "png"] as const)("our own badge with a picture in %s", (pictures) => {
  let t: TestApp;
  let world: World;
  let options: VerifyOptions;

  beforeAll(async () => {
    t = await testApp({ shared: true });
    world = await givenWorld(t.env, pictures);
    options = { ...webOfApp(t.request), now: t.env.now, recipient: ["Kim@Example.org"] };
  });
  afterAll(() => t.close());

  const bytesOf = async (address: string) => {
    const response = await t.request(address);
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };
  const hash = () => world.award.unique_hash;

  it.each<[string, () => Promise<string | Uint8Array>, "hosted" | "signed"]>([
    ["its address", async () => t.env.urls.assertion(hash()), "hosted"],
    ["its page", async () => t.env.urls.badgePage(hash()), "hosted"],
    ["its JSON", async () => (await t.request(t.env.urls.assertion(hash()))).text(), "hosted"],
    ["the address of its baked SVG", async () => t.env.urls.bakedSvg(hash()), "hosted"],
    ["the address of its signed form", async () => t.env.urls.signed(hash()), "signed"],
    ["its signed text", async () => (await t.request(t.env.urls.signed(hash()))).text(), "signed"],
  ])("is valid by %s", async (_name, given, kind) => {
    const found = await verifyBadge(await given(), options);
    expect([faults(found), found.verdict]).toEqual([[], "valid"]);
    expect(found).toMatchObject({ version: "2.0", verification: kind, matched: "Kim@Example.org" });
    expect(found.badge).toMatchObject({
      name: "Streak Champion",
      issuer: { name: world.organization.name },
    });
    expect(found.endorsements).toMatchObject([
      { verdict: "valid", issuer: { name: "City Youth Council" } },
    ]);
    expect(found.checks.filter(({ outcome }) => outcome === "warned")).toEqual([]);
  });

  it("is valid by its baked files, hosted and signed", async () => {
    const { urls } = t.env;
    const addresses =
      pictures === "png"
        ? [urls.bakedPng(hash()), urls.signedPng(hash())]
        : [urls.bakedSvg(hash()), urls.signedSvg(hash())];
    for (const [at, address] of addresses.entries()) {
      const found = await verifyBadge(await bytesOf(address), options);
      expect([faults(found), found.verdict]).toEqual([[], "valid"]);
      expect(found).toMatchObject({
        input: { kind: pictures },
        verification: at === 0 ? "hosted" : "signed",
      });
    }
  });

  it("is somebody else's for whoever asks with another address", async () => {
    const found = await verifyBadge(t.env.urls.assertion(hash()), {
      ...options,
      recipient: ["pat@example.org"],
    });
    expect(found).toMatchObject({ verdict: "invalid", reason: "recipient-mismatch" });
  });

  it("expires, hosted and signed", async () => {
    const now = () => (world.award.date_expire ?? 0) + 1;
    for (const address of [t.env.urls.assertion(hash()), t.env.urls.signed(hash())]) {
      expect(await verifyBadge(address, { ...options, now })).toMatchObject({ verdict: "expired" });
    }
  });

  it("is revoked in every form once it is revoked", async () => {
    const person = await givenPerson(t.env, world.organization, { email: "pat@example.org" });
    const award = await givenAward(t.env, world.badge, person, {});
    const { urls } = t.env;
    const signed = await (await t.request(urls.signed(award.unique_hash))).text();
    const json = await (await t.request(urls.assertion(award.unique_hash))).text();
    expect(await verifyBadge(signed, { ...options, recipient: [] })).toMatchObject({
      verdict: "valid",
    });
    await t.env.db.batch([
      {
        sql: "UPDATE badge_issues SET revoked_at = ?, revocation_reason = ? WHERE id = ?",
        params: [t.env.now(), "Awarded by mistake", award.id],
      },
      { sql: "DELETE FROM hosted_assertions WHERE unique_hash = ?", params: [award.unique_hash] },
    ]);
    for (const given of [
      signed,
      json,
      urls.assertion(award.unique_hash),
      urls.badgePage(award.unique_hash),
    ]) {
      const found = await verifyBadge(given, { ...options, recipient: [] });
      expect(found).toMatchObject({ verdict: "revoked", reason: "revoked" });
      expect(found.words).toContain("Awarded by mistake");
    }
  });

  it("one that was never made is not known", async () => {
    const found = await verifyBadge(t.env.urls.assertion("0".repeat(40)), options);
    expect(found).toMatchObject({ verdict: "could-not-check", reason: "status-refused" });
  });

  it("its badge class and its issuer are what they are, and no awards", async () => {
    for (const address of [
      t.env.urls.badgeClass(world.badge.id),
      t.env.urls.issuer(world.organization.id),
    ]) {
      expect(await verifyBadge(address, options)).toMatchObject({ reason: "not-an-assertion" });
      expect(await verifyBadge(address, { ...options, subject: "any" })).toMatchObject({
        verdict: "valid",
      });
    }
  });
});
