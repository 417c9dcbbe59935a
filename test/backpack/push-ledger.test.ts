// What comes into the ledger and goes out of it: whose awards, to which connections, and what disconnecting leaves.
import { eq, isNull } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { disconnect, sendNow, setAutoSync } from "../../src/backpack/connection.ts";
import { replayDelivery, replayParked } from "../../src/backpack/deliveries.ts";
import { FORGOTTEN_AFTER_MS, KEEP_EVENTS_MS } from "../../src/backpack/ledger.ts";
import { GIVE_UP_MS } from "../../src/backpack/outcome.ts";
import { connections, tokens } from "../../src/db/backpacks.ts";
import { backpackEvents, type Delivery, deliveries } from "../../src/db/deliveries.ts";
import { CONNECTED } from "../../src/db/deliveries-plan.ts";
import { jobs } from "../../src/db/jobs.ts";
import { identities, users } from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import type { Problem } from "../../src/problem.ts";
import { proofFor } from "../../src/signin/person.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { beforeEachStep } from "../interleaved.ts";
import { BadgeHost, givenConnection, givenHostedBackpack, status } from "./host.ts";
import { HOUR_MS, jobsOfKind, PUSHING, type PushWorld, pushWorld } from "./push-world.ts";

const ACTOR = { kind: "system", id: null } as const;
const states = (rows: readonly Delivery[]) => rows.map(({ state }) => state);

async function awarded(world: PushWorld, email: string) {
  const { env, organization, badge } = world;
  const { writes } = await awardBadge(
    env,
    organization.id,
    { badge: badge.id, recipient: { type: "email", identity: email } },
    ACTOR,
  );
  await env.db.batch(writes);
}

describe("whose award it is", () => {
  it("also of another organization that has its own record of the person", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person } = world;
    const elsewhere = await givenOrganization(env);
    const record = await givenPerson(env, elsewhere, { email: person.identity.normalised });
    await env.db.batch([
      env.db.orm
        .update(identities)
        .set({ verified_at: null })
        .where(eq(identities.id, record.identity.id)),
    ]);
    const badge = await givenBadge(env, elsewhere);
    const { writes } = await awardBadge(
      env,
      elsewhere.id,
      { badge: badge.id, user: record.user.id },
      ACTOR,
    );
    await env.db.batch(writes);
    expect(await world.row()).toMatchObject({
      user_id: person.user.id,
      organization_id: elsewhere.id,
    });
    await env.db.batch([env.db.orm.delete(deliveries)]);
    await world.plan();
    expect(await world.rows()).toHaveLength(1);
  });

  it("of nobody who has not proven the address it is made out to", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person } = world;
    await env.db.batch([
      env.db.orm.insert(identities).values({
        id: newId(env),
        user_id: person.user.id,
        type: "email",
        identity: "claimed@example.org",
        normalised: "claimed@example.org",
        verified_at: null,
      }),
    ]);
    await awarded(world, "claimed@example.org");
    await world.plan();
    await sendNow(env, person.user.id, world.connectionId, "all");
    expect(await world.rows()).toEqual([]);
  });

  it("once the address is proven, what was awarded before follows", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person } = world;
    await awarded(world, "later@example.org");
    expect(await world.rows()).toEqual([]);
    await env.db.batch(await proofFor(env, person.user.id, "Later@example.org"));
    await world.work();
    expect((await world.row()).state).toBe("delivered");
  });

  it("of nobody who is suspended", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person } = world;
    await world.award();
    await env.db.batch([
      env.db.orm.update(users).set({ status: "suspended" }).where(eq(users.id, person.user.id)),
    ]);
    await world.plan();
    expect(await world.rows()).toEqual([]);
  });

  it("not what was hidden, declined or revoked, unless one is asked for by itself", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person, connectionId } = world;
    const hidden = await world.award({ visible: false });
    await world.award({ claim_state: "declined" });
    const revoked = await world.award({ revoked_at: 1 });
    await world.plan();
    expect(await world.rows()).toEqual([]);
    expect(await sendNow(env, person.user.id, connectionId, "all")).toBe(0);
    expect(await sendNow(env, person.user.id, connectionId, revoked.id)).toBe(0);
    expect(await sendNow(env, person.user.id, connectionId, hidden.id)).toBe(1);
  });

  it("one row for each award and each connection, however often it is planned", async () => {
    const world = await pushWorld({ awards: 3 });
    const second = new BadgeHost("https://second.example.net", world.env.now);
    const backpack = await givenHostedBackpack(world.env, second);
    await givenConnection(world.env, backpack, world.person.user.id);
    for (let i = 0; i < 3; i++) await world.plan();
    expect(await world.rows()).toHaveLength(6);
    expect(await jobsOfKind(world.env, "backpack.push")).toHaveLength(2);
    expect(new Set((await world.rows()).map(({ id }) => id)).size).toBe(6);
  });
});

describe("connecting", () => {
  const told = async (world: PushWorld) => {
    const payload = { connection_id: world.connectionId };
    await world.env.db.batch([
      enqueue(world.env, { kind: CONNECTED, dedupeKey: world.connectionId, payload }),
    ]);
    await world.work();
  };

  it("sends what the person has already, and has the backpack read", async () => {
    const world = await pushWorld({ awards: 0 });
    await world.award();
    await world.award();
    await told(world);
    expect(states(await world.rows())).toEqual(["delivered", "delivered"]);
    expect(await jobsOfKind(world.env, "backpack.pull")).toHaveLength(1);
  });

  it("sends nothing where the person did not ask for it", async () => {
    const world = await pushWorld({ awards: 0, autoSync: false });
    await world.award();
    await told(world);
    expect(await world.rows()).toEqual([]);
  });

  it("a connection that was ended meanwhile is none", async () => {
    const world = await pushWorld({ awards: 1 });
    await disconnect(world.env, world.person.user.id, world.connectionId);
    await told(world);
    expect(await world.rows()).toEqual([]);
  });
});

describe("sending by hand", () => {
  it("one, or all that have not arrived, whether or not new ones are sent", async () => {
    const world = await pushWorld({ awards: 0, autoSync: false });
    const { env, person, connectionId } = world;
    const award = await world.award();
    await world.award();
    expect(await sendNow(env, person.user.id, connectionId, award.id)).toBe(1);
    await world.work();
    expect(states(await world.rows())).toEqual(["delivered"]);
    expect(await sendNow(env, person.user.id, connectionId, "all")).toBe(1);
    await world.work();
    expect(states(await world.rows())).toEqual(["delivered", "delivered"]);
  });

  it("one that has arrived goes again, if it is asked for by itself", async () => {
    const world = await pushWorld();
    const [row] = await world.rows();
    await world.work();
    await sendNow(world.env, world.person.user.id, world.connectionId, row?.award_id ?? "");
    await world.work();
    expect(world.host.at("POST")).toHaveLength(2);
    expect(world.host.shown()).toHaveLength(1);
  });

  it("what was refused or parked goes again", async () => {
    const world = await pushWorld({ awards: 2 });
    world.host.before = () => status(400, "INVALID_BADGE", "no");
    await world.work();
    world.host.before = () => undefined;
    expect(await sendNow(world.env, world.person.user.id, world.connectionId, "all")).toBe(2);
    await world.work();
    expect(states(await world.rows())).toEqual(["delivered", "delivered"]);
  });

  it("of a connection that is another's: there is none", async () => {
    const world = await pushWorld();
    const other = await givenPerson(world.env, world.organization);
    for (const deed of [
      sendNow(world.env, other.user.id, world.connectionId, "all"),
      disconnect(world.env, other.user.id, world.connectionId),
      setAutoSync(world.env, other.user.id, world.connectionId, false),
      sendNow(world.env, other.user.id, "none", "all"),
    ]) {
      await expect(deed).rejects.toMatchObject({ code: "not-found" } satisfies Partial<Problem>);
    }
    expect(await world.rows()).toHaveLength(1);
  });

  it("an award that is another's: nothing goes", async () => {
    const world = await pushWorld({ awards: 0 });
    const other = await givenPerson(world.env, world.organization);
    const badge = await givenBadge(world.env, world.organization);
    const input = { badge: badge.id, user: other.user.id };
    const { result, writes } = await awardBadge(world.env, world.organization.id, input, ACTOR);
    await world.env.db.batch(writes);
    const { person, connectionId } = world;
    expect(await sendNow(world.env, person.user.id, connectionId, result.award.id)).toBe(0);
  });
});

describe("new awards by themselves, or not", () => {
  it("switched off, what was not sent yet is not sent; switched on, it is", async () => {
    const world = await pushWorld({ awards: 2 });
    const { env, person, connectionId } = world;
    await setAutoSync(env, person.user.id, connectionId, false);
    await world.work();
    expect(world.host.asked).toEqual([]);
    expect(await world.rows()).toEqual([]);
    await setAutoSync(env, person.user.id, connectionId, true);
    await world.work();
    expect(states(await world.rows())).toEqual(["delivered", "delivered"]);
  });

  it("switched off, what arrived stays known, and its revocation is told", async () => {
    const world = await pushWorld();
    await world.work();
    await setAutoSync(world.env, world.person.user.id, world.connectionId, false);
    expect(states(await world.rows())).toEqual(["delivered"]);
  });
});

describe("a parked delivery", () => {
  async function parked() {
    const world = await pushWorld({ awards: 3 });
    world.host.before = () => "name-not-found";
    await world.pass(GIVE_UP_MS + 2 * HOUR_MS);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["parked"]));
    world.host.before = () => undefined;
    return world;
  }

  it("is replayed alone", async () => {
    const world = await parked();
    const [row] = await world.rows();
    expect(await replayDelivery(world.env, row?.id ?? "")).toBe(true);
    await world.pass(HOUR_MS);
    expect(states(await world.rows()).sort()).toEqual(["delivered", "parked", "parked"]);
    expect(await replayDelivery(world.env, row?.id ?? "")).toBe(false);
  });

  it("is replayed with all others, and given its whole time again", async () => {
    const world = await parked();
    expect(await replayParked(world.env, { backpackId: "another" })).toBe(0);
    expect(await replayParked(world.env)).toBe(3);
    expect((await world.rows()).map(({ first_attempt_at }) => first_attempt_at)).toEqual([
      null,
      null,
      null,
    ]);
    await world.pass(HOUR_MS);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["delivered"]));
  });

  it("of one backpack", async () => {
    const world = await parked();
    expect(await replayParked(world.env, { backpackId: world.backpack.id })).toBe(3);
  });
});

describe("disconnecting", () => {
  it("leaves no token, no row, no event and no connection", async () => {
    const world = await pushWorld({ awards: 3 });
    await world.work();
    const { env } = world;
    await disconnect(env, world.person.user.id, world.connectionId);
    for (const table of [tokens, deliveries, backpackEvents, connections]) {
      expect(await env.db.orm.select().from(table)).toEqual([]);
    }
  });

  it("while sending: what comes back is written nowhere, and nothing comes to life again", async () => {
    const world = await pushWorld({ awards: 3 });
    const { env } = world;
    let first = true;
    world.host.before = async () => {
      if (first) {
        first = false;
        await disconnect(env, world.person.user.id, world.connectionId);
      }
      return undefined;
    };
    await world.work();
    for (const table of [tokens, deliveries, backpackEvents, connections]) {
      expect(await env.db.orm.select().from(table)).toEqual([]);
    }
    await world.pass(HOUR_MS);
    const all = await env.db.orm.select().from(jobs);
    expect(all.filter(({ done_at }) => done_at === null)).toEqual([]);
    expect(JSON.stringify(world.test.logged)).not.toContain("access-1");
  });

  it("before any step of sending: nothing of it is left, and no work", async () => {
    const steps = await beforeEachStep(async (meanwhile) => {
      const world = await pushWorld({ awards: 2 });
      const { env, person, connectionId } = world;
      const there = meanwhile.env(env, () => disconnect(env, person.user.id, connectionId));
      await drain(there, PUSHING, { limit: 100 });
      await world.work();
      const left = meanwhile.happened() ? 0 : 2;
      expect(await world.rows()).toHaveLength(left);
      expect(await env.db.orm.select().from(backpackEvents)).toHaveLength(left);
      const open = await env.db.orm.select().from(jobs).where(isNull(jobs.done_at));
      expect(open).toEqual([]);
    });
    expect(steps).toBeGreaterThan(10);
  });

  it("awards made at the same moment find no connection", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person, badge, organization } = world;
    const input = { badge: badge.id, user: person.user.id };
    const { writes } = await awardBadge(env, organization.id, input, ACTOR);
    await disconnect(env, person.user.id, world.connectionId);
    await env.db.batch(writes);
    expect(await world.rows()).toEqual([]);
    expect(await jobsOfKind(env, "backpack.push")).toEqual([]);
  });
});

describe("the sweep", () => {
  const swept = async (world: PushWorld) => {
    await world.env.db.batch([enqueue(world.env, { kind: "backpack.sweep" })]);
    await world.work();
  };

  it("finds what is due and has no job any more, after a while", async () => {
    const world = await pushWorld({ awards: 2 });
    await world.env.db.batch([world.env.db.orm.delete(jobs)]);
    await swept(world);
    expect(states(await world.rows())).toEqual(["pending", "pending"]);
    world.test.clock.advance(FORGOTTEN_AFTER_MS);
    await swept(world);
    expect(states(await world.rows())).toEqual(["delivered", "delivered"]);
    expect(world.test.logged).toContainEqual(
      expect.objectContaining({ event: "backpack.swept", connections: 1 }),
    );
  });

  it("leaves alone what waits for its person", async () => {
    const world = await pushWorld({ awards: 2 });
    await world.env.db.batch([
      world.env.db.orm.delete(jobs),
      world.env.db.orm.update(connections).set({ status: "reconnect" }),
    ]);
    world.test.clock.advance(FORGOTTEN_AFTER_MS);
    await swept(world);
    expect(await jobsOfKind(world.env, "backpack.push")).toEqual([]);
  });

  it("takes away events that have served their time", async () => {
    const world = await pushWorld();
    await world.work();
    world.test.clock.now = Date.now() + KEEP_EVENTS_MS;
    await world.env.db.batch([world.env.db.orm.update(backpackEvents).set({ created_at: 1 })]);
    await swept(world);
    expect(await world.events()).toEqual([]);
  });
});
