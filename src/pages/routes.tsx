// Pages for people: the home page, a badge's page, and a page for every kind of problem.
import { type Context, Hono } from "hono";
import { isLocalDemo } from "../config.ts";
import {
  type BadgePageRow,
  findBadgePage,
  listShowcase,
  type ShowcaseRow,
} from "../db/badge-page.ts";
import { hasOrganizations } from "../db/organizations.ts";
import { findTombstone } from "../db/tombstones.ts";
import { DEMO_ORGANIZATION } from "../demo-organization.ts";
import type { Env } from "../env.ts";
import { isHash } from "../ids.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { type Language, languageOf } from "../language.ts";
import { negotiate, PAGE_WITH_DOCUMENT } from "../obv2/negotiate.ts";
import { PROBLEMS, Problem, type ProblemCode } from "../problem.ts";
import { standingOf } from "../standing.ts";
import type { Account } from "./account.tsx";
import { WATCH_PATH, WATCH_SCRIPT } from "./backpack-watch.ts";
import { BADGE_DESK_PATH, BADGE_DESK_SCRIPT } from "./badge-desk-script.ts";
import { badgePage } from "./badge-page.tsx";
import { COMPARE_PATH, COMPARE_SCRIPT } from "./compare-script.ts";
import { COPY_PATH, COPY_SCRIPT } from "./copy-script.ts";
import { embedPage } from "./embed.tsx";
import { EMBED_HEADERS, PAGE_HEADERS, SCRIPTED_HEADERS, spoken } from "./headers.ts";
import { homePage } from "./home.tsx";
import { ICON_SVG } from "./icons.tsx";
import { IMPORT_SCRIPT, IMPORT_SCRIPT_PATH } from "./import-script.ts";
import { PERSON_SCRIPT, PERSON_SCRIPT_PATH } from "./person-script.ts";
import { removedBadgePage } from "./removed-badge.tsx";
import { ICON_PATH, STYLESHEET, STYLESHEET_PATH } from "./stylesheet.ts";
import { unknownBadgePage } from "./unknown-badge.tsx";

/** Seconds a shared cache may show a verdict after it changed. */
const VERDICT_MAX_AGE = 30;
/** Seconds for what changes with a new version of the program only. */
const PAGE_MAX_AGE = 3_600;
const FOREVER = "public, max-age=31536000, immutable";

/** Awards looked through for one valid, one expired and one revoked to show. */
const SHOWCASE_CANDIDATES = 200;

export function pageRoutes(env: Env) {
  const app = new Hono();
  app.get("/", async (c) => {
    const language = languageOf(c.req.raw);
    const showcase = env.config.demo ? await pickShowcase(env) : [];
    const page = homePage({
      urls: env.urls,
      now: env.now(),
      showcase,
      isEmpty: !(await hasOrganizations(env.db)),
      isLocal: env.config.publicUrlIsLocal,
      isDemo: isLocalDemo(env.config),
      language,
    });
    return c.body(String(await page), 200, cached(spoken(PAGE_HEADERS, language), VERDICT_MAX_AGE));
  });
  app.get("/b/:hash", (c) => answerBadge(env, c, c.req.param("hash")));
  app.get("/b/:hash/embed", (c) => answerEmbed(env, c, c.req.param("hash")));
  app.get("/b/:hash/print", (c) => answerPrint(env, c, c.req.param("hash")));

  app.get("/problems", async (c) => {
    const language = languageOf(c.req.raw);
    const { problemIndexPage } = await import("./problem-type.tsx");
    const page = problemIndexPage({ urls: env.urls, language });
    return c.body(String(await page), 200, cached(spoken(PAGE_HEADERS, language), PAGE_MAX_AGE));
  });
  app.get("/problems/:code", async (c) => {
    const code = c.req.param("code");
    if (!isProblemCode(code)) throw new Problem("not-found", "There is no such kind of error.");
    const language = languageOf(c.req.raw);
    const { problemTypePage } = await import("./problem-type.tsx");
    const page = problemTypePage({ code, urls: env.urls, language });
    return c.body(String(await page), 200, cached(spoken(PAGE_HEADERS, language), PAGE_MAX_AGE));
  });

  app.get("/assets/*", (c) => answerAsset(c));
  for (const path of PATHS) {
    app.all(path, () => {
      throw new Problem("method-not-allowed", "This page can be read, not changed.", {
        headers: { allow: "GET, HEAD" },
      });
    });
  }
  return app;
}

/** What answers GET here, and says so to any other method. */
const PATHS = [
  "/",
  "/b/:hash",
  "/b/:hash/embed",
  "/b/:hash/print",
  "/problems",
  "/problems/:code",
  "/assets/*",
];

/** No cache may show it longer, not even while this server does not answer: a verdict may have changed. */
function cached(headers: Readonly<Record<string, string>>, seconds: number) {
  return { ...headers, "cache-control": `public, max-age=${seconds}, must-revalidate` };
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The demo's oldest award of each verdict, valid first. */
async function pickShowcase(env: Env): Promise<ShowcaseRow[]> {
  const rows = await listShowcase(env.db, DEMO_ORGANIZATION, SHOWCASE_CANDIDATES);
  const verdicts = ["valid", "expired", "revoked"] as const;
  return verdicts.flatMap(
    (verdict) => rows.find(({ award }) => standingOf(award, env.now()) === verdict) ?? [],
  );
}

/**
 * 200 while the award stands or has run out, 410 once it is revoked: the whole page all the same,
 * which browsers show, while programs that only read the status do not take it for a badge.
 */
async function answerBadge(env: Env, c: Context, hash: string): Promise<Response> {
  const begun = env.now();
  const row = isHash(hash) ? await findBadgePage(env.db, hash, DEFAULT_WIDTH) : null;
  if (negotiate(c.req.header("accept"), PAGE_WITH_DOCUMENT) !== "text/html") {
    // A verifier in a browser follows from here to a document that any origin may read.
    const headers = { "access-control-allow-origin": "*", vary: "Accept" };
    if (row === null && !(isHash(hash) && (await findTombstone(env.db, hash)))) {
      throw new Problem("not-found", "There is no badge at this address.", { headers });
    }
    return c.body(null, 303, { ...headers, location: env.urls.assertion(hash) });
  }
  const owner = row && (await ownerAmong(env, c, row.award.id));
  const language = owner?.language ?? languageOf(c.req.raw);
  const now = env.now();
  if (row === null) {
    const purged = isHash(hash) && (await findTombstone(env.db, hash)) !== null;
    const page = await (purged ? removedBadgePage(language) : unknownBadgePage(language));
    const headers = { ...spoken(PAGE_HEADERS, language), "cache-control": "no-store" };
    return c.body(String(page), purged ? 410 : 404, headers);
  }
  const { config, images, urls } = env;
  const page = await badgePage({
    row,
    language,
    urls,
    now,
    took: Math.max(0, now - begun),
    canDraw: images.available,
    isLocal: config.publicUrlIsLocal,
    isDemo: isLocalDemo(config),
    owner,
  });
  return c.body(String(page), statusOf(row), badgeHeaders(language, owner !== null));
}

/**
 * Who asks is looked at only where there is a cookie: everybody without one shares one answer. What is
 * the owner's alone is kept by nobody, and a cache is told that a cookie may make another page of it.
 */
function badgeHeaders(language: Language, isOwners: boolean) {
  const vary = "Accept, Accept-Language, Cookie";
  if (!isOwners) return { ...cached(spoken(PAGE_HEADERS, language), VERDICT_MAX_AGE), vary };
  return { ...spoken(SCRIPTED_HEADERS, language), vary, "cache-control": "private, no-store" };
}

async function ownerAmong(env: Env, c: Context, awardId: string): Promise<Account | null> {
  if (c.req.header("cookie") === undefined) return null;
  const { ownerOf } = await import("../recipient/owner.ts");
  return ownerOf(env, c.req.raw, awardId);
}

async function missing(env: Env, hash: string): Promise<Problem> {
  return isHash(hash) && (await findTombstone(env.db, hash)) !== null
    ? new Problem("gone", "The issuer of this badge has removed it for good.")
    : new Problem("not-found", "There is no badge at this address.");
}

async function answerEmbed(env: Env, c: Context, hash: string): Promise<Response> {
  const row = await awardAt(env, hash);
  const language = languageOf(c.req.raw);
  const page = await embedPage({ row, urls: env.urls, now: env.now(), language });
  const headers = cached(spoken(EMBED_HEADERS, language), VERDICT_MAX_AGE);
  return c.body(String(page), statusOf(row), headers);
}

/** The same for everybody, its owner included. */
async function answerPrint(env: Env, c: Context, hash: string): Promise<Response> {
  const row = await awardAt(env, hash);
  const language = languageOf(c.req.raw);
  const { badgePrintPage } = await import("./badge-print.tsx");
  const page = await badgePrintPage({ row, urls: env.urls, now: env.now(), language });
  const headers = cached(spoken(PAGE_HEADERS, language), VERDICT_MAX_AGE);
  return c.body(String(page), statusOf(row), headers);
}

async function awardAt(env: Env, hash: string): Promise<BadgePageRow> {
  const row = isHash(hash) ? await findBadgePage(env.db, hash, DEFAULT_WIDTH) : null;
  if (row === null) throw await missing(env, hash);
  return row;
}

function statusOf({ award }: BadgePageRow): 200 | 410 {
  return award.revoked_at === null ? 200 : 410;
}

const SCRIPTS = [
  { name: /^\/assets\/copy(\.[0-9a-f]{8})?\.js$/, address: COPY_PATH, text: COPY_SCRIPT },
  {
    name: /^\/assets\/badge-desk(\.[0-9a-f]{8})?\.js$/,
    address: BADGE_DESK_PATH,
    text: BADGE_DESK_SCRIPT,
  },
  { name: /^\/assets\/compare(\.[0-9a-f]{8})?\.js$/, address: COMPARE_PATH, text: COMPARE_SCRIPT },
  { name: /^\/assets\/watch(\.[0-9a-f]{8})?\.js$/, address: WATCH_PATH, text: WATCH_SCRIPT },
  {
    name: /^\/assets\/person(\.[0-9a-f]{8})?\.js$/,
    address: PERSON_SCRIPT_PATH,
    text: PERSON_SCRIPT,
  },
  {
    name: /^\/assets\/import(\.[0-9a-f]{8})?\.js$/,
    address: IMPORT_SCRIPT_PATH,
    text: IMPORT_SCRIPT,
  },
] as const;

/** Any version of style and script answers with today's: a page kept by a cache still works. */
function answerAsset(c: Context): Response {
  const { path } = c.req;
  const nosniff = { "x-content-type-options": "nosniff" };
  if (/^\/assets\/app(\.[0-9a-f]{8})?\.css$/.test(path)) {
    return c.body(STYLESHEET, 200, {
      ...nosniff,
      "content-type": "text/css; charset=utf-8",
      "cache-control": path === STYLESHEET_PATH ? FOREVER : "public, max-age=60",
    });
  }
  for (const { name, address, text } of SCRIPTS) {
    if (!name.test(path)) continue;
    return c.body(text, 200, {
      ...nosniff,
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": path === address ? FOREVER : "public, max-age=60",
    });
  }
  if (path === ICON_PATH) {
    return c.body(ICON_SVG, 200, {
      ...nosniff,
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'",
      "cache-control": "public, max-age=86400",
    });
  }
  throw new Problem("not-found", "There is no such asset.");
}
