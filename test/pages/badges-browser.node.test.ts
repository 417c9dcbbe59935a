// An administrator at work on badges in a real browser: made, counted, changed, revoked, corrected, written about again.
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { drain } from "../../src/jobs/drain.ts";
import { createDemoMail } from "../../src/signin/demo-mail.ts";
import { HANDLERS } from "../../src/work.ts";
import { asPerson, type SendAs } from "../api/person.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { countedQuietly } from "../issuer/evaluation-world.ts";
import { signedIn } from "../signed-in.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  cutOff,
  keyboardWalk,
  NO_NARROW_FAULTS,
  narrowFaults,
  openAll,
} from "./walk.node.ts";

const TIMEOUT = 120_000;
/** People with one to five activities. */
const PEOPLE = 5;
const LONG_NAME =
  "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung, zweite Stufe";

let app: TestApp;
let organization: Organization;
let ada: Person;
let ask: SendAs;
const people: string[] = [];

const stage = browserStage(async () => {
  // On plain http, so that the session's cookie is one that this browser takes.
  app = await testApp({
    shared: true,
    publicUrl: "http://127.0.0.1",
    override: (env) => ({
      config: { ...env.config, demo: true },
      mail: createDemoMail(env.db, env),
    }),
  });
  organization = await givenOrganization(app.env);
  ada = await givenPerson(app.env, organization, {
    name: "Ada Okafor",
    roles: ["organization_administrator"],
  });
  for (let i = 1; i <= PEOPLE; i++) {
    const name = i === 1 ? LONG_NAME : `Noor Haddad ${i}`;
    const { user } = await givenPerson(app.env, organization, { name });
    people.push(user.id);
    await countedQuietly(app.env, organization, user.id, i);
  }
  ask = await asPerson(app, ada.user.id, organization.id);
  return app;
});

async function visit<T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const use = async (page: Page) => {
    const answer = await page.goto(stage.origin + path);
    expect([path, answer?.status()]).toEqual([path, 200]);
    return look(page);
  };
  return stage.inContext(options, use, await signedIn(app, ada.user.id));
}

const work = () => drain(app.env, HANDLERS, { limit: 200 });
const first = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const idIn = (page: Page) => /\/badges\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";

/** From nothing to a badge that is awarded: with no picture given, counted before it is active. */
async function makeBadge(page: Page, name: string): Promise<string> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Description", { exact: true }).first().fill("Ran three sessions.");
  await page.getByLabel("Criteria, in words").fill("Run three sessions.");
  await first(page, "Remove this criterion").click();
  await page.getByLabel("Kind of criterion").selectOption("metric");
  await first(page, "Add a criterion").click();
  await page.getByLabel("What is counted").selectOption("activity_count");
  await page.getByLabel("At least").fill("3");
  await first(page, "Save and count who would get it").click();
  await page.getByText("The badge is kept.").waitFor();
  await work();
  await page.reload();
  await page.getByText("Who would get it now: 3").waitFor();
  await first(page, "Activate").click();
  await page.getByText("The badge is active.").waitFor();
  await work();
  return idIn(page);
}

inBrowser("an administrator", { timeout: TIMEOUT }, () => {
  it("makes a badge, counts who would get it, and as many get it; then all that befalls an award", async () => {
    await visit("/admin/badges", { javaScriptEnabled: false }, async (page) => {
      await page.getByRole("link", { name: "New badge" }).click();
      const id = await makeBadge(page, "Three Sessions");
      await page.goto(`${stage.origin}/admin/badges/${id}`);
      expect(await page.locator("input[name=award]").count()).toBe(3);
      await revoke(page);
      await resend(page);
      await correct(page);
      await newVersion(page, id);
    });
  });

  it("with a script, sees the picture while choosing, and is not let have a colour that is hardly seen", async () => {
    await visit("/admin/badges/new", {}, async (page) => {
      const preview = page.locator("[data-art-preview]");
      const before = await preview.innerHTML();
      await page.getByLabel("My own", { exact: true }).check();
      await page.getByLabel("My own colour").fill("#ffff00");
      await preview.getByText("That is too little").waitFor();
      expect(await preview.innerHTML()).not.toBe(before);
      await page.getByLabel("Name", { exact: true }).fill("Too Bright");
      await page.getByLabel("Description", { exact: true }).first().fill("It is.");
      await page.getByLabel("Criteria, in words").fill("Be bright.");
      await first(page, "Save as a draft").click();
      await page.getByRole("alert").waitFor();
      expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("alert");
      await page.getByRole("alert").getByRole("link", { name: "My own colour" }).click();
      expect(await page.evaluate("document.activeElement.id")).toBe("colour");
      await page.getByLabel("My own colour").fill("#1f6f5b");
      await first(page, "Save as a draft").click();
      await page.getByText("The badge is kept.").waitFor();
      const { body } = await ask("GET", `/badges/${idIn(page)}`);
      expect(body.art).toEqual({ shape: null, colour: "#1f6f5b" });
    });
  });

  it("hears how many awards are selected", async () => {
    const { path } = await givenAwarded("Heard");
    await visit(path, {}, async (page) => {
      const said = page.locator("[data-selected]");
      expect(await said.innerText()).toBe("None selected");
      await page.locator("input[name=award]").first().check();
      expect(await said.innerText()).toBe("1 selected");
      await page.getByLabel("Select all on this page").check();
      expect(await said.innerText()).toBe(`${PEOPLE} selected`);
    });
  });
});

/** With a typed reason, in two steps: the page turns red, the record says 410. */
async function revoke(page: Page): Promise<void> {
  await page.getByLabel("Noor Haddad 3").check();
  await page.getByRole("button", { name: "Revoke …" }).click();
  await page.getByLabel("Why").fill("Awarded by mistake.");
  await page.getByRole("button", { name: "Revoke it" }).click();
  await page.getByText("1 award is revoked.").waitFor();
  const link = page.getByRole("link", { name: "Noor Haddad 3", exact: true });
  const path = (await link.getAttribute("href")) ?? "";
  const record = await app.request(path.replace("/b/", "/ob/v2/assertions/"));
  expect([record.status, await record.json()]).toEqual([
    410,
    expect.objectContaining({ revoked: true, revocationReason: "Awarded by mistake." }),
  ]);
  await link.click();
  expect(await page.locator(".verdict").getAttribute("class")).toContain("revoked");
  await page.getByText("Awarded by mistake.").first().waitFor();
  await page.goBack();
}

async function mails(page: Page): Promise<number> {
  await page.goto(`${stage.origin}/dev/mail`);
  const count = await page.getByText("Three Sessions").count();
  await page.goBack();
  return count;
}

/** A mail that went out is sent once more, and pressed twice once. */
async function resend(page: Page): Promise<void> {
  await work();
  const before = await mails(page);
  app.clock.advance(11 * 60_000);
  for (let i = 0; i < 2; i++) {
    await page.getByLabel("Noor Haddad 4").check();
    await page.getByRole("button", { name: "Send the mail again" }).click();
    await page.getByText("1 mail is on the way.").waitFor();
  }
  await work();
  expect(await mails(page)).toBeGreaterThan(before);
  const { body } = await ask("GET", "/notifications?limit=100");
  expect(body.data.filter(({ kind }) => kind === "award.resent")).toHaveLength(1);
}

/** The old award and the new one lead to each other. */
async function correct(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Correct Noor Haddad 5" }).click();
  await page.getByLabel("What was done").fill("Ran five sessions.");
  await page.getByLabel("What was wrong").fill("The number was missing.");
  await page.getByRole("button", { name: "Correct and issue again" }).click();
  await page.getByText("The award is corrected").waitFor();
  const rows = await app.env.db.orm.select().from(awards);
  const old = rows.find(({ superseded_by }) => superseded_by !== null);
  const fresh = rows.find(({ id }) => id === old?.superseded_by);
  const [by] = await page.getByRole("link", { name: "another award" }).all();
  const [of] = await page.getByRole("link", { name: "an earlier one" }).all();
  expect([await by?.getAttribute("href"), await of?.getAttribute("href")]).toEqual([
    `/b/${fresh?.unique_hash}`,
    `/b/${old?.unique_hash}`,
  ]);
}

async function newVersion(page: Page, id: string): Promise<void> {
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByText("What you save becomes version 2").waitFor();
  await page.getByLabel("Description", { exact: true }).first().fill("Ran three long sessions.");
  await first(page, "Save as version 2").click();
  await page.getByText("This is the new version.").waitFor();
  expect(idIn(page)).not.toBe(id);
  await page.getByRole("link", { name: "Versions" }).click();
  expect(await page.getByRole("row").count()).toBe(3);
}

let ordinal = 0;

const PLAIN_BADGE = { description: "Ran sessions.", criteria: { narrative: "Run sessions." } };

const LONG_BADGE = {
  description:
    "Ein Satz, der etwas länger ist als die anderen, damit man sieht, was dann geschieht.",
  language: "de",
  criteria: {
    narrative: "Zwölf Treffen.",
    rules: [
      {
        type: "metric",
        method: "any",
        params: { metric_activity_count: "12", metric_streak_weeks: "4" },
      },
      { type: "manual", params: { role_coordinator: "coordinator" } },
    ],
  },
  tiers: [{ level: 1, name: "Bronze" }],
  alignments: [{ target_name: "Leads", target_url: "https://skills.example/leads" }],
};

/** A badge that everybody holds. */
async function givenAwarded(name: string): Promise<{ path: string; award: string }> {
  const { body } = await ask("POST", "/badges", { ...PLAIN_BADGE, name });
  let award = "";
  for (const user of people) {
    award = (await ask("POST", "/awards", { badge: body.id, user })).body.id;
  }
  return { path: `/admin/badges/${body.id}`, award };
}

async function givenPages(): Promise<Record<string, string>> {
  const name = `${LONG_NAME} ${++ordinal}`;
  const made = await ask("POST", "/badges", { ...LONG_BADGE, name });
  const path = `/admin/badges/${made.body.id}`;
  const { path: awarded, award } = await givenAwarded(`Awarded ${ordinal}`);
  return {
    "the list": "/admin/badges",
    "an editor full of things": `${path}/edit`,
    awards: awarded,
    "no awards": path,
    funnel: `${awarded}/funnel`,
    versions: `${awarded}/versions`,
    endorsements: `${awarded}/endorsements`,
    json: `${path}/json`,
    "a correction": `${awarded}/awards/${award}/correct`,
    "before deleting": `${awarded}/delete`,
    "before purging": `${awarded}/purge`,
  };
}

/** What the others are made of, too. */
const LOOKED_AT = new Set([
  "the list",
  "an editor full of things",
  "awards",
  "funnel",
  "a correction",
]);

inBrowser("every page", { timeout: TIMEOUT }, () => {
  it("has nothing that axe finds, in light and dark, and fits 320 pixels and a finger", async () => {
    const pages = await givenPages();
    await visit("/admin/badges", { bypassCSP: true }, async (page) => {
      for (const [name, path] of Object.entries(pages)) {
        const answer = await page.goto(stage.origin + path);
        expect([name, answer?.status()]).toEqual([name, 200]);
        await openAll(page);
        if (LOOKED_AT.has(name)) {
          expect([name, await axeEverywhere(page, name)]).toEqual([name, []]);
        }
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
        // German words are the longer ones.
        await page.goto(`${stage.origin}${path}?lang=de`);
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
        expect([name, await cutOff(page)]).toEqual([name, []]);
      }
    });
  });

  it("is worked by the keyboard alone: every link and control in reading order, the focus seen", async () => {
    const { "the list": list, "before purging": purging } = await givenPages();
    for (const path of [list, purging]) {
      await visit(path ?? "", {}, walkThrough);
    }
  });

  it("the editor, too: a row is added and removed without a mouse", async () => {
    await visit("/admin/badges/new", {}, async (page) => {
      await page.getByLabel("Kind of criterion").focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByLabel("What is counted").waitFor();
      // The browser goes on from the part of the page that has changed.
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.name")).toBe("method");
      // Enter in a field presses the first button of the form, which is to save.
      await page.getByLabel("Name", { exact: true }).focus();
      await page.keyboard.type("Half Done");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByRole("link", { name: "Description" }).waitFor();
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Half Done");
      expect(await page.getByLabel("What is counted").count()).toBe(1);
    });
  });
});

async function walkThrough(page: Page): Promise<void> {
  const walked = await keyboardWalk(page);
  const inOrder = [...walked.reached].sort((a, b) => a - b);
  expect(walked).toEqual({ ...walked, skipLinkAt: 8, reached: inOrder, unseen: [] });
  expect(new Set(walked.reached).size).toBe(walked.stops);
}
