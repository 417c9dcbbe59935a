// How far people are, over the API: each criterion with its numbers, and every reason why not yet.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { badges } from "../../src/db/badges.ts";
import { criterionMets } from "../../src/db/criteria.ts";
import { memberships, users } from "../../src/db/organizations.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenPerson, type Person } from "../given.ts";
import {
  countedQuietly,
  counts,
  evaluate,
  givenRuled,
  type RuledBadge,
} from "../issuer/evaluation-world.ts";
import { type Client, givenClient } from "./client.ts";
import { asPerson } from "./person.ts";

interface Stage extends Client {
  readonly t: TestApp;
  readonly person: Person;
}

async function stage(): Promise<Stage> {
  const t = await testApp();
  const client = await givenClient(t);
  return { t, ...client, person: await givenPerson(t.env, client.organization) };
}

/** Ids in the order of their numbers: the clock stands still. */
const idOf = (ordinal: number) => `0193c0de-0000-7000-8000-00000000000${ordinal}`;

describe("GET /users/{id}/progress", () => {
  it("each active badge, the latest first, with values, thresholds and words", async () => {
    const { t, send, organization, person } = await stage();
    const counted = await givenRuled(t.env, organization, {
      rules: [counts(10)],
      over: { id: idOf(1) },
    });
    const tiered = await givenRuled(t.env, organization, {
      method: 2,
      rules: [counts(5), { type: "cohort", params: { cohort_spring: "spring" } }],
      tiers: [5, 20],
      over: { id: idOf(2) },
    });
    await givenRuled(t.env, organization, { rules: [counts(1)], over: { status: "inactive" } });
    await countedQuietly(t.env, organization, person.user.id, 7);
    const { status, body } = await send("GET", `/users/${person.user.id}/progress`);
    expect(status).toBe(200);
    const param = {
      name: "metric_activity_count",
      value: 7,
      counted_at: "2026-10-04T14:02:00.000Z",
      missing: false,
    };
    expect(body.data).toMatchObject([
      {
        badge: { id: tiered.id, name: tiered.name, status: "active" },
        method: "any",
        satisfied: true,
        criteria: [
          {
            type: "metric",
            method: "all",
            met: true,
            params: [{ ...param, threshold: 5, met: true }],
          },
          {
            type: "cohort",
            met: false,
            met_at: null,
            params: [
              { name: "cohort_spring", value: 0, threshold: 1, met: false, counted_at: null },
            ],
          },
        ],
        tiers: [
          { level: 1, threshold: 5, reached: true, held: false },
          { level: 2, reached: false, params: [{ ...param, threshold: 20, met: false }] },
        ],
        held: [],
        not_yet: [],
      },
      {
        badge: { id: counted.id },
        method: "all",
        satisfied: false,
        criteria: [{ met: false, met_at: null, params: [{ ...param, threshold: 10, met: false }] }],
        tiers: [],
        not_yet: [{ code: "criteria_not_met" }],
      },
    ]);
    const [first] = body.data as { criteria: { words: string }[] }[];
    expect(first?.criteria.every(({ words }) => words.length > 5)).toBe(true);
  });

  it("after the award: what is held, since when it was met, and that it is held", async () => {
    const { t, send, organization, person } = await stage();
    const badge = await givenRuled(t.env, organization, { rules: [counts(3)] });
    await countedQuietly(t.env, organization, person.user.id, 3);
    const { body: made } = await send("POST", "/evaluations", { user: person.user.id });
    const [decision] = made.decisions as { awards: string[] }[];
    t.clock.advance(3_600_000);
    await countedQuietly(t.env, organization, person.user.id, 0);
    const { body } = await send("GET", `/users/${person.user.id}/progress`);
    expect(body.data).toMatchObject([
      {
        badge: { id: badge.id, status: "active_locked" },
        satisfied: true,
        criteria: [
          { met: true, met_at: "2026-10-04T14:02:00.000Z", params: [{ value: 0, met: false }] },
        ],
        held: [
          {
            award: decision?.awards[0],
            tier_level: null,
            awarded_at: "2026-10-04T14:02:00.000Z",
            expires_at: null,
          },
        ],
        not_yet: [{ code: "unique_badge_per_user_per_org" }],
      },
    ]);
  });

  it("pages of badges", async () => {
    const { t, send, organization, person } = await stage();
    const ids: string[] = [];
    for (let i = 1; i <= 3; i++) {
      const over = { id: idOf(i) };
      ids.unshift((await givenRuled(t.env, organization, { rules: [counts(i)], over })).id);
    }
    const path = `/users/${person.user.id}/progress?limit=2`;
    const first = await send("GET", path);
    const rest = await send("GET", `${path}&cursor=${first.body.next_cursor}`);
    const seen = [...first.body.data, ...rest.body.data] as { badge: { id: string } }[];
    expect(seen.map(({ badge }) => badge.id)).toEqual(ids);
    expect(rest.body.next_cursor).toBeNull();
  });

  it("404 for another organization's person, as for none", async () => {
    const { t, send } = await stage();
    const there = await givenClient(t);
    const { user } = await givenPerson(t.env, there.organization);
    for (const id of [user.id, "nobody"]) {
      expect((await send("GET", `/users/${id}/progress`)).status).toBe(404);
    }
  });
});

describe("members who are signed in", () => {
  it("see how far they are themselves, and not how far others are", async () => {
    const { t, organization, person } = await stage();
    const other = await givenPerson(t.env, organization);
    const badge = await givenRuled(t.env, organization, { rules: [counts(3)] });
    const ask = await asPerson(t, person.user.id, organization.id);
    const all = await ask("GET", `/users/${person.user.id}/progress`);
    expect([all.status, all.body.data.length]).toEqual([200, 1]);
    expect((await ask("GET", `/badges/${badge.id}/progress`)).status).toBe(200);
    expect((await ask("GET", `/users/${other.user.id}/progress`)).status).toBe(403);
    expect((await ask("GET", `/badges/${badge.id}/progress?user=${other.user.id}`)).status).toBe(
      403,
    );
  });

  it("is_visible_when_locked: find a badge that hides only once they hold it", async () => {
    const { t, send, organization, person } = await stage();
    const badge = await givenRuled(t.env, organization, {
      rules: [counts(3)],
      over: { is_visible_when_locked: false },
    });
    const ask = await asPerson(t, person.user.id, organization.id);
    const seen = async () => [
      (await ask("GET", `/users/${person.user.id}/progress`)).body.data.length,
      (await ask("GET", `/badges/${badge.id}/progress`)).status,
    ];
    expect(await seen()).toEqual([0, 404]);
    // Who may read awards sees all of them.
    expect((await send("GET", `/users/${person.user.id}/progress`)).body.data).toHaveLength(1);
    await countedQuietly(t.env, organization, person.user.id, 3);
    await send("POST", "/evaluations", { user: person.user.id });
    expect(await seen()).toEqual([1, 200]);
  });
});

describe("GET /badges/{id}/progress: why not yet", () => {
  async function whyNot(
    ruled: RuledBadge,
    before: (s: Stage, badge: Awaited<ReturnType<typeof givenRuled>>) => Promise<unknown>,
  ): Promise<string[]> {
    const s = await stage();
    const badge = await givenRuled(s.t.env, s.organization, ruled);
    await countedQuietly(s.t.env, s.organization, s.person.user.id, 5);
    await before(s, badge);
    const written = await s.t.env.db.orm.select().from(criterionMets);
    const { status, body } = await s.send(
      "GET",
      `/badges/${badge.id}/progress?user=${s.person.user.id}`,
    );
    expect(status).toBe(200);
    // Looking changes nothing.
    expect(await s.t.env.db.orm.select().from(criterionMets)).toEqual(written);
    return (body.not_yet as { code: string; detail: string }[]).map(({ code, detail }) => {
      expect(detail.length).toBeGreaterThan(10);
      return code;
    });
  }

  const met: RuledBadge = { rules: [counts(5)] };
  const set = (of: typeof users | typeof memberships, to: Record<string, unknown>) => (s: Stage) =>
    s.t.env.db.batch([s.t.env.db.orm.update(of).set(to)]);

  it.each<[string, RuledBadge, Parameters<typeof whyNot>[1], string[]]>([
    ["nothing: the next evaluation awards it", met, async () => {}, []],
    ["its criteria", { rules: [counts(6)] }, async () => {}, ["criteria_not_met"]],
    [
      "the badge is not active",
      { ...met, over: { status: "inactive" } },
      async () => {},
      ["inactive_badge_not_evaluated"],
    ],
    [
      "the account is suspended",
      met,
      set(users, { status: "suspended" }),
      ["award_only_to_active_users"],
    ],
    [
      "the membership is deactivated, and the role",
      met,
      set(memberships, { status: "deactivated", roles: ["guest"] }),
      ["award_only_to_active_users", "eligibility_role_check"],
    ],
    [
      "already held, by hand",
      met,
      ({ t, person }, badge) => givenAward(t.env, badge, person),
      ["unique_badge_per_user_per_org"],
    ],
    [
      "no slot below a tier that is held",
      { ...met, tiers: [5, 50, 500] },
      ({ t, person }, badge) =>
        givenAward(t.env, badge, person, { award_slot: "t2", tier_level: 2 }),
      ["tier_level_monotonically_increasing"],
    ],
    ["the lowest tier", { ...met, tiers: [50] }, async () => {}, ["tier_not_reached"]],
    [
      "the cap",
      { ...met, tiers: [1, 5], over: { max_awards_per_user: 1 } },
      ({ t, person }, badge) =>
        givenAward(t.env, badge, person, { award_slot: "t1", tier_level: 1 }),
      ["max_awards_per_user_enforced"],
    ],
    [
      "it was revoked",
      met,
      async ({ t, send, organization, person }) => {
        await send("POST", "/evaluations", { user: person.user.id });
        const { body } = await send("GET", "/awards");
        await send("POST", `/awards/${body.data[0]?.id}/revoke`, { reason: "A mistake." });
        await evaluate(t.env);
        expect(organization.id).toBeTruthy();
      },
      ["award_was_revoked"],
    ],
    [
      "all awards expire at a date that has passed",
      { ...met, over: { expire_date: 1 } },
      async () => {},
      ["expire_date_in_future"],
    ],
    [
      "nothing to make an award out to",
      met,
      ({ t }) => t.env.db.batch([{ sql: "DELETE FROM identities", params: [] }]),
      ["user_has_identity"],
    ],
  ])("%s", async (_name, ruled, before, codes) => {
    expect(await whyNot(ruled, before)).toEqual(codes);
  });

  it("422 without a person, or with another organization's", async () => {
    const { t, send, organization } = await stage();
    const badge = await givenRuled(t.env, organization, { rules: [counts(1)] });
    const there = await givenClient(t);
    const { user } = await givenPerson(t.env, there.organization);
    const missing = await send("GET", `/badges/${badge.id}/progress`);
    expect(missing.body.errors).toMatchObject([{ parameter: "user", code: "required" }]);
    const foreign = await send("GET", `/badges/${badge.id}/progress?user=${user.id}`);
    expect(foreign.body.errors).toMatchObject([{ parameter: "user", code: "user_id_must_exist" }]);
  });

  it("a badge without criteria says that people award it", async () => {
    const { t, send, organization, person } = await stage();
    const badge = await givenRuled(t.env, organization, { rules: [] });
    await t.env.db.batch([
      t.env.db.orm.update(badges).set({ status: "inactive" }).where(eq(badges.id, badge.id)),
    ]);
    const { body } = await send("GET", `/badges/${badge.id}/progress?user=${person.user.id}`);
    expect(body.not_yet).toMatchObject([
      { code: "inactive_badge_not_evaluated" },
      { code: "criteria_not_met" },
    ]);
  });
});
