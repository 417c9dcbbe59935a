// Claiming as a browser sees it: narrow and wide, light and dark, by keyboard, without JavaScript.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { TestApp } from "../app.ts";
import { givenAward, givenPerson } from "../given.ts";
import { browserStage, inBrowser } from "../pages/stage.node.ts";
import { axeEverywhere, keyboardWalk, NO_NARROW_FAULTS, narrowFaults } from "../pages/walk.node.ts";
import { signedIn } from "../signed-in.ts";
import { lastMail, mailingApp } from "../signin/visitor.ts";
import { type Claiming, claiming } from "./claiming.ts";

const TIMEOUT = 60_000;
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const LONG_EMAIL = "kimberley.featherstonehaugh-cholmondeley@volunteering.example.org";

let app: TestApp;
let origin: string;
let open: Claiming;
let hostile: Claiming;
let expired: Claiming;
let usedUp: Claiming;
let inactive: Claiming;
let forOthers: Claiming;

const stage = browserStage(async (at) => {
  origin = at;
  app = await mailingApp({ publicUrl: origin, shared: true });
  open = await claiming(app, { max_claims: 1_000 });
  hostile = await claiming(app, {}, { name: LONG_WORD, description: `${LONG_WORD} `.repeat(8) });
  expired = await claiming(app, { expires_at: app.clock.now + 1 });
  app.clock.advance(1);
  usedUp = await claiming(app, { max_claims: 1 });
  await app.env.db.batch([
    { sql: "update claim_codes set claims = 1 where max_claims = 1", params: [] },
  ]);
  inactive = await claiming(app, {}, { status: "inactive" });
  forOthers = await claiming(app, {}, { eligibility_roles: ["mentor"] });
  return app;
});

let ordinal = 0;

/** The page's browser, signed in as somebody new. */
async function signIn(page: Page, { stranger }: Claiming, email = `kim-${++ordinal}@example.org`) {
  const { person, browser: session } = await stranger(email);
  await stage.signIn(page.context(), session);
  return person;
}

async function press(page: Page, { path }: Claiming) {
  await page.goto(origin + path);
  await page.getByRole("button", { name: "Claim this badge" }).click();
}

const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  "nobody signed in": (page) => page.goto(origin + open.path),
  "a name that no line can hold": (page) => page.goto(origin + hostile.path),
  "one address": async (page) => {
    await signIn(page, hostile, LONG_EMAIL);
    await page.goto(origin + hostile.path);
  },
  "two addresses": async (page) => {
    const { user } = await signIn(page, open);
    await app.env.db.batch([
      {
        sql: "insert into identities (id, user_id, type, identity, normalised, verified_at) values (?, ?, 'email', ?, ?, 1)",
        params: [`second-${ordinal}`, user.id, `second-${LONG_EMAIL}`, `second-${LONG_EMAIL}`],
      },
    ]);
    await page.goto(origin + open.path);
  },
  "no address": async (page) => {
    const { user } = await signIn(page, open);
    await app.env.db.batch([
      { sql: "update identities set verified_at = null where user_id = ?", params: [user.id] },
    ]);
    await page.goto(origin + open.path);
  },
  claimed: async (page) => {
    await signIn(page, open);
    await press(page, open);
  },
  "held before": async (page) => {
    const { organization, badge } = open;
    const noor = await givenPerson(app.env, organization, {
      email: `noor-${++ordinal}@example.org`,
    });
    await givenAward(app.env, badge, noor);
    await stage.signIn(page.context(), await signedIn(app, noor.user.id));
    await press(page, open);
  },
  unknown: (page) => page.goto(`${origin}/claim/NEVER-MADE-ONE`),
  expired: (page) => page.goto(origin + expired.path),
  "used up": (page) => page.goto(origin + usedUp.path),
  "not active": (page) => page.goto(origin + inactive.path),
  "for others": async (page) => {
    await signIn(page, forOthers);
    await press(page, forOthers);
  },
};

inBrowser("every page of a claim code", { timeout: TIMEOUT }, () => {
  it.each(Object.entries(SCENES))(
    "%s: axe finds nothing, and nothing scrolls sideways",
    async (name, go) => {
      await stage.inContext({ bypassCSP: true }, async (page) => {
        await go(page);
        expect(await axeEverywhere(page, `claim ${name}`)).toEqual([]);
        expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
      });
    },
  );
});

inBrowser("claiming", { timeout: TIMEOUT }, () => {
  it("from the code to the badge, by mail, without JavaScript", async () => {
    await stage.inContext({ javaScriptEnabled: false }, async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(origin + open.path);
      await page.getByRole("link", { name: "Sign in to claim it" }).click();
      await page.getByLabel("Your e-mail address").fill("ari@example.org");
      await page.getByRole("button", { name: "Send me a link" }).click();
      const { link } = await lastMail(app);
      await page.goto(origin + link);
      await page.getByRole("button", { name: "Continue as" }).click();
      expect(new URL(page.url()).pathname).toBe(open.path);
      await page.getByRole("button", { name: "Claim this badge" }).click();
      expect(await page.title()).toBe("This badge is yours: First Session");
      await page.getByRole("link", { name: "See your badge" }).click();
      expect(await page.title()).toMatch(/^Valid: First Session/);
      expect(complaints).toEqual([]);
    });
  });

  it("every stop is reached by keyboard, and the focus is seen at each", async () => {
    await stage.inContext({}, async (page) => {
      await signIn(page, open);
      await page.goto(origin + open.path);
      const walk = await keyboardWalk(page);
      expect(walk.unseen).toEqual([]);
      expect(walk.reached).toHaveLength(walk.stops);
    });
  });
});
