// The catalogue and an organization's page in it: who is there, who is not, and how it is searched.
import { describe, expect, it } from "vitest";
import { MAX_SEARCH, PAGE_BADGES, PAGE_PEOPLE } from "../../src/catalog/routes.ts";
import { LOOKED_THROUGH } from "../../src/db/catalog.ts";
import { profiles } from "../../src/db/profiles.ts";
import { TEST_NOW, type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

const HTML = { headers: { accept: "text/html" } };

/** A listed organization and the app. */
async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env, { slug: "northside", is_listed: true });
  const badge = (over: Parameters<typeof givenBadge>[2]) =>
    givenBadge(t.env, organization, { image_id: null, ...over });
  return { t, organization, badge };
}

async function page(t: TestApp, path: string): Promise<string> {
  const response = await t.request(path, HTML);
  expect(response.status).toBe(200);
  return response.text();
}

/** Names on the cards, in their order. */
function cards(html: string): string[] {
  const pattern = /<h3><a href="[^"]*\/criteria"[^>]*>([^<]*)</g;
  return [...html.matchAll(pattern)].map(([, name = ""]) => name);
}

describe("/catalog", () => {
  it("shows active badges of organizations that are listed, the newest first, and no others", async () => {
    const { t, badge } = await world();
    await badge({ name: "Older" });
    t.clock.advance(1);
    await badge({ name: "Newer", status: "active_locked" });
    await badge({ name: "Draft", status: "inactive" });
    await badge({ name: "Disabled", status: "inactive_locked" });
    await badge({ name: "Archived", status: "archived" });
    await badge({ name: "Surprise", is_visible_when_locked: false });
    const quiet = await givenOrganization(t.env, { slug: "quiet", name: "Quiet Club" });
    await givenBadge(t.env, quiet, { name: "Unlisted", image_id: null });
    const html = await page(t, "/catalog");
    expect(cards(html)).toEqual(["Newer", "Older"]);
    for (const hidden of ["Surprise", "Quiet Club", "Unlisted", "Draft"]) {
      expect(html).not.toContain(hidden);
    }
    expect(html).toContain('href="/issuers/northside"');
  });

  it.each([
    ["night", ["Night Walk"]],
    ["NIGHT walk", ["Night Walk"]],
    ["stars", ["Night Walk"]],
    ["safety", ["First Aid"]],
    ["northside", ["First Aid", "Night Walk", "Übung"]],
    ["übung", ["Übung"]],
    ["ÜBUNG", ["Übung"]],
    ["100%", []],
    ["_", []],
    ["night aid", []],
    ["'; drop table badges --", []],
  ])("finds by every word of %j", async (search, names) => {
    const { t, badge } = await world();
    await badge({ name: "Night Walk", description: "Under the stars.", tags: [] });
    await badge({ name: "First Aid", tags: ["safety"] });
    await badge({ name: "Übung", tags: [] });
    const html = await page(t, `/catalog?${new URLSearchParams({ q: search })}`);
    expect(cards(html).sort()).toEqual([...names].sort());
  });

  it("filters by kind, ignores a kind there is none of, and says how to clear the filters", async () => {
    const { t, badge } = await world();
    await badge({ name: "Paper", category: "certification" });
    await badge({ name: "Praise", category: "recognition" });
    expect(cards(await page(t, "/catalog?category=certification"))).toEqual(["Paper"]);
    expect(cards(await page(t, "/catalog?category=nonsense"))).toHaveLength(2);
    const none = await page(t, "/catalog?q=zebra&category=certification");
    expect(none).toContain("No badge matches that");
    expect(none).toContain('<a class="btn" href="/catalog">Clear the filters</a>');
    expect(none).toContain('name="robots" content="noindex"');
  });

  it("is read page by page, by links that keep the search", async () => {
    const { t, badge } = await world();
    for (let i = 0; i < PAGE_BADGES + 1; i++) {
      t.clock.advance(1);
      await badge({ name: `Badge ${i}` });
    }
    const first = await page(t, "/catalog?q=badge");
    expect(cards(first)).toHaveLength(PAGE_BADGES);
    const next = /href="([^"]*)" rel="next"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("q=badge");
    const second = await page(t, next);
    expect(cards(second)).toEqual(["Badge 0"]);
    expect(second).not.toContain('rel="next"');
    expect(second).toContain('href="/catalog?q=badge"');
  });

  it("says so where there is nothing yet, and takes a long or odd search", async () => {
    const t = await testApp();
    expect(await page(t, "/catalog")).toContain("There is nothing here yet");
    const long = await page(t, `/catalog?q=${"x".repeat(5 * MAX_SEARCH)}&after=nonsense`);
    expect(long).toContain(`value="${"x".repeat(MAX_SEARCH)}"`);
    expect(await page(t, "/catalog?q=%22%3E%3Cscript%3E")).not.toContain("<script>");
  });

  it("speaks German to who asks for it", async () => {
    const { t, badge } = await world();
    await badge({ name: "Nachtwanderung" });
    const response = await t.request("/catalog", {
      headers: { accept: "text/html", "accept-language": "de" },
    });
    expect(response.headers.get("vary")).toContain("Accept-Language");
    expect(await response.text()).toContain("Katalog der Badges");
  });

  it("can be read, not changed", async () => {
    const { t } = await world();
    for (const path of ["/catalog", "/issuers/northside", "/feed.xml", "/sitemap.xml", "/oembed"]) {
      const response = await t.request(path, { method: "POST" });
      expect([path, response.status]).toEqual([path, 405]);
      expect(response.headers.get("allow")).toBe("GET, HEAD");
    }
  });
});

describe("/issuers/:slug", () => {
  it("shows the organization and its own badges", async () => {
    const { t, badge, organization } = await world();
    await badge({ name: "Ours" });
    const other = await givenOrganization(t.env, { slug: "other", is_listed: true });
    await givenBadge(t.env, other, { name: "Theirs", image_id: null });
    const html = await page(t, "/issuers/northside");
    expect(cards(html)).toEqual(["Ours"]);
    expect(html).toContain(organization.email);
    expect(html).toContain('href="/issuers/northside/feed.xml"');
    expect(cards(await page(t, "/issuers/northside?q=zebra"))).toEqual([]);
  });

  it("is 404 for one that is not listed, as for one there is not, feed and page alike", async () => {
    const { t } = await world();
    await givenOrganization(t.env, { slug: "quiet" });
    for (const path of ["/issuers/quiet", "/issuers/nobody", "/issuers/quiet/feed.xml"]) {
      expect([path, (await t.request(path)).status]).toEqual([path, 404]);
    }
  });
});

describe("the Issuer Profile's address", () => {
  it("leads people to the page while there is one, and programs to the document", async () => {
    const { t, organization } = await world();
    const quiet = await givenOrganization(t.env, { slug: "quiet" });
    const at = (id: string) => `/ob/v2/issuers/${id}`;
    const seen = await t.request(at(organization.id), HTML);
    expect([seen.status, seen.headers.get("location")]).toEqual([
      303,
      "https://badges.example.org/issuers/northside",
    ]);
    expect((await t.request(at(organization.id))).status).toBe(200);
    expect((await t.request(at(quiet.id), HTML)).status).toBe(200);
  });
});

describe("people on an organization's page", () => {
  async function shown(over: Partial<typeof profiles.$inferInsert> = {}, awarded = {}) {
    const { t, organization, badge } = await world();
    const person = await givenPerson(t.env, organization, { name: "Registered Name" });
    await givenAward(t.env, await badge({ name: "Held" }), person, awarded);
    const profile = {
      user_id: person.user.id,
      slug: "noor",
      name: "Noor H.",
      is_public: true,
      is_listed: true,
      updated_at: t.env.now(),
      ...over,
    };
    await t.env.db.batch([t.env.db.orm.insert(profiles).values(profile)]);
    const html = await page(t, "/issuers/northside");
    expect(html).not.toContain("Registered Name");
    return html.includes('href="/p/noor"');
  }

  it.each([
    ["who chose to be named is, by the name they chose", {}, {}, true],
    ["who did not is absent", { is_listed: false }, {}, false],
    ["whose page is switched off is absent", { is_public: false }, {}, false],
    ["who hides the award is absent", {}, { visible: false }, false],
    ["who says that the award is not theirs is absent", {}, { claim_state: "declined" }, false],
    ["whose award was revoked is absent", {}, { revoked_at: TEST_NOW }, false],
    ["whose award has run out is absent", {}, { date_expire: TEST_NOW }, false],
  ])("%s", async (_name, over, awarded, isThere) => {
    expect(await shown(over, awarded)).toBe(isThere);
  });

  it("are named a page at a time, none for another organization's badge", async () => {
    const { t, organization, badge } = await world();
    const held = await badge({ name: "Held" });
    const rows = [];
    for (let i = 0; i < PAGE_PEOPLE + 1; i++) {
      t.clock.advance(1);
      const person = await givenPerson(t.env, organization);
      await givenAward(t.env, held, person);
      const { id } = person.user;
      const at = t.env.now();
      rows.push({
        user_id: id,
        slug: `p${i}`,
        name: `Person ${i}`,
        is_public: true,
        is_listed: true,
        updated_at: at,
      });
    }
    await t.env.db.batch(rows.map((row) => t.env.db.orm.insert(profiles).values(row)));
    const other = await givenOrganization(t.env, { slug: "other", is_listed: true });
    await givenBadge(t.env, other, { image_id: null });
    const first = await page(t, "/issuers/northside");
    expect(first.match(/href="\/p\//g)).toHaveLength(PAGE_PEOPLE);
    const more = /href="([^"]*people=[^"]*)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const second = await page(t, more.replace("#people", ""));
    expect(second.match(/href="\/p\/[^"]*"/g)).toEqual([`href="/p/p${PAGE_PEOPLE}"`]);
    expect(await page(t, "/issuers/other")).not.toContain('href="/p/');
  });

  it.each([
    ["all that are looked through at once", LOOKED_THROUGH - 1, true],
    ["more than that, on the page after", LOOKED_THROUGH, false],
  ])("are found among %s", async (_name, others, isOnFirst) => {
    const { t, organization, badge } = await world();
    const person = await givenPerson(t.env, organization);
    const { user } = person;
    const made = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
    const id = "printf('00000000-0000-7000-8000-%012d', i)";
    await t.env.db.batch([
      {
        sql: `INSERT INTO users (id, name, updated_at) ${made} SELECT ${id}, 'Somebody', 0 FROM n`,
        params: [others],
      },
      {
        sql: `INSERT INTO profiles (user_id, slug, name, is_public, is_listed, updated_at)
          ${made} SELECT ${id}, 's' || i, 'Somebody', 1, 1, 0 FROM n`,
        params: [others],
      },
    ]);
    await givenAward(t.env, await badge({}), person);
    const row = { user_id: user.id, slug: "noor", name: "Noor", is_public: true, is_listed: true };
    const write = t.env.db.orm.insert(profiles).values({ ...row, updated_at: 0 });
    await t.env.db.batch([write]);
    const first = await page(t, "/issuers/northside");
    expect(first.includes('href="/p/noor"')).toBe(isOnFirst);
    expect(first).not.toContain("Somebody");
    const more = /href="([^"]*people=[^"]*)#people"/.exec(first)?.[1] ?? null;
    expect(more === null).toBe(isOnFirst);
    if (!isOnFirst) expect(await page(t, more ?? "")).toContain('href="/p/noor"');
  });
});
