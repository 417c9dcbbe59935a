// IdentityObject: to whom a badge was awarded, hashed on the way out and matched on the way in.
import type { Award } from "../db/awards.ts";
import { sha256Hex } from "../ids.ts";
import { md5Hex } from "./md5.ts";

/** The property of a Profile that identifies the recipient (OB20-R-01). */
export type IdentityProperty = "email" | "url" | "telephone" | "id";

export interface IdentityObject {
  readonly type: IdentityProperty;
  readonly hashed: boolean;
  readonly salt?: string;
  /** As it is, or `sha256$` and 64 hex digits (or `md5$` and 32, which we read but never write). */
  readonly identity: string;
}

export type RecipientFields = Pick<
  Award,
  "recipient_type" | "recipient_identity" | "recipient_salt"
>;

/**
 * `sha256$` and the hex digest of the identity's UTF-8 followed at once by the salt's: nothing
 * between, nothing trimmed (OB20-R-05). The identity is hashed as it is given: normalising it is
 * the business of whoever stored it.
 */
export async function hashIdentity(identity: string, salt: string): Promise<string> {
  return `sha256$${await sha256Hex(identity + salt)}`;
}

/** The recipient as published: always hashed, always with the award's own salt (OB20-R-08). */
export async function recipientDocument(award: RecipientFields): Promise<IdentityObject> {
  return {
    type: award.recipient_type === "did" ? "id" : award.recipient_type,
    hashed: true,
    salt: award.recipient_salt,
    identity: await hashIdentity(award.recipient_identity, award.recipient_salt),
  };
}

export type IdentityMatch =
  | { readonly ok: true; readonly matched: string }
  | {
      readonly ok: false;
      /** `hash-expected`: hashed, but not of hash form. `hash-unexpected`: the other way round. */
      readonly reason: "no-match" | "hash-expected" | "hash-unexpected";
    };

const HASH_FORM = /^(?:sha256\$[0-9a-f]{64}|md5\$[0-9a-f]{32})$/i;
const HASH_TAG = /^(sha256|md5)\$/;

/**
 * Finds which of a person's identifiers of the recipient's type the badge was made out to. Each is
 * tried as typed, then in lower case, since no letter case is specified for the hash (OB20-R-11).
 * Digits of the digest compare without regard to case (OB20-R-07); the tag is lower-case (OB20-R-06).
 */
export async function matchIdentity(
  recipient: IdentityObject,
  candidates: readonly string[],
): Promise<IdentityMatch> {
  const looksHashed = HASH_FORM.test(recipient.identity) && HASH_TAG.test(recipient.identity);
  if (recipient.hashed && !looksHashed) return { ok: false, reason: "hash-expected" };
  if (!recipient.hashed && looksHashed) return { ok: false, reason: "hash-unexpected" };
  for (const candidate of candidates) {
    for (const form of new Set([candidate, inLowerCase(candidate)])) {
      const same = recipient.hashed
        ? (await hashLike(recipient, form)) === recipient.identity.toLowerCase()
        : form === recipient.identity;
      if (same) return { ok: true, matched: candidate };
    }
  }
  return { ok: false, reason: "no-match" };
}

/** Two letters that only look like K and I become the plain k and i: somebody else's address. */
const LOOK_ALIKES = /[\u0130\u212a]/;

/** In lower case, as far as that makes no other address of it. */
export function inLowerCase(identity: string): string {
  return LOOK_ALIKES.test(identity) ? identity : identity.toLowerCase();
}

async function hashLike(recipient: IdentityObject, identity: string): Promise<string> {
  const salt = recipient.salt ?? "";
  if (recipient.identity.startsWith("sha256$")) return hashIdentity(identity, salt);
  return `md5$${md5Hex(new TextEncoder().encode(identity + salt))}`;
}
