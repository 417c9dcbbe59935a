// The coordinator's screens in a real browser: the search for people, a file that is put right, progress, and no scripts.
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Badge } from "../../src/db/badges.ts";
import type { Database } from "../../src/db/database.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { SLICE_ROWS } from "../../src/issuer/import-run.ts";
import { drain } from "../../src/jobs/drain.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";
import { givenManualCriterion, givenNomination } from "../given-nominations.ts";
import { signedIn } from "../signed-in.ts";
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
let organization: Organization;
let badge: Badge;
let cora: Person;
let noor: Person;
let nomination: string;
let checked: string;
let working: string;
let done: string;

const work = (env = app.env) => drain(env, HANDLERS, { limit: 200, concurrency: 1 });

const stage = browserStage(async () => {
  // On plain http, so that the session's cookie is one that this browser takes.
  app = await testApp({ shared: true, publicUrl: "http://127.0.0.1" });
  const { env } = app;
  organization = await givenOrganization(env, { name: "Northside Peer Mentors" });
  badge = await givenBadge(env, organization, { name: "Night School", max_awards_per_user: 1 });
  await givenManualCriterion(env, badge);
  const lead = await givenBadge(env, organization, { name: "Lead Mentor" });
  await givenManualCriterion(env, lead, ["coordinator", "trainer"], 1);
  const roles = ["member", "coordinator"];
  cora = await givenPerson(env, organization, { name: "Cora Lind", roles });
  const tom = await givenPerson(env, organization, { name: "Tom Rivera", roles });
  noor = await givenPerson(env, organization, { name: "Noor Haddad", email: "noor@example.org" });
  await givenPerson(env, organization, { name: "Noor Berg", email: "nb@example.org" });
  const long = await givenPerson(env, organization, { name: `Wolfgang ${"Langname".repeat(8)}` });
  await givenAward(env, badge, long);
  const asked = await givenNomination(env, badge, noor, {
    nominator_id: tom.user.id,
    reason: "Took over the **Tuesday group** when nobody else could.",
    evidence: [{ id: "https://e.example/log", name: "The log" }, { narrative: "Saw it." }],
  });
  nomination = asked.id;
  const as = await signedIn(app, cora.user.id);
  const send = async (text: string) => {
    const sent = await as.post("/award/import", { badge: badge.id, text });
    return sent.headers.get("location") ?? "";
  };
  await as.post("/award/nominations/vouches", { person: "Noor Haddad", badge: lead.id });
  await as.post("/award/codes", { badge: badge.id, label: "Spring camp", most: "30" });
  checked = await send(
    `email,name\nkim@example.net,"Doe, Jane"\nnobody,Roe\n${"x".repeat(60)}@y.z,\n`,
  );
  await work();
  working = await send("email\nlee@example.net\n");
  const made = await as.post("/award", { person: "sam@example.net", badge: badge.id, step: "do" });
  done = made.headers.get("location") ?? "";
  return app;
});

const PAGES = {
  "the form": () => "/award",
  "what became of it": () => done,
  nominations: () => "/award/nominations",
  "a nomination": () => `/award/nominations/${nomination}`,
  vouches: () => "/award/nominations/vouches",
  "many at once": () => "/award/import",
  "a checked file": () => checked,
  "a file at work": () => working,
  codes: () => "/award/codes",
  "awards of somebody else": () => "/award/declined",
} as const;
type PageName = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as PageName[];

async function inContext<T>(
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  return stage.inContext(options, look, await signedIn(app, cora.user.id));
}

async function at(page: Page, path: string): Promise<void> {
  const answer = await page.goto(stage.origin + path);
  expect([answer?.status(), new URL(page.url()).pathname]).toEqual([200, path.split("?")[0]]);
}

const said = (page: Page, selector: string) =>
  page.locator(selector).evaluate((one) => one.textContent ?? "");

inBrowser("every page", { timeout: TIMEOUT }, () => {
  it("axe finds nothing, light and dark", async () => {
    await inContext({ bypassCSP: true, javaScriptEnabled: true }, async (page) => {
      for (const name of NAMES) {
        await at(page, PAGES[name]());
        await openAll(page);
        expect([name, await axeEverywhere(page, name)]).toEqual([name, []]);
      }
    });
  });

  it("does not scroll sideways at 320 pixels, and is pressed with a finger", async () => {
    await inContext({}, async (page) => {
      for (const name of NAMES) {
        await at(page, PAGES[name]());
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
        // Words are longer there.
        await at(page, `${PAGES[name]()}?lang=de`);
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
      }
    });
  });

  it("is walked through with the keyboard, in reading order", async () => {
    await inContext({}, async (page) => {
      for (const name of ["vouches", "a checked file"] as const) {
        await at(page, PAGES[name]());
        const { reached, stops, unseen } = await keyboardWalk(page);
        expect([name, unseen, new Set(reached).size]).toEqual([name, [], stops]);
        expect(reached).toEqual([...reached].sort((one, other) => one - other));
      }
    });
  });
});

inBrowser("the search for people", { timeout: TIMEOUT }, () => {
  it("is a combobox: arrows go through it, Enter chooses, Escape closes and empties", async () => {
    await inContext({ bypassCSP: true }, async (page) => {
      await at(page, "/award");
      const input = page.getByRole("combobox", { name: "Person" });
      await input.pressSequentially("noor");
      const options = page.locator("#person-list").getByRole("option");
      await options.first().waitFor();
      expect(await options.count()).toBe(2);
      expect(await input.getAttribute("aria-expanded")).toBe("true");
      expect(await page.locator(".person [role=status]").textContent()).toBe("2 people");
      expect(await axeEverywhere(page, "people found")).toEqual([]);
      await input.press("ArrowDown");
      await input.press("ArrowDown");
      const active = await input.getAttribute("aria-activedescendant");
      expect(await page.locator(`#${active}`).getAttribute("aria-selected")).toBe("true");
      await input.press("ArrowDown");
      expect(await input.getAttribute("aria-activedescendant")).not.toBe(active);
      await input.press("Escape");
      expect(await input.getAttribute("aria-expanded")).toBe("false");
      expect(await input.inputValue()).toBe("noor");
      await input.press("Escape");
      expect(await input.inputValue()).toBe("");
      await input.pressSequentially("noor@exa");
      await page.getByRole("option", { name: "Noor Haddad" }).waitFor();
      await input.press("ArrowUp");
      await input.press("Enter");
      expect(await input.inputValue()).toBe("Noor Haddad (noor@example.org)");
      expect(await page.locator("input[name=user]").inputValue()).toBe(noor.user.id);
      await input.pressSequentially("x");
      expect(await page.locator("input[name=user]").inputValue()).toBe("");
    });
  });
});

/** Axe, and the narrowest screen. */
async function looked(page: Page, name: string): Promise<void> {
  expect([name, await axeEverywhere(page, name)]).toEqual([name, []]);
  expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
}

/** Awards to somebody by what is typed alone, and once more. */
async function awardByHand(page: Page, person: string, isLookedAt = false): Promise<void> {
  for (const isFirst of [true, false]) {
    await at(page, "/award");
    await page.locator("#person").fill(person);
    await page.locator("select[name=badge]").selectOption({ label: "Night School" });
    await page.locator("textarea[name=note]").fill("Ran all twelve.");
    await page.getByRole("button", { name: "See what will happen" }).click();
    if (isFirst) {
      expect(await page.locator(".letter").innerText()).toContain("has awarded you the badge");
      if (isLookedAt) await looked(page, "a preview");
      await page.getByRole("button", { name: "Award it now" }).click();
      expect(await said(page, "h1")).toContain("Night School was awarded to");
    } else {
      expect(await said(page, ".verdict")).toContain("This will be skipped");
      if (isLookedAt) await looked(page, "what is skipped");
      expect(await page.getByRole("button", { name: "Award it now" }).count()).toBe(0);
    }
  }
}

/**
 * A file with a byte order mark, semicolons and a comma in a name, and `more` people; a row is put
 * right in place.
 */
async function checkFile(page: Page, suffix: string, more: number): Promise<void> {
  const others = Array.from({ length: more }, (_, i) => `p${i}-${suffix}@example.net;P ${i}\n`);
  const csv = `\uFEFFE-Mail;Name\njane-${suffix}@example.net;"Doe, Jane"\nrick;"Roe, Rick"\n`;
  await at(page, "/award/import");
  await page.getByLabel("CSV file").setInputFiles({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(csv + others.join("")),
  });
  await page.locator("select[name=badge]").selectOption({ label: "Night School" });
  await page.getByRole("button", { name: "Check the rows" }).click();
  await page.waitForURL(/\/award\/import\/[^/?]+/);
  await work();
  await page.goto(page.url());
  expect(await said(page, "main")).toContain("1 needs a fix");
  await page.getByLabel("E-Mail of row 3").fill(`rick-${suffix}@example.net`);
  await page.getByRole("button", { name: "Save row 3" }).click();
  expect(await said(page, ".done")).toContain("Row 3 is fine now");
  await page.getByRole("button", { name: `Award ${more + 2} badges` }).click();
}

/** The same database, cut off when the second slice of an import is to be written. */
function cutOffMidway(): TestApp["env"] {
  let slices = 0;
  const { env } = app;
  const db: Database = {
    ...env.db,
    batch: (writes) => {
      const isSlice = writes.some(
        (one) => "sql" in one && /^UPDATE imports SET state/.test(one.sql),
      );
      return isSlice && slices++ === 1
        ? Promise.reject(new Error("cut off"))
        : env.db.batch(writes);
    },
  };
  return { ...env, db };
}

inBrowser("the clicks", { timeout: TIMEOUT }, () => {
  it("award, and again: it is said that it will be skipped", async () => {
    await inContext({ bypassCSP: true }, (page) =>
      awardByHand(page, "with-script@example.net", true),
    );
  });

  it("a file is put right, watched, loaded anew midway, and run again for nothing", async () => {
    await inContext({}, async (page) => {
      await page.clock.install();
      await checkFile(page, "watched", SLICE_ROWS);
      expect(await page.locator("progress").getAttribute("value")).toBe("0");
      await work(cutOffMidway());
      await page.clock.runFor(2_000);
      const percent = Math.floor((100 * SLICE_ROWS) / (SLICE_ROWS + 2));
      const far = `${percent} %: ${SLICE_ROWS} of ${SLICE_ROWS + 2} rows`;
      await page.locator(`[data-percent="${percent}"]`).waitFor();
      expect(await said(page, "[data-said]")).toBe(far);
      await page.reload();
      expect(await said(page, "#state")).toBe("At work");
      expect(await page.locator("progress").getAttribute("value")).toBe(String(SLICE_ROWS));
      app.clock.advance(3_600_000);
      await work();
      await page.clock.runFor(2_000);
      await page.locator("[data-import=ended]").waitFor();
      expect(await said(page, "[data-said]")).toBe("Finished.");
      expect(await said(page, "main")).toContain(`${SLICE_ROWS + 2} new awards`);
      await page.getByRole("button", { name: "Run it again" }).click();
      await work();
      await page.clock.runFor(2_000);
      await page.locator("[data-import=ended]").waitFor();
      expect(await said(page, "main")).toContain(`0 new awards; ${SLICE_ROWS + 2} people held`);
    });
  });

  it("without scripts all of it works the same", async () => {
    await inContext({ javaScriptEnabled: false }, async (page) => {
      await awardByHand(page, "without-script@example.net");
      await checkFile(page, "plain", 0);
      await work();
      await page.getByRole("link", { name: "Look again" }).click();
      expect(await page.locator("main").innerText()).toContain("2 new awards");
      await at(page, "/award");
      await page.locator("#person").fill("noor");
      await page.locator("select[name=badge]").selectOption({ label: "Night School" });
      await page.getByRole("button", { name: "See what will happen" }).click();
      await page.getByLabel("Noor Haddad (noor@example.org)").check();
      await page.getByRole("button", { name: "See what will happen" }).click();
      expect(await page.locator("h1").innerText()).toBe("Award Night School to Noor Haddad?");
    });
  });

  it("nominating oneself is refused with the focus on why; a nomination is approved", async () => {
    await inContext({}, async (page) => {
      await at(page, "/award?mode=nominate");
      await page.locator("#person").fill("Cora Lind");
      await page.locator("select[name=badge]").selectOption({ label: "Night School" });
      await page.locator("textarea[name=note]").fill("Me.");
      await page.getByRole("button", { name: "See what will happen" }).click();
      expect(await said(page, "[role=alert]")).toContain("You would nominate yourself.");
      expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("alert");
      await at(page, "/award/nominations");
      await page.getByRole("link", { name: "Noor Haddad" }).click();
      await page.getByLabel("Note").fill("Gladly.");
      await page.getByRole("button", { name: "Approve and award" }).click();
      expect(await said(page, ".done")).toContain("the badge was awarded");
      await page.getByRole("link", { name: "See the award" }).click();
      expect(await said(page, "h1")).toContain("Night School");
    });
  });

  it("a code is made, shown with its QR code, and ended", async () => {
    await inContext({ bypassCSP: true }, async (page) => {
      await at(page, "/award/codes");
      await page.getByLabel("What it is for").fill("Stand");
      await page.getByRole("button", { name: "Make the code" }).click();
      expect(await page.locator(".claim-code").innerText()).toMatch(
        /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/,
      );
      expect(await axeEverywhere(page, "a code")).toEqual([]);
      expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".screen-only:visible").count()).toBe(0);
      await page.emulateMedia({ media: "screen" });
      await page.getByRole("link", { name: "All codes" }).click();
      await page.locator("tr", { hasText: "Stand" }).locator("summary").click();
      await page.locator("tr", { hasText: "Stand" }).getByRole("button").click();
      expect(await said(page, ".done")).toBe("The code was ended.");
    });
  });
});
