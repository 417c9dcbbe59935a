import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { type TestApp, testApp } from "../app.ts";
import type { Person } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { givenShelves, type Shelves } from "./shelf-scenes.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  keyboardWalk,
  NO_NARROW_FAULTS,
  narrowFaults,
  openAll,
} from "./walk.node.ts";

const TIMEOUT = 120_000;

let app: TestApp;
let shelves: Shelves;

const stage = browserStage(async () => {
  // On plain http, so that the session's cookie is one that this browser takes.
  app = await testApp({ shared: true, publicUrl: "http://127.0.0.1" });
  shelves = await givenShelves(app.env);
  return app;
});

type Visited = readonly [who: (shelves: Shelves) => Person, path: (shelves: Shelves) => string];

const noor = ({ noor }: Shelves) => noor;
const kim = ({ kim }: Shelves) => kim;
const ada = ({ administrator }: Shelves) => administrator;

const PAGES = {
  "the list": [noor, () => "/me/backpacks"],
  "a connected one": [noor, (s) => `/me/backpacks/${s.connected.id}?done=sending`],
  "those not accepted": [noor, (s) => `/me/backpacks/${s.connected.id}?show=attention`],
  "one to reconnect": [noor, (s) => `/me/backpacks/${s.reconnect.id}`],
  "one to connect": [noor, (s) => `/me/backpacks/${s.offered.id}`],
  "one switched off": [noor, (s) => `/me/backpacks/${s.off.id}`],
  "one with hostile words": [noor, (s) => `/me/backpacks/${s.hostile.id}`],
  "an empty one": [kim, (s) => `/me/backpacks/${s.empty.id}`],
  "before disconnecting": [noor, (s) => `/me/backpacks/${s.hostile.id}/disconnect`],
  "the administrators' list": [ada, () => "/admin/backpacks"],
  "one of the administrators'": [ada, (s) => `/admin/backpacks/${s.connected.id}?done=saved`],
  "a hostile one of the administrators'": [ada, (s) => `/admin/backpacks/${s.hostile.id}`],
  "before removing": [ada, (s) => `/admin/backpacks/${s.hostile.id}/remove`],
} as const satisfies Readonly<Record<string, Visited>>;
type PageName = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as PageName[];

async function visit<T>(
  name: PageName,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const [who, pathAmong] = PAGES[name];
  const path = pathAmong(shelves);
  const use = async (page: Page) => {
    const answer = await page.goto(stage.origin + path);
    expect([answer?.status(), new URL(page.url()).pathname]).toEqual([200, path.split("?")[0]]);
    return look(page);
  };
  return stage.inContext(options, use, await signedIn(app, who(shelves).user.id));
}

inBrowser("axe finds nothing", { timeout: TIMEOUT }, () => {
  it.each(NAMES)("%s", async (name) => {
    await visit(name, { bypassCSP: true }, async (page) => {
      await openAll(page);
      expect(await axeEverywhere(page)).toEqual([]);
    });
  });
});

inBrowser("at 320 pixels", { timeout: TIMEOUT }, () => {
  it.each(NAMES)("%s does not scroll sideways, and is pressed with a finger", async (name) => {
    expect(await visit(name, {}, narrowFaults)).toEqual(NO_NARROW_FAULTS);
  });
});

inBrowser("with the keyboard alone", { timeout: TIMEOUT }, () => {
  it.each(["the list", "a connected one", "one of the administrators'"] as const)(
    "%s: every link and control is reached in reading order, and shows its focus",
    async (name) => {
      await visit(name, {}, async (page) => {
        // What is replaced while it is walked through would be another walk.
        await page.evaluate("document.querySelector('[data-live]')?.removeAttribute('data-live')");
        const walked = await keyboardWalk(page);
        const inOrder = [...walked.reached].sort((a, b) => a - b);
        expect(walked).toEqual({ ...walked, skipLinkAt: 8, reached: inOrder, unseen: [] });
        expect(new Set(walked.reached).size).toBe(walked.stops);
      });
    },
  );

  it("why a form did nothing has the focus", async () => {
    await visit("the list", {}, async (page) => {
      await page.getByLabel("Its address").focus();
      await page.keyboard.type("not an address");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[role=alert]");
      expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("alert");
      expect(await page.getByLabel("Its address").inputValue()).toBe("not an address");
    });
  });
});

inBrowser("the script of a page that waits", { timeout: TIMEOUT }, () => {
  it("shows what has changed, says so, and leaves alone who is at work there", async () => {
    await visit("a connected one", {}, async (page) => {
      await page.clock.install();
      await page.reload();
      const state = page.locator(".rows li", { hasText: "Warm Welcome" }).locator(".state");
      expect(await state.innerText()).toBe("Being sent");
      await page.getByRole("button", { name: /^Look what is there/ }).focus();
      const set = (to: string) =>
        app.env.db.batch([
          {
            sql: "UPDATE deliveries SET state = ?, delivered_at = ? WHERE id = ?",
            params: [to, app.env.now(), shelves.deliveries.sending ?? ""],
          },
        ]);
      await set("delivered");
      await page.clock.runFor(5_000);
      expect(await state.innerText()).toBe("Being sent");
      await page.evaluate("document.activeElement.blur()");
      await page.clock.runFor(5_000);
      await page.locator("[data-said]", { hasText: "2 sent, 2 waiting" }).waitFor({
        state: "attached",
      });
      expect(await state.innerText()).toBe("Sent");
      await set("sending");
    });
  });
});

inBrowser("without JavaScript", { timeout: TIMEOUT }, () => {
  it("a link shows how far it is, and every form does what it says", async () => {
    await visit("a connected one", { javaScriptEnabled: false }, async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.getByRole("link", { name: "See how far it is now" }).click();
      expect(page.url()).toBe(`${stage.origin}/me/backpacks/${shelves.connected.id}`);
      await page.getByRole("button", { name: "Stop sending new badges" }).click();
      await page.getByText("New badges are sent there only when you say so.").waitFor();
      await page.getByRole("button", { name: "Send new badges by themselves" }).click();
      await page.getByText("New badges are sent there by themselves from now on.").waitFor();
      await page.getByRole("button", { name: "Try again Night Walk Guide" }).click();
      await page.getByText("It will be sent in a moment.").waitFor();
      await page.getByRole("link", { name: /^Disconnect/ }).click();
      await page.getByRole("link", { name: "Back, and keep it connected" }).click();
      await page.getByRole("link", { name: "Your backpacks" }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/login?done=signed-out");
      await page.goto(`${stage.origin}/me/backpacks`);
      expect(new URL(page.url()).pathname).toBe("/login");
      expect(complaints).toEqual([]);
    });
  });
});

inBrowser("words that try to break the page", { timeout: TIMEOUT }, () => {
  it("stay words: nothing runs, nothing is asked of other hosts", async () => {
    await visit("one with hostile words", {}, async (page) => {
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).origin));
      page.on("dialog", () => complaints.push("a dialog"));
      page.on("console", (message) => complaints.push(message.text()));
      await page.reload();
      await openAll(page);
      expect(await page.getByText("<script>alert(1)</script>").count()).toBeGreaterThan(0);
      const links = await page.locator("main a").evaluateAll((all) => all.map(String));
      expect(links.filter((link) => !/^https?:/.test(link))).toEqual([]);
      expect(complaints).toEqual([]);
      expect(new Set(asked)).toEqual(new Set([stage.origin]));
    });
  });
});
