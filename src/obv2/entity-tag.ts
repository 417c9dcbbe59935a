// Entity tags and If-None-Match: RFC 9110, sections 8.8.3 and 13.1.2.
import { sha256, toBase64url } from "../ids.ts";

/** A strong tag of the content, quotes included: 128 bits of its SHA-256. */
export async function entityTag(content: string): Promise<string> {
  const digest = await sha256(new TextEncoder().encode(content));
  return `"${toBase64url(digest.subarray(0, 16))}"`;
}

/** The strong tag of bytes that are known by the SHA-256 of them, in hex. */
export function hashTag(sha256: string): string {
  return `"${sha256}"`;
}

/** The tag of another representation with the same bytes: a strong tag belongs to one of them. */
export function variantTag(etag: string, variant: string): string {
  return `${etag.slice(0, -1)}-${variant}"`;
}

/**
 * Whether a client already has this representation, by weak comparison. Our tags hold no quote, so
 * in a list of tags they can only be found whole: looking for the text needs no parser and no limit.
 */
export function isKnown(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch === etag || ifNoneMatch.includes(etag) || ifNoneMatch.trim() === "*";
}
