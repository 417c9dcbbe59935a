// Assertion: to whom, when and for what a badge was awarded.

import type { IdentityProperty } from "../../obv2/identity.ts";
import type { Node } from "../contexts/expand.ts";
import { type ImageReference, readImage } from "./image.ts";
import { isHttpUrl, type Reader, show } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

export interface Recipient {
  /** Null for an identifier nobody here knows how to compare. */
  readonly type: IdentityProperty | null;
  /** As the document says it. */
  readonly typeName: string;
  readonly identity: string;
  readonly hashed: boolean;
  readonly salt: string | null;
}

export interface Verification {
  readonly type: "hosted" | "signed" | null;
  /** Address of the key that signed, where one is named. */
  readonly creator: string | null;
  /** 1.x: where the assertion is hosted, or where the issuer's key is. */
  readonly url: string | null;
}

export interface EvidenceItem {
  readonly id: string | null;
  readonly narrative: string | null;
}

export interface Assertion {
  readonly id: string | null;
  readonly uid: string | null;
  readonly recipient: Recipient | null;
  readonly badge: Node | null;
  readonly verification: Verification | null;
  readonly issuedOn: number | null;
  readonly expires: number | null;
  readonly image: ImageReference | null;
  readonly narrative: string | null;
  readonly evidence: readonly EvidenceItem[];
  readonly endorsements: readonly Node[];
  readonly revoked: boolean;
  readonly revocationReason: string | null;
}

/** Reads an Assertion (Open Badges 2.0, section Assertion; OB20-A-01 to A-14). */
export function readAssertion(reader: Reader): Assertion {
  const revoked = isRevoked(reader);
  for (const value of reader.all("revoked")) {
    if (!revoked && (value.kind === "node" || typeof value.value !== "boolean")) {
      reader.invalid("revoked", "true or false", value);
    }
  }
  reader.type([CLASS.Assertion], "Assertion");
  const verification = readVerification(reader, !revoked);
  // 1.x knew the id as the address in `verify`, or not at all.
  const legacyId = reader.legacy && verification?.type === "hosted" ? verification.url : null;
  const uid = reader.text("uid");
  const id = reader.node.id ?? legacyId;
  if (id === null && !(reader.legacy && uid !== null)) reader.id();
  else if (reader.node.id !== null) reader.id();
  const required = !revoked;
  reader.optionalTexts("version");
  return {
    id,
    uid,
    recipient: readRecipient(reader, required),
    badge: reader.reference("badge", required),
    verification,
    issuedOn: reader.dateTime("issuedOn", required),
    expires: reader.dateTime("expires"),
    image: readImage(reader, false),
    narrative: reader.text("narrative"),
    evidence: readEvidence(reader),
    endorsements: reader.references("endorsement"),
    revoked,
    revocationReason: reader.text("revocationReason"),
  };
}

/** `revoked: true` anywhere (OB20-A-13); a text that says so is taken at its word. */
export function isRevoked(reader: Reader): boolean {
  return reader
    .all("revoked")
    .some((value) => value.kind === "literal" && (value.value === true || value.value === "true"));
}

const IDENTITY_TYPES: ReadonlyMap<string, IdentityProperty> = new Map([
  ["email", "email"],
  ["url", "url"],
  ["telephone", "telephone"],
  ["id", "id"],
  ["@id", "id"],
  ["http://schema.org/email", "email"],
  ["http://schema.org/url", "url"],
  ["http://schema.org/telephone", "telephone"],
]);

const HASH_FORM = /^(?:sha256\$[0-9a-f]{64}|md5\$[0-9a-f]{32})$/i;
const HASH_TAG = /^(?:sha256|md5)\$/;
const HASH_LIKE = /^[a-z0-9-]{1,12}\$/i;

function readRecipient(outer: Reader, required: boolean): Recipient | null {
  const node = outer.object("recipient", required);
  if (node === null) return null;
  const reader = outer.inside(node, "recipient");
  const typeName = node.types[0] ?? null;
  if (typeName === null) reader.missing("type");
  const identity = reader.text("identity", true);
  const hashed = reader.boolean("hashed", true);
  const salt = reader.text("salt");
  if (typeName === null || identity === null || hashed === null) return null;
  const type = IDENTITY_TYPES.get(typeName) ?? null;
  const isHash = HASH_FORM.test(identity) && HASH_TAG.test(identity);
  if (hashed && !isHash) {
    const words = "The recipient is said to be hashed, and is no sha256 or md5 hash.";
    reader.fault("hash-expected", "identity", words, identity.slice(0, 80));
  } else if (!hashed && (isHash || HASH_LIKE.test(identity))) {
    const words = "The recipient is said not to be hashed, and looks like a hash.";
    reader.fault("hash-unexpected", "identity", words, identity.slice(0, 80));
  } else if (!hashed && type === "email" && !/^[^\s@]+@[^\s@]+$/.test(identity)) {
    reader.invalid("identity", "an e-mail address");
  }
  return { type, typeName, identity, hashed, salt };
}

function readVerification(outer: Reader, required: boolean): Verification | null {
  const node = outer.object("verification", required);
  if (node === null) return null;
  const reader = outer.inside(node, "verification");
  const hosted = node.types.includes(CLASS.HostedBadge);
  const signed = node.types.includes(CLASS.SignedBadge);
  if (hosted === signed) {
    const found = node.types.join(" ") || "none";
    const words =
      "The badge does not say whether it is hosted or signed, so nothing vouches for it.";
    reader.fault("verification-type-unknown", "type", words, found, "HostedBadge or SignedBadge");
  }
  const creator = reader.reference("creator");
  if (creator !== null && (creator.properties.size > 0 || !isHttpUrl(creator.id ?? ""))) {
    const words = "The key must be named by its web address; one that comes along proves nothing.";
    reader.fault("property-invalid", "creator", words, show(creator), "a web address");
  }
  return {
    type: hosted === signed ? null : hosted ? "hosted" : "signed",
    creator: creator?.id ?? null,
    url: outer.legacy ? reader.url("url") : null,
  };
}

function readEvidence(outer: Reader): EvidenceItem[] {
  return outer.references("evidence").map((node) => {
    const reader = outer.inside(node, "evidence");
    reader.optionalTexts("name", "description", "genre", "audience");
    return { id: node.id, narrative: reader.text("narrative") };
  });
}
