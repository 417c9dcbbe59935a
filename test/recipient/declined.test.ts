// What a coordinator does with awards that are said to be somebody else's.
import { describe, expect, it } from "vitest";
import { givenAward, givenBadge, givenCriteria, givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { type OwnWorld, openPage, ownWorld } from "./own.ts";

const PATH = "/award/declined";

async function declined() {
  const w = await ownWorld();
  const { award, badge } = await w.held("First Session");
  await w.browser.post("/me/decline", { award: award.id });
  return { w, award, badge };
}

async function as(w: OwnWorld, roles: string[]): Promise<SignedInBrowser> {
  const person = await givenPerson(w.t.env, w.organization, { roles });
  return signedIn(w.t, person.user.id);
}

async function stateOf(w: OwnWorld, id: string) {
  const sql = "select claim_state, visible, revocation_reason from badge_issues where id = ?";
  return (await w.t.env.db.read({ sql, params: [id] })).rows[0];
}

describe("the list", () => {
  it("names the award and its badge, and nobody", async () => {
    const { w, award } = await declined();
    const { html, text } = await openPage(await as(w, ["coordinator"]), PATH);
    expect(text).toContain(award.id);
    expect(text).toContain("First Session");
    expect(html.slice(html.indexOf("<main"))).not.toMatch(/Noor|noor@example\.org/);
  });

  it("is for coordinators and administrators, each of their own organization", async () => {
    const { w, award } = await declined();
    expect((await w.browser.get(PATH)).status).toBe(403);
    const elsewhere = await givenOrganization(w.t.env);
    const there = await givenPerson(w.t.env, elsewhere, { roles: ["coordinator"] });
    const browser = await signedIn(w.t, there.user.id);
    expect((await openPage(browser, PATH)).text).toContain("Nobody says that an award is not");
    for (const act of ["uphold", "revoke"]) {
      const sent = await browser.post(PATH, { award: award.id, act, reason: "x" });
      expect(sent.status).toBe(404);
    }
    expect(await stateOf(w, award.id)).toEqual(["declined", 0, null]);
  });

  it("says among the nominations that something waits", async () => {
    const { w } = await declined();
    const { html } = await openPage(await as(w, ["coordinator"]), "/award/nominations");
    expect(html).toContain(`href="${PATH}"`);
  });

  it("goes on behind a link, and other methods are refused", async () => {
    const w = await ownWorld();
    const badge = await w.badge();
    for (let i = 1; i <= 26; i++) {
      const over = { award_slot: `r${i}`, claim_state: "declined", visible: false } as const;
      await givenAward(w.t.env, badge, w.noor, over);
    }
    const coordinator = await as(w, ["coordinator"]);
    const first = await openPage(coordinator, PATH);
    expect(first.html.match(/<li class="sheet">/g)).toHaveLength(25);
    const [, next = ""] = /href="(\/award\/declined\?cursor=[^"]+)"/.exec(first.html) ?? [];
    expect((await openPage(coordinator, next)).html.match(/<li class="sheet">/g)).toHaveLength(1);
    const put = await w.t.request(PATH, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("deciding", () => {
  it("it is right: it is shown again, for its recipient to accept", async () => {
    const { w, award } = await declined();
    const administrator = await as(w, ["organization_administrator"]);
    const sent = await administrator.post(PATH, { award: award.id, act: "uphold" });
    expect(sent.headers.get("location")).toBe(`${PATH}?done=upheld`);
    expect(await stateOf(w, award.id)).toEqual(["unclaimed", 1, null]);
  });

  it("revoked, with a reason that must be given", async () => {
    const { w, award } = await declined();
    const administrator = await as(w, ["organization_administrator"]);
    const empty = await administrator.post(PATH, { award: award.id, act: "revoke", reason: " " });
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain('aria-invalid="true"');
    const fields = { award: award.id, act: "revoke", [`reason-${award.id}`]: "Not theirs." };
    const sent = await administrator.post(PATH, fields);
    expect(sent.headers.get("location")).toBe(`${PATH}?done=revoked`);
    expect(await stateOf(w, award.id)).toEqual(["declined", 0, "Not theirs."]);
  });

  it("a coordinator decides on awards that coordinators gave, and is told so of others", async () => {
    const { w, award } = await declined();
    const coordinator = await givenPerson(w.t.env, w.organization, { roles: ["coordinator"] });
    const browser = await signedIn(w.t, coordinator.user.id);
    const refused = await browser.post(PATH, { award: award.id, act: "uphold" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('role="alert"');
    const badge = await givenBadge(w.t.env, w.organization);
    await givenCriteria(w.t.env, badge);
    const own = await givenAward(w.t.env, badge, w.noor, {
      awarded_by: "coordinator",
      awarded_by_user_id: coordinator.user.id,
      claim_state: "declined",
      visible: false,
    });
    const sent = await browser.post(PATH, { award: own.id, act: "uphold" });
    expect(sent.headers.get("location")).toBe(`${PATH}?done=upheld`);
  });

  it("only with the page's own form", async () => {
    const { w, award } = await declined();
    const administrator = await as(w, ["organization_administrator"]);
    const fields = { award: award.id, act: "uphold", form_token: "made-up" };
    expect((await administrator.post(PATH, fields)).status).toBe(403);
  });
});
