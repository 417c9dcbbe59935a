// The third document, badges people hold: every field, index, validation and rule, by its name.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { users } from "../../src/db/organizations.ts";
import { BADGE } from "../api/client.ts";
import { asPerson } from "../api/person.ts";
import { asProgram } from "../api/program.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization } from "../given.ts";
import { DEFERRED, mailWorld, notified } from "../mail/mailing.ts";
import { columnsOf, indexNamed, refusal, type SeedWorld, seedWorld } from "./seed-world.ts";

const TIERS = [
  { level: 1, name: "Bronze", threshold: 1 },
  { level: 2, name: "Silver", threshold: 2 },
  { level: 3, name: "Gold", threshold: 3 },
];

async function awarded(over: object = {}, more: object = {}) {
  const world = await seedWorld();
  const badge = await world.badge(over);
  const person = await world.person();
  const answer = await world.award(badge.id, person.user.id, more);
  expect(answer.status).toBe(201);
  return { ...world, definition: badge, recipient: person, held: answer.body };
}

const inserted = (world: SeedWorld, change: string) =>
  world.t.env.db.batch([{ sql: `update badge_issues set ${change}`, params: [] }]).then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe("fields", () => {
  it("every one of them is a column, and shown", async () => {
    const world = await awarded(
      { tiers: TIERS },
      {
        tier_level: 1,
        progress_snapshot: { assignment_count: 15, activity_hours: 47.5 },
      },
    );
    expect(world.held).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user: world.recipient.user.id,
      badge: world.definition.id,
      awarded_at: new Date(world.t.clock.now).toISOString(),
      is_visible: true,
      awarded_by: "admin",
      notification_sent: false,
      progress_snapshot: { assignment_count: 15, activity_hours: 47.5 },
      tier_level: 1,
      created_at: new Date(world.t.clock.now).toISOString(),
    });
    expect(await columnsOf(world, "badge_issues")).toEqual(
      expect.arrayContaining([
        ...["id", "user_id", "badge_id", "awarded_at", "organization_id", "is_visible"],
        ...["awarded_by", "notification_sent", "progress_snapshot", "tier_level", "created_at"],
      ]),
    );
    const [row] = await world.rows("select organization_id from badge_issues");
    expect(row).toEqual([world.organization.id]);
  });

  it("awarded_at never changes, whoever tries", async () => {
    const world = await awarded();
    expect(await inserted(world, "awarded_at = awarded_at + 1")).not.toBeNull();
    const [row] = await world.rows("select awarded_at from badge_issues");
    expect(row).toEqual([world.t.clock.now]);
  });

  it("created_at is the database's own where a row brings none", async () => {
    const world = await seedWorld();
    const [row] = await world.rows(
      "select dflt_value from pragma_table_xinfo('badge_issues') where name = 'created_at'",
    );
    expect(String(row?.[0])).toContain("unixepoch");
  });

  it.each([
    ["system", "rule"],
    ["coordinator", "coordinator"],
    ["admin", "organization_administrator"],
  ])("awarded_by: %s", async (awardedBy, by) => {
    const world = await seedWorld();
    const auto = {
      trigger_type: "auto",
      trigger_condition: { metric: "activity_count", threshold: 1, window: null },
    };
    const badge = await world.badge(by === "rule" ? auto : {});
    const { user } = await world.person();
    if (by === "rule") {
      await world.happened(user.id, 1);
      await world.work();
    } else {
      const asker = await world.as(by);
      await asker("POST", "/awards", { badge: badge.id, user: user.id });
    }
    expect(await world.rows("select awarded_by from badge_issues")).toEqual([[awardedBy]]);
  });
});

describe("indexes", () => {
  it.each([
    ["idx_user_badges_user_id", ["user_id"]],
    ["idx_user_badges_badge_id", ["badge_id"]],
    ["idx_user_badges_user_badge_org", ["user_id", "badge_id", "organization_id"]],
    ["idx_user_badges_org_id", ["organization_id"]],
    ["idx_user_badges_awarded_at", ["awarded_at"]],
    ["idx_user_badges_notification_sent", ["notification_sent"]],
  ])("%s", async (name, columns) => {
    const found = await indexNamed(await seedWorld(), name);
    expect(found).toEqual({ table: "badge_issues", columns, unique: false, where: null });
  });
});

describe("validations", () => {
  const NOBODY = "0193c0de-0000-7000-8000-000000000000";

  it("user_id_must_exist", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    expect(refusal(await world.award(badge.id, NOBODY))).toEqual([422, "user_id_must_exist"]);
    const { user } = await world.person();
    await world.award(badge.id, user.id);
    expect(await inserted(world, `user_id = '${NOBODY}'`)).toBe("foreign_key");
  });

  it("badge_id_must_exist", async () => {
    const world = await seedWorld();
    const { user } = await world.person();
    const answer = await world.award(NOBODY, user.id);
    expect(answer.status).toBe(404);
    expect(answer.body.errors[0]?.pointer).toBe("/badge");
  });

  it("organization_id_must_exist", async () => {
    const world = await awarded();
    const site = await asProgram(world.t, await givenApiKey(world.t.env, null));
    const answer = await site(
      "POST",
      "/awards",
      { badge: world.definition.id, user: world.recipient.user.id },
      { "rosette-organization": NOBODY },
    );
    expect(answer.status).toBe(404);
    expect(await inserted(world, `organization_id = '${NOBODY}'`)).not.toBeNull();
  });

  it.each(["2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z"])(
    "awarded_at_not_future: a time that the caller gives is refused, %s",
    async (awarded_at) => {
      const world = await seedWorld();
      const badge = await world.badge();
      const { user } = await world.person();
      const answer = await world.award(badge.id, user.id, { awarded_at });
      expect(refusal(answer)).toEqual([422, "awarded_at_not_future"]);
    },
  );

  it.each([0, -1, 1.5, "1"])("tier_level_positive_integer: %j", async (tier_level) => {
    const world = await seedWorld();
    const badge = await world.badge({ tiers: TIERS });
    const { user } = await world.person();
    const answer = await world.award(badge.id, user.id, { tier_level });
    expect(refusal(answer)).toEqual([422, "tier_level_positive_integer"]);
    await world.award(badge.id, user.id, { tier_level: 1 });
    expect(await inserted(world, "tier_level = 0")).toBe("check");
  });

  it.each([["a text"], [7], [[1]], [null]])("progress_snapshot_valid_json: %j", async (given) => {
    const world = await seedWorld();
    const badge = await world.badge();
    const { user } = await world.person();
    const answer = await world.award(badge.id, user.id, { progress_snapshot: given });
    expect(refusal(answer)).toEqual([422, "progress_snapshot_valid_json"]);
    await world.award(badge.id, user.id);
    expect(await inserted(world, "progress_snapshot = '{'")).toBe("check");
  });

  it("awarded_by_valid_enum", async () => {
    const world = await awarded();
    expect(await inserted(world, "awarded_by = 'robot'")).toBe("check");
    const other = await world.award(world.definition.id, world.recipient.user.id, {
      awarded_by: "robot",
    });
    expect(refusal(other)).toEqual([422, "awarded_by_valid_enum"]);
  });
});

describe("business rules", () => {
  it.each([2, 50])("unique_badge_per_user_per_org: %i at once leave one row", async (count) => {
    const world = await seedWorld();
    const badge = await world.badge();
    const { user } = await world.person();
    const answers = await Promise.all(
      Array.from({ length: count }, () => world.award(badge.id, user.id)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(count - 1);
    expect(await world.rows("select award_slot from badge_issues")).toEqual([["once"]]);
    expect(await indexNamed(world, "idx_user_badges_award_slot")).toEqual({
      table: "badge_issues",
      columns: ["user_id", "badge_id", "organization_id", "award_slot"],
      unique: true,
      where: "revoked_at is null",
    });
  });

  it("org_scope_matches_badge_definition", async () => {
    const world = await seedWorld();
    const { env } = world.t;
    const foreign = await givenBadge(env, await givenOrganization(env));
    const person = await world.person();
    expect(refusal(await world.award(foreign.id, person.user.id))).toEqual([
      404,
      "org_scope_matches_badge_definition",
    ]);
    const beneath = givenAward(env, foreign, person, { organization_id: world.organization.id });
    await expect(beneath).rejects.toMatchObject({ name: "DatabaseError" });
  });

  it("notify_on_award", async () => {
    const world = await mailWorld();
    world.server.answer = () => DEFERRED;
    const award = await world.award();
    await world.send();
    expect(await notified(world.env, award)).toBe(false);
    expect(await world.row(award)).toMatchObject({ state: "waiting", attempts: 1 });
    world.server.answer = () => ({ ok: true });
    for (let i = 0; i < 3; i++) await world.pass(3_600_000);
    expect(await notified(world.env, award)).toBe(true);
    expect(world.server.taken).toHaveLength(1);
  });

  it.each(["suspended", "deactivated"] as const)(
    "award_only_to_active_users: %s",
    async (status) => {
      const world = await seedWorld();
      const badge = await world.badge();
      const { user } = await world.person();
      const { orm } = world.t.env.db;
      await world.t.env.db.batch([orm.update(users).set({ status }).where(eq(users.id, user.id))]);
      expect(refusal(await world.award(badge.id, user.id))).toEqual([
        409,
        "award_only_to_active_users",
      ]);
      expect(await world.rows("select id from badge_issues")).toEqual([]);
    },
  );

  it("tier_level_monotonically_increasing", async () => {
    const world = await seedWorld();
    const badge = await world.badge({ tiers: TIERS });
    const { user } = await world.person();
    const at = (tier_level: number) => world.award(badge.id, user.id, { tier_level });
    expect((await at(2)).status).toBe(201);
    for (const tier of [1, 2]) {
      const answer = await at(tier);
      expect([answer.status, answer.body.awarded, answer.body.reason]).toEqual([
        200,
        false,
        "tier_level_monotonically_increasing",
      ]);
    }
    expect((await at(3)).status).toBe(201);
    const rows = await world.rows("select award_slot, tier_level from badge_issues order by 2");
    expect(rows).toEqual([
      ["t2", 2],
      ["t3", 3],
    ]);
  });

  it("tiers and the cap: one that would block a tier is refused when it is defined", async () => {
    const { send } = await seedWorld();
    const answer = await send("POST", "/badges", {
      ...BADGE,
      tiers: TIERS,
      max_awards_per_user: 2,
    });
    expect(refusal(answer)).toEqual([422, "max_awards_cover_tiers"]);
    const enough = await send("POST", "/badges", {
      ...BADGE,
      tiers: TIERS,
      max_awards_per_user: 3,
    });
    expect(enough.status).toBe(201);
  });

  it("visibility_toggle_restricted_to_owner", async () => {
    const world = await awarded();
    const path = `/awards/${world.held.id}`;
    const owner = await asPerson(world.t, world.recipient.user.id, world.organization.slug);
    const [admin, coordinator, member] = [
      await world.as("organization_administrator"),
      await world.as("coordinator"),
      await world.as("member"),
    ];
    const toggle = { visible: false };
    expect((await coordinator("PUT", `${path}/visibility`, toggle)).status).toBe(403);
    expect((await member("PUT", `${path}/visibility`, toggle)).status).toBe(403);
    expect((await coordinator("GET", path)).status).toBe(200);
    expect((await world.send("GET", path)).body.is_visible).toBe(true);
    expect((await owner("PUT", `${path}/visibility`, toggle)).body.is_visible).toBe(false);
    expect((await admin("PUT", `${path}/visibility`, { visible: true })).body.is_visible).toBe(
      true,
    );
  });

  it("revoked rows leave the slot and the count, expired ones stay unless the badge is renewable", async () => {
    const world = await seedWorld();
    const { user } = await world.person();
    const lasting = await world.badge({ expire_period: 60 });
    const renewable = await world.badge({ expire_period: 60, is_renewable: true });
    const first = await world.award(lasting.id, user.id);
    const old = await world.award(renewable.id, user.id);
    world.t.clock.advance(60_000);
    expect((await world.award(lasting.id, user.id)).body.awarded).toBe(false);
    const anew = await world.award(renewable.id, user.id);
    expect(anew.status).toBe(201);
    const former = await world.send("GET", `/awards/${old.body.id}`);
    expect(former.body).toMatchObject({ status: "expired", superseded_by: anew.body.id });
    await world.send("POST", `/awards/${first.body.id}/revoke`, { reason: "By mistake." });
    expect((await world.award(lasting.id, user.id)).status).toBe(201);
  });
});
