// One page of GET /assertions: the badges in it, and where the next one is.
import { base64url } from "jose";
import { isObject } from "../strict-json.ts";
import type { ListedBadge } from "./protocol.ts";

/** More on one page is not read: what was asked for is far less. */
export const MAX_PAGE_BADGES = 2_000;
/** A longer Link header is not read: its end could be what says that there is more. */
export const MAX_LINK_LENGTH = 4_096;

export interface PageOfBadges {
  readonly badges: readonly ListedBadge[];
  readonly skipped: number;
}

/** Null where the members are not lists; either may be null, empty or absent (OB21-E-06). */
export function listedBadges(body: Readonly<Record<string, unknown>>): PageOfBadges | null {
  const { assertions = null, signedAssertions = null } = body;
  const unsigned = assertions ?? [];
  const signed = signedAssertions ?? [];
  if (!Array.isArray(unsigned) || !Array.isArray(signed)) return null;
  const given = [...unsigned.map(plain), ...signed.map(compact)];
  const badges = given.filter((badge) => badge !== null).slice(0, MAX_PAGE_BADGES);
  return { badges, skipped: given.length - badges.length };
}

function plain(entry: unknown): ListedBadge | null {
  if (typeof entry === "string" && entry !== "") {
    return { remoteId: entry, assertion: entry, jws: null, collectionId: null };
  }
  if (!isObject(entry) || typeof entry.id !== "string" || entry.id === "") return null;
  return { remoteId: entry.id, assertion: entry, jws: null, collectionId: null };
}

/** The id inside names the entry and nothing more: whether the signature is good is seen later. */
function compact(entry: unknown): ListedBadge | null {
  if (typeof entry !== "string") return null;
  const id = idInside(entry);
  return id === null ? null : { remoteId: id, assertion: null, jws: entry, collectionId: null };
}

function idInside(jws: string): string | null {
  const [, payload, , more] = jws.split(".");
  if (payload === undefined || more !== undefined) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(payload)));
    return isObject(value) && typeof value.id === "string" && value.id !== "" ? value.id : null;
  } catch {
    return null;
  }
}

/** RFC 8288, section 3: one link value; its parameters are read one by one. */
const LINK_VALUE =
  /<([^>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
const PARAMETER = /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))/g;

/**
 * The address of the next page; null on the last one. Undefined where the link leads to another
 * origin, or to another place than the list: the person's token is carried nowhere else.
 */
export function nextPage(
  link: string | undefined,
  from: string,
  base: string,
): string | null | undefined {
  if (link !== undefined && link.length > MAX_LINK_LENGTH) return undefined;
  const target = relation(link ?? "", "next");
  if (target === null) return null;
  if (!URL.canParse(target, from)) return undefined;
  const url = new URL(target, from);
  url.hash = "";
  const list = new URL(base);
  const isThere = url.origin === list.origin && pathOf(url) === pathOf(list);
  const isPlain = url.username === "" && url.password === "";
  return isThere && isPlain ? url.href : undefined;
}

const pathOf = ({ pathname }: URL) => pathname.replace(/\/+$/, "");

function relation(header: string, wanted: string): string | null {
  for (const [, target = "", parameters = ""] of header.matchAll(LINK_VALUE)) {
    for (const [, name = "", quoted, bare = ""] of parameters.matchAll(PARAMETER)) {
      if (name.toLowerCase() !== "rel") continue;
      // Only the first `rel` of a link counts.
      const relations = (quoted ?? bare).toLowerCase().split(/\s+/);
      if (relations.includes(wanted)) return target;
      break;
    }
  }
  return null;
}
