// The way in as a browser sees it: by keyboard, narrow and wide, light and dark, without JavaScript.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { TestApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { browserStage, inBrowser } from "../pages/stage.node.ts";
import { axeEverywhere, NO_NARROW_FAULTS, narrowFaults } from "../pages/walk.node.ts";
import { lastMail, mailingApp } from "./visitor.ts";

const TIMEOUT = 60_000;
/** Longer than a narrow page has room for in one line. */
const EMAIL = "kimberley.featherstonehaugh-cholmondeley@volunteering.example.org";

let app: TestApp;
let origin: string;

const stage = browserStage(async (at) => {
  origin = at;
  app = await mailingApp({
    publicUrl: origin,
    shared: true,
    override: ({ config }) => ({
      config: {
        ...config,
        demo: true,
        oidc: {
          issuer: "https://id.example.org",
          clientId: "x",
          clientSecret: null,
          name: "Our School",
        },
      },
    }),
  });
  const organization = await givenOrganization(app.env);
  await givenPerson(app.env, organization, {
    name: "Ada Lindqvist",
    email: "ada@northside.example",
  });
  return app;
});

async function askForMail(page: Page, email = EMAIL) {
  await page.goto(`${origin}/login`);
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  return lastMail(app);
}

/** Brings a page to be looked at; the address of every scene of this test. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  login: (page) => page.goto(`${origin}/login`),
  "login with a fault": async (page) => {
    await page.goto(`${origin}/login`);
    await page.getByLabel("Your e-mail address").fill("kim@example.org, lee@example.org");
    await page.evaluate("document.querySelector('form').noValidate = true");
    await page.getByRole("button", { name: "Send me a link" }).click();
  },
  "signed out": (page) => page.goto(`${origin}/login?done=signed-out`),
  code: (page) => askForMail(page),
  "code with a fault": async (page) => {
    await askForMail(page, "fault@example.org");
    await page.getByLabel("Six-digit code").fill("1");
    await page.getByRole("button", { name: "Sign in" }).click();
  },
  link: async (page) => page.goto(origin + (await askForMail(page, "link@example.org")).link),
  "unknown link": (page) => page.goto(`${origin}/auth/${"A".repeat(43)}`),
  "expired link": async (page) => {
    const { link } = await askForMail(page, "late@example.org");
    await app.env.db.batch([{ sql: "UPDATE sign_in_links SET expires_at = 1", params: [] }]);
    await page.goto(origin + link);
  },
  sessions: async (page) => {
    await page.goto(`${origin}/dev/as/ada`);
    await page.goto(`${origin}/me/sessions`);
  },
  identities: async (page) => {
    await page.goto(`${origin}/dev/as/ada`);
    await page.goto(`${origin}/me/identities?done=added`);
  },
  mailbox: async (page) => {
    await askForMail(page, "box@example.org");
    await page.goto(`${origin}/dev/mail`);
  },
  mail: async (page) => {
    await askForMail(page, "mail@example.org");
    await page.goto(`${origin}/dev/mail`);
    await page
      .getByRole("link", { name: /^Sign in to/ })
      .first()
      .click();
  },
};

inBrowser("every page of signing in", { timeout: TIMEOUT }, () => {
  it.each(Object.entries(SCENES))(
    "%s: axe finds nothing, and nothing scrolls sideways",
    async (name, open) => {
      await stage.inContext({ bypassCSP: true }, async (page) => {
        await open(page);
        expect(await axeEverywhere(page, name)).toEqual([]);
        expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
      });
    },
  );
});

inBrowser("signing in", { timeout: TIMEOUT }, () => {
  it("works with the keyboard alone and without JavaScript, and breaks no rule of the page's policy", async () => {
    await stage.inContext({ javaScriptEnabled: false }, async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(`${origin}/me/sessions`);
      expect(page.url()).toBe(`${origin}/login?next=%2Fme%2Fsessions`);
      await page.getByLabel("Your e-mail address").focus();
      await page.keyboard.type("keys@example.org");
      await page.keyboard.press("Enter");
      await page.waitForURL(`${origin}/login/code`);
      const { code } = await lastMail(app);
      // The field has the focus when the page opens.
      await page.locator("#code:focus").waitFor();
      await page.keyboard.type(code);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${origin}/me/sessions`);
      expect(await page.getByText("Signed in as keys@example.org").isVisible()).toBe(true);
      await page.getByRole("button", { name: "Sign out" }).press("Enter");
      await page.waitForURL(`${origin}/login?done=signed-out`);
      expect(await page.getByRole("status").textContent()).toBe("You are signed out.");
      expect(complaints).toEqual([]);
    });
  });

  it("by a link opened in another browser signs in that one", async () => {
    const mail = await stage.inContext({}, (page) => askForMail(page, "phone@example.org"));
    await stage.inContext({}, async (page) => {
      await page.goto(origin + mail.link);
      expect(await page.getByText("signs this browser in as p…@example.org").isVisible()).toBe(
        true,
      );
      await page.getByRole("button", { name: "Continue as p…@example.org" }).click();
      await page.waitForURL((url) => !url.pathname.startsWith("/auth/"));
      await page.goto(`${origin}/me/identities`);
      expect(await page.getByRole("heading", { name: "phone@example.org" }).isVisible()).toBe(true);
    });
  });

  it("a fault is where the focus is, and is read out", async () => {
    await stage.inContext({}, async (page) => {
      await SCENES["login with a fault"]?.(page);
      expect(await page.getByRole("alert").textContent()).toContain("not an e-mail address");
      const focused = await page.evaluate("document.activeElement.getAttribute('role')");
      expect(focused).toBe("alert");
    });
  });

  it("as a person of the demo needs one click where nobody else's page led there", async () => {
    await stage.inContext({}, async (page, context) => {
      await page.goto(`${origin}/dev/as/ada`);
      expect((await context.cookies()).map(({ name }) => name)).toEqual(["session"]);
    });
    await stage.inContext({}, async (page, context) => {
      // Another host name of this machine is another site.
      const elsewhere = origin.replace("127.0.0.1", "localhost");
      await page.goto(`${elsewhere}/login`);
      await page.evaluate(`location.href = ${JSON.stringify(`${origin}/dev/as/ada`)}`);
      await page.getByRole("button", { name: "Continue as Ada Lindqvist" }).waitFor();
      const names = (await context.cookies(origin)).map(({ name }) => name);
      expect(names).toEqual(["browser"]);
    });
  });
});
