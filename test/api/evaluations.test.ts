// Evaluations over the API: one person at once, everybody as a job, dry runs, and a badge that becomes active.
import { describe, expect, it } from "vitest";
import { type TestApp, testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import {
  awardsOf,
  countedQuietly,
  counts,
  evaluate,
  givenRuled,
} from "../issuer/evaluation-world.ts";
import { type Client, givenClient, growth, rowCounts } from "./client.ts";

interface Stage extends Client {
  readonly t: TestApp;
  readonly people: readonly string[];
}

/** Four people with one to four activities. */
async function stage(): Promise<Stage> {
  const t = await testApp();
  const client = await givenClient(t);
  const people: string[] = [];
  for (let i = 1; i <= 4; i++) {
    const { user } = await givenPerson(t.env, client.organization);
    await countedQuietly(t.env, client.organization, user.id, i);
    people.push(user.id);
  }
  return { t, ...client, people };
}

/** Ids in the order of their numbers: the clock stands still. */
const idOf = (ordinal: number) => `0193c0de-0000-7000-8000-00000000000${ordinal}`;

describe("POST /evaluations for one person", () => {
  it("200 with what was decided of each badge, and awards at once", async () => {
    const { t, send, organization, people } = await stage();
    const badge = await givenRuled(t.env, organization, {
      rules: [counts(2)],
      over: { id: idOf(1) },
    });
    const other = await givenRuled(t.env, organization, {
      rules: [counts(9)],
      over: { id: idOf(2) },
    });
    const answer = await send("POST", "/evaluations", { user: people[1] });
    const [award] = await awardsOf(t.env);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user: people[1],
      dry_run: false,
      decisions: [
        {
          badge: badge.id,
          name: badge.name,
          awarded: true,
          tier_levels: [],
          awards: [award?.id],
          not_yet: [],
        },
        {
          badge: other.id,
          name: other.name,
          awarded: false,
          tier_levels: [],
          awards: [],
          not_yet: [
            {
              code: "criteria_not_met",
              detail: "What the badge asks for is not reached yet.",
            },
          ],
        },
      ],
    });
    const again = await send("POST", "/evaluations", { user: people[1], badge: badge.id });
    expect(again.body.decisions).toMatchObject([
      { badge: badge.id, awarded: false, not_yet: [{ code: "unique_badge_per_user_per_org" }] },
    ]);
  });

  it("one Idempotency-Key is one evaluation", async () => {
    const { t, send, organization, people } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(1)] });
    const ask = () =>
      send("POST", "/evaluations", { user: people[0] }, { "idempotency-key": "one" });
    const first = await ask();
    expect((await ask()).body).toEqual(first.body);
    expect(await awardsOf(t.env)).toHaveLength(1);
  });

  it("dry_run: says the same, and writes nothing", async () => {
    const { t, send, organization, people } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(1)], tiers: [1, 3, 5] });
    const before = await rowCounts(t);
    const answer = await send("POST", "/evaluations", { user: people[3], dry_run: true });
    expect(answer.body.decisions).toMatchObject([
      { awarded: true, tier_levels: [1, 2], awards: [] },
    ]);
    expect(growth(before, await rowCounts(t))).toEqual({});
  });
});

describe("POST /evaluations for everybody", () => {
  it("202 with an evaluation that says how far it is", async () => {
    const { t, send, organization } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(3)] });
    const begun = await send("POST", "/evaluations", {});
    expect(begun.status).toBe(202);
    expect(begun.headers.get("location")).toBe(`/api/v1/evaluations/${begun.body.id}`);
    expect(begun.body).toEqual({
      id: begun.body.id,
      badge: null,
      dry_run: false,
      reason: "request",
      state: "waiting",
      people: 0,
      found: 0,
      awarded: 0,
      created_at: "2026-10-04T14:02:00.000Z",
      finished_at: null,
    });
    await evaluate(t.env);
    const done = await send("GET", `/evaluations/${begun.body.id}`);
    expect(done.body).toEqual({
      ...begun.body,
      state: "done",
      people: 4,
      found: 2,
      awarded: 2,
      finished_at: "2026-10-04T14:02:00.000Z",
    });
    expect((await send("GET", "/evaluations")).body.data).toEqual([done.body]);
  });

  it("evaluation.completed is announced once it is done, of a dry run too", async () => {
    const { t, send, organization } = await stage();
    await send("POST", "/webhook-endpoints", { url: "https://hooks.example.net/in" });
    await givenRuled(t.env, organization, { rules: [counts(3)] });
    const ids = [];
    for (const dry_run of [true, false]) {
      ids.push((await send("POST", "/evaluations", { dry_run })).body.id);
      await evaluate(t.env);
    }
    const { rows } = await t.env.db.read({
      sql: "SELECT json_extract(data, '$.evaluation') FROM webhook_deliveries WHERE type = 'evaluation.completed' ORDER BY rowid",
      params: [],
    });
    expect(rows.flat()).toEqual(ids);
  });

  it("dry_run: who would get what, a page of people at a time", async () => {
    const { t, send, organization, people } = await stage();
    const badge = await givenRuled(t.env, organization, {
      rules: [counts(2)],
      over: { id: idOf(1) },
    });
    const tiered = await givenRuled(t.env, organization, {
      rules: [counts(1)],
      tiers: [3, 4],
      over: { id: idOf(2) },
    });
    const { body } = await send("POST", "/evaluations", { dry_run: true });
    await evaluate(t.env);
    expect((await send("GET", `/evaluations/${body.id}`)).body).toMatchObject({
      state: "done",
      found: 6,
      awarded: 0,
    });
    const one = { badge: badge.id, tier_level: null };
    const tier = (tier_level: number) => ({ badge: tiered.id, tier_level });
    const expected = [
      { user: people[1], badges: [one] },
      { user: people[2], badges: [one, tier(1)] },
      { user: people[3], badges: [one, tier(1), tier(2)] },
    ].sort((a, b) => ((a.user ?? "") < (b.user ?? "") ? -1 : 1));
    const first = await send("GET", `/evaluations/${body.id}/people?limit=2`);
    expect(first.body.data).toEqual(expected.slice(0, 2));
    const rest = await send(
      "GET",
      `/evaluations/${body.id}/people?limit=2&cursor=${first.body.next_cursor}`,
    );
    expect(rest.body).toMatchObject({ data: expected.slice(2), next_cursor: null });
    expect(await awardsOf(t.env)).toEqual([]);
  });

  it.each([
    ["badge", "org_scope_matches_badge_definition"],
    ["user", "user_id_must_exist"],
  ])("422 for a %s of another organization, as for none", async (name, code) => {
    const { t, send } = await stage();
    const there = await givenClient(t);
    const foreign = {
      badge: (await givenRuled(t.env, there.organization, { rules: [counts(1)] })).id,
      user: (await givenPerson(t.env, there.organization)).user.id,
    };
    for (const id of [foreign[name as keyof typeof foreign], "nothing"]) {
      const answer = await send("POST", "/evaluations", { [name]: id });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ pointer: `/${name}`, code }]);
    }
  });

  it("403 without the scope to award", async () => {
    const t = await testApp();
    const { send } = await givenClient(t, ["awards:read", "badges:write"]);
    expect((await send("POST", "/evaluations", {})).status).toBe(403);
  });
});

describe("a badge that becomes active", () => {
  const NEW = {
    name: "Regular",
    description: "Three activities.",
    criteria: {
      narrative: "Take part three times.",
      rules: [{ type: "metric", params: { metric_activity_count: "3" } }],
    },
  };

  it("is awarded to everybody who meets what it asks for already", async () => {
    const { t, send, people } = await stage();
    const made = await send("POST", "/badges", { ...NEW, is_active: false });
    expect(made.status).toBe(201);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toEqual([]);
    expect((await send("GET", "/evaluations")).body.data).toEqual([]);
    const on = await send("PATCH", `/badges/${made.body.id}`, { is_active: true });
    expect(on.status).toBe(200);
    await evaluate(t.env);
    const held = (await awardsOf(t.env)).map(({ user_id }) => user_id).sort();
    expect(held).toEqual(people.slice(2).sort());
    expect((await send("GET", "/evaluations")).body.data).toMatchObject([
      { reason: "activation", badge: made.body.id, state: "done", awarded: 2 },
    ]);
  });

  it("also when it is active from the first", async () => {
    const { t, send } = await stage();
    expect((await send("POST", "/badges", NEW)).status).toBe(201);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toHaveLength(2);
  });

  it("one that asks for somebody's word alone needs no look at everybody", async () => {
    const { send } = await stage();
    const criteria = { narrative: "Be thanked." };
    expect((await send("POST", "/badges", { ...NEW, criteria })).status).toBe(201);
    expect((await send("GET", "/evaluations")).body.data).toEqual([]);
  });
});

describe("evaluations that would do the same", () => {
  it("are one while it waits for its turn", async () => {
    const { t, send } = await stage();
    const ask = async (wish: object) => (await send("POST", "/evaluations", wish)).body.id;
    const first = await ask({});
    expect(await ask({})).toBe(first);
    expect(await ask({ dry_run: true })).not.toBe(first);
    await evaluate(t.env);
    expect(await ask({})).not.toBe(first);
  });
});

describe("a person who may receive more than before", () => {
  it.each([
    ["active again", { status: "suspended" }, { status: "active" }],
    ["with another role", { roles: ["guest"] }, { roles: ["guest", "member"] }],
  ])("%s is awarded what they have earned", async (_what, before, after) => {
    const { t, send, organization, people } = await stage();
    await givenRuled(t.env, organization, { rules: [counts(4)] });
    const path = `/users/${people[3]}`;
    await send("PATCH", path, before);
    await send("POST", "/evaluations", {});
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toEqual([]);
    await send("PATCH", path, after);
    await evaluate(t.env);
    expect(await awardsOf(t.env)).toHaveLength(1);
  });
});
