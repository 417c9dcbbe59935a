// A recipient's pages in a real browser: their own page, the link in their mail, their badge's page, and what others see.

import { readFileSync } from "node:fs";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Award, awards } from "../../src/db/awards.ts";
import { type Badge, type badges, badgeTiers } from "../../src/db/badges.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { awardToken, LINK_DAYS } from "../../src/issuer/award-link.ts";
import type { CriteriaInput } from "../../src/issuer/criteria-input.ts";
import { keepProfile } from "../../src/recipient/own-profile.ts";
import { asking } from "../api/ask.ts";
import type { TestApp } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenCriteria,
  givenOrganization,
  givenPerson,
  type Person,
} from "../given.ts";
import { readZip } from "../recipient/read-zip.ts";
import { signedIn } from "../signed-in.ts";
import { mailingApp } from "../signin/visitor.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  keyboardWalk,
  NO_NARROW_FAULTS,
  narrowFaults,
  openAll,
} from "./walk.node.ts";

const TIMEOUT = 60_000;
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const DAY = 86_400_000;

let app: TestApp;
let origin: string;
let organization: Organization;
let noor: Person;
let newcomer: Person;
let cora: Person;
let first: Badge;
let streak: Award;

const stage = browserStage(async (at) => {
  origin = at;
  app = await mailingApp({ publicUrl: origin, shared: true, now: Date.UTC(2026, 0, 31, 12) });
  await fill();
  return app;
});

type BadgeOver = Partial<typeof badges.$inferInsert>;
type AwardOver = Partial<typeof awards.$inferInsert>;

/** A badge of its own, awarded to somebody. */
async function held(name: string, over: AwardOver = {}, badgeOver: BadgeOver = {}, to = noor) {
  const badge = await givenBadge(app.env, organization, { name, ...badgeOver });
  app.clock.advance(1);
  return givenAward(app.env, badge, to, over);
}

function counts(threshold: number): CriteriaInput {
  const params = [{ name: "metric_activity_hours", value: String(threshold) }];
  return { rules: [{ type: "metric", method: 1, description: "", params }] };
}

/** A shelf as people have them: several of one, a tier, an end, a long name, and what is locked. */
async function fill() {
  const { env } = app;
  organization = await givenOrganization(env, { name: "Northside Peer Mentors" });
  noor = await givenPerson(env, organization, { name: "Noor Haddad", email: "noor@example.org" });
  newcomer = await givenPerson(env, organization, { name: "Kim" });
  cora = await givenPerson(env, organization, { roles: ["coordinator"], name: "Cora Mensah" });
  const milestone: BadgeOver = { category: "activity_milestone" };
  const claimed: AwardOver = { claim_state: "claimed", claimed_at: 1 };
  const often = await givenBadge(env, organization, { name: "Night Walk Guide", ...milestone });
  for (const slot of ["r1", "r2", "r3"]) {
    await givenAward(env, often, noor, { award_slot: slot, ...claimed });
  }
  streak = await held("Streak & Champion", claimed, milestone);
  await held(LONG_WORD, claimed, { description: `${LONG_WORD} `.repeat(3) });
  await held(
    "Lifeguard",
    { ...claimed, date_expire: app.clock.now - DAY },
    { category: "certification" },
  );
  await held("Private Badge", { ...claimed, visible: false });
  await held("Warm Welcome");
  first = await givenBadge(env, organization, { name: "First Activity", ...milestone });
  const hours = await givenBadge(env, organization, { name: "Hundred Hours", ...milestone });
  await givenCriteria(env, hours, counts(100));
  const tiered = await givenBadge(env, organization, { name: "Listener", ...milestone });
  await env.db.batch([
    env.db.orm.insert(badgeTiers).values([
      { badge_id: tiered.id, level: 1, name: "Bronze", threshold: 10 },
      { badge_id: tiered.id, level: 2, name: "Silver", threshold: 60 },
    ]),
  ]);
  await givenCriteria(env, tiered, counts(10));
  await givenAward(env, tiered, noor, { award_slot: "t1", tier_level: 1, ...claimed });
  await givenBadge(env, organization, { name: "Bridge Builder", category: "recognition" });
  await givenBadge(env, organization, { name: "SecretSurprise", is_visible_when_locked: false });
  const ask = asking(app, await givenApiKey(env, organization));
  const body = { id: "e-1", user: noor.user.id, metric: "activity_hours", quantity: 47.5 };
  expect((await ask("POST", "/events", { body })).json).toEqual({ stored: 1, repeated: 0 });
  const choice = { is_public: true, is_indexed: false, is_listed: false };
  await keepProfile(env, noor.user.id, { name: "Noor Haddad", slug: "noor", ...choice });
}

async function inContext<T>(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<T>,
  as: Person | null = noor,
): Promise<T> {
  return stage.inContext(options, work, as && (await signedIn(app, as.user.id)));
}

const link = async (award: Award, now = app.clock.now) =>
  `${origin}/claim/${await awardToken(app.env, award.id, now)}`;

let ordinal = 0;

/** One more award of the newcomer's. */
function firstActivity(over: AwardOver = {}): Promise<Award> {
  return givenAward(app.env, first, newcomer, { award_slot: `r${++ordinal}`, ...over });
}

const linkOf = async (over: AwardOver) => link(await firstActivity(over));

const SCENES: Readonly<Record<string, readonly [() => string | Promise<string>, (() => Person)?]>> =
  {
    me: [() => "/me", () => noor],
    "me, nothing yet": [() => "/me", () => newcomer],
    "me, no match": [() => "/me?name=zebra", () => noor],
    "public page": [() => "/p/noor"],
    "choice of a public page": [() => "/me/profile", () => noor],
    "badge of the owner": [() => `/b/${streak.unique_hash}`, () => noor],
    "link, open": [() => linkOf({})],
    "link, accepted": [() => linkOf({ claim_state: "claimed", claimed_at: 1 })],
    "link, declined": [() => linkOf({ claim_state: "declined", visible: false })],
    "link, revoked": [() => linkOf({ revoked_at: 1, revocation_reason: "A mix-up." })],
    "link, over": [() => link(streak, app.clock.now - (LINK_DAYS + 1) * DAY)],
    "not mine, at the desk": [() => "/award/declined", () => cora],
  };

inBrowser("every page of a recipient", { timeout: TIMEOUT }, () => {
  it.each(Object.entries(SCENES))(
    "%s: axe finds nothing, and nothing scrolls sideways",
    async (name, [path, as]) => {
      await inContext(
        { bypassCSP: true },
        async (page) => {
          const address = await path();
          await page.goto(address.startsWith("/") ? origin + address : address);
          expect(await axeEverywhere(page, `recipient ${name}`)).toEqual([]);
          expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
        },
        as?.() ?? null,
      );
    },
  );

  it.each(["/me", "the badge", "the link"])(
    "%s: every stop is reached by keyboard, and the focus is seen at each",
    async (which) => {
      const address =
        which === "the badge"
          ? `${origin}/b/${streak.unique_hash}`
          : which === "the link"
            ? await linkOf({})
            : origin + which;
      await inContext({}, async (page) => {
        await page.goto(address);
        const walk = await keyboardWalk(page);
        expect(walk.unseen).toEqual([]);
        expect(walk.reached).toHaveLength(walk.stops);
      });
    },
  );
});

inBrowser("without JavaScript", { timeout: TIMEOUT }, () => {
  const off = { javaScriptEnabled: false } as const;

  it("what is next, with its number; a badge that is hidden is gone from the public page", async () => {
    await inContext(off, async (page) => {
      await page.goto(`${origin}/me`);
      await page.getByRole("heading", { name: "Next up" }).waitFor();
      const first = page.locator(".next-up > li").first();
      expect(await first.innerText()).toMatch(/Silver of Listener[\s\S]*47\.5 of 60/);
      expect(await page.locator(".next-up").innerText()).toMatch(
        /Hundred Hours[\s\S]*47\.5 of 100/,
      );
      expect(await page.content()).not.toContain("SecretSurprise");
      await page.goto(`${origin}/p/noor`);
      expect(await page.locator("main").innerText()).toContain("Streak & Champion");
      await page.goto(`${origin}/me`);
      await page.getByRole("button", { name: "Hide Streak & Champion" }).click();
      expect(await page.getByRole("status").innerText()).toBe("The badge is hidden.");
      await page.goto(`${origin}/p/noor`);
      expect(await page.locator("main").innerText()).not.toContain("Streak & Champion");
      await page.goto(`${origin}/me`);
      await page.getByLabel("Which").selectOption({ label: "Hidden" });
      await page.getByRole("button", { name: "Apply" }).click();
      await page.getByRole("button", { name: "Show Streak & Champion" }).click();
      await page.waitForURL("**/me?done=*");
      await page.goto(`${origin}/p/noor`);
      expect(await page.locator("main").innerText()).toContain("Streak & Champion");
    });
  });

  it("all badges come down as one file", async () => {
    await inContext({ ...off, acceptDownloads: true }, async (page) => {
      await page.goto(`${origin}/me`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Download all (ZIP)" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("badges.zip");
      const files = readZip(new Uint8Array(readFileSync(await download.path())));
      // Nine awards stand, with a picture and a record each.
      expect(files).toHaveLength(18);
    });
  });

  it("from the mail: opened by a scanner it stays as it is; accepted, and accepted again", async () => {
    const award = await firstActivity();
    const address = await link(award);
    const stateOf = async () => {
      const sql = "select claim_state from badge_issues where id = ?";
      return (await app.env.db.read({ sql, params: [award.id] })).rows[0]?.[0];
    };
    for (let i = 0; i < 2; i++) await fetch(address, { headers: { accept: "text/html" } });
    expect(await stateOf()).toBe("unclaimed");
    await inContext(
      off,
      async (page) => {
        const second = await page.context().newPage();
        await second.goto(address);
        await page.goto(address);
        expect(await page.getByRole("main").getByRole("button").first().innerText()).toBe("Accept");
        await page.getByRole("button", { name: "Accept" }).click();
        expect(await page.title()).toBe("This badge is yours: First Activity");
        expect(await stateOf()).toBe("claimed");
        await second.getByRole("button", { name: "Accept" }).click();
        expect(await second.title()).toBe("This badge is yours: First Activity");
        await page.getByRole("link", { name: "See your badge" }).click();
        expect(await page.title()).toMatch(/^Valid: First Activity/);
      },
      null,
    );
  });

  it("not mine: a task at the coordinator's desk, by the award's id", async () => {
    const by = { awarded_by: "coordinator", awarded_by_user_id: cora.user.id } as const;
    const award = await held("Wrong Person", by, {}, newcomer);
    const address = await link(award);
    await inContext(
      off,
      async (page) => {
        await page.goto(address);
        await page.locator("summary", { hasText: "Not mine" }).click();
        await page.getByRole("button", { name: "Say that it is not mine" }).click();
        expect(await page.title()).toBe("You said that it is not yours: Wrong Person");
      },
      null,
    );
    await inContext(
      off,
      async (page) => {
        await page.goto(`${origin}/award/nominations`);
        await page.getByRole("link", { name: /said to be somebody else’s/ }).click();
        const task = page.locator("li", { hasText: award.id });
        expect(await task.innerText()).not.toContain("Kim");
        await task.getByRole("button", { name: "It is right" }).click();
        expect(await page.getByRole("status").innerText()).toBe("It is shown again.");
      },
      cora,
    );
  });
});

inBrowser("the badge's page for its owner", { timeout: TIMEOUT }, () => {
  it("LinkedIn for 31 January and A&B; link and code are copied", async () => {
    await inContext({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(`${origin}/b/${streak.unique_hash}`);
      const href = await page.getByRole("link", { name: "Add to LinkedIn" }).getAttribute("href");
      const { searchParams } = new URL(href ?? "");
      expect([searchParams.get("name"), searchParams.get("issueMonth")]).toEqual([
        "Streak & Champion",
        "1",
      ]);
      const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
      await openAll(page);
      await page.getByRole("button", { name: "Copy" }).first().click();
      await page.getByText("Copied.").first().waitFor();
      expect(await copied()).toBe(`${origin}/b/${streak.unique_hash}`);
      await page.getByRole("button", { name: "Copy" }).last().click();
      await page.getByText("Copied.").last().waitFor();
      expect(await copied()).toContain(`<iframe src="${origin}/b/${streak.unique_hash}/embed"`);
    });
  });

  it("printed, it says where to check and never that it is valid, in its title neither", async () => {
    await inContext({}, async (page) => {
      await page.goto(`${origin}/b/${streak.unique_hash}`);
      expect(await page.title()).toMatch(/^Valid/);
      await page.emulateMedia({ media: "print" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.title()).toBe("Streak & Champion");
      const seen = await page.locator("body").innerText();
      expect(seen).toContain("Check the current status at");
      expect(seen).not.toMatch(/valid|LinkedIn/i);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await page.title()).toMatch(/^Valid/);
    });
  });
});
