// Metrics over the API: those that are always there, and an organization's own.
import { describe, expect, it } from "vitest";
import { criteria, criterionParams } from "../../src/db/criteria.ts";
import { newId } from "../../src/ids.ts";
import { testApp } from "../app.ts";
import { givenApiKey, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { asking, everything } from "./ask.ts";

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization));
  const { user } = await givenPerson(t.env, organization);
  return { t, organization, ask, user };
}

const PAGES = { name: "pages_translated", kind: "sum", label: "Pages translated" };

describe("metrics", () => {
  it("are those that are always there, and those that were added", async () => {
    const { ask } = await world();
    const before = (await ask("GET", "/metrics")).json.data;
    expect(before.map(({ name, kind }) => [name, kind])).toEqual([
      ["activity_count", "count"],
      ["activity_hours", "sum"],
      ["certification_active", "state"],
      ["recruiting_milestone", "count"],
      ["training_completion", "count"],
    ]);
    const made = await ask("POST", "/metrics", { body: PAGES });
    expect([made.status, made.json]).toEqual([201, PAGES]);
    expect((await ask("GET", "/metrics")).json.data).toContainEqual(PAGES);
  });

  it("may be named by events from then on, each as its kind has it", async () => {
    const { t, ask, user } = await world();
    const licence = { name: "licence", kind: "state", label: "Licence" };
    const event = { id: "a", user: user.id, metric: PAGES.name, quantity: 1.25 };
    const state = { id: "b", user: user.id, fact: "state.started", key: "licence" };
    const send = () => ask("POST", "/events", { body: { events: [event, state] } });
    const early = await send();
    expect(early.json.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["/events/0/metric", "metric_unknown"],
      ["/events/1/key", "metric_unknown"],
    ]);
    for (const body of [PAGES, licence]) {
      expect((await ask("POST", "/metrics", { body })).status).toBe(201);
    }
    expect((await send()).json).toEqual({ stored: 2, repeated: 0 });
    const { rows } = await t.env.db.read({
      sql: "select metric, count, total from metric_totals",
      params: [],
    });
    expect(rows).toEqual([[PAGES.name, 1, 1_250]]);
  });

  it.each([
    "activity_count",
    "certification_active",
    "streak_days",
    "streak_weeks",
    "streak_length",
    PAGES.name,
  ])("of the name %s there is only one", async (name) => {
    const { t, ask } = await world();
    await ask("POST", "/metrics", { body: PAGES });
    const before = await everything(t);
    const said = await ask("POST", "/metrics", { body: { ...PAGES, name } });
    expect([said.status, said.json.code]).toEqual([409, "metric-name-taken"]);
    expect(await everything(t)).toBe(before);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["a name in capitals", { name: "Pages" }, "/name", "metric_name_format"],
    ["a name with a hyphen", { name: "pages-read" }, "/name", "metric_name_format"],
    ["a name that begins with a digit", { name: "5k" }, "/name", "metric_name_format"],
    ["a name too long", { name: "p".repeat(65) }, "/name", "too_large"],
    ["an unknown kind", { kind: "mean" }, "/kind", "invalid_value"],
    ["no label", { label: "" }, "/label", "too_small"],
  ])("refuse %s", async (_name, over, pointer, code) => {
    const { ask } = await world();
    const said = await ask("POST", "/metrics", { body: { ...PAGES, ...over } });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ pointer, code }]);
  });

  it("take a name of 64 characters", async () => {
    const { ask } = await world();
    const said = await ask("POST", "/metrics", { body: { ...PAGES, name: "p".repeat(64) } });
    expect(said.status).toBe(201);
  });

  it("go while nothing rests on them", async () => {
    const { ask } = await world();
    await ask("POST", "/metrics", { body: PAGES });
    expect((await ask("DELETE", `/metrics/${PAGES.name}`)).status).toBe(204);
    expect((await ask("DELETE", `/metrics/${PAGES.name}`)).status).toBe(404);
    expect((await ask("DELETE", "/metrics/activity_count")).status).toBe(404);
  });

  it("stay while something was counted", async () => {
    const { t, ask, user } = await world();
    await ask("POST", "/metrics", { body: PAGES });
    await ask("POST", "/events", { body: { id: "a", user: user.id, metric: PAGES.name } });
    const before = await everything(t);
    const said = await ask("DELETE", `/metrics/${PAGES.name}`);
    expect([said.status, said.json.code]).toEqual([409, "metric-in-use"]);
    expect(await everything(t)).toBe(before);
  });

  it("stay while a badge asks for them", async () => {
    const { t, organization, ask } = await world();
    await ask("POST", "/metrics", { body: PAGES });
    const { env } = t;
    const badge = await givenBadge(env, organization, { status: "inactive" });
    const id = newId(env);
    await env.db.batch([
      env.db.orm.insert(criteria).values({ id, badge_id: badge.id, criteria_type: "metric" }),
      env.db.orm
        .insert(criterionParams)
        .values({ id: newId(env), crit_id: id, name: `metric_${PAGES.name}`, value: "3" }),
    ]);
    const said = await ask("DELETE", `/metrics/${PAGES.name}`);
    expect([said.status, said.json.code]).toEqual([409, "metric-in-use"]);
  });
});
