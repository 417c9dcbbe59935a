// RSA signatures judged by Node itself, on its threads, without what WebCrypto spends on every call.
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ReadRsaKey } from "../env.ts";

export const readRsaKey: ReadRsaKey = (spki) => {
  const key = publicKey(spki);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (key?.asymmetricKeyType !== "rsa" || bits === undefined) return null;
  return {
    bits,
    verify: (hash, text, signature) =>
      new Promise((resolve) => {
        const octets = Buffer.from(text, "latin1");
        together(() => {
          verify(hash, octets, key, Buffer.from(signature, "base64url"), (error, stands) => {
            resolve(error === null && stands);
          });
        });
      }),
  };
};

function publicKey(spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return null;
  }
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
