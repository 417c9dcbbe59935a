// Feeds, sitemap and robots.txt: well-formed whatever a badge is called, and asked for cheaply.

import { assert, property, string } from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { FEED_ITEMS } from "../../src/catalog/feed.ts";
import { escapedXml } from "../../src/catalog/xml.ts";
import { testApp } from "../app.ts";
import { givenBadge, givenOrganization } from "../given.ts";

/** The text of every element by its name; throws for what is not well-formed. */
function elements(xml: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const open: { name: string; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => open.push({ name, text: "" }));
  parser.on("text", (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on("closetag", () => {
    const last = open.pop();
    if (last) found.set(last.name, [...(found.get(last.name) ?? []), last.text]);
  });
  parser.write(xml).close();
  return found;
}

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env, {
    slug: "northside",
    name: "Mentors & <Friends>",
    is_listed: true,
  });
  return { t, organization };
}

describe("feeds", () => {
  it("are RSS 2.0 that a parser reads, with what authors wrote as text", async () => {
    const { t, organization } = await world();
    const badge = await givenBadge(t.env, organization, {
      image_id: null,
      name: 'A & B <i>"quoted"</i> \u0007',
      description: "For **bold** [work](https://work.example) <script>alert(1)</script>",
    });
    for (const path of ["/feed.xml", "/issuers/northside/feed.xml"]) {
      const response = await t.request(path);
      expect(response.headers.get("content-type")).toBe("application/rss+xml; charset=utf-8");
      const found = elements(await response.text());
      const page = `https://badges.example.org/ob/v2/badges/${badge.id}/criteria`;
      expect(found.get("title")?.at(-1)).not.toBeUndefined();
      expect(found.get("title")).toContain('A & B <i>"quoted"</i> ');
      expect(found.get("guid")).toEqual([page]);
      expect(found.get("dc:creator")).toEqual(["Mentors & <Friends>"]);
      // Readers take this for HTML: in it the script is words.
      const description = found.get("description")?.find((one) => one.startsWith("For")) ?? "";
      expect(description).toBe("For bold work &lt;script&gt;alert(1)&lt;/script&gt;");
      expect(found.get("pubDate")?.[0]).toMatch(
        /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} .* GMT$/,
      );
    }
  });

  it("name so many badges and no people", async () => {
    const { t, organization } = await world();
    for (let i = 0; i <= FEED_ITEMS; i++) {
      await givenBadge(t.env, organization, { image_id: null, name: `Badge ${i}` });
    }
    const found = elements(await (await t.request("/feed.xml")).text());
    expect(found.get("item")).toHaveLength(FEED_ITEMS);
  });

  it("answer 304 to who has them, and anew once a badge is made", async () => {
    const { t, organization } = await world();
    await givenBadge(t.env, organization, { image_id: null });
    const first = await t.request("/feed.xml");
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toContain("max-age=300");
    const again = () => t.request("/feed.xml", { headers: { "if-none-match": etag } });
    expect((await again()).status).toBe(304);
    await givenBadge(t.env, organization, { image_id: null });
    expect((await again()).status).toBe(200);
  });

  it("speak the organization's language", async () => {
    const { t } = await world();
    await givenOrganization(t.env, { slug: "hafen", language: "de-CH", is_listed: true });
    const found = elements(await (await t.request("/issuers/hafen/feed.xml")).text());
    expect(found.get("title")).toEqual(["Badges von Northside Peer Mentors"]);
    expect(found.get("language")).toEqual(["de-CH"]);
  });

  it("text of any characters stays one well-formed text", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        const read = elements(`<a>${escapedXml(text)}</a>`).get("a")?.[0];
        const kept = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
        expect(read).toBe(kept.replace(/\r\n?/g, "\n"));
      }),
    );
  });
});

describe("for search engines", () => {
  it("the sitemap has what is listed, and no award", async () => {
    const { t, organization } = await world();
    const badge = await givenBadge(t.env, organization, { image_id: null });
    const quiet = await givenOrganization(t.env, { slug: "quiet" });
    await givenBadge(t.env, quiet, { image_id: null });
    const response = await t.request("/sitemap.xml");
    const found = elements(await response.text());
    expect(found.get("loc")).toEqual([
      "https://badges.example.org/",
      "https://badges.example.org/catalog",
      "https://badges.example.org/verify",
      "https://badges.example.org/issuers/northside",
      `https://badges.example.org/ob/v2/badges/${badge.id}/criteria`,
    ]);
  });

  it("robots.txt keeps them off the API and names the sitemap", async () => {
    const { t } = await world();
    const response = await t.request("/robots.txt");
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(await response.text()).toBe(
      "User-agent: *\nDisallow: /api/\n\nSitemap: https://badges.example.org/sitemap.xml\n",
    );
  });
});
