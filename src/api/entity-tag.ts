// Entity tags of what the API shows, and the conditions callers make with them.
import { sha256, toBase64url } from "../ids.ts";
import { Problem } from "../problem.ts";

/** Bytes of the hash that a tag carries: enough that two states never share one. */
const TAG_BYTES = 16;

/** A strong entity tag (RFC 9110, section 8.8.3) of a serialised object. */
export async function entityTag(serialised: string): Promise<string> {
  const hash = await sha256(new TextEncoder().encode(serialised));
  return `"${toBase64url(hash.subarray(0, TAG_BYTES))}"`;
}

const TAGS = /(W\/)?("[\x21\x23-\x7e]*")/g;

/** Whether an If-None-Match field names the tag; weak comparison (RFC 9110, section 13.1.2). */
export function namesTag(field: string, tag: string): boolean {
  if (field.trim() === "*") return true;
  return [...field.matchAll(TAGS)].some((match) => match[2] === tag);
}

/** As `namesTag` for If-Match: strong comparison, so a weak tag never matches (section 13.1.1). */
export function namesStrongTag(field: string, tag: string): boolean {
  if (field.trim() === "*") return true;
  return [...field.matchAll(TAGS)].some((match) => match[1] === undefined && match[2] === tag);
}

/** Throws a 412 Problem when there is an If-Match that does not name the object's present tag. */
export async function expectTag(ifMatch: string | null, current: unknown): Promise<void> {
  if (ifMatch === null) return;
  if (namesStrongTag(ifMatch, await entityTag(JSON.stringify(current)))) return;
  throw new Problem("precondition-failed", "If-Match does not name the object's present state.");
}
