// The first ten minutes with Rosette, as the README tells them: a real start in an empty folder, a real browser.
//
// What the README prints and the steps it lists are compared with what happens here, so that neither can
// change without the other.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verify } from "../src/standard-webhooks.ts";
import { CHROMIUM, openBrowser } from "./pages/browser.node.ts";
import { build, Program, ROOT, rosette } from "./setup/process.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const STEPS = {
  next: "Open the link of the **recipient**. Next up for Noor is Hundred Hours, 47.5 of 100.",
  verdict:
    "Open her Streak Champion: valid, with what was checked, when, and how long that took. The footer leads to an expired and to a revoked badge.",
  backpack:
    "Under *Backpacks* connect the demo backpack, sign in there as Noor and allow it: 3 sent, 0 waiting. It fetched each badge from its issuer before it kept it. Its own page makes it misbehave, to see how a connection recovers.",
  award:
    "Open the link of the **coordinator**, and award First Activity to `new@person.test`. Open the mailbox, follow the link in the mail, and accept.",
  verify:
    "Save that badge and give the file to `/verify`: valid. A screenshot of its page is only a picture, and is told so.",
  listen:
    "In one terminal `npx rosette listen --print`; in another `npx rosette award first-activity kim@person.test --wait --idempotency-key kim`. A signed `award.created` appears. The same again is the same award, and no second mail.",
  doctor:
    "`npx rosette doctor` looks at everything a server needs, with a fix for each fault; `npx rosette deploy check` lists what Cloudflare Workers need.",
} as const;

const README = readFileSync(join(ROOT, "README.md"), "utf8");

let folder: string | undefined;
let server: Program;
/** Where the start really listens; the name in its addresses may be another one's of this machine. */
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let rosetteAt: string;
let backpackAt: string;
const complaints: string[] = [];

beforeAll(async () => {
  await build();
  folder = mkdtempSync(join(tmpdir(), "rosette-first-run-"));
  server = new Program(["serve"], { DATA_DIR: folder, PORT: "0" });
  const [started] = await vi.waitUntil(
    () => {
      const said = server.logged("server.started");
      return said.length > 0 && said;
    },
    { timeout: 60_000 },
  );
  rosetteAt = String(started?.public_url);
  origin = `http://127.0.0.1:${started?.port}`;
  backpackAt = /Demo backpack +(http\S+?)\/\s/.exec(server.stdout)?.[1] ?? "";
  if (CHROMIUM === null) return;
  browser = await openBrowser();
  context = await browser.newContext({ acceptDownloads: true });
  page = await context.newPage();
  page.on("console", (message) => {
    // That a revoked badge answers 410 is no fault of its page.
    if (message.type() === "error" && !/status of 410/.test(message.text())) {
      complaints.push(message.text());
    }
  });
});

afterAll(async () => {
  await browser?.close();
  server?.child.kill("SIGTERM");
  await server?.ended;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** What differs from one machine, one start and one version to the next. */
function withoutChance(text: string): string {
  return text
    .replaceAll(rosetteAt, "http://localhost:8787")
    .replaceAll(backpackAt, "http://127.0.0.1:8788")
    .replace(join(folder ?? "", "rosette.db"), "./data/rosette.db")
    .replace(/\d+ migrations/, "N migrations")
    .replace(/ros_[A-Za-z0-9_-]{43}/, "ros_…");
}

const heading = (name: string) => page.getByRole("heading", { name });
const main = () => page.locator("main").innerText();

describe("the README", () => {
  it("shows what a first start prints", () => {
    const shown = /^```text\n([\s\S]*?)^```$/m.exec(README)?.[1] ?? "";
    const { stdout } = server;
    const printed = withoutChance(stdout.slice(0, stdout.indexOf("Ctrl+C") + 6));
    expect(shown.trimEnd().replace(/\d+ migrations/, "N migrations")).toBe(printed.trimEnd());
  });

  it("lists the steps that are taken here, in their order", () => {
    const [, section = ""] = /^## The first ten minutes$([\s\S]*?)^## /m.exec(README) ?? [];
    const steps = section
      .split(/\n\n/)
      .flatMap((part) => (/^1\. /.test(part) ? part.split(/^\d+\. /m).slice(1) : []))
      .map((step) => step.trim().replace(/\s+/g, " "));
    expect(steps).toEqual(Object.values(STEPS));
  });
});

describe.skipIf(CHROMIUM === null)("the first ten minutes", () => {
  it(STEPS.next, async () => {
    await page.goto(`${rosetteAt}/dev/as/noor`);
    await page.goto(`${rosetteAt}/me`);
    const next = page.getByRole("region", { name: "Next up" });
    expect(await next.getByRole("listitem").first().innerText()).toMatch(
      /^Hundred Hours\s+47\.5 of 100/,
    );
  });

  it(STEPS.verdict, async () => {
    await page
      .getByRole("link", { name: /Streak Champion/ })
      .first()
      .click();
    await heading("Streak Champion").waitFor();
    expect(await page.title()).toMatch(/^Valid: Streak Champion/);
    expect(await main()).toMatch(/looking up the issuer’s record: that took \d+ ms/);
    expect(await page.locator(".checks > li").count()).toBe(4);
    const examples = page.getByRole("navigation", { name: "Examples of the demo" });
    await examples.getByRole("link", { name: "An expired one" }).click();
    await page.waitForURL("**/b/*");
    expect(await page.title()).toMatch(/^Expired: /);
    await examples.getByRole("link", { name: "A revoked one" }).click();
    await page.locator(".verdict.revoked").waitFor();
    expect(await main()).toContain("the nomination was for somebody else");
  });

  it(STEPS.backpack, async () => {
    await page.goto(`${rosetteAt}/me/backpacks`);
    await page.getByRole("button", { name: "Connect Demo backpack" }).click();
    await page.waitForURL(`${backpackAt}/login?**`);
    await page.getByRole("link", { name: "Noor Haddad" }).click();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(`${rosetteAt}/me/backpacks/**`);
    await page.locator(".verdict strong", { hasText: /^3 sent, 0 waiting$/ }).waitFor();
    await page.goto(`${backpackAt}/me/badges`);
    expect(await page.getByText(/^Put here by Rosette .* Checked /).count()).toBe(3);
    await page.goto(`${backpackAt}/dev/backpack`);
    const deeds = await page.getByLabel("What it does").locator("option").allInnerTexts();
    for (const deed of [/401/, /429/, /time/]) expect(deeds.join("\n")).toMatch(deed);
  });

  it(STEPS.award, async () => {
    await page.goto(`${rosetteAt}/dev/as/cora`);
    await page.goto(`${rosetteAt}/award`);
    await page.getByRole("combobox", { name: "Person" }).fill("new@person.test");
    await page.getByLabel("Badge", { exact: true }).selectOption({ label: "First Activity" });
    await page.getByRole("button", { name: "See what will happen" }).click();
    await page.getByRole("button", { name: "Award it now" }).click();
    await heading("First Activity was awarded to new@person.test").waitFor();
    const subject = /First Activity/;
    await expect
      .poll(async () => {
        await page.goto(`${rosetteAt}/dev/mail`);
        return page.getByRole("link", { name: subject }).count();
      })
      .toBe(1);
    await page.getByRole("link", { name: subject }).click();
    await page.getByRole("link", { name: /\/claim\// }).click();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByText("This badge is yours.").waitFor();
  });

  it(STEPS.verify, async () => {
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save the file only" }).click();
    const file = { mimeType: "image/png", buffer: readFileSync(await (await saving).path()) };
    const screenshot = { mimeType: "image/png", buffer: Buffer.from(await page.screenshot()) };
    const judged = async (name: string, given: typeof file) => {
      await page.goto(`${rosetteAt}/verify`);
      await page.locator('input[type="file"]').setInputFiles({ name, ...given });
      await page
        .getByRole("button", { name: /^Verify/ })
        .first()
        .click();
      await page.locator(".verdict h1").waitFor();
      return main();
    };
    expect(await judged("first-activity.png", file)).toMatch(/valid/i);
    expect(await page.locator(".verdict.valid").count()).toBe(1);
    expect(await judged("screenshot.png", screenshot)).toContain("This is only a picture");
  });

  it("no page broke its policy or a script", () => {
    expect(complaints).toEqual([]);
  });
});

describe("at a terminal", () => {
  const here = () => ({ DATA_DIR: folder ?? "" });

  it(STEPS.listen, async () => {
    const heard = new Program(["listen", "--print", "--count", "1", "--json"], here());
    await vi.waitFor(() => expect(heard.stdout).toContain("whsec_"), 30_000);
    const award = [
      "award",
      "first-activity",
      "kim@person.test",
      "--wait",
      "--idempotency-key",
      "kim",
    ];
    const first = await rosette([...award, "--json"], here());
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect((await heard.ended).code).toBe(0);
    const [{ secret }, message] = heard.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(message.type).toBe("award.created");
    const bytes = new TextEncoder().encode(message.body);
    const judged = await verify([secret], new Headers(message.headers), bytes, Date.now());
    expect(judged).toMatchObject({ ok: true });
    const again = await rosette([...award, "--json"], here());
    const [one, other] = [first, again].map(({ stdout }) => JSON.parse(stdout));
    expect([other.id, other.mail]).toEqual([one.id, "sent"]);
    const told = (await (await fetch(`${origin}/dev/mail`)).text()).split("kim@person.test");
    expect(told).toHaveLength(2);
  });

  it(STEPS.doctor, async () => {
    const doctor = await rosette(["doctor"], here());
    for (const word of ["database", "address", "mail", "clock", "images"]) {
      expect(doctor.stdout).toContain(word);
    }
    const check = await rosette(["deploy", "check"], here());
    for (const word of ["DATABASE_URL", "SECRET_KEY", "images"])
      expect(check.stdout).toContain(word);
  });
});
