// Awards over the API: each rule by its code, each address with each of its answers.
import { describe, expect, it } from "vitest";
import type { badges } from "../../src/db/badges.ts";
import { memberships, users } from "../../src/db/organizations.ts";
import { findHostedAssertion } from "../../src/db/published.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenCriteria, givenOrganization, givenPerson } from "../given.ts";
import { givenClient, growth, rowCounts, sharedClient } from "./client.ts";

const KIM = { type: "email", identity: "kim@example.org", name: "Kim" };
const DAY = 86_400_000;

async function given(over: Partial<typeof badges.$inferInsert> = {}) {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenBadge(t.env, client.organization, { max_awards_per_user: 1, ...over });
  const award = (body: Record<string, unknown> = { recipient: KIM }) =>
    client.send("POST", "/awards", { badge: badge.id, ...body });
  return { t, ...client, badge, award };
}

describe("POST /awards", () => {
  it("assertion_fits_in_a_picture: what could not be baked is not awarded", async () => {
    const { t, award } = await given();
    const before = await rowCounts(t);
    // Each item is within its own bounds; together they are more than a picture carries.
    const item = { narrative: "n".repeat(19_000), description: "d".repeat(19_000) };
    const refused = await award({
      recipient: KIM,
      evidence: Array.from({ length: 20 }, () => item),
    });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(
      expect.objectContaining({ code: "assertion_fits_in_a_picture", pointer: "/evidence" }),
    );
    expect(await rowCounts(t)).toEqual(before);
  });

  it("makes the award, its person, its assertion and its audit entries in one go", async () => {
    const { t, send, badge, award } = await given();
    const before = await rowCounts(t);
    const made = await award({
      recipient: { type: "email", identity: " Kim@Example.org ", name: "Kim" },
      evidence: [
        { id: "https://evidence.example/1", name: "Log", genre: "Log book", audience: "Mentors" },
        { narrative: "Twelve sessions." },
      ],
      narrative: "Two of them alone.",
      progress_snapshot: { sessions: 12 },
    });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/v1/awards/${made.body.id}`);
    expect(made.body).toMatchObject({
      badge: badge.id,
      recipient: { type: "email", name: "Kim" },
      status: "valid",
      awarded_at: "2026-10-04T14:02:00.000Z",
      expires_at: null,
      awarded_by: "admin",
      tier_level: null,
      progress_snapshot: { sessions: 12 },
      narrative: "Two of them alone.",
      is_visible: true,
      claim_state: "unclaimed",
      notification_sent: false,
      revoked_at: null,
      urls: {
        page: `https://badges.example.org/b/${made.body.hash}`,
        assertion: `https://badges.example.org/ob/v2/assertions/${made.body.hash}`,
        png: `https://badges.example.org/ob/v2/assertions/${made.body.hash}/image.png`,
        svg: `https://badges.example.org/ob/v2/assertions/${made.body.hash}/image.svg`,
      },
    });
    expect(made.body.hash).toMatch(/^[0-9a-f]{40}$/);
    expect(JSON.stringify(made.body).toLowerCase()).not.toContain("kim@example.org");
    // One entry each for the person, the identity and the award.
    expect(growth(before, await rowCounts(t))).toEqual({
      users: 1,
      identities: 1,
      memberships: 1,
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 3,
    });
    expect((await send("GET", `/badges/${badge.id}`)).body.status).toBe("active_locked");
    const byId = await send("GET", `/awards/${made.body.id}`);
    expect(byId.body).toEqual(made.body);
    expect(byId.headers.get("etag")).toBe(made.headers.get("etag"));
    expect((await send("GET", `/awards/${made.body.hash}`)).body).toEqual(made.body);
  });

  it("what is stored to be served is what the award says, hashed to the address in lower case", async () => {
    const { t, award } = await given();
    const made = await award({ recipient: { type: "email", identity: "Kim@Example.org" } });
    const stored = await findHostedAssertion(t.env.db, made.body.hash);
    const served = await t.request(`/ob/v2/assertions/${made.body.hash}`);
    expect(served.status).toBe(200);
    const assertion = JSON.parse(await served.text());
    expect(assertion).toEqual(JSON.parse(stored?.body ?? ""));
    expect(assertion).toMatchObject({ id: made.body.urls.assertion, issuedOn: expect.any(String) });
    const { identity, salt } = assertion.recipient;
    const bytes = new TextEncoder().encode(`kim@example.org${salt}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(identity).toBe(`sha256$${hex}`);
  });

  it("what was not given is NULL in the database, and the rest is as it was given", async () => {
    const { t, award } = await given();
    const stored = async (hash: string) => {
      const { rows } = await t.env.db.read({
        sql: `select award_slot, date_expire, tier_level, evidence, progress_snapshot, narrative,
          visible, claim_state, notification_sent, revision, date_issued
          from badge_issues where unique_hash = ?`,
        params: [hash],
      });
      return rows[0];
    };
    const bare = await award();
    const now = t.clock.now;
    expect(await stored(bare.body.hash)).toEqual([
      ...["once", null, null, null, null, null],
      ...[1, "unclaimed", 0, 1, now],
    ]);
    const recipient = { type: "email", identity: "noor@example.org" };
    const whole = await award({
      recipient,
      evidence: [{ narrative: "It’s true" }],
      progress_snapshot: { sessions: 12 },
      narrative: "Well done",
      expires_at: "2030-01-01T00:00:00Z",
    });
    expect(await stored(whole.body.hash)).toEqual([
      ...["once", Date.UTC(2030, 0), null, '[{"narrative":"It’s true"}]', '{"sessions":12}'],
      ...["Well done", 1, "unclaimed", 0, 1, now],
    ]);
    const { rows } = await t.env.db.read({
      sql: "select action, detail is null from audit_log where action = 'award.created'",
      params: [],
    });
    expect(rows).toEqual([
      ["award.created", 0],
      ["award.created", 0],
    ]);
  });

  it("to a member by user id, made out to their e-mail address", async () => {
    const { t, organization, award } = await given();
    const { user, identity } = await givenPerson(t.env, organization);
    const before = await rowCounts(t);
    const made = await award({ user: user.id });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ user: user.id, recipient: { name: "Noor Haddad" } });
    const { rows } = await t.env.db.read({
      sql: "select recipient_identity from badge_issues",
      params: [],
    });
    expect(rows).toEqual([[identity.normalised]]);
    expect(growth(before, await rowCounts(t))).toEqual({
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 1,
    });
  });

  it("max_awards_per_user_enforced: who holds it is told so with 200, and nothing is stored", async () => {
    const { t, award } = await given();
    const first = await award();
    const before = await rowCounts(t);
    const second = await award();
    expect(second.status).toBe(200);
    expect(second.body).toEqual({
      awarded: false,
      reason: "max_awards_per_user_enforced",
      award: first.body,
    });
    expect(await rowCounts(t)).toEqual(before);
  });

  it("max_awards_per_user_enforced: a badge that allows three is awarded three times", async () => {
    const { t, award } = await given({ max_awards_per_user: 3 });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await award()).status);
    expect(statuses).toEqual([201, 201, 201, 200, 200]);
    const { rows } = await t.env.db.read({
      sql: "select award_slot from badge_issues order by id",
      params: [],
    });
    expect(rows.flat().sort()).toEqual(["r1", "r2", "r3"]);
  });

  it("a badge without limit is awarded again and again", async () => {
    const { award } = await given({ max_awards_per_user: null });
    for (let i = 0; i < 4; i++) expect((await award()).status).toBe(201);
  });

  it("a revoked award leaves its slot and the count; its ordinal is not used again", async () => {
    const { t, send, award } = await given({ max_awards_per_user: 2 });
    const [first] = [await award(), await award()];
    await send("POST", `/awards/${first?.body.id}/revoke`, { reason: "Wrong person" });
    expect((await award()).status).toBe(201);
    expect((await award()).status).toBe(200);
    const { rows } = await t.env.db.read({
      sql: "select award_slot from badge_issues",
      params: [],
    });
    expect(rows.flat().sort()).toEqual(["r1", "r2", "r3"]);
  });

  it("an expired award still counts", async () => {
    const { t, award } = await given({ expire_period: 60 });
    expect((await award()).body.expires_at).toBe("2026-10-04T14:03:00.000Z");
    t.clock.advance(DAY);
    const second = await award();
    expect(second.body).toMatchObject({ awarded: false, award: { status: "expired" } });
  });

  it("the same Idempotency-Key gives the same award; the key is stored with it", async () => {
    const { t, send, badge } = await given({ max_awards_per_user: null });
    const ask = () =>
      send("POST", "/awards", { badge: badge.id, recipient: KIM }, { "idempotency-key": "k1" });
    const [one, two, three] = await Promise.all([ask(), ask(), ask()]);
    const again = await ask();
    for (const reply of [two, three, again]) expect(reply.body).toEqual(one.body);
    expect(await rowCounts(t)).toMatchObject({ badge_issues: 1, idempotency_keys: 1 });
  });

  it("the first award was refused, so its key was not used up", async () => {
    const { t, send, badge } = await given({ status: "inactive" });
    await givenCriteria(t.env, badge);
    const ask = () =>
      send("POST", "/awards", { badge: badge.id, recipient: KIM }, { "idempotency-key": "k1" });
    expect((await ask()).status).toBe(409);
    await send("PATCH", `/badges/${badge.id}`, { is_active: true });
    expect((await ask()).status).toBe(201);
    expect(await rowCounts(t)).toMatchObject({ badge_issues: 1, idempotency_keys: 1 });
  });
});

describe("when an award ends", () => {
  it.each<[string, Partial<typeof badges.$inferInsert>, unknown, string | null]>([
    ["the badge's period", { expire_period: 3600 }, undefined, "2026-10-04T15:02:00.000Z"],
    ["the badge's date", { expire_date: Date.UTC(2030, 0) }, undefined, "2030-01-01T00:00:00.000Z"],
    ["its own time", { expire_period: 3600 }, "2027-01-01T00:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["never, if it says so", { expire_period: 3600 }, null, null],
  ])("%s", async (_name, over, expires_at, expected) => {
    const { award } = await given(over);
    const made = await award({ recipient: KIM, expires_at });
    expect(made.body.expires_at).toBe(expected);
  });

  it("OB20-A-08 expires_at_in_future: a time that has passed is refused", async () => {
    const { award } = await given();
    const refused = await award({ recipient: KIM, expires_at: "2026-10-04T14:02:00Z" });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]?.code).toBe("expires_at_in_future");
    const next = await award({ recipient: KIM, expires_at: "2026-10-04T14:02:00.001Z" });
    expect(next.status).toBe(201);
  });

  it("OB20-A-08 a badge whose own date has passed is awarded only with another end", async () => {
    const { award } = await given({ expire_date: Date.UTC(2020, 0) });
    const refused = await award();
    expect(refused.body.errors[0]).toMatchObject({
      pointer: "/badge",
      code: "expire_date_in_future",
    });
    expect((await award({ recipient: KIM, expires_at: null })).status).toBe(201);
  });
});

describe("tiers", () => {
  async function tiered() {
    const t = await testApp();
    const client = await givenClient(t);
    const { body } = await client.send("POST", "/badges", {
      name: "Tiered",
      description: "Three tiers.",
      criteria: { narrative: "Go on." },
      tiers: [1, 2, 3].map((level) => ({ level, name: `Tier ${level}` })),
    });
    const award = (tier_level?: unknown) =>
      client.send("POST", "/awards", { badge: body.id, recipient: KIM, tier_level });
    return { t, ...client, award };
  }

  it("tier_level_monotonically_increasing: each only above what is held", async () => {
    const { t, award } = await tiered();
    expect((await award(2)).status).toBe(201);
    const before = await rowCounts(t);
    for (const level of [1, 2]) {
      const refused = await award(level);
      expect(refused.status).toBe(200);
      expect(refused.body).toMatchObject({
        awarded: false,
        reason: "tier_level_monotonically_increasing",
        award: { tier_level: 2 },
      });
    }
    expect(await rowCounts(t)).toEqual(before);
    expect((await award(3)).body).toMatchObject({ tier_level: 3 });
    const { rows } = await t.env.db.read({
      sql: "select award_slot from badge_issues",
      params: [],
    });
    expect(rows.flat().sort()).toEqual(["t2", "t3"]);
  });

  it("a revoked tier may be awarded again", async () => {
    const { send, award } = await tiered();
    const made = await award(3);
    await send("POST", `/awards/${made.body.id}/revoke`, { reason: "Too early" });
    expect((await award(1)).status).toBe(201);
    expect((await award(3)).status).toBe(201);
  });

  it.each([
    [undefined, "tier_level_of_the_badge"],
    [4, "tier_level_of_the_badge"],
    [0, "tier_level_positive_integer"],
    [-1, "tier_level_positive_integer"],
    [1.5, "tier_level_positive_integer"],
    ["1", "tier_level_positive_integer"],
  ])("tier_level %s: %s", async (level, code) => {
    const { t, award } = await tiered();
    const before = await rowCounts(t);
    const refused = await award(level);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ pointer: "/tier_level", code });
    expect(await rowCounts(t)).toEqual(before);
  });

  it("tier_level_without_tiers: a badge that has none takes none", async () => {
    const { award } = await given();
    const refused = await award({ recipient: KIM, tier_level: 1 });
    expect(refused.body.errors[0]?.code).toBe("tier_level_without_tiers");
  });
});

describe("who may not be awarded, and what may not", () => {
  const shared = sharedClient();

  it.each<[string, Partial<typeof badges.$inferInsert>]>([
    ["inactive", { status: "inactive" }],
    ["inactive and locked", { status: "inactive_locked" }],
    ["archived", { status: "archived" }],
  ])("inactive_badge_not_evaluated: 409 for a badge that is %s", async (_state, over) => {
    const { t, award } = await given(over);
    const before = await rowCounts(t);
    const refused = await award();
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-inactive" });
    expect(refused.body.errors[0]?.code).toBe("inactive_badge_not_evaluated");
    expect(await rowCounts(t)).toEqual(before);
  });

  it("OB20-A-15 org_scope_matches_badge_definition: 404 for another organization's badge, as for none", async () => {
    const { t, send } = await given();
    const foreign = await givenBadge(t.env, await givenOrganization(t.env));
    const before = await rowCounts(t);
    const refused = await send("POST", "/awards", { badge: foreign.id, recipient: KIM });
    const unknown = await send("POST", "/awards", { badge: "none", recipient: KIM });
    expect(refused.status).toBe(404);
    expect(refused.body.errors[0]).toMatchObject({
      pointer: "/badge",
      code: "org_scope_matches_badge_definition",
    });
    expect({ ...unknown.body, request_id: "" }).toEqual({ ...refused.body, request_id: "" });
    expect(await rowCounts(t)).toEqual(before);
  });

  it.each<[string, "user" | "membership", "suspended" | "deactivated"]>([
    ["user", "user", "suspended"],
    ["user", "user", "deactivated"],
    ["membership", "membership", "suspended"],
    ["membership", "membership", "deactivated"],
  ])("award_only_to_active_users: 409 where the %s is %s", async (_name, which, status) => {
    const { t, organization, award } = await given();
    const { user, identity } = await givenPerson(t.env, organization);
    const table = which === "user" ? users : memberships;
    await t.env.db.batch([t.env.db.orm.update(table).set({ status })]);
    const before = await rowCounts(t);
    const recipient = { type: "email", identity: identity.identity };
    for (const body of [{ user: user.id }, { recipient }]) {
      const refused = await award(body);
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ code: "recipient-not-active" });
      expect(refused.body.errors[0]).toMatchObject({
        pointer: `/${Object.keys(body)[0]}`,
        code: "award_only_to_active_users",
      });
    }
    expect(await rowCounts(t)).toEqual(before);
  });

  it("eligibility_role_check: the roles a member has now decide", async () => {
    const { t, organization, award } = await given({ eligibility_roles: ["coordinator", "coach"] });
    const { user } = await givenPerson(t.env, organization, { roles: ["member"] });
    const before = await rowCounts(t);
    const refused = await award({ user: user.id });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "recipient-not-eligible" });
    expect(refused.body.errors[0]?.code).toBe("eligibility_role_check");
    expect(refused.body.fix).toContain("coordinator, coach");
    expect(await rowCounts(t)).toEqual(before);
    const roles = ["member", "coach"];
    await t.env.db.batch([t.env.db.orm.update(memberships).set({ roles })]);
    expect((await award({ user: user.id })).status).toBe(201);
  });

  it("eligibility_role_check: someone new would be a member, which may not be enough", async () => {
    const { t, award } = await given({ eligibility_roles: ["peer_mentor"] });
    const before = await rowCounts(t);
    const refused = await award();
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("member");
    expect(refused.body.fix).toContain("peer_mentor");
    expect(await rowCounts(t)).toEqual(before);
  });

  it("user_id_must_exist: another organization's user is as unknown as none", async () => {
    const { t, award } = await given();
    const { user } = await givenPerson(t.env, await givenOrganization(t.env));
    const refused = await award({ user: user.id });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ pointer: "/user", code: "user_id_must_exist" });
    const unknown = await award({ user: "none" });
    expect(unknown.body.errors).toEqual(refused.body.errors);
  });

  const long = (length: number) => "x".repeat(length);
  it.each<[code: string, pointer: string, body: Record<string, unknown>]>([
    ["recipient_or_user", "/recipient", {}],
    ["recipient_or_user", "/recipient", { recipient: KIM, user: "someone" }],
    ["email_format", "/recipient/identity", { recipient: { type: "email", identity: "bob" } }],
    ["invalid_value", "/recipient/type", { recipient: { type: "name", identity: "Bob" } }],
    [
      "awarded_at_not_future",
      "/awarded_at",
      { recipient: KIM, awarded_at: "2030-01-01T00:00:00Z" },
    ],
    ["awarded_at_not_future", "/awarded_at", { recipient: KIM, awarded_at: 0 }],
    ["awarded_by_valid_enum", "/awarded_by", { recipient: KIM, awarded_by: "system" }],
    ["evidence_valid", "/evidence", { recipient: KIM, evidence: "https://e.example/" }],
    ["evidence_valid", "/evidence/0", { recipient: KIM, evidence: [{ name: "Neither" }] }],
    [
      "evidence_valid",
      "/evidence/0/id",
      { recipient: KIM, evidence: [{ id: "ftp://e.example/" }] },
    ],
    [
      "evidence_valid",
      "/evidence/0/genre",
      { recipient: KIM, evidence: [{ narrative: "n", genre: 1 }] },
    ],
    [
      "evidence_valid",
      "/evidence",
      { recipient: KIM, evidence: Array.from({ length: 21 }, () => ({ narrative: "n" })) },
    ],
    ["narrative_bounded", "/narrative", { recipient: KIM, narrative: long(20_001) }],
    ["narrative_bounded", "/narrative", { recipient: KIM, narrative: "  " }],
    [
      "progress_snapshot_valid_json",
      "/progress_snapshot",
      { recipient: KIM, progress_snapshot: [1] },
    ],
    [
      "progress_snapshot_valid_json",
      "/progress_snapshot",
      { recipient: KIM, progress_snapshot: "{" },
    ],
    [
      "progress_snapshot_valid_json",
      "/progress_snapshot",
      { recipient: KIM, progress_snapshot: { a: long(16_384) } },
    ],
    ["time_format", "/expires_at", { recipient: KIM, expires_at: "tomorrow" }],
    ["required", "/badge", { badge: undefined, recipient: KIM }],
  ])("%s at %s", async (code, pointer, body) => {
    const { t, send } = shared();
    const before = await rowCounts(t);
    const refused = await send("POST", "/awards", { badge: "any", ...body });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ code, pointer }));
    expect(await rowCounts(t)).toEqual(before);
  });

  it.each<Record<string, unknown>>([
    { narrative: long(20_000) },
    { evidence: Array.from({ length: 20 }, () => ({ id: "https://e.example/" })) },
    { progress_snapshot: { a: long(16_384 - '{"a":""}'.length) } },
    { progress_snapshot: {} },
  ])("at the limit is accepted", async (body) => {
    const { award } = await given();
    expect((await award({ recipient: KIM, ...body })).status).toBe(201);
  });

  it("401 without a key, 403 without the scope", async () => {
    const t = await testApp();
    const { send } = await givenClient(t, ["awards:read"]);
    expect((await send("POST", "/awards", {})).status).toBe(403);
    expect((await send("POST", "/awards/x/revoke", {})).status).toBe(403);
    expect((await t.request("/api/v1/awards", { method: "POST", body: "{}" })).status).toBe(401);
  });
});

describe("GET /awards", () => {
  it("filters by badge, user and status, and pages", async () => {
    const { t, send, organization, badge } = await given();
    const [noor, kim] = [
      await givenPerson(t.env, organization),
      await givenPerson(t.env, organization),
    ];
    const other = await givenBadge(t.env, organization);
    const valid = await givenAward(t.env, badge, noor);
    const endsNow = await givenAward(t.env, badge, kim, { date_expire: t.clock.now });
    const endsLater = await givenAward(t.env, other, kim, { date_expire: t.clock.now + 1 });
    const revoked = await givenAward(t.env, other, noor, { revoked_at: 1, date_expire: 1 });
    const elsewhere = await givenOrganization(t.env);
    await givenAward(t.env, await givenBadge(t.env, elsewhere), noor);
    const ids = async (query: string) =>
      (await send("GET", `/awards${query}`)).body.data.map(({ id }) => id).sort();
    const sorted = (...rows: { id: string }[]) => rows.map(({ id }) => id).sort();
    expect(await ids("")).toEqual(sorted(valid, endsNow, endsLater, revoked));
    expect(await ids(`?badge=${badge.id}`)).toEqual(sorted(valid, endsNow));
    expect(await ids(`?user=${noor.user.id}`)).toEqual(sorted(valid, revoked));
    expect(await ids("?status=valid")).toEqual(sorted(valid, endsLater));
    expect(await ids("?status=expired")).toEqual(sorted(endsNow));
    expect(await ids("?status=revoked")).toEqual(sorted(revoked));
    expect(await ids(`?status=expired&badge=${other.id}`)).toEqual([]);
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const page = await send("GET", `/awards?limit=3${cursor}`);
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`;
    } while (cursor !== "");
    expect(seen.sort()).toEqual(sorted(valid, endsNow, endsLater, revoked));
  });

  it("422 for a status there is not", async () => {
    const { send } = await given();
    expect((await send("GET", "/awards?status=gone")).status).toBe(422);
  });
});

describe("another organization's award", () => {
  it.each([
    ["GET", ""],
    ["POST", "/revoke"],
  ])("%s /awards/{id}%s is 404, by id and by hash", async (method, path) => {
    const { t, send } = await given();
    const elsewhere = await givenOrganization(t.env);
    const foreign = await givenAward(
      t.env,
      await givenBadge(t.env, elsewhere),
      await givenPerson(t.env, elsewhere),
    );
    const body = method === "POST" ? { reason: "Mine now" } : undefined;
    for (const name of [foreign.id, foreign.unique_hash, "none"]) {
      expect((await send(method, `/awards/${name}${path}`, body)).status).toBe(404);
    }
    const { rows } = await t.env.db.read({
      sql: "select revoked_at from badge_issues",
      params: [],
    });
    expect(rows).toEqual([[null]]);
  });
});

describe("POST /awards/{id}/revoke", () => {
  it("OB20-H-05 is seen at once by everyone: 410 with the reason and nothing else", async () => {
    const { t, send, award } = await given();
    const made = await award();
    const assertion = new URL(made.body.urls.assertion ?? "").pathname;
    expect((await t.request(assertion)).status).toBe(200);
    const before = await rowCounts(t);
    t.clock.advance(DAY);
    const revoked = await send("POST", `/awards/${made.body.id}/revoke`, {
      reason: "Wrong person",
    });
    expect(revoked.status).toBe(200);
    expect(revoked.body).toEqual({
      ...made.body,
      status: "revoked",
      revoked_at: "2026-10-05T14:02:00.000Z",
      revocation_reason: "Wrong person",
      is_withheld: true,
    });
    expect((await send("GET", `/awards/${made.body.id}`)).body).toEqual(revoked.body);
    const gone = await t.request(assertion);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toEqual({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      id: made.body.urls.assertion,
      revoked: true,
      revocationReason: "Wrong person",
    });
    expect(growth(before, await rowCounts(t))).toEqual({ hosted_assertions: -1, audit_log: 1 });
  });

  it("repeated, changes nothing: the first reason and time stay", async () => {
    const { t, send, award } = await given();
    const made = await award();
    const first = await send("POST", `/awards/${made.body.hash}/revoke`, { reason: "First" });
    const before = await rowCounts(t);
    t.clock.advance(DAY);
    const second = await send("POST", `/awards/${made.body.id}/revoke`, { reason: "Second" });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(await rowCounts(t)).toEqual(before);
  });

  it("many at once revoke once, and all answer with the same award", async () => {
    const { t, send, award } = await given();
    const made = await award();
    const before = await rowCounts(t);
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        send("POST", `/awards/${made.body.id}/revoke`, { reason: `Reason ${i}` }),
      ),
    );
    const reasons = new Set(replies.map(({ body }) => body.revocation_reason));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(reasons.size).toBe(1);
    expect(growth(before, await rowCounts(t))).toEqual({ hosted_assertions: -1, audit_log: 1 });
  });

  it.each([
    [{}],
    [{ reason: "" }],
    [{ reason: "   " }],
    [{ reason: "x".repeat(1001) }],
    [{ reason: 7 }],
  ])("revocation_reason_non_empty_and_bounded: %o", async (body) => {
    const { t, send, award } = await given();
    const made = await award();
    const before = await rowCounts(t);
    const refused = await send("POST", `/awards/${made.body.id}/revoke`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]?.code).toBe("revocation_reason_non_empty_and_bounded");
    expect(await rowCounts(t)).toEqual(before);
    const reason = "x".repeat(1000);
    expect((await send("POST", `/awards/${made.body.id}/revoke`, { reason })).status).toBe(200);
  });

  it("an award of a badge that was disabled or archived since can still be revoked", async () => {
    const { send, badge, award } = await given();
    const made = await award();
    await send("DELETE", `/badges/${badge.id}`);
    await send("PATCH", `/badges/${badge.id}`, { status: "archived" });
    const revoked = await send("POST", `/awards/${made.body.id}/revoke`, { reason: "Wrong" });
    expect(revoked.body.status).toBe("revoked");
  });
});
