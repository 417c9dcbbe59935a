// One person asked alone and everybody asked at once get the same answer, and the one that the rules give.
import type { SQL } from "drizzle-orm";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metrics } from "../../../src/db/facts.ts";
import type { Env } from "../../../src/env.ts";
import { isMet, type LoadedCriterion, type Slice } from "../../../src/issuer/criteria/kind.ts";
import { kindOf, type RealType } from "../../../src/issuer/criteria/kinds.ts";
import { knownMetrics } from "../../../src/issuer/criteria/metrics.ts";
import { type TestApp, testApp } from "../../app.ts";
import { givenBadge, givenOrganization } from "../../given.ts";
import { AT, givenCrowd, type Living, lived } from "./crowd.ts";
import { DAYS, plainly } from "./plainly.ts";

const ALL: Slice = { after: "", upTo: "~" };
const WINDOWS = [undefined, ...Object.keys(DAYS)];

type Params = Readonly<Record<string, string>>;

const day = fc.integer({ min: 25, max: 30 }).map((n) => `2026-09-${n}`);
const one = (name: string) => fc.constant({ [name]: name.slice(name.indexOf("_") + 1) });

function metric(name: string, most: number, more: Params = {}): fc.Arbitrary<Params> {
  return fc
    .tuple(fc.integer({ min: 1, max: most }), fc.constantFrom(...WINDOWS))
    .map(([threshold, window]) => ({
      [`metric_${name}`]: String(threshold),
      ...(window === undefined ? {} : { [`window_${name}`]: window }),
      ...more,
    }));
}

function course(key: string): fc.Arbitrary<Params> {
  return fc
    .tuple(fc.option(fc.integer({ min: 1, max: 100 })), fc.option(day))
    .map(([grade, by]) => ({
      [`course_${key}`]: key,
      ...(grade === null ? {} : { [`grade_${key}`]: String(grade) }),
      ...(by === null ? {} : { [`bydate_${key}`]: by }),
    }));
}

const some = (...each: fc.Arbitrary<Params>[]): fc.Arbitrary<Params> =>
  fc
    .tuple(fc.subarray(each, { minLength: 1 }).chain((chosen) => fc.tuple(...chosen)))
    .map(([chosen]) => Object.assign({}, ...chosen) as Params);

function asked(others: readonly string[]): Readonly<Record<RealType, fc.Arbitrary<Params>>> {
  const activity = fc
    .option(day)
    .map((by) => ({ module_m1: "m1", ...(by === null ? {} : { bydate_m1: by }) }) as Params);
  return {
    metric: some(
      metric("activity_count", 12),
      metric("activity_hours", 12),
      metric("steps", 8),
      metric("streak_days", 4),
      metric("streak_weeks", 4),
      metric("streak_length", 3, { unit_streak_length: "week" }),
      fc.constant({ metric_certification_active: "1" }),
    ),
    manual: some(one("role_coordinator"), one("role_tutor"), one("role_nobody")),
    course: course("c1"),
    courseset: some(course("c1"), course("c2")),
    activity: some(activity, one("module_none")),
    badge: some(...others.map((id) => one(`badge_${id}`)), one("badge_gone")),
    cohort: some(one("cohort_k1"), one("cohort_k2")),
    competency: some(one("competency_p1"), one("competency_p2")),
    profile: some(one("field_phone"), one("field_city")),
  };
}

async function idsOf(env: Env, select: SQL): Promise<string[]> {
  const rows = await env.db.orm
    .select({ id: sql<string>`user_id` })
    .from(sql`(${select})`)
    .orderBy(sql`user_id`);
  return rows.map(({ id }) => id);
}

interface World {
  readonly t: TestApp;
  readonly scope: { organizationId: string; badgeId: string };
  readonly others: readonly string[];
  readonly people: readonly Living[];
  readonly known: { metrics: Awaited<ReturnType<typeof knownMetrics>> };
}

async function world(): Promise<World> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization);
  const others = [await givenBadge(t.env, organization), await givenBadge(t.env, organization)];
  await t.env.db.batch([
    t.env.db.orm.insert(metrics).values({
      organization_id: organization.id,
      name: "steps",
      kind: "count",
      label: "Steps",
    }),
  ]);
  const otherIds = others.map(({ id }) => id);
  const lives = fc.sample(lived, { numRuns: 40, seed: 7 });
  const people = await givenCrowd(t.env, organization, lives, badge.id, otherIds);
  // Another organization's people with the same deeds are nobody here.
  const elsewhere = await givenOrganization(t.env);
  await givenCrowd(
    t.env,
    elsewhere,
    lives.slice(0, 5).map((life) => ({ ...life, roles: [], badges: [] })),
    badge.id,
    otherIds,
  );
  return {
    t,
    scope: { organizationId: organization.id, badgeId: badge.id },
    others: otherIds,
    people,
    known: { metrics: await knownMetrics(t.env.db, organization.id) },
  };
}

function load(w: World, type: RealType, params: Params, method: 1 | 2): LoadedCriterion {
  const rows = Object.entries(params).map(([name, value]) => ({ name, value }));
  const loaded = kindOf(type)?.load({ id: "crit", method }, rows, w.scope, w.known);
  if (loaded?.ok !== true) throw new Error(JSON.stringify(loaded));
  return loaded.criterion;
}

/** Today where the person is. */
const theirs = ({ zone }: Living) => ({
  now: AT.now,
  day: AT.elsewhere?.get(zone ?? "") ?? AT.day,
});

const RANGE =
  /^SEARCH (\w+ USING (PRIMARY KEY|(COVERING )?INDEX \w+) \(.*(user_id|recipient_id)>\?.*\)|users USING INDEX \w+ \(id=\?\)|metric_days USING PRIMARY KEY \(organization_id=\? AND metric=\? AND user_id=\? AND day>\?\))$/;
const PATIENCE = { timeout: 60_000 };
const RUNS = 12;

describe("one person and everybody", PATIENCE, () => {
  it("agree on every type of criterion, and with a plain reading of it", async () => {
    const w = await world();
    for (const [name, params] of Object.entries(asked(w.others))) {
      const type = name as RealType;
      const answers = { met: 0, unmet: 0 };
      await fc.assert(
        fc.asyncProperty(params, fc.constantFrom<1 | 2>(1, 2), async (given, method) => {
          const criterion = load(w, type, given, method);
          const plain = w.people.filter((person) => {
            const met = plainly(type, given, person, w.others);
            return method === 1 ? met.every(Boolean) : met.some(Boolean);
          });
          const alone = await Promise.all(
            w.people.map(async (person) => {
              const progress = await criterion.progress(w.t.env.db, person.id, theirs(person));
              return isMet(progress, method) ? [person.id] : [];
            }),
          );
          const expected = plain.map(({ id }) => id).sort();
          expect([given, alone.flat().sort()]).toEqual([given, expected]);
          expect([given, await idsOf(w.t.env, criterion.everyone(AT, ALL))]).toEqual([
            given,
            expected,
          ]);
          answers.met += expected.length;
          answers.unmet += w.people.length - expected.length;
        }),
        { numRuns: type === "metric" ? 4 * RUNS : RUNS, seed: 11 },
      );
      // Else this would have compared nothing with nothing.
      expect([type, answers.met > 0, answers.unmet > 0]).toEqual([type, true, true]);
    }
  });

  it("slices put together are everybody, and no slice holds anybody else", async () => {
    const w = await world();
    const ids = w.people.map(({ id }) => id).sort();
    const cut = [ids[9] ?? "", ids[24] ?? ""];
    for (const [name, params] of Object.entries(asked(w.others))) {
      for (const given of fc.sample(params, { numRuns: 3, seed: 3 })) {
        const criterion = load(w, name as RealType, given, 2);
        const whole = await idsOf(w.t.env, criterion.everyone(AT, ALL));
        const bounds = ["", ...cut, "~"];
        const parts = await Promise.all(
          bounds
            .slice(1)
            .map((upTo, i) =>
              idsOf(w.t.env, criterion.everyone(AT, { after: bounds[i] ?? "", upTo })),
            ),
        );
        expect(parts.flat()).toEqual(whole);
        expect(parts[1]?.every((id) => id > (cut[0] ?? "") && id <= (cut[1] ?? ""))).toBe(true);
      }
    }
  });

  it("a badge that is gone: all of them is met by nobody, any of them passes it over", async () => {
    const w = await world();
    const [other = ""] = w.others;
    const both = { [`badge_${other}`]: other, badge_gone: "gone" };
    const [all, any] = [load(w, "badge", both, 1), load(w, "badge", both, 2)];
    const holders = w.people.filter((person) =>
      person.badges.some(({ which, state }) => which === 0 && state === "valid"),
    );
    expect(holders.length).toBeGreaterThan(0);
    expect(await idsOf(w.t.env, all.everyone(AT, ALL))).toEqual([]);
    expect(await idsOf(w.t.env, any.everyone(AT, ALL))).toEqual(holders.map(({ id }) => id).sort());
    const progress = await any.progress(w.t.env.db, holders[0]?.id ?? "", AT);
    expect(progress).toMatchObject([{ met: true }, { met: false, missing: true }]);
    expect([isMet(progress, 1), isMet(progress, 2)]).toEqual([false, true]);
  });

  it("everybody is read as a range of a key, in its order", async () => {
    const w = await world();
    for (const [name, params] of Object.entries(asked(w.others))) {
      for (const given of fc.sample(params, { numRuns: 10, seed: 5 })) {
        const select = load(w, name as RealType, given, 1).everyone(AT, ALL);
        const { sql: text, params: values } = w.t.env.db.orm
          .select({ id: sql`user_id` })
          .from(sql`(${select})`)
          .toSQL();
        const statement = { sql: `EXPLAIN QUERY PLAN ${text}`, params: values as string[] };
        const plan = (await w.t.env.db.read(statement)).rows.map((row) => String(row.at(-1)));
        // The view of days is what its two tables are read for, and they are there by themselves.
        const reads = plan.filter((step) =>
          /^(SEARCH|SCAN) (?!\(|json_each|days_counted)/.test(step),
        );
        expect(reads.length).toBeGreaterThan(0);
        for (const step of reads) {
          // Or one person looked up by the key, for where they are or what they did since.
          expect([given, step]).toEqual([given, expect.stringMatching(RANGE)]);
        }
        const sorted = plan.filter((step) => /TEMP B-TREE FOR/.test(step));
        // Days lie in two places, and may lie in both: a streak is found in them when they are sorted.
        if (!text.includes("lag(step")) expect([given, sorted]).toEqual([given, []]);
      }
    }
  });
});
