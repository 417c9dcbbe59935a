// RSA signatures judged by Node itself, without what WebCrypto spends on every call.
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ReadRsaKey } from "../env.ts";

/**
 * Keys as nearly everybody has them. One signature takes some 15 to 50 µs with these, less than to
 * wake a thread: it is judged in place. With others it can take milliseconds, which nobody else is
 * to wait for.
 */
const SMALL_BITS = 4_096;
const USUAL_EXPONENT = 65_537n;

export const readRsaKey: ReadRsaKey = (spki) => {
  const key = publicKey(spki);
  const { modulusLength: bits, publicExponent } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType !== "rsa" || bits === undefined) return null;
  const isSmall = bits <= SMALL_BITS && (publicExponent ?? 0n) <= USUAL_EXPONENT;
  return {
    bits,
    verify(hash, text, signature) {
      const octets = Buffer.from(text, "latin1");
      const sealed = Buffer.from(signature, "base64url");
      if (isSmall) return Promise.resolve(verify(hash, octets, key, sealed));
      return new Promise((resolve) => {
        verify(hash, octets, key, sealed, (error, stands) => resolve(error === null && stands));
      });
    },
  };
};

function publicKey(spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return null;
  }
}
