// Everybody evaluated: by night, when a badge becomes active and on request; and what a dry run foresees.
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { criterionMets } from "../../src/db/criteria.ts";
import { type EvaluationRow, evaluationFinds, findEvaluation } from "../../src/db/evaluations.ts";
import { jobs } from "../../src/db/jobs.ts";
import { memberships, type Organization, users } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import {
  type EvaluationWish,
  KEEP_EVALUATIONS_MS,
  KEEP_FINDS_MS,
  requestEvaluation,
  sweepEverywhere,
} from "../../src/issuer/evaluation-request.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { HANDLERS } from "../../src/work.ts";
import { growth, rowCounts } from "../api/client.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenOrganization, givenPerson, type Person } from "../given.ts";
import {
  awardsOf,
  counted,
  countedQuietly,
  counts,
  EVALUATING,
  evaluate,
  givenRuled,
  marked,
} from "./evaluation-world.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly people: readonly Person[];
}

/** Six people with 1, 2, … 6 activities, of whom nobody was told. */
async function stage(): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const people: Person[] = [];
  for (let i = 1; i <= 6; i++) {
    const person = await givenPerson(t.env, organization);
    await countedQuietly(t.env, organization, person.user.id, i);
    people.push(person);
  }
  return { t, organization, people };
}

async function ask(
  { t: { env }, organization }: Stage,
  over: Partial<EvaluationWish> = {},
): Promise<EvaluationRow> {
  const wish = { badgeId: null, isDry: false, reason: "request", ...over } as const;
  const { result, writes } = requestEvaluation(env, organization.id, wish);
  await env.db.batch(writes);
  await evaluate(env);
  const done = await findEvaluation(env.db, organization.id, result.id);
  if (done === null) throw new Error("the evaluation is gone");
  return done;
}

const held = async ({ t, people }: Stage) => {
  const rows = await awardsOf(t.env);
  return rows.map(({ user_id }) => people.findIndex(({ user }) => user.id === user_id) + 1).sort();
};

describe("everybody", () => {
  it("whoever satisfies a badge and does not hold it is awarded it, and it is counted", async () => {
    const s = await stage();
    await givenRuled(s.t.env, s.organization, { rules: [counts(3)] });
    const done = await ask(s);
    expect(await held(s)).toEqual([3, 4, 5, 6]);
    expect(done).toMatchObject({ state: "done", people: 6, found: 4, awarded: 4 });
    expect(done.finished_at).toBe(s.t.env.now());
    expect(await marked(s.t.env)).toBe(0);
    const mets = await s.t.env.db.orm.select().from(criterionMets);
    expect(mets.filter(({ issued_id }) => issued_id !== null)).toHaveLength(4);
  });

  it("a second time finds nobody and writes nothing", async () => {
    const s = await stage();
    await givenRuled(s.t.env, s.organization, { rules: [counts(3)] });
    await ask(s);
    const before = await rowCounts(s.t);
    expect(await ask(s)).toMatchObject({ state: "done", people: 6, found: 0, awarded: 0 });
    expect(growth(before, await rowCounts(s.t))).toEqual({});
  });

  it("only_enabled_definitions_evaluated: an inactive badge is not looked at", async () => {
    const s = await stage();
    await givenRuled(s.t.env, s.organization, { rules: [counts(1)], over: { status: "inactive" } });
    await givenRuled(s.t.env, s.organization, { rules: [counts(1)], over: { status: "archived" } });
    expect(await ask(s)).toMatchObject({ state: "done", found: 0 });
    expect(await s.t.env.db.orm.select().from(criterionMets)).toEqual([]);
  });

  it("only the badge that was named", async () => {
    const s = await stage();
    await givenRuled(s.t.env, s.organization, { rules: [counts(1)] });
    const badge = await givenRuled(s.t.env, s.organization, { rules: [counts(6)] });
    // Whoever is found for one badge is evaluated for all; nobody else is.
    expect(await ask(s, { badgeId: badge.id })).toMatchObject({ found: 1 });
    expect(new Set(await held(s))).toEqual(new Set([6]));
  });

  it("award_only_to_active_users, eligibility_role_check: others are not even marked", async () => {
    const s = await stage();
    const { env } = s.t;
    const ids = s.people.map(({ user }) => user.id);
    const set = (i: number, to: Partial<typeof memberships.$inferInsert>) =>
      env.db.orm.update(memberships).set(to).where(sql`user_id = ${ids[i]}`);
    await env.db.batch([
      set(0, { status: "suspended" }),
      set(1, { roles: ["guest"] }),
      set(2, { roles: ["guest", "member"] }),
      env.db.orm.update(users).set({ status: "deactivated" }).where(sql`id = ${ids[3]}`),
    ]);
    await givenRuled(env, s.organization, { rules: [counts(1)] });
    expect(await ask(s)).toMatchObject({ found: 3, awarded: 3 });
    expect(await held(s)).toEqual([3, 5, 6]);
  });

  it("who holds the badge, or had it revoked for good, is left alone", async () => {
    const s = await stage();
    const { env } = s.t;
    const badge = await givenRuled(env, s.organization, { rules: [counts(4)] });
    await givenAward(env, badge, s.people[3] as Person);
    await givenAward(env, badge, s.people[4] as Person, { revoked_at: 1, is_withheld: true });
    expect(await ask(s)).toMatchObject({ found: 1, awarded: 1 });
    expect(await held(s)).toEqual([4, 5, 6]);
  });

  it("all and any of several criteria", async () => {
    const s = await stage();
    const { env } = s.t;
    for (const i of [1, 2, 4]) {
      const id = s.people[i]?.user.id ?? "";
      await env.db.batch([
        {
          sql: "INSERT INTO facts VALUES (?, ?, 'cohort', 'spring', 0, NULL, NULL, 0)",
          params: [s.organization.id, id],
        },
      ]);
    }
    const rules = [counts(4), { type: "cohort", params: { cohort_spring: "spring" } }] as const;
    const all = await givenRuled(env, s.organization, { rules });
    await ask(s, { badgeId: all.id });
    expect(await held(s)).toEqual([5]);
    await env.db.batch([{ sql: "UPDATE badges SET status = 'inactive'", params: [] }]);
    const any = await givenRuled(env, s.organization, { rules, method: 2 });
    await ask(s, { badgeId: any.id });
    expect(await held(s)).toEqual([2, 3, 4, 5, 5, 6]);
  });

  it("every tier that is reached, and the next one later", async () => {
    const s = await stage();
    const { env } = s.t;
    await givenRuled(env, s.organization, { rules: [counts(1)], tiers: [3, 5] });
    expect(await ask(s)).toMatchObject({ found: 4, awarded: 6 });
    await countedQuietly(env, s.organization, s.people[2]?.user.id ?? "", 5);
    expect(await ask(s)).toMatchObject({ found: 1, awarded: 1 });
    expect(await held(s)).toEqual([3, 3, 4, 5, 5, 6, 6]);
  });

  it("more badges and tiers than one statement takes, each person counted once", async () => {
    const s = await stage();
    const { env } = s.t;
    const thresholds = Array.from({ length: 1_100 }, (_, i) => i + 6);
    await givenRuled(env, s.organization, { rules: [counts(6)], tiers: thresholds });
    await givenRuled(env, s.organization, { rules: [counts(6)] });
    expect(await ask(s, { isDry: true })).toMatchObject({ found: 2 });
    expect(await ask(s)).toMatchObject({ found: 1, awarded: 2 });
  });

  it("a badge that asks for one that is awarded now is awarded with it", async () => {
    const s = await stage();
    const { env } = s.t;
    const first = await givenRuled(env, s.organization, { rules: [counts(6)] });
    await givenRuled(env, s.organization, {
      rules: [{ type: "badge", params: { [`badge_${first.id}`]: first.id } }],
    });
    await ask(s);
    expect(await held(s)).toEqual([6, 6]);
  });

  it("another organization's people and badges are not touched", async () => {
    const s = await stage();
    const other = await givenOrganization(s.t.env);
    const elsewhere = await givenPerson(s.t.env, other);
    await countedQuietly(s.t.env, other, elsewhere.user.id, 9);
    await givenRuled(s.t.env, other, { rules: [counts(1)] });
    await givenRuled(s.t.env, s.organization, { rules: [counts(6)] });
    expect(await ask(s)).toMatchObject({ people: 6, found: 1 });
    expect(await awardsOf(s.t.env, elsewhere.user.id)).toEqual([]);
  });
});

describe("dry_run", () => {
  it("says who would get what, and writes and tells nothing", async () => {
    const s = await stage();
    const { env } = s.t;
    const badge = await givenRuled(env, s.organization, { rules: [counts(5)] });
    const tiered = await givenRuled(env, s.organization, { rules: [counts(1)], tiers: [2, 6] });
    await givenAward(env, badge, s.people[5] as Person);
    const before = await rowCounts(s.t);
    const done = await ask(s, { isDry: true });
    expect(done).toMatchObject({ state: "done", people: 6, found: 1 + 5 + 1, awarded: 0 });
    expect(growth(before, await rowCounts(s.t))).toEqual({});
    expect(await marked(env)).toBe(0);
    expect(await env.db.orm.select().from(criterionMets)).toEqual([]);
    const finds = await env.db.orm.select().from(evaluationFinds);
    expect(finds.filter(({ badge_id }) => badge_id === badge.id)).toMatchObject([
      { user_id: s.people[4]?.user.id, tier_level: 0 },
    ]);
    const levels = finds.filter(({ badge_id }) => badge_id === tiered.id);
    expect(levels.map(({ tier_level }) => tier_level).sort()).toEqual([1, 1, 1, 1, 1, 2]);
  });

  it("foresees what the evaluation then does", async () => {
    const s = await stage();
    await givenRuled(s.t.env, s.organization, { rules: [counts(2)] });
    await givenRuled(s.t.env, s.organization, { rules: [counts(4)], tiers: [4, 5, 6] });
    const foreseen = await ask(s, { isDry: true });
    const done = await ask(s);
    expect(done.awarded).toBe(foreseen.found);
    expect(done.awarded).toBe(5 + 3 + 2 + 1);
  });
});

describe("the night", () => {
  it("evaluates every organization that has rules, and comes again the next night", async () => {
    const s = await stage();
    const { env } = s.t;
    await givenRuled(env, s.organization, { rules: [counts(6)] });
    const other = await givenOrganization(env);
    const elsewhere = await givenPerson(env, other);
    await countedQuietly(env, other, elsewhere.user.id, 9);
    await givenRuled(env, other, { rules: [counts(9)] });
    await givenOrganization(env);
    await env.db.batch([enqueue(env, { kind: "award.sweep" })]);
    const handlers = Object.fromEntries(
      Object.entries(HANDLERS).filter(([kind]) => kind === "award.sweep"),
    );
    await drain(env, handlers, { limit: 1 });
    await evaluate(env);
    expect(await awardsOf(env)).toHaveLength(2);
    const waiting = await env.db.orm
      .select()
      .from(jobs)
      .where(sql`kind = 'award.sweep' and done_at is null`);
    expect(waiting.map(({ due_at }) => new Date(due_at).toISOString())).toEqual([
      "2026-10-05T02:00:00.000Z",
    ]);
  });

  it("forgets what dry runs found after a week, and that they were after three months", async () => {
    const s = await stage();
    const { env } = s.t;
    await givenRuled(env, s.organization, { rules: [counts(1)] });
    await ask(s, { isDry: true });
    const left = async () => {
      await env.db.batch(await sweepEverywhere(env, {} as never));
      await env.db.batch([{ sql: "DELETE FROM evaluations WHERE reason = 'nightly'", params: [] }]);
      const { rows } = await env.db.read({
        sql: "SELECT (SELECT count(*) FROM evaluation_finds), (SELECT count(*) FROM evaluations)",
        params: [],
      });
      return rows[0];
    };
    s.t.clock.advance(KEEP_FINDS_MS - 1);
    expect(await left()).toEqual([6, 1]);
    s.t.clock.advance(1);
    expect(await left()).toEqual([0, 1]);
    s.t.clock.advance(KEEP_EVALUATIONS_MS - KEEP_FINDS_MS);
    expect(await left()).toEqual([0, 0]);
  });
});

it("an event waits for nobody whom an evaluation of everybody has found", async () => {
  const { env } = await testApp();
  const organization = await givenOrganization(env);
  await givenRuled(env, organization, { rules: [counts(1)] });
  const people: string[] = [];
  for (let i = 0; i < 12; i++) people.push((await givenPerson(env, organization)).user.id);
  people.sort();
  const last = people.pop() ?? "";
  for (const id of people) await countedQuietly(env, organization, id, 1);
  const wish: EvaluationWish = { badgeId: null, isDry: false, reason: "request" };
  await env.db.batch(requestEvaluation(env, organization.id, wish).writes);
  // All are found, and the first of them is being awarded: then somebody does something.
  const visited: Env = { ...env, isVisited: () => true };
  let isTold = false;
  const db: Env["db"] = {
    ...env.db,
    async batch(writes) {
      const results = await env.db.batch(writes);
      if (!isTold && (await awardsOf(env)).length === 1) {
        isTold = true;
        await counted(env, organization, last, 1);
      }
      return results;
    },
  };
  await drain({ ...visited, db }, EVALUATING, { limit: 50 });
  const order = (await awardsOf(env, last, ...people)).map(({ user_id }) => user_id);
  expect(order).toHaveLength(12);
  expect(order.indexOf(last)).toBe(1);
});
