// Looking after an organization as a browser sees it: from its set-up to its export, wide and narrow,
// light and dark, by keyboard, without JavaScript.
import { readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import { nominations } from "../../src/db/nominations.ts";
import { memberships, type Organization, organizations } from "../../src/db/organizations.ts";
import { newSetupLink } from "../../src/desk/setup/link.ts";
import { newId } from "../../src/ids.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { countedQuietly, counts, givenRuled } from "../issuer/evaluation-world.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import { axeEverywhere, keyboardWalk, NO_NARROW_FAULTS, narrowFaults } from "./walk.node.ts";

const TIMEOUT = 90_000;
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

let app: TestApp;
let origin: string;
let organization: Organization;
let noorId: string;
/** Ada's, who sets the installation up and is signed in from then on. */
let cookies: Parameters<BrowserContext["addCookies"]>[0];

const stage = browserStage(async (at) => {
  origin = at;
  app = await testApp({ publicUrl: origin, shared: true });
  return app;
});

function inContext<T>(
  options: BrowserContextOptions,
  work: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  return stage.inContext(options, async (page, context) => {
    if (cookies !== undefined) await context.addCookies(cookies);
    return work(page, context);
  });
}

const heading = (page: Page) => page.locator("h1").innerText();

/** Sends the form that is being filled in, and waits for what comes of it. */
async function enter(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

/** Everything that every page owes to everybody. */
async function isForEverybody(page: Page, name: string): Promise<void> {
  expect([name, await axeEverywhere(page, name)]).toEqual([name, []]);
  expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
}

/** What an organization looks like that has been at work for a while. */
async function atWork(): Promise<void> {
  const { env } = app;
  const badge = await givenBadge(env, organization, { name: "Twelve Weeks" });
  const noor = await givenPerson(env, organization, { name: "Noor Haddad" });
  noorId = noor.user.id;
  await givenAward(env, badge, noor, {
    date_expire: app.clock.now + 86_400_000,
    claim_state: "claimed",
    notification_sent: true,
  });
  await givenPerson(env, organization, {
    name: LONG_WORD,
    email: `${LONG_WORD.slice(0, 60)}@example.org`,
    roles: ["member", "coordinator", LONG_WORD.slice(0, 60)],
  });
  await givenRuled(env, organization, { rules: [counts(100)], over: { name: "Hundred Hours" } });
  await countedQuietly(env, organization, noor.user.id, 47);
  const nomination = env.db.orm.insert(nominations).values({
    id: newId(env),
    organization_id: organization.id,
    badge_id: badge.id,
    nominee_id: noor.user.id,
    reason: "Ran twelve sessions.",
    updated_at: env.now(),
  });
  await env.db.batch([nomination]);
}

inBrowser("setting up, without JavaScript, by keyboard", () => {
  it("a link that is none says how to print another", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true }, async (page) => {
      await page.goto(`${origin}/setup/${"A".repeat(43)}`);
      expect(await page.locator("pre").innerText()).toContain("npx rosette setup");
      await isForEverybody(page, "setup-no-link");
    }),
  );

  it("each step is for everybody", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true }, async (page) => {
      await page.goto((await newSetupLink(app.env, { alone: true })) ?? "");
      await isForEverybody(page, "setup-1");
      await page.getByLabel("Name of the organization").fill("Northside");
      await page.getByLabel("Website").fill("https://northside.example/");
      await page.getByLabel("Your e-mail address").fill("ada@northside.example");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("Public address").fill("https://badges.example.org/path");
      await page.getByRole("button", { name: "Continue" }).click();
      await isForEverybody(page, "setup-2-refused");
    }),
  );

  it("three steps, and a second visit is 404", { timeout: TIMEOUT }, () =>
    inContext({ javaScriptEnabled: false }, async (page, context) => {
      const link = (await newSetupLink(app.env, { alone: true })) ?? "";
      await page.goto(link);
      await page.getByLabel("Name of the organization").focus();
      for (const text of [
        "Northside Peer Mentors",
        "https://northside.example/",
        "Ada Quist",
        "ada@northside.example",
      ]) {
        await page.keyboard.type(text);
        await page.keyboard.press("Tab");
      }
      await enter(page);
      expect(await heading(page)).toBe("Step 2 of 3: Public address");
      expect(await page.locator(".red-note").innerText()).toContain("will not verify elsewhere");
      await page.getByLabel("Public address").fill("http://badges.example.org");
      await enter(page);
      expect(await page.locator("#address-fault").innerText()).toContain("must begin with https");
      await page.getByLabel("Public address").fill(origin);
      await enter(page);
      expect(await heading(page)).toBe("Step 3 of 3: First badge");
      await page.getByRole("button", { name: "Back" }).click();
      expect(await page.getByLabel("Public address").inputValue()).toBe(origin);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("Name of the badge").fill("First Session");
      await page.getByLabel("What it stands for").fill("Led a first session.");
      await page.getByLabel("What must be done for it").fill("Lead one session.");
      await page.getByRole("button", { name: "Finish", exact: true }).click();
      expect(new URL(page.url()).pathname).toBe("/admin");
      expect(await page.locator(".account").innerText()).toContain("Ada Quist");
      expect((await page.goto(link))?.status()).toBe(404);
      cookies = await context.cookies();
      const [made] = await app.env.db.orm.select().from(organizations);
      if (made !== undefined) organization = made;
    }),
  );
});

inBrowser("the overview", () => {
  it("begins with four first steps, each a link", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true }, async (page) => {
      await page.goto(`${origin}/admin`);
      await isForEverybody(page, "overview-first");
      const links = await page
        .locator(".first-steps a")
        .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      expect(links).toEqual([
        "/admin/settings",
        "/admin/badges/new",
        "/admin/people/new",
        "/award",
      ]);
      for (const path of links) {
        expect([path, (await page.goto(`${origin}${path}`))?.status()]).toEqual([path, 200]);
      }
    }),
  );

  it("leads to what waits, and to nothing else", { timeout: TIMEOUT }, () =>
    inContext({ javaScriptEnabled: false }, async (page) => {
      await atWork();
      await page.goto(`${origin}/admin`);
      await page.getByRole("link", { name: "1 award expires within 30 days" }).click();
      expect(await page.locator("tbody tr").count()).toBe(1);
      await page.goto(`${origin}/admin`);
      await page.getByRole("link", { name: "1 nomination waits for a decision" }).click();
      expect(await page.locator("main").innerText()).toContain("Noor Haddad");
    }),
  );

  it("is for everybody, and its numbers are a file", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true, acceptDownloads: true }, async (page) => {
      await page.goto(`${origin}/admin`);
      await isForEverybody(page, "overview");
      await page.goto(`${origin}/admin/overview/expiring`);
      await isForEverybody(page, "expiring");
      await page.goto(`${origin}/admin`);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "All badges in numbers (CSV)" }).click(),
      ]);
      expect(readFileSync(await file.path(), "utf8")).toContain("Twelve Weeks");
    }),
  );

  it("is walked by keyboard alone", { timeout: TIMEOUT }, () =>
    inContext({ viewport: { width: 1180, height: 900 } }, async (page) => {
      await page.goto(`${origin}/admin`);
      const { reached, stops, unseen, skipLinkAt } = await keyboardWalk(page);
      expect(reached).toEqual([...reached].sort((a, b) => a - b));
      expect([reached.length, unseen]).toEqual([stops, []]);
      expect(skipLinkAt).toBeGreaterThanOrEqual(0);
    }),
  );
});

inBrowser("people", () => {
  it("are sought, added, suspended and restored, without JavaScript", { timeout: TIMEOUT }, () =>
    inContext({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${origin}/admin/people`);
      await page.getByLabel("Name or address").focus();
      await page.keyboard.type("haddad");
      await enter(page);
      expect(await page.locator(".person-link").allInnerTexts()).toEqual(["Noor Haddad"]);
      await page.getByRole("link", { name: "Show everybody" }).click();
      await page.getByRole("link", { name: "Add a person" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Kim Berg");
      await page.getByLabel("E-mail address").fill("kim@example.org");
      await page.getByLabel("Coordinator").check();
      await page.getByRole("button", { name: "Add this person" }).click();
      expect(await page.locator("[role=status]").innerText()).toBe("The person is added.");
      await page.getByText("Suspend", { exact: true }).click();
      await page.getByRole("button", { name: "Suspend this person" }).click();
      expect(await page.locator("[role=status]").innerText()).toBe("The person is suspended.");
      await page.getByRole("button", { name: "Restore this person" }).click();
      await page.getByLabel("Time zone").fill("Nowhere");
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.locator("[role=alert] a").getAttribute("href")).toBe("#time_zone");
      const [kim] = await app.env.db.orm
        .select()
        .from(memberships)
        .where(eq(memberships.name, "Kim Berg"));
      expect(kim).toMatchObject({ status: "active", roles: ["member", "coordinator"] });
    }),
  );

  it("are for everybody", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true }, async (page) => {
      for (const [name, path] of [
        ["people", "/admin/people"],
        ["people-new", "/admin/people/new"],
        ["person", `/admin/people/${noorId}`],
        ["person-awards", `/admin/people/${noorId}/awards`],
        ["person-progress", `/admin/people/${noorId}/progress`],
      ] as const) {
        await page.goto(`${origin}${path}`);
        await isForEverybody(page, name);
      }
      expect(await page.locator("main").innerText()).toContain("47 of 100");
    }),
  );
});

inBrowser("settings and export", () => {
  it("are kept, without JavaScript", { timeout: TIMEOUT }, () =>
    inContext({ javaScriptEnabled: false, acceptDownloads: true }, async (page) => {
      await page.goto(`${origin}/admin/settings`);
      await page.getByLabel("Description").fill("Students who help students.");
      await page.getByLabel("Telephone").fill("0171");
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.locator("[role=alert] a").getAttribute("href")).toBe("#telephone");
      await page.getByLabel("Telephone").fill("+16175551212");
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.locator("[role=status]").innerText()).toBe("The settings are saved.");
      await page.goto(`${origin}/admin/export`);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Export everything" }).click(),
      ]);
      const lines = readFileSync(await file.path(), "utf8")
        .trimEnd()
        .split("\n");
      expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ record: "end" });
      const [entry] = await app.env.db.orm
        .select()
        .from(auditLog)
        .where(eq(auditLog.action, "organization.exported"));
      expect(entry?.actor_kind).toBe("user");
    }),
  );

  it("are for everybody", { timeout: TIMEOUT }, () =>
    inContext({ bypassCSP: true }, async (page) => {
      for (const name of ["settings", "export"]) {
        await page.goto(`${origin}/admin/${name}`);
        await isForEverybody(page, name);
      }
    }),
  );

  it("another organization is chosen in the header", { timeout: TIMEOUT }, () =>
    inContext(
      { javaScriptEnabled: false, viewport: { width: 1180, height: 900 } },
      async (page) => {
        const other = await givenOrganization(app.env, { name: "Southside" });
        const [ada] = await app.env.db.orm
          .select()
          .from(memberships)
          .where(eq(memberships.name, "Ada Quist"));
        const membership = app.env.db.orm.insert(memberships).values({
          id: newId(app.env),
          organization_id: other.id,
          user_id: ada?.user_id ?? "",
          name: "Ada",
          roles: ["organization_administrator"],
          updated_at: app.env.now(),
        });
        await app.env.db.batch([membership]);
        await page.goto(`${origin}/admin/people/${noorId}`);
        await page.locator("select[name=organization]").selectOption("Southside");
        await page.getByRole("button", { name: "Switch" }).click();
        expect(new URL(page.url()).pathname).toBe("/admin/people");
        expect(await page.locator(".lead").innerText()).toContain("Southside");
      },
    ),
  );
});
