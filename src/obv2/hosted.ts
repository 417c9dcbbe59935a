// The hot path: a stored Assertion becomes an answer without a Request, a Response or a database in sight.
import type { Award, HostedAssertion } from "../db/awards.ts";
import type { Urls } from "../urls.ts";
import { type AssertionFields, type AssertionOptions, assertionDocument } from "./assertion.ts";
import { entityTag, isKnown, variantTag } from "./entity-tag.ts";
import { DOCUMENT_WITH_PAGE, type Offer, rememberingNegotiation } from "./negotiate.ts";

/** What of a request decides the answer. Header values as they came, lists joined with commas. */
export interface Ask {
  readonly method: string;
  readonly accept: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** An answer that any server can send; `body` is null for HEAD, 303 and 304. */
export interface Answer<Body = string> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | null;
}

/** `hosted_assertions` without its key. */
export type StoredAssertion = Pick<HostedAssertion, "base" | "etag" | "body">;

/**
 * The row of `hosted_assertions` for an award that is not revoked: the Assertion serialised once,
 * with its entity tag. Storing it is only right while the award's `revision` is the one read here.
 */
export async function hostedAssertion(
  award: AssertionFields & Pick<Award, "unique_hash">,
  options: AssertionOptions,
): Promise<HostedAssertion> {
  const body = JSON.stringify(await assertionDocument(award, options));
  return {
    unique_hash: award.unique_hash,
    base: options.urls.base,
    etag: await entityTag(body),
    body,
  };
}

const wanted = rememberingNegotiation(DOCUMENT_WITH_PAGE);

/**
 * May be kept by any cache, but asked for each time: a stored copy must never outlive a revocation,
 * and asking costs one look-up and 304.
 */
const CACHE = "public, no-cache";
const SANDBOX = "default-src 'none'; frame-ancestors 'none'";

/**
 * Answers GET and HEAD from the stored row alone; null means that it cannot, and the award itself
 * must be read: nothing is stored, or for another public address, or the method is neither.
 */
export function answerHosted(
  ask: Ask,
  hash: string,
  stored: StoredAssertion | null,
  urls: Urls,
): Answer | null {
  if (stored === null || stored.base !== urls.base) return null;
  if (ask.method !== "GET" && ask.method !== "HEAD") return null;
  return answerStored(ask, hash, stored, urls);
}

/** The answer for an award that is not revoked, from its Assertion as it is stored. */
export function answerStored(ask: Ask, hash: string, stored: StoredAssertion, urls: Urls): Answer {
  const offer = wanted(ask.accept);
  if (offer === "text/html") return seeOther(urls.badgePage(hash));
  const etag = offer === "application/json" ? variantTag(stored.etag, "json") : stored.etag;
  if (ask.ifNoneMatch !== undefined && isKnown(ask.ifNoneMatch, etag)) {
    return { status: 304, headers: notModifiedHeaders(etag), body: null };
  }
  return {
    status: 200,
    headers: documentHeaders(offer, etag),
    body: ask.method === "HEAD" ? null : stored.body,
  };
}

/** Whether a request for an award is better answered with its page. */
export function prefersPage(ask: Ask): boolean {
  return wanted(ask.accept) === "text/html";
}

/**
 * One literal, so that the engine makes every such object alike and nothing is added afterwards.
 * The charset is named for readers that otherwise guess it, and guess wrong. A search engine is to
 * list the badge's page, not this.
 */
function documentHeaders(offer: Offer, etag: string): Record<string, string> {
  return {
    "content-type": `${offer}; charset=utf-8`,
    "cache-control": CACHE,
    etag,
    vary: "Accept",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Disposition, ETag",
    "x-content-type-options": "nosniff",
    "content-security-policy": SANDBOX,
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
  };
}

/**
 * RFC 9110, section 15.4.5: what a 200 would have said of caching, and nothing of the content. Which
 * headers a script may read, its browser knows from the 200 (Fetch, HTTP-network-or-cache fetch).
 */
function notModifiedHeaders(etag: string): Record<string, string> {
  return {
    "cache-control": CACHE,
    etag,
    vary: "Accept",
    "access-control-allow-origin": "*",
  };
}

/** A person's browser is sent to the page about the same award. */
export function seeOther(location: string): Answer<never> {
  return {
    status: 303,
    headers: {
      location,
      "cache-control": CACHE,
      vary: "Accept",
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
    },
    body: null,
  };
}
