// The consent page and its neighbours as a browser sees them, and the way from it to an app of another origin.
import { createServer } from "node:http";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { keepHostedBadge } from "../../src/db/hosted-badges.ts";
import { provenIdentities } from "../../src/db/people.ts";
import { MAX_BADGES } from "../../src/host/posted.ts";
import { READ_ASSERTIONS } from "../../src/host/scopes.ts";
import { newId } from "../../src/ids.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { listening } from "../oauth/stock-server.ts";
import { browserStage, inBrowser } from "../pages/stage.node.ts";
import { axeEverywhere, NO_NARROW_FAULTS, narrowFaults } from "../pages/walk.node.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import {
  authorizePath,
  METADATA,
  pkce,
  type RegisteredClient,
  redeem,
  registered,
} from "./client.ts";

const TIMEOUT = 60_000;

let app: TestApp;
let origin: string;
/** An app elsewhere: another name, so another origin, on this machine. */
let appOrigin: string;
let person: SignedInBrowser;
let client: RegisteredClient;
let redirectUri: string;

const theirs = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>The app</title><h1>Connected</h1>");
});

const stage = browserStage(async (at) => {
  origin = at;
  appOrigin = (await listening(theirs)).replace("127.0.0.1", "localhost");
  app = await testApp({
    publicUrl: origin,
    shared: true,
    now: Date.now(),
    override: ({ config }) => ({ config: { ...config, demo: true } }),
  });
  const { user } = await givenPerson(app.env, await givenOrganization(app.env), {
    name: "Kimberley Featherstonehaugh-Cholmondeley-Warner of the Northside Volunteers",
  });
  person = await signedIn(app, user.id);
  redirectUri = `${appOrigin}/callback`;
  const local = JSON.stringify(METADATA).replaceAll(new URL(METADATA.client_uri).origin, appOrigin);
  client = await registered(app, {
    ...JSON.parse(local),
    client_name: "Thecompanythatwritesitsnameinonewordwithoutanyplacetobreakit",
  });
  return app;
});

afterAll(() => {
  theirs.close();
});

function inContext<T>(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  return stage.inContext(options, work, person);
}

async function begin(page: Page): Promise<string> {
  const { verifier, challenge } = await pkce(app);
  const over = { redirect_uri: redirectUri };
  await page.goto(origin + authorizePath({ client, challenge, over }));
  return verifier;
}

const boxes = (page: Page) => page.getByRole("checkbox");

/** Brings a page to be looked at. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  consent: begin,
  "consent with a fault": async (page) => {
    await begin(page);
    for (const box of await boxes(page).all()) await box.uncheck();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
  },
  "a request that has ended": (page) => page.goto(`${origin}/oauth/consent/unknown`),
  "a request that is refused": (page) => page.goto(`${origin}/oauth/authorize?client_id=nobody`),
  terms: (page) => page.goto(`${origin}/terms`),
  privacy: (page) => page.goto(`${origin}/privacy`),
  "badges kept here": async (page) => {
    const { env } = app;
    const { user } = person.session;
    const [identity] = await provenIdentities(env.db, user.id);
    const verdicts = ["valid", "expired", "revoked", "could-not-check"];
    const writes = verdicts.map((verdict, i) =>
      keepHostedBadge(
        env.db,
        {
          id: newId(env),
          user_id: user.id,
          assertion_id: `https://issuer.example/${verdict}`,
          document: {},
          jws: null,
          name: i === 0 ? "Abadgewithanameofonewordthatfitsonnophonewhateverthelanguage" : verdict,
          issuer_name: "The Northside Peer Mentors of the Lower Valley and the Upper Harbour",
          verdict,
          verdict_detail: i === 0 ? null : "It was found so at 2026-02-01T00:00:00Z.",
          identity_id: identity?.id ?? "",
          client_id: i === 0 ? "forgotten" : client.client_id,
          checked_at: env.now(),
          updated_at: env.now(),
        },
        MAX_BADGES,
      ),
    );
    await env.db.batch(writes);
    await page.goto(`${origin}/me/badges`);
  },
  "no badges kept here": async (page) => {
    const { user } = await givenPerson(app.env, await givenOrganization(app.env));
    await stage.signIn(page.context(), await signedIn(app, user.id));
    await page.goto(`${origin}/me/badges`);
  },
  "no apps": (page) => page.goto(`${origin}/me/apps`),
  "apps, one ended": async (page) => {
    const verifier = await begin(page);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(`${redirectUri}?*`);
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    await redeem(app, client, { code, verifier }, { redirect_uri: redirectUri });
    await page.goto(`${origin}/me/apps?ended`);
  },
};

inBrowser("every page for apps that connect here", { timeout: TIMEOUT }, () => {
  it.each(Object.entries(SCENES))(
    "%s: axe finds nothing, and nothing scrolls sideways",
    async (name, open) => {
      await inContext({ bypassCSP: true }, async (page) => {
        await open(page);
        expect(await axeEverywhere(page, name)).toEqual([]);
        expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
      });
    },
  );
});

inBrowser("the way of a person", { timeout: TIMEOUT }, () => {
  it("OB21-Z-04 without a script, from the app to the page and back to the app", async () => {
    await inContext({ javaScriptEnabled: false }, async (page) => {
      const verifier = await begin(page);
      expect(new URL(page.url()).origin).toBe(origin);
      await boxes(page).last().uncheck();
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.waitForURL(`${redirectUri}?*`);
      expect(await page.title()).toBe("The app");
      const code = new URL(page.url()).searchParams.get("code") ?? "";
      const answer = await redeem(app, client, { code, verifier }, { redirect_uri: redirectUri });
      const { scope } = (await answer.json()) as { scope: string };
      expect(scope.split(" ")).toContain(READ_ASSERTIONS);
      expect(scope).not.toContain("offline_access");
    });
  });

  it("OB21-Z-05 saying no, by keyboard", async () => {
    await inContext({}, async (page) => {
      await begin(page);
      await page.getByRole("button", { name: "Don’t allow" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(`${redirectUri}?*`);
      expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
    });
  });

  it("OB21-V-01 ending an app's access", async () => {
    await inContext({}, async (page) => {
      await SCENES["apps, one ended"]?.(page);
      await page.getByRole("button", { name: /^End its access/ }).click();
      await page.getByRole("status").waitFor();
      expect(await page.getByText("No app has access to your badges.").count()).toBe(1);
    });
  });
});
