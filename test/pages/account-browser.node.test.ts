// The frame of signed-in pages in a real browser, in German and with many pages to go to: on a phone and wide.
import { eq } from "drizzle-orm";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { memberships, users } from "../../src/db/organizations.ts";
import { type TestApp, testApp } from "../app.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { givenShelves, type Shelves } from "./shelf-scenes.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  keyboardWalk,
  NARROW,
  NO_NARROW_FAULTS,
  narrowFaults,
  WIDE,
} from "./walk.node.ts";

const TIMEOUT = 60_000;

let app: TestApp;
let shelves: Shelves;
let noor: SignedInBrowser;

/** Noor may do all there is, and reads German. */
const stage = browserStage(async () => {
  // On plain http, so that the session's cookie is one that this browser takes.
  app = await testApp({ shared: true, publicUrl: "http://127.0.0.1" });
  const { env } = app;
  shelves = await givenShelves(env);
  const { id } = shelves.noor.user;
  const roles = ["organization_administrator", "coordinator"];
  await env.db.batch([
    env.db.orm
      .update(users)
      .set({ is_site_administrator: true, language: "de" })
      .where(eq(users.id, id)),
    env.db.orm.update(memberships).set({ roles }).where(eq(memberships.user_id, id)),
  ]);
  noor = await signedIn(app, id);
  return app;
});

function visit<T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const use = async (page: Page) => {
    expect((await page.goto(stage.origin + path))?.status()).toBe(200);
    return look(page);
  };
  return stage.inContext(options, use, noor);
}

const links = (page: Page) =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('.menu a')].filter((a) => a.checkVisibility()).map((a) => a.textContent)",
  );

inBrowser("the other pages", () => {
  const path = "/me/identities";

  it(
    "lie behind this one's name on a phone: opened and gone to by keyboard, without JavaScript",
    () =>
      visit(path, { viewport: NARROW, javaScriptEnabled: false }, async (page) => {
        const summary = page.locator(".menu > summary");
        expect((await summary.innerText()).trim()).toBe("Adressen");
        expect(await page.getByRole("link", { name: "Sitzungen" }).isVisible()).toBe(false);
        await summary.focus();
        await page.keyboard.press("Enter");
        const [current] = await page.locator(".menu [aria-current=page]").allInnerTexts();
        expect(current).toBe("Adressen");
        for (let i = 0; i < 10; i++) await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.waitForURL(`${stage.origin}/me/sessions`);
        expect(await page.locator("h1").innerText()).toBe("Wo Sie angemeldet sind");
      }),
    TIMEOUT,
  );

  it(
    "stand open where there is room, and each is reached by Tab",
    () =>
      visit(path, { viewport: WIDE }, async (page) => {
        expect(await page.locator(".menu > summary").isVisible()).toBe(false);
        expect(await links(page)).toEqual([
          ...["Meine Badges", "Verleihen", "Verwaltung", "Diese Installation"],
          ...["Meine Badges", "Backpacks", "Hier verwahrte Badges", "Verbundene Apps"],
          ...["Adressen", "Sitzungen"],
        ]);
        const { reached, stops, unseen } = await keyboardWalk(page);
        expect(new Set(reached).size).toBe(stops);
        expect(unseen).toEqual([]);
      }),
    TIMEOUT,
  );
});

inBrowser("in German", () => {
  const PAGES: Readonly<Record<string, (s: Shelves) => string>> = {
    addresses: () => "/me/identities?done=language",
    "a connected backpack": (s) => `/me/backpacks/${s.connected.id}`,
    "a backpack of the administrators'": (s) => `/admin/backpacks/${s.connected.id}`,
  };

  it.each(Object.keys(PAGES))(
    "%s: axe finds nothing, and nothing scrolls sideways",
    (name) =>
      visit(PAGES[name]?.(shelves) ?? "", { bypassCSP: true }, async (page) => {
        expect(await page.evaluate("document.documentElement.lang")).toBe("de");
        expect(await axeEverywhere(page, `german ${name}`)).toEqual([]);
        expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
      }),
    TIMEOUT,
  );
});
