// What a badge asks for: said as rules or in a short form, kept as rows, refused by the field at fault.
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { badges } from "../../src/db/badges.ts";
import { criteria, criterionMets, criterionParams } from "../../src/db/criteria.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { BADGE, type Client, givenClient, type Reply, sharedClient } from "./client.ts";

const CONDITION = { metric: "activity_count", threshold: 12, window: "P90D" };
const AUTO = { trigger_type: "auto", trigger_condition: CONDITION };
const NOTHING = {
  trigger_type: null,
  trigger_condition: null,
  criteria_type: null,
  criteria_value: null,
  criteria_unit: null,
};

interface Shown {
  readonly id: string;
  readonly method: string;
  readonly rules: { id: string; type: string; method: string; params: Record<string, string> }[];
}

/** As its own address answers. */
type ShownList = Reply["body"] & { readonly rules: (Shown["rules"][number] & { words: string })[] };

interface Stage extends Client {
  readonly t: TestApp;
  /** Defines a badge with this in addition. */
  make(over?: Record<string, unknown>): Promise<Reply>;
}

async function given(): Promise<Stage> {
  const t = await testApp();
  const client = await givenClient(t);
  let ordinal = 0;
  const make = (over: Record<string, unknown> = {}) =>
    client.send("POST", "/badges", { ...BADGE, name: `Badge ${++ordinal}`, ...over });
  return { t, ...client, make };
}

const rules = (...list: unknown[]) => ({ criteria: { ...BADGE.criteria, rules: list } });
const criteriaIn = ({ body }: Reply) => body.criteria as Shown;

async function rowsOf({ env }: TestApp, badgeId: string) {
  const { orm } = env.db;
  const rows = await orm
    .select()
    .from(criteria)
    .where(eq(criteria.badge_id, badgeId))
    .orderBy(asc(criteria.id));
  const params = await orm.select().from(criterionParams).orderBy(asc(criterionParams.id));
  return rows.map(({ id, criteria_type: type, method }) => ({
    id,
    type,
    method,
    params: params.flatMap((row) => (row.crit_id === id ? [`${row.name}=${row.value}`] : [])),
  }));
}

describe("short forms in, rows, and back", () => {
  it("without a word it is one that coordinators nominate for", async () => {
    const { t, make } = await given();
    const made = await make();
    expect(made.body).toMatchObject({ ...NOTHING, trigger_type: "coordinator_nomination" });
    expect(await rowsOf(t, made.body.id)).toMatchObject([
      { type: "overall", method: 1, params: [] },
      {
        type: "manual",
        method: 2,
        params: [
          "role_coordinator=coordinator",
          "role_organization_administrator=organization_administrator",
        ],
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, string[], Record<string, unknown>]>([
    [
      "trigger_type with trigger_condition",
      AUTO,
      ["metric_activity_count=12", "window_activity_count=P90D"],
      { criteria_type: null, criteria_value: null },
    ],
    [
      "a condition alone",
      { trigger_condition: { metric: "training_completion", threshold: 2 } },
      ["metric_training_completion=2"],
      { trigger_type: "auto", criteria_type: "training_completion", criteria_value: 2 },
    ],
    [
      "criteria_type with criteria_value",
      { criteria_type: "recruiting_milestone", criteria_value: 3 },
      ["metric_recruiting_milestone=3"],
      {
        trigger_type: "auto",
        trigger_condition: { metric: "recruiting_milestone", threshold: 3, window: null },
        criteria_unit: null,
      },
    ],
    [
      "a streak, of days unless it is said",
      { criteria_type: "streak_length", criteria_value: 7 },
      ["metric_streak_length=7", "unit_streak_length=day"],
      {
        criteria_unit: "day",
        trigger_condition: { metric: "streak_days", threshold: 7, window: null },
      },
    ],
    [
      "a streak of weeks",
      { criteria_type: "streak_length", criteria_value: 4, criteria_unit: "week" },
      ["metric_streak_length=4", "unit_streak_length=week"],
      { trigger_condition: { metric: "streak_weeks", threshold: 4, window: null } },
    ],
    [
      "the other name of a streak",
      { trigger_condition: { metric: "streak_weeks", threshold: 4 } },
      ["metric_streak_weeks=4"],
      { criteria_type: "streak_length", criteria_value: 4, criteria_unit: "week" },
    ],
    [
      "both, where they say the same",
      {
        ...AUTO,
        trigger_condition: { metric: "activity_count", threshold: 5 },
        criteria_type: "activity_count",
        criteria_value: 5,
      },
      ["metric_activity_count=5"],
      { trigger_type: "auto", criteria_type: "activity_count" },
    ],
  ])("%s", async (_name, over, params, shown) => {
    const { t, make, send } = await given();
    const made = await make(over);
    expect([made.status, made.body.errors]).toEqual([201, undefined]);
    expect(made.body).toMatchObject(shown);
    const rows = await rowsOf(t, made.body.id);
    expect(rows.map(({ type }) => type)).toEqual(["overall", "metric"]);
    expect(rows[1]?.params.sort()).toEqual([...params].sort());
    expect((await send("GET", `/badges/${made.body.id}`)).body).toEqual(made.body);
    // The columns say the same, for whoever reads those.
    const [row] = await t.env.db.orm.select().from(badges).where(eq(badges.id, made.body.id));
    expect(row?.trigger_type).toBe("auto");
    expect(row?.criteria_type).toBe(made.body.criteria_type);
    expect(row?.trigger_condition_json).toEqual(made.body.trigger_condition);
  });

  it("are shown only where they say all of it", async () => {
    const { t, make } = await given();
    const metric = {
      type: "metric",
      params: { metric_activity_count: 3, metric_activity_hours: 9 },
    };
    const made = await make(rules(metric));
    expect(made.body).toMatchObject(NOTHING);
    const two = await make(
      rules(
        { type: "metric", params: { metric_activity_count: 3 } },
        { type: "manual", params: { role_coordinator: "coordinator" } },
      ),
    );
    expect(two.body).toMatchObject(NOTHING);
    const [row] = await t.env.db.orm.select().from(badges).where(eq(badges.id, two.body.id));
    expect(row?.trigger_type).toBe("coordinator_nomination");
  });
});

describe("rules", () => {
  it("of every type are kept as rows and given out as they were", async () => {
    const { make, send, t, organization } = await given();
    const other = await givenBadge(t.env, organization);
    const site = [
      {
        type: "metric",
        method: "any",
        params: {
          metric_activity_hours: "40",
          window_activity_hours: "P1Y",
          metric_certification_active: "1",
        },
      },
      {
        type: "manual",
        method: "all",
        params: { role_coordinator: "coordinator", role_tutor: "tutor" },
      },
      {
        type: "courseset",
        method: "any",
        params: { course_c1: "c1", grade_c1: "60", bydate_c1: "2027-01-31", course_c2: "c2" },
      },
      { type: "profile", method: "all", params: { field_phone: "phone" } },
      { type: "badge", method: "all", params: { [`badge_${other.id}`]: other.id } },
      { type: "cohort", method: "any", params: { cohort_7: "7", cohort_8: "8" } },
      { type: "competency", method: "all", params: { competency_9: "9" } },
    ].map((rule) => ({ description: `About ${rule.type}.`, ...rule }));
    const course = [
      {
        type: "course",
        method: "all",
        description: "",
        params: { course_c1: "c1", bydate_c1: "2027-01-31T18:00:00+01:00" },
      },
      {
        type: "activity",
        method: "any",
        description: "",
        params: { module_m1: "m1", bydate_m1: "2027-01-31", module_m2: "m2" },
      },
    ];
    for (const [list, over] of [
      [site, {}],
      [course, { type: 2, course_id: "c1" }],
    ] as const) {
      const made = await make({
        ...over,
        criteria: { ...BADGE.criteria, method: "any", rules: list },
      });
      expect([made.status, made.body.errors]).toEqual([201, undefined]);
      const shown = criteriaIn(made);
      expect(shown.method).toBe("any");
      expect(shown.rules.map(({ id: _id, ...rule }) => rule)).toEqual(list);
      const got = (await send("GET", `/badges/${made.body.id}/criteria`)).body as ShownList;
      expect(got.rules).toMatchObject(shown.rules);
      for (const { words } of got.rules) expect(words).not.toBe("");
    }
  });

  it("drop params without a value, and take numbers", async () => {
    const { make } = await given();
    const made = await make(
      rules({
        type: "metric",
        params: {
          metric_activity_count: 12,
          window_activity_count: "",
          metric_activity_hours: null,
        },
      }),
    );
    expect(criteriaIn(made).rules).toMatchObject([{ params: { metric_activity_count: "12" } }]);
  });

  it("sent back as they were shown change nothing, whatever else is sent with them", async () => {
    const { t, make, send } = await given();
    for (const over of [
      {},
      AUTO,
      { criteria_type: "streak_length", criteria_value: 3 },
      rules({ type: "cohort", params: { cohort_1: "1" } }),
    ]) {
      const made = await make(over);
      const before = await rowsOf(t, made.body.id);
      const {
        name: _n,
        id: _id,
        status: _s,
        previous_version: _p,
        urls: _u,
        warnings: _w,
        created_at: _c,
        updated_at: _a,
        endorsement: _e,
        ...same
      } = made.body;
      const changed = await send("PATCH", `/badges/${made.body.id}`, same);
      expect([changed.status, changed.body.errors]).toEqual([200, undefined]);
      expect({ ...changed.body, updated_at: 0 }).toEqual({ ...made.body, updated_at: 0 });
      expect(await rowsOf(t, made.body.id)).toEqual(before);
    }
  });
});

describe("bad criteria", () => {
  const client = sharedClient();
  const metric = (params: Record<string, unknown>) => rules({ type: "metric", params });
  const at = (name: string) => `/criteria/rules/0/params/${name}`;
  const long = "x".repeat(256);

  it.each<[string, string, Record<string, unknown>]>([
    ["metric_must_be_known", at("metric_steps"), metric({ metric_steps: 5 })],
    ["metric_must_be_known", at("metric___proto"), metric({ metric___proto: 5 })],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: 0 }),
    ],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: -3 }),
    ],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: 1.5 }),
    ],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: "many" }),
    ],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: 1e12 + 1 }),
    ],
    [
      "criteria_value_positive_integer",
      at("metric_activity_count"),
      metric({ metric_activity_count: "1e3" }),
    ],
    [
      "window_is_a_duration",
      at("window_activity_count"),
      metric({ metric_activity_count: 1, window_activity_count: "PT36H" }),
    ],
    [
      "window_is_a_duration",
      at("window_activity_count"),
      metric({ metric_activity_count: 1, window_activity_count: "P0D" }),
    ],
    [
      "window_is_a_duration",
      at("window_activity_count"),
      metric({ metric_activity_count: 1, window_activity_count: "a month" }),
    ],
    ["param_of_nothing", at("window_activity_count"), metric({ window_activity_count: "P1D" })],
    ["unit_day_or_week", at("unit_streak_length"), metric({ metric_streak_length: 3 })],
    [
      "unit_day_or_week",
      at("unit_streak_length"),
      metric({ metric_streak_length: 3, unit_streak_length: "month" }),
    ],
    [
      "unit_day_or_week",
      at("unit_activity_count"),
      metric({ metric_activity_count: 3, unit_activity_count: "day" }),
    ],
    [
      "state_holds_or_not",
      at("metric_certification_active"),
      metric({ metric_certification_active: 2 }),
    ],
    [
      "state_holds_or_not",
      at("window_certification_active"),
      metric({ metric_certification_active: 1, window_certification_active: "P1D" }),
    ],
    ["param_unknown", at("course_1"), metric({ course_1: "1" })],
    ["param_unknown", at("metric_"), metric({ metric_: 5 })],
    ["param_unknown", at("a~1b"), metric({ "a/b": 5 })],
    ["criterion_needs_params", "/criteria/rules/0/params", metric({})],
    ["criterion_needs_params", "/criteria/rules/0/params", metric({ metric_activity_count: "" })],
    [
      "param_value_bounded",
      at("field_a%0Ab"),
      rules({ type: "profile", params: { "field_a%0Ab": "a\nb" } }),
    ],
    ["param_names_its_value", at("cohort_1"), rules({ type: "cohort", params: { cohort_1: "2" } })],
    [
      "criteria_value_positive_integer",
      at("grade_1"),
      rules({ type: "courseset", params: { course_1: "1", grade_1: "59.5" } }),
    ],
    [
      "bydate_is_a_date",
      at("bydate_1"),
      rules({ type: "courseset", params: { course_1: "1", bydate_1: "2026-02-30" } }),
    ],
    [
      "bydate_is_a_date",
      at("bydate_1"),
      rules({ type: "courseset", params: { course_1: "1", bydate_1: "soon" } }),
    ],
    [
      "param_of_nothing",
      at("grade_1"),
      rules({ type: "courseset", params: { course_2: "2", grade_1: 3 } }),
    ],
    [
      "criterion_badge_must_exist",
      at("badge_nobody"),
      rules({ type: "badge", params: { badge_nobody: "nobody" } }),
    ],
    [
      "criterion_type_of_badge",
      "/criteria/rules/0/type",
      rules({ type: "course", params: { course_1: "1" } }),
    ],
    [
      "criterion_type_of_badge",
      "/criteria/rules/0/type",
      { type: 2, course_id: "1", ...rules({ type: "cohort", params: { cohort_1: "1" } }) },
    ],
    [
      "criterion_asks_for_one",
      "/criteria/rules/0/params",
      {
        type: 2,
        course_id: "1",
        ...rules({ type: "course", params: { course_1: "1", course_2: "2" } }),
      },
    ],
    [
      "criterion_type_once",
      "/criteria/rules/1/type",
      rules(
        { type: "cohort", params: { cohort_1: "1" } },
        { type: "cohort", params: { cohort_2: "2" } },
      ),
    ],
    ["invalid_value", "/criteria/rules/0/type", rules({ type: "overall", params: {} })],
    ["invalid_value", "/criteria/rules/0/type", rules({ type: "magic", params: {} })],
    [
      "invalid_value",
      "/criteria/rules/0/method",
      rules({ type: "cohort", method: "some", params: { cohort_1: "1" } }),
    ],
    [
      "too_large",
      `/criteria/rules/0/params/cohort_1`,
      rules({ type: "cohort", params: { cohort_1: long } }),
    ],
    [
      "too_large",
      "/criteria/rules/0/params",
      metric(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`metric_${i}`, 1]))),
    ],
    ["auto_badge_requires_trigger_condition", "/trigger_condition", { trigger_type: "auto" }],
    [
      "auto_badge_requires_trigger_condition",
      "/trigger_condition",
      { ...AUTO, trigger_type: "coordinator_nomination" },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/metric",
      { ...AUTO, trigger_condition: { metric: "steps", threshold: 1 } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/metric",
      { ...AUTO, trigger_condition: { metric: "streak_length", threshold: 1 } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/threshold",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: 1.5 } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/threshold",
      { ...AUTO, trigger_condition: { metric: "certification_active", threshold: 2 } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/window",
      { ...AUTO, trigger_condition: { metric: "activity_count", threshold: 1, window: "PT1H" } },
    ],
    ["criteria_type_valid_enum", "/criteria_type", { criteria_type: "steps", criteria_value: 1 }],
    [
      "criteria_value_min_one",
      "/criteria_value",
      { criteria_type: "activity_count", criteria_value: 0 },
    ],
    [
      "criteria_value_positive_integer",
      "/criteria_value",
      { criteria_type: "activity_count", criteria_value: 2.5 },
    ],
    [
      "criteria_unit_of_streak",
      "/criteria_unit",
      { criteria_type: "activity_count", criteria_value: 2, criteria_unit: "day" },
    ],
    [
      "criteria_forms_agree",
      "/criteria_type",
      { ...AUTO, criteria_type: "activity_count", criteria_value: 12 },
    ],
    [
      "criteria_forms_agree",
      "/criteria_type",
      {
        trigger_type: "coordinator_nomination",
        criteria_type: "activity_count",
        criteria_value: 1,
      },
    ],
    [
      "criteria_forms_agree",
      "/trigger_condition",
      { ...AUTO, ...rules({ type: "cohort", params: { cohort_1: "1" } }) },
    ],
    ["activation_needs_criterion", "/criteria/rules", rules()],
  ])("%s at %s (%#)", async (code, pointer, over) => {
    const { send } = client();
    const refused = await send("POST", "/badges", { ...BADGE, ...over });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error) => [error.code, error.pointer])).toContainEqual([
      code,
      pointer,
    ]);
    for (const { fix } of refused.body.errors) expect(fix).not.toBe("");
    expect((await send("GET", "/badges")).body.data).toEqual([]);
  });

  it("metric_must_be_known: the organization's own metrics are, another's are not", async () => {
    const { t, make, send } = await given();
    const asks = rules({ type: "metric", params: { metric_steps: 500 } });
    const there = await givenClient(t);
    const steps = { name: "steps", kind: "count", label: "Steps" };
    expect((await there.send("POST", "/metrics", steps)).status).toBe(201);
    expect((await make(asks)).body.errors).toMatchObject([{ code: "metric_must_be_known" }]);
    expect((await send("POST", "/metrics", { ...steps, kind: "sum" })).status).toBe(201);
    const made = await make(asks);
    expect(made.body).toMatchObject({
      trigger_condition: { metric: "steps", threshold: 500 },
      criteria_type: null,
    });
    const { rules: shown } = (await send("GET", `/badges/${made.body.id}/criteria`))
      .body as ShownList;
    expect(shown).toMatchObject([{ words: "Steps: at least 500" }]);
    const gone = await send("DELETE", "/metrics/steps");
    expect([gone.status, gone.body.code]).toEqual([409, "metric-in-use"]);
  });

  it("criterion_badge_must_exist: another organization's badge is none, and a badge does not ask for itself", async () => {
    const { t, make, send } = await given();
    const theirs = await givenBadge(t.env, await givenOrganization(t.env));
    const asks = (id: string) => rules({ type: "badge", params: { [`badge_${id}`]: id } });
    const refused = await make(asks(theirs.id));
    expect(refused.body.errors).toMatchObject([{ code: "criterion_badge_must_exist" }]);
    const { id } = (await make()).body;
    const itself = await send("PATCH", `/badges/${id}`, asks(id));
    expect(itself.body.errors).toMatchObject([{ code: "criterion_not_itself" }]);
  });
});

describe("changing what a badge asks for", () => {
  it("auto_badge_requires_trigger_condition is asked again for either field", async () => {
    const { make, send } = await given();
    const by = async (over: Record<string, unknown>, change: unknown) =>
      send("PATCH", `/badges/${(await make(over)).body.id}`, change);
    for (const [over, change] of [
      [{}, { trigger_type: "auto" }],
      [{}, { trigger_condition: CONDITION }],
      [AUTO, { trigger_type: "coordinator_nomination" }],
      [AUTO, { trigger_condition: null }],
    ] as const) {
      const refused = await by(over, change);
      expect([refused.status, refused.body.errors[0]?.code]).toEqual([
        422,
        "auto_badge_requires_trigger_condition",
      ]);
    }
    const both = await by(AUTO, {
      trigger_type: "coordinator_nomination",
      trigger_condition: null,
    });
    expect(both.body).toMatchObject({ ...NOTHING, trigger_type: "coordinator_nomination" });
    expect((await by({}, AUTO)).body).toMatchObject(AUTO);
    expect(
      (await by(AUTO, { trigger_condition: { ...CONDITION, threshold: 13 } })).body,
    ).toMatchObject({
      trigger_type: "auto",
      trigger_condition: { threshold: 13 },
    });
  });

  it("one value of a threshold is changed with the others left as they are", async () => {
    const { make, send } = await given();
    const made = await make({
      criteria_type: "streak_length",
      criteria_value: 4,
      criteria_unit: "week",
    });
    const change = async (over: unknown) =>
      (await send("PATCH", `/badges/${made.body.id}`, over)).body;
    expect(await change({ criteria_value: 5 })).toMatchObject({
      criteria_value: 5,
      criteria_unit: "week",
    });
    expect(await change({ criteria_unit: "day" })).toMatchObject({
      criteria_value: 5,
      criteria_unit: "day",
    });
    expect(await change({ criteria_type: "activity_count" })).toMatchObject({
      criteria_value: 5,
      criteria_unit: null,
    });
    expect(await change({ criteria_type: null, criteria_value: null })).toMatchObject({
      ...NOTHING,
      trigger_type: "coordinator_nomination",
    });
  });

  it("what was met of a criterion is forgotten with it, and kept where it stays", async () => {
    const { t, make, send, organization } = await given();
    const made = await make(
      rules(
        { type: "cohort", params: { cohort_1: "1" } },
        { type: "metric", params: { metric_activity_count: 3 } },
      ),
    );
    const path = `/badges/${made.body.id}`;
    const [cohort, metric] = criteriaIn(made).rules;
    const { user } = await givenPerson(t.env, organization);
    const met = { user_id: user.id, organization_id: organization.id, date_met: t.clock.now };
    const rows = [cohort, metric].map((rule) => ({ ...met, crit_id: rule?.id ?? "" }));
    await t.env.db.batch([t.env.db.orm.insert(criterionMets).values(rows)]);
    const kept = async () =>
      (await t.env.db.orm.select({ id: criterionMets.crit_id }).from(criterionMets)).map(
        ({ id }) => id,
      );
    const same = { type: "cohort", description: "In the first cohort.", params: { cohort_1: "1" } };
    const described = await send(
      "PATCH",
      path,
      rules({ type: "metric", params: { metric_activity_count: 3 } }, same),
    );
    expect(criteriaIn(described).rules.map(({ id }) => id)).toEqual([cohort?.id, metric?.id]);
    expect((await kept()).sort()).toEqual([cohort?.id, metric?.id].sort());
    const more = await send(
      "PATCH",
      path,
      rules(same, { type: "metric", params: { metric_activity_count: 4 } }),
    );
    const ids = criteriaIn(more).rules.map(({ id }) => id);
    expect(ids).toContain(cohort?.id);
    expect(ids).not.toContain(metric?.id);
    expect(await kept()).toEqual([cohort?.id]);
  });

  it("activation needs a criterion, and an active badge keeps its last one", async () => {
    const { t, make, send } = await given();
    const made = await make({ is_active: false, ...rules() });
    expect(made.status).toBe(201);
    expect(await rowsOf(t, made.body.id)).toEqual([]);
    const path = `/badges/${made.body.id}`;
    for (const [change, pointer] of [
      [{ is_active: true }, "/is_active"],
      [{ status: "active" }, "/status"],
    ] as const) {
      const refused = await send("PATCH", path, change);
      expect([refused.status, refused.body.errors]).toMatchObject([
        422,
        [{ code: "activation_needs_criterion", pointer }],
      ]);
    }
    expect((await send("PATCH", path, { is_active: true, ...AUTO })).body).toMatchObject({
      status: "active",
    });
    const refused = await send("PATCH", path, { criteria: { rules: [] } });
    expect(refused.body.errors).toMatchObject([
      { code: "activation_needs_criterion", pointer: "/criteria/rules" },
    ]);
  });

  it("is refused while it is awarded, message and order are not", async () => {
    const { t, make, send, organization } = await given();
    const made = await make(AUTO);
    const person = await givenPerson(t.env, organization);
    expect(
      (await send("POST", "/awards", { badge: made.body.id, user: person.user.id })).status,
    ).toBe(201);
    const path = `/badges/${made.body.id}`;
    const [rule] = criteriaIn(made).rules;
    for (const [method, at, body] of [
      ["PATCH", path, { criteria: { method: "any" } }],
      ["PATCH", path, { criteria_type: "activity_count", criteria_value: 3 }],
      ["PUT", `${path}/criteria`, { rules: [] }],
      ["POST", `${path}/criteria`, { type: "cohort", params: { cohort_1: "1" } }],
      ["DELETE", `${path}/criteria/${rule?.id}`, undefined],
    ] as const) {
      const refused = await send(method, at, body);
      expect([method, refused.status, refused.body.code]).toEqual([method, 409, "badge-locked"]);
    }
    expect((await send("PATCH", path, { ...AUTO, sort_order: 2 })).status).toBe(200);
  });

  it("a badge that changes its type must ask for what its new type may", async () => {
    const { make, send } = await given();
    const made = await make(rules({ type: "cohort", params: { cohort_1: "1" } }));
    const refused = await send("PATCH", `/badges/${made.body.id}`, { type: 2, course_id: "7" });
    expect(refused.body.errors).toMatchObject([{ code: "criterion_type_of_badge" }]);
  });

  it("deleteBadge removes every row of a badge that nobody was awarded", async () => {
    const { t, make, send } = await given();
    const kept = await make();
    const made = await make(AUTO);
    expect((await send("DELETE", `/badges/${made.body.id}`)).body).toMatchObject({ deleted: true });
    expect(await rowsOf(t, made.body.id)).toEqual([]);
    const rows = await rowsOf(t, kept.body.id);
    const all = await t.env.db.orm.select().from(criterionParams);
    expect(all.length).toBe(rows.flatMap(({ params }) => params).length);
  });
});

describe("criteria at an address of their own", () => {
  it("are read, replaced, added and removed; the overall row goes with the last of them", async () => {
    const { t, make, send } = await given();
    const made = await make({ is_active: false });
    const path = `/badges/${made.body.id}/criteria`;
    const cohort = { type: "cohort", method: "any", params: { cohort_1: "1", cohort_2: "2" } };
    t.clock.advance(1);
    const put = await send("PUT", path, { method: "any", rules: [cohort] });
    expect(put.body).toMatchObject({
      method: "any",
      rules: [{ ...cohort, words: "is in cohort 1 or is in cohort 2" }],
    });
    expect((await send("GET", path)).body).toEqual(put.body);
    t.clock.advance(1);
    const added = await send("POST", path, {
      type: "metric",
      params: { metric_activity_count: 12 },
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      type: "metric",
      method: "all",
      words: "Activities: at least 12",
    });
    expect(added.headers.get("location")).toBe(`/api/v1${path}/${added.body.id}`);
    expect((await send("GET", `${path}/${added.body.id}`)).body).toEqual(added.body);
    const [overall, ...others] = await rowsOf(t, made.body.id);
    expect(overall).toMatchObject({ type: "overall", method: 2 });
    expect(others.map(({ type }) => type).sort()).toEqual(["cohort", "metric"]);
    const [first] = (put.body as ShownList).rules;
    for (const id of [first?.id, added.body.id]) {
      expect((await send("DELETE", `${path}/${id}`)).status).toBe(204);
      expect((await send("DELETE", `${path}/${id}`)).status).toBe(404);
      expect((await send("GET", `${path}/${id}`)).status).toBe(404);
    }
    expect(await rowsOf(t, made.body.id)).toEqual([]);
    expect((await send("GET", path)).body).toEqual({ method: "all", rules: [] });
  });

  it("faults are pointed at within what was sent", async () => {
    const { make, send } = await given();
    const path = `/badges/${(await make()).body.id}/criteria`;
    const bad = { type: "metric", params: { metric_steps: 1 } };
    const one = await send("POST", path, bad);
    expect(one.body.errors).toMatchObject([
      { pointer: "/params/metric_steps", code: "metric_must_be_known" },
    ]);
    const list = await send("PUT", path, {
      rules: [{ type: "cohort", params: { cohort_1: "1" } }, bad],
    });
    expect(list.body.errors).toMatchObject([{ pointer: "/rules/1/params/metric_steps" }]);
    const twice = await send("POST", path, { type: "manual", params: { role_tutor: "tutor" } });
    expect(twice.body.errors).toMatchObject([{ pointer: "/type", code: "criterion_type_once" }]);
    const last = await send("PUT", path, { rules: [] });
    expect(last.body.errors).toMatchObject([
      { pointer: "/rules", code: "activation_needs_criterion" },
    ]);
  });

  it("two that are added at once are both there", async () => {
    const { make, send } = await given();
    const path = `/badges/${(await make()).body.id}/criteria`;
    const replies = await Promise.all([
      send("POST", path, { type: "cohort", params: { cohort_1: "1" } }),
      send("POST", path, { type: "profile", params: { field_phone: "phone" } }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    const { rules: there } = (await send("GET", path)).body as ShownList;
    expect(there.map(({ type }) => type).sort()).toEqual(["cohort", "manual", "profile"]);
  });

  it("412 where the badge is another than the caller has seen", async () => {
    const { make, send } = await given();
    const made = await make();
    const path = `/badges/${made.body.id}`;
    const seen = { "if-match": (await send("GET", path)).headers.get("etag") ?? "" };
    expect((await send("PATCH", path, { sort_order: 3 })).status).toBe(200);
    const refused = await send("PUT", `${path}/criteria`, { rules: [] }, seen);
    expect(refused.status).toBe(412);
  });
});
