// A process that dies at any moment of an evaluation: before each of its writes, and just after each.
import { describe, expect, it } from "vitest";
import { requestEvaluation } from "../../src/issuer/evaluation-request.ts";
import { drain } from "../../src/jobs/drain.ts";
import { testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { mortal } from "../mortal.ts";
import {
  awardsOf,
  counted,
  countedQuietly,
  counts,
  EVALUATING,
  givenRuled,
  marked,
} from "./evaluation-world.ts";

const PEOPLE = 12;
const HOUR_MS = 3_600_000;

/** Twelve people, three badges of which one asks for another, one with tiers; one may be held often. */
async function world() {
  const t = await testApp({ shared: true });
  const organization = await givenOrganization(t.env);
  const first = await givenRuled(t.env, organization, { rules: [counts(2)] });
  const rule = { type: "badge", params: { [`badge_${first.id}`]: first.id } } as const;
  await givenRuled(t.env, organization, { rules: [rule] });
  await givenRuled(t.env, organization, { rules: [counts(1)], tiers: [3, 6, 9] });
  const people: string[] = [];
  for (let i = 0; i < PEOPLE; i++) {
    people.push((await givenPerson(t.env, organization)).user.id);
  }
  return { t, organization, people };
}

/** Two badges from two on, a tier from each of three, six and nine. */
const EXPECTED = Array.from({ length: PEOPLE }, (_, i) => {
  const tiers = [3, 6, 9].filter((threshold) => i >= threshold).length;
  return (i >= 2 ? 2 : 0) + tiers;
}).reduce((sum, each) => sum + each, 0);

/** What is wrong after everything has run to its end; empty where nothing is. */
async function faultsOf({ t }: Awaited<ReturnType<typeof world>>): Promise<string[]> {
  const count = async (sql: string) => {
    const { rows } = await t.env.db.read({ sql, params: [] });
    return Number(rows[0]?.[0]);
  };
  const made = await awardsOf(t.env);
  const one = new Set(made.map((a) => `${a.user_id} ${a.badge_id} ${a.tier_level}`));
  const audited = await count("SELECT count(*) FROM audit_log WHERE action = 'award.created'");
  const stored = await count("SELECT count(*) FROM hosted_assertions");
  const open = await count("SELECT count(*) FROM badge_criteria_mets WHERE issued_id IS NULL");
  const waiting = await count(
    "SELECT count(*) FROM jobs WHERE kind LIKE 'award.%' AND done_at IS NULL",
  );
  // Who has one or two activities has met the tiers' criterion, and reached no tier.
  const found = { made: made.length, one: one.size, audited, stored, open, waiting };
  const right = {
    made: EXPECTED,
    one: EXPECTED,
    audited: EXPECTED,
    stored: EXPECTED,
    open: 2,
    waiting: 0,
  };
  const left = await marked(t.env);
  return [
    ...Object.entries(right).flatMap(([name, value]) => {
      const is = found[name as keyof typeof found];
      return is === value ? [] : [`${name} ${is} instead of ${value}`];
    }),
    ...(left === 0 ? [] : [`${left} marked`]),
  ];
}

async function eachDeath(
  when: "before" | "after",
  begin: (w: Awaited<ReturnType<typeof world>>) => Promise<void>,
): Promise<number> {
  const broken: string[] = [];
  for (let fatal = 1; ; fatal++) {
    const w = await world();
    await begin(w);
    const process = mortal(w.t.env, fatal, when);
    await Promise.race([
      drain(process.env, EVALUATING, { limit: 99, concurrency: 1 }),
      process.died,
    ]);
    // Leases end; whoever comes next finds what there is to do.
    w.t.clock.advance(HOUR_MS);
    await drain(w.t.env, EVALUATING, { limit: 99 });
    broken.push(...(await faultsOf(w)).map((fault) => `${when} step ${fatal}: ${fault}`));
    await w.t.close();
    if (!(process.steps() >= fatal)) {
      expect(broken).toEqual([]);
      return fatal;
    }
  }
}

const AT_ANY = { timeout: 240_000 };

describe("a process that dies", AT_ANY, () => {
  it.each(["before", "after"] as const)(
    "%s any step of evaluating who is marked loses nothing and doubles nothing",
    async (when) => {
      const steps = await eachDeath(when, async ({ t, organization, people }) => {
        for (const [i, id] of people.entries()) await counted(t.env, organization, id, i);
      });
      // A lease, a batch a person, once more for what was awarded, the end of the job.
      expect(steps).toBeGreaterThan(PEOPLE * 2);
    },
  );

  it.each(["before", "after"] as const)(
    "%s any step of evaluating everybody loses nothing and doubles nothing",
    async (when) => {
      const steps = await eachDeath(when, async ({ t, organization, people }) => {
        for (const [i, id] of people.entries()) await countedQuietly(t.env, organization, id, i);
        const wish = { badgeId: null, isDry: false, reason: "request" } as const;
        await t.env.db.batch(requestEvaluation(t.env, organization.id, wish).writes);
      });
      expect(steps).toBeGreaterThan(PEOPLE * 2);
    },
  );
});
