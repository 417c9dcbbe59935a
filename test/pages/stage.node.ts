// A server and a browser for the length of one test file: what the tests of pages play on.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import type { TestApp } from "../app.ts";
import { listening } from "../oauth/stock-server.ts";
import { CHROMIUM, openBrowser } from "./browser.node.ts";

/** Milliseconds to fill an app and start a browser on a machine with much else to do. */
const TIMEOUT = 120_000;

/** Whoever has such a cookie, `name=value`, is signed in. */
interface SignedIn {
  readonly cookie: string;
}

export interface Stage {
  /** Where the app is served from the set-up on, without a trailing slash. */
  readonly origin: string;
  /** Uses a page of a browser context of its own, in which nobody is signed in but `as`. */
  inContext<T>(
    options: BrowserContextOptions,
    use: (page: Page, context: BrowserContext) => Promise<T>,
    as?: SignedIn | null,
  ): Promise<T>;
  /** From now on, pages of that context are asked for by this person. */
  signIn(context: BrowserContext, as: SignedIn): Promise<void>;
}

/** A `describe` for what a browser is needed for: skipped where this machine has none. */
export const inBrowser = describe.skipIf(CHROMIUM === null);

/**
 * Sets the stage before the tests of the file that calls it, and clears it after them. `open` is
 * told where its app will be served; an app may have another public name, since pages must work
 * all the same.
 */
export function browserStage(open: (origin: string) => Promise<TestApp>): Stage {
  let app: TestApp;
  let origin: string;
  let browser: Browser;
  const server = createServer((request, response) => {
    void getRequestListener((asked, bindings) => app.app.fetch(asked, bindings))(request, response);
  });

  beforeAll(async () => {
    if (CHROMIUM === null) return;
    origin = await listening(server);
    app = await open(origin);
    browser = await openBrowser();
  }, TIMEOUT);

  afterAll(async () => {
    await browser?.close();
    await new Promise((closed) => server.close(closed));
    await app?.close();
  }, TIMEOUT);

  async function signIn(context: BrowserContext, { cookie }: SignedIn): Promise<void> {
    const split = cookie.indexOf("=");
    await context.addCookies([
      { name: cookie.slice(0, split), value: cookie.slice(split + 1), url: origin },
    ]);
  }

  return {
    get origin() {
      return origin;
    },
    async inContext(options, use, as = null) {
      const context = await browser.newContext(options);
      try {
        if (as !== null) await signIn(context, as);
        return await use(await context.newPage(), context);
      } finally {
        await context.close();
      }
    },
    signIn,
  };
}
