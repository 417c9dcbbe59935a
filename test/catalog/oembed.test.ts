// oEmbed: what it says of our pages, in both formats, and that it speaks of no others.

import { assert, property, webUrl } from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { embeddableAt } from "../../src/catalog/oembed/document.ts";
import { urls } from "../../src/urls.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

async function world(over: Parameters<typeof givenAward>[3] = {}) {
  const t = await testApp();
  const organization = await givenOrganization(t.env, { slug: "northside", is_listed: true });
  const badge = await givenBadge(t.env, organization, { name: 'A & "B"' });
  const person = await givenPerson(t.env, organization, { name: "Noor Haddad" });
  const award = await givenAward(t.env, badge, person, over);
  const ask = (query: Record<string, string>) => t.request(`/oembed?${new URLSearchParams(query)}`);
  return { t, badge, award, ask, page: t.env.urls.badgePage(award.unique_hash) };
}

describe("/oembed", () => {
  it("shows an award as a frame of its embed page, and names nobody", async () => {
    const { t, award, ask, page } = await world();
    const response = await ask({ url: page });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const text = await response.text();
    expect(text).not.toContain("Noor");
    expect(JSON.parse(text)).toMatchObject({
      version: "1.0",
      type: "rich",
      title: 'A & "B"',
      author_name: "Northside Peer Mentors",
      author_url: "https://badges.example.org/issuers/northside",
      provider_url: "https://badges.example.org/",
      width: 400,
      height: 150,
      html: `<iframe src="https://badges.example.org/b/${award.unique_hash}/embed" width="400" height="150" title="A &amp; &quot;B&quot;" frameborder="0" loading="lazy"></iframe>`,
    });
    expect((await t.request(`/b/${award.unique_hash}/embed`)).status).toBe(200);
  });

  it("answers in XML, the markup within it as text", async () => {
    const { ask, page } = await world();
    const response = await ask({ url: page, format: "xml" });
    expect(response.headers.get("content-type")).toBe("text/xml; charset=utf-8");
    const texts: string[] = [];
    const parser = new SaxesParser();
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("text", (text) => texts.push(text));
    parser.write(await response.text()).close();
    expect(texts).toContain('A & "B"');
    expect(texts.find((one) => one.startsWith("<iframe"))).toContain("&amp; &quot;B&quot;");
  });

  it.each([
    [{ maxwidth: "200" }, 200, 270],
    [{ maxwidth: "200", maxheight: "100" }, 200, 100],
    [{ maxwidth: "4000" }, 400, 150],
    [{ maxwidth: "-1", maxheight: "none" }, 400, 150],
  ])("keeps within %j", async (room, width, height) => {
    const { ask, page } = await world();
    expect(await (await ask({ url: page, ...room })).json()).toMatchObject({ width, height });
  });

  it("shows a badge that nobody in particular holds as a link", async () => {
    const { t, badge, ask } = await world();
    const said = await (await ask({ url: t.env.urls.badgeCriteria(badge.id) })).json();
    expect(said).toMatchObject({ type: "link", title: 'A & "B"', version: "1.0" });
    expect(said).not.toHaveProperty("html");
  });

  it.each([
    ["another site", () => "https://other.example/b/0000000000000000000000000000000000000000"],
    ["an award there is not", () => `https://badges.example.org/b/${"0".repeat(40)}`],
    ["a page that shows no badge", () => "https://badges.example.org/catalog"],
    ["a name before the host", (page: string) => page.replace("https://", "https://me@")],
    ["no address", () => "badge"],
  ])("404 for %s", async (_name, address) => {
    const { ask, page } = await world();
    expect((await ask({ url: address(page) })).status).toBe(404);
  });

  it("404 for an award that its holder hides; a revoked one shows in its frame that it is", async () => {
    const hidden = await world({ visible: false });
    expect((await hidden.ask({ url: hidden.page })).status).toBe(404);
    const revoked = await world({ revoked_at: 1, revocation_reason: "A mistake." });
    expect((await revoked.ask({ url: revoked.page })).status).toBe(200);
  });

  it("501 for a format it has not, 422 without an address", async () => {
    const { ask, page } = await world();
    const said = await ask({ url: page, format: "yaml" });
    expect([said.status, ((await said.json()) as { code: string }).code]).toEqual([
      501,
      "format-not-offered",
    ]);
    expect((await ask({})).status).toBe(422);
  });

  it("no address of another origin is ever ours", () => {
    const ours = urls("https://badges.example.org");
    assert(
      property(webUrl(), (origin) => {
        const address = new URL(`/b/${"0".repeat(40)}`, origin).href;
        expect(embeddableAt(address, ours)).toBeNull();
      }),
    );
  });
});
