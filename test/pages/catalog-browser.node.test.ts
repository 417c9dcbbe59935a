// The catalogue in a real browser: searched by keyboard, without a script, and a badge shown within another page.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { profiles } from "../../src/db/profiles.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import { axeEverywhere, keyboardWalk, NO_NARROW_FAULTS, narrowFaults } from "./walk.node.ts";

const TIMEOUT = 60_000;
const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

let app: TestApp;
let award: string;

const stage = browserStage(async () => {
  app = await testApp({
    shared: true,
    override: ({ config }) => ({ config: { ...config, demo: true, publicUrlIsLocal: true } }),
  });
  const { env } = app;
  const organization = await givenOrganization(env, {
    slug: "northside",
    description: `Volunteers of the ${LONG}.`,
    is_listed: true,
  });
  const held = await givenBadge(env, organization, { name: "Night Walk Guide" });
  await givenBadge(env, organization, { name: LONG, image_id: null, category: "certification" });
  for (const [slug, isListed] of [
    ["shown", true],
    ["private", false],
  ] as const) {
    const person = await givenPerson(env, organization, { name: slug });
    award = (await givenAward(env, held, person)).unique_hash;
    const flags = { is_public: true, is_listed: isListed };
    const row = { user_id: person.user.id, slug, name: slug, ...flags, updated_at: env.now() };
    await env.db.batch([env.db.orm.insert(profiles).values(row)]);
  }
  for (let i = 0; i < 25; i++) {
    app.clock.advance(1);
    await givenBadge(env, organization, { name: `Badge number ${i}`, image_id: null });
  }
  return app;
});

function visit<T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  return stage.inContext(options, async (page) => {
    await page.goto(stage.origin + path);
    return look(page);
  });
}

/** The address of a page of another site with this in it. */
async function somebodysPage(content: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>Somebody’s page</title>${content}`);
  });
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

const PAGES = ["/catalog", "/catalog?q=zebra", "/issuers/northside", "/issuers/nobody"];

inBrowser("the catalogue", { timeout: TIMEOUT }, () => {
  it.each(PAGES)("%s: axe finds nothing, and nothing scrolls sideways", async (path) => {
    await visit(path, { bypassCSP: true }, async (page) => {
      expect(await axeEverywhere(page)).toEqual([]);
      expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
    });
  });

  it.each(PAGES.slice(0, 3))("%s: every stop is reached by the Tab key, and seen", async (path) => {
    await visit(path, {}, async (page) => {
      const { reached, stops, unseen } = await keyboardWalk(page);
      expect(unseen).toEqual([]);
      expect(reached).toEqual([...reached].sort((one, other) => one - other));
      expect(reached).toHaveLength(stops);
    });
  });

  it("is searched by keyboard alone, and without a script", async () => {
    await visit("/catalog", { javaScriptEnabled: false }, async (page) => {
      await page.getByLabel("Search").focus();
      await page.keyboard.type("night WALK");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/catalog?q=night*");
      expect(await page.locator(".card h3").allInnerTexts()).toEqual(["Night Walk Guide"]);
      await page.getByRole("link", { name: "Clear the filters" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/catalog");
      await page.getByLabel("Kind").selectOption("Certification");
      await page.getByRole("button", { name: "Find badges" }).click();
      expect(await page.locator(".card h3").allInnerTexts()).toEqual([LONG]);
    });
  });

  it("leads on page by page, and from a badge to who awards it", async () => {
    await visit("/catalog", {}, async (page) => {
      expect(await page.locator(".card").count()).toBe(24);
      await page.getByRole("link", { name: "Next page" }).click();
      await page.getByRole("link", { name: "Night Walk Guide" }).click();
      await page.getByRole("link", { name: "More badges of Northside Peer Mentors" }).click();
      expect(await page.locator("h1").innerText()).toBe("Northside Peer Mentors");
      expect(await page.getByRole("link", { name: "shown", exact: true }).count()).toBe(1);
      expect(await page.content()).not.toContain("private");
    });
  });

  it("says of a search that finds nothing how to see everything again", async () => {
    await visit("/issuers/northside?q=zebra", {}, async (page) => {
      await page.getByRole("heading", { name: "No badge matches that" }).waitFor();
      await page.getByRole("link", { name: "Clear the filters" }).click();
      expect(await page.locator(".card").count()).toBe(24);
    });
  });

  it("has feeds that the browser's own parser reads", async () => {
    await visit("/issuers/northside", {}, async (page) => {
      const href = await page.locator('link[type="application/rss+xml"]').getAttribute("href");
      const text = await (
        await page.request.get(stage.origin + new URL(href ?? "").pathname)
      ).text();
      const [faults, items] = await page.evaluate<[number, number]>(
        `(() => {
          const feed = new DOMParser().parseFromString(${JSON.stringify(text)}, "application/xml");
          return [feed.querySelectorAll("parsererror").length, feed.querySelectorAll("item").length];
        })()`,
      );
      expect([faults, items]).toEqual([0, 27]);
    });
  });

  it("leads to the demo's examples and its mailbox from the footer", async () => {
    await visit("/catalog", {}, async (page) => {
      const links = page
        .getByRole("navigation", { name: "Examples of the demo" })
        .getByRole("link");
      expect(await links.allInnerTexts()).toEqual([
        "A valid badge",
        "An expired one",
        "A revoked one",
        "Mailbox of the demo",
      ]);
    });
  });
});

inBrowser("a badge within another page", { timeout: TIMEOUT }, () => {
  it("is found by its page's own link, and fits into 200 pixels", async () => {
    await visit(`/b/${award}`, { bypassCSP: true }, async (page) => {
      const link = page.locator('link[type="application/json+oembed"]');
      const address = new URL((await link.getAttribute("href")) ?? "");
      const asked = await page.request.get(
        `${stage.origin}${address.pathname}${address.search}&maxwidth=200`,
      );
      const { html, width, height } = (await asked.json()) as Record<string, string>;
      const frame = String(html).replace(app.env.urls.base, stage.origin);
      await page.goto(await somebodysPage(frame));
      const inside = page.frames()[1];
      await inside?.waitForLoadState();
      expect(await inside?.locator("h1").innerText()).toBe("Night Walk Guide");
      const needed =
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]";
      const [across, down] = (await inside?.evaluate<[number, number]>(needed)) ?? [0, 0];
      expect([across, down <= Number(height)]).toEqual([Number(width), true]);
      expect(down).toBeGreaterThan(0);
    });
  });
});
