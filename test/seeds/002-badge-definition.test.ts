// The second document, badges an organization defines: every field, index, validation and rule, by its name.
import { describe, expect, it } from "vitest";
import { BADGE } from "../api/client.ts";
import { asProgram } from "../api/program.ts";
import { givenApiKey, givenOrganization, givenSvgImage } from "../given.ts";
import { columnsOf, indexNamed, refusal, type SeedWorld, seedWorld } from "./seed-world.ts";

const AUTO = {
  trigger_type: "auto",
  trigger_condition: { metric: "activity_count", threshold: 2, window: null },
};

const define = (world: SeedWorld, over: object) =>
  world.send("POST", "/badges", { ...BADGE, ...over });

describe("fields", () => {
  it("every one of them is a column, is taken and is shown", async () => {
    const world = await seedWorld();
    const image = await givenSvgImage(world.t.env, world.organization);
    const given = {
      ...BADGE,
      ...AUTO,
      asset_url: world.t.env.urls.image(image.sha256, image.media_type),
      category: "activity_milestone",
      is_active: true,
      is_visible_when_locked: false,
      sort_order: 7,
      eligibility_roles: ["peer_mentor"],
      max_awards_per_user: null,
    };
    const made = await world.send("POST", "/badges", given);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...given,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: new Date(world.t.clock.now).toISOString(),
    });
    expect(await columnsOf(world, "badges")).toEqual(
      expect.arrayContaining([
        ...["id", "organization_id", "name", "description", "trigger_type"],
        ...["trigger_condition_json", "asset_url", "category", "is_active"],
        ...["is_visible_when_locked", "sort_order", "eligibility_roles", "max_awards_per_user"],
        ...["created_at", "updated_at"],
      ]),
    );
  });

  it("id is the server's, organization_id never changes", async () => {
    const world = await seedWorld();
    expect(refusal(await define(world, { id: "mine" }))).toEqual([422, "unknown_field"]);
    const badge = await world.badge();
    const other = await givenOrganization(world.t.env);
    const moved = world.t.env.db.batch([
      { sql: "update badges set organization_id = ? where id = ?", params: [other.id, badge.id] },
    ]);
    await expect(moved).rejects.toMatchObject({ name: "DatabaseError" });
    expect(await world.rows("select organization_id from badges")).toEqual([
      [world.organization.id],
    ]);
  });

  it("updated_at moves with every edit, created_at never", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    world.t.clock.advance(5_000);
    const { body } = await world.send("PATCH", `/badges/${badge.id}`, { sort_order: 3 });
    expect(body.created_at).toBe(badge.created_at);
    expect(body.updated_at).toBe(new Date(world.t.clock.now).toISOString());
  });

  it.each(["activity_count", "streak_days", "certification_active"])(
    "trigger_condition_json: the metric %s is known",
    async (metric) => {
      const world = await seedWorld();
      const condition = { metric, threshold: 1, window: null };
      const made = await define(world, { trigger_type: "auto", trigger_condition: condition });
      expect([made.status, made.body.trigger_condition]).toEqual([201, condition]);
    },
  );

  it("sort_order: ascending within a category on the shelf; is_visible_when_locked: false hides", async () => {
    const world = await seedWorld();
    for (const [name, over] of [
      ["second", { sort_order: 2 }],
      ["first", { sort_order: 1 }],
      ["other category", { sort_order: 0, category: "certification" }],
      ["hidden", { sort_order: 0, is_visible_when_locked: false }],
    ] as const) {
      await world.badge({ name, ...over });
    }
    const { user } = await world.person();
    const { body } = await world.send("GET", `/users/${user.id}/shelf`);
    const names = body.data.map(({ badge }) => (badge as { name: string }).name);
    expect(names).toEqual(["first", "second", "other category"]);
  });
});

describe("indexes", () => {
  it.each([
    ["idx_badge_organization_id", ["organization_id"]],
    ["idx_badge_category", ["category"]],
    ["idx_badge_organization_category", ["organization_id", "category"]],
    ["idx_badge_trigger_type", ["trigger_type"]],
    ["idx_badge_organization_active", ["organization_id", "is_active"]],
  ])("%s", async (name, columns) => {
    const found = await indexNamed(await seedWorld(), name);
    expect(found).toEqual({ table: "badges", columns, unique: false, where: null });
  });
});

describe("validations", () => {
  it.each([
    ["name_non_empty_and_bounded", { name: "" }],
    ["name_non_empty_and_bounded", { name: " \t " }],
    ["name_non_empty_and_bounded", { name: "n".repeat(256) }],
    ["name_non_empty_and_bounded", { name: undefined }],
    ["description_non_empty_and_bounded", { description: "" }],
    ["description_non_empty_and_bounded", { description: "  " }],
    ["description_non_empty_and_bounded", { description: "d".repeat(5_001) }],
    ["description_non_empty_and_bounded", { description: undefined }],
    ["trigger_condition_json_schema_valid", { ...AUTO, trigger_condition: { metric: "steps" } }],
    [
      "trigger_condition_json_schema_valid",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: 0, window: null } },
    ],
    [
      "trigger_condition_json_schema_valid",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: -1, window: null } },
    ],
    [
      "trigger_condition_json_schema_valid",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: 1.5, window: null } },
    ],
    [
      "trigger_condition_json_schema_valid",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: 1, window: "soon" } },
    ],
    [
      "trigger_condition_json_schema_valid",
      { ...AUTO, trigger_condition: { metric: "unheard_of", threshold: 1, window: null } },
    ],
    ["trigger_condition_json_schema_valid", { ...AUTO, trigger_condition: "activity_count > 1" }],
    ["asset_url_format_valid", { asset_url: "badge.svg" }],
    ["asset_url_format_valid", { asset_url: "javascript:alert(1)" }],
    ["eligibility_roles_non_empty_array", { eligibility_roles: [] }],
    ["eligibility_roles_non_empty_array", { eligibility_roles: "member" }],
    ["eligibility_roles_non_empty_array", { eligibility_roles: [""] }],
    ["sort_order_non_negative", { sort_order: -1 }],
    ["sort_order_non_negative", { sort_order: 0.5 }],
    ["max_awards_positive_integer", { max_awards_per_user: 0 }],
    ["max_awards_positive_integer", { max_awards_per_user: -1 }],
    ["max_awards_positive_integer", { max_awards_per_user: 1.5 }],
  ])("%s: %j", async (code, over) => {
    const world = await seedWorld();
    const answer = await define(world, over);
    expect(answer.status).toBe(422);
    expect(new Set(answer.body.errors.map((error) => error.code))).toEqual(new Set([code]));
    expect(await world.rows("select id from badges")).toEqual([]);
  });

  it("organization_id_exists", async () => {
    const world = await seedWorld();
    const site = await asProgram(world.t, await givenApiKey(world.t.env, null));
    const answer = await site("POST", "/badges", BADGE, {
      "rosette-organization": "0193c0de-0000-7000-8000-000000000000",
    });
    expect(answer.status).toBe(404);
    const orphan = world.t.env.db.batch([
      {
        sql: `insert into badges (id, organization_id, name, description, eligibility_roles, criteria_narrative, tags, updated_at)
          values ('b', 'nowhere', 'n', 'd', '[]', 'c', '[]', 1)`,
        params: [],
      },
    ]);
    await expect(orphan).rejects.toMatchObject({ code: "foreign_key" });
  });
});

describe("business rules", () => {
  it("organization_scoped_badge_catalog", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    const other = await givenOrganization(world.t.env);
    const foreign = await asProgram(world.t, await givenApiKey(world.t.env, other));
    expect((await foreign("GET", "/badges")).body.data).toEqual([]);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { sort_order: 1 }],
      ["DELETE", "", undefined],
      ["POST", "/clone", {}],
      ["GET", "/criteria", undefined],
    ] as const) {
      expect((await foreign(method, `/badges/${badge.id}${path}`, body)).status).toBe(404);
    }
    // Whoever acts for several organizations sees the one that is named.
    const site = await asProgram(world.t, await givenApiKey(world.t.env, null));
    const named = (organization: string) =>
      site("GET", `/badges/${badge.id}`, undefined, { "rosette-organization": organization });
    expect((await named(other.id)).status).toBe(404);
    expect((await named(world.organization.id)).status).toBe(200);
  });

  it("auto_badge_requires_trigger_condition", async () => {
    const world = await seedWorld();
    const code = "auto_badge_requires_trigger_condition";
    expect(refusal(await define(world, { trigger_type: "auto" }))).toContain(code);
    const mixed = { ...AUTO, trigger_type: "coordinator_nomination" };
    expect(refusal(await define(world, mixed))).toContain(code);
    const [auto, nominated] = [await world.badge(AUTO), await world.badge()];
    const change = (id: string, body: object) => world.send("PATCH", `/badges/${id}`, body);
    expect(refusal(await change(auto.id, { trigger_condition: null }))).toContain(code);
    expect(refusal(await change(auto.id, { trigger_type: "coordinator_nomination" }))).toContain(
      code,
    );
    expect(refusal(await change(nominated.id, { trigger_type: "auto" }))).toContain(code);
    expect((await change(nominated.id, AUTO)).status).toBe(200);
  });

  it("inactive_badge_not_evaluated", async () => {
    const world = await seedWorld();
    const badge = await world.badge(AUTO);
    const [early, late] = [await world.person(), await world.person()];
    await world.happened(early.user.id, 2);
    await world.work();
    await world.send("PATCH", `/badges/${badge.id}`, { is_active: false });
    await world.happened(late.user.id, 2);
    await world.night();
    const rows = await world.rows("select user_id, revoked_at from badge_issues");
    expect(rows).toEqual([[early.user.id, null]]);
    const byHand = await world.award(badge.id, late.user.id);
    expect(refusal(byHand)).toEqual([409, "inactive_badge_not_evaluated"]);
    const kept = await world.send("GET", `/users/${early.user.id}/achievements`);
    expect(kept.body.data).toHaveLength(1);
  });

  it("max_awards_per_user_enforced", async () => {
    const world = await seedWorld();
    const badge = await world.badge({ max_awards_per_user: 2 });
    const { user } = await world.person();
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await world.award(badge.id, user.id)).status);
    expect(statuses).toEqual([201, 201, 200]);
    expect((await world.award(badge.id, user.id)).body).toMatchObject({
      awarded: false,
      reason: "max_awards_per_user_enforced",
    });
    const endless = await world.badge({ max_awards_per_user: null });
    for (let i = 0; i < 3; i++) expect((await world.award(endless.id, user.id)).status).toBe(201);
  });

  it("eligibility_role_check: the role a person has now, and none but that", async () => {
    const world = await seedWorld();
    const badge = await world.badge({ eligibility_roles: ["peer_mentor"] });
    const { user } = await world.person("peer_mentor");
    await world.send("PATCH", `/users/${user.id}`, { roles: ["alumnus"] });
    expect(refusal(await world.award(badge.id, user.id))).toEqual([409, "eligibility_role_check"]);
    await world.send("PATCH", `/users/${user.id}`, { roles: ["peer_mentor"] });
    expect((await world.award(badge.id, user.id)).status).toBe(201);
  });

  it.each([
    ["coordinator", 201],
    ["organization_administrator", 201],
    ["peer_mentor", 403],
  ])("coordinator_nomination_requires_authorization: a %s is answered %i", async (role, status) => {
    const world = await seedWorld();
    const badge = await world.badge();
    const asker = await world.as(role);
    const { user } = await world.person();
    const nomination = { badge: badge.id, user: user.id, reason: "Always there." };
    expect((await asker("POST", "/nominations", nomination)).status).toBe(status);
    expect((await asker("POST", "/awards", { badge: badge.id, user: user.id })).status).toBe(
      status,
    );
  });

  it.each([
    ["another site", "https://cdn.example.net/a.svg"],
    ["a site whose name begins alike", "https://badges.example.org.evil.example/images/PICTURE"],
    [
      "a user name that looks like the site",
      "https://badges.example.org@evil.example/images/PICTURE",
    ],
    ["another scheme", "http://badges.example.org/images/PICTURE"],
    ["another port", "https://badges.example.org:8443/images/PICTURE"],
    ["a path outside", "https://badges.example.org/elsewhere/PICTURE"],
    ["a path that leads outside", "https://badges.example.org/images/../b/PICTURE"],
    ["a query", "https://badges.example.org/images/PICTURE?x"],
    ["no such picture", `https://badges.example.org/images/${"0".repeat(64)}.svg`],
  ])("asset_url_must_reference_managed_storage: %s", async (_what, address) => {
    const world = await seedWorld();
    const image = await givenSvgImage(world.t.env, world.organization);
    const asset_url = address.replace("PICTURE", `${image.sha256}.svg`);
    const answer = await define(world, { asset_url });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ code }) => code)).toEqual([
      address.includes("@") ? "asset_url_format_valid" : "asset_url_must_reference_managed_storage",
    ]);
    const good = await define(world, {
      asset_url: `https://badges.example.org/images/${image.sha256}.svg`,
    });
    expect(good.status).toBe(201);
  });

  it("asset_url_must_reference_managed_storage: another organization's picture", async () => {
    const world = await seedWorld();
    const other = await givenOrganization(world.t.env);
    const image = await givenSvgImage(world.t.env, other);
    const asset_url = world.t.env.urls.image(image.sha256, image.media_type);
    expect(refusal(await define(world, { asset_url }))).toEqual([
      422,
      "asset_url_must_reference_managed_storage",
    ]);
  });
});
