// An RSA key pair for signing: made, written as JWK and PEM, read again, and used.
import { encode } from "jose/base64url";
import type { RsaPublicJwk } from "../db/signing-keys.ts";

/** The least that OB20-K-03 asks for, and what RFC 7518, section 3.3, requires of RS256. */
const MODULUS_BITS = 2048;

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
/** 65537. */
const PUBLIC_EXPONENT = new Uint8Array([1, 0, 1]);
/** RFC 7468, section 2. */
const PEM_LINE = 64;

export interface RsaKeyPair {
  readonly publicJwk: RsaPublicJwk;
  /** SubjectPublicKeyInfo; every line ends with one line feed (OB20-K-03). */
  readonly publicPem: string;
  /** All members of the private JWK, as JSON. Seal it before it is stored. */
  readonly privateJwk: string;
}

/** A new key for RS256. Making one takes a tenth of a second and more, off the event loop. */
export async function makeRsaKey(): Promise<RsaKeyPair> {
  const { subtle } = crypto;
  const pair = await subtle.generateKey(
    { ...RS256, modulusLength: MODULUS_BITS, publicExponent: PUBLIC_EXPONENT },
    true,
    ["sign", "verify"],
  );
  const [jwk, spki, privateJwk] = await Promise.all([
    subtle.exportKey("jwk", pair.publicKey),
    subtle.exportKey("spki", pair.publicKey),
    subtle.exportKey("jwk", pair.privateKey),
  ]);
  return {
    publicJwk: { kty: "RSA", n: jwk.n ?? "", e: jwk.e ?? "" },
    publicPem: pemOf(new Uint8Array(spki)),
    privateJwk: JSON.stringify(privateJwk),
  };
}

export type Sign = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Reads a private JWK, which cannot be had back, and answers what signs with it. The same bytes
 * always give the same signature (RFC 8017, section 8.2).
 */
export async function webCryptoRs256(privateJwk: string): Promise<Sign> {
  const jwk = JSON.parse(privateJwk) as JsonWebKey;
  const key = await crypto.subtle.importKey("jwk", jwk, RS256, false, ["sign"]);
  return async (bytes) => new Uint8Array(await crypto.subtle.sign(RS256.name, key, bytes));
}

function pemOf(spki: Uint8Array): string {
  const base64 = encode(spki).replaceAll("-", "+").replaceAll("_", "/");
  const padded = base64.padEnd(Math.ceil(base64.length / 4) * 4, "=");
  const lines = padded.match(new RegExp(`.{1,${PEM_LINE}}`, "g")) ?? [];
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}
