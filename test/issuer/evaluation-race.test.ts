// Evaluations that race with one another, and with people who award by hand: as many awards as the rules allow.
import { describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { requestEvaluation } from "../../src/issuer/evaluation-request.ts";
import { givenClient } from "../api/client.ts";
import { testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import {
  awardsOf,
  counted,
  countedQuietly,
  counts,
  evaluate,
  evaluateOnce,
  givenRuled,
  marked,
} from "./evaluation-world.ts";

const PATIENCE = { timeout: 60_000 };

async function stage() {
  const t = await testApp();
  const client = await givenClient(t);
  const { user } = await givenPerson(t.env, client.organization);
  return { t, env: t.env, ...client, user };
}

const times = <T>(count: number, deed: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => deed(i)));

describe("unique_badge_per_user_per_org by rule", PATIENCE, () => {
  it.each([
    ["one", 1],
    ["three", 3],
    ["any number of", null],
  ])("50 evaluations at once of a badge that allows %s awards leave one", async (_name, max) => {
    const s = await stage();
    await givenRuled(s.env, s.organization, {
      rules: [counts(1)],
      over: { max_awards_per_user: max },
    });
    await countedQuietly(s.env, s.organization, s.user.id, 1);
    const made = await times(50, () => evaluateOnce(s.env, s.organization.id, s.user.id));
    expect(made.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await awardsOf(s.env)).toHaveLength(1);
  });

  it("tiers that are reached at once are awarded once each, whoever awards them", async () => {
    const s = await stage();
    await givenRuled(s.env, s.organization, { rules: [counts(1)], tiers: [1, 2, 3, 4] });
    await countedQuietly(s.env, s.organization, s.user.id, 3);
    await times(30, () => evaluateOnce(s.env, s.organization.id, s.user.id));
    expect((await awardsOf(s.env)).map(({ tier_level }) => tier_level)).toEqual([1, 2, 3]);
  });

  it("evaluations, awards by hand and requests at once respect the cap", async () => {
    const s = await stage();
    const badge = await givenRuled(s.env, s.organization, {
      rules: [counts(1)],
      over: { max_awards_per_user: 2 },
    });
    await countedQuietly(s.env, s.organization, s.user.id, 1);
    await times(24, async (i) => {
      if (i % 3 === 0) await evaluateOnce(s.env, s.organization.id, s.user.id);
      else if (i % 3 === 1) await s.send("POST", "/evaluations", { user: s.user.id });
      else await s.send("POST", "/awards", { badge: badge.id, user: s.user.id });
    });
    const made = await awardsOf(s.env);
    expect(made).toHaveLength(2);
    expect(made.filter(({ awarded_by }) => awarded_by === "system").length).toBeLessThanOrEqual(1);
  });

  it("four drainers, an evaluation of everybody and events at once award each person once", async () => {
    const s = await stage();
    const people = [s.user.id];
    for (let i = 0; i < 20; i++) people.push((await givenPerson(s.env, s.organization)).user.id);
    await givenRuled(s.env, s.organization, { rules: [counts(1)] });
    await givenRuled(s.env, s.organization, { rules: [counts(2)] });
    const wish = { badgeId: null, isDry: false, reason: "request" } as const;
    await Promise.all([
      ...people.map((id) => counted(s.env, s.organization, id, 1)),
      ...people.map((id) => counted(s.env, s.organization, id, 2)),
      s.env.db.batch(requestEvaluation(s.env, s.organization.id, wish).writes),
      s.env.db.batch(requestEvaluation(s.env, s.organization.id, wish).writes),
      ...[1, 2, 3, 4].map(() => evaluate(s.env)),
    ]);
    await evaluate(s.env);
    const made = await awardsOf(s.env);
    expect(new Set(made.map((award) => `${award.user_id} ${award.badge_id}`)).size).toBe(42);
    expect(made).toHaveLength(42);
    expect(await marked(s.env)).toBe(0);
  });

  it("what is counted while somebody is evaluated is looked at afterwards", async () => {
    const s = await stage();
    await givenRuled(s.env, s.organization, { rules: [counts(2)] });
    await counted(s.env, s.organization, s.user.id, 1);
    let once = false;
    const slow: Env = {
      ...s.env,
      db: {
        ...s.env.db,
        async batch(writes) {
          // It has been decided on one activity; now there are two.
          if (!once && writes.some((w) => "sql" in w && w.sql.includes("FROM evaluations_due"))) {
            once = true;
            await counted(s.env, s.organization, s.user.id, 2);
          }
          return s.env.db.batch(writes);
        },
      },
    };
    await evaluate(slow);
    expect(once).toBe(true);
    expect(await awardsOf(s.env)).toHaveLength(1);
  });
});
