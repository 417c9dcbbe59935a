// Signed badges: an award's Assertion as a compact JWS, which needs no server to be believed.
import { encode } from "jose/base64url";
import type { Award } from "../db/awards.ts";
import type { SignedAssertion } from "../db/signing-keys.ts";
import type { Urls } from "../urls.ts";
import {
  type Assertion,
  type AssertionFields,
  type AssertionOptions,
  assertionDocument,
} from "./assertion.ts";

export interface SignedBadge {
  readonly type: "SignedBadge";
  /** The key's address, as plain text (OB20-V-11). */
  readonly creator: string;
}

export interface SignableAssertion extends Omit<Assertion, "verification"> {
  readonly verification: SignedBadge;
}

/** A key to sign with, RS256. */
export interface AssertionSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Of base64url: 128 bits and a little more. */
const TAG_CHARACTERS = 22;

/**
 * The Assertion as it is signed. Its id is the address of the hosted one: they are one award, and
 * one revocation by that id is heard by those who ask the address and those who read the list.
 */
export async function signableAssertion(
  award: AssertionFields,
  { urls, bakedImage }: AssertionOptions,
  keyId: string,
): Promise<SignableAssertion> {
  const hosted = await assertionDocument(award, { urls, bakedImage });
  return {
    ...hosted,
    verification: { type: "SignedBadge", creator: urls.key(keyId) },
    ...(bakedImage === null ? {} : { image: signedImage(urls, award.unique_hash, bakedImage) }),
  };
}

function signedImage(urls: Urls, hash: string, kind: "png" | "svg"): string {
  return kind === "png" ? urls.signedPng(hash) : urls.signedSvg(hash);
}

/**
 * A compact JWS of the text itself, without a wrapper (RFC 7515, section 3.1; OB20-S-01, S-05). The
 * header says RS256, which is all that reaches every verifier (OB20-S-03), and the key's `kid`.
 */
export async function compactJws(payload: string, signer: AssertionSigner): Promise<string> {
  const header = JSON.stringify({ alg: "RS256", kid: signer.keyId });
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = await signer.sign(new TextEncoder().encode(input));
  return `${input}.${encode(signature)}`;
}

/** 128 bits of the signature, which says as much of the content as any digest, and is there. */
function signatureTag(jws: string): string {
  return `"${jws.slice(-TAG_CHARACTERS)}"`;
}

/**
 * The row of `signed_assertions` for an award that is not revoked. The same award and key always
 * give the same text. Storing it is only right while the award's `revision` is the one read here.
 */
export async function signedAssertion(
  award: AssertionFields & Pick<Award, "unique_hash">,
  options: AssertionOptions,
  signer: AssertionSigner,
): Promise<SignedAssertion> {
  const document = await signableAssertion(award, options, signer.keyId);
  const jws = await compactJws(JSON.stringify(document), signer);
  return {
    unique_hash: award.unique_hash,
    key_id: signer.keyId,
    base: options.urls.base,
    etag: signatureTag(jws),
    jws,
  };
}
