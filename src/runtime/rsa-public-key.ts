// RSA signatures judged by Node itself, without what WebCrypto spends on every call.
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ReadRsaKey, RsaKey } from "../env.ts";

/** Each signature on one of Node's own threads: nobody else waits for it. */
export const readRsaKey: ReadRsaKey = (spki) => {
  const read = publicRsaKey(spki);
  return read && { bits: read.bits, verify: judgedOnThreads(read.key) };
};

/** Judging by a larger key takes milliseconds, in which timeouts and progress would stand still. */
export const MAX_BITS_IN_PLACE = 4_096;
const MAX_EXPONENT_IN_PLACE = 0xffff_ffffn;

/** Each signature at once, where nobody waits but who asked: to hand one over costs half as much as it. */
export const readRsaKeyInPlace: ReadRsaKey = (spki) => {
  const read = publicRsaKey(spki);
  if (read === null) return null;
  const { key, bits, exponent } = read;
  const quick = bits <= MAX_BITS_IN_PLACE && exponent <= MAX_EXPONENT_IN_PLACE;
  return { bits, verify: quick ? judgedInPlace(key) : judgedOnThreads(key) };
};

interface PublicRsaKey {
  readonly key: KeyObject;
  readonly bits: number;
  readonly exponent: bigint;
}

/** Null for what is no RSA key, or one for PSS alone. */
function publicRsaKey(spki: Uint8Array): PublicRsaKey | null {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return null;
  }
  const { modulusLength: bits, publicExponent: exponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== "rsa" || bits === undefined || exponent === undefined) return null;
  return { key, bits, exponent };
}

function judgedInPlace(key: KeyObject): RsaKey["verify"] {
  return async (hash, text, signature) => {
    try {
      return verify(hash, Buffer.from(text, "latin1"), key, Buffer.from(signature, "base64url"));
    } catch {
      return false;
    }
  };
}

function judgedOnThreads(key: KeyObject): RsaKey["verify"] {
  return (hash, text, signature) =>
    new Promise((resolve) => {
      const octets = Buffer.from(text, "latin1");
      together(() => {
        verify(hash, octets, key, Buffer.from(signature, "base64url"), (error, stands) => {
          resolve(error === null && stands);
        });
      });
    });
}

/** As many as Node has threads, unless told otherwise. */
const TOGETHER = 4;
let waiting: (() => void)[] = [];

/**
 * Hands several over together, those of one turn of the event loop at the latest. Waking a thread
 * can take as long as judging a signature; one that has more to do than one need not be woken again.
 */
function together(handOver: () => void): void {
  const many = waiting.push(handOver);
  if (many === TOGETHER) handAllOver();
  else if (many === 1) setImmediate(handAllOver);
}

function handAllOver(): void {
  const all = waiting;
  waiting = [];
  for (const one of all) one();
}
