// Follows what a document names to the documents themselves: by address, or where they stand.
import { type Node, reference } from "./contexts/expand.ts";
import { readAssertion } from "./documents/assertion.ts";
import { type CryptographicKey, readKey } from "./documents/key.ts";
import type { Profile } from "./documents/profile.ts";
import { type Fault, isHttpUrl, Reader } from "./documents/reader.ts";
import {
  type RevocationList,
  readLegacyRevocationList,
  readRevocationList,
} from "./documents/revocation-list.ts";
import type { Parsed, Refusal } from "./parse.ts";
import { ACCEPT_DOCUMENT, type Reading } from "./reading.ts";
import type { BadgeVersion } from "./result.ts";

/** Most keys of an issuer that are tried for a token that names none. */
export const MAX_KEYS = 5;

/** A document as it is judged. */
export interface Loaded<Model> {
  readonly ok: true;
  /** Where it was read; null for one that came inside another or inside a signature. */
  readonly url: string | null;
  /** Whether it came inside another document, which is all that vouches for it. */
  readonly embedded: boolean;
  readonly node: Node;
  readonly version: BadgeVersion;
  readonly hasContext: boolean;
  readonly differs: string | null;
  readonly lies: boolean;
  readonly elsewhere: string | null;
  readonly model: Model;
  readonly faults: readonly Fault[];
}

export type Found<Model> = Loaded<Model> | Refusal | null;

export interface LoadedKey {
  readonly address: string;
  readonly key: Found<CryptographicKey>;
}

export interface Tombstone {
  readonly reason: string | null;
}

type Read<Model> = (reader: Reader) => Model;

/** Reads what a parsed document says, with its faults. */
export function asLoaded<Model>(
  parsed: Pick<Parsed, "node" | "version" | "hasContext"> & {
    readonly url?: string | null;
    readonly differs?: string | null;
    readonly lies?: boolean;
    readonly elsewhere?: string | null;
    readonly embedded?: boolean;
  },
  read: Read<Model>,
): Loaded<Model> {
  const { node, version, hasContext, url = null, differs = null, lies = false } = parsed;
  const { embedded = false, elsewhere = null } = parsed;
  const faults: Fault[] = [];
  const model = read(new Reader(node, version, faults));
  const from = { url, embedded, differs, lies, elsewhere };
  return { ok: true, ...from, node, version, hasContext, model, faults };
}

/** The document a reference leads to: read at its own address, or where it stands if it has none. */
export async function follow<Model>(
  reading: Reading,
  role: string,
  from: Loaded<unknown>,
  reference: Node | null,
  read: Read<Model>,
  options: { readonly trustEmbedded?: boolean } = {},
): Promise<Found<Model>> {
  if (reference === null) return null;
  const embedded = reference.properties.size > 0;
  const address = reference.id !== null && isHttpUrl(reference.id) ? reference.id : null;
  if (address !== null && !(embedded && options.trustEmbedded)) {
    const held = await reading.document(address, role);
    return held.ok ? asLoaded(held, read) : held;
  }
  if (embedded) {
    const { version } = from;
    // Where it stands is where it was read, so that its origin is known.
    const url = address ?? from.url;
    return asLoaded({ node: reference, version, hasContext: true, url, embedded: true }, read);
  }
  const words = `The ${role} is named by "${(reference.id ?? "").slice(0, 200)}", which is no web address.`;
  return { ok: false, reason: "id-scheme", words, definite: true, status: null };
}

/**
 * A signed badge is taken back by a list, and an issuer that hosts it too may say so there as well
 * (OB20-RL-07). Its silence means nothing: a signed badge need not be anywhere.
 */
export async function loadTombstone(
  reading: Reading,
  id: string | null,
  role: string,
): Promise<Tombstone | null> {
  if (id === null || !isHttpUrl(id)) return null;
  const held = await reading.document(id, role);
  if (!held.ok) return held.reason === "revoked" ? { reason: held.revocationReason ?? null } : null;
  const { model } = asLoaded(held, readAssertion);
  return model.revoked ? { reason: model.revocationReason } : null;
}

export async function loadList(
  reading: Reading,
  address: string | null,
): Promise<Found<RevocationList>> {
  if (address === null) return null;
  const held = await reading.document(address, "revocation-list");
  if (!held.ok) return held;
  const legacy = !held.hasContext && !("revokedAssertions" in held.json);
  return asLoaded(held, legacy ? () => readLegacyRevocationList(held.json) : readRevocationList);
}

/** How a signed document names its key: by the key's address, or in 1.x by that of a bare key. */
export interface NamedKey {
  readonly creator: string | null;
  readonly url: string | null;
}

/** The keys that may have signed: the one that is named, or those of the issuer (OB20-S-06, S-07). */
export async function loadKeys(
  reading: Reading,
  issuer: Loaded<Profile>,
  { creator, url }: NamedKey,
): Promise<LoadedKey[]> {
  const listed = issuer.model.publicKeys;
  if (creator === null && url !== null) return [await loadLegacyKey(reading, url)];
  const named = creator === null ? listed : listed.filter((key) => key.id === creator);
  return Promise.all(
    named.slice(0, MAX_KEYS).map(async (node) => {
      const key = await follow(reading, "key", issuer, node, readKey, { trustEmbedded: true });
      return { address: node.id ?? "", key };
    }),
  );
}

/** 1.x: the bare PEM at an address, which belongs to whoever has the address. */
async function loadLegacyKey(reading: Reading, address: string): Promise<LoadedKey> {
  const answer = await reading.get(address, "key", ACCEPT_DOCUMENT);
  if (!answer.ok) return { address, key: answer };
  const pem = new TextDecoder().decode(answer.bytes);
  const node = reference(address);
  const parsed = { node, version: "1.1" as const, hasContext: true, url: answer.url };
  return { address, key: asLoaded(parsed, () => ({ id: address, owner: null, pem })) };
}
