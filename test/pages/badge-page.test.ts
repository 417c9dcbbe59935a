import { beforeAll, describe, expect, it } from "vitest";
import { findBadgePage } from "../../src/db/badge-page.ts";
import { insertContent, insertVariant } from "../../src/db/images.ts";
import { sha256Hex } from "../../src/ids.ts";
import { TEST_NOW, TEST_ORIGIN, type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenScenes, type Scene, type Scenes } from "./scenes.ts";

const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

let shared: TestApp;
let scenes: Scenes;

beforeAll(async () => {
  shared = await testApp({ shared: true });
  scenes = await givenScenes(shared.env);
  return shared.close;
});

async function get(path: string, headers: Record<string, string> = BROWSER) {
  const response = await shared.request(path, { headers });
  return { response, html: await response.text() };
}

const open = (scene: Scene) => get(`/b/${scenes[scene]}`);
const titleOf = (html: string) => /<title>([^<]*)<\/title>/.exec(html)?.[1];
/** What a reader sees: without tags, and without the head. */
const words = (html: string) =>
  html
    .replace(/^.*<main/s, "<main")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ");

describe("a badge's page says first whether the badge stands", () => {
  it.each([
    ["valid", 200, "Valid: Streak Champion, awarded to Noor Haddad", "This badge is valid"],
    ["endless", 200, "Valid: Streak Champion, awarded to Noor Haddad", "does not expire"],
    ["expired", 200, "Expired: Streak Champion, awarded to Noor Haddad", "has expired"],
    ["revoked", 410, "Revoked: Streak Champion", "This badge was revoked"],
    ["replaced", 410, "Revoked: Streak Champion", "See the badge that replaces it"],
    ["hidden", 200, "Private: Streak Champion", "The holder keeps this badge private"],
  ] as const)("%s", async (scene, status, title, said) => {
    const { response, html } = await open(scene);
    expect(response.status).toBe(status);
    expect(titleOf(html)).toBe(title);
    expect(words(html)).toContain(said);
    expect(html.indexOf("verdict")).toBeLessThan(html.indexOf("<h1"));
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it("an award is valid until the millisecond it expires", async () => {
    const { request, env, clock } = await testApp();
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const person = await givenPerson(env, organization);
    const award = await givenAward(env, badge, person, { date_expire: TEST_NOW + 1 });
    const title = async () =>
      titleOf(await (await request(`/b/${award.unique_hash}`, { headers: BROWSER })).text());
    expect(await title()).toMatch(/^Valid: /);
    clock.advance(1);
    expect(await title()).toMatch(/^Expired: /);
  });

  it("revoked outweighs expired and hidden", async () => {
    const { request, env } = await testApp();
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const person = await givenPerson(env, organization);
    const award = await givenAward(env, badge, person, {
      date_expire: TEST_NOW - 1,
      revoked_at: TEST_NOW - 2,
      visible: false,
    });
    const response = await request(`/b/${award.unique_hash}`, { headers: BROWSER });
    expect(response.status).toBe(410);
    expect(titleOf(await response.text())).toMatch(/^Revoked: /);
  });

  it("revoked gives the reason and the replacement, and does not name the person", async () => {
    const { html } = await open("revoked");
    expect(words(html)).toContain("“Made out to the wrong e-mail address”. Do not");
    expect(html).not.toContain("Noor");
    expect(html).not.toContain("notes/noor");
    expect(html).toContain('name="robots" content="noindex"');
    expect((await open("replaced")).html).toContain(`href="/b/${scenes.valid}"`);
  });

  it("a replacement that its holder hides is not linked", async () => {
    const { request, env } = await testApp();
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const person = await givenPerson(env, organization);
    const next = await givenAward(env, badge, person, { visible: false });
    const old = await givenAward(env, badge, person, {
      award_slot: "r2",
      revoked_at: TEST_NOW,
      superseded_by: next.id,
    });
    const response = await request(`/b/${old.unique_hash}`, { headers: BROWSER });
    const html = await response.text();
    expect(html).not.toContain(next.unique_hash);
    expect(words(html)).toContain("Another badge replaces it");
  });

  it("hidden tells nothing of the person or the work, and asks not to be indexed", async () => {
    const { html } = await open("hidden");
    expect(html).not.toContain("Noor");
    expect(html).not.toContain("holidays");
    expect(html).not.toContain("notes/noor");
    expect(html).not.toContain("og:");
    expect(html).toContain('name="robots" content="noindex"');
    expect(words(html)).toContain("has not been revoked");
  });

  it.each(["0".repeat(40), "short", "0".repeat(39), "A".repeat(40), `${"0".repeat(40)}a`])(
    "unknown: %s is 404 and says what to do",
    async (hash) => {
      const { response, html } = await get(`/b/${hash}`);
      expect(response.status).toBe(404);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(titleOf(html)).toMatch(/^Unknown: /);
      expect(words(html)).toContain("What to do");
    },
  );
});

describe("what the page shows", () => {
  it("OB20-CT-02 picture, name, description, issuer, date and status, in each of three states", async () => {
    for (const scene of ["valid", "expired", "revoked"] as const) {
      const { html } = await open(scene);
      expect(html).toMatch(/<img class="art" src="\/images\/[0-9a-f]{64}\.svg"/);
      const text = words(html);
      expect(text).toContain("Streak Champion");
      expect(text).toContain("Ran mentoring sessions in twelve consecutive weeks.");
      expect(text).toContain("Northside Peer Mentors");
      expect(html).toMatch(/<time datetime="2\d{3}-\d\d-\d\dT[\d:.]+Z">\d+ \w+ 2\d{3}<\/time>/);
    }
  });

  it("OB20-I-02 the caption is the picture's alternative text", async () => {
    expect((await open("valid")).html).toContain('alt="A flame in a circle with a silver ring"');
  });

  it("OB20-E-02 evidence shows its narrative, then its description", async () => {
    const text = words((await open("valid")).html);
    const narrative = text.indexOf("Noor planned each session");
    expect(narrative).toBeGreaterThan(0);
    expect(text.indexOf("A page on the twelve sessions.")).toBeGreaterThan(narrative);
    expect(text).toContain("Report, for members");
  });

  it("OB20-D-14 Markdown of the criteria becomes emphasis, lists and links", async () => {
    const { html } = await open("valid");
    expect(html).toContain("<strong>twelve consecutive weeks</strong>");
    expect(html).toContain("<li>at least 30 minutes each</li>");
    expect(html).toContain('<a href="https://northside.example/handbook" rel="nofollow noopener">');
  });

  it("alignment, level and tags", async () => {
    const { html } = await open("valid");
    expect(html).toContain('href="https://skills.example/v2/leads"');
    expect(words(html)).toContain("Volunteer Skills Framework · V2.1");
    expect(words(html)).toContain("Activity milestone · Silver");
    expect(html).toContain('<li dir="auto">streak</li>');
  });

  it.each([
    [
      "desk@northside.example",
      '<a href="mailto:desk@northside.example">desk@northside.example</a>',
    ],
    ["https://northside.example/desk", '<a href="https://northside.example/desk">'],
    ["Room 12, ask for Cora", '<dd dir="auto">Room 12, ask for Cora</dd>'],
    ["javascript:alert(1)@x", '<dd dir="auto">javascript:alert(1)@x</dd>'],
  ])("the contact %s, as what it is", async (contact, shown) => {
    const { env } = shared;
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization, { issuer_contact: contact });
    const award = await givenAward(env, badge, await givenPerson(env, organization));
    expect((await get(`/b/${award.unique_hash}`)).html).toContain(shown);
  });

  it("who and by whom read as a sentence, also where no style sheet sets them apart", async () => {
    expect(words((await open("valid")).html)).toContain("Awarded to Noor Haddad by Northside");
    expect(words((await open("hidden")).html)).toContain("Awarded by Northside");
  });

  it("times carry their zone", async () => {
    expect(words((await open("valid")).html)).toContain("Checked 4 October 2026 at 14:02 UTC");
  });

  it("the badge's words are in the badge's language", async () => {
    const { html } = await open("hostile");
    expect(html).toContain('<html lang="en">');
    expect(html).toMatch(/<h1 lang="ar" dir="auto">/);
    expect(html).toMatch(/<div class="prose" dir="auto" lang="ar">/);
  });

  it("markup in any field stays text", async () => {
    const { html } = await open("hostile");
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<img src=x");
    expect(html).not.toMatch(/href="(javascript|data):/i);
    expect(html).toContain("&lt;script&gt;");
  });

  it.each([
    ["of the width that is baked", 512, "image.png"],
    ["of another width only", 64, "image.svg"],
  ])("an SVG with a PNG %s is offered as its Assertion names it", async (_name, width, file) => {
    const { env } = shared;
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const { unique_hash } = await givenAward(env, badge, await givenPerson(env, organization));
    const { picture } = (await findBadgePage(env.db, unique_hash, 512)) ?? {};
    const bytes = new TextEncoder().encode(`stands for a PNG, ${width} pixels wide`);
    const made = { sha256: await sha256Hex(bytes), width };
    await env.db.batch([
      insertContent(env.db, {
        ...made,
        media_type: "image/png",
        bytes,
        size: bytes.length,
        height: width,
      }),
      insertVariant(env.db, { ...made, source_sha256: picture?.sha256 ?? "" }),
    ]);
    const { html } = await get(`/b/${unique_hash}`);
    const offered = /image\.(?:png|svg)(?=\?download)/.exec(html)?.[0];
    const document = (await shared.request(`/ob/v2/assertions/${unique_hash}`)).text();
    expect(offered).toBe(file);
    expect(await document).toContain(`/ob/v2/assertions/${unique_hash}/${file}`);
  });

  it("offers the file for download, as far as this runtime can make it", async () => {
    const { html } = await open("valid");
    expect(html).toContain(`href="/ob/v2/assertions/${scenes.valid}/image.svg?download"`);
    const drawing = await testApp({
      override: () => ({
        images: { available: true, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
      }),
    });
    const hash = (await givenScenes(drawing.env)).valid;
    const page = await drawing.request(`/b/${hash}`, { headers: BROWSER });
    expect(await page.text()).toContain(`href="/ob/v2/assertions/${hash}/image.png?download"`);
  });

  it("names itself, its record and its picture to those who pass the link on", async () => {
    const { html } = await open("valid");
    const page = `${TEST_ORIGIN}/b/${scenes.valid}`;
    expect(html).toContain(`<link rel="canonical" href="${page}"/>`);
    expect(html).toContain(
      `<link rel="alternate" type="application/ld+json" href="${TEST_ORIGIN}/ob/v2/assertions/${scenes.valid}"/>`,
    );
    expect(html).toContain(`<meta property="og:image" content="${page}/card.png"/>`);
    expect(html).toContain('<meta property="og:title" content="Streak Champion"/>');
    expect(html).not.toMatch(/<meta [^>]*content="[^"]*valid/i);
  });
});

describe("how the page is served", () => {
  it("with every header of a page, and for a short time", async () => {
    const { response } = await open("valid");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "referrer-policy": "strict-origin-when-cross-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=30, must-revalidate",
      vary: "Accept, Accept-Language, Cookie",
      "content-language": "en",
    });
    expect(response.headers.get("set-cookie")).toBeNull();
  });

  it("without a script or a style of its own", async () => {
    for (const scene of ["valid", "revoked", "hidden"] as const) {
      const { html } = await open(scene);
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
    }
  });

  it.each(["application/ld+json", "application/json", "application/ld+json, text/html;q=0.5"])(
    "%s is sent to the record",
    async (accept) => {
      const { response } = await get(`/b/${scenes.valid}`, { accept });
      expect(response.status).toBe(303);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("location")).toBe(
        `${TEST_ORIGIN}/ob/v2/assertions/${scenes.valid}`,
      );
      expect(response.headers.get("vary")).toBe("Accept");
    },
  );

  it("an unknown award is a problem document for programs", async () => {
    const { response } = await get(`/b/${"0".repeat(40)}`, { accept: "application/json" });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("anything, as link previews ask for it, is the page", async () => {
    expect((await get(`/b/${scenes.valid}`, { accept: "*/*" })).response.status).toBe(200);
    expect((await get(`/b/${scenes.valid}`, {})).response.status).toBe(200);
  });

  it("HEAD answers like GET, without the page", async () => {
    const response = await shared.request(`/b/${scenes.revoked}`, { method: "HEAD" });
    expect(response.status).toBe(410);
    expect(await response.text()).toBe("");
  });
});

describe("the small form for other people's pages", () => {
  it("may be framed, names badge, issuer and verdict, but no person", async () => {
    const { response, html } = await get(`/b/${scenes.valid}/embed`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors *");
    expect(words(html)).toContain("Streak Champion");
    expect(words(html)).toContain("Valid");
    expect(html).not.toContain("Noor");
    expect(html).toContain(`href="${TEST_ORIGIN}/b/${scenes.valid}"`);
  });

  it("shows what was revoked as revoked", async () => {
    const { response, html } = await get(`/b/${scenes.revoked}/embed`);
    expect(response.status).toBe(410);
    expect(words(html)).toContain("Revoked");
  });

  it("is 404 for an unknown award", async () => {
    expect((await get(`/b/${"0".repeat(40)}/embed`)).response.status).toBe(404);
  });
});

describe("the form for paper", () => {
  const verdict = /valid|expired|gültig|abgelaufen/i;

  it.each(["valid", "expired"] as const)(
    "of one that is %s: the way to a verdict, and none",
    async (scene) => {
      const { response, html } = await get(`/b/${scenes[scene]}/print`);
      expect([response.status, response.headers.get("cache-control")]).toEqual([
        200,
        "public, max-age=30, must-revalidate",
      ]);
      expect(html).not.toMatch(verdict);
      expect(html).toContain('class="qr"');
      expect(words(html)).toContain("Check the current status at");
      expect(words(html)).toContain(`${TEST_ORIGIN}/b/${scenes[scene]}`);
      expect(words(html)).toContain("Streak Champion");
      expect(html).toContain('<meta name="robots" content="noindex"/>');
      expect(html).not.toContain("/login");
      const german = (await get(`/b/${scenes[scene]}/print?lang=de`)).html;
      expect(german).not.toMatch(verdict);
      expect(words(german)).toContain("Den aktuellen Stand finden Sie unter");
    },
  );

  it("tells of what was revoked, which stays true, and names nobody then", async () => {
    const { response, html } = await get(`/b/${scenes.revoked}/print`);
    expect(response.status).toBe(410);
    expect(words(html)).toContain("revoked");
    expect(html).not.toContain("Noor");
  });

  it("HEAD answers like GET; an unknown award is 404", async () => {
    const head = await shared.request(`/b/${scenes.valid}/print`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await get(`/b/${"0".repeat(40)}/print`)).response.status).toBe(404);
    expect((await get("/b/x/print")).response.status).toBe(404);
  });
});

describe("an installation under a local address", () => {
  it("does not pretend that others could check", async () => {
    const { request, env } = await testApp({ publicUrl: "http://localhost:8787" });
    const { valid } = await givenScenes(env);
    const html = await (await request(`/b/${valid}`, { headers: BROWSER })).text();
    expect(words(html)).toContain("nobody elsewhere can check it");
  });
});
