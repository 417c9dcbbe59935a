// What search engines may read: sitemap.xml as sitemaps.org describes it, and robots.txt.
import type { CatalogBadge } from "../db/catalog.ts";
import type { Organization } from "../db/organizations.ts";
import type { Urls } from "../urls.ts";
import { element, XML_HEAD } from "./xml.ts";

/** The newest; a sitemap may have 50,000 addresses, and whoever reads it follows links as well. */
export const SITEMAP_BADGES = 5_000;
export const SITEMAP_ORGANIZATIONS = 1_000;

export interface SiteContents {
  readonly organizations: readonly Pick<Organization, "slug" | "updated_at">[];
  readonly badges: readonly CatalogBadge[];
}

/** Awards are no part of it: their holders decide who hears of them. */
export function sitemapText({ organizations, badges }: SiteContents, urls: Urls): string {
  const entries = [
    [urls.home, null],
    [urls.catalog, null],
    [`${urls.base}/verify`, null],
    ...organizations.map((one) => [urls.issuerPage(one.slug), one.updated_at] as const),
    ...badges.map(({ badge }) => [urls.badgeCriteria(badge.id), badge.updated_at] as const),
  ] as const;
  return [
    `${XML_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
    ...entries.map(
      ([address, at]) =>
        `<url>${element("loc", address)}${at === null ? "" : element("lastmod", new Date(at).toISOString())}</url>`,
    ),
    "</urlset>",
    "",
  ].join("\n");
}

export function robotsText(urls: Urls): string {
  return `User-agent: *\nDisallow: /api/\n\nSitemap: ${urls.sitemap}\n`;
}
