// The authorization server's keys, derived from the installation's secret: the same in every process and after each start.
import type { Config } from "../config.ts";
import { derivedKey } from "../derived-key.ts";
import { toBase64url } from "../ids.ts";

type Secrets = Pick<Config, "secretKey" | "retiredSecretKeys">;

export interface PrivateJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly alg: "EdDSA";
  readonly use: "sig";
  readonly x: string;
  readonly d: string;
}

export interface ServerKeys {
  /** For cookies: the first signs, all are believed. */
  readonly cookies: readonly string[];
  readonly jwk: PrivateJwk;
}

/** Retired secrets are believed and no longer used to sign. */
export async function serverKeys({ secretKey, retiredSecretKeys }: Secrets): Promise<ServerKeys> {
  const secrets = [secretKey, ...retiredSecretKeys];
  const cookies = secrets.map(async (secret) =>
    toBase64url(await derivedKey(secret, "rosette authorization server: cookies")),
  );
  return {
    cookies: await Promise.all(cookies),
    jwk: await ed25519(await derivedKey(secretKey, "rosette authorization server: signing key")),
  };
}

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/** Any 32 bytes are an Ed25519 private key (RFC 8032, section 5.1.5); the public part follows. */
async function ed25519(seed: Uint8Array<ArrayBuffer>): Promise<PrivateJwk> {
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seed]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  if (x === undefined) throw new TypeError("an Ed25519 key has no public part");
  return { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", x, d: toBase64url(seed) };
}
