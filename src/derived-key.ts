// Keys for each purpose from the one secret of an installation: what one is used for says nothing about another.

/**
 * HKDF-SHA-256 (RFC 5869) with no salt, the purpose as its info. The bytes of a purpose are for
 * ever: what was sealed, signed or hashed with them is stored.
 */
export async function derivedKey(
  secret: Uint8Array<ArrayBuffer>,
  purpose: string,
  length = 32,
): Promise<Uint8Array<ArrayBuffer>> {
  const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(purpose);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, root, 8 * length));
}

/** The same as a key that can do nothing but make HMAC-SHA-256 codes. */
export async function derivedMacKey(
  secret: Uint8Array<ArrayBuffer>,
  purpose: string,
): Promise<CryptoKey> {
  const bytes = await derivedKey(secret, purpose);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
