// Showing and hiding an award over the API: the record answers on, and everything else leaves it out.
import { describe, expect, it } from "vitest";
import { listHeldBadges } from "../../src/db/held-badges.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenClient, growth, rowCounts } from "./client.ts";

async function given() {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenBadge(t.env, client.organization);
  const person = await givenPerson(t.env, client.organization);
  const award = await givenAward(t.env, badge, person);
  const set = (body: unknown, headers: Record<string, string> = {}, id = award.id) =>
    client.send("PUT", `/awards/${id}/visibility`, body, headers);
  const page = async () => {
    const response = await t.request(`/b/${award.unique_hash}`, {
      headers: { accept: "text/html" },
    });
    return response.text();
  };
  return { t, ...client, person, award, set, page };
}

describe("PUT /awards/{id}/visibility", () => {
  it("visibility_toggle_restricted_to_owner: a key with awards:write hides and shows, audited", async () => {
    const { t, send, award, set } = await given();
    const was = await send("GET", `/awards/${award.id}`);
    const before = await rowCounts(t);
    const hidden = await set({ visible: false });
    expect(hidden.status).toBe(200);
    expect(hidden.body).toEqual({ ...was.body, is_visible: false });
    expect((await send("GET", `/awards/${award.unique_hash}`)).body).toEqual(hidden.body);
    // Again, and by its hash: nothing more to do.
    expect((await set({ visible: false }, {}, award.unique_hash)).body).toEqual(hidden.body);
    const shown = await set({ visible: true });
    expect(shown.body).toEqual(was.body);
    expect(growth(before, await rowCounts(t))).toEqual({ audit_log: 2 });
    const { rows } = await t.env.db.read({
      sql: "select action, object_id from audit_log where object_kind = 'award' order by rowid",
      params: [],
    });
    expect(rows).toEqual([
      ["award.hidden", award.id],
      ["award.shown", award.id],
    ]);
  });

  it("hidden, the record and its revision stay; page, search engines and lists leave it out", async () => {
    const { t, person, award, set, page } = await given();
    const record = async () => {
      const response = await t.request(`/ob/v2/assertions/${award.unique_hash}`);
      return [response.status, response.headers.get("etag"), await response.text()];
    };
    const listed = async () =>
      (await listHeldBadges(t.env.db, person.user.id, { limit: 9, offset: 0, since: null })).total;
    const said = await record();
    expect(said[0]).toBe(200);
    expect(await page()).toContain("Noor Haddad");
    await set({ visible: false });
    expect(await record()).toEqual(said);
    const html = await page();
    expect(html).not.toContain("Noor");
    expect(html).toContain('name="robots" content="noindex"');
    const { rows } = await t.env.db.read({ sql: "select revision from badge_issues", params: [] });
    expect(rows).toEqual([[1]]);
    expect(await listed()).toBe(0);
    await set({ visible: true });
    expect(await page()).toContain("Noor Haddad");
  });

  it("412 where it is no longer what the caller read", async () => {
    const { t, send, award, set } = await given();
    const etag = (await send("GET", `/awards/${award.id}`)).headers.get("etag") ?? "";
    expect((await set({ visible: false }, { "if-match": etag })).status).toBe(200);
    const before = await rowCounts(t);
    expect((await set({ visible: true }, { "if-match": etag })).status).toBe(412);
    expect(await rowCounts(t)).toEqual(before);
  });

  it("opposite wishes at once: each is done or finds it done, and the log tells the same", async () => {
    const { t, send, award, set } = await given();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => set({ visible: i % 2 === 0 })),
    );
    for (const { status } of replies) expect([200, 409]).toContain(status);
    const { rows } = await t.env.db.read({
      sql: "select action from audit_log where object_kind = 'award' order by rowid",
      params: [],
    });
    const deeds = rows.flat();
    for (const [i, deed] of deeds.entries()) {
      expect(deed).toBe(i % 2 === 0 ? "award.hidden" : "award.shown");
    }
    const { body } = await send("GET", `/awards/${award.id}`);
    expect(body.is_visible).toBe(deeds.length % 2 === 0);
  });

  it.each([
    ["required", {}],
    ["wrong_type", { visible: "false" }],
    ["wrong_type", { visible: 0 }],
    ["unknown_field", { visible: true, until: "noon" }],
  ])("422 %s for %j", async (code, body) => {
    const { t, set } = await given();
    const before = await rowCounts(t);
    const refused = await set(body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ code });
    expect(await rowCounts(t)).toEqual(before);
  });

  it("404 for another organization's award, as for none", async () => {
    const { t, set } = await given();
    const elsewhere = await givenOrganization(t.env);
    const badge = await givenBadge(t.env, elsewhere);
    const foreign = await givenAward(t.env, badge, await givenPerson(t.env, elsewhere));
    for (const id of [foreign.id, foreign.unique_hash, "none"]) {
      expect((await set({ visible: false }, {}, id)).status).toBe(404);
    }
    const { rows } = await t.env.db.read({
      sql: "select distinct visible from badge_issues",
      params: [],
    });
    expect(rows).toEqual([[1]]);
  });

  it("401 without a key, 403 without the scope, 405 for another method, 415 for no JSON", async () => {
    const t = await testApp();
    const { send } = await givenClient(t, ["awards:read"]);
    const path = "/awards/x/visibility";
    const reading = await send("PUT", path, { visible: false });
    expect([reading.status, reading.body.code]).toEqual([403, "insufficient-scope"]);
    const bare = await t.request(`/api/v1${path}`, { method: "PUT", body: "{}" });
    expect(bare.status).toBe(401);
    const other = await send("POST", path, {});
    expect([other.status, other.headers.get("allow")]).toEqual([405, "PUT"]);
    const writer = await givenClient(t);
    const text = await writer.send("PUT", path, {}, { "content-type": "text/plain" });
    expect(text.status).toBe(415);
  });
});
