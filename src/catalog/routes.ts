// What anybody may look through: the catalogue, an organization's page in it, and both as feeds.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import { isLocalDemo } from "../config.ts";
import { BADGE_CATEGORIES, type BadgeCategory } from "../db/badges.ts";
import {
  type CatalogBadge,
  findListedOrganization,
  listCatalog,
  listListedOrganizations,
  listListedPeople,
} from "../db/catalog.ts";
import type { Organization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { isId } from "../ids.ts";
import { type Language, languageOf } from "../language.ts";
import { entityTag, isKnown } from "../obv2/entity-tag.ts";
import { catalogPage, issuerPage } from "../pages/catalog.tsx";
import { PAGE_HEADERS, spoken } from "../pages/headers.ts";
import { here } from "../pages/web-address.ts";
import { CATALOG_WORDS } from "../pages/words/catalog.ts";
import { speaker } from "../pages/words/speak.tsx";
import { Problem } from "../problem.ts";
import { FEED_ITEMS, type Feed, feedText } from "./feed.ts";
import { robotsText, SITEMAP_BADGES, SITEMAP_ORGANIZATIONS, sitemapText } from "./sitemap.ts";

/** Badges on one page: rows of two, three and four come out even. */
export const PAGE_BADGES = 24;
/** People on one page of an organization. */
export const PAGE_PEOPLE = 60;
/** Organizations named under the catalogue; every badge of the others leads to them as well. */
const NAMED_ORGANIZATIONS = 60;
export const MAX_SEARCH = 100;
/** Of a search; more do not make it narrower. */
export const MAX_WORDS = 6;

/** Seconds a cache may show what may have changed. */
const PAGE_AGE = 30;
const FEED_AGE = 300;
const SITEMAP_AGE = 3_600;

export function catalogRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/catalog", (c) => answerCatalog(env, c));
  app.get("/issuers/:slug", async (c) => answerIssuer(env, c, await listed(env, c)));
  app.get("/feed.xml", (c) => answerFeed(env, c, null));
  app.get("/issuers/:slug/feed.xml", async (c) => answerFeed(env, c, await listed(env, c)));
  app.get("/sitemap.xml", async (c) => {
    const [organizations, badges] = await Promise.all([
      listListedOrganizations(env.db, SITEMAP_ORGANIZATIONS),
      listCatalog(env.db, {}, SITEMAP_BADGES - 1),
    ]);
    const text = sitemapText({ organizations, badges }, env.urls);
    return answerText(c, text, "application/xml; charset=utf-8", SITEMAP_AGE);
  });
  app.get("/robots.txt", (c) =>
    answerText(c, robotsText(env.urls), "text/plain; charset=utf-8", SITEMAP_AGE),
  );
  for (const path of CATALOG_PATHS) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  return app;
}

/** What answers here. */
export const CATALOG_PATHS = [
  "/catalog",
  "/issuers/:slug",
  "/issuers/:slug/feed.xml",
  "/feed.xml",
  "/sitemap.xml",
  "/robots.txt",
] as const;

/** An organization that is not listed has no page, whoever asks. */
async function listed(env: Env, c: Context): Promise<Organization> {
  const organization = await findListedOrganization(env.db, c.req.param("slug") ?? "");
  if (organization !== null) return organization;
  throw new Problem("not-found", "No organization with this name is in the catalogue.");
}

interface Query {
  readonly search: string;
  readonly category: BadgeCategory | null;
  readonly words: readonly string[];
  /** Below this badge's id. */
  readonly cursor: string | undefined;
  /** Above this person's id. */
  readonly people: string | undefined;
}

/** What cannot be meant is left out: addresses are typed, cut off and passed on. */
function queryOf(c: Context): Query {
  const search = (c.req.query("q") ?? "").trim().slice(0, MAX_SEARCH);
  const category = BADGE_CATEGORIES.find((one) => one === c.req.query("category")) ?? null;
  const idIn = (name: string) => {
    const id = c.req.query(name);
    return id !== undefined && isId(id) ? id : undefined;
  };
  const words = search.split(/\s+/).filter((word) => word !== "");
  return {
    search,
    category,
    words: words.slice(0, MAX_WORDS),
    cursor: idIn("after"),
    people: idIn("people"),
  };
}

function addressOf(path: string, { search, category }: Query, after: Record<string, string> = {}) {
  const query = new URLSearchParams({
    ...(search === "" ? {} : { q: search }),
    ...(category === null ? {} : { category }),
    ...after,
  });
  return query.size === 0 ? path : `${path}?${query}`;
}

/** One page of badges, and the way on. */
async function listingOf(env: Env, c: Context, path: string, organizationId?: string) {
  const query = queryOf(c);
  const { words, category, cursor } = query;
  const filter = { organizationId, words, category: category ?? undefined, cursor };
  const found = await listCatalog(env.db, filter, PAGE_BADGES);
  const badges = found.slice(0, PAGE_BADGES);
  const last = badges.at(-1)?.badge.id;
  return {
    query,
    listing: {
      urls: env.urls,
      language: languageOf(c.req.raw),
      path,
      wanted: query,
      categories: BADGE_CATEGORIES,
      badges,
      longestSearch: MAX_SEARCH,
      isDemo: isLocalDemo(env.config),
      pages: {
        first: cursor === undefined ? null : addressOf(path, query),
        next:
          found.length > badges.length && last !== undefined
            ? addressOf(path, query, { after: last })
            : null,
      },
    },
  };
}

async function answerCatalog(env: Env, c: Context): Promise<Response> {
  const { query, listing } = await listingOf(env, c, here(env.urls.catalog));
  const isFirst = addressOf("", query) === "" && query.cursor === undefined;
  const organizations = isFirst ? await listListedOrganizations(env.db, NAMED_ORGANIZATIONS) : [];
  return answerPage(c, catalogPage({ ...listing, organizations }), listing.language);
}

async function answerIssuer(env: Env, c: Context, organization: Organization): Promise<Response> {
  const path = here(env.urls.issuerPage(organization.slug));
  const { query, listing } = await listingOf(env, c, path, organization.id);
  const wanted = { limit: PAGE_PEOPLE, cursor: query.people };
  const { people, next } = await listListedPeople(env.db, organization.id, env.now(), wanted);
  const morePeople = next === null ? null : `${addressOf(path, query, { people: next })}#people`;
  const page = issuerPage({ ...listing, organization, people, morePeople });
  return answerPage(c, page, listing.language);
}

async function answerPage(c: Context, page: unknown, language: Language): Promise<Response> {
  return c.body(String(await page), 200, {
    ...spoken(PAGE_HEADERS, language),
    "cache-control": `public, max-age=${PAGE_AGE}, must-revalidate`,
  });
}

async function answerFeed(
  env: Env,
  c: Context,
  organization: Organization | null,
): Promise<Response> {
  const { urls } = env;
  const found = await listCatalog(env.db, { organizationId: organization?.id }, FEED_ITEMS);
  const badges: readonly CatalogBadge[] = found.slice(0, FEED_ITEMS);
  // A feed has one text for all who read it: in the language of whose news it is.
  const language = organization?.language.startsWith("de") ? "de" : "en";
  const t = speaker(language, CATALOG_WORDS);
  const feed: Feed =
    organization === null
      ? {
          title: t("feed-title-all"),
          about: t("feed-about-all"),
          language,
          page: urls.catalog,
          self: urls.feed,
          badges,
        }
      : {
          title: t("feed-title", { name: organization.name }),
          about: t("feed-about", { name: organization.name }),
          language: organization.language,
          page: urls.issuerPage(organization.slug),
          self: urls.issuerFeed(organization.slug),
          badges,
        };
  return answerText(c, feedText(feed, urls), "application/rss+xml; charset=utf-8", FEED_AGE);
}

async function answerText(
  c: Context,
  text: string,
  mediaType: string,
  seconds: number,
): Promise<Response> {
  const etag = await entityTag(text);
  const caching = { etag, "cache-control": `public, max-age=${seconds}, must-revalidate` };
  if (isKnown(c.req.header("if-none-match"), etag)) return c.body(null, 304, caching);
  return c.body(text, 200, {
    ...caching,
    "content-type": mediaType,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
  });
}
