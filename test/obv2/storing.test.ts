import { beforeEach, describe, expect, it } from "vitest";
import {
  findHostedAssertion,
  findPublicAward,
  putHostedAssertion,
} from "../../src/db/published.ts";
import { hostedAssertion } from "../../src/obv2/hosted.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenWorld, revoke, type World } from "./world.ts";

let t: TestApp;
let world: World;
let path: string;

beforeEach(async () => {
  t = await testApp();
  world = await givenWorld(t.env);
  path = `/ob/v2/assertions/${world.award.unique_hash}`;
});

const stored = () => findHostedAssertion(t.env.db, world.award.unique_hash);

describe("a stored Assertion", () => {
  it("is put there by the first who asks, and says the same to the second", async () => {
    expect(await stored()).toBeNull();
    const first = await t.request(path);
    await t.settle();
    const row = await stored();
    expect(row?.body).toBe(await first.text());
    expect(row?.etag).toBe(first.headers.get("etag"));
    const second = await t.request(path);
    expect(await second.text()).toBe(row?.body);
    expect(Object.fromEntries(second.headers)).toEqual(Object.fromEntries(first.headers));
  });

  it.each([
    ["revoked_at", 1],
    ["date_expire", 2_000_000_000_000],
    ["narrative", "Another."],
    ["evidence", '[{"narrative":"Another."}]'],
    ["recipient_identity", "other@example.org"],
    ["recipient_salt", "ffeeddccbbaa99887766554433221100"],
  ])("is gone with a change of %s, and what comes next is new", async (column, value) => {
    const before = await (await t.request(path)).text();
    await t.settle();
    await t.env.db.batch([
      {
        sql: `UPDATE badge_issues SET ${column} = ? WHERE id = ?`,
        params: [value, world.award.id],
      },
    ]);
    expect(await stored()).toBeNull();
    expect(await (await t.request(path)).text()).not.toBe(before);
  });

  it("is never put back by a reader that read the award before it was revoked", async () => {
    const found = await findPublicAward(t.env.db, world.award.unique_hash, 512);
    const hosted = await hostedAssertion(found?.award ?? world.award, {
      urls: t.env.urls,
      bakedImage: "svg",
    });
    await revoke(t.env, world.award, "Awarded by mistake");
    await t.env.db.batch(putHostedAssertion(hosted, found?.award.revision ?? 0));
    expect(await stored()).toBeNull();
    expect((await t.request(path)).status).toBe(410);
  });

  it("is never put back by a reader that read the award before it was changed", async () => {
    const slow = await findPublicAward(t.env.db, world.award.unique_hash, 512);
    const old = await hostedAssertion(slow?.award ?? world.award, {
      urls: t.env.urls,
      bakedImage: "svg",
    });
    await t.env.db.batch([
      {
        sql: "UPDATE badge_issues SET narrative = ? WHERE id = ?",
        params: ["Changed.", world.award.id],
      },
    ]);
    const fast = await t.request(path);
    await t.settle();
    await t.env.db.batch(putHostedAssertion(old, slow?.award.revision ?? 0));
    expect((await stored())?.body).toBe(await fast.text());
    expect(await (await t.request(path)).text()).toContain("Changed.");
  });

  it("is never put there for a revoked award, whatever its revision", async () => {
    await revoke(t.env, world.award, null);
    const found = await findPublicAward(t.env.db, world.award.unique_hash, 512);
    const hosted = await hostedAssertion(world.award, { urls: t.env.urls, bakedImage: "svg" });
    await t.env.db.batch(putHostedAssertion(hosted, found?.award.revision ?? 0));
    expect(await stored()).toBeNull();
  });

  it("of another public address is not served, and is replaced", async () => {
    const hosted = await hostedAssertion(world.award, { urls: t.env.urls, bakedImage: "svg" });
    const foreign = { ...hosted, base: "https://old.example.org", body: "{}", etag: '"old"' };
    await t.env.db.batch(putHostedAssertion(foreign, 1));
    const response = await t.request(path);
    expect(await response.json()).toMatchObject({
      id: t.env.urls.assertion(world.award.unique_hash),
    });
    await t.settle();
    expect((await stored())?.base).toBe(t.env.urls.base);
  });

  it("shares its form with the others of its badge, and is put together from it", async () => {
    const { badge, organization, award } = world;
    const other = await givenAward(t.env, badge, await givenPerson(t.env, organization), {
      date_expire: award.date_expire,
      evidence: award.evidence,
    });
    const forms = async () =>
      (await t.env.db.read({ sql: "SELECT id FROM assertion_forms", params: [] })).rows.length;
    await t.request(path);
    await t.settle();
    const before = await forms();
    const response = await t.request(`/ob/v2/assertions/${other.unique_hash}`);
    await t.settle();
    expect(await forms()).toBe(before);
    const kept = await findHostedAssertion(t.env.db, other.unique_hash);
    expect(kept?.body).toBe(await response.text());
    expect(JSON.parse(kept?.body ?? "")).toMatchObject({
      id: t.env.urls.assertion(other.unique_hash),
      recipient: { salt: other.recipient_salt },
    });
  });

  it("has its place alone: another award of the same key is built each time, and both are told apart", async () => {
    await t.request(path);
    await t.settle();
    const before = await stored();
    const { badge, organization, award } = world;
    const unique_hash = award.unique_hash.slice(0, 13) + "f".repeat(27);
    const other = await givenAward(t.env, badge, await givenPerson(t.env, organization), {
      unique_hash,
    });
    for (let time = 0; time < 2; time++) {
      const response = await t.request(`/ob/v2/assertions/${unique_hash}`);
      expect(await response.json()).toMatchObject({ id: t.env.urls.assertion(unique_hash) });
      await t.settle();
    }
    expect(await findHostedAssertion(t.env.db, unique_hash)).toBeNull();
    await revoke(t.env, other, null);
    expect(await stored()).toEqual(before);
    expect((await t.request(`/ob/v2/assertions/${unique_hash}`)).status).toBe(410);
    expect((await t.request(path)).status).toBe(200);
  });

  it("that cannot be kept is served all the same, and the log says so", async () => {
    const app = await testApp({
      override: (env) => ({
        db: {
          ...env.db,
          batch: async (writes) => {
            const keeping = writes.some(
              (write) => "sql" in write && String(write.sql).includes("hosted_assertions"),
            );
            if (keeping) throw new Error("no room");
            return env.db.batch(writes);
          },
        },
      }),
    });
    const organization = await givenOrganization(app.env);
    const badge = await givenBadge(app.env, organization);
    const award = await givenAward(app.env, badge, await givenPerson(app.env, organization));
    expect((await app.request(`/ob/v2/assertions/${award.unique_hash}`)).status).toBe(200);
    await app.settle();
    expect(app.logged.map((line) => line.event)).toContain("assertion.not_stored");
  });
});
