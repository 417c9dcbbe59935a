// Ten thousand events, each sent three times in no order, award what they award when sent once, and what a few plain loops say.

import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { users } from "../../src/db/organizations.ts";
import type { EventInput } from "../../src/issuer/event.ts";
import { storeEvents } from "../../src/issuer/events.ts";
import { TEST_NOW, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import {
  awardsOf,
  counts,
  evaluate,
  givenRuled,
  marked,
  type RuledBadge,
} from "./evaluation-world.ts";

/** Fewer with `EVENTS=1000 npm test -- evaluation-property`. */
const EVENTS = Number(process.env.EVENTS ?? 10_000);
const PEOPLE = 60;
const DAYS = 120;
const DAY_MS = 86_400_000;
const ZONES = [null, "America/New_York", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu"];
const OFFSETS = ["Z", "Z", "Z", "+02:00", "-05:00", "+13:00", "+05:45"];

type Event = EventInput & { readonly user: string; readonly occurred_at: string };

interface World {
  readonly env: Awaited<ReturnType<typeof testApp>>["env"];
  readonly people: readonly { readonly id: string; readonly zone: string | null }[];
  readonly badges: Readonly<Record<string, string>>;
  /** Sends events, and has people evaluated. */
  send(events: readonly Event[]): Promise<void>;
  /** `person badge tier`, of every award. */
  awarded(): Promise<string[]>;
}

async function world(): Promise<World> {
  const t = await testApp();
  const { env } = t;
  const organization = await givenOrganization(env);
  const people: { id: string; zone: string | null }[] = [];
  for (let i = 0; i < PEOPLE; i++) {
    const { user } = await givenPerson(env, organization);
    const zone = ZONES[i % ZONES.length] ?? null;
    await env.db.batch([
      env.db.orm.update(users).set({ time_zone: zone }).where(eq(users.id, user.id)),
    ]);
    people.push({ id: user.id, zone });
  }
  const ruled = async (badge: RuledBadge) => (await givenRuled(env, organization, badge)).id;
  const count = await ruled({ rules: [counts(40)] });
  const badges = {
    count,
    hours: await ruled({ rules: [counts(60, "activity_hours")] }),
    days: await ruled({ rules: [counts(5, "streak_days")] }),
    weeks: await ruled({ rules: [counts(9, "streak_weeks")] }),
    window: await ruled({
      rules: [
        {
          type: "metric",
          params: { metric_activity_count: "12", window_activity_count: "P30D" },
        },
      ],
    }),
    state: await ruled({
      rules: [{ type: "metric", params: { metric_certification_active: "1" } }],
    }),
    tiers: await ruled({ rules: [counts(1)], tiers: [20, 40, 48] }),
    all: await ruled({
      rules: [
        { type: "badge", params: { [`badge_${count}`]: count } },
        { type: "course", params: { course_1: "1", grade_1: "4" } },
      ],
    }),
    any: await ruled({
      method: 2,
      rules: [
        counts(9, "training_completion"),
        { type: "cohort", params: { cohort_spring: "spring" } },
      ],
    }),
  };
  const names = new Map(Object.entries(badges).map(([name, id]) => [id, name]));
  return {
    env,
    people,
    badges,
    async send(events) {
      const placed = events.map((input, i) => ({ pointer: `/events/${i}`, input }));
      const taken = await storeEvents(env, organization.id, placed);
      expect([taken.faults, taken.conflicts]).toEqual([[], []]);
      await evaluate(env);
    },
    async awarded() {
      expect(await marked(env)).toBe(0);
      const rows = await awardsOf(env);
      return rows
        .map((row) => {
          const person = people.findIndex(({ id }) => id === row.user_id);
          return `${person} ${names.get(row.badge_id)} ${row.tier_level ?? ""}`;
        })
        .sort();
    },
  };
}

/** A number below `below`, from a seed: the same events in every world. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function written(at: number, offset: string): string {
  if (offset === "Z") return new Date(at).toISOString();
  const sign = offset.startsWith("-") ? -1 : 1;
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
  return new Date(at + minutes * 60_000).toISOString().replace("Z", offset);
}

/** Some do much, some little, so that every threshold has people on both sides. */
function eventsFor(people: World["people"], seed: number): Event[] {
  const below = seeded(seed);
  return Array.from({ length: EVENTS }, (_, i) => {
    const person = Math.min(below(people.length), below(people.length));
    const occurred = TEST_NOW - 60_000 - below(DAYS * DAY_MS);
    const common = {
      id: `event-${i}`,
      user: people[person]?.id ?? "",
      occurred_at: written(occurred, OFFSETS[below(OFFSETS.length)] ?? "Z"),
    };
    const what = below(100);
    if (what < 45) return { ...common, metric: "activity_count" };
    if (what < 80) return { ...common, metric: "activity_hours", quantity: (1 + below(12)) / 4 };
    if (what < 94) return { ...common, metric: "training_completion" };
    if (what < 96) return { ...common, fact: "course.completed", key: "1", grade: 1 + below(4) };
    if (what < 97)
      return { ...common, fact: "cohort.joined", key: below(3) === 0 ? "spring" : "fall" };
    const ends = TEST_NOW + (below(2) === 0 ? -1 : 1) * 30_000;
    const ends_at = new Date(ends).toISOString();
    return { ...common, fact: "state.started", key: "certification_active", ends_at };
  });
}

/** The date where it happened, as a number of days. */
function dayOf({ occurred_at }: Event, zone: string | null): number {
  if (!occurred_at.endsWith("Z")) return Date.parse(occurred_at.slice(0, 10)) / DAY_MS;
  const local = new Date(occurred_at).toLocaleDateString("sv-SE", { timeZone: zone ?? "UTC" });
  return Date.parse(local) / DAY_MS;
}

function longestRun(numbers: readonly number[]): number {
  const there = new Set(numbers);
  let longest = 0;
  for (const first of there) {
    if (there.has(first - 1)) continue;
    let run = 1;
    while (there.has(first + run)) run++;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Every award the rules come to, by plain loops over one person's events after the other. */
function expected(people: World["people"], events: readonly Event[]): string[] {
  const found: string[] = [];
  for (const [i, { id, zone }] of people.entries()) {
    const own = events.filter(({ user }) => user === id);
    const award = (badge: string, tier: number | "" = "") => found.push(`${i} ${badge} ${tier}`);
    const activities = own.filter(({ metric }) => metric === "activity_count");
    const hours = own.filter(({ metric }) => metric === "activity_hours");
    const days = activities.map((event) => dayOf(event, zone));
    const today = dayOf({ occurred_at: new Date(TEST_NOW).toISOString() } as Event, zone);
    if (activities.length >= 40) award("count");
    if (hours.reduce((sum, { quantity = 1 }) => sum + quantity, 0) >= 60) award("hours");
    if (longestRun(days) >= 5) award("days");
    // Day 0 was a Thursday: weeks begin on Mondays.
    if (longestRun(days.map((day) => Math.floor((day + 3) / 7))) >= 9) award("weeks");
    if (days.filter((day) => day > today - 30).length >= 12) award("window");
    const now = new Date(TEST_NOW).toISOString();
    if (own.some(({ ends_at }) => ends_at !== undefined && ends_at > now)) award("state");
    for (const [level, threshold] of [20, 40, 48].entries()) {
      if (activities.length >= threshold) award("tiers", level + 1);
    }
    const passed = own.some(({ fact, grade = 0 }) => fact === "course.completed" && grade >= 4);
    if (activities.length >= 40 && passed) award("all");
    const trained = own.filter(({ metric }) => metric === "training_completion").length >= 9;
    if (trained || own.some(({ key }) => key === "spring")) award("any");
  }
  return found.sort();
}

describe("events and awards", () => {
  it(`${EVENTS} events, each sent three times in no order, award the same as sent once in order`, async () => {
    const first = await world();
    const events = eventsFor(first.people, 7);
    for (let i = 0; i < events.length; i += 1_000) await first.send(events.slice(i, i + 1_000));
    const inOrder = await first.awarded();
    expect(inOrder).toEqual(expected(first.people, events));
    // Each badge has people who hold it and people who do not.
    for (const name of Object.keys(first.badges)) {
      const holders = new Set(
        inOrder.filter((row) => row.split(" ")[1] === name).map((row) => row.split(" ")[0]),
      );
      expect([name, holders.size > 0, holders.size < PEOPLE]).toEqual([name, true, true]);
    }

    const second = await world();
    const same = eventsFor(second.people, 7);
    const below = seeded(99);
    const thrice = [...same, ...same, ...same];
    for (let i = thrice.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [thrice[i], thrice[j]] = [thrice[j] as Event, thrice[i] as Event];
    }
    for (let i = 0; i < thrice.length; ) {
      const size = 1 + below(1_000);
      await second.send(thrice.slice(i, i + size));
      i += size;
    }
    expect(await second.awarded()).toEqual(inOrder);
  }, 240_000);

  it("of few events, in any order, put together in any way", async () => {
    const { people, ...shared } = await world();
    const few = eventsFor(people, 3).slice(0, 400);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...few, ...few], { minLength: few.length, maxLength: few.length * 2 }),
        fc.integer({ min: 20, max: 400 }),
        async (sent, size) => {
          await shared.env.db.batch(
            FORGOTTEN.map((table) => ({ sql: `DELETE FROM ${table}`, params: [] })),
          );
          for (let i = 0; i < sent.length; i += size) await shared.send(sent.slice(i, i + size));
          const distinct = [...new Map(sent.map((event) => [event.id, event])).values()];
          expect(await shared.awarded()).toEqual(expected(people, distinct));
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);
});

/** All that events and evaluations leave behind, in an order in which nothing that goes is referred to. */
const FORGOTTEN = [
  "events",
  "metric_days",
  "metric_totals",
  "facts",
  "evaluations_due",
  "badge_criteria_mets",
  "deliveries",
  "notifications",
  "hosted_assertions",
  "badge_issues",
];
