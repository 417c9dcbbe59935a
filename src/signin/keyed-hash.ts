// Hashes that only this server can make: for what must be recognised again and not be read or guessed.
import type { Config } from "../config.ts";
import { derivedMacKey } from "../derived-key.ts";
import { toBase64url } from "../ids.ts";

/** What a hash is for: two purposes have unrelated keys. */
export type Purpose = "form" | "link" | "code" | "rate limit";

type Secret = Pick<Config, "secretKey">;

/** HMAC-SHA-256 (RFC 2104) of a text: 32 bytes. */
export async function keyedBytes(
  { secretKey }: Secret,
  purpose: Purpose,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await keyFor(secretKey, purpose);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}

/** The same in base64url: 43 characters. */
export async function keyedHash(secret: Secret, purpose: Purpose, text: string): Promise<string> {
  return toBase64url(await keyedBytes(secret, purpose, text));
}

/** Whether two texts are the same, in a time that does not say how far they agree. */
export function isSame(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < expected.length; i++) {
    difference |= given.charCodeAt(i) ^ expected.charCodeAt(i);
  }
  return difference === 0;
}

const KEYS = new WeakMap<Uint8Array, Map<Purpose, Promise<CryptoKey>>>();

/** Derived once for each secret and purpose. */
function keyFor(secret: Uint8Array<ArrayBuffer>, purpose: Purpose): Promise<CryptoKey> {
  const known = KEYS.get(secret) ?? new Map<Purpose, Promise<CryptoKey>>();
  KEYS.set(secret, known);
  const key = known.get(purpose) ?? derivedMacKey(secret, `rosette sign-in: ${purpose}`);
  known.set(purpose, key);
  return key;
}
