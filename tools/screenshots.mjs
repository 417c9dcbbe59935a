// Takes the README's screenshots of the demo as it is now: docs/images/*.png.
//
//   npm run build && node tools/run.mjs exec node tools/screenshots.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { CHROMIUM, openBrowser } from "../test/pages/browser.node.ts";
import { serveDemo } from "./serve-demo.mjs";

const images = join(dirname(fileURLToPath(import.meta.url)), "../docs/images");
const WIDTH = 1120;
/** Whoever opens the README on a phone loads them too. */
const MAX_BYTES = 250_000;

const SHOTS = [
  { name: "badge", as: null, path: "/dev/badges/valid", height: 760 },
  { name: "my-badges", as: "noor", path: "/me", height: 1200 },
];

async function shoot(browser, url, { name, as, path, height }) {
  const viewport = { width: WIDTH, height };
  const context = await browser.newContext({ viewport, colorScheme: "light" });
  const page = await context.newPage();
  if (as !== null) await page.goto(`${url}/dev/as/${as}`);
  await page.goto(url + path, { waitUntil: "networkidle" });
  const taken = await page.screenshot();
  await context.close();
  const bytes = await sharp(taken).png({ palette: true, effort: 10 }).toBuffer();
  if (bytes.length > MAX_BYTES) throw new Error(`${name}.png has ${bytes.length} bytes`);
  writeFileSync(join(images, `${name}.png`), bytes);
  console.log(`${name}.png ${bytes.length} bytes`);
}

async function main() {
  if (CHROMIUM === null) return 1;
  mkdirSync(images, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "rosette-screenshots-"));
  const { child, url } = await serveDemo({ PATH: process.env.PATH, DATA_DIR: folder, PORT: "0" });
  const browser = await openBrowser();
  try {
    for (const shot of SHOTS) await shoot(browser, url, shot);
    return 0;
  } finally {
    await browser.close();
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
