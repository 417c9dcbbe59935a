// What oEmbed 1.0 says of one of our pages: how another page may show it.
import { escapedHtml } from "../../html-text.ts";
import { isHash, isId } from "../../ids.ts";
import type { Urls } from "../../urls.ts";
import { element, XML_HEAD } from "../xml.ts";

/** A page that can be shown elsewhere. */
export type Embeddable =
  | { readonly kind: "award"; readonly hash: string }
  | { readonly kind: "badge"; readonly id: string };

/** Beyond that an address is none of ours. */
const MAX_ADDRESS = 2_048;

/**
 * The page that an address names; null for every address that is not ours, is no page to show, or
 * cannot be one. Query and fragment say nothing: they choose a language, or a part of the page.
 */
export function embeddableAt(address: string, urls: Urls): Embeddable | null {
  if (address.length > MAX_ADDRESS || !URL.canParse(address)) return null;
  const { origin, pathname, username, password } = new URL(address);
  if (origin !== urls.base || username !== "" || password !== "") return null;
  const [, hash = ""] = /^\/(?:b|ob\/v2\/assertions)\/([^/]+)(?:\/embed)?\/?$/.exec(pathname) ?? [];
  if (isHash(hash)) return { kind: "award", hash };
  const [, id = ""] = /^\/ob\/v2\/badges\/([^/]+)(?:\/criteria)?\/?$/.exec(pathname) ?? [];
  return isId(id) ? { kind: "badge", id } : null;
}

/** CSS pixels of the frame where nobody asks for less. */
export const EMBED_WIDTH = 400;
const EMBED_HEIGHT = 150;
/** Below that the picture stands above the words. */
const STACKED_BELOW = 280;
const STACKED_HEIGHT = 270;

/** The most that the asking page has room for, in CSS pixels; null where it does not say. */
export interface Room {
  readonly width: number | null;
  readonly height: number | null;
}

/** `maxwidth` or `maxheight` as it was sent; what is no size says nothing. */
export function sizeIn(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}

export interface Shown {
  readonly title: string;
  readonly issuer: string;
  /** The organization's page in the catalogue; null where it has none. */
  readonly issuerPage: string | null;
  /** A PNG and its size in pixels; null where this runtime draws none. */
  readonly card: {
    readonly address: string;
    readonly width: number;
    readonly height: number;
  } | null;
}

/** Seconds; a revocation is seen in the frame itself, not here. */
const CACHE_AGE = 3_600;

type Document = Readonly<Record<string, string | number>>;

function common({ title, issuer, issuerPage, card }: Shown, room: Room, urls: Urls): Document {
  const fits =
    card !== null &&
    card.width <= (room.width ?? Number.POSITIVE_INFINITY) &&
    card.height <= (room.height ?? Number.POSITIVE_INFINITY);
  return {
    version: "1.0",
    title,
    author_name: issuer,
    ...(issuerPage === null ? {} : { author_url: issuerPage }),
    provider_name: "Rosette",
    provider_url: urls.home,
    cache_age: CACHE_AGE,
    ...(fits
      ? { thumbnail_url: card.address, thumbnail_width: card.width, thumbnail_height: card.height }
      : {}),
  };
}

/** oEmbed 1.0, section 2.3.4.4: an award is shown as a frame that looks up its own verdict. */
export function awardDocument(hash: string, shown: Shown, room: Room, urls: Urls): Document {
  const width = Math.min(EMBED_WIDTH, room.width ?? EMBED_WIDTH);
  const natural = width < STACKED_BELOW ? STACKED_HEIGHT : EMBED_HEIGHT;
  const height = Math.min(natural, room.height ?? natural);
  const title = escapedHtml(shown.title);
  const html = `<iframe src="${urls.badgeEmbed(hash)}" width="${width}" height="${height}" title="${title}" frameborder="0" loading="lazy"></iframe>`;
  return { type: "rich", ...common(shown, room, urls), html, width, height };
}

/** Section 2.3.4.3: of a badge that nobody in particular holds there is a title and a picture. */
export function badgeDocument(shown: Shown, room: Room, urls: Urls): Document {
  return { type: "link", ...common(shown, room, urls) };
}

export function xmlOf(document: Document): string {
  const members = Object.entries(document).map(([name, value]) => element(name, String(value)));
  return `${XML_HEAD}<oembed>\n${members.join("\n")}\n</oembed>\n`;
}
