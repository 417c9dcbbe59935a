// The fourth document, badges for one threshold: every field, index, validation and rule, by its name.
import { describe, expect, it } from "vitest";
import { definitionsOf } from "../../src/issuer/definition.ts";
import { BADGE } from "../api/client.ts";
import { asProgram } from "../api/program.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { columnsOf, indexNamed, refusal, type SeedWorld, seedWorld } from "./seed-world.ts";

const THRESHOLD = {
  name: "First Session",
  description: "Ran a first session.",
  criteria: BADGE.criteria,
  icon_key: "flame",
  criteria_type: "activity_count",
  criteria_value: 1,
};

const define = (world: SeedWorld, over: object = {}) =>
  world.send("POST", "/badges", { ...THRESHOLD, ...over });

describe("fields", () => {
  it("every one of them is a column, is taken and is shown", async () => {
    const world = await seedWorld();
    const made = await define(world);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...THRESHOLD, is_active: true });
    expect(await columnsOf(world, "badges")).toEqual(
      expect.arrayContaining([
        ...["id", "organization_id", "name", "icon_key", "criteria_type", "criteria_value"],
        ...["description", "is_enabled", "created_at", "updated_at"],
      ]),
    );
    const [row] = await world.rows("select is_enabled, criteria_type, criteria_value from badges");
    expect(row).toEqual([1, "activity_count", 1]);
  });

  it("created_at is set by the database, updated_at moved by a trigger: plain SQL moves it, too", async () => {
    const world = await seedWorld();
    await world.badge();
    const [defaults] = await world.rows(
      "select dflt_value from pragma_table_xinfo('badges') where name = 'created_at'",
    );
    expect(String(defaults?.[0])).toContain("unixepoch");
    const read = async () => (await world.rows("select updated_at from badges"))[0]?.[0];
    const before = await read();
    await world.t.env.db.batch([{ sql: "update badges set sort_order = 9", params: [] }]);
    expect(await read()).not.toBe(before);
  });

  it.each(["activity_count", "training_completion", "recruiting_milestone"])(
    "criteria_type: %s is met at criteria_value, and not before",
    async (criteria_type) => {
      const world = await seedWorld();
      await define(world, { criteria_type, criteria_value: 3 });
      const { user } = await world.person();
      const held = async () => (await world.rows("select id from badge_issues")).length;
      await world.happened(user.id, 2, criteria_type);
      await world.work();
      expect(await held()).toBe(0);
      await world.happened(user.id, 1, criteria_type);
      await world.work();
      expect(await held()).toBe(1);
    },
  );

  it.each([
    ["day", 86_400_000],
    ["week", 7 * 86_400_000],
  ])("criteria_type: streak_length, consecutive %ss", async (criteria_unit, length) => {
    const world = await seedWorld();
    const made = await define(world, {
      criteria_type: "streak_length",
      criteria_value: 3,
      criteria_unit,
    });
    expect(made.body).toMatchObject({ criteria_type: "streak_length", criteria_unit });
    const [gap, run] = [await world.person(), await world.person()];
    for (const [person, pauses] of [
      [gap, [0, 1, 3]],
      [run, [0, 1, 2]],
    ] as const) {
      const start = world.t.clock.now;
      for (const after of pauses) {
        world.t.clock.now = start + after * length;
        await world.happened(person.user.id, 1);
      }
    }
    await world.work();
    expect(await world.rows("select user_id from badge_issues")).toEqual([[run.user.id]]);
  });

  it("criteria_type: streak_length without a unit counts days, and says so", async () => {
    const answer = await define(await seedWorld(), {
      criteria_type: "streak_length",
      criteria_value: 3,
    });
    expect(answer.body.criteria_unit).toBe("day");
  });

  it("icon_key: resolves to a picture for each of the two states, locked and unlocked", async () => {
    const world = await seedWorld();
    await define(world);
    const { user } = await world.person();
    const { body } = await world.send("GET", `/users/${user.id}/shelf`);
    const [entry] = body.data as { badge?: { images: { earned: string; locked: string } } }[];
    const pictures = [entry?.badge?.images.earned ?? "", entry?.badge?.images.locked ?? ""];
    const texts = await Promise.all(
      pictures.map(async (address) => {
        const answer = await world.t.request(address);
        expect(answer.headers.get("content-type")).toBe("image/svg+xml");
        return answer.text();
      }),
    );
    expect(texts[0]).not.toBe(texts[1]);
  });
});

describe("indexes", () => {
  it.each([
    ["idx_badge_definition_org_id", ["organization_id"], false],
    ["idx_badge_definition_org_enabled", ["organization_id", "is_enabled"], false],
    ["idx_badge_definition_org_criteria", ["organization_id", "criteria_type"], false],
    ["idx_badge_definition_org_name", ["organization_id", "name"], true],
  ])("%s", async (name, columns, unique) => {
    const found = await indexNamed(await seedWorld(), name);
    expect(found).toMatchObject({ table: "badges", columns, unique });
  });
});

describe("validations", () => {
  it.each([
    ["name_non_empty_and_bounded", { name: "" }],
    ["name_non_empty_and_bounded", { name: "  " }],
  ])("name_not_empty, answered as %s: %j", async (code, over) => {
    expect(refusal(await define(await seedWorld(), over))).toEqual([422, code]);
  });

  it.each([
    ["description_non_empty_and_bounded", { description: "" }],
    ["description_non_empty_and_bounded", { description: "\n" }],
  ])("description_not_empty, answered as %s: %j", async (code, over) => {
    expect(refusal(await define(await seedWorld(), over))).toEqual([422, code]);
  });

  it.each(["sessions", "", 7, "overall"])("criteria_type_valid_enum: %j", async (criteria_type) => {
    const answer = await define(await seedWorld(), { criteria_type });
    expect(refusal(answer)).toEqual([422, "criteria_type_valid_enum"]);
  });

  it.each([0, -1])("criteria_value_min_one: %j", async (criteria_value) => {
    const world = await seedWorld();
    const answer = await define(world, { criteria_value });
    expect(refusal(answer)).toEqual([422, "criteria_value_min_one"]);
    await define(world);
    const beneath = world.t.env.db.batch([
      { sql: "update badges set criteria_value = 0", params: [] },
    ]);
    await expect(beneath).rejects.toMatchObject({ code: "check" });
  });

  it("organization_id_exists", async () => {
    const world = await seedWorld();
    const site = await asProgram(world.t, await givenApiKey(world.t.env, null));
    const answer = await site("POST", "/badges", THRESHOLD, { "rosette-organization": "nowhere" });
    expect(answer.status).toBe(404);
  });

  it.each(["", "First Session", "../flame", "flame/locked", "Flame", "-flame", "f".repeat(65)])(
    "icon_key_format: %j",
    async (icon_key) => {
      const answer = await define(await seedWorld(), { icon_key });
      expect(refusal(answer)).toEqual([422, "icon_key_format"]);
    },
  );

  it("no_duplicate_name_within_org", async () => {
    const world = await seedWorld();
    await define(world);
    expect(refusal(await define(world))).toEqual([409, "no_duplicate_name_within_org"]);
    const other = await world.badge();
    const renamed = await world.send("PATCH", `/badges/${other.id}`, { name: THRESHOLD.name });
    expect(refusal(renamed)).toEqual([409, "no_duplicate_name_within_org"]);
  });
});

describe("business rules", () => {
  it("org_scoped_isolation", async () => {
    const world = await seedWorld();
    const badge = (await define(world)).body;
    const other = await givenOrganization(world.t.env);
    const foreign = await asProgram(world.t, await givenApiKey(world.t.env, other));
    expect((await foreign("GET", `/badges/${badge.id}`)).status).toBe(404);
    expect((await foreign("PATCH", `/badges/${badge.id}`, { name: "Mine" })).status).toBe(404);
    expect((await foreign("DELETE", `/badges/${badge.id}`)).status).toBe(404);
    expect(await definitionsOf(world.t.env, other.id)).toEqual([]);
    const named = { ...THRESHOLD };
    expect((await foreign("POST", "/badges", named)).status).toBe(201);
  });

  it("unique_name_per_organization: of ten at once one is made; archiving frees the name, disabling does not", async () => {
    const world = await seedWorld();
    const answers = await Promise.all(Array.from({ length: 10 }, () => define(world)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    const [row] = await world.rows("select id from badges");
    await world.send("PATCH", `/badges/${row?.[0]}`, { is_active: false });
    expect((await define(world)).status).toBe(409);
    await world.send("PATCH", `/badges/${row?.[0]}`, { status: "archived" });
    expect((await define(world)).status).toBe(201);
  });

  it("soft_delete_when_earned_badges_exist", async () => {
    const world = await seedWorld();
    const [earned, unearned] = [(await define(world)).body, await world.badge()];
    await world.award(earned.id, (await world.person()).user.id);
    expect((await world.send("DELETE", `/badges/${earned.id}`)).body).toEqual({
      id: earned.id,
      deleted: false,
      disabled: true,
    });
    expect((await world.send("GET", `/badges/${earned.id}`)).body.is_active).toBe(false);
    expect((await world.send("DELETE", `/badges/${unearned.id}`)).body.deleted).toBe(true);
    expect((await world.send("GET", `/badges/${unearned.id}`)).status).toBe(404);
  });

  it("only_enabled_definitions_evaluated: not after an event, nor by night", async () => {
    const world = await seedWorld();
    const badge = (await define(world, { is_active: false })).body;
    const { user } = await world.person();
    await world.happened(user.id, 1);
    await world.work();
    await world.night();
    expect(await world.rows("select id from badge_issues")).toEqual([]);
    await world.send("PATCH", `/badges/${badge.id}`, { is_active: true });
    await world.night();
    expect(await world.rows("select user_id from badge_issues")).toEqual([[user.id]]);
  });

  it("criteria_value_positive_integer: a fraction is refused under its name", async () => {
    const answer = await define(await seedWorld(), { criteria_value: 1.5 });
    expect(refusal(answer)).toEqual([422, "criteria_value_positive_integer"]);
  });

  it("criteria_value_positive_integer: zero would be met by everybody", async () => {
    const world = await seedWorld();
    const badge = (await define(world)).body;
    const answer = await world.send("PATCH", `/badges/${badge.id}`, { criteria_value: 0 });
    expect(refusal(answer)).toEqual([422, "criteria_value_min_one"]);
  });

  it("icon_key_must_resolve: an unknown key is saved, with a warning and a picture all the same", async () => {
    const world = await seedWorld();
    const made = await define(world, { icon_key: "no-such-icon" });
    expect(made.status).toBe(201);
    expect(made.body.icon_key).toBe("no-such-icon");
    const codes = (body: Record<string, unknown>) =>
      (body.warnings as { code: string; pointer: string }[]).map(({ code }) => code);
    expect(codes(made.body)).toEqual(["icon_key_must_resolve"]);
    for (const path of [`/ob/v2/badges/${made.body.id}/image`, made.body.asset_url as string]) {
      expect((await world.t.request(path)).status).toBe(200);
    }
    const known = await world.send("PATCH", `/badges/${made.body.id}`, { icon_key: "flame" });
    expect(codes(known.body)).toEqual([]);
  });

  it("cache_invalidation_on_mutation: the next evaluation is fresh; another organization's definitions stay", async () => {
    const world = await seedWorld();
    const { env } = world.t;
    const other = await givenOrganization(env);
    const foreign = await asProgram(world.t, await givenApiKey(env, other));
    await foreign("POST", "/badges", THRESHOLD);
    const theirs = await definitionsOf(env, other.id);
    const badge = (await define(world, { criteria_value: 5 })).body;
    const first = await definitionsOf(env, world.organization.id);
    expect(await definitionsOf(env, world.organization.id)).toBe(first);
    await world.send("PATCH", `/badges/${badge.id}`, { criteria_value: 1 });
    expect(await definitionsOf(env, world.organization.id)).not.toBe(first);
    const { user } = await world.person();
    await world.happened(user.id, 1);
    await world.work();
    expect(await world.rows("select user_id from badge_issues")).toEqual([[user.id]]);
    await world.send("PATCH", `/badges/${badge.id}`, { is_active: false });
    expect(await definitionsOf(env, world.organization.id)).toEqual([]);
    expect(await definitionsOf(env, other.id)).toBe(theirs);
  });

  it("the short form is shown where the criteria are one threshold, and nowhere else", async () => {
    const world = await seedWorld();
    const badge = await world.badge({
      criteria: {
        ...BADGE.criteria,
        rules: [
          { type: "metric", params: { metric_activity_count: "1", metric_activity_hours: "2" } },
        ],
      },
    });
    expect([badge.criteria_type, badge.criteria_value]).toEqual([null, null]);
  });
});
