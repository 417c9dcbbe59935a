// Badges that ask for something else by the time an evaluation is written: nobody is awarded by what they asked for before.
import { expect, it } from "vitest";
import { backfill, requestEvaluation } from "../../src/issuer/evaluation-request.ts";
import { givenClient } from "../api/client.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import { beforeEachStep } from "../interleaved.ts";
import {
  awardsOf,
  countedQuietly,
  counts,
  evaluate,
  evaluateOnce,
  givenRuled,
  type RuledBadge,
} from "./evaluation-world.ts";

const ASKS_FOR_MORE = { criteria: { rules: [{ ...counts(5), method: "all" }] } };
const OTHER_ROLES = { eligibility_roles: ["coordinator"] };
const HIGHER_TIERS = { tiers: [{ level: 1, name: "Bronze", threshold: 5 }] };
const ALL_OF_THEM = { criteria: { method: "all" } };

const BADGE: RuledBadge = { rules: [counts(1)] };
const EITHER: RuledBadge = {
  rules: [counts(1), { type: "cohort", params: { cohort_c1: "c1" } }],
  method: 2,
};
const TIERED: RuledBadge = { rules: [counts(1)], tiers: [1] };

type Change = readonly [what: string, badge: RuledBadge, change: Record<string, unknown>];

const CHANGES: readonly Change[] = [
  ["asks for more", BADGE, ASKS_FOR_MORE],
  ["asks for all and not any", EITHER, ALL_OF_THEM],
  ["is for other roles", BADGE, OTHER_ROLES],
  ["has higher tiers", TIERED, HIGHER_TIERS],
  ["is not active", BADGE, { is_active: false }],
];

/**
 * Whoever has one activity is awarded the badge as it is at first, and not as it is by then. Returns
 * in how many steps.
 */
async function overtaken(
  t: TestApp,
  [, ruled, change]: Change,
  begin: "one" | "everybody" | "activation",
): Promise<number> {
  return beforeEachStep(async (meanwhile) => {
    const { organization, send } = await givenClient(t);
    const { user } = await givenPerson(t.env, organization);
    const badge = await givenRuled(t.env, organization, ruled);
    await countedQuietly(t.env, organization, user.id, 1);
    let before = 1;
    const env = meanwhile.env(t.env, async () => {
      before = (await awardsOf(t.env, user.id)).length;
      const { status } = await send("PATCH", `/badges/${badge.id}`, change);
      // A badge that has been awarded goes on asking for the same.
      expect(status).toBeOneOf(before === 0 ? [200] : [200, 409]);
    });
    if (begin === "one") {
      await evaluateOnce(env, organization.id, user.id);
    } else {
      await t.env.db.batch(
        begin === "activation"
          ? backfill(t.env, badge, [{ criteria_type: "metric" }])
          : requestEvaluation(t.env, organization.id, EVERYBODY).writes,
      );
      await evaluate(env);
    }
    expect(await awardsOf(t.env, user.id)).toHaveLength(before);
    expect(await strayMets(t)).toBe(0);
  });
}

const EVERYBODY = { badgeId: null, isDry: false, reason: "request" } as const;

/** Of criteria that are no more. */
async function strayMets({ env }: TestApp): Promise<number> {
  const { rows } = await env.db.read({
    sql: `select count(*) from badge_criteria_mets
      where crit_id not in (select id from badge_criterias)`,
    params: [],
  });
  return Number(rows[0]?.[0]);
}

it.each(CHANGES)("one person is evaluated: a badge that %s", async (...change) => {
  expect(await overtaken(await testApp(), change, "one")).toBeGreaterThan(5);
});

const MORE: Change = ["asks for more", BADGE, ASKS_FOR_MORE];

it("everybody is looked at: a badge that asks for more", async () => {
  expect(await overtaken(await testApp(), MORE, "everybody")).toBeGreaterThan(15);
});

it("everybody is looked at for a badge that became active, and asks for more", async () => {
  expect(await overtaken(await testApp(), MORE, "activation")).toBeGreaterThan(15);
});
