// No page weighs much, however long the names and however full the lists: HTML, stylesheet and scripts, in gzip.
/// <reference types="vite/client" />
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMINISTRATOR } from "../src/auth.ts";
import { setSiteAdministrator } from "../src/signin/administrator.ts";
import { type TestApp, testApp } from "./app.ts";
import { givenOrganization, givenPerson } from "./given.ts";
import { givenMany, type Sizes } from "./given-many.ts";
import { givenObjects } from "./given-objects.ts";
import { filledPath, idsIn, routesOf } from "./routes-of-rooms.ts";
import { type SignedInBrowser, signedIn } from "./signed-in.ts";

const MOST_BYTES = 60 * 1024;
/** No list shows more at once. */
const ROWS = 600;

const ROOMS = import.meta.glob<Record<string, unknown>>("../src/**/routes.{ts,tsx}", {
  eager: true,
});

/** As long as each may be; the rest of a name is for its number. */
const LONGEST = { badge: 240, person: 200, line: 500, text: 2_000 } as const;
const SYLLABLES = "ka,lor ,mi,ten,ud ,vas,re,pin,go ,shu,el,bra ,nok,ti,wem ,oz".split(",");

/** Words that no compressor has seen before. */
const typed: Sizes["typed"] = (what) => {
  const spoken = SYLLABLES.reduce(
    (text, syllable, digit) =>
      `replace(${text}, '${digit.toString(16).toUpperCase()}', '${syllable}')`,
    `hex(randomblob(${LONGEST[what] / 4}))`,
  );
  return `substr(${spoken}, 1, ${LONGEST[what]})`;
};

let t: TestApp;
let readers: Readonly<Record<string, Pick<SignedInBrowser, "get">>>;
let paths: readonly string[];

beforeAll(async () => {
  t = await testApp({ shared: true });
  const organization = await givenOrganization(t.env);
  const objects = await givenObjects(t, organization);
  const sizes = { people: ROWS, badges: ROWS, awards: ROWS * 2, others: ROWS, typed };
  const { recipient, ids } = await givenMany(t.env, organization, objects, sizes);
  const administrator = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
  const site = await setSiteAdministrator(t.env, "operator@example.org", true);
  if (!site.ok) throw new Error(site.reason);
  readers = {
    administrator: await signedIn(t, administrator.user.id),
    recipient: await signedIn(t, recipient.user.id),
    site: await signedIn(t, site.userId),
    stranger: { get: (path) => t.request(path, { headers: { accept: "text/html" } }) },
  };
  const known = { ...idsIn(objects), ...ids };
  paths = routesOf(ROOMS, t.env).flatMap(({ method, path }) =>
    method === "GET" ? [filledPath(path, known)] : [],
  );
}, 60_000);
afterAll(() => t.close());

const assets = new Map<string, number>();

/** Of what a page loads, each once. */
async function weightOfAssets(html: string): Promise<number> {
  const tags = html.match(/<(?:link\b[^>]*\brel="stylesheet"|script\b[^>]*\bsrc=)[^>]*>/g) ?? [];
  const wanted = new Set(tags.flatMap((tag) => /\b(?:href|src)="([^"]+)"/.exec(tag)?.[1] ?? []));
  let weight = 0;
  for (const path of wanted) {
    const known = assets.get(path) ?? gzipSync(await (await t.request(path)).text()).length;
    assets.set(path, known);
    weight += known;
  }
  return weight;
}

it("no page weighs more than 60 KB", { timeout: 120_000 }, async () => {
  const weights: [path: string, bytes: number][] = [];
  for (const [who, browser] of Object.entries(readers)) {
    for (const path of paths) {
      const response = await browser.get(path);
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
      const html = await response.text();
      const weight = gzipSync(html).length + (await weightOfAssets(html));
      weights.push([`${who} ${response.status} ${path}`, weight]);
    }
  }
  expect(weights.length).toBeGreaterThan(200);
  expect(weights.filter(([, bytes]) => bytes > MOST_BYTES)).toEqual([]);
});
