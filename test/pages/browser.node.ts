// A real browser: what the browser tests and the screenshots start from.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

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
