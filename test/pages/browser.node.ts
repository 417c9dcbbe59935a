// A real browser on the real app: what the browser tests start from.
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Browser, chromium } from "playwright-core";
import type { TestApp } from "../app.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Null where this machine has none: then these tests are skipped, and say so. */
export const CHROMIUM = PLACES.find((place) => existsSync(place)) ?? null;

if (CHROMIUM === null) {
  console.warn(`SKIPPED: browser tests need Chromium or Chrome at one of ${PLACES.join(", ")}`);
}

/** Playwright gives it a profile of its own and removes that at the end. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? "", args: ARGUMENTS });
}

export interface Served {
  /** Without a trailing slash. */
  readonly origin: string;
  close(): Promise<void>;
}

/** On a port of its own, under a name that is not the public one: pages must work all the same. */
export function serveApp({ app }: TestApp): Promise<Served> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) => {
      resolve({
        origin: `http://127.0.0.1:${(address as AddressInfo).port}`,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
