// Asks the verifier about one badge after another, on the main thread or another: what all of them share.
import { openPublicFetch } from "../runtime/public-fetch.ts";
import { readRsaKeyInPlace } from "../runtime/rsa-public-key.ts";
import { urls } from "../urls.ts";
import { createMemory } from "../verify/reading.ts";
import { ask } from "../verify/request.ts";
import type { Verification } from "../verify/result.ts";

/** What is asked of every badge, and from where: plain values, so that a thread gets a copy. */
export interface Asking {
  readonly publicUrl: string;
  /** Origins on this machine that may be asked, besides an own one. */
  readonly neighbours: readonly string[];
  readonly recipient: readonly string[];
}

export interface Asker {
  /** Writes the receipt, where the command line asks for one. */
  ask(input: string | Uint8Array<ArrayBuffer>): Promise<Verification>;
  close(): Promise<void>;
}

export function openAskerOf({ publicUrl, neighbours, recipient }: Asking): Asker {
  const { publicFetch, close } = openPublicFetch({ publicUrl }, neighbours);
  const env = {
    publicFetch,
    urls: urls(publicUrl),
    now: Date.now,
    readRsaKey: readRsaKeyInPlace,
  };
  const memory = createMemory();
  return {
    async ask(input) {
      const question = { input, recipient, receipt: false, memory };
      return (await ask(env, question, null, noSigner)).verification;
    },
    close,
  };
}

function noSigner(): never {
  throw new TypeError("a receipt was not asked for");
}
