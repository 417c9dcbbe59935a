// A badge's page for the one whose badge it is: their tools, and nobody else's copy of them.
import { describe, expect, it } from "vitest";
import { TEST_NOW } from "../app.ts";
import { givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { openedBy, openPage, ownWorld } from "./own.ts";

const TOOLS = 'class="owner';

/** As a browser reads the value of an attribute. */
function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

describe("the owner's tools", () => {
  it("LinkedIn, the file, the link, the code to embed and to scan", async () => {
    const w = await ownWorld();
    const { award } = await w.held("Streak Champion");
    const page = await openPage(w.browser, `/b/${award.unique_hash}`);
    expect(page.html).toContain(TOOLS);
    expect(page.html).toContain(`value="https://badges.example.org/b/${award.unique_hash}"`);
    expect(page.html).toContain(`/ob/v2/assertions/${award.unique_hash}/image.svg?download`);
    expect(page.html).toContain('aria-label="QR code of this page’s address"');
    expect(page.html).toContain(`href="/b/${award.unique_hash}/print?lang=en"`);
    // Whoever is signed in is not asked to sign in; everybody else's page is the same for all.
    expect(page.html).not.toContain('href="/login"');
    const strangers = await (await w.t.request(`/b/${award.unique_hash}`)).text();
    expect(strangers).toContain('href="/login"');
    expect(strangers).not.toContain("/print");
    const [, code = ""] = /<textarea id="owner-embed"[^>]*>([^<]*)</.exec(page.html) ?? [];
    expect(unescaped(code).trim()).toBe(
      `<iframe src="https://badges.example.org/b/${award.unique_hash}/embed" title="Streak Champion" width="320" height="160" loading="lazy"></iframe>`,
    );
  });

  it("LinkedIn's link is right for 31 January and for A&B, within the page's markup", async () => {
    const w = await ownWorld({ now: Date.UTC(2026, 0, 31, 12) });
    const { award } = await w.held("A&B", { date_expire: Date.UTC(2027, 0, 31) });
    const { html } = await openPage(w.browser, `/b/${award.unique_hash}`);
    const [, href = ""] = /href="(https:\/\/www\.linkedin\.com[^"]+)"/.exec(html) ?? [];
    expect(href).toContain("name=A%26B&amp;organizationName=");
    const { searchParams } = new URL(unescaped(href));
    expect(Object.fromEntries(searchParams)).toEqual({
      startTask: "CERTIFICATION_NAME",
      name: "A&B",
      organizationName: "Northside Peer Mentors",
      issueYear: "2026",
      issueMonth: "1",
      expirationYear: "2027",
      expirationMonth: "1",
      certUrl: `https://badges.example.org/b/${award.unique_hash}`,
      certId: award.unique_hash,
    });
  });

  it("an embed code holds any name as text", async () => {
    const w = await ownWorld();
    const { award } = await w.held('"><script>alert(1)</script>');
    const { html } = await openPage(w.browser, `/b/${award.unique_hash}`);
    expect(html).not.toContain("<script>alert");
    const [, code = ""] = /<textarea id="owner-embed"[^>]*>([^<]*)</.exec(html) ?? [];
    expect(unescaped(code)).toContain('title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  it("accept and decline, until it is said; hide, and show again", async () => {
    const w = await ownWorld();
    const { award, badge } = await w.held("Streak Champion");
    const path = `/b/${award.unique_hash}`;
    expect((await openPage(w.browser, path)).html).toContain('action="/me/accept"');
    await w.browser.post("/me/accept", { award: award.id });
    expect((await openPage(w.browser, path)).html).not.toContain('action="/me/accept"');
    await w.browser.post("/me/visibility", { badge: badge.id, visible: "false" });
    const hidden = await openPage(w.browser, path);
    expect(hidden.text).toContain("You hide this badge.");
    expect(hidden.html).not.toContain("linkedin.com");
    await w.browser.post("/me/decline", { award: award.id });
    const declined = await openPage(w.browser, path);
    expect(declined.text).toContain("It is hidden until somebody has looked at it.");
    expect(declined.text).toContain("It is mine after all");
  });

  it("none for a badge that was revoked", async () => {
    const w = await ownWorld();
    const { award } = await w.held("Revoked", { revoked_at: TEST_NOW });
    const page = await openPage(w.browser, `/b/${award.unique_hash}`);
    expect(page.status).toBe(410);
    expect(page.html).not.toContain(TOOLS);
  });
});

describe("what caches keep", () => {
  it("the owner's page is kept by nobody; everybody else's is the same for all without a cookie", async () => {
    const w = await ownWorld();
    const { award } = await w.held("Streak Champion");
    const path = `/b/${award.unique_hash}`;
    const own = await openPage(w.browser, path);
    expect(own.headers.get("cache-control")).toBe("private, no-store");
    const open = await openedBy(w.t, path);
    expect(open.headers.get("cache-control")).toBe("public, max-age=30, must-revalidate");
    expect(open.headers.get("vary")).toContain("Cookie");
    expect(open.html).not.toContain(TOOLS);
    expect(open.html).not.toContain("<script");
    expect(open.headers.get("content-security-policy")).not.toContain("script-src");
  });

  it.each([
    ["another member", ["member"]],
    ["an administrator", ["organization_administrator"]],
  ])("%s sees what everybody sees", async (_name, roles) => {
    const w = await ownWorld();
    const { award } = await w.held("Streak Champion");
    const other = await signedIn(
      w.t,
      (await givenPerson(w.t.env, w.organization, { roles })).user.id,
    );
    const path = `/b/${award.unique_hash}`;
    const page = await openPage(other, path);
    expect(page.html).toBe((await openedBy(w.t, path)).html);
    expect(page.headers.get("cache-control")).toContain("public");
  });

  it("a cookie that stands for nobody changes nothing", async () => {
    const w = await ownWorld();
    const { award } = await w.held("Streak Champion");
    const headers = { accept: "text/html", cookie: "session=made-up; organization=x" };
    const response = await w.t.request(`/b/${award.unique_hash}`, { headers });
    expect(response.headers.get("cache-control")).toContain("public");
    expect(await response.text()).not.toContain(TOOLS);
  });
});
