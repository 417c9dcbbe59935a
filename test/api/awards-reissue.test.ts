// Correcting an award over the API: what is taken over, which rules hold, and all of it or nothing.
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import type { badges } from "../../src/db/badges.ts";
import { memberships, users } from "../../src/db/organizations.ts";
import { isOvertaken } from "../../src/issuer/audit.ts";
import { REPLACED, reissueAward } from "../../src/issuer/reissue.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenClient, growth, rowCounts } from "./client.ts";

const DAY = 86_400_000;
const BROWSER = { accept: "text/html" };
const ACTOR = { kind: "system", id: null } as const;

async function given(
  badgeOver: Partial<typeof badges.$inferInsert> = {},
  awardOver: Partial<typeof awards.$inferInsert> = {},
) {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenBadge(t.env, client.organization, {
    max_awards_per_user: 1,
    ...badgeOver,
  });
  const person = await givenPerson(t.env, client.organization);
  const old = await givenAward(t.env, badge, person, {
    narrative: "Two of them alone.",
    evidence: [{ id: "https://evidence.example/1" }],
    progress_snapshot: { sessions: 12 },
    date_expire: t.clock.now + DAY,
    ...awardOver,
  });
  const reissue = (body: Record<string, unknown>, id = old.id) =>
    client.send("POST", `/awards/${id}/reissue`, body);
  return { t, ...client, badge, person, old, reissue };
}

async function column(t: Awaited<ReturnType<typeof testApp>>, sql: string, params: string[] = []) {
  return (await t.env.db.read({ sql, params })).rows;
}

describe("POST /awards/{id}/reissue", () => {
  it("revokes the old with its reason and makes the new, in one go, and takes over the rest", async () => {
    const { t, send, badge, person, old, reissue } = await given();
    const before = await rowCounts(t);
    t.clock.advance(1_000);
    const made = await reissue({ narrative: "Three of them alone." });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/v1/awards/${made.body.id}`);
    expect(made.body).toMatchObject({
      badge: badge.id,
      user: person.user.id,
      recipient: { type: "email", name: "Noor Haddad" },
      status: "valid",
      awarded_at: "2026-10-04T14:02:01.000Z",
      expires_at: "2026-10-05T14:02:00.000Z",
      narrative: "Three of them alone.",
      evidence: [{ id: "https://evidence.example/1" }],
      progress_snapshot: { sessions: 12 },
      superseded_by: null,
    });
    expect(made.body.hash).not.toBe(old.unique_hash);
    expect((await send("GET", `/awards/${made.body.id}`)).body).toEqual(made.body);
    const former = await send("GET", `/awards/${old.id}`);
    expect(former.body).toMatchObject({
      status: "revoked",
      revocation_reason: REPLACED,
      superseded_by: made.body.id,
      narrative: "Two of them alone.",
    });
    expect(growth(before, await rowCounts(t))).toEqual({
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 2,
    });
    const entries = await column(
      t,
      "select action, object_id, detail from audit_log order by rowid",
    );
    expect(entries.map(([action, id, detail]) => [action, id, JSON.parse(String(detail))])).toEqual(
      [
        ["award.revoked", old.id, { superseded_by: made.body.id }],
        [
          "award.created",
          made.body.id,
          { badge: badge.id, user: person.user.id, replaces: old.id },
        ],
      ],
    );
  });

  it("OB20-H-05 the old record is gone with the reason, the new one answers, the page leads on", async () => {
    const { t, send, old, reissue } = await given();
    const made = await reissue({ evidence: [], reason: "The log was somebody else's." });
    const gone = await t.request(`/ob/v2/assertions/${old.unique_hash}`);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({
      revoked: true,
      revocationReason: "The log was somebody else's.",
    });
    const served = await t.request(`/ob/v2/assertions/${made.body.hash}`);
    expect(served.status).toBe(200);
    expect(await served.json()).toMatchObject({
      id: made.body.urls.assertion,
      narrative: "Two of them alone.",
    });
    const page = await t.request(`/b/${old.unique_hash}`, { headers: BROWSER });
    expect(page.status).toBe(410);
    expect(await page.text()).toContain(`href="/b/${made.body.hash}"`);
    expect((await send("GET", `/awards/${made.body.hash}`)).body.evidence).toEqual([]);
  });

  it("null takes away what may be missing, and by its hash it is found too", async () => {
    const { old, reissue } = await given();
    const made = await reissue(
      { narrative: null, progress_snapshot: null, expires_at: null },
      old.unique_hash,
    );
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      narrative: null,
      progress_snapshot: null,
      expires_at: null,
      evidence: [{ id: "https://evidence.example/1" }],
    });
  });

  it("the name is the one on the award, unless the person is named anew", async () => {
    const { send, person, reissue } = await given();
    await send("PATCH", `/users/${person.user.id}`, { name: "Noor H. Haddad" });
    const same = await reissue({ narrative: "Other words." });
    expect(same.body.recipient).toEqual({ type: "email", name: "Noor Haddad" });
    const anew = await reissue({ user: person.user.id }, same.body.id);
    expect(anew.body.recipient).toEqual({ type: "email", name: "Noor H. Haddad" });
  });

  it("to an address nobody is known by: a new person, and the old one holds nothing", async () => {
    const { t, person, reissue } = await given();
    const before = await rowCounts(t);
    const recipient = { type: "email", identity: "Kim@example.org", name: "Kim" };
    const made = await reissue({ recipient });
    expect(made.status).toBe(201);
    expect(made.body.user).not.toBe(person.user.id);
    expect(growth(before, await rowCounts(t))).toEqual({
      users: 1,
      identities: 1,
      memberships: 1,
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 4,
    });
    const held = await column(
      t,
      "select recipient_identity, award_slot from badge_issues where revoked_at is null",
    );
    expect(held).toEqual([["kim@example.org", "once"]]);
  });

  it("what its person hid stays so; what they declined is asked anew, and so is another person", async () => {
    const hidden = { visible: false, claim_state: "claimed" } as const;
    const own = await given({}, hidden);
    const kept = await own.reissue({ narrative: "Other words." });
    expect(kept.body).toMatchObject({ is_visible: false, claim_state: "claimed" });
    const declined = await given({}, { visible: false, claim_state: "declined" });
    const anew = await declined.reissue({ narrative: "The right words." });
    expect(anew.body).toMatchObject({ is_visible: true, claim_state: "unclaimed" });
    const other = await given({}, hidden);
    const another = await givenPerson(other.t.env, other.organization);
    const moved = await other.reissue({ user: another.user.id });
    expect(moved.body).toMatchObject({ is_visible: true, claim_state: "unclaimed" });
  });

  it("replaced before: 200 with what replaced it, nothing changes, and that one may be corrected", async () => {
    const { t, send, old, reissue } = await given();
    const first = await reissue({ narrative: "Once." });
    const before = await rowCounts(t);
    const again = await reissue({ narrative: "Twice." });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({
      reissued: false,
      reason: "already_replaced",
      award: first.body,
    });
    expect(await rowCounts(t)).toEqual(before);
    const second = await reissue({ narrative: "Twice." }, first.body.id);
    expect(second.status).toBe(201);
    const late = await reissue({ narrative: "Thrice." }, old.id);
    expect(late.body.award).toEqual((await send("GET", `/awards/${first.body.id}`)).body);
    expect(late.body.award).toMatchObject({ superseded_by: second.body.id });
  });

  it("the same Idempotency-Key gives the same 201", async () => {
    const { t, send, old } = await given();
    const ask = () =>
      send("POST", `/awards/${old.id}/reissue`, { narrative: "n" }, { "idempotency-key": "k" });
    const [one, two, three] = await Promise.all([ask(), ask(), ask()]);
    for (const reply of [two, three, await ask()]) {
      expect([reply.status, reply.body]).toEqual([201, one.body]);
    }
    expect(await rowCounts(t)).toMatchObject({ badge_issues: 2, idempotency_keys: 1 });
  });

  it("409 award-revoked with a fix for one that was revoked and not replaced", async () => {
    const { t, send, old, reissue } = await given();
    await send("POST", `/awards/${old.id}/revoke`, { reason: "Wrong person." });
    const before = await rowCounts(t);
    const refused = await reissue({ narrative: "Right after all." });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: "award-revoked",
      fix: expect.stringContaining("POST /api/v1/awards"),
    });
    expect(await rowCounts(t)).toEqual(before);
  });

  it("20 at once leave one replacement", { timeout: 30_000 }, async () => {
    const { t, reissue } = await given();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => reissue({ narrative: `Correction ${i}` })),
    );
    const made = replies.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    for (const { status, body } of replies) {
      if (status !== 201) expect([status, body.award]).toEqual([200, made[0]?.body]);
    }
    expect(await rowCounts(t)).toMatchObject({ badge_issues: 2, hosted_assertions: 1 });
  });
});

describe("slots, caps and tiers", () => {
  const slots = async (t: Awaited<ReturnType<typeof testApp>>) =>
    column(t, "select award_slot, tier_level, revoked_at is null from badge_issues order by rowid");

  it("max_awards_per_user_enforced: the same person keeps the slot, the cap being full", async () => {
    const { t, badge, person, old, reissue } = await given(
      { max_awards_per_user: 2 },
      { award_slot: "r1" },
    );
    await givenAward(t.env, badge, person, { award_slot: "r2" });
    expect((await reissue({ narrative: "n" }, old.id)).status).toBe(201);
    expect(await slots(t)).toEqual([
      ["r1", null, 0],
      ["r2", null, 1],
      ["r1", null, 1],
    ]);
  });

  it("max_awards_per_user_enforced: 409 badge-held where another person has all they may", async () => {
    const { t, organization, badge, reissue } = await given();
    const other = await givenPerson(t.env, organization);
    const held = await givenAward(t.env, badge, other);
    const before = await rowCounts(t);
    const refused = await reissue({ user: other.user.id });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-held" });
    expect(refused.body.errors[0]).toMatchObject({
      pointer: "/user",
      code: "max_awards_per_user_enforced",
      detail: expect.stringContaining(held.id),
    });
    expect(await rowCounts(t)).toEqual(before);
    expect(await slots(t)).toEqual([
      ["once", null, 1],
      ["once", null, 1],
    ]);
  });

  async function tiered(level: number) {
    const t = await testApp();
    const client = await givenClient(t);
    const { body } = await client.send("POST", "/badges", {
      name: "Tiered",
      description: "Three tiers.",
      criteria: { narrative: "Go on." },
      tiers: [1, 2, 3].map((each) => ({ level: each, name: `Tier ${each}` })),
    });
    const recipient = { type: "email", identity: "kim@example.org" };
    const award = (tier_level: number) =>
      client.send("POST", "/awards", { badge: body.id, recipient, tier_level });
    const old = await award(level);
    const reissue = (correction: Record<string, unknown>) =>
      client.send("POST", `/awards/${old.body.id}/reissue`, correction);
    return { t, award, reissue };
  }

  it("tier_level_monotonically_increasing: a lower tier is corrected though a higher is held", async () => {
    const { t, award, reissue } = await tiered(1);
    await award(3);
    expect((await reissue({ narrative: "n" })).body).toMatchObject({ tier_level: 1 });
    expect(await slots(t)).toEqual([
      ["t1", 1, 0],
      ["t3", 3, 1],
      ["t1", 1, 1],
    ]);
  });

  it("tier_level_monotonically_increasing: its own tier does not count, those of others do", async () => {
    const alone = await tiered(3);
    expect((await alone.reissue({ tier_level: 1 })).body).toMatchObject({ tier_level: 1 });
    const two = await tiered(1);
    await two.award(3);
    const before = await rowCounts(two.t);
    const refused = await two.reissue({ tier_level: 2 });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-held" });
    expect(refused.body.errors[0]).toMatchObject({
      pointer: "/tier_level",
      code: "tier_level_monotonically_increasing",
    });
    expect(await rowCounts(two.t)).toEqual(before);
  });

  it.each([
    [4, "tier_level_of_the_badge"],
    [0, "tier_level_positive_integer"],
  ])("tier_level %s: %s", async (tier_level, code) => {
    const { reissue } = await tiered(1);
    const refused = await reissue({ tier_level });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ pointer: "/tier_level", code });
  });
});

describe("what may not be issued again", () => {
  it.each(["inactive_locked", "archived"] as const)(
    "inactive_badge_not_evaluated: 409 for a badge that is %s",
    async (status) => {
      const { t, reissue } = await given({ status });
      const before = await rowCounts(t);
      const refused = await reissue({ narrative: "n" });
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ code: "badge-inactive" });
      expect(refused.body.errors[0]).toMatchObject({ parameter: "id" });
      expect(await rowCounts(t)).toEqual(before);
    },
  );

  it.each([
    ["the account", users],
    ["the membership", memberships],
  ])("award_only_to_active_users: 409 where %s is suspended", async (_what, table) => {
    const { t, person, reissue } = await given();
    await t.env.db.batch([t.env.db.orm.update(table).set({ status: "suspended" })]);
    const before = await rowCounts(t);
    for (const body of [{ narrative: "n" }, { user: person.user.id }]) {
      const refused = await reissue(body);
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ code: "recipient-not-active" });
    }
    expect(await rowCounts(t)).toEqual(before);
  });

  it("eligibility_role_check: 409 where the roles the person has now are not enough", async () => {
    const { t, reissue } = await given({ eligibility_roles: ["coach"] });
    const before = await rowCounts(t);
    const refused = await reissue({ narrative: "n" });
    expect([refused.status, refused.body.errors[0]?.code]).toEqual([409, "eligibility_role_check"]);
    expect(await rowCounts(t)).toEqual(before);
  });

  it("OB20-A-08 an end that has come is not taken over: a later one, or none, must be given", async () => {
    const { t, reissue } = await given({}, { date_expire: 1 });
    const before = await rowCounts(t);
    for (const body of [{ narrative: "n" }, { expires_at: "2026-10-04T14:02:00Z" }]) {
      const refused = await reissue(body);
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0]).toMatchObject({
        pointer: "/expires_at",
        code: "expires_at_in_future",
      });
    }
    expect(await rowCounts(t)).toEqual(before);
    const made = await reissue({ expires_at: "2026-10-04T14:02:00.001Z" });
    expect(made.status).toBe(201);
  });

  it.each<[code: string, pointer: string, body: Record<string, unknown>]>([
    ["correction_given", "", {}],
    ["correction_given", "", { reason: "Only a reason." }],
    [
      "recipient_or_user",
      "/recipient",
      {
        user: "u",
        recipient: { type: "email", identity: "kim@example.org" },
      },
    ],
    ["narrative_bounded", "/narrative", { narrative: "x".repeat(20_001) }],
    ["evidence_valid", "/evidence/0", { evidence: [{ name: "Neither" }] }],
    ["evidence_valid", "/evidence", { evidence: null }],
    ["progress_snapshot_valid_json", "/progress_snapshot", { progress_snapshot: [1] }],
    ["tier_level_positive_integer", "/tier_level", { tier_level: null }],
    ["tier_level_without_tiers", "/tier_level", { tier_level: 1 }],
    ["revocation_reason_non_empty_and_bounded", "/reason", { narrative: "n", reason: " " }],
    [
      "revocation_reason_non_empty_and_bounded",
      "/reason",
      {
        narrative: "n",
        reason: "x".repeat(1_001),
      },
    ],
    ["time_format", "/expires_at", { expires_at: "tomorrow" }],
    ["user_id_must_exist", "/user", { user: "none" }],
    ["unknown_field", "/badge", { badge: "another", narrative: "n" }],
    ["awarded_at_not_future", "/awarded_at", { awarded_at: "2026-01-01T00:00:00Z" }],
  ])("%s at %s: 422, and nothing changes", async (code, pointer, body) => {
    const { t, reissue } = await given();
    const before = await rowCounts(t);
    const refused = await reissue(body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ code, pointer }));
    expect(await rowCounts(t)).toEqual(before);
  });

  it("a reason of the greatest length is kept", async () => {
    const { send, old, reissue } = await given();
    const reason = "x".repeat(1_000);
    expect((await reissue({ narrative: "n", reason })).status).toBe(201);
    expect((await send("GET", `/awards/${old.id}`)).body.revocation_reason).toBe(reason);
  });

  it("404 for another organization's award, as for none, by id and by hash", async () => {
    const { t, reissue } = await given();
    const elsewhere = await givenOrganization(t.env);
    const badge = await givenBadge(t.env, elsewhere);
    const foreign = await givenAward(t.env, badge, await givenPerson(t.env, elsewhere));
    const before = await rowCounts(t);
    for (const id of [foreign.id, foreign.unique_hash, "none"]) {
      expect((await reissue({ narrative: "Mine now" }, id)).status).toBe(404);
    }
    expect(await rowCounts(t)).toEqual(before);
  });

  it("401 without a key, 403 without the scope", async () => {
    const t = await testApp();
    const { send } = await givenClient(t, ["awards:read"]);
    expect((await send("POST", "/awards/x/reissue", {})).status).toBe(403);
    const bare = await t.request("/api/v1/awards/x/reissue", { method: "POST", body: "{}" });
    expect(bare.status).toBe(401);
  });
});

describe("what changes between the decision and the write: nothing at all is written", () => {
  type Stage = Awaited<ReturnType<typeof given>>;
  const changed = (set: Partial<typeof awards.$inferInsert>) => (stage: Stage) =>
    stage.t.env.db.batch([stage.t.env.db.orm.update(awards).set(set)]);

  it.each<[string, (stage: Stage) => Promise<unknown>]>([
    ["it was replaced", ({ reissue }) => reissue({ narrative: "First." })],
    [
      "it was revoked",
      ({ send, old }) => send("POST", `/awards/${old.id}/revoke`, { reason: "r" }),
    ],
    ["it was changed", changed({ narrative: "Something else." })],
    ["it was hidden", changed({ visible: false })],
    ["it was declined", changed({ claim_state: "declined" })],
    [
      "the badge was deactivated",
      ({ send, badge }) => send("PATCH", `/badges/${badge.id}`, { is_active: false }),
    ],
    [
      "the person was suspended",
      ({ t: { env } }) =>
        env.db.batch([env.db.orm.update(memberships).set({ status: "suspended" })]),
    ],
  ])("%s", async (_name, happens) => {
    const stage = await given();
    const { t, organization, old } = stage;
    const correction = { narrative: "Second." };
    const { writes } = await reissueAward(
      t.env,
      organization.id,
      old.id,
      correction,
      REPLACED,
      ACTOR,
    );
    await happens(stage);
    const before = await rowCounts(t);
    const error = await t.env.db.batch(writes).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isOvertaken(error)).toBe(true);
    expect(await rowCounts(t)).toEqual(before);
    const named = await column(t, "select narrative from badge_issues where narrative = 'Second.'");
    expect(named).toEqual([]);
  });
});
