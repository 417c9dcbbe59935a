// /admin/audit: who did what, in words, by filters, page by page, and as a file.
import { describe, expect, it } from "vitest";
import { newId } from "../../src/ids.ts";
import { testApp } from "../app.ts";
import { givenBadge } from "../given.ts";
import { administrating, textOf } from "./administrating.ts";

async function world() {
  const app = await testApp();
  const at = await administrating(app);
  const badge = await givenBadge(app.env, at.organization, { name: "Bridge <Builder>" });
  const entries = async (
    given: readonly (readonly [action: string, kind: string, id: string])[],
  ) => {
    const writes = given.map(([action, kind, id]) => {
      app.clock.advance(60_000);
      return {
        sql: `INSERT INTO audit_log (id, organization_id, at, actor_kind, actor_id, action, object_kind, object_id)
          VALUES (?, ?, ?, 'user', ?, ?, ?, ?)`,
        params: [
          newId(app.env),
          at.organization.id,
          app.clock.now,
          at.person.user.id,
          action,
          kind,
          id,
        ],
      };
    });
    await app.env.db.batch(writes);
  };
  const list = async (query = "") => (await at.browser.get(`/admin/audit${query}`)).text();
  return { ...at, app, badge, entries, list };
}

describe("the list", () => {
  it("names who did what to what, in words, with a link to each", async () => {
    const { badge, entries, list, person } = await world();
    await entries([
      ["badge.archived", "badge", badge.id],
      ["badge.unheard_of", "badge", badge.id],
      ["user.created", "user", person.user.id],
    ]);
    const html = await list();
    const text = textOf(html);
    expect(text).toContain("Badge archived");
    expect(text).toContain("badge.unheard_of");
    expect(text).toContain("Ada Lovelace");
    expect(html).toContain("Bridge &lt;Builder&gt;");
    expect(html).toContain(`href="/admin/badges/${badge.id}"`);
    expect(html).toContain(`href="/admin/people/${person.user.id}"`);
    expect(html).toContain(`href="/admin/audit?object=${badge.id}"`);
    expect(html).toContain(`href="/admin/audit?actor=${person.user.id}"`);
  });

  it.each([
    ["?action=badge", ["Badge archived"]],
    ["?action=user&actor=nobody", []],
    ["?since=2026-10-05", []],
    ["?since=2026-10-04&until=2026-10-04", ["Badge archived", "Person added"]],
    ["?until=2026-10-03", []],
  ])("%s", async (query, shown) => {
    const { badge, entries, list, person } = await world();
    await entries([
      ["badge.archived", "badge", badge.id],
      ["user.created", "user", person.user.id],
    ]);
    const text = textOf(await list(query));
    for (const words of ["Badge archived", "Person added"]) {
      expect([words, text.includes(words)]).toEqual([words, (shown as string[]).includes(words)]);
    }
    if (shown.length === 0) expect(text).toContain("There is no such entry.");
  });

  it("goes on where a page ends, with its filters, and offers the same as a file", async () => {
    const { badge, entries, list } = await world();
    await entries(Array.from({ length: 60 }, () => ["badge.changed", "badge", badge.id] as const));
    const html = await list("?action=badge&since=2026-10-04");
    expect(html.match(/Badge changed/g)).toHaveLength(50);
    expect(html).toContain('href="/admin/audit.csv?action=badge&amp;since=2026-10-04"');
    const next = /href="([^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("action=badge&since=2026-10-04&cursor=");
    const older = await list(next.replace("/admin/audit", ""));
    expect(older.match(/Badge changed/g)).toHaveLength(10);
    expect(older).toContain('href="/admin/audit?action=badge&amp;since=2026-10-04"');
  });

  it.each(["?action=DROP", "?since=yesterday", "?cursor=x"])(
    "shows everything where %s cannot be read, and says so",
    async (query) => {
      const { badge, entries, browser } = await world();
      await entries([["badge.archived", "badge", badge.id]]);
      const said = await browser.get(`/admin/audit${query}`);
      expect(said.status).toBe(422);
      const text = textOf(await said.text());
      expect(text).toContain("This filter cannot be read.");
      expect(text).toContain("Badge archived");
    },
  );
});

it("the file is what the filters say, and no cache keeps it", async () => {
  const { badge, entries, browser, person } = await world();
  await entries([
    ["badge.archived", "badge", badge.id],
    ["user.created", "user", person.user.id],
  ]);
  const file = await browser.get("/admin/audit.csv?action=user&until=2026-10-04");
  expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(file.headers.get("cache-control")).toContain("no-store");
  const lines = (await file.text()).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("user.created");
  expect((await browser.get("/admin/audit.csv?since=never")).status).toBe(422);
});
