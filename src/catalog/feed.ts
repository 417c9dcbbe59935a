// The news of the catalogue as RSS 2.0: badges, never people.
import type { CatalogBadge } from "../db/catalog.ts";
import { escapedHtml } from "../html-text.ts";
import { type Inline, parseMarkdown } from "../markdown.ts";
import type { Urls } from "../urls.ts";
import { element, escapedXml, XML_HEAD } from "./xml.ts";

/** Items of a feed; who reads it less often than that many badges are made misses some. */
export const FEED_ITEMS = 50;

export interface Feed {
  readonly title: string;
  readonly about: string;
  /** BCP 47. */
  readonly language: string;
  /** The page that it is the news of. */
  readonly page: string;
  /** Its own address. */
  readonly self: string;
  /** The newest first. */
  readonly badges: readonly CatalogBadge[];
}

/**
 * RSS 2.0 as the RSS Advisory Board describes it, with the feed's own address by Atom. Readers show a
 * description as HTML, so what the badge's author wrote is escaped for that first.
 */
export function feedText(feed: Feed, urls: Urls): string {
  const newest = feed.badges.reduce((at, { badge }) => Math.max(at, badge.created_at), 0);
  return [
    `${XML_HEAD}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">`,
    "<channel>",
    element("title", feed.title),
    element("link", feed.page),
    element("description", feed.about),
    element("language", feed.language),
    `<atom:link href="${escapedXml(feed.self)}" rel="self" type="application/rss+xml"/>`,
    ...(newest === 0 ? [] : [element("lastBuildDate", dateOf(newest))]),
    ...feed.badges.map((one) => itemOf(one, urls)),
    "</channel>",
    "</rss>",
    "",
  ].join("\n");
}

function itemOf({ badge, organization }: CatalogBadge, urls: Urls): string {
  const page = urls.badgeCriteria(badge.id);
  return [
    "<item>",
    element("title", badge.name),
    element("link", page),
    element("guid", page),
    element("pubDate", dateOf(badge.created_at)),
    element("dc:creator", badge.issuer_name ?? organization.name),
    element("category", badge.category),
    element("description", escapedHtml(plainText(badge.description))),
    "</item>",
  ].join("");
}

/** Markdown without its marks, paragraphs and items one after the other. */
function plainText(markdown: string): string {
  const blocks = parseMarkdown(markdown);
  return blocks.flatMap(({ parts }) => parts.map((part) => part.map(flat).join(""))).join(" ");
}

function flat(inline: Inline): string {
  return typeof inline === "string" ? inline : inline.children.map(flat).join("");
}

/** RFC 822 with four digits of the year; milliseconds since 1970. */
function dateOf(at: number): string {
  return new Date(at).toUTCString();
}
