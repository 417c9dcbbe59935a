// Every page there is, asked for in the pseudo-locale: whatever it says must come from a catalogue.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedDemo } from "../../../src/cli/demo.ts";
import { backpacks } from "../../../src/db/backpacks.ts";
import { badges, badgeTiers } from "../../../src/db/badges.ts";
import { identities, memberships, organizations, users } from "../../../src/db/organizations.ts";
import { OFFERED } from "../../../src/language.ts";
import { PLACE_WORDS } from "../../../src/pages/words/places.ts";
import { PROBLEMS } from "../../../src/problem.ts";
import { type TestApp, testApp } from "../../app.ts";
import { signedIn } from "../../signed-in.ts";
import { givenScenes } from "../scenes.ts";
import { givenShelves } from "../shelf-scenes.ts";
import { type PageForm, postedForms } from "./page-forms.ts";
import { untranslated } from "./untranslated.ts";

const TIMEOUT = 120_000;
/** Pages that differ in ids alone, such as those of several badges, are looked at so often. */
const MAX_ALIKE = 4;
const PAGE = { accept: "text/html,*/*;q=0.8", "accept-language": "en-XA" };

/** The demo, and a site with everything in every state. */
let demo: TestApp;
let full: TestApp;
let readers: Readonly<Record<ReaderName, Reader>>;

const READERS = [
  "a stranger to the demo",
  "the demo’s administrator",
  "the demo’s recipient",
  "a stranger",
  "an administrator",
  "a recipient",
  "a newcomer",
] as const;
type ReaderName = (typeof READERS)[number];

interface Reader {
  readonly app: TestApp;
  /** The Cookie header; empty for nobody. */
  readonly cookie: string;
  /** Where reading begins; what these pages link is read, too. */
  readonly doors: readonly string[];
}

/** What people called things: in the demo, and in the other site. */
const known = new Map<TestApp, readonly string[]>();

/** Names of languages and examples, which are the same everywhere. */
const EVERYWHERE = [...OFFERED.map(([, name]) => name), "Europe/Berlin"];

/** All names that the database has, the longest first: one may be a part of another. */
async function namesIn({ env }: TestApp): Promise<string[]> {
  const { orm } = env.db;
  const names = [
    await orm.select({ name: users.name }).from(users),
    await orm.select({ name: badges.name }).from(badges),
    await orm.select({ name: organizations.name }).from(organizations),
    await orm.select({ name: backpacks.name }).from(backpacks),
    await orm.select({ name: memberships.name }).from(memberships),
    await orm.select({ name: identities.identity }).from(identities),
    await orm.select({ name: badgeTiers.name }).from(badgeTiers),
  ].flatMap((rows) => rows.flatMap(({ name }) => name ?? []));
  return [...new Set([...names, ...EVERYWHERE])].sort((a, b) => b.length - a.length);
}

const PLACES = Object.keys(PLACE_WORDS.en);
const PUBLIC = [
  "/",
  "/docs",
  "/login",
  "/setup",
  "/catalog?q=nothing-at-all",
  "/verify?input=x",
  "/nothing/here",
  `/b/${"0".repeat(40)}`,
  "/claim/NO-SUCH-CODE",
  "/auth/no-such-link",
];

async function localApp(): Promise<TestApp> {
  return testApp({
    shared: true,
    publicUrl: "http://localhost:8787",
    override: ({ config }) => ({ config: { ...config, demo: true } }),
  });
}

/** Who has this e-mail address in the demo. */
async function personOf(app: TestApp, email: string): Promise<string> {
  const { db } = app.env;
  const [found] = await db.orm.select().from(identities).where(eq(identities.normalised, email));
  if (!found) throw new TypeError(`nobody has the address ${email}`);
  return found.user_id;
}

beforeAll(async () => {
  [demo, full] = await Promise.all([localApp(), localApp()]);
  await seedDemo(demo.env);
  const shelves = await givenShelves(full.env);
  const scenes = await givenScenes(full.env);
  for (const app of [demo, full]) known.set(app, await namesIn(app));
  const pages = Object.values(scenes).flatMap((hash) => [`/b/${hash}`, `/b/${hash}/embed`]);
  const problems = Object.keys(PROBLEMS).map((code) => `/problems/${code}`);
  const of = async (app: TestApp, userId: string, doors: readonly string[]) => ({
    app,
    cookie: (await signedIn(app, userId)).cookie,
    doors,
  });
  const ada = await personOf(demo, "ada@northside.example");
  const noor = await personOf(demo, "noor@example.org");
  readers = {
    "a stranger to the demo": { app: demo, cookie: "", doors: PUBLIC },
    "the demo’s administrator": await of(demo, ada, [...PLACES, "/", "/dev/mail"]),
    "the demo’s recipient": await of(demo, noor, ["/me", "/admin"]),
    "a stranger": { app: full, cookie: "", doors: [...pages, ...problems] },
    "an administrator": await of(full, shelves.administrator.user.id, PLACES),
    "a recipient": await of(full, shelves.noor.user.id, ["/me", "/me/backpacks"]),
    "a newcomer": await of(full, shelves.kim.user.id, ["/me", "/me/backpacks"]),
  };
}, TIMEOUT);

afterAll(async () => {
  await demo?.close();
  await full?.close();
}, TIMEOUT);

/** Not pages, or the end of a session. */
const LEFT_OUT =
  /^\/(api\/|assets\/|images\/|dev\/as\/|logout|openapi\.json|[a-z]+\.(xml|svg|txt|png))|\.(csv|zip|png|svg|json|xml)($|\?)|[?&]download|[?&]lang=/;

/** Alike are pages whose addresses differ in ids and values alone. */
function kindOf(path: string): string {
  const { pathname, searchParams } = new URL(path, "http://localhost");
  const steps = pathname.split("/").map((step) => (/\d/.test(step) ? ":id" : step));
  return [steps.join("/"), ...[...searchParams.keys()].sort()].join(" ");
}

function linksIn(app: TestApp, html: string, from: string): string[] {
  const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );
  return links.flatMap((href) => {
    const address = new URL(href, new URL(from, app.env.config.publicUrl));
    return address.origin === app.env.config.publicUrl ? [address.pathname + address.search] : [];
  });
}

interface Read {
  readonly pages: ReadonlyMap<string, number>;
  /** By page: what it says without a catalogue, or a status that no page should have. */
  readonly faults: readonly Faults[];
}
type Faults = readonly [path: string, faults: readonly string[]];

/** What a page says without a catalogue, and what it leads on to. */
async function look(reader: Reader, path: string, response: Response): Promise<Looked> {
  const location = response.headers.get("location");
  const onward = location === null ? [] : linksIn(reader.app, `<a href="${location}">`, path);
  const faults = response.status >= 500 ? [`answers with ${response.status}`] : [];
  if (!response.headers.get("content-type")?.startsWith("text/html")) {
    return { faults, onward, html: "" };
  }
  const html = await response.text();
  faults.push(...untranslated(html, known.get(reader.app)));
  return { faults, onward: [...onward, ...linksIn(reader.app, html, path)], html };
}

interface Looked {
  readonly faults: readonly string[];
  readonly onward: readonly string[];
  readonly html: string;
}

const headersOf = ({ cookie }: Reader) => ({ ...PAGE, ...(cookie === "" ? {} : { cookie }) });

/** Reads on from the doors, until every kind of page was read often enough; then sends each kind of form. */
async function readAll(reader: Reader): Promise<Read> {
  const waiting = [...reader.doors];
  const pages = new Map<string, number>();
  const counts = new Map<string, number>();
  const faults: Faults[] = [];
  const forms = new Map<string, PageForm>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = kindOf(path);
    const count = counts.get(kind) ?? 0;
    if (pages.has(path) || LEFT_OUT.test(path) || count >= MAX_ALIKE) continue;
    counts.set(kind, count + 1);
    const response = await reader.app.request(path, { headers: headersOf(reader) });
    pages.set(path, response.status);
    const looked = await look(reader, path, response);
    if (looked.faults.length > 0) faults.push([path, looked.faults]);
    waiting.push(...looked.onward);
    for (const isEmpty of [true, false]) {
      for (const form of postedForms(looked.html, path, isEmpty)) {
        const kindOfForm = `${kindOf(form.action)} ${isEmpty} ${form.fields.map(([name]) => name)}`;
        if (!forms.has(kindOfForm)) forms.set(kindOfForm, form);
      }
    }
  }
  for (const form of forms.values()) faults.push(...(await send(reader, form)));
  return { pages, faults };
}

/** Ends what is read here, or goes to somebody elsewhere. */
const NOT_SENT = /^\/(logout|me\/sessions|oauth|me\/backpacks\/[^/]+\/connect)/;

/** What the answer to a form says without a catalogue, or the page that it leads to. */
async function send(reader: Reader, { action, isMultipart, fields }: PageForm): Promise<Faults[]> {
  if (NOT_SENT.test(action)) return [];
  const body = isMultipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) body.append(name, value);
  const { app } = reader;
  const headers = { ...headersOf(reader), origin: app.env.config.publicUrl };
  const answer = await app.request(action, { method: "POST", headers, body });
  known.set(app, await namesIn(app));
  const looked = await look(reader, action, answer);
  const faults: Faults[] = [[`POST ${action}`, looked.faults]];
  const [next] = looked.html === "" ? looked.onward : [];
  if (next !== undefined && !LEFT_OUT.test(next)) {
    const response = await app.request(next, { headers: headersOf(reader) });
    faults.push([`POST ${action} -> ${next}`, (await look(reader, next, response)).faults]);
  }
  return faults.filter(([, found]) => found.length > 0);
}

describe("in the pseudo-locale every page says what a catalogue has", () => {
  it.each(READERS)(
    "to %s",
    async (name) => {
      const { pages, faults } = await readAll(readers[name]);
      expect(pages.size).toBeGreaterThan(3);
      expect(faults).toEqual([]);
      if (name !== "the demo’s administrator") return;
      expect(PLACES.filter((place) => pages.get(place) !== 200)).toEqual([]);
    },
    TIMEOUT,
  );
});
