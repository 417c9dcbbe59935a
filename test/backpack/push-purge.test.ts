// What backpacks are told when a badge is purged, and what they are given when an award is renewed.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { badges } from "../../src/db/badges.ts";
import { tombstones } from "../../src/db/tombstones.ts";
import { PURGE_WAIT_MS, purgeBadge } from "../../src/issuer/purge.ts";
import { renewAward } from "../../src/issuer/renew.ts";
import { drain } from "../../src/jobs/drain.ts";
import { HANDLERS } from "../../src/work.ts";
import { status } from "./host.ts";
import { HOUR_MS, type PushWorld, pushWorld } from "./push-world.ts";

const ACTOR = { kind: "operator", id: "operator" } as const;

async function purge(world: PushWorld) {
  const { env, badge } = world;
  const { writes } = await purgeBadge(env, badge, badge.name, ACTOR);
  await env.db.batch([...writes]);
}

const PURGING = Object.fromEntries(
  Object.entries(HANDLERS).filter(([kind]) => kind === "badge.purge"),
);
const purging = (world: PushWorld) => drain(world.env, PURGING, { limit: 100 });

async function left({ env }: PushWorld) {
  const [stones, rows] = await Promise.all([
    env.db.orm.select().from(tombstones).where(eq(tombstones.kind, "award")),
    env.db.orm.select().from(awards),
  ]);
  return { stones: stones.length, awards: rows.length };
}

describe("a badge that is purged", () => {
  it("its backpacks are told that the award is revoked, and then it goes", async () => {
    const world = await pushWorld();
    await world.work();
    expect(await world.row()).toMatchObject({ state: "delivered" });
    await purge(world);
    await purging(world);
    expect(await left(world)).toEqual({ stones: 0, awards: 1 });
    await world.work();
    const told = JSON.parse(world.host.at("POST").at(-1)?.body ?? "{}").assertion;
    expect(told).toMatchObject({ revoked: true, revocationReason: "Removed by its issuer." });
    expect(await world.row()).toMatchObject({ state: "withdrawn" });
    world.test.clock.advance(HOUR_MS);
    await purging(world);
    expect(await left(world)).toEqual({ stones: 1, awards: 0 });
    expect(await world.rows()).toEqual([]);
  });

  it("what was never sent goes at once, and is not sent", async () => {
    const world = await pushWorld();
    await purge(world);
    await purging(world);
    expect(await left(world)).toEqual({ stones: 1, awards: 0 });
    await world.work();
    expect(world.host.at("POST")).toEqual([]);
  });

  it("a backpack that never answers holds it back for three days, and no longer", async () => {
    const world = await pushWorld();
    await world.work();
    world.host.before = () => status(503);
    await purge(world);
    await purging(world);
    await world.pass(PURGE_WAIT_MS - HOUR_MS);
    await purging(world);
    expect(await left(world)).toEqual({ stones: 0, awards: 1 });
    world.test.clock.advance(HOUR_MS);
    await purging(world);
    expect(await left(world)).toEqual({ stones: 1, awards: 0 });
  });
});

describe("an award that is renewed", () => {
  async function renewed(wish: Parameters<typeof pushWorld>[0] = {}) {
    const world = await pushWorld({ ...wish, awards: 0 });
    const { env, organization, badge, test } = world;
    await env.db.batch([
      env.db.orm.update(badges).set({ is_renewable: true }).where(eq(badges.id, badge.id)),
    ]);
    const old = await world.award({ date_expire: test.clock.now + HOUR_MS });
    await world.plan();
    await world.work();
    test.clock.advance(HOUR_MS);
    const { result, writes } = await renewAward(env, organization.id, old.id, {}, ACTOR);
    await env.db.batch([...writes]);
    await world.work();
    return { world, old, award: result.award };
  }

  it("the backpack keeps the old one as it was, and is given the new one", async () => {
    const { world, old, award } = await renewed();
    const rows = await world.rows();
    const stateOf = (id: string) => rows.find(({ award_id }) => award_id === id)?.state;
    expect([stateOf(old.id), stateOf(award.id)]).toEqual(["delivered", "delivered"]);
    const sent = world.host.at("POST").map(({ body }) => JSON.parse(body ?? "{}").assertion);
    expect(sent.map(({ id }) => id)).toEqual([
      world.env.urls.assertion(old.unique_hash),
      world.env.urls.assertion(award.unique_hash),
    ]);
    expect(sent.some(({ revoked }) => revoked === true)).toBe(false);
  });

  it("a backpack that takes none by itself and has not the old one is given nothing", async () => {
    const { world } = await renewed({ autoSync: false });
    expect(await world.rows()).toEqual([]);
  });
});
