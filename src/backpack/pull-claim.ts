// What an entry of a backpack's list claims to be: nothing of it is believed, and nothing of it is kept.
import type { Env } from "../env.ts";
import { isHash } from "../ids.ts";
import { parseStrictJson } from "../strict-json.ts";
import { parseToken } from "../verify/jws.ts";
import { boundedId, normalAddress } from "./external-judged.ts";
import type { ListedBadge } from "./protocol.ts";

/** Most characters of an entry that is verified as it was listed; of a longer one its address is. */
export const MAX_ENTRY_LENGTH = 131_072;

export interface ListedCollection {
  readonly id: string;
  readonly name: string | null;
}

export interface Entry {
  readonly collection: ListedCollection;
  /** The backpack's own id of the badge; null where it goes by the assertion's. */
  readonly ownId: string | null;
  /** What the entry claims to be: the assertion's address, or the text of a signed badge. */
  readonly name: string | null;
  /** An award of ours by its id, if there is such an award. */
  readonly hash: string | null;
  readonly given: string | object | null;
}

/** Reads an entry as listed in a collection; its signature and its issuer are looked at later. */
export async function readEntry(
  { urls }: Env,
  { assertion, jws, remoteId }: ListedBadge,
  collection: ListedCollection,
): Promise<Entry> {
  const claimed = jws === null ? idIn(assertion) : idInToken(jws);
  const address = claimed === null ? null : normalAddress(claimed);
  const ownId = remoteId === claimed || remoteId === address ? null : await boundedId(remoteId);
  const prefix = urls.assertion("");
  const hash = address?.startsWith(prefix) ? address.slice(prefix.length) : "";
  return {
    collection,
    ownId,
    name: jws ?? address,
    hash: isHash(hash) ? hash : null,
    given: jws ?? givenOf(assertion, address),
  };
}

function givenOf(assertion: ListedBadge["assertion"], address: string | null) {
  if (assertion === null || typeof assertion === "string") return address;
  return isPlain(assertion) ? assertion : address;
}

/** Not too long, and not nested so deep that nothing can write it down again. */
function isPlain(assertion: object): boolean {
  try {
    return JSON.stringify(assertion).length <= MAX_ENTRY_LENGTH;
  } catch {
    return false;
  }
}

function idIn(assertion: unknown): string | null {
  if (typeof assertion === "string") return assertion;
  if (typeof assertion !== "object" || assertion === null) return null;
  const id = "id" in assertion ? assertion.id : "@id" in assertion ? assertion["@id"] : null;
  return typeof id === "string" ? id : null;
}

function idInToken(jws: string): string | null {
  const parsed = parseToken(jws);
  const payload = parsed.ok ? parseStrictJson(parsed.token.payload) : null;
  return payload?.ok ? idIn(payload.value) : null;
}
