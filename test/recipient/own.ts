// Somebody with badges, and the ways to look at what is theirs as a browser does.
import type { awards } from "../../src/db/awards.ts";
import type { badges } from "../../src/db/badges.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Without its markup. */
  readonly text: string;
}

export async function pageOf(response: Response): Promise<Page> {
  const html = await response.text();
  const text = html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll("&#39;", "’");
  return { status: response.status, headers: response.headers, html, text };
}

export async function ownWorld(options: TestOptions = {}) {
  const t = await testApp(options);
  const organization = await givenOrganization(t.env);
  const noor = await givenPerson(t.env, organization, { email: "noor@example.org" });
  const browser = await signedIn(t, noor.user.id);
  return {
    t,
    organization,
    noor,
    browser,
    badge: (over: Partial<typeof badges.$inferInsert> = {}) =>
      givenBadge(t.env, organization, over),
    /** A badge of its own, awarded to Noor. */
    async held(
      name: string,
      over: Partial<typeof awards.$inferInsert> = {},
      badgeOver: Partial<typeof badges.$inferInsert> = {},
    ) {
      const badge = await givenBadge(t.env, organization, { name, ...badgeOver });
      t.clock.advance(1);
      return { badge, award: await givenAward(t.env, badge, noor, over) };
    },
    me: (query = "") => openPage(browser, `/me${query}`),
  };
}

export async function openPage(browser: SignedInBrowser, path: string): Promise<Page> {
  return pageOf(await browser.get(path));
}

/** The page as somebody sees it who is not signed in. */
export async function openedBy(t: TestApp, path: string): Promise<Page> {
  return pageOf(await t.request(path, { headers: { accept: "text/html" } }));
}

export type OwnWorld = Awaited<ReturnType<typeof ownWorld>>;
