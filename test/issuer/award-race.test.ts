// Awards, edits and revocations that race: as many rows as the rules allow, whole or not at all.
import { describe, expect, it } from "vitest";
import type { Badge, badges } from "../../src/db/badges.ts";
import { memberships } from "../../src/db/organizations.ts";
import { isOvertaken } from "../../src/issuer/audit.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { type Client, givenClient, growth, type Reply, rowCounts } from "../api/client.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";

const NEWCOMER = { type: "email", identity: "kim@example.org", name: "Kim" };

interface Stage extends Client {
  readonly t: TestApp;
  readonly badge: Badge;
}

async function given(over: Partial<typeof badges.$inferInsert> = {}): Promise<Stage> {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenBadge(t.env, client.organization, { max_awards_per_user: 1, ...over });
  return { t, ...client, badge };
}

const together = (count: number, ask: (i: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: count }, (_, i) => ask(i)));

/** How many answers had each status. */
function tally(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function slots({ t }: Stage): Promise<unknown[]> {
  const { rows } = await t.env.db.read({
    sql: "select award_slot from badge_issues where revoked_at is null order by award_slot",
    params: [],
  });
  return rows.flat();
}

/** Dozens of requests at once take their time where the database is reached over HTTP. */
const PATIENCE = { timeout: 30_000 };

describe("unique_badge_per_user_per_org", PATIENCE, () => {
  it("50 awards of one slot at once leave one row, one assertion, one audit entry", async () => {
    const stage = await given();
    const { t, send, organization, badge } = stage;
    const { user } = await givenPerson(t.env, organization);
    const before = await rowCounts(t);
    const replies = await together(50, (i) =>
      send(
        "POST",
        "/awards",
        { badge: badge.id, user: user.id, narrative: `Ask ${i}` },
        { "idempotency-key": `key-${i}` },
      ),
    );
    expect(tally(replies)).toEqual({ 200: 49, 201: 1 });
    expect(growth(before, await rowCounts(t))).toEqual({
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 1,
      // Each has its own answer: one that it was made, 49 that it is held.
      idempotency_keys: 50,
    });
    const [made] = replies.filter(({ status }) => status === 201);
    for (const { status, body } of replies) {
      if (status === 200) expect(body.award).toEqual(made?.body);
    }
  });

  it("a newcomer awarded 30 times at once becomes one person with one award", async () => {
    const { t, send, badge } = await given();
    const before = await rowCounts(t);
    const replies = await together(30, () =>
      send("POST", "/awards", { badge: badge.id, recipient: NEWCOMER }),
    );
    expect(tally(replies)).toEqual({ 200: 29, 201: 1 });
    expect(growth(before, await rowCounts(t))).toEqual({
      users: 1,
      identities: 1,
      memberships: 1,
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 3,
    });
  });

  it("a newcomer awarded several badges at once becomes one person with all of them", async () => {
    const { t, send, organization, badge } = await given();
    const others = [await givenBadge(t.env, organization), await givenBadge(t.env, organization)];
    const ids = [badge, ...others].map(({ id }) => id);
    const replies = await together(3, (i) =>
      send("POST", "/awards", { badge: ids[i], recipient: NEWCOMER }),
    );
    expect(tally(replies)).toEqual({ 201: 3 });
    expect(await rowCounts(t)).toMatchObject({ users: 1, memberships: 1, badge_issues: 3 });
  });
});

describe("max_awards_per_user_enforced", PATIENCE, () => {
  it("a cap of 3 and 20 awards at once leave 3", async () => {
    const stage = await given({ max_awards_per_user: 3 });
    const { t, send, organization, badge } = stage;
    const { user } = await givenPerson(t.env, organization);
    const before = await rowCounts(t);
    const replies = await together(20, () =>
      send("POST", "/awards", { badge: badge.id, user: user.id }),
    );
    expect(tally(replies)).toEqual({ 200: 17, 201: 3 });
    expect(await slots(stage)).toEqual(["r1", "r2", "r3"]);
    expect(growth(before, await rowCounts(t))).toEqual({
      badge_issues: 3,
      hosted_assertions: 3,
      audit_log: 3,
    });
  });

  it("without a cap none of 20 is lost, and every ordinal is used once", async () => {
    const stage = await given({ max_awards_per_user: null });
    const { user } = await givenPerson(stage.t.env, stage.organization);
    const replies = await together(20, () =>
      stage.send("POST", "/awards", { badge: stage.badge.id, user: user.id }),
    );
    expect(tally(replies)).toEqual({ 201: 20 });
    expect(new Set(await slots(stage)).size).toBe(20);
  });

  it("awards and revocations at once never leave more than the cap", async () => {
    const stage = await given({ max_awards_per_user: 2 });
    const { t, send, organization, badge } = stage;
    const person = await givenPerson(t.env, organization);
    const held = await givenAward(t.env, badge, person, { award_slot: "r1" });
    const award = () => send("POST", "/awards", { badge: badge.id, user: person.user.id });
    const revoke = () => send("POST", `/awards/${held.id}/revoke`, { reason: "Wrong" });
    const replies = await together(16, (i) => (i === 5 ? revoke() : award()));
    const made = replies.filter(({ status }) => status === 201).length;
    expect(made).toBeGreaterThan(0);
    // The one that was held before has been revoked.
    expect(await slots(stage)).toHaveLength(made);
    expect(made).toBeLessThanOrEqual(2);
    expect(await rowCounts(t)).toMatchObject({ badge_issues: made + 1, hosted_assertions: made });
  });
});

describe("tier_level_monotonically_increasing", PATIENCE, () => {
  it("tiers awarded at once: each at most once, the highest always, none below one held before", async () => {
    const t = await testApp();
    const client = await givenClient(t);
    const { body } = await client.send("POST", "/badges", {
      name: "Tiered",
      description: "Five tiers.",
      criteria: { narrative: "Go on." },
      tiers: [1, 2, 3, 4, 5].map((level) => ({ level, name: `Tier ${level}` })),
    });
    const { user } = await givenPerson(t.env, client.organization);
    const levels = [3, 1, 5, 2, 4, 3, 1, 5, 2, 4, 5, 4, 3, 2, 1];
    const replies = await together(levels.length, (i) =>
      client.send("POST", "/awards", { badge: body.id, user: user.id, tier_level: levels[i] }),
    );
    const { rows } = await t.env.db.read({
      sql: "select tier_level from badge_issues order by rowid",
      params: [],
    });
    const stored = rows.map(([level]) => Number(level));
    expect(stored).toEqual([...stored].sort((a, b) => a - b));
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.at(-1)).toBe(5);
    expect(tally(replies)[201]).toBe(stored.length);
    expect(await rowCounts(t)).toMatchObject({ hosted_assertions: stored.length });
  });
});

/** Decides an award, lets something happen, and only then writes it. */
async function overtaken(stage: Stage, happens: () => Promise<unknown>): Promise<unknown> {
  const { t, organization, badge } = stage;
  const { user } = await givenPerson(t.env, organization);
  const actor = { kind: "system", id: null } as const;
  const input = { badge: badge.id, user: user.id };
  const { result, writes } = await awardBadge(t.env, organization.id, input, actor);
  expect(result.awarded).toBe(true);
  await happens();
  const before = await rowCounts(t);
  const error = await t.env.db.batch(writes).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(growth(before, await rowCounts(t))).toEqual(
    error === null ? { badge_issues: 1, hosted_assertions: 1, audit_log: 1 } : {},
  );
  return error;
}

describe("what changes between the decision and the write", () => {
  it("nothing: the award is written", async () => {
    const stage = await given();
    expect(await overtaken(stage, async () => {})).toBeNull();
  });

  it.each<[string, (stage: Stage) => Promise<unknown>]>([
    [
      "inactive_badge_not_evaluated: the badge was deactivated",
      ({ send, badge }) => send("PATCH", `/badges/${badge.id}`, { is_active: false }),
    ],
    [
      "eligibility_role_check: other roles became eligible",
      ({ send, badge }) => send("PATCH", `/badges/${badge.id}`, { eligibility_roles: ["coach"] }),
    ],
    [
      "eligibility_role_check: the person lost the role",
      ({ t: { env } }) => env.db.batch([env.db.orm.update(memberships).set({ roles: ["guest"] })]),
    ],
    [
      "award_only_to_active_users: the person was suspended",
      ({ t: { env } }) =>
        env.db.batch([env.db.orm.update(memberships).set({ status: "suspended" })]),
    ],
    [
      "the badge's expiry changed, which the assertion was written with",
      ({ send, badge }) => send("PATCH", `/badges/${badge.id}`, { expire_period: 60 }),
    ],
    [
      "the badge became tiered",
      ({ send, badge }) =>
        send("PATCH", `/badges/${badge.id}`, { tiers: [{ level: 1, name: "Bronze" }] }),
    ],
  ])("%s: nothing at all is written", async (_name, happens) => {
    const stage = await given();
    expect(isOvertaken(await overtaken(stage, () => happens(stage)))).toBe(true);
  });

  it("a locked badge is never merely active again", async () => {
    const stage = await given();
    const { t, send, organization, badge } = stage;
    const first = await givenPerson(t.env, organization);
    const second = await givenPerson(t.env, organization);
    await together(2, (i) =>
      send("POST", "/awards", { badge: badge.id, user: [first, second][i]?.user.id }),
    );
    const got = await send("GET", `/badges/${badge.id}`);
    expect(got.body.status).toBe("active_locked");
  });

  it("an edit decided before the first award is decided again after it, and refused", async () => {
    const { t, send, organization, badge } = await given();
    const { user } = await givenPerson(t.env, organization);
    const [award, edit] = await Promise.all([
      send("POST", "/awards", { badge: badge.id, user: user.id }),
      send("PATCH", `/badges/${badge.id}`, { description: "Something else." }),
    ]);
    const { rows } = await t.env.db.read({
      sql: "select description, status from badges where id = ?",
      params: [badge.id],
    });
    expect(award?.status).toBe(201);
    // Whichever came first: what the holder's badge says was not changed after the award.
    const changedBefore = edit?.status === 200;
    expect([200, 409]).toContain(edit?.status);
    expect(rows).toEqual([
      [changedBefore ? "Something else." : badge.description, "active_locked"],
    ]);
  });
});
