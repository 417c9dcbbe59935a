// Gathers everything a badge rests on: what leads to what, what may run side by side, and how much.
import { detectKind, type FileKind } from "../bakery/detect.ts";
import { type Node, reference } from "./contexts/expand.ts";
import { type Assertion, readAssertion } from "./documents/assertion.ts";
import { type BadgeClass, readBadgeClass } from "./documents/badge-class.ts";
import { type Endorsement, readEndorsement } from "./documents/endorsement.ts";
import type { ImageReference } from "./documents/image.ts";
import { type CryptographicKey, readKey } from "./documents/key.ts";
import { type Profile, readProfile } from "./documents/profile.ts";
import { type Fault, isHttpUrl, Reader } from "./documents/reader.ts";
import {
  type RevocationList,
  readLegacyRevocationList,
  readRevocationList,
} from "./documents/revocation-list.ts";
import type { Token } from "./jws.ts";
import type { Parsed, Refusal } from "./parse.ts";
import { ACCEPT_DOCUMENT, ACCEPT_IMAGE, type Reading } from "./reading.ts";
import type { BadgeVersion } from "./result.ts";

/** Most endorsements of one badge that are judged; ten thousand may be claimed. */
export const MAX_ENDORSEMENTS = 20;
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
  readonly model: Model;
  readonly faults: readonly Fault[];
}

export type Found<Model> = Loaded<Model> | Refusal | null;

export interface LoadedImage {
  readonly url: string;
  readonly answer: { readonly ok: true; readonly kind: FileKind } | Refusal;
}

export interface LoadedEndorsement {
  /** Ids of what it hangs on. */
  readonly endorsed: string | null;
  readonly id: string | null;
  readonly endorsement: Found<Endorsement>;
  readonly issuer: Found<Profile>;
  readonly list: Found<RevocationList>;
}

export interface LoadedKey {
  readonly address: string;
  readonly key: Found<CryptographicKey>;
}

/** Everything a verdict rests on. Judging it needs neither the network nor anything else. */
export interface Dossier {
  /** Null where the root is no Assertion. */
  readonly assertion: Found<Assertion>;
  readonly badge: Found<BadgeClass>;
  readonly issuer: Found<Profile>;
  readonly token: Token | null;
  readonly keys: readonly LoadedKey[];
  readonly list: Found<RevocationList>;
  /** What a signed badge's own address says of its end; null where it says nothing of the kind. */
  readonly tombstone: Tombstone | null;
  readonly images: {
    readonly assertion: LoadedImage | null;
    readonly badge: LoadedImage | null;
    readonly issuer: LoadedImage | null;
  };
  readonly endorsements: readonly LoadedEndorsement[];
  /** Endorsements beyond the limit. */
  readonly unread: number;
}

export interface Tombstone {
  readonly reason: string | null;
}

const NO_IMAGES = { assertion: null, badge: null, issuer: null };

export const NO_DOSSIER: Dossier = {
  assertion: null,
  badge: null,
  issuer: null,
  token: null,
  keys: [],
  list: null,
  tombstone: null,
  images: NO_IMAGES,
  endorsements: [],
  unread: 0,
};

type Read<Model> = (reader: Reader) => Model;

/** Reads what a parsed document says, with its faults. */
export function asLoaded<Model>(
  parsed: Pick<Parsed, "node" | "version" | "hasContext"> & {
    readonly url?: string | null;
    readonly differs?: string | null;
    readonly lies?: boolean;
    readonly embedded?: boolean;
  },
  read: Read<Model>,
): Loaded<Model> {
  const { node, version, hasContext, url = null, differs = null, lies = false } = parsed;
  const { embedded = false } = parsed;
  const faults: Fault[] = [];
  const model = read(new Reader(node, version, faults));
  return { ok: true, url, embedded, node, version, hasContext, differs, lies, model, faults };
}

/** Loads what hangs on an Assertion; `token` is the signature around it, null for a hosted one. */
export async function loadAssertion(
  reading: Reading,
  assertion: Loaded<Assertion>,
  token: Token | null,
): Promise<Dossier> {
  if (assertion.model.revoked) return { ...NO_DOSSIER, assertion, token };
  const endorsements = new Endorsements(reading);
  endorsements.add(assertion, assertion.model.endorsements);
  const image = loadImage(reading, assertion.model.image);
  const tombstone = token === null ? null : loadTombstone(reading, assertion.model.id);
  const rest = await loadRest(reading, assertion, token, endorsements);
  const images = { ...rest.images, assertion: await image };
  return { ...rest, assertion, token, images, tombstone: await tombstone };
}

/** The way from an Assertion on: the same for every one of its badge that is vouched for alike. */
function loadRest(
  reading: Reading,
  assertion: Loaded<Assertion>,
  token: Token | null,
  endorsements: Endorsements,
): Promise<Dossier> {
  const { badge: reference, verification } = assertion.model;
  const load = async (on: Reading, along: Endorsements): Promise<Dossier> => {
    const badge = await follow(on, "badge", assertion, reference, readBadgeClass, {
      // What is signed is the issuer's word already (OB20-A-17); what is hosted is asked for.
      trustEmbedded: token !== null,
    });
    return loadBadge(on, badge, along, assertion, token);
  };
  const alone = reference?.properties.size === 0 && assertion.model.endorsements.length === 0;
  if (!alone) return load(reading, endorsements);
  // All of the Assertion that decides what else is read; see `loadKeys`.
  const { creator = null, url = null } = token === null ? {} : (verification ?? {});
  const start = JSON.stringify([reference.id, token !== null, creator, url]);
  return reading.way(start, (on) => load(on, new Endorsements(on)));
}

/**
 * A signed badge is taken back by a list, and an issuer that hosts it too may say so there as well
 * (OB20-RL-07). Its silence means nothing: a signed badge need not be anywhere.
 */
async function loadTombstone(reading: Reading, id: string | null): Promise<Tombstone | null> {
  if (id === null || !isHttpUrl(id)) return null;
  const held = await reading.document(id, "assertion");
  if (!held.ok) return held.reason === "revoked" ? { reason: held.revocationReason ?? null } : null;
  const { model } = asLoaded(held, readAssertion);
  return model.revoked ? { reason: model.revocationReason } : null;
}

/** Loads what hangs on a BadgeClass, down to the issuer. */
export async function loadBadge(
  reading: Reading,
  badge: Found<BadgeClass>,
  endorsements = new Endorsements(reading),
  assertion: Loaded<Assertion> | null = null,
  token: Token | null = null,
): Promise<Dossier> {
  if (!badge?.ok) return { ...NO_DOSSIER, badge, ...(await endorsements.all()) };
  endorsements.add(badge, badge.model.endorsements);
  const image = loadImage(reading, badge.model.image);
  const issuer = await follow(reading, "issuer", badge, badge.model.issuer, readProfile);
  const rest = await loadIssuer(reading, issuer, endorsements, assertion, token);
  return { ...rest, badge, images: { ...rest.images, badge: await image } };
}

export async function loadIssuer(
  reading: Reading,
  issuer: Found<Profile>,
  endorsements = new Endorsements(reading),
  assertion: Loaded<Assertion> | null = null,
  token: Token | null = null,
): Promise<Dossier> {
  if (!issuer?.ok) return { ...NO_DOSSIER, issuer, ...(await endorsements.all()) };
  endorsements.add(issuer, issuer.model.endorsements);
  const [image, list, keys, endorsed] = await Promise.all([
    loadImage(reading, issuer.model.image),
    loadList(reading, issuer.model.revocationList),
    token && assertion ? loadKeys(reading, issuer, assertion) : [],
    endorsements.all(),
  ]);
  const images = { ...NO_IMAGES, issuer: image };
  return { ...NO_DOSSIER, issuer, list, keys, images, ...endorsed };
}

/** The document a reference leads to: read at its own address, or where it stands if it has none. */
async function follow<Model>(
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

async function loadImage(
  reading: Reading,
  image: ImageReference | null,
): Promise<LoadedImage | null> {
  if (image === null || !isHttpUrl(image.id)) return null;
  const answer = await reading.get(image.id, "image", ACCEPT_IMAGE);
  if (!answer.ok) return { url: image.id, answer };
  return { url: image.id, answer: { ok: true, kind: detectKind(answer.bytes) } };
}

async function loadList(reading: Reading, address: string | null): Promise<Found<RevocationList>> {
  if (address === null) return null;
  const held = await reading.document(address, "revocation-list");
  if (!held.ok) return held;
  const legacy = !held.hasContext && !("revokedAssertions" in held.json);
  return asLoaded(held, legacy ? () => readLegacyRevocationList(held.json) : readRevocationList);
}

/** The keys that may have signed: the one that is named, or those of the issuer (OB20-S-06, S-07). */
async function loadKeys(
  reading: Reading,
  issuer: Loaded<Profile>,
  assertion: Loaded<Assertion>,
): Promise<LoadedKey[]> {
  const listed = issuer.model.publicKeys;
  const { creator = null, url = null } = assertion.model.verification ?? {};
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

/** Endorsements of everything on the way, read while the way is still being walked. */
class Endorsements {
  private readonly reading: Reading;
  private readonly seen = new Set<string>();
  private readonly loading: Promise<LoadedEndorsement>[] = [];
  private unread = 0;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  add(endorsed: Loaded<unknown>, references: readonly Node[]): void {
    for (const reference of references) {
      const name = reference.id;
      if (name !== null && this.seen.has(name)) continue;
      if (name !== null) this.seen.add(name);
      if (this.loading.length >= MAX_ENDORSEMENTS) this.unread++;
      else this.loading.push(this.load(endorsed, reference));
    }
  }

  async all(): Promise<Pick<Dossier, "endorsements" | "unread">> {
    return { endorsements: await Promise.all(this.loading), unread: this.unread };
  }

  private async load(endorsed: Loaded<unknown>, reference: Node): Promise<LoadedEndorsement> {
    const { reading } = this;
    const endorsement = await follow(reading, "endorsement", endorsed, reference, readEndorsement);
    const given = endorsement?.ok ? endorsement : null;
    const issuer = given
      ? await follow(reading, "endorser", given, given.model.issuer, readProfile)
      : null;
    const list = issuer?.ok ? await loadList(reading, issuer.model.revocationList) : null;
    return { endorsed: endorsed.node.id, id: reference.id, endorsement, issuer, list };
  }
}
