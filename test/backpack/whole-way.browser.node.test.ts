// The whole way of a badge, in a browser, with the real program and its own backpack on real sockets:
// connect, consent, see the badges arrive, pull one that somebody else put there, lose the grant,
// disconnect, and leave nothing behind.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { CHROMIUM, openBrowser } from "../pages/browser.node.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A start builds the program where its sources are newer than what was built. */
const START_MS = 120_000;
const STEP_MS = 60_000;

vi.setConfig({ testTimeout: STEP_MS, hookTimeout: START_MS });

let folder: string;
let server: ChildProcess;
let printed = "";
/** Where Rosette and its demo backpack answer, without a slash at the end. */
let rosette: string;
let backpack: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the browser complained about: a policy that was broken, a script that failed. */
const complaints: string[] = [];

function addressIn(text: string, name: RegExp): string {
  const found = new RegExp(`${name.source}\\s+(http://\\S+?)/?\\s`).exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${name.source} in: ${text}`);
  return found;
}

function started(): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk;
      if (/Ctrl\+C/.test(printed)) resolve();
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.on("exit", (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  });
}

beforeAll(async () => {
  if (CHROMIUM === null) return;
  folder = mkdtempSync(join(tmpdir(), "rosette-way-"));
  const { PATH = "", HOME = "" } = process.env;
  server = spawn("npm", ["start"], {
    cwd: ROOT,
    env: { PATH, HOME, npm_config_update_notifier: "false", DATA_DIR: folder, PORT: "0" },
    detached: true,
  });
  await started();
  rosette = addressIn(printed, /Rosette/);
  backpack = addressIn(printed, /Demo backpack/);
  browser = await openBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  // The group: npm, what it started, and what that started.
  if (server?.pid !== undefined && server.exitCode === null) process.kill(-server.pid, "SIGTERM");
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const inBrowser = describe.skipIf(CHROMIUM === null);

/** A verb on a database that is being served; what it said, once it ended well. */
async function verb(dataDir: string, ...args: string[]): Promise<string> {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables: {
      DATA_DIR: dataDir,
      PUBLIC_URL: dataDir === folder ? rosette : backpack,
    },
  });
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

const atBackpack = (...args: string[]) => verb(join(folder, "demo-backpack"), ...args);

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  const engine = openFile(join(folder, "rosette.db"), Math.random, Date.now);
  try {
    return (await engine.read({ sql, params: [] })).rows;
  } finally {
    await engine.close();
  }
}

/** Ends in a mailbox at the backpack, where the link is pressed in the same browser. */
async function signInAtBackpack(): Promise<void> {
  await page.getByLabel("Your e-mail address").fill("noor@example.org");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByLabel("Six-digit code").waitFor();
  const mailbox = await context.newPage();
  await mailbox.goto(`${backpack}/dev/mail`);
  await mailbox
    .getByRole("link", { name: /^Sign in to/ })
    .first()
    .click();
  const code = /\b(\d{3}) ?(\d{3})\b/.exec(await mailbox.locator("main").innerText());
  await mailbox.close();
  await page.getByLabel("Six-digit code").fill(`${code?.[1]}${code?.[2]}`);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

const headline = (words: RegExp) => page.locator(".verdict strong", { hasText: words });

inBrowser("from a fresh start", () => {
  it("the demo's recipient connects the demo backpack and consents there", async () => {
    await page.goto(`${rosette}/dev/as/noor`);
    await page.goto(`${rosette}/me/backpacks`);
    await page.getByText("put your badges there").waitFor();
    await page.getByRole("button", { name: "Connect Demo backpack" }).click();
    await page.waitForURL(`${backpack}/login?**`);
    await signInAtBackpack();
    await page.getByRole("heading", { name: /^Allow Rosette/ }).waitFor();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(`${rosette}/me/backpacks/**`);
    expect(await page.getByText("Connected. Your badges are on their way.").isVisible()).toBe(true);
  });

  it("the badges arrive, and the page says so by itself", async () => {
    await headline(/^3 sent, 0 waiting$/).waitFor();
    expect(await page.locator("[data-said]").textContent()).toMatch(/^3 sent, 0 waiting$/);
    expect(await page.locator(".rows .state", { hasText: "Sent" }).count()).toBe(3);
    expect(await page.getByText("There is no badge from anybody else in it.").isVisible()).toBe(
      true,
    );
  });

  it("the command line sees them there, and has nothing left to send", async () => {
    const listed = await verb(folder, "backpack", "list", "--json");
    expect(JSON.parse(listed).data).toMatchObject([
      { name: "Demo backpack", state: "on", connected: 1, sent: 3, waiting: 0 },
    ]);
    expect(await verb(folder, "sync", "--user", "noor@example.org")).toMatch(
      /connected +3 +0 +0 +0/,
    );
    expect(await verb(folder, "backpack", "probe", backpack)).toContain("connect yes");
  });

  it("they are in the backpack", async () => {
    const held = openFile(join(folder, "demo-backpack", "rosette.db"), Math.random, Date.now);
    const { rows: kept } = await held.read({
      sql: "SELECT assertion_id, verdict FROM hosted_badges",
      params: [],
    });
    await held.close();
    expect(kept).toHaveLength(3);
    for (const [id] of kept) expect(String(id)).toMatch(`${rosette}/ob/v2/assertions/`);
  });

  it("a badge that somebody else put there is pulled, with its verdict", async () => {
    await atBackpack(
      ...["organization", "create", "--name", "Harbour Swimming Club"],
      ...["--website", "https://harbour.example", "--email", "badges@harbour.example"],
    );
    await atBackpack(
      ...["badge", "create", "--name", "Open Water Swimmer"],
      ...["--description", "Swims in the sea.", "--criteria", "Swim a mile in the sea."],
    );
    await atBackpack("award", "Open Water Swimmer", "noor@example.org");
    await page.getByRole("button", { name: "Look what is there" }).click();
    const pulled = page.locator(".rows li", { hasText: "Open Water Swimmer" });
    await pulled.waitFor();
    expect(await pulled.locator(".state").innerText()).toBe("Valid");
    expect(await pulled.innerText()).toContain("Harbour Swimming Club");
    await page.getByText("1 new badge.").waitFor();
  });

  it("access that is ended at the backpack shows as “Reconnect”", async () => {
    await page.goto(`${backpack}/me/apps`);
    await page
      .getByRole("button", { name: /end|revoke/i })
      .first()
      .click();
    await page.waitForURL("**/me/apps?ended");
    await page.goto(`${rosette}/me/backpacks`);
    await page.getByRole("link", { name: "See its badges" }).click();
    await page.getByRole("button", { name: "Look what is there" }).click();
    await headline(/^Reconnect: the permission is gone$/).waitFor();
    expect(await page.getByText("Connect again to go on.").first().isVisible()).toBe(true);
  });

  it("disconnecting is explained, done, and leaves no token in the database", async () => {
    expect(await rows("SELECT count(*) FROM badge_backpacks")).toEqual([[1]]);
    await page.getByRole("link", { name: /^Disconnect/ }).click();
    await page.getByRole("heading", { name: /^Disconnect/ }).waitFor();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Everything secret about the connection is deleted.").waitFor();
    for (const table of [
      "badge_backpack_oauth2s",
      "badge_backpacks",
      "deliveries",
      "badge_externals",
      "backpack_events",
      "oauth_authorizations",
    ]) {
      expect(await rows(`SELECT * FROM ${table}`), table).toEqual([]);
    }
    await page.getByRole("button", { name: "Connect Demo backpack" }).waitFor();
  });

  it("and nothing on the way broke a policy or a script", () => {
    expect(complaints).toEqual([]);
  });
});
