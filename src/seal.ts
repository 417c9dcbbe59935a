// Seals secrets before they are stored: a copy of the database alone opens none of them.
import { CompactEncrypt, compactDecrypt } from "jose";
import type { Config } from "./config.ts";
import { derivedKey } from "./derived-key.ts";
import { toBase64url } from "./ids.ts";

/** Where a sealed text is stored. It opens nowhere else. */
export interface Place {
  readonly table: string;
  /** The row's primary key. */
  readonly row: string;
  readonly column: string;
}

export type SealErrorCode =
  /** It was not made here, or is not whole. */
  | "malformed"
  /** It was sealed under a secret that is neither the current nor a retired one. */
  | "unknown-key"
  /** It was sealed for another row or column: somebody moved it. */
  | "other-place"
  /** It was changed after it was sealed. */
  | "tampered";

/** Carries neither the sealed text nor what was in it. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, place: Place) {
    super(`${nameOf(place)} cannot be opened: ${code}`);
    this.code = code;
  }
}

export interface Opened {
  readonly text: string;
  /** It was sealed under a retired secret: seal it again, so that the secret can be forgotten. */
  readonly outdated: boolean;
}

type Secrets = Pick<Config, "secretKey" | "retiredSecretKeys">;

/**
 * Seals a text for one place under the current secret: a compact JWE (RFC 7516, section 7.1), `dir`
 * with A256GCM. The protected header, which GCM authenticates, names the key and the place.
 */
export async function seal(secrets: Secrets, place: Place, text: string): Promise<string> {
  const key = await derived(secrets.secretKey);
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader(headerFor(key.id, place))
    .encrypt(key.bytes);
}

/** Opens what `seal` made for this very place, under the current or a retired secret. Throws SealError. */
export async function unseal(secrets: Secrets, place: Place, sealed: string): Promise<Opened> {
  const [header = "", ...rest] = sealed.split(".");
  if (rest.length !== 4) throw new SealError("malformed", place);
  const found = await keyNamedIn(secrets, header, place);
  // The whole header is known beforehand, so nothing in it is ever interpreted.
  if (header !== encodedHeader(found.key.id, place)) throw new SealError("other-place", place);
  try {
    const { plaintext } = await compactDecrypt(sealed, found.key.bytes, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return { text: new TextDecoder().decode(plaintext), outdated: found.outdated };
  } catch {
    throw new SealError("tampered", place);
  }
}

interface SealingKey {
  /** Says which secret it came from, and nothing about it. */
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function keyNamedIn(
  { secretKey, retiredSecretKeys }: Secrets,
  header: string,
  place: Place,
): Promise<{ key: SealingKey; outdated: boolean }> {
  const id = keyIdIn(header);
  if (id === null) throw new SealError("malformed", place);
  for (const secret of [secretKey, ...retiredSecretKeys]) {
    const key = await derived(secret);
    if (key.id === id) return { key, outdated: secret !== secretKey };
  }
  throw new SealError("unknown-key", place);
}

function nameOf({ table, row, column }: Place): string {
  return `${table}/${row}/${column}`;
}

function headerFor(kid: string, place: Place) {
  return { alg: "dir", enc: "A256GCM", kid, place: nameOf(place) };
}

function encodedHeader(kid: string, place: Place): string {
  return toBase64url(new TextEncoder().encode(JSON.stringify(headerFor(kid, place))));
}

function keyIdIn(header: string): string | null {
  try {
    const parsed: unknown = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/")));
    if (typeof parsed !== "object" || parsed === null || !("kid" in parsed)) return null;
    return typeof parsed.kid === "string" ? parsed.kid : null;
  } catch {
    return null;
  }
}

const KEYS = new WeakMap<Uint8Array, Promise<SealingKey>>();

/** Derived once for each secret of the configuration. */
function derived(secret: Uint8Array<ArrayBuffer>): Promise<SealingKey> {
  let key = KEYS.get(secret);
  if (key === undefined) {
    key = derive(secret);
    KEYS.set(secret, key);
  }
  return key;
}

async function derive(secret: Uint8Array<ArrayBuffer>): Promise<SealingKey> {
  const id = await derivedKey(secret, "rosette seal: key id", 8);
  return { id: toBase64url(id), bytes: await derivedKey(secret, "rosette seal: key") };
}
