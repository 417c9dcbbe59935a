// Fairness among backpacks: one that takes its time holds up nobody else. On Node, where a database file
// takes the thousands of writes of two hundred deliveries in the time of one test.
import { describe, expect, it } from "vitest";
import { createCrew } from "../../src/jobs/drain.ts";
import { LANE_WORKERS } from "../../src/jobs/lease.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { BadgeHost, fetchOf, givenConnection, givenHostedBackpack } from "./host.ts";
import { PUSHING, planPerson } from "./push-world.ts";

/** Past the first wait of whatever failed. */
const LATER_MS = 300_000;
/** A moment's failures are few. */
const MAX_FAULTS = 10;

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
    // As in a process that goes on: what failed for a moment, the database say, is due again later.
    let faults = 0;
    const again = () => {
      if (++faults > MAX_FAULTS) throw new Error("it fails again and again");
      test.clock.advance(LATER_MS);
      crew.call();
    };
    const crew = createCrew(env, PUSHING, {
      leaseMs: 1_000 * LATER_MS,
      ended: (outcome) => outcome === "failed" && again(),
      failed: again,
    });
    crew.call();
    await served;
    expect(most).toBeLessThanOrEqual(LANE_WORKERS);
    release();
    await crew.idle();
    expect(slow.shown()).toHaveLength(10);
  });
});
