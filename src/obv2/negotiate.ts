// Which representation a request asks for: RFC 9110, section 12.5.1, as one total and bounded function.

export type Offer =
  | "application/ld+json"
  | "application/json"
  | "application/problem+json"
  | "text/html";

/** What is offered for one kind of address; the first is what a request without a wish gets. */
export type Offers = readonly [Offer, ...Offer[]];

/** A document that people have a page for: HTML comes last, so only a client that prefers it gets it. */
export const DOCUMENT_WITH_PAGE: Offers = ["application/ld+json", "application/json", "text/html"];
export const DOCUMENT: Offers = ["application/ld+json", "application/json"];
/** A page that programs have a document for. */
export const PAGE_WITH_DOCUMENT: Offers = ["text/html", "application/ld+json", "application/json"];

/** Browsers send under 200 characters; a longer header than this is answered as if it were absent. */
export const MAX_ACCEPT_LENGTH = 1024;

interface Range {
  /** As `text/html`, `text/*` or `*` + `/*`, in lower case. */
  readonly type: string;
  readonly weight: number;
}

const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Cuts at a separator, but not inside a quoted string. Linear in the text. */
function split(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === "\\") i++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Null for what is not a media range with a readable weight: such an element asks for nothing. */
function parseRange(element: string): Range | null {
  if (!element.includes("/")) return null;
  const [type = "", ...parameters] = split(element, ";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
  return WEIGHT.test(weight) ? { type, weight: Number(weight) } : null;
}

/** The weight of the most specific range that covers the offer; 0 where none does. */
function weightOf(offer: Offer, ranges: readonly Range[]): number {
  const family = `${offer.slice(0, offer.indexOf("/"))}/*`;
  const covering =
    ranges.find((range) => range.type === offer) ??
    ranges.find((range) => range.type === family) ??
    ranges.find((range) => range.type === "*/*");
  return covering?.weight ?? 0;
}

/**
 * The offer a request is given. Equal weights go to the earlier offer, and a request that accepts
 * none of them gets the first: a verifier that asked badly is better served than refused.
 */
export function negotiate(accept: string | null | undefined, offers: Offers): Offer {
  if (!accept || accept.length > MAX_ACCEPT_LENGTH) return offers[0];
  const ranges = split(accept, ",")
    .map(parseRange)
    .filter((range) => range !== null);
  let best: Offer = offers[0];
  let bestWeight = weightOf(best, ranges);
  for (const offer of offers) {
    const weight = weightOf(offer, ranges);
    if (weight > bestWeight) [best, bestWeight] = [offer, weight];
  }
  return best;
}

/** How many different Accept headers are remembered; clients of one kind all send the same. */
export const MEMORY_SIZE = 256;

/**
 * `negotiate` for one set of offers, remembering its answers. The memory is emptied when full, so
 * a flood of made-up headers costs what negotiating costs, and holds at most half a megabyte.
 */
export function rememberingNegotiation(offers: Offers): (accept: string | undefined) => Offer {
  const memory = new Map<string, Offer>();
  return (accept) => {
    if (accept === undefined || accept === "*/*") return offers[0];
    const known = memory.get(accept);
    if (known !== undefined) return known;
    const offer = negotiate(accept, offers);
    if (accept.length <= MAX_ACCEPT_LENGTH) {
      if (memory.size >= MEMORY_SIZE) memory.clear();
      memory.set(accept, offer);
    }
    return offer;
  };
}
