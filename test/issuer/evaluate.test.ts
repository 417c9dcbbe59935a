// What the rules award to one person, exactly once, and what keeps them from it.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { badges } from "../../src/db/badges.ts";
import { criterionMets } from "../../src/db/criteria.ts";
import { notifications } from "../../src/db/notifications.ts";
import { memberships, type Organization, users } from "../../src/db/organizations.ts";
import { evaluatePerson } from "../../src/issuer/evaluate.ts";
import { requestEvaluation } from "../../src/issuer/evaluation-request.ts";
import { type EventInput, MAX_SKEW_MS } from "../../src/issuer/event.ts";
import { storeEvents } from "../../src/issuer/events.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenOrganization, givenPerson, type Person } from "../given.ts";
import {
  awardsOf,
  counted,
  counts,
  evaluate,
  givenRuled,
  marked,
  type Rule,
} from "./evaluation-world.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly person: Person;
}

async function stage(): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return { t, organization, person: await givenPerson(t.env, organization) };
}

const mets = ({ t }: Stage) => t.env.db.orm.select().from(criterionMets);

/** Codes of why a badge was not awarded, as an evaluation gives them that writes nothing. */
async function reasons({ t, organization, person }: Stage): Promise<string[]> {
  const { decisions } = await evaluatePerson(t.env, organization.id, person.user.id);
  return decisions.flatMap((each) => each.reasons.map(({ code }) => code));
}

describe("one person after an event", () => {
  it("is awarded at the threshold, and not below it", async () => {
    const s = await stage();
    const { t, organization, person } = s;
    const badge = await givenRuled(t.env, organization, { rules: [counts(10)] });
    await counted(t.env, organization, person.user.id, 9);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toEqual([]);
    expect(await marked(t.env)).toBe(0);
    await counted(t.env, organization, person.user.id, 10);
    await evaluate(t.env);
    const [award] = await awardsOf(t.env);
    expect(award).toMatchObject({
      badge_id: badge.id,
      awarded_by: "system",
      awarded_by_user_id: null,
      award_slot: "r1",
      tier_level: null,
      notification_sent: false,
      progress_snapshot: {
        evaluated_at: "2026-10-04T14:02:00.000Z",
        criteria: [
          {
            type: "metric",
            met: true,
            params: [{ name: "metric_activity_count", value: 10, threshold: 10 }],
          },
        ],
      },
    });
    expect(await mets(s)).toMatchObject([{ issued_id: award?.id, date_met: t.env.now() }]);
    expect(await marked(t.env)).toBe(0);
  });

  it("unique_badge_per_user_per_org: is awarded once, however often looked at, also without a cap", async () => {
    const { t, organization, person } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(1)] });
    for (let i = 1; i <= 5; i++) {
      await counted(t.env, organization, person.user.id, i);
      await evaluate(t.env);
    }
    expect(await awardsOf(t.env)).toHaveLength(1);
  });

  it("met is sticky: what was met once counts after the number fell", async () => {
    const { t, organization, person } = await stage();
    await givenRuled(t.env, organization, {
      rules: [
        {
          type: "metric",
          method: 2,
          params: { metric_activity_count: "5", metric_recruiting_milestone: "5" },
        },
        { type: "course", params: { course_1: "1" } },
      ],
    });
    await counted(t.env, organization, person.user.id, 5);
    await evaluate(t.env);
    await counted(t.env, organization, person.user.id, 0);
    await t.env.db.batch([
      {
        sql: "INSERT INTO facts VALUES (?, ?, 'course', '1', 0, NULL, NULL, 0)",
        params: [organization.id, person.user.id],
      },
    ]);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toHaveLength(1);
  });

  it("all or any of the criteria, as the overall row says", async () => {
    const { t, organization, person } = await stage();
    const two = [counts(3), { type: "cohort", params: { cohort_a: "a" } }] as const;
    const all = await givenRuled(t.env, organization, { rules: two, method: 1 });
    const any = await givenRuled(t.env, organization, { rules: two, method: 2 });
    await counted(t.env, organization, person.user.id, 3);
    await evaluate(t.env);
    const held = (await awardsOf(t.env)).map(({ badge_id }) => badge_id);
    expect(held).toEqual([any.id]);
    expect(held).not.toContain(all.id);
  });

  it("an award that another badge asks for leads to that one, too", async () => {
    const { t, organization, person } = await stage();
    const first = await givenRuled(t.env, organization, { rules: [counts(1)] });
    const rule = { type: "badge", params: { [`badge_${first.id}`]: first.id } } as const;
    const second = await givenRuled(t.env, organization, { rules: [rule] });
    const next = { type: "badge", params: { [`badge_${second.id}`]: second.id } } as const;
    const third = await givenRuled(t.env, organization, { rules: [next] });
    await counted(t.env, organization, person.user.id, 1);
    await evaluate(t.env);
    const held = (await awardsOf(t.env)).map(({ badge_id }) => badge_id);
    expect(held).toEqual([first.id, second.id, third.id]);
    expect(await marked(t.env)).toBe(0);
  });
});

describe("a clock that is fast", () => {
  const soon = (at: number) => new Date(at + MAX_SKEW_MS).toISOString();

  it.each<[string, Rule, Partial<EventInput>]>([
    [
      "a course",
      { type: "courseset", params: { course_12: "12" } },
      { fact: "course.completed", key: "12" },
    ],
    [
      "a state",
      counts(1, "certification_active"),
      { fact: "state.started", key: "certification_active" },
    ],
    ["a count", counts(1), { metric: "activity_count" }],
  ])("does not keep %s from what it leads to", async (_name, rule, what) => {
    const { t, organization, person } = await stage();
    await givenRuled(t.env, organization, { rules: [rule] });
    const input = { id: "1", user: person.user.id, occurred_at: soon(t.clock.now), ...what };
    await storeEvents(t.env, organization.id, [{ pointer: "", input }]);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toMatchObject([{ user_id: person.user.id }]);
  });

  it("makes no beginning of an end, for one person or everybody", async () => {
    const { t, organization, person } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(1, "certification_active")] });
    const ended = { fact: "state.ended", key: "certification_active" } as const;
    const input = { id: "1", user: person.user.id, occurred_at: soon(t.clock.now), ...ended };
    await storeEvents(t.env, organization.id, [{ pointer: "", input }]);
    const wish = { badgeId: null, isDry: false, reason: "request" } as const;
    await t.env.db.batch(requestEvaluation(t.env, organization.id, wish).writes);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toEqual([]);
  });
});

describe("tiers", () => {
  const tiered = { rules: [counts(1)], tiers: [5, 10, 20] } as const;

  it("each tier that is reached is awarded, the lowest first, also when several are at once", async () => {
    const s = await stage();
    const { t, organization, person } = s;
    await givenRuled(t.env, organization, tiered);
    await counted(t.env, organization, person.user.id, 4);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toEqual([]);
    expect(await reasons(s)).toEqual(["tier_not_reached"]);
    await counted(t.env, organization, person.user.id, 12);
    await evaluate(t.env);
    const levels = async () => (await awardsOf(t.env)).map(({ tier_level }) => tier_level);
    expect(await levels()).toEqual([1, 2]);
    await counted(t.env, organization, person.user.id, 100);
    await evaluate(t.env);
    expect(await levels()).toEqual([1, 2, 3]);
    expect(await reasons(s)).toEqual(["unique_badge_per_user_per_org"]);
  });

  it("of several tiers reached at once the mail is about the highest", async () => {
    const mail = { send: async () => ({ ok: true }) as const };
    const t = await testApp({ override: () => ({ mail }) });
    const organization = await givenOrganization(t.env);
    const person = await givenPerson(t.env, organization);
    await givenRuled(t.env, organization, tiered);
    await counted(t.env, organization, person.user.id, 12);
    await evaluate(t.env);
    const top = (await awardsOf(t.env)).at(-1);
    const told = await t.env.db.orm.select().from(notifications);
    expect(top?.tier_level).toBe(2);
    expect(told).toMatchObject([{ kind: "award.created", subject_id: top?.id }]);
    expect(told).toHaveLength(1);
  });

  it("tier_level_monotonically_increasing: below a tier given by hand there is no slot", async () => {
    const s = await stage();
    const { t, organization, person } = s;
    const badge = await givenRuled(t.env, organization, tiered);
    await givenAward(t.env, badge, person, { award_slot: "t2", tier_level: 2 });
    await counted(t.env, organization, person.user.id, 7);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toHaveLength(1);
    expect(await reasons(s)).toEqual(["tier_level_monotonically_increasing"]);
    await counted(t.env, organization, person.user.id, 20);
    await evaluate(t.env);
    expect((await awardsOf(t.env)).map(({ tier_level }) => tier_level)).toEqual([2, 3]);
  });

  it("without thresholds the lowest tier comes with the criteria; the others are given by hand", async () => {
    const { t, organization, person } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(3)], tiers: [null, null] });
    await counted(t.env, organization, person.user.id, 50);
    await evaluate(t.env);
    expect((await awardsOf(t.env)).map(({ tier_level }) => tier_level)).toEqual([1]);
  });
});

describe("why nothing is awarded", () => {
  const one = { rules: [counts(1)] } as const;

  async function reached(over: Parameters<typeof givenRuled>[2]["over"] = {}) {
    const s = await stage();
    const badge = await givenRuled(s.t.env, s.organization, { ...one, over });
    return { s, badge };
  }

  async function nothing(s: Stage, ...codes: string[]) {
    const before = await awardsOf(s.t.env);
    await counted(s.t.env, s.organization, s.person.user.id, 1);
    await evaluate(s.t.env);
    expect(await awardsOf(s.t.env)).toEqual(before);
    expect(await marked(s.t.env)).toBe(0);
    expect(await reasons(s)).toEqual(codes);
  }

  it("inactive_badge_not_evaluated, only_enabled_definitions_evaluated", async () => {
    const { s } = await reached({ status: "inactive" });
    await nothing(s);
    expect(await mets(s)).toEqual([]);
  });

  it.each(["suspended", "deactivated"] as const)(
    "award_only_to_active_users: not to a %s person, and to them once they are active again",
    async (status) => {
      const { s } = await reached();
      const { env } = s.t;
      await env.db.batch([env.db.orm.update(users).set({ status })]);
      await nothing(s, "award_only_to_active_users");
      await env.db.batch([env.db.orm.update(users).set({ status: "active" })]);
      await env.db.batch([env.db.orm.update(memberships).set({ status })]);
      await nothing(s, "award_only_to_active_users");
      await env.db.batch([env.db.orm.update(memberships).set({ status: "active" })]);
      await counted(env, s.organization, s.person.user.id, 1);
      await evaluate(env);
      expect(await awardsOf(env)).toHaveLength(1);
    },
  );

  it("eligibility_role_check: the role they have now counts, not the one they had", async () => {
    const { s } = await reached({ eligibility_roles: ["coach", "lead"] });
    const { env } = s.t;
    await nothing(s, "eligibility_role_check");
    await env.db.batch([env.db.orm.update(memberships).set({ roles: ["member", "lead"] })]);
    await counted(env, s.organization, s.person.user.id, 1);
    await evaluate(env);
    expect(await awardsOf(env)).toHaveLength(1);
  });

  it("max_awards_per_user_enforced: what is held by hand is not awarded again, and leads to no error", async () => {
    const { s, badge } = await reached({ max_awards_per_user: 1 });
    await givenAward(s.t.env, badge, s.person);
    await nothing(s, "unique_badge_per_user_per_org");
  });

  it("an award given by hand is noted on what was met before", async () => {
    const { s, badge } = await reached({ eligibility_roles: ["coach"] });
    const { env } = s.t;
    await nothing(s, "eligibility_role_check");
    const award = await givenAward(env, badge, s.person);
    await counted(env, s.organization, s.person.user.id, 1);
    await evaluate(env);
    expect(await mets(s)).toMatchObject([{ issued_id: award.id }]);
  });

  it("a revoked award does not come back by a rule", async () => {
    const { s, badge } = await reached();
    const { env } = s.t;
    await counted(env, s.organization, s.person.user.id, 1);
    await evaluate(env);
    const [award] = await awardsOf(env);
    const revoked = await revokeAward(env, s.organization.id, award?.id ?? "", "Wrong", {
      kind: "system",
      id: null,
    });
    await env.db.batch(revoked.writes);
    await nothing(s, "award_was_revoked");
    const rows = await env.db.orm.select().from(badges).where(eq(badges.id, badge.id));
    expect(rows[0]?.status).toBe("active_locked");
  });

  it("a date at which all awards expire that has passed", async () => {
    const { s } = await reached({ expire_date: 1 });
    await nothing(s, "expire_date_in_future");
  });

  it("nothing that an award could be made out to", async () => {
    const { s } = await reached();
    await s.t.env.db.batch([{ sql: "DELETE FROM identities", params: [] }]);
    await nothing(s, "user_has_identity");
  });

  it("somebody who is no member of the organization", async () => {
    const { s } = await reached();
    const elsewhere = await givenPerson(s.t.env, await givenOrganization(s.t.env));
    await counted(s.t.env, s.organization, elsewhere.user.id, 5);
    await evaluate(s.t.env);
    expect(await awardsOf(s.t.env)).toEqual([]);
    expect(await marked(s.t.env)).toBe(0);
  });
});
