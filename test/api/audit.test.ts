// The audit over the API: whose entries, which of them, page by page, and the same as a file.
import { describe, expect, it } from "vitest";
import { AUDIT_WINDOW } from "../../src/db/audit-list.ts";
import { newId } from "../../src/ids.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { type Ask, asking } from "./ask.ts";

interface World {
  readonly t: TestApp;
  readonly organizationId: string;
  readonly ask: Ask;
  /** Entries in the order given, a second apart. */
  entries(given: readonly Partial<Entry>[]): Promise<void>;
}

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly object: readonly [string, string];
  readonly organization: string | null;
  readonly detail: string;
}

async function world(): Promise<World> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return {
    t,
    organizationId: organization.id,
    ask: asking(t, await givenApiKey(t.env, organization)),
    async entries(given) {
      const writes = given.map((one) => {
        t.clock.advance(1_000);
        const { action = "badge.created", actor = "ada", detail = null } = one;
        const [kind, id] = one.object ?? ["badge", "b1"];
        const whose = one.organization === undefined ? organization.id : one.organization;
        return {
          sql: `INSERT INTO audit_log (id, organization_id, at, actor_kind, actor_id, action, object_kind, object_id, detail)
            VALUES (?, ?, ?, 'user', ?, ?, ?, ?, ?)`,
          params: [newId(t.env), whose, t.clock.now, actor, action, kind, id, detail],
        };
      });
      await t.env.db.batch(writes);
    },
  };
}

async function actionsOf(ask: Ask, query: string): Promise<unknown[]> {
  const { json } = await ask("GET", `/audit?${query}`);
  return json.data.map(({ action }) => action);
}

describe("GET /audit", () => {
  it("lists what was done in the organization, newest first, each once", async () => {
    const w = await world();
    const other = await givenOrganization(w.t.env);
    await w.entries([
      { action: "badge.created" },
      { action: "badge.activated", organization: other.id },
      { action: "api_key.created", organization: null },
      { action: "badge.archived", detail: '{"version":2}' },
      { action: "user.created", object: ["user", "u1"] },
    ]);
    const first = await w.ask("GET", "/audit?limit=2");
    expect(first.json.data.map(({ action }) => action)).toEqual(["user.created", "badge.archived"]);
    expect(first.json.data[1]).toEqual({
      id: expect.any(String),
      at: "2026-10-04T14:02:04.000Z",
      actor: { kind: "user", id: "ada" },
      action: "badge.archived",
      object: { kind: "badge", id: "b1" },
      detail: { version: 2 },
    });
    const next = await w.ask("GET", `/audit?limit=2&cursor=${first.json.next_cursor}`);
    expect(next.json.data.map(({ action }) => action)).toEqual(["badge.created"]);
    expect(next.json.next_cursor).toBeNull();
    expect(first.headers.get("link")).toContain('rel="next"');
  });

  it.each([
    ["action=badge.created", ["badge.created"]],
    ["action=badge", ["badge.archived", "badge.created"]],
    ["action=bad", []],
    ["actor=kim", ["badge.archived"]],
    ["object=u1", ["user.created"]],
    ["object=u1&action=badge", []],
    ["since=2026-10-04T14:02:02Z", ["user.created", "badge.archived"]],
    ["until=2026-10-04T14:02:02Z", ["badge.created"]],
    ["since=2026-10-04T14:02:02Z&until=2026-10-04T14:02:03Z", ["badge.archived"]],
  ])("%s", async (query, actions) => {
    const w = await world();
    await w.entries([
      { action: "badge.created" },
      { action: "badge.archived", actor: "kim", object: ["badge", "b2"] },
      { action: "user.created", object: ["user", "u1"] },
    ]);
    expect(await actionsOf(w.ask, query)).toEqual(actions);
  });

  it("finds what is rarer than one read looks through by reading on", async () => {
    const w = await world();
    await w.entries([{ action: "organization.created" }]);
    w.t.clock.advance(1_000);
    const first = newId(w.t.env);
    await w.t.env.db.batch([
      {
        sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${AUDIT_WINDOW})
          INSERT INTO audit_log (id, organization_id, at, actor_kind, action, object_kind, object_id)
          SELECT substr(?, 1, 24) || printf('%012d', i), ?, ?, 'system', 'award.created', 'award', i FROM n`,
        params: [first, w.organizationId, w.t.clock.now],
      },
    ]);
    const page = await w.ask("GET", "/audit?action=organization.created");
    expect(page.json.data).toEqual([]);
    expect(page.json.next_cursor).not.toBeNull();
    const next = await w.ask(
      "GET",
      `/audit?action=organization.created&cursor=${page.json.next_cursor}`,
    );
    expect(next.json.data).toHaveLength(1);
    expect(next.json.next_cursor).toBeNull();
  });

  it("shows a key of the site the installation's own entries", async () => {
    const w = await world();
    await w.entries([
      { action: "backpack.added", organization: null },
      { action: "badge.created" },
    ]);
    const site = asking(w.t, await givenApiKey(w.t.env, null));
    expect(await actionsOf(site, "")).toEqual(["backpack.added"]);
  });

  it.each(["action=Badge", "action=a.b.c", "since=yesterday", "cursor=abc", "limit=0", "who=ada"])(
    "refuses %s",
    async (query) => {
      const { ask } = await world();
      expect((await ask("GET", `/audit?${query}`)).status).toBe(422);
    },
  );

  it("is for whoever has the scope", async () => {
    const { t } = await world();
    const organization = await givenOrganization(t.env);
    const without = asking(t, await givenApiKey(t.env, organization, ["badges:read"]));
    expect((await without("GET", "/audit")).status).toBe(403);
    expect((await without("GET", "/audit.csv")).status).toBe(403);
    const having = asking(t, await givenApiKey(t.env, organization, ["audit:read"]));
    expect((await having("GET", "/audit")).status).toBe(200);
  });
});

describe("GET /audit.csv", () => {
  it("is all of it, as a file no spreadsheet runs", async () => {
    const w = await world();
    await w.entries([
      { detail: '{"name":"a,b"}' },
      { actor: "=cmd()", action: "badge.archived" },
      ...Array.from({ length: 600 }, () => ({ action: "user.changed" })),
    ]);
    const file = await w.ask("GET", "/audit.csv?action=badge");
    expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="audit.csv"');
    expect(file.text.replace(/^\uFEFF/, "").split("\r\n")).toEqual([
      "at,actor_kind,actor,action,object_kind,object,detail",
      "2026-10-04T14:02:02.000Z,user,'=cmd(),badge.archived,badge,b1,",
      '2026-10-04T14:02:01.000Z,user,ada,badge.created,badge,b1,"{""name"":""a,b""}"',
      "",
    ]);
    const whole = await w.ask("GET", "/audit.csv");
    expect(whole.text.split("\r\n")).toHaveLength(604);
  });
});
