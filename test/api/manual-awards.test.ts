// Vouches over the API: each role's word for a member, what the last of them leads to, and what is taken back.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR, type Scope } from "../../src/auth.ts";
import type { Badge, badges } from "../../src/db/badges.ts";
import type { CriterionMethod } from "../../src/db/criteria.ts";
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
  readonly criterion: string;
  readonly recipient: Person;
  readonly path: string;
  as(...roles: string[]): Promise<{ readonly id: string; readonly send: SendAs }>;
  key(scopes?: readonly (Scope | "*")[]): Promise<SendAs>;
}

const ROLES = [COORDINATOR, "trainer", "examiner"];

async function given(
  roles: readonly string[] = ROLES,
  method: CriterionMethod = 1,
  over: Partial<typeof badges.$inferInsert> = {},
): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, { max_awards_per_user: 1, ...over });
  return {
    t,
    organization,
    badge,
    criterion: await givenManualCriterion(t.env, badge, roles, method),
    recipient: await givenPerson(t.env, organization, { name: "Kim Osei" }),
    path: `/badges/${badge.id}/vouches`,
    async as(...held) {
      const { user } = await givenPerson(t.env, organization, { roles: held });
      return { id: user.id, send: await asPerson(t, user.id, organization.slug) };
    },
    async key(scopes = ["*"]) {
      return asProgram(t, await givenApiKey(t.env, organization, scopes));
    },
  };
}

const vouch = ({ path, recipient }: Stage, send: SendAs, over: Record<string, unknown> = {}) =>
  send("POST", path, { user: recipient.user.id, ...over });

const said = ({ status, body }: Reply) => [status, body.code, body.errors?.[0]?.code];

async function rows({ t }: Stage, sql: string) {
  return (await t.env.db.read({ sql, params: [] })).rows;
}

const stored = (stage: Stage) =>
  rows(
    stage,
    `select (select count(*) from badge_manual_awards), (select count(*) from badge_criteria_mets),
      (select count(*) from badge_issues), (select count(*) from evaluations_due)`,
  ).then(([row]) => row);

describe("every role vouches (method all)", () => {
  it("the last word awards the badge, in whichever order they come", async () => {
    for (const order of [ROLES, [...ROLES].reverse()]) {
      const stage = await given();
      for (const [i, role] of order.entries()) {
        const { id, send } = await stage.as(role);
        const made = await vouch(stage, send);
        const isLast = i === order.length - 1;
        expect(made.status).toBe(201);
        expect(made.body).toMatchObject({
          badge: stage.badge.id,
          user: stage.recipient.user.id,
          role,
          by: id,
          at: new Date(stage.t.clock.now).toISOString(),
          award: isLast ? { awarded_by: "coordinator", user: stage.recipient.user.id } : null,
        });
        expect(made.headers.get("location")).toBe(`/api/v1${stage.path}/${made.body.id}`);
        expect(await stored(stage)).toEqual([i + 1, isLast ? 1 : 0, isLast ? 1 : 0, 0]);
      }
      expect(
        await rows(
          stage,
          "select m.crit_id, m.issued_id = a.id from badge_criteria_mets m, badge_issues a",
        ),
      ).toEqual([[stage.criterion, 1]]);
    }
  });

  it("a role vouches once: again, by another who has it, is answered 200 and changes nothing", async () => {
    const stage = await given();
    const [one, two] = [await stage.as("trainer"), await stage.as("trainer")];
    const first = await vouch(stage, one.send);
    const before = await rowCounts(stage.t);
    const again = await vouch(stage, two.send);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await rowCounts(stage.t)).toEqual(before);
  });

  it("an administrator, and a program, vouch as any role: the one named, else one that is missing", async () => {
    const stage = await given();
    const admin = await stage.as(ADMINISTRATOR);
    const key = await stage.key();
    expect((await vouch(stage, admin.send, { role: "trainer" })).body.role).toBe("trainer");
    expect((await vouch(stage, key)).body).toMatchObject({ role: COORDINATOR, by: null });
    const last = await vouch(stage, admin.send);
    expect(last.body).toMatchObject({ role: "examiner", award: { awarded_by: "admin" } });
  });

  it("a program that acts for a member has that member's roles", async () => {
    const stage = await given();
    const key = await stage.key();
    const trainer = await stage.as("trainer");
    const wrong = await vouch(stage, key, { on_behalf_of: trainer.id, role: COORDINATOR });
    expect(said(wrong)).toEqual([403, "role-required", "role_accepted"]);
    const made = await vouch(stage, key, { on_behalf_of: trainer.id });
    expect(made.body).toMatchObject({ role: "trainer", by: trainer.id });
  });

  it("who has two of the roles vouches as each", async () => {
    const stage = await given([COORDINATOR, "trainer"]);
    const both = await stage.as("trainer", COORDINATOR);
    expect((await vouch(stage, both.send)).body).toMatchObject({ role: COORDINATOR, award: null });
    const second = await vouch(stage, both.send);
    expect([second.body.role, second.body.award]).toEqual(["trainer", expect.anything()]);
  });

  it("three roles at once: three words, one award", { timeout: 30_000 }, async () => {
    for (let round = 0; round < 5; round++) {
      const stage = await given();
      const people = await Promise.all(ROLES.map((role) => stage.as(role)));
      const replies = await Promise.all(people.map(({ send }) => vouch(stage, send)));
      expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect(replies.filter(({ body }) => body.award !== null)).toHaveLength(1);
      expect(await stored(stage)).toEqual([3, 1, 1, 0]);
    }
  });

  it("fifty of one role at once are one word", { timeout: 60_000 }, async () => {
    const stage = await given(["trainer"], 1, { max_awards_per_user: null });
    const { send } = await stage.as("trainer");
    const replies = await Promise.all(Array.from({ length: 50 }, () => vouch(stage, send)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(await stored(stage)).toEqual([1, 1, 1, 0]);
  });
});

describe("one of the roles vouches (method any)", () => {
  it("the first word awards the badge", async () => {
    const stage = await given(ROLES, 2);
    const { send } = await stage.as("examiner");
    expect((await vouch(stage, send)).body.award).not.toBeNull();
    const late = await vouch(stage, (await stage.as("trainer")).send);
    expect(said(late)).toEqual([409, "badge-held", "max_awards_per_user_enforced"]);
  });

  it("with tiers the word names the one it awards", async () => {
    const stage = await given(["trainer"], 2, { max_awards_per_user: null });
    const tiers = `insert into badge_tiers (badge_id, level, name) values ('${stage.badge.id}', 1, 'Bronze')`;
    await stage.t.env.db.batch([{ sql: tiers, params: [] }]);
    const { send } = await stage.as("trainer");
    expect(said(await vouch(stage, send))).toEqual([
      422,
      "invalid-request",
      "tier_level_of_the_badge",
    ]);
    expect(await stored(stage)).toEqual([0, 0, 0, 0]);
    const made = await vouch(stage, send, { tier_level: 1 });
    expect(made.body.award).toMatchObject({ tier_level: 1 });
  });
});

describe("where the award has run out and may be renewed", () => {
  it("what was said for it is not said for the next: each role vouches anew", async () => {
    const stage = await given(["examiner", "trainer"], 1, {
      is_renewable: true,
      expire_period: 3_600,
    });
    const [examiner, trainer] = [await stage.as("examiner"), await stage.as("trainer")];
    await vouch(stage, examiner.send);
    const first = await vouch(stage, trainer.send);
    expect(first.body.award).not.toBeNull();
    stage.t.clock.advance(3_600_001);
    const again = await vouch(stage, examiner.send);
    expect([again.status, again.body.award]).toEqual([201, null]);
    const last = await vouch(stage, trainer.send);
    expect([last.status, last.body.award]).toEqual([201, expect.anything()]);
    expect(await stored(stage)).toEqual([2, 1, 2, 0]);
  });
});

describe("beside other criteria", () => {
  it("all: the criterion is met for good, the rules are asked to look, and nothing is awarded yet", async () => {
    const stage = await given(["trainer"], 1);
    await givenMetricCriterion(stage.t.env, stage.badge, 3);
    const { send } = await stage.as("trainer");
    const made = await vouch(stage, send);
    expect([made.status, made.body.award]).toEqual([201, null]);
    expect(await stored(stage)).toEqual([1, 1, 0, 1]);
    expect(
      await rows(stage, "select kind, dedupe_key from jobs where kind like 'award.%'"),
    ).toEqual([["award.evaluate", stage.organization.id]]);
  });

  it("all: where the others were met before, the word awards the badge", async () => {
    const stage = await given(["trainer"], 1);
    const metric = await givenMetricCriterion(stage.t.env, stage.badge, 3);
    const met = `insert into badge_criteria_mets (crit_id, user_id, organization_id, date_met)
      values ('${metric}', '${stage.recipient.user.id}', '${stage.organization.id}', 1)`;
    await stage.t.env.db.batch([{ sql: met, params: [] }]);
    const made = await vouch(stage, (await stage.as("trainer")).send);
    const award = made.body.award as { id: string } | null;
    expect(await rows(stage, "select distinct issued_id from badge_criteria_mets")).toEqual([
      [award?.id],
    ]);
  });

  it("any: the word suffices", async () => {
    const stage = await given(["trainer"], 1);
    await givenMetricCriterion(stage.t.env, stage.badge, 3, 2);
    const made = await vouch(stage, (await stage.as("trainer")).send);
    expect(made.body.award).not.toBeNull();
  });
});

describe("what is refused", () => {
  it.each([["member"], ["examiner_assistant"], ["Trainer"]])(
    "a %s, whose word is not asked for: 403",
    async (role) => {
      const stage = await given();
      const { send } = await stage.as(role);
      const before = await rowCounts(stage.t);
      expect(said(await vouch(stage, send))).toEqual([403, "role-required", undefined]);
      expect(await rowCounts(stage.t)).toEqual(before);
    },
  );

  it("a role that is asked for but not theirs: 403; one that is not asked for: 422", async () => {
    const stage = await given();
    const { send } = await stage.as("trainer");
    expect(said(await vouch(stage, send, { role: "examiner" }))).toEqual([
      403,
      "role-required",
      "role_accepted",
    ]);
    expect(said(await vouch(stage, send, { role: "mentor" }))).toEqual([
      422,
      "invalid-request",
      "role_accepted",
    ]);
  });

  it("a word for themselves: 403; an administrator may", async () => {
    const stage = await given(["trainer"], 1, {
      eligibility_roles: ["trainer", ADMINISTRATOR],
    });
    const trainer = await stage.as("trainer");
    expect(said(await vouch(stage, trainer.send, { user: trainer.id }))).toEqual([
      403,
      "own-badge",
      undefined,
    ]);
    const admin = await stage.as(ADMINISTRATOR);
    expect((await vouch(stage, admin.send, { user: admin.id })).status).toBe(201);
  });

  type Prepare = (stage: Stage) => Promise<unknown>;
  it.each<[string, number, string, string, Prepare]>([
    [
      "an inactive badge",
      409,
      "badge-inactive",
      "inactive_badge_not_evaluated",
      ({ t }) => t.env.db.batch([{ sql: "update badges set status = 'inactive'", params: [] }]),
    ],
    [
      "a suspended recipient",
      409,
      "recipient-not-active",
      "award_only_to_active_users",
      ({ t }) =>
        t.env.db.batch([
          {
            sql: "update memberships set status = 'suspended' where name = 'Kim Osei'",
            params: [],
          },
        ]),
    ],
    [
      "a recipient without an eligible role",
      409,
      "recipient-not-eligible",
      "eligibility_role_check",
      ({ t }) =>
        t.env.db.batch([{ sql: `update badges set eligibility_roles = '["guest"]'`, params: [] }]),
    ],
    [
      "a recipient who holds the badge",
      409,
      "badge-held",
      "max_awards_per_user_enforced",
      ({ t, badge, recipient }) => givenAward(t.env, badge, recipient),
    ],
    [
      "a badge that asks for nobody's word",
      409,
      "badge-not-nominatable",
      "",
      ({ t }) =>
        t.env.db.batch([
          { sql: "delete from badge_criteria_params", params: [] },
          { sql: "delete from badge_criterias", params: [] },
        ]),
    ],
  ])("%s: %i %s", async (_name, status, code, rule, prepare) => {
    const stage = await given();
    await prepare(stage);
    const { send } = await stage.as("trainer");
    const before = await rowCounts(stage.t);
    const refused = await vouch(stage, send);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    if (rule !== "") expect(refused.body.errors[0]).toMatchObject({ code: rule });
    expect(await rowCounts(stage.t)).toEqual(before);
  });

  it("a tier that the badge does not have, also where the word is not the last", async () => {
    const stage = await given();
    const { send } = await stage.as("trainer");
    expect(said(await vouch(stage, send, { tier_level: 1 }))).toEqual([
      422,
      "invalid-request",
      "tier_level_without_tiers",
    ]);
    expect(await stored(stage)).toEqual([0, 0, 0, 0]);
  });

  it("another organization's badge and people are as unknown as none", async () => {
    const stage = await given();
    const elsewhere = await givenOrganization(stage.t.env);
    const foreign = await givenBadge(stage.t.env, elsewhere);
    const stranger = await givenPerson(stage.t.env, elsewhere);
    const { send } = await stage.as("trainer");
    for (const id of [foreign.id, "none"]) {
      const refused = await send("POST", `/badges/${id}/vouches`, { user: "x" });
      expect([refused.status, refused.body.code]).toEqual([404, "not-found"]);
      expect((await send("GET", `/badges/${id}/vouches`)).status).toBe(404);
    }
    for (const user of [stranger.user.id, "none"]) {
      expect(said(await vouch(stage, send, { user }))).toEqual([
        422,
        "invalid-request",
        "user_id_must_exist",
      ]);
    }
  });
});

describe("taking a word back", () => {
  const remove = ({ path }: Stage, send: SendAs, id: string) => send("DELETE", `${path}/${id}`);

  it("who gave it does, and an administrator; nobody else", async () => {
    const stage = await given();
    const [trainer, other, admin] = [
      await stage.as("trainer"),
      await stage.as("trainer", COORDINATOR),
      await stage.as(ADMINISTRATOR),
    ];
    for (const { send } of [trainer, admin]) {
      const made = await vouch(stage, trainer.send);
      expect((await remove(stage, other.send, made.body.id)).status).toBe(403);
      expect((await remove(stage, send, made.body.id)).status).toBe(204);
      expect((await remove(stage, send, made.body.id)).status).toBe(404);
    }
    expect(await stored(stage)).toEqual([0, 0, 0, 0]);
    const log = await rows(
      stage,
      "select action from audit_log where object_kind = 'manual_award'",
    );
    expect(log.flat()).toEqual([
      "vouch.created",
      "vouch.withdrawn",
      "vouch.created",
      "vouch.withdrawn",
    ]);
  });

  it("a criterion that was met by it is open again; by what is left it stays met", async () => {
    const stage = await given(["trainer", "examiner"], 2);
    await givenMetricCriterion(stage.t.env, stage.badge, 3);
    const [trainer, examiner] = [await stage.as("trainer"), await stage.as("examiner")];
    const [one, two] = [await vouch(stage, trainer.send), await vouch(stage, examiner.send)];
    expect(await stored(stage)).toEqual([2, 1, 0, 1]);
    await remove(stage, trainer.send, one.body.id);
    expect(await stored(stage)).toEqual([1, 1, 0, 1]);
    await remove(stage, examiner.send, two.body.id);
    expect(await stored(stage)).toEqual([0, 0, 0, 1]);
  });

  it("of two that are both asked for, taking one back opens the criterion", async () => {
    const stage = await given(["trainer", "examiner"], 1);
    await givenMetricCriterion(stage.t.env, stage.badge, 3);
    const [trainer, examiner] = [await stage.as("trainer"), await stage.as("examiner")];
    const one = await vouch(stage, trainer.send);
    await vouch(stage, examiner.send);
    expect(await stored(stage)).toEqual([2, 1, 0, 1]);
    await remove(stage, trainer.send, one.body.id);
    expect(await stored(stage)).toEqual([1, 0, 0, 1]);
  });

  it("after the award it stays: 409; once that is revoked, the words go with it", async () => {
    const stage = await given(["trainer"], 1);
    const { send } = await stage.as("trainer");
    const made = await vouch(stage, send);
    const refused = await remove(stage, send, made.body.id);
    expect([refused.status, refused.body.code]).toEqual([409, "vouch-counted"]);
    const award = made.body.award as { id: string };
    const admin = await stage.as(ADMINISTRATOR);
    const revoked = await admin.send("POST", `/awards/${award.id}/revoke`, { reason: "Wrong." });
    expect(revoked.status).toBe(200);
    expect((await stored(stage))?.[0]).toBe(0);
    expect((await vouch(stage, send)).body.award).not.toBeNull();
  });

  it("taken back as the last word is given: either it counts, or it is gone", async () => {
    for (let round = 0; round < 5; round++) {
      const stage = await given(["trainer", "examiner"], 1);
      const [trainer, examiner] = [await stage.as("trainer"), await stage.as("examiner")];
      const first = await vouch(stage, trainer.send);
      const [gone, last] = await Promise.all([
        remove(stage, trainer.send, first.body.id),
        vouch(stage, examiner.send),
      ]);
      expect(last.status).toBe(201);
      if (gone.status === 204) {
        expect(last.body.award).toBeNull();
        expect(await stored(stage)).toEqual([1, 0, 0, 0]);
      } else {
        expect([gone.status, gone.body.code]).toEqual([409, "vouch-counted"]);
        expect(await stored(stage)).toEqual([2, 1, 1, 0]);
      }
    }
  });
});

describe("listing", () => {
  it("newest first, by recipient and role; a member sees only what they gave", async () => {
    const stage = await given();
    const [trainer, examiner, coordinator] = [
      await stage.as("trainer"),
      await stage.as("examiner"),
      await stage.as(COORDINATOR),
    ];
    const other = await givenPerson(stage.t.env, stage.organization);
    const first = await vouch(stage, trainer.send);
    stage.t.clock.advance(1);
    const second = await vouch(stage, examiner.send, { user: other.user.id });
    const list = async ({ send }: { send: SendAs }, query = "") =>
      (await send("GET", `${stage.path}${query}`)).body.data.map(({ id }) => id);
    expect(await list(coordinator)).toEqual([second.body.id, first.body.id]);
    expect(await list(coordinator, `?user=${other.user.id}`)).toEqual([second.body.id]);
    expect(await list(coordinator, "?role=trainer")).toEqual([first.body.id]);
    expect(await list(trainer)).toEqual([first.body.id]);
    expect(await list(examiner, "?role=trainer")).toEqual([]);
    const one = await coordinator.send("GET", `${stage.path}/${first.body.id}`);
    expect(one.body).toMatchObject({ id: first.body.id, role: "trainer" });
  });
});
