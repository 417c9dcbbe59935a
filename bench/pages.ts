// Every page that a room answers, in an organization with a hundred thousand awards, to each who reads it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Migration } from "../src/db/migrate.ts";
import { filledPath } from "../test/routes-of-rooms.ts";
import { signedIn } from "../test/signed-in.ts";
import { pushingEnv, SECRET } from "./deliveries-env.ts";
import { ours } from "./http.ts";
import { median, type Row } from "./measure.ts";
import { type Answered, ask, assetPaths, furtherPaths, nextPath } from "./pages-asked.ts";
import { type PagesWorld, pagesWorld, READERS } from "./pages-world.ts";
import { pathsOfRooms } from "./rooms.ts";
import { canPin, type Server, start } from "./servers.ts";

export interface PagesBenchOptions {
  readonly entry: string;
  readonly limits: string;
  readonly folder: string;
  /** Of the checkout. */
  readonly root: string;
  readonly migrations: readonly Migration[];
  readonly awards: number;
  readonly rounds: number;
}

/**
 * A bare Django view with one query is the floor of what others' pages cost, before they show
 * anything: 32 times the processor time of a fixed string from Hono. Ours, whole, are to take no
 * longer beside the same bytes from Hono; that is the median of a group, since no page is typical.
 */
const ASKED = 1 / 32;
/** Half of what a hosted read may take while a server is under load. */
const P99_MS = 50;
/** HTML, stylesheet and scripts, in gzip, without pictures. */
const MOST_BYTES = 60 * 1024;
const MOST_MIB = 64;
const MIB = 1024 * 1024;

/** What has a measurement of its own (`http`), or is for programs. */
const NO_PAGES = /^\/(ob\/v2|ims|oauth|\.well-known|dev|webhooks)\//;
const STRANGER = "stranger";
const FILES = "files and feeds, to the first byte";
/** Its page starts what draws pictures and asks the mail server: it is about the machine, and no list. */
const EXAMINATION = "/admin/health";

/** Of an organization, sent as a form's answer. */
const EVERYTHING = "/admin/export";

/** Pages that a list is followed over before it is measured. */
const DEPTH = 40;

interface Page {
  readonly group: string;
  readonly path: string;
  readonly cookie: string | undefined;
  readonly bytes: number;
  /** In gzip, with what it loads; 0 for a file. */
  readonly weight: number;
  readonly times: number[];
  /** Of the same bytes from a bare server, in the same round. */
  readonly bare: number[];
}

interface Scene {
  readonly server: Server;
  readonly bare: Server;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** What each sends with a form. */
  readonly forms: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly world: PagesWorld;
}

export async function pagesBench(options: PagesBenchOptions): Promise<Row[]> {
  const { folder, awards, migrations, root } = options;
  const world = await pagesWorld(folder, awards, migrations);
  const { env } = await pushingEnv(world.file, []);
  const request = async () => new Response(null, { status: 501 });
  const cookies: Record<string, string | undefined> = { [STRANGER]: undefined };
  const forms: Record<string, string> = {};
  for (const reader of READERS) {
    const browser = await signedIn({ env, request }, world.users[reader]);
    cookies[reader] = browser.cookie;
    forms[reader] = String(
      new URLSearchParams({ form_token: browser.formToken, organization: world.organization }),
    );
  }
  const paths = (await pathsOfRooms(env, root)).filter((path) => !NO_PAGES.test(path));
  await env.db.close();
  const { args, env: variables } = ours(options.entry, world.file, folder);
  const core = (await canPin()) ? 0 : undefined;
  const command = { name: "ours", args, env: { ...variables, SECRET_KEY: SECRET } };
  const server = await start(command, 4_480, core);
  const bare = await start({ name: "hono", args: [options.limits, "hono-pages"] }, 4_481, core);
  try {
    const scene = { server, bare, cookies, forms, paths, world };
    const pages = await found(scene);
    for (let round = 0; round < options.rounds; round++) await once(scene, pages);
    return [...summarise(pages, awards), await memory(scene)];
  } finally {
    await Promise.all([server.stop(), bare.stop()]);
  }
}

/** Every page that is shown to somebody, what its own forms and links lead to, and how lists go on. */
async function found({ server, cookies, paths, world }: Scene): Promise<Page[]> {
  const weigh = weigher(server.port);
  const pages: Page[] = [];
  for (const [group, cookie] of Object.entries(cookies)) {
    const seen = new Set<string>();
    const look = async (path: string): Promise<string | null> => {
      if (seen.has(path)) return null;
      seen.add(path);
      const answer = await ask({ port: server.port, path, cookie, firstOnly: true });
      if (answer.status >= 500) throw new Error(`${path} answered ${answer.status}`);
      const type = answer.headers["content-type"] ?? "";
      if (answer.status !== 200 || !/^text\/(html|csv)|xml|zip/.test(type)) return null;
      const isPage = type.startsWith("text/html");
      const weight = isPage ? await weigh(answer) : 0;
      const page = { path, cookie, bytes: answer.bytes, weight, times: [], bare: [] };
      const own = path === EXAMINATION ? path : group;
      pages.push({ group: isPage ? own : FILES, ...page });
      return isPage ? answer.text : null;
    };
    for (const path of paths) {
      const from = filledPath(path, world.ids);
      const html = await look(from);
      if (html === null) continue;
      for (const further of furtherPaths(from, html)) await look(further);
      const last = await followed(server.port, cookie, html);
      if (last !== null) await look(last);
    }
  }
  return pages;
}

/** The last of so many pages of a list; null where there is but one. */
async function followed(
  port: number,
  cookie: string | undefined,
  html: string,
): Promise<string | null> {
  let last: string | null = null;
  let next = nextPath(html);
  for (let depth = 0; next !== null && depth < DEPTH; depth++) {
    last = next;
    next = nextPath((await ask({ port, path: next, cookie })).text);
  }
  return last;
}

/** Weighs a page with its stylesheets and scripts, each of which is asked for once. */
function weigher(port: number): (answer: Answered) => Promise<number> {
  const known = new Map<string, number>();
  return async ({ text }) => {
    let weight = gzipSync(text).length;
    for (const path of new Set(assetPaths(text))) {
      const asset = known.get(path) ?? gzipSync(await bodyOf(port, path)).length;
      known.set(path, asset);
      weight += asset;
    }
    return weight;
  };
}

async function bodyOf(port: number, path: string): Promise<string> {
  const { pathname } = new URL(path, "http://localhost");
  return (await fetch(`http://127.0.0.1:${port}${pathname}`)).text();
}

/** Each page, right after as many bytes from the bare server. */
async function once({ server, bare }: Scene, pages: readonly Page[]): Promise<void> {
  for (const { group, path, cookie, bytes, times, bare: limits } of pages) {
    const limit = await ask({ port: bare.port, path: `/${bytes}` });
    const answer = await ask({ port: server.port, path, cookie, firstOnly: true });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    limits.push(limit.whole);
    times.push(group === FILES ? answer.first : answer.whole);
  }
}

const ratioOf = ({ times, bare }: Page) =>
  median(times.map((time, i) => (bare[i] ?? Number.NaN) / time));

function summarise(pages: readonly Page[], awards: number): Row[] {
  const groups = [...new Set(pages.map(({ group }) => group))];
  const limits = pages.flatMap(({ bare }) => bare);
  return [
    {
      name: "as many bytes as a fixed string from Hono",
      ops: 1000 / median(limits),
      min: 1000 / Math.max(...limits),
      max: 1000 / Math.min(...limits),
      ratio: 1,
      note: `one request after another; ${awards.toLocaleString("en")} awards in the organization`,
    },
    ...groups.flatMap((group) => {
      const own = pages.filter((page) => page.group === group);
      return group === EXAMINATION ? [middle(group, own)] : [middle(group, own), slowest(own)];
    }),
    heaviest(pages),
  ];
}

/** The fastest and the slowest page of some, by their medians. */
function rangeOf(pages: readonly Page[]): Pick<Row, "min" | "max"> {
  const medians = pages.map(({ times }) => median(times));
  return { min: 1000 / Math.max(...medians), max: 1000 / Math.min(...medians) };
}

function middle(group: string, pages: readonly Page[]): Row {
  const took = median(pages.map(({ times }) => median(times)));
  const worst = pages.reduce((one, other) =>
    median(one.times) > median(other.times) ? one : other,
  );
  const row = {
    name: group === FILES || group === EXAMINATION ? group : `pages shown to ${group}s`,
    ops: 1000 / took,
    ...rangeOf(pages),
    ratio: median(pages.map(ratioOf)),
    note: `${pages.length}: median ${took.toFixed(1)} ms, slowest ${median(worst.times).toFixed(1)} ms: ${nameOf(worst)}`,
  };
  return group === EXAMINATION ? row : { ...row, target: round(ASKED) };
}

function slowest(pages: readonly Page[]): Row {
  const all = pages.flatMap(({ times }) => times).sort((a, b) => a - b);
  const p99 = all[Math.floor(all.length * 0.99)] ?? Number.NaN;
  return {
    name: `p99 of them, of ${P99_MS} ms`,
    ops: 1000 / p99,
    ...rangeOf(pages),
    ratio: P99_MS / p99,
    target: 1,
    note: `${p99.toFixed(1)} ms`,
  };
}

function heaviest(pages: readonly Page[]): Row {
  const page = pages.reduce((one, other) => (one.weight > other.weight ? one : other));
  const kilobytes = page.weight / 1024;
  return {
    name: "heaviest page in KB of gzip, of 60",
    ops: kilobytes,
    min: kilobytes,
    max: kilobytes,
    ratio: MOST_BYTES / page.weight,
    target: 1,
    note: `${kilobytes.toFixed(1)} KB with its stylesheet and scripts: ${nameOf(page)}`,
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** Without ids, which differ from file to file. */
function nameOf({ path }: Page): string {
  return decodeURIComponent(path)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")
    .replace(/\b[0-9a-f]{40}\b/g, "…")
    .slice(0, 80);
}

/** Files over everything there is, read to their end: how much the server grows with their length. */
async function memory({ server, cookies, forms, world }: Scene): Promise<Row> {
  const badge = world.ids["badges/:id"] ?? "";
  const files = [
    ["administrator", `/admin/badges/${badge}/awards.csv`],
    ["administrator", "/admin/audit.csv"],
    ["administrator", "/admin/overview/badges.csv"],
    ["administrator", EVERYTHING],
    ["recipient", "/me/badges.zip"],
  ] as const;
  const seen: number[] = [];
  const watch = setInterval(() => seen.push(residentMib(server)), 20);
  let bytes = 0;
  const from = performance.now();
  try {
    for (const [reader, path] of files) {
      const form = path === EVERYTHING ? { form: forms[reader] ?? "" } : {};
      const answer = await ask({ port: server.port, path, cookie: cookies[reader], ...form });
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
      bytes += answer.bytes;
    }
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - from) / 1000;
  const most = Math.max(...seen);
  const grown = Math.max(1, most - Math.max(...seen.slice(0, seen.length / 10)));
  return {
    name: `memory that whole files take, of ${MOST_MIB} MiB`,
    ops: bytes / MIB / seconds,
    min: bytes / MIB / seconds,
    max: bytes / MIB / seconds,
    ratio: MOST_MIB / grown,
    target: 1,
    note: `${(bytes / MIB).toFixed(0)} MiB of CSV, JSON and zip in ${seconds.toFixed(1)} s, MiB a second; at most ${grown.toFixed(0)} MiB more resident, garbage included, than in the first tenth, ${most.toFixed(0)} MiB in all`,
  };
}

/** The process's own memory: the database's file, which it maps, is nobody's. */
function residentMib({ processes }: Server): number {
  const status = readFileSync(`/proc/${processes[0]?.pid}/status`, "utf8");
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
