// Connecting as a browser does it: over to a server nobody here wrote, and back; and the pages of refusals.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backpack } from "../../src/db/backpacks.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { CHROMIUM, openBrowser } from "../pages/browser.node.ts";
import { axeEverywhere, NO_NARROW_FAULTS, narrowFaults } from "../pages/walk.node.ts";
import { signedIn } from "../signed-in.ts";
import { givenBackpack } from "./host.ts";
import { listening, type StockServer, startStockServer } from "./stock-server.ts";

const TIMEOUT = 60_000;

let stock: StockServer;
let test: TestApp;
let origin: string;
let cookie: { name: string; value: string };
let backpack: Backpack;
let browser: Browser;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  if (CHROMIUM === null) return;
  stock = await startStockServer();
  const server = createServer();
  origin = await listening(server);
  const { publicFetch, loopbackOrigins, close } = openPublicFetch({ publicUrl: origin }, [
    stock.origin,
  ]);
  test = await testApp({
    publicUrl: origin,
    now: Date.now(),
    shared: true,
    override: () => ({ publicFetch, loopbackOrigins }),
  });
  const listener = getRequestListener((request) => test.app.fetch(request));
  server.on("request", (request, response) => void listener(request, response));
  const { user } = await givenPerson(test.env, await givenOrganization(test.env));
  const [name = "", value = ""] = (await signedIn(test, user.id)).cookie.split("=");
  cookie = { name, value };
  backpack = await givenBackpack(test.env, {}, stock.origin);
  browser = await openBrowser();
  closing.push(
    () => browser.close(),
    () => server.close(),
    close,
    test.close,
    stock.close,
  );
}, TIMEOUT);

afterAll(async () => {
  for (const close of closing) await close();
}, TIMEOUT);

const inBrowser = describe.skipIf(CHROMIUM === null);

async function inPage<T>(
  options: Parameters<Browser["newContext"]>[0],
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    await context.addCookies([{ ...cookie, url: origin }]);
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

inBrowser("connecting in a browser", () => {
  it.each([true, false])(
    "goes to the backpack and comes back connected, JavaScript %s",
    async (javaScriptEnabled) => {
      await inPage({ javaScriptEnabled }, async (page) => {
        await page.goto(`${origin}/me/backpacks/${backpack.id}`);
        await page
          .getByRole("button", { name: /^(Connect|Reconnect) / })
          .first()
          .click();
        await page.waitForURL(`${stock.origin}/interaction/**`);
        await page.locator("input[name=login]").fill("noor");
        await page.locator("input[name=password]").fill("any");
        await page.locator("button[type=submit]").click();
        await page.waitForLoadState();
        await page.locator("button[type=submit]").click();
        await page.waitForURL(`${origin}/me/backpacks/${backpack.id}?done=connected`);
        expect(await page.textContent("main")).toContain("Connected");
      });
      // For the next one to begin where this one did.
      for (const table of [
        "backpack_events",
        "deliveries",
        "badge_externals",
        "badge_backpack_oauth2s",
        "badge_backpacks",
      ]) {
        await test.env.db.batch([{ sql: `DELETE FROM ${table}`, params: [] }]);
      }
    },
    TIMEOUT,
  );

  it.each([
    ["nothing begun", "", 400],
    ["an error with a long name", `error=${"x".repeat(60)}`, 400],
  ])(
    "the page of a refusal is for everybody: %s",
    async (_name, query, status) => {
      await inPage({ bypassCSP: true }, async (page) => {
        const answer = await page.goto(`${origin}/oauth/callback/${backpack.id}?${query}`);
        expect(answer?.status()).toBe(status);
        expect(await axeEverywhere(page)).toEqual([]);
        expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
        await page.getByRole("link", { name: "Back to this backpack" }).click();
        expect(page.url()).toBe(`${origin}/me/backpacks/${backpack.id}`);
      });
    },
    TIMEOUT,
  );
});
