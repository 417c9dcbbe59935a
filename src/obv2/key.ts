// CryptographicKey: a public key at its own address, and the set of all of them.
import type { PublicKey } from "../db/signing-keys.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface CryptographicKey {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "CryptographicKey";
  readonly id: string;
  /** The Profile that names this key in turn (OB20-K-02). */
  readonly owner: string;
  readonly publicKeyPem: string;
}

/** An organization's key; the installation's own has no Profile to belong to. */
export type KeyFields = Pick<PublicKey, "id" | "public_pem" | "revocation_reason"> & {
  readonly organization_id: string;
};

/** The document of a key that is current or retired (Open Badges 2.0, section CryptographicKey). */
export function keyDocument(key: KeyFields, urls: Urls): CryptographicKey {
  return {
    "@context": OPEN_BADGES_V2,
    type: "CryptographicKey",
    id: urls.key(key.id),
    owner: urls.issuer(key.organization_id),
    publicKeyPem: key.public_pem,
  };
}

export interface RevokedKey {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "CryptographicKey";
  readonly id: string;
  readonly owner: string;
  readonly revoked: true;
  readonly revocationReason?: string;
}

/**
 * What is left of a revoked key, sent with 410. The key itself is not: a validator that ignores the
 * status would go on verifying with it.
 */
export function revokedKeyDocument(key: KeyFields, urls: Urls): RevokedKey {
  return {
    "@context": OPEN_BADGES_V2,
    type: "CryptographicKey",
    id: urls.key(key.id),
    owner: urls.issuer(key.organization_id),
    revoked: true,
    ...(key.revocation_reason ? { revocationReason: key.revocation_reason } : {}),
  };
}

export interface PublicJwk {
  readonly kty: "RSA";
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "RS256";
  readonly n: string;
  readonly e: string;
}

export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}

/** RFC 7517, section 5: public members only, named one by one. */
export function jwkSet(
  keys: readonly Pick<PublicKey, "id" | "algorithm" | "public_jwk">[],
): JwkSet {
  return {
    keys: keys.map(({ id, algorithm, public_jwk: { kty, n, e } }) => ({
      kty,
      kid: id,
      use: "sig",
      alg: algorithm,
      n,
      e,
    })),
  };
}
