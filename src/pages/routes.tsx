// Pages for people: the home page, a badge's page, and a page for every kind of problem.
import { type Context, Hono } from "hono";
import { findBadgePage, listShowcase, type ShowcaseRow } from "../db/badge-page.ts";
import { hasOrganizations } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { negotiate, PAGE_WITH_DOCUMENT } from "../obv2/negotiate.ts";
import { PROBLEMS, Problem, type ProblemCode } from "../problem.ts";
import { badgePage } from "./badge-page.tsx";
import { embedPage } from "./embed.tsx";
import { EMBED_HEADERS, PAGE_HEADERS } from "./headers.ts";
import { homePage } from "./home.tsx";
import { ICON_SVG } from "./icons.tsx";
import { problemIndexPage, problemTypePage } from "./problem-type.tsx";
import { ICON_PATH, STYLESHEET, STYLESHEET_PATH } from "./stylesheet.ts";
import { unknownBadgePage } from "./unknown-badge.tsx";
import { verdictOf } from "./verdict.tsx";

/** Seconds a shared cache may show a verdict after it changed. */
const VERDICT_MAX_AGE = 30;
/** Seconds for what changes with a new version of the program only. */
const PAGE_MAX_AGE = 3_600;
const FOREVER = "public, max-age=31536000, immutable";

const HASH = /^[0-9a-f]{40}$/;
/** Awards looked through for one valid, one expired and one revoked to show. */
const SHOWCASE_CANDIDATES = 200;

const ROBOTS = "User-agent: *\nDisallow: /api/\n";

export function pageRoutes(env: Env) {
  const app = new Hono();
  app.get("/", async (c) => {
    const showcase = env.config.demo ? await pickShowcase(env) : [];
    const page = homePage({
      urls: env.urls,
      now: env.now(),
      showcase,
      isEmpty: !(await hasOrganizations(env.db)),
      isLocal: env.config.publicUrlIsLocal,
    });
    return c.body(String(await page), 200, cached(PAGE_HEADERS, VERDICT_MAX_AGE));
  });
  app.get("/b/:hash", (c) => answerBadge(env, c, c.req.param("hash")));
  app.get("/b/:hash/embed", (c) => answerEmbed(env, c, c.req.param("hash")));

  app.get("/problems", async (c) => {
    const page = problemIndexPage({ urls: env.urls });
    return c.body(String(await page), 200, cached(PAGE_HEADERS, PAGE_MAX_AGE));
  });
  app.get("/problems/:code", async (c) => {
    const code = c.req.param("code");
    if (!isProblemCode(code)) throw new Problem("not-found", "There is no such kind of error.");
    const page = problemTypePage({ code, urls: env.urls });
    return c.body(String(await page), 200, cached(PAGE_HEADERS, PAGE_MAX_AGE));
  });

  app.get("/assets/*", (c) => answerAsset(c));
  app.get("/robots.txt", (c) => c.text(ROBOTS, 200, { "cache-control": "public, max-age=3600" }));
  return app;
}

function cached(headers: Readonly<Record<string, string>>, seconds: number) {
  return { ...headers, "cache-control": `public, max-age=${seconds}` };
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The oldest award of each verdict, valid first. */
async function pickShowcase(env: Env): Promise<ShowcaseRow[]> {
  const rows = await listShowcase(env.db, SHOWCASE_CANDIDATES);
  const verdicts = ["valid", "expired", "revoked"] as const;
  return verdicts.flatMap(
    (verdict) => rows.find(({ award }) => verdictOf(award, env.now()) === verdict) ?? [],
  );
}

/**
 * 200 while the award stands or has run out, 410 once it is revoked: the whole page all the same,
 * which browsers show, while programs that only read the status do not take it for a badge.
 */
async function answerBadge(env: Env, c: Context, hash: string): Promise<Response> {
  const row = HASH.test(hash) ? await findBadgePage(env.db, hash) : null;
  if (negotiate(c.req.header("accept"), PAGE_WITH_DOCUMENT) !== "text/html") {
    if (row === null) throw new Problem("not-found", "There is no badge at this address.");
    return c.body(null, 303, { location: env.urls.assertion(hash), vary: "Accept" });
  }
  if (row === null) {
    const page = await unknownBadgePage();
    return c.body(String(page), 404, { ...PAGE_HEADERS, "cache-control": "no-store" });
  }
  const { now, urls } = env;
  const at = now();
  const page = await badgePage({ row, urls, now: at, canDraw: env.images.available });
  const status = row.award.revoked_at === null ? 200 : 410;
  return c.body(String(page), status, cached(PAGE_HEADERS, VERDICT_MAX_AGE));
}

async function answerEmbed(env: Env, c: Context, hash: string): Promise<Response> {
  const row = HASH.test(hash) ? await findBadgePage(env.db, hash) : null;
  if (row === null) throw new Problem("not-found", "There is no badge at this address.");
  const page = await embedPage({ row, urls: env.urls, now: env.now() });
  const status = row.award.revoked_at === null ? 200 : 410;
  return c.body(String(page), status, cached(EMBED_HEADERS, VERDICT_MAX_AGE));
}

/** Any version of the stylesheet answers with today's: a page kept by a cache still has its look. */
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
