// Who may see and do what at the desk of badges: every address, every role, and another organization's badge.
import { describe, expect, it } from "vitest";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { badgeWorld } from "./badge-world.ts";

const ONE = "/admin/badges/BADGE";

const GETS = [
  "/admin/badges",
  "/admin/badges/new",
  "/admin/badges/art",
  "/admin/badges/art.svg",
  ONE,
  `${ONE}/edit`,
  `${ONE}/funnel`,
  `${ONE}/versions`,
  `${ONE}/endorsements`,
  `${ONE}/json`,
  `${ONE}/archive`,
  `${ONE}/delete`,
  `${ONE}/purge`,
  `${ONE}/awards.csv`,
  `${ONE}/awards/AWARD/correct`,
] as const;

const POSTS = [
  "/admin/badges/new",
  `${ONE}/edit`,
  `${ONE}/activate`,
  `${ONE}/deactivate`,
  `${ONE}/clone`,
  `${ONE}/count`,
  `${ONE}/archive`,
  `${ONE}/delete`,
  `${ONE}/purge`,
  `${ONE}/withdraw-endorsement`,
  `${ONE}/awards/revoke`,
  `${ONE}/awards/renew`,
  `${ONE}/awards/resend`,
  `${ONE}/awards/hide`,
  `${ONE}/awards/show`,
  `${ONE}/awards/AWARD/correct`,
] as const;

async function stage() {
  const w = await badgeWorld();
  const badge = await givenBadge(w.env, w.organization, { status: "active_locked" });
  const noor = await givenPerson(w.env, w.organization, { name: "Noor Haddad" });
  const award = await givenAward(w.env, badge, noor);
  const cora = await givenPerson(w.env, w.organization, { roles: ["coordinator"] });
  const there = await givenOrganization(w.env);
  const theirs = await givenBadge(w.env, there);
  const foreign = await givenAward(w.env, theirs, await givenPerson(w.env, there));
  const filled = (path: string) => path.replace("BADGE", badge.id).replace("AWARD", award.id);
  const elsewhere = (path: string) => path.replace("BADGE", theirs.id).replace("AWARD", foreign.id);
  const counts = async () => {
    const tables = ["badges", "badge_issues", "audit_log", "evaluations", "notifications"];
    const found = await Promise.all(
      tables.map((table) => w.env.db.read({ sql: `SELECT count(*) FROM ${table}`, params: [] })),
    );
    return found.map(({ rows }) => Number(rows[0]?.[0]));
  };
  return { w, noor, cora, filled, elsewhere, counts };
}

describe("the desk of badges", () => {
  it("is an administrator's: every page answers", async () => {
    const { w, filled } = await stage();
    for (const path of GETS) {
      const answer = await w.desk.get(filled(path));
      await answer.text();
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  it("nobody else's: 403 for a coordinator and a member, and nothing is written", async () => {
    const { w, noor, cora, filled, counts } = await stage();
    for (const { user } of [noor, cora]) {
      const browser = await signedIn(w.app, user.id);
      const before = await counts();
      for (const path of GETS) {
        expect([path, (await browser.get(filled(path))).status]).toEqual([path, 403]);
      }
      for (const path of POSTS) {
        expect([path, (await browser.post(filled(path))).status]).toEqual([path, 403]);
      }
      expect(await counts()).toEqual(before);
    }
  });

  it("leads strangers to sign in", async () => {
    const { w, filled } = await stage();
    for (const path of GETS) {
      const answer = await w.app.request(filled(path), { headers: { accept: "text/html" } });
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.get("location")).toMatch(/^\/login/);
    }
  });

  it("another organization's badge is as unknown as one that is not there", async () => {
    const { w, elsewhere, counts } = await stage();
    const before = await counts();
    for (const path of GETS.filter((one) => one.includes("BADGE"))) {
      for (const asked of [elsewhere(path), path]) {
        expect([asked, (await w.desk.get(asked)).status]).toEqual([asked, 404]);
      }
    }
    for (const path of POSTS.filter((one) => one.includes("BADGE"))) {
      for (const asked of [elsewhere(path), path]) {
        expect([asked, (await w.desk.post(asked)).status]).toEqual([asked, 404]);
      }
    }
    expect(await counts()).toEqual(before);
  });

  it("403 for a form that no page of this session sent", async () => {
    const { w, filled, counts } = await stage();
    const before = await counts();
    for (const path of POSTS) {
      const answer = await w.desk.post(filled(path), { form_token: "forged" });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await counts()).toEqual(before);
  });

  it("405 for other methods, with those that there are; 404 where there is nothing", async () => {
    const { w, filled } = await stage();
    for (const path of GETS) {
      const answer = await w.app.request(filled(path), { method: "DELETE" });
      expect([path, answer.status]).toEqual([path, 405]);
      expect(answer.headers.get("allow")).toContain("GET");
    }
    const nowhere = await w.desk.get(filled(`${ONE}/nothing`));
    expect(nowhere.status).toBe(404);
    expect((await w.desk.post(filled(`${ONE}/awards/eat`))).status).toBe(404);
  });

  it("HEAD answers as GET, without a body", async () => {
    const { w, filled } = await stage();
    for (const path of GETS) {
      const answer = await w.app.request(filled(path), {
        method: "HEAD",
        headers: { accept: "text/html", cookie: w.desk.cookie },
      });
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, ""]);
    }
  });
});

describe("the list", () => {
  it("is searched by words, category and state; signs that mean something in SQL mean themselves", async () => {
    const { w } = await stage();
    await givenBadge(w.env, w.organization, { name: "100% Attendance", category: "certification" });
    await givenBadge(w.env, w.organization, { name: "Old One", status: "archived" });
    const shown = async (query: string) => {
      const page = await (await w.desk.get(`/admin/badges${query}`)).text();
      return [...page.matchAll(/<span lang="en" dir="auto">([^<]+)</g)].map(([, name]) => name);
    };
    expect(await shown("?q=100%25")).toEqual(["100% Attendance"]);
    expect(await shown("?q=attend")).toEqual(["100% Attendance"]);
    expect(await shown("?q=_")).toEqual([]);
    expect(await shown("?category=certification")).toEqual(["100% Attendance"]);
    expect(await shown("?status=archived")).toEqual(["Old One"]);
    expect(await shown("")).not.toContain("Old One");
    expect(await shown("?status=nonsense&category=x")).toHaveLength(2);
  });

  it("an organization without badges is told how to begin", async () => {
    const w = await badgeWorld();
    const page = await (await w.desk.get("/admin/badges")).text();
    expect(page).toContain("There are no badges yet.");
    expect(page).toContain('href="/admin/badges/new"');
  });

  it("speaks German to who reads German", async () => {
    const w = await badgeWorld();
    const page = await (await w.desk.get("/admin/badges?lang=de")).text();
    expect(page).toContain("Es gibt noch keine Badges.");
  });
});
