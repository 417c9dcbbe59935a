// Events come to the same in whatever order and however often they arrive; and who is looked at then.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badgeTiers } from "../../src/db/badges.ts";
import { criteria, criterionMets, criterionParams } from "../../src/db/criteria.ts";
import { findNamed } from "../../src/db/event-people.ts";
import { evaluationsDue, metrics } from "../../src/db/facts.ts";
import { jobs } from "../../src/db/jobs.ts";
import { users } from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import type { EventInput } from "../../src/issuer/event.ts";
import { storeEvents, takeEvents } from "../../src/issuer/events.ts";
import { countingRandom, TEST_NOW, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";

const DAY = 86_400_000;

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const people = [await givenPerson(t.env, organization), await givenPerson(t.env, organization)];
  const ids = people.map(({ user }) => user.id);
  const [kim = ""] = ids;
  const store = async (...inputs: EventInput[]) => {
    const placed = inputs.map((input, i) => ({ pointer: `/events/${i}`, input }));
    const events = await storeEvents(t.env, organization.id, placed);
    expect([events.faults, events.conflicts]).toEqual([[], []]);
    return events;
  };
  const rows = async (sql: string) => {
    const found = await t.env.db.read({ sql, params: [] });
    return found.rows.map((row) => row.map((v) => (typeof v === "bigint" ? Number(v) : v)));
  };
  return { t, organization, ids, kim, store, rows };
}

type World = Awaited<ReturnType<typeof world>>;

const at = (day: number, hour = 12) => new Date(TEST_NOW - DAY * (30 - day) + hour).toISOString();
const ms = (day: number, hour = 12) => Date.parse(at(day, hour));

/** What is known in the end, without when it was counted. */
const known = async ({ rows }: World) => ({
  days: await rows(
    "select metric, user_id, day, sum(count), sum(total) from days_counted group by 1, 2, 3 order by 1, 2, 3",
  ),
  totals: await rows("select metric, user_id, count, total from metric_totals order by 1, 2"),
  facts: await rows(
    "select kind, key, user_id, starts_at, ends_at, grade from facts order by 1, 2, 3, 4",
  ),
  events: await rows("select event_id, day, quantity from events order by 1"),
});

const empty = async ({ t }: World) =>
  t.env.db.batch(
    ["events", "metric_days", "metric_totals", "facts", "evaluations_due"].map((table) => ({
      sql: `delete from ${table}`,
      params: [],
    })),
  );

describe("what events name", () => {
  it.each<[string, (a: string) => string[], (m: string) => string[]]>([
    ["one person, one metric", (a) => [a], (m) => [m]],
    ["one person, nothing of the organization's own", (a) => [a], () => []],
    ["one person and one metric among others", (a) => [a, "nobody"], (m) => [m, "nothing"]],
    ["nobody", () => [], (m) => [m]],
  ])("is found, by itself and among others: %s", async (_what, ids, names) => {
    const { t, organization, kim } = await world();
    await t.env.db.batch([
      t.env.db.orm.update(users).set({ time_zone: "Asia/Tokyo" }),
      t.env.db.orm.insert(metrics).values({
        organization_id: organization.id,
        name: "visits",
        kind: "count",
        label: "Visits",
      }),
      {
        sql: `insert into definition_versions (organization_id, version) values (?, 7)
          on conflict do update set version = 7`,
        params: [organization.id],
      },
    ]);
    const found = (of: string) => findNamed(t.env.db, of, ids(kim), names("visits"));
    expect(await found(organization.id)).toEqual({
      members: ids(kim).length > 0 ? [{ userId: kim, timeZone: "Asia/Tokyo" }] : [],
      metrics: names("visits").length > 0 ? [{ name: "visits", kind: "count" }] : [],
      version: 7,
    });
    const other = await givenOrganization(t.env, { slug: "southside" });
    expect(await found(other.id)).toEqual({ members: [], metrics: [], version: 0 });
  });
});

describe("order", () => {
  it("does not matter, and neither do repeats, nor how events are put together", async () => {
    const w = await world();
    const what = fc.oneof(
      fc.record({
        metric: fc.constantFrom("activity_count", "recruiting_milestone"),
        quantity: fc.integer({ min: 1, max: 5 }),
      }),
      fc.record({ metric: fc.constant("activity_hours"), quantity: fc.constantFrom(0.25, 1.5, 2) }),
      fc.record({
        fact: fc.constantFrom("course.completed" as const, "activity.completed" as const),
        key: fc.constantFrom("1", "2"),
        grade: fc.integer({ min: 0, max: 5 }),
      }),
      fc.record({
        fact: fc.constantFrom(
          "cohort.joined" as const,
          "cohort.left" as const,
          "profile.set" as const,
          "profile.cleared" as const,
        ),
        key: fc.constantFrom("1", "2"),
      }),
      fc.record({
        fact: fc.constantFrom("state.started" as const, "state.ended" as const),
        key: fc.constant("certification_active"),
      }),
      fc.integer({ min: 11, max: 13 }).map((day) => ({
        fact: "state.started" as const,
        key: "certification_active",
        ends_at: at(day),
      })),
    );
    const event = fc.record({
      what,
      user: fc.constantFrom(...w.ids),
      occurred_at: fc.integer({ min: 0, max: 10 }).map((day) => at(day)),
    });
    const ways = fc.array(event, { minLength: 1, maxLength: 12 }).chain((events) => {
      const inputs = events.map(({ what, ...over }, i) => ({ id: `e-${i}`, ...what, ...over }));
      const thrice = [...inputs, ...inputs, ...inputs];
      return fc.record({
        inputs: fc.constant(inputs),
        shuffled: fc.shuffledSubarray(thrice, { minLength: thrice.length }),
        size: fc.integer({ min: 1, max: 7 }),
      });
    });
    await fc.assert(
      fc.asyncProperty(ways, async ({ inputs, shuffled, size }) => {
        await empty(w);
        for (const input of inputs) await w.store(input);
        const inOrder = await known(w);
        await empty(w);
        let stored = 0;
        for (let i = 0; i < shuffled.length; i += size) {
          stored += (await w.store(...shuffled.slice(i, i + size))).stored;
        }
        expect(stored).toBe(inputs.length);
        expect(await known(w)).toEqual(inOrder);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe("facts", () => {
  const facts = ({ rows }: World) =>
    rows("select starts_at, ends_at from facts where ends_at is not starts_at order by 1");
  const state = (
    id: string,
    what: "started" | "ended",
    day: number,
    ends?: number,
  ): EventInput => ({
    id,
    fact: `state.${what}`,
    key: "certification_active",
    occurred_at: at(day),
    ...(ends === undefined ? {} : { ends_at: at(ends) }),
  });

  it.each<[string, EventInput[], (number | null)[][]]>([
    ["a state goes on", [state("a", "started", 1)], [[1, null]]],
    ["a state ends", [state("a", "started", 1), state("b", "ended", 5)], [[1, 5]]],
    ["by itself", [state("a", "started", 1, 4)], [[1, 4]]],
    ["the earlier end stands", [state("a", "started", 1, 9), state("b", "ended", 5)], [[1, 5]]],
    [
      "what ended is not ended later",
      [state("a", "started", 1, 4), state("b", "ended", 5)],
      [[1, 4]],
    ],
    [
      "the first end said after the beginning",
      [
        state("a", "started", 3),
        state("b", "ended", 8),
        state("c", "ended", 5),
        state("d", "ended", 2),
      ],
      [[3, 5]],
    ],
    [
      "one that begins again",
      [state("a", "started", 1), state("b", "ended", 5), state("c", "started", 6)],
      [
        [1, 5],
        [6, null],
      ],
    ],
    ["begun and ended at once is nothing", [state("a", "started", 3), state("b", "ended", 3)], []],
  ])("%s", async (_name, inputs, intervals) => {
    const w = await world();
    const expected = intervals.map((days) => days.map((day) => (day === null ? null : ms(day))));
    for (const order of [inputs, [...inputs].reverse()]) {
      await empty(w);
      for (const input of order) await w.store({ ...input, user: w.kim });
      expect(await facts(w)).toEqual(expected);
      await empty(w);
      await w.store(...order.map((input) => ({ ...input, user: w.kim })));
      expect(await facts(w)).toEqual(expected);
    }
  });

  it("of one moment the best grade stands, and every completion is kept", async () => {
    const w = await world();
    const course = { fact: "course.completed", key: "12", user: w.kim } as const;
    await w.store(
      { id: "a", ...course, occurred_at: at(3), grade: 70 },
      { id: "b", ...course, occurred_at: at(3), grade: 90.5 },
      { id: "c", ...course, occurred_at: at(3) },
      { id: "d", ...course, occurred_at: at(5), grade: 40 },
      { id: "e", ...course, occurred_at: at(6) },
    );
    expect(await w.rows("select kind, starts_at, ends_at, grade from facts order by 2")).toEqual([
      ["course", ms(3), null, 90_500],
      ["course", ms(5), null, 40_000],
      ["course", ms(6), null, null],
    ]);
  });

  it("ends one person's membership of one cohort, and no other", async () => {
    const w = await world();
    const [kim = "", noor = ""] = w.ids;
    const joined = { fact: "cohort.joined", occurred_at: at(1) } as const;
    await w.store(
      { id: "a", ...joined, key: "1", user: kim },
      { id: "b", ...joined, key: "2", user: kim },
      { id: "c", ...joined, key: "1", user: noor },
      { id: "d", fact: "cohort.left", key: "1", user: kim, occurred_at: at(2) },
    );
    const open = await w.rows("select key, user_id from facts where ends_at is null order by 1, 2");
    expect(open).toEqual([
      ["1", noor],
      ["2", kim],
    ]);
  });
});

describe("who is looked at", () => {
  const given = async (
    w: World,
    params: Readonly<Record<string, string>>,
    type: "metric" | "courseset",
    over = {},
  ) => {
    const { env } = w.t;
    const badge = await givenBadge(env, w.organization, over);
    const id = newId(env);
    await env.db.batch([
      env.db.orm.insert(criteria).values({ id, badge_id: badge.id, criteria_type: type }),
      ...Object.entries(params).map(([name, value]) =>
        env.db.orm.insert(criterionParams).values({ id: newId(env), crit_id: id, name, value }),
      ),
    ]);
    return { badge, criterion: id };
  };
  const due = async ({ t }: World) => {
    const people = await t.env.db.orm.select().from(evaluationsDue);
    const waiting = await t.env.db.orm.select().from(jobs);
    return {
      people: people.map(({ user_id, touched }) => [user_id, touched]),
      jobs: waiting.map(({ kind, organization_id, dedupe_key }) => [
        kind,
        organization_id,
        dedupe_key,
      ]),
    };
  };
  const activity = (w: World, id: string): EventInput => ({
    id,
    user: w.kim,
    metric: "activity_count",
    occurred_at: at(1),
  });

  const counts = { metric: "activity_count" };
  it.each<[string, Record<string, string>, "metric" | "courseset", Partial<EventInput>]>([
    ["a count", { metric_activity_count: "2" }, "metric", counts],
    ["a sum", { metric_activity_hours: "2" }, "metric", { metric: "activity_hours" }],
    ["days in a row", { metric_streak_days: "3" }, "metric", counts],
    ["weeks in a row", { metric_streak_weeks: "3" }, "metric", counts],
    [
      "a streak with a unit",
      { metric_streak_length: "3", unit_streak_length: "week" },
      "metric",
      counts,
    ],
    ["a window", { metric_activity_count: "9", window_activity_count: "P30D" }, "metric", counts],
    [
      "a count and its streak",
      { metric_activity_count: "9", metric_streak_days: "3" },
      "metric",
      counts,
    ],
    [
      "a state",
      { metric_certification_active: "1" },
      "metric",
      { fact: "state.started", key: "certification_active" },
    ],
    ["a course", { course_12: "12" }, "courseset", { fact: "course.completed", key: "12" }],
  ])("whoever may have come to %s, once, with one job", async (_name, params, type, what) => {
    const w = await world();
    await given(w, params, type);
    const event = { user: w.kim, occurred_at: at(1), ...what };
    await w.store({ id: "a", ...event }, { id: "b", ...event });
    const evaluation = [["award.evaluate", w.organization.id, w.organization.id]];
    expect(await due(w)).toEqual({ people: [[w.kim, 1]], jobs: evaluation });
    await w.store({ id: "c", ...event });
    expect(await due(w)).toEqual({ people: [[w.kim, 2]], jobs: evaluation });
    await w.store({ id: "c", ...event });
    expect((await due(w)).people).toEqual([[w.kim, 2]]);
  });

  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ["no badge asks for it", { metric_activity_hours: "1" }, {}],
    ["no active badge asks for it", { metric_activity_count: "1" }, { status: "inactive" }],
    ["no threshold is reached", { metric_activity_count: "2" }, {}],
  ])("nobody where %s", async (_name, params, over) => {
    const w = await world();
    await given(w, params, "metric", over);
    await w.store(activity(w, "a"));
    expect(await due(w)).toEqual({ people: [], jobs: [] });
  });

  it("nobody for another organization's badge", async () => {
    const w = await world();
    const elsewhere = await givenOrganization(w.t.env);
    await given({ ...w, organization: elsewhere }, { metric_activity_count: "1" }, "metric");
    await w.store(activity(w, "a"));
    expect(await due(w)).toEqual({ people: [], jobs: [] });
  });

  const meet = ({ t, organization, kim }: World, criterion: string, award: string | null) =>
    t.env.db.batch([
      t.env.db.orm.insert(criterionMets).values({
        crit_id: criterion,
        user_id: kim,
        organization_id: organization.id,
        date_met: 0,
        issued_id: award,
      }),
    ]);

  it.each<[string, number, Record<string, unknown>, string | null]>([
    ["no more once it has led to an award", 0, {}, "award"],
    ["still, where it is met and has led to none", 1, {}, null],
    ["still, where the badge may be renewed", 1, { is_renewable: true }, "award"],
  ])("who is past a threshold %s", async (_name, people, over, award) => {
    const w = await world();
    const { criterion } = await given(w, { metric_activity_count: "1" }, "metric", over);
    await meet(w, criterion, award);
    await w.store(activity(w, "a"));
    expect((await due(w)).people).toHaveLength(people);
  });

  it("who is past a threshold still, where the badge has tiers", async () => {
    const w = await world();
    const { badge, criterion } = await given(w, { metric_activity_count: "1" }, "metric");
    const tier = { badge_id: badge.id, level: 1, name: "Silver", threshold: 9 };
    await w.t.env.db.batch([w.t.env.db.orm.insert(badgeTiers).values(tier)]);
    await meet(w, criterion, "award");
    await w.store(activity(w, "a"));
    expect((await due(w)).people).toEqual([[w.kim, 1]]);
  });

  it("everybody an event is about, where badges have changed since it was read what they ask for", async () => {
    const w = await world();
    const { env } = w.t;
    const placed = [{ pointer: "", input: activity(w, "a") }];
    const { writes } = await takeEvents(env, w.organization.id, placed, false);
    await given(w, { metric_activity_count: "9" }, "metric");
    await env.db.batch(writes);
    expect((await due(w)).people).toEqual([[w.kim, 1]]);
  });

  it("a job that runs just now runs again", async () => {
    const w = await world();
    await given(w, { metric_activity_count: "1" }, "metric");
    await w.store(activity(w, "a"));
    const { env } = w.t;
    await env.db.batch([env.db.orm.update(jobs).set({ lease_until: env.now() + 1, fence: 7 })]);
    await w.store(activity(w, "b"));
    expect((await env.db.orm.select().from(jobs)).map(({ fence }) => fence)).toEqual([8]);
  });
});

describe("many", () => {
  it("come to what they come to one by one", async () => {
    const w = await world();
    const random = countingRandom(3);
    const inputs = Array.from({ length: 500 }, (_, i): EventInput => {
      const [a = 0, b = 0, c = 0] = random(3);
      return {
        id: `e-${i}`,
        user: w.ids[a % 2] ?? "",
        metric: b % 2 === 0 ? "activity_count" : "activity_hours",
        quantity: 1 + (b % 3),
        occurred_at: at(c % 10),
      };
    });
    for (const input of inputs) await w.store(input);
    const alone = await known(w);
    await empty(w);
    await w.store(...inputs);
    expect(await known(w)).toEqual(alone);
    expect(alone.totals.reduce((sum, [, , count]) => sum + Number(count), 0)).toBeGreaterThan(500);
  });
});
