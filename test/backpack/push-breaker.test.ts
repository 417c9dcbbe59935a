// A host that fails rests for all; then one try decides. And one slow host holds back nobody else.
import { describe, expect, it } from "vitest";
import {
  LONGEST_PAUSE_MS,
  newsOfAll,
  noted,
  passage,
  REST,
  TRY_MS,
} from "../../src/backpack/breaker.ts";
import { outboundHosts } from "../../src/db/deliveries.ts";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { LANE_WORKERS } from "../../src/jobs/lease.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { BadgeHost, fetchOf, givenConnection, givenHostedBackpack, status } from "./host.ts";
import { HOUR_MS, PUSHING, planPerson, pushWorld } from "./push-world.ts";

const HOST = "backpack.example.net";

async function goes(env: Env, news: Parameters<typeof noted>[3]): Promise<void> {
  const way = await passage(env, HOST);
  if (way.kind === "resting") throw new Error("resting");
  const writes = noted(env, HOST, way, news);
  if (writes.length > 0) await env.db.batch(writes);
}

const badly = { kind: "badly", problem: "host_error" } as const;
const kindOf = async (env: Env) => (await passage(env, HOST)).kind;

describe("the breaker", () => {
  it("bears a few failures, and opens with the next", async () => {
    const { env, clock } = await testApp();
    for (let i = 1; i < REST.bearable; i++) await goes(env, badly);
    expect(await kindOf(env)).toBe("free");
    await goes(env, badly);
    expect(await passage(env, HOST)).toEqual({
      kind: "resting",
      until: clock.now + REST.firstMs,
    });
  });

  it("a success between them starts the count anew", async () => {
    const { env } = await testApp();
    for (let i = 1; i < REST.bearable; i++) await goes(env, badly);
    await goes(env, { kind: "well" });
    for (let i = 1; i < REST.bearable; i++) await goes(env, badly);
    expect(await kindOf(env)).toBe("free");
  });

  async function open() {
    const test = await testApp();
    for (let i = 0; i < REST.bearable; i++) await goes(test.env, badly);
    return test;
  }

  it("half-open: of many that ask at once one gets a try", async () => {
    const { env, clock } = await open();
    clock.advance(REST.firstMs);
    const ways = await Promise.all(Array.from({ length: 20 }, () => kindOf(env)));
    expect(ways.filter((kind) => kind === "trial")).toHaveLength(1);
    expect(ways.filter((kind) => kind === "resting")).toHaveLength(19);
  });

  it("a try that goes well lets everybody in again", async () => {
    const { env, clock } = await open();
    clock.advance(REST.firstMs);
    await goes(env, { kind: "well" });
    expect(await kindOf(env)).toBe("free");
  });

  it("a try that fails has the host rest twice as long, up to a bound", async () => {
    const { env, clock } = await open();
    const rests: number[] = [];
    for (let i = 0; i < 8; i++) {
      const way = await passage(env, HOST);
      if (way.kind !== "resting") throw new Error(way.kind);
      rests.push(way.until - clock.now);
      clock.now = way.until;
      await goes(env, badly);
    }
    expect(rests.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * REST.firstMs));
    expect(rests.at(-1)).toBe(REST.longestMs);
  });

  it("a try whose process died is made by another after a while", async () => {
    const { env, clock } = await open();
    clock.advance(REST.firstMs);
    expect(await kindOf(env)).toBe("trial");
    expect(await kindOf(env)).toBe("resting");
    clock.advance(TRY_MS);
    expect(await kindOf(env)).toBe("trial");
  });

  it("failures of what was under way when it opened count for nothing", async () => {
    const { env, clock } = await testApp();
    const ways = await Promise.all(Array.from({ length: 12 }, () => passage(env, HOST)));
    for (const way of ways) {
      if (way.kind === "free") await env.db.batch(noted(env, HOST, way, badly));
    }
    expect(await passage(env, HOST)).toEqual({ kind: "resting", until: clock.now + REST.firstMs });
  });

  it("a host that asks for rest gets it, though others of the same moment went well", async () => {
    const { env, clock } = await testApp();
    const news = newsOfAll([
      { kind: "well" },
      { kind: "paused", until: clock.now + 90_000 },
      badly,
    ]);
    await goes(env, news);
    expect(await passage(env, HOST)).toEqual({ kind: "resting", until: clock.now + 90_000 });
    await env.db.batch(noted(env, HOST, { kind: "free", known: null }, { kind: "well" }));
    expect(await kindOf(env)).toBe("resting");
    clock.advance(90_000);
    expect(await kindOf(env)).toBe("free");
  });

  it("a rest that is asked for has an end", async () => {
    const { env, clock } = await testApp();
    await goes(env, { kind: "paused", until: clock.now + 1_000 * LONGEST_PAUSE_MS });
    expect(await passage(env, HOST)).toMatchObject({ until: clock.now + LONGEST_PAUSE_MS });
  });

  it("is the host's, not the connection's: refusals and missing scopes are answers like others", async () => {
    const world = await pushWorld({ awards: 12 });
    world.host.before = () => status(400, "INVALID_BADGE", "no");
    await world.work();
    const [host] = await world.env.db.orm.select().from(outboundHosts);
    expect(host).toMatchObject({ host: HOST, consecutive_failures: 0, open_until: null });
  });

  it("opens for a host that is down: after a handful of requests nothing is asked but one try", async () => {
    const world = await pushWorld({ awards: 200 });
    world.host.before = () => status(500);
    await world.pass(HOUR_MS);
    // Groups of four until it opens, then one at a time.
    expect(world.host.asked.length).toBeLessThan(REST.bearable * 4 + 30);
    world.host.before = () => undefined;
    await world.pass(HOUR_MS);
    expect(new Set(world.host.shown()).size).toBe(200);
  });
});

describe("who looks after the site", () => {
  const told = ({ test }: Awaited<ReturnType<typeof pushWorld>>) =>
    test.logged.filter(({ event }) => String(event).startsWith("backpack."));

  it("reads of a host that does not work, by ids and a code, once for each group", async () => {
    const world = await pushWorld({ awards: 200 });
    world.host.before = () => status(500);
    await world.work();
    expect(told(world)[0]).toMatchObject({
      level: "warn",
      event: "backpack.not_working",
      backpack: world.backpack.id,
      code: "host_error",
    });
    await world.pass(HOUR_MS);
    expect(told(world).length).toBeLessThan(REST.bearable + 30);
    expect(JSON.stringify(told(world))).not.toContain(HOST);
  });

  it("reads until when a host asks to be left alone", async () => {
    const world = await pushWorld({ awards: 1 });
    world.host.before = () => ({ ...status(429), headers: { "retry-after": "120" } });
    const until = world.env.now() + 120_000;
    await world.work();
    expect(told(world)).toMatchObject([
      { event: "backpack.asks_for_rest", backpack: world.backpack.id, until },
    ]);
  });

  it("reads nothing of a host that works, or only refuses", async () => {
    const world = await pushWorld({ awards: 3 });
    await world.work();
    const refusing = await pushWorld({ awards: 1 });
    refusing.host.before = () => status(400, "INVALID_BADGE", "no");
    await refusing.work();
    expect([...told(world), ...told(refusing)]).toEqual([]);
  });
});

describe("fairness", () => {
  it("one slow backpack of twenty holds two workers, and the others are served meanwhile", async () => {
    const hosts: BadgeHost[] = [];
    const test = await testApp({ override: () => ({ publicFetch: (...given) => door(...given) }) });
    const { env } = test;
    for (let i = 0; i < 20; i++) {
      hosts.push(new BadgeHost(`https://backpack-${i}.example.net`, env.now));
    }
    const door = fetchOf(...hosts);
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization, { max_awards_per_user: null });
    const backpacks = [];
    for (const host of hosts) backpacks.push(await givenHostedBackpack(env, host));
    const slow = hosts[0] as BadgeHost;
    // Ten people at the slow one, and ten that have all the others.
    for (let i = 0; i < 20; i++) {
      const person = await givenPerson(env, organization);
      await givenAward(env, badge, person, { award_slot: `r${i}` });
      const theirs = i < 10 ? backpacks.slice(0, 1) : backpacks.slice(1);
      for (const backpack of theirs) await givenConnection(env, backpack, person.user.id);
      await planPerson(env, person.user.id);
    }
    let holding = 0;
    let most = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    slow.before = async () => {
      most = Math.max(most, ++holding);
      await released;
      holding--;
      return undefined;
    };
    const others = () => hosts.slice(1).reduce((sum, host) => sum + host.shown().length, 0);
    const served = new Promise<void>((resolve) => {
      for (const host of hosts.slice(1)) {
        host.after = () => {
          // All that the others were to get has arrived while the slow one holds what it holds.
          if (others() === 190) resolve();
          return undefined;
        };
      }
    });
    const working = drain(env, PUSHING, { limit: 10_000 });
    await served;
    expect(most).toBeLessThanOrEqual(LANE_WORKERS);
    release();
    await working;
    expect(slow.shown()).toHaveLength(10);
  });
});
