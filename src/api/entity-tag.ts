// The condition a caller makes of what it changes: that the object is still the one it read.
import { entityTag } from "../obv2/entity-tag.ts";
import { Problem } from "../problem.ts";

const TAGS = /(W\/)?("[\x21\x23-\x7e]*")/g;

/** Whether an If-Match field names the tag; strong comparison (RFC 9110, section 13.1.1). */
function namesStrongTag(field: string, tag: string): boolean {
  if (field.trim() === "*") return true;
  return [...field.matchAll(TAGS)].some((match) => match[1] === undefined && match[2] === tag);
}

/** Throws a 412 Problem when there is an If-Match that does not name the object's present tag. */
export async function expectTag(ifMatch: string | null, current: unknown): Promise<void> {
  if (ifMatch === null) return;
  if (namesStrongTag(ifMatch, await entityTag(JSON.stringify(current)))) return;
  throw new Problem("precondition-failed", "If-Match does not name the object's present state.");
}
