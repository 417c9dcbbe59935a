// Gathers everything a badge rests on: what leads to what, what may run side by side, and how much.
import { detectKind, type FileKind } from "../bakery/detect.ts";
import type { Assertion } from "./documents/assertion.ts";
import { type BadgeClass, readBadgeClass } from "./documents/badge-class.ts";
import type { ImageReference } from "./documents/image.ts";
import { type Profile, readProfile } from "./documents/profile.ts";
import { isHttpUrl } from "./documents/reader.ts";
import type { RevocationList } from "./documents/revocation-list.ts";
import { Endorsements, type LoadedEndorsement } from "./endorsements.ts";
import {
  type Found,
  follow,
  type Loaded,
  type LoadedKey,
  loadKeys,
  loadList,
  loadTombstone,
  type Tombstone,
} from "./follow.ts";
import type { Token } from "./jws.ts";
import type { Refusal } from "./parse.ts";
import { ACCEPT_IMAGE, type Reading } from "./reading.ts";

export interface LoadedImage {
  readonly url: string;
  readonly answer: { readonly ok: true; readonly kind: FileKind } | Refusal;
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

/** Loads what hangs on an Assertion; `token` is the signature around it, null for a hosted one. */
export async function loadAssertion(
  reading: Reading,
  assertion: Loaded<Assertion>,
  token: Token | null,
): Promise<Dossier> {
  if (assertion.model.revoked) return { ...NO_DOSSIER, assertion, token };
  const endorsements = new Endorsements(reading);
  endorsements.add(assertion, assertion.model.endorsements);
  const image = assertion.model.image && loadImage(reading, assertion.model.image);
  const tombstone = token === null ? null : loadTombstone(reading, assertion.model.id, "assertion");
  const rest = await loadRest(reading, assertion, token, endorsements);
  const images = { ...rest.images, assertion: image && (await image) };
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
    token && assertion ? loadKeys(reading, issuer, namedKey(assertion.model)) : [],
    endorsements.all(),
  ]);
  const images = { ...NO_IMAGES, issuer: image };
  return { ...NO_DOSSIER, issuer, list, keys, images, ...endorsed };
}

const namedKey = ({ verification }: Assertion) => ({
  creator: verification?.creator ?? null,
  url: verification?.url ?? null,
});

async function loadImage(
  reading: Reading,
  image: ImageReference | null,
): Promise<LoadedImage | null> {
  if (image === null || !isHttpUrl(image.id)) return null;
  const answer = await reading.get(image.id, "image", ACCEPT_IMAGE);
  if (!answer.ok) return { url: image.id, answer };
  return { url: image.id, answer: { ok: true, kind: detectKind(answer.bytes) } };
}
