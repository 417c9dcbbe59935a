// CryptographicKey: a public key, and whose it is.
import type { Reader } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

export interface CryptographicKey {
  readonly id: string | null;
  readonly owner: string | null;
  readonly pem: string | null;
}

/** Reads a CryptographicKey (Open Badges 2.0, section CryptographicKey; OB20-K-01 to K-03). */
export function readKey(reader: Reader): CryptographicKey {
  reader.type([CLASS.CryptographicKey], "CryptographicKey");
  return {
    id: reader.id(),
    owner: reader.reference("owner", true)?.id ?? null,
    pem: reader.text("publicKeyPem", true),
  };
}
