// Nominations over the API: who may make and decide them, what is refused under which rule, and what an approval does.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR, type Scope } from "../../src/auth.ts";
import type { Badge, badges } from "../../src/db/badges.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { type TestApp, testApp } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenOrganization,
  givenPerson,
  type Person,
} from "../given.ts";
import { givenManualCriterion, givenMetricCriterion } from "../given-nominations.ts";
import { type Reply, rowCounts } from "./client.ts";
import { asPerson, type SendAs } from "./person.ts";
import { asProgram } from "./program.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly badge: Badge;
  readonly nominee: Person;
  /** Somebody with these roles, who is signed in. */
  as(...roles: string[]): Promise<{ readonly id: string; readonly send: SendAs }>;
  /** A program. */
  key(scopes?: readonly (Scope | "*")[]): Promise<SendAs>;
}

async function given(over: Partial<typeof badges.$inferInsert> = {}): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, { max_awards_per_user: 1, ...over });
  await givenManualCriterion(t.env, badge);
  return {
    t,
    organization,
    badge,
    nominee: await givenPerson(t.env, organization, { name: "Kim Osei" }),
    async as(...roles) {
      const { user } = await givenPerson(t.env, organization, { roles });
      return { id: user.id, send: await asPerson(t, user.id, organization.slug) };
    },
    async key(scopes = ["*"]) {
      return asProgram(t, await givenApiKey(t.env, organization, scopes));
    },
  };
}

const REASON = "Took over the Tuesday group when nobody else could.";
const EVIDENCE = [{ id: "https://example.org/report", name: "Report" }];

/** Asks for the stage's badge and person. */
const nominate = (stage: Stage, send: SendAs, over: Record<string, unknown> = {}) =>
  send("POST", "/nominations", {
    badge: stage.badge.id,
    user: stage.nominee.user.id,
    reason: REASON,
    ...over,
  });

const said = ({ status, body }: Reply) => [status, body.code, body.errors?.[0]?.code];

async function awardsOf({ t }: Stage): Promise<readonly (readonly unknown[])[]> {
  const { rows } = await t.env.db.read({
    sql: "select user_id, awarded_by, awarded_by_user_id, narrative from badge_issues order by rowid",
    params: [],
  });
  return rows;
}

describe("coordinator_nomination_requires_authorization", () => {
  it.each([[COORDINATOR], [ADMINISTRATOR]])("a %s nominates: 201, pending", async (role) => {
    const stage = await given();
    const { id, send } = await stage.as(role);
    const made = await nominate(stage, send, { evidence: EVIDENCE });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/v1/nominations/${made.body.id}`);
    expect(made.body).toMatchObject({
      badge: stage.badge.id,
      user: stage.nominee.user.id,
      nominator: id,
      reason: REASON,
      evidence: EVIDENCE,
      state: "pending",
      decided_by: null,
      decided_at: null,
      decision_note: null,
      award: null,
    });
    expect((await send("GET", `/nominations/${made.body.id}`)).body).toEqual(made.body);
    expect(await awardsOf(stage)).toEqual([]);
  });

  it.each([["peer_mentor"], ["member"], ["trainer"]])(
    "a %s nominates neither a peer nor themselves: 403",
    async (role) => {
      const stage = await given({ eligibility_roles: ["member", "peer_mentor", "trainer"] });
      const { id, send } = await stage.as(role);
      const before = await rowCounts(stage.t);
      for (const user of [stage.nominee.user.id, id]) {
        expect(said(await nominate(stage, send, { user }))).toEqual([
          403,
          "role-required",
          "coordinator_nomination_requires_authorization",
        ]);
      }
      expect(await rowCounts(stage.t)).toEqual(before);
    },
  );

  it("a program acts for the organization, or for a member who has the role", async () => {
    const stage = await given();
    const key = await stage.key(["nominations:write", "nominations:read"]);
    const [coordinator, mentor] = [await stage.as(COORDINATOR), await stage.as("peer_mentor")];
    const own = await nominate(stage, key);
    expect([own.status, own.body.nominator]).toEqual([201, null]);
    await key("POST", `/nominations/${own.body.id}/withdraw`, {});
    expect(said(await nominate(stage, key, { on_behalf_of: mentor.id }))).toEqual([
      403,
      "role-required",
      "coordinator_nomination_requires_authorization",
    ]);
    const theirs = await nominate(stage, key, { on_behalf_of: coordinator.id });
    expect([theirs.status, theirs.body.nominator]).toEqual([201, coordinator.id]);
  });

  it("a program acts for no stranger and nobody who is suspended, a person for nobody else", async () => {
    const stage = await given();
    const key = await stage.key();
    const coordinator = await stage.as(COORDINATOR);
    const elsewhere = await givenOrganization(stage.t.env);
    const foreign = await givenPerson(stage.t.env, elsewhere, { roles: [COORDINATOR] });
    const gone = await givenPerson(stage.t.env, stage.organization, {
      roles: [COORDINATOR],
      status: "suspended",
    });
    for (const on_behalf_of of [foreign.user.id, gone.user.id, "nobody"]) {
      expect(said(await nominate(stage, key, { on_behalf_of }))).toEqual([
        422,
        "invalid-request",
        "user_id_must_exist",
      ]);
    }
    const other = stage.nominee.user.id;
    expect(said(await nominate(stage, coordinator.send, { on_behalf_of: other }))).toEqual([
      422,
      "invalid-request",
      "acts_for_oneself",
    ]);
  });
});

describe("what is refused, by its rule", () => {
  type Prepare = (stage: Stage) => Promise<unknown>;
  const REFUSED: [string, number, string, string, Partial<typeof badges.$inferInsert>, Prepare?][] =
    [
      [
        "an inactive badge",
        409,
        "badge-inactive",
        "inactive_badge_not_evaluated",
        { status: "inactive" },
      ],
      [
        "an archived badge",
        409,
        "badge-inactive",
        "inactive_badge_not_evaluated",
        { status: "archived" },
      ],
      [
        "a nominee who is suspended",
        409,
        "recipient-not-active",
        "award_only_to_active_users",
        {},
        ({ t }) => run(t, "update memberships set status = 'suspended' where name = 'Kim Osei'"),
      ],
      [
        "a nominee without an eligible role",
        409,
        "recipient-not-eligible",
        "eligibility_role_check",
        { eligibility_roles: ["coordinator"] },
      ],
      [
        "a nominee who holds the badge",
        409,
        "badge-held",
        "max_awards_per_user_enforced",
        {},
        ({ t, badge, nominee }) => givenAward(t.env, badge, nominee),
      ],
      [
        "a badge that asks for what is counted as well",
        409,
        "badge-not-nominatable",
        "auto_badge_requires_trigger_condition",
        {},
        ({ t, badge }) => givenMetricCriterion(t.env, badge, 3),
      ],
      [
        "a badge that is awarded by rule alone",
        409,
        "badge-not-nominatable",
        "auto_badge_requires_trigger_condition",
        {},
        async ({ t, badge }) => {
          await givenMetricCriterion(t.env, badge, 3);
          await run(
            t,
            "update badge_criterias set criteria_type = 'cohort' where criteria_type = 'manual'",
          );
        },
      ],
      [
        "a badge that asks for the word of each of two roles",
        409,
        "badge-not-nominatable",
        "auto_badge_requires_trigger_condition",
        {},
        ({ t }) => run(t, "update badge_criterias set method = 1 where criteria_type = 'manual'"),
      ],
    ];
  it.each(REFUSED)("%s: %i %s, %s", async (_name, status, code, rule, over, prepare) => {
    const stage = await given(over);
    await prepare?.(stage);
    const { send } = await stage.as(COORDINATOR);
    const before = await rowCounts(stage.t);
    expect(said(await nominate(stage, send))).toEqual([status, code, rule]);
    expect(await rowCounts(stage.t)).toEqual(before);
  });

  it("a badge that one word suffices for, beside what is counted, may be nominated for", async () => {
    const stage = await given();
    await givenMetricCriterion(stage.t.env, stage.badge, 3, 2);
    const { send } = await stage.as(COORDINATOR);
    expect((await nominate(stage, send)).status).toBe(201);
  });

  it("org_scope_matches_badge_definition: another organization's badge is as unknown as none", async () => {
    const stage = await given();
    const foreign = await givenBadge(stage.t.env, await givenOrganization(stage.t.env));
    const { send } = await stage.as(COORDINATOR);
    for (const badge of [foreign.id, "none"]) {
      expect(said(await nominate(stage, send, { badge }))).toEqual([
        404,
        "not-found",
        "org_scope_matches_badge_definition",
      ]);
    }
  });

  it("user_id_must_exist: nobody becomes a member by being nominated", async () => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    const stranger = await givenPerson(stage.t.env, await givenOrganization(stage.t.env));
    const before = await rowCounts(stage.t);
    const recipient = { type: "email", identity: "new@example.org" };
    for (const named of [
      { user: stranger.user.id },
      { user: "none" },
      { user: undefined, recipient },
      { user: undefined, recipient: { type: "email", identity: stranger.identity.identity } },
    ]) {
      expect(said(await nominate(stage, send, named))).toEqual([
        422,
        "invalid-request",
        "user_id_must_exist",
      ]);
    }
    expect(await rowCounts(stage.t)).toEqual(before);
  });

  it("a member may be named by what they are known by", async () => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    const recipient = {
      type: "email",
      identity: ` ${stage.nominee.identity.identity.toUpperCase()}`,
    };
    const made = await nominate(stage, send, { user: undefined, recipient });
    expect([made.status, made.body.user]).toEqual([201, stage.nominee.user.id]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ["reason_non_empty_and_bounded", "/reason", { reason: "" }],
    ["reason_non_empty_and_bounded", "/reason", { reason: "x".repeat(4001) }],
    ["reason_non_empty_and_bounded", "/reason", { reason: undefined }],
    ["recipient_or_user", "/recipient", { user: undefined }],
    [
      "recipient_or_user",
      "/recipient",
      { recipient: { type: "email", identity: "kim@example.org" } },
    ],
    ["evidence_valid", "/evidence/0", { evidence: [{ name: "Nothing behind it" }] }],
    ["unknown_field", "/state", { state: "approved" }],
    [
      "email_format",
      "/recipient/identity",
      { user: undefined, recipient: { type: "email", identity: "kim" } },
    ],
  ])("422 %s at %s", async (code, pointer, over) => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    const refused = await nominate(stage, send, over);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ code, pointer });
  });

  it("a reason of 4,000 characters is taken", async () => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    expect((await nominate(stage, send, { reason: "x".repeat(4000) })).status).toBe(201);
  });
});

function run(t: TestApp, statement: string) {
  return t.env.db.batch([{ sql: statement, params: [] }]);
}

describe("one pending nomination of a badge and a person", () => {
  it("a second one is refused, and the first is named", async () => {
    const stage = await given();
    const [first, second] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, first.send);
    const again = await nominate(stage, second.send, { reason: "Another." });
    expect(said(again)).toEqual([409, "nomination-pending", "one_pending_nomination"]);
    expect(again.body.detail).toContain(made.body.id);
    expect(again.headers.get("location")).toBe(`/api/v1/nominations/${made.body.id}`);
    // Another person, or after a decision, is another matter.
    const other = await givenPerson(stage.t.env, stage.organization);
    expect((await nominate(stage, second.send, { user: other.user.id })).status).toBe(201);
    await second.send("POST", `/nominations/${made.body.id}/decline`, { note: "Not yet." });
    expect((await nominate(stage, second.send)).status).toBe(201);
  });

  it("of twenty at once one is made, and the others name it", { timeout: 30_000 }, async () => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    const replies = await Promise.all(Array.from({ length: 20 }, () => nominate(stage, send)));
    const [made] = replies.filter(({ status }) => status === 201);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(19);
    for (const reply of replies.filter(({ status }) => status === 409)) {
      expect(reply.body.code).toBe("nomination-pending");
      expect(reply.body.detail).toContain(made?.body.id);
    }
    const { rows } = await stage.t.env.db.read({
      sql: "select (select count(*) from nominations), (select count(*) from audit_log where action = 'nomination.created')",
      params: [],
    });
    expect(rows).toEqual([[1, 1]]);
  });

  it("with one Idempotency-Key ten requests are one nomination with one answer", async () => {
    const stage = await given();
    const { send } = await stage.as(COORDINATOR);
    const body = { badge: stage.badge.id, user: stage.nominee.user.id, reason: REASON };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        send("POST", "/nominations", body, { "idempotency-key": "one" }),
      ),
    );
    expect(new Set(replies.map(({ status, body: { id } }) => `${status} ${id}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(201);
  });
});

describe("approving", () => {
  it.each([
    [COORDINATOR, "coordinator"],
    [ADMINISTRATOR, "admin"],
  ])("by a %s awards the badge, awarded_by %s, with reason and evidence", async (role, by) => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(role)];
    const made = await nominate(stage, nominator.send, { evidence: EVIDENCE });
    const path = `/nominations/${made.body.id}`;
    const approved = await decider.send("POST", `${path}/approve`, { note: "Well deserved." });
    expect(approved.status).toBe(200);
    expect(approved.body).toMatchObject({
      id: made.body.id,
      state: "approved",
      decided_by: decider.id,
      decision_note: "Well deserved.",
      decided_at: new Date(stage.t.clock.now).toISOString(),
    });
    expect(await awardsOf(stage)).toEqual([[stage.nominee.user.id, by, decider.id, REASON]]);
    const award = await decider.send("GET", `/awards/${approved.body.award}`);
    expect(award.body).toMatchObject({ evidence: EVIDENCE, narrative: REASON, awarded_by: by });
    expect((await nominator.send("GET", path)).body).toEqual(approved.body);
    expect((await stage.t.request(`/ob/v2/assertions/${award.body.hash}`)).status).toBe(200);
  });

  it("again, by whomever and with whatever note, changes nothing", async () => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(ADMINISTRATOR)];
    const made = await nominate(stage, nominator.send);
    const path = `/nominations/${made.body.id}/approve`;
    const approved = await decider.send("POST", path, {});
    const before = await rowCounts(stage.t);
    const again = await (await stage.as(ADMINISTRATOR)).send("POST", path, { note: "Other." });
    expect([again.status, again.body]).toEqual([200, approved.body]);
    expect({ ...(await rowCounts(stage.t)) }).toMatchObject({
      badge_issues: before.badge_issues,
      audit_log: before.audit_log,
    });
  });

  it("notes who vouched, and that the criterion was met by the award", async () => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, nominator.send);
    const approved = await decider.send("POST", `/nominations/${made.body.id}/approve`, {});
    const { rows } = await stage.t.env.db.read({
      sql: `select m.issuer_id, m.issuer_role, c.issued_id from badge_manual_awards m
        join badge_criteria_mets c on c.user_id = m.recipient_id`,
      params: [],
    });
    expect(rows).toEqual([[decider.id, "coordinator", approved.body.award]]);
  });

  it("for the second time, the role's word is the later one's", async () => {
    const stage = await given({ max_awards_per_user: null });
    const nominator = await stage.as(COORDINATOR);
    for (let round = 0; round < 2; round++) {
      const decider = await stage.as(COORDINATOR);
      const made = await nominate(stage, nominator.send);
      await decider.send("POST", `/nominations/${made.body.id}/approve`, {});
      const { rows } = await stage.t.env.db.read({
        sql: "select issuer_id, (select count(*) from badge_issues) from badge_manual_awards",
        params: [],
      });
      expect(rows).toEqual([[decider.id, round + 1]]);
    }
  });

  it("a program decides for the organization as admin, for a coordinator as coordinator", async () => {
    for (const role of [null, COORDINATOR, ADMINISTRATOR]) {
      const stage = await given();
      const key = await stage.key();
      const made = await nominate(stage, key);
      const person = role === null ? null : await stage.as(role);
      const approved = await key("POST", `/nominations/${made.body.id}/approve`, {
        ...(person === null ? {} : { on_behalf_of: person.id }),
      });
      expect([approved.status, approved.body.decided_by]).toEqual([200, person?.id ?? null]);
      const by = role === COORDINATOR ? "coordinator" : "admin";
      expect(await awardsOf(stage)).toEqual([
        [stage.nominee.user.id, by, person?.id ?? null, REASON],
      ]);
      const { rows } = await stage.t.env.db.read({
        sql: "select actor_kind, detail ->> 'on_behalf_of' from audit_log where action = 'nomination.approved'",
        params: [],
      });
      expect(rows).toEqual([["api_key", person?.id ?? null]]);
    }
  });

  it("who made it, or is nominated, does not decide it; an administrator may", async () => {
    const stage = await given({ eligibility_roles: ["member", COORDINATOR] });
    const [nominator, nominee] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, nominator.send, { user: nominee.id });
    const path = `/nominations/${made.body.id}`;
    for (const { send } of [nominator, nominee]) {
      const approved = await send("POST", `${path}/approve`, {});
      const declined = await send("POST", `${path}/decline`, { note: "No." });
      expect([approved.status, approved.body.code]).toEqual([403, "own-badge"]);
      expect([declined.status, declined.body.code]).toEqual([403, "own-badge"]);
    }
    expect(await awardsOf(stage)).toEqual([]);
    const admin = await stage.as(ADMINISTRATOR, COORDINATOR);
    const own = await nominate(stage, admin.send);
    expect((await admin.send("POST", `/nominations/${own.body.id}/approve`, {})).status).toBe(200);
  });

  it("a coordinator may nominate themselves, and somebody else decides", async () => {
    const stage = await given({ eligibility_roles: [COORDINATOR] });
    const [self, other] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, self.send, { user: self.id });
    expect(made.status).toBe(201);
    const path = `/nominations/${made.body.id}/approve`;
    expect((await self.send("POST", path, {})).status).toBe(403);
    expect((await other.send("POST", path, {})).status).toBe(200);
  });

  it("a coordinator does not approve where a coordinator's word does not count", async () => {
    const stage = await given();
    await run(stage.t, "delete from badge_criteria_params where name = 'role_coordinator'");
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, nominator.send);
    const path = `/nominations/${made.body.id}/approve`;
    expect(said(await decider.send("POST", path, {}))).toEqual([
      403,
      "role-required",
      "coordinator_nomination_requires_authorization",
    ]);
    const admin = await stage.as(ADMINISTRATOR);
    expect((await admin.send("POST", path, {})).status).toBe(200);
  });

  it.each<[string, string, string, (stage: Stage) => Promise<unknown>]>([
    [
      "the badge was deactivated",
      "badge-inactive",
      "inactive_badge_not_evaluated",
      ({ t }) => run(t, "update badges set status = 'inactive'"),
    ],
    [
      "the person was suspended",
      "recipient-not-active",
      "award_only_to_active_users",
      ({ t }) => run(t, "update memberships set status = 'suspended' where name = 'Kim Osei'"),
    ],
    [
      "the person lost the role",
      "recipient-not-eligible",
      "eligibility_role_check",
      ({ t }) => run(t, `update memberships set roles = '["guest"]' where name = 'Kim Osei'`),
    ],
    [
      "the person was awarded the badge otherwise",
      "badge-held",
      "max_awards_per_user_enforced",
      ({ t, badge, nominee }) => givenAward(t.env, badge, nominee),
    ],
  ])("since %s: 409 %s, and it stays pending", async (_name, code, rule, happens) => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(ADMINISTRATOR)];
    const made = await nominate(stage, nominator.send);
    await happens(stage);
    const before = await rowCounts(stage.t);
    const path = `/nominations/${made.body.id}`;
    expect(said(await decider.send("POST", `${path}/approve`, {}))).toEqual([409, code, rule]);
    expect(await rowCounts(stage.t)).toEqual(before);
    expect((await nominator.send("GET", path)).body.state).toBe("pending");
  });

  it("of a badge with tiers names the tier: missing and unknown ones are pointed at", async () => {
    const stage = await given({ max_awards_per_user: null });
    await run(
      stage.t,
      `insert into badge_tiers (badge_id, level, name) values ('${stage.badge.id}', 1, 'Bronze'), ('${stage.badge.id}', 2, 'Silver')`,
    );
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(ADMINISTRATOR)];
    const made = await nominate(stage, nominator.send);
    const path = `/nominations/${made.body.id}/approve`;
    for (const body of [{}, { tier: 3 }]) {
      const refused = await decider.send("POST", path, body);
      expect(refused.body.errors[0]).toMatchObject({
        pointer: "/tier",
        code: "tier_level_of_the_badge",
      });
    }
    for (const tier of [0, -1, 1.5, "1"]) {
      const refused = await decider.send("POST", path, { tier });
      expect(refused.body.errors[0]).toMatchObject({ code: "tier_level_positive_integer" });
    }
    const approved = await decider.send("POST", path, { tier: 2 });
    const award = await decider.send("GET", `/awards/${approved.body.award}`);
    expect(award.body.tier_level).toBe(2);
    // tier_level_monotonically_increasing: not the lower one afterwards.
    const second = await nominate(stage, nominator.send);
    const lower = await decider.send("POST", `/nominations/${second.body.id}/approve`, { tier: 1 });
    expect(said(lower)).toEqual([409, "badge-held", "tier_level_monotonically_increasing"]);
  });

  it("fifty at once, by several people, award once", { timeout: 60_000 }, async () => {
    const stage = await given({ max_awards_per_user: null });
    const { send } = await stage.as(COORDINATOR);
    const deciders = [await stage.as(COORDINATOR), await stage.as(ADMINISTRATOR)];
    const made = await nominate(stage, send);
    const path = `/nominations/${made.body.id}/approve`;
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) => deciders[i % 2]?.send("POST", path, { note: `${i}` })),
    );
    expect(replies.map((reply) => reply?.status)).toEqual(Array(50).fill(200));
    expect(new Set(replies.map((reply) => JSON.stringify(reply?.body))).size).toBe(1);
    expect(await awardsOf(stage)).toHaveLength(1);
    const { rows } = await stage.t.env.db.read({
      sql: "select count(*) from audit_log where action in ('nomination.approved', 'award.created')",
      params: [],
    });
    expect(rows).toEqual([[2]]);
  });
});

describe("declining and withdrawing", () => {
  it("declining needs a note, is done once, and awards nothing", async () => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const made = await nominate(stage, nominator.send);
    const path = `/nominations/${made.body.id}/decline`;
    const bare = await decider.send("POST", path, {});
    expect(bare.body.errors[0]).toMatchObject({ code: "note_non_empty_and_bounded" });
    const declined = await decider.send("POST", path, { note: "After the term." });
    expect(declined.body).toMatchObject({
      state: "declined",
      decision_note: "After the term.",
      decided_by: decider.id,
      award: null,
    });
    expect((await decider.send("POST", path, { note: "Again." })).body).toEqual(declined.body);
    expect(await awardsOf(stage)).toEqual([]);
    const admin = await stage.as(ADMINISTRATOR);
    for (const [verb, body] of [
      ["approve", {}],
      ["withdraw", {}],
    ] as const) {
      const refused = await admin.send("POST", `/nominations/${made.body.id}/${verb}`, body);
      expect([verb, refused.status, refused.body.code]).toEqual([verb, 409, "nomination-decided"]);
    }
  });

  it("who made it withdraws it, and so does an administrator; another coordinator does not", async () => {
    const stage = await given();
    const [nominator, other, admin] = [
      await stage.as(COORDINATOR),
      await stage.as(COORDINATOR),
      await stage.as(ADMINISTRATOR),
    ];
    for (const { send } of [nominator, admin]) {
      const made = await nominate(stage, nominator.send);
      const path = `/nominations/${made.body.id}/withdraw`;
      expect((await other.send("POST", path, {})).status).toBe(403);
      const withdrawn = await send("POST", path, {});
      expect([withdrawn.status, withdrawn.body.state]).toEqual([200, "withdrawn"]);
      expect((await send("POST", path, {})).body).toEqual(withdrawn.body);
      const approved = await admin.send("POST", `/nominations/${made.body.id}/approve`, {});
      expect(approved.body.code).toBe("nomination-decided");
    }
  });

  it("decided both ways at once, one of them counts", async () => {
    const stage = await given();
    const [nominator, one, two] = [
      await stage.as(COORDINATOR),
      await stage.as(ADMINISTRATOR),
      await stage.as(ADMINISTRATOR),
    ];
    const made = await nominate(stage, nominator.send);
    const path = `/nominations/${made.body.id}`;
    const [approved, declined, withdrawn] = await Promise.all([
      one.send("POST", `${path}/approve`, {}),
      two.send("POST", `${path}/decline`, { note: "No." }),
      nominator.send("POST", `${path}/withdraw`, {}),
    ]);
    const statuses = [approved, declined, withdrawn].map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409]);
    expect(await awardsOf(stage)).toHaveLength(approved.status === 200 ? 1 : 0);
  });
});

describe("reading", () => {
  it("filters by state, badge, nominee and nominator; newest first, in pages", async () => {
    const stage = await given();
    const [one, two] = [await stage.as(COORDINATOR), await stage.as(COORDINATOR)];
    const other = await givenPerson(stage.t.env, stage.organization);
    const first = await nominate(stage, one.send);
    stage.t.clock.advance(1);
    const second = await nominate(stage, two.send, { user: other.user.id });
    await one.send("POST", `/nominations/${second.body.id}/decline`, { note: "No." });
    const list = async (query: string) =>
      (await one.send("GET", `/nominations${query}`)).body.data.map(({ id }) => id);
    expect(await list("")).toEqual([second.body.id, first.body.id]);
    expect(await list("?state=pending")).toEqual([first.body.id]);
    expect(await list("?state=declined")).toEqual([second.body.id]);
    expect(await list(`?user=${other.user.id}`)).toEqual([second.body.id]);
    expect(await list(`?nominator=${one.id}`)).toEqual([first.body.id]);
    expect(await list(`?badge=${stage.badge.id}&state=approved`)).toEqual([]);
    const page = await one.send("GET", "/nominations?limit=1");
    expect(page.body.next_cursor).not.toBeNull();
    expect(await list(`?limit=1&cursor=${page.body.next_cursor}`)).toEqual([first.body.id]);
  });

  it("a member sees those they are nominated in, without the note, and no others", async () => {
    const stage = await given();
    const [nominator, decider] = [await stage.as(COORDINATOR), await stage.as(ADMINISTRATOR)];
    const other = await givenPerson(stage.t.env, stage.organization);
    const theirs = await nominate(stage, nominator.send);
    const foreign = await nominate(stage, nominator.send, { user: other.user.id });
    await decider.send("POST", `/nominations/${theirs.body.id}/decline`, { note: "Too early." });
    const send = await asPerson(stage.t, stage.nominee.user.id, stage.organization.id);
    const listed = await send("GET", "/nominations");
    expect(listed.body.data.map(({ id, decision_note }) => [id, decision_note])).toEqual([
      [theirs.body.id, null],
    ]);
    expect((await send("GET", `/nominations/${theirs.body.id}`)).body.decision_note).toBeNull();
    expect((await send("GET", `/nominations/${foreign.body.id}`)).status).toBe(403);
    const noted = await nominator.send("GET", `/nominations/${theirs.body.id}`);
    expect(noted.body.decision_note).toBe("Too early.");
  });
});
