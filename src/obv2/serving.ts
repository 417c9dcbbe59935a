// Documents and pictures as answers: status, headers and body, all headers given at once.
import { entityTag, isKnown, variantTag } from "./entity-tag.ts";
import type { Answer, Ask } from "./hosted.ts";
import { DOCUMENT, type Offer, type Offers, rememberingNegotiation } from "./negotiate.ts";

/** What every public answer of this room allows: any site's script may read it. */
export const OPEN_TO_ALL = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Content-Disposition, ETag",
} as const;

const SHARED = {
  ...OPEN_TO_ALL,
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
} as const;

const BY_ACCEPT = { vary: "Accept" } as const;

const NOTHING_INSIDE = "default-src 'none'; frame-ancestors 'none'";

/** A picture that was opened as a page must not run, load or submit anything. */
const STILL_PICTURE =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

export const CACHING = {
  /**
   * For what can be revoked: may be kept for as long as a cache likes, but must be asked for each
   * time. The answer to that is a 304 for which nothing is built or baked, until it is a 410.
   */
  asked: "public, no-cache",
  /** For descriptions, which change seldom and invalidate nothing when they do. */
  short: "public, max-age=60, must-revalidate",
} as const;
export type Caching = (typeof CACHING)[keyof typeof CACHING];

const wanted = rememberingNegotiation(DOCUMENT);

/** Which of these a request asks for. */
export type Wish = (accept: string | undefined) => Offer;
export const wishFor = (offers: Offers): Wish => rememberingNegotiation(offers);

/** A document as JSON-LD, or as plain JSON where only that is accepted (OB20-H-01). */
export async function answerDocument(
  ask: Ask,
  document: object,
  caching: Caching,
): Promise<Answer> {
  return answerJson(ask, JSON.stringify(document), caching);
}

export interface TextToServe {
  readonly mediaType: "application/jose" | "application/jwk-set+json";
  readonly etag: string;
  readonly caching: Caching;
  readonly disposition?: string;
  readonly text: string;
}

/** A text that has one form only, whatever the request accepts. */
export function answerText(ask: Ask, served: TextToServe): Answer {
  const { mediaType, etag, caching, disposition, text } = served;
  if (isKnown(ask.ifNoneMatch, etag)) return notModified(etag, caching);
  return {
    status: 200,
    headers: {
      ...SHARED,
      "content-type": mediaType,
      "content-security-policy": NOTHING_INSIDE,
      "cache-control": caching,
      etag,
      ...(disposition === undefined ? {} : { "content-disposition": disposition }),
      "x-robots-tag": "noindex",
    },
    body: text,
  };
}

async function answerJson(ask: Ask, body: string, caching: Caching): Promise<Answer> {
  const offer = wanted(ask.accept);
  const tag = await entityTag(body);
  const etag = offer === "application/json" ? variantTag(tag, "json") : tag;
  if (isKnown(ask.ifNoneMatch, etag)) return notModified(etag, caching, BY_ACCEPT);
  return {
    status: 200,
    headers: {
      ...SHARED,
      ...BY_ACCEPT,
      "content-type": `${offer}; charset=utf-8`,
      "content-security-policy": NOTHING_INSIDE,
      "cache-control": caching,
      etag,
    },
    body,
  };
}

/** What is left of something revoked (OB20-H-05): small, and asked for each time. */
export function answerGone(ask: Ask, document: object): Answer {
  return {
    status: 410,
    headers: {
      ...SHARED,
      ...BY_ACCEPT,
      "content-type": `${wanted(ask.accept)}; charset=utf-8`,
      "content-security-policy": NOTHING_INSIDE,
      "cache-control": CACHING.asked,
      "x-robots-tag": "noindex",
    },
    body: JSON.stringify(document),
  };
}

/** The client has this representation already. */
export function notModified(
  etag: string,
  caching: Caching,
  vary: { readonly vary?: string } = {},
): Answer<never> {
  return {
    status: 304,
    headers: { ...OPEN_TO_ALL, ...vary, "cache-control": caching, etag },
    body: null,
  };
}

export interface PictureToServe {
  readonly mediaType: "image/png" | "image/svg+xml";
  readonly etag: string;
  readonly caching: Caching;
  readonly disposition?: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Whatever the request accepts: a picture is all there is at a picture's address (OB20-H-02). */
export function answerPicture(ask: Ask, picture: PictureToServe): Answer<Uint8Array<ArrayBuffer>> {
  const { mediaType, etag, caching, disposition } = picture;
  if (isKnown(ask.ifNoneMatch, etag)) return notModified(etag, caching);
  return {
    status: 200,
    headers: {
      ...SHARED,
      "content-type": mediaType,
      "content-security-policy": STILL_PICTURE,
      "cache-control": caching,
      etag,
      ...(disposition === undefined ? {} : { "content-disposition": disposition }),
    },
    body: picture.bytes,
  };
}

/** A page for people at an address that programs read as a document; `headers` are the page's own. */
export function answerPage(headers: Readonly<Record<string, string>>, html: string): Answer {
  return {
    status: 200,
    headers: { ...headers, ...OPEN_TO_ALL, "cache-control": CACHING.short },
    body: html,
  };
}

/** Where a PNG cannot be made, the same badge as SVG. */
export function answerElsewhere(location: string): Answer<never> {
  return {
    status: 302,
    headers: { ...SHARED, location, "cache-control": CACHING.asked },
    body: null,
  };
}

export const METHODS = "GET, HEAD, OPTIONS";

/** The preflight of a script on another site; nothing here needs one, but some send it. */
export const PREFLIGHT: Answer<never> = {
  status: 204,
  headers: {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
    allow: METHODS,
  },
  body: null,
};
