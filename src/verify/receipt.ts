// A verification as a signed, dated statement that anyone can check offline: what it says, and whether it is genuine.
import { compactVerify, importJWK } from "jose";
import { decode, encode } from "jose/base64url";
import { parseStrictJson } from "../strict-json.ts";
import { isBase64url } from "./jws.ts";
import type { Reason, Verdict, Verification } from "./result.ts";

/** The `typ` of its header (RFC 8725, section 3.11): no other token can be taken for a receipt. */
export const RECEIPT_TYPE = "rosette-verification-receipt+jwt";

/** Characters; a receipt of the longest result is far shorter. */
export const MAX_RECEIPT_LENGTH = 256 * 1024;

/**
 * What a receipt says: this installation looked at that input at that time and came to this verdict.
 * Addresses that the asker compared are not in it, only whether one of them fitted.
 */
export interface ReceiptClaims {
  /** The origin of the installation that made the check. */
  readonly iss: string;
  /** When it was signed, in seconds since 1970 (RFC 7519, section 4.1.6). */
  readonly iat: number;
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly words: string;
  /** ISO 8601, UTC. */
  readonly checked_at: string;
  readonly input: {
    readonly kind: Verification["input"]["kind"];
    readonly url: string | null;
    /** Of the bytes that were given, in hex. */
    readonly sha256: string;
  };
  readonly badge: {
    readonly id: string | null;
    readonly name: string | null;
    readonly issuer: { readonly id: string | null; readonly name: string | null };
    readonly issued_on: string | null;
    readonly expires: string | null;
    /** As published: a salted hash, or the plain value where the badge itself is plain. */
    readonly recipient: {
      readonly type: string;
      readonly identity: string;
      readonly salt: string | null;
    } | null;
  } | null;
  readonly version: Verification["version"];
  readonly verification: Verification["verification"];
  /** Whether one of the asker's addresses is the recipient's. */
  readonly recipient_matched: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly reason: Reason | null;
  }[];
  readonly documents: readonly {
    readonly url: string;
    readonly status: number | null;
    readonly bytes: number;
    /** Of the body as it was read, in hex; null where none was. */
    readonly sha256: string | null;
  }[];
}

export interface ReceiptFacts {
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** SHA-256 of the input's bytes, in hex. */
  readonly inputDigest: string;
  /** SHA-256, in hex, of the bodies that were read, by the address that was asked. */
  readonly digests: ReadonlyMap<string, string>;
}

export function receiptClaims(verification: Verification, facts: ReceiptFacts): ReceiptClaims {
  const { verdict, reason, words, checkedAt, input, badge, version } = verification;
  return {
    iss: facts.issuer,
    iat: Math.floor(facts.now / 1000),
    verdict,
    reason,
    words,
    checked_at: checkedAt,
    input: { ...input, sha256: facts.inputDigest },
    badge:
      badge === null
        ? null
        : {
            id: badge.id,
            name: badge.name,
            issuer: { id: badge.issuer.id, name: badge.issuer.name },
            issued_on: badge.issuedOn,
            expires: badge.expires,
            recipient:
              badge.recipient === null
                ? null
                : {
                    type: badge.recipient.type,
                    identity: badge.recipient.identity,
                    salt: badge.recipient.salt,
                  },
          },
    version,
    verification: verification.verification,
    recipient_matched: verification.matched !== null,
    checks: verification.checks.map((check) => ({
      id: check.id,
      outcome: check.outcome,
      reason: check.reason,
    })),
    documents: verification.documents.map(({ url, status, bytes }) => ({
      url,
      status,
      bytes,
      sha256: facts.digests.get(url) ?? null,
    })),
  };
}

/** Signs with one key, RS256. */
export interface ReceiptSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** The compact JWS (RFC 7515, section 7.1). */
export async function signReceipt(claims: ReceiptClaims, signer: ReceiptSigner): Promise<string> {
  const header = { alg: "RS256", typ: RECEIPT_TYPE, kid: signer.keyId };
  const signed = [header, claims].map((part) => encode(JSON.stringify(part))).join(".");
  const signature = await signer.sign(new TextEncoder().encode(signed));
  return `${signed}.${encode(signature)}`;
}

export type ReceiptFault =
  | "receipt-malformed"
  | "receipt-type"
  | "receipt-algorithm"
  | "key-unknown"
  | "key-unusable"
  | "signature-wrong";

export type CheckedReceipt =
  | { readonly ok: true; readonly claims: ReceiptClaims }
  | { readonly ok: false; readonly reason: ReceiptFault; readonly detail: string };

/** A JWK Set (RFC 7517, section 5). */
export interface Jwks {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** Null for what is no JWK Set. */
export function readJwks(text: string): Jwks | null {
  const parsed = parseStrictJson(text);
  if (!parsed.ok || !isRecord(parsed.value)) return null;
  const { keys } = parsed.value;
  return Array.isArray(keys) && keys.every(isRecord) ? { keys } : null;
}

const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * Whether a receipt was signed by one of these keys. The token names a key and brings none: its
 * algorithm, its type and every member of its header are fixed beforehand (RFC 8725, section 3.1).
 */
export async function checkReceipt(text: string, jwks: Jwks): Promise<CheckedReceipt> {
  const jws = text.trim();
  const parts = jws.length <= MAX_RECEIPT_LENGTH ? COMPACT.exec(jws) : null;
  if (parts && !parts.slice(1).every(isBase64url)) {
    return refused("receipt-malformed", "A part of it is not written as receipts are.");
  }
  const header = parts ? objectIn(parts[1]) : null;
  const claims = parts ? objectIn(parts[2]) : null;
  if (!header || !claims) {
    return refused("receipt-malformed", "This is not a token of three parts as receipts are.");
  }
  if (header.typ !== RECEIPT_TYPE) {
    return refused("receipt-type", "This is a token of another kind, not a verification receipt.");
  }
  const others = Object.keys(header).filter((name) => !["alg", "typ", "kid"].includes(name));
  if (header.alg !== "RS256" || others.length > 0) {
    return refused("receipt-algorithm", "It is not signed in the one way that receipts are.");
  }
  const jwk = jwks.keys.find(({ kid }) => kid !== undefined && kid === header.kid);
  if (!jwk) return refused("key-unknown", "None of the keys is the one that it names.");
  const { kty, n, e, use } = jwk;
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string" || !isForSignatures(use)) {
    return refused("key-unusable", "The key that it names is no RSA key for signatures.");
  }
  return verified(jws, claims, { kty, n, e });
}

const isForSignatures = (use: unknown) => use === undefined || use === "sig";

async function verified(
  jws: string,
  claims: Readonly<Record<string, unknown>>,
  jwk: { kty: "RSA"; n: string; e: string },
): Promise<CheckedReceipt> {
  let key: Awaited<ReturnType<typeof importJWK>>;
  try {
    key = await importJWK(jwk, "RS256");
  } catch {
    return refused("key-unusable", "The key that it names cannot be read.");
  }
  try {
    await compactVerify(jws, key, { algorithms: ["RS256"] });
  } catch {
    return refused("signature-wrong", "It was changed, or another key signed it.");
  }
  if (!areClaims(claims)) {
    return refused("receipt-malformed", "It is signed, but does not say what a receipt says.");
  }
  return { ok: true, claims };
}

function refused(reason: ReceiptFault, detail: string): CheckedReceipt {
  return { ok: false, reason, detail };
}

function objectIn(part: string | undefined): Readonly<Record<string, unknown>> | null {
  if (part === undefined) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(decode(part));
    const parsed = parseStrictJson(text);
    return parsed.ok && isRecord(parsed.value) ? parsed.value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is read of a receipt by this program; it was signed, so more than this is not in doubt. */
function areClaims(value: object): value is ReceiptClaims {
  const claims = value as Partial<Record<keyof ReceiptClaims, unknown>>;
  return (
    typeof claims.iss === "string" &&
    typeof claims.iat === "number" &&
    typeof claims.verdict === "string" &&
    typeof claims.words === "string" &&
    typeof claims.checked_at === "string" &&
    isRecord(claims.input) &&
    (claims.badge === null || isRecord(claims.badge)) &&
    Array.isArray(claims.checks) &&
    Array.isArray(claims.documents)
  );
}
