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
        atTurnsEnd(() => {
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

let waiting: (() => void)[] = [];

/**
 * Hands over together what came up in one turn of the event loop. Waking a thread can take as long
 * as judging a signature; one that has more to do than one need not be woken again.
 */
function atTurnsEnd(handOver: () => void): void {
  if (waiting.push(handOver) > 1) return;
  setImmediate(() => {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  });
}
