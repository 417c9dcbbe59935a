// A button that a recipient presses twice: what is done is done once, and either answer leads to the same page.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { claiming, fieldsOf } from "../claim/claiming.ts";
import { ownWorld } from "./own.ts";

async function locations(press: () => Promise<Response>) {
  const answers = [...(await Promise.all([press(), press()])), await press()];
  return answers.map(({ status, headers }) => [status, headers.get("location")]);
}

const thrice = (location: string) => [1, 2, 3].map(() => [303, location]);

describe("pressed twice at once, and once more", () => {
  it.each([
    ["Accept", "/me/accept", "accepted"],
    ["Not mine", "/me/decline", "declined"],
    ["Hide", "/me/visibility", "hidden"],
  ])("%s", async (_name, path, done) => {
    const w = await ownWorld();
    const { award, badge } = await w.held("Night School", { claim_state: "unclaimed" });
    const fields = { award: award.id, badge: badge.id, visible: "false" };
    expect(await locations(() => w.browser.post(path, fields))).toEqual(thrice(`/me?done=${done}`));
    const sql = "select count(*) from audit_log where object_kind = 'award'";
    expect((await w.t.env.db.read({ sql, params: [] })).rows).toEqual([[1]]);
  });

  it("a public page is chosen", async () => {
    const { browser, t } = await ownWorld();
    const fields = { name: "Noor H.", slug: "noor-h", visibility: "on" };
    expect(await locations(() => browser.post("/me/profile", fields))).toEqual(
      thrice("/me/profile?done=kept"),
    );
    expect((await t.request("/p/noor-h")).status).toBe(200);
  });

  it("a code is used: one badge, and the code counts one", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t, { max_claims: 5 });
    const { browser } = await stranger("kim@example.net");
    const fields = fieldsOf(await (await browser.get(path)).text());
    const press = () => browser.post(path, fields);
    const answers = [...(await Promise.all([press(), press()])), await press()];
    const shown = answers.map(async (answer) => {
      const location = answer.headers.get("location");
      const page = location === null ? answer : await browser.get(location);
      return [page.status, /<h1[^>]*>(.*?)<\/h1>/s.exec(await page.text())?.[1]];
    });
    const [first, ...later] = await Promise.all(shown);
    expect(first?.[0]).toBe(200);
    expect(later).toEqual([first, first]);
    const sql = "select claims, (select count(*) from badge_issues) from claim_codes";
    expect((await t.env.db.read({ sql, params: [] })).rows).toEqual([[1, 1]]);
  });
});
