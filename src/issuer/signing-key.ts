// The keys an organization signs with: one is current, and changes by rotation or revocation.
import { eq, sql } from "drizzle-orm";
import { anew } from "../anew.ts";
import type { Config } from "../config.ts";
import type { Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import {
  findCurrentKey,
  findSigningKey,
  type PublicKey,
  type SigningKey,
  signingKeys,
} from "../db/signing-keys.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";
import { type Actor, audited, isOvertaken } from "./audit.ts";
import type { Decision } from "./badge.ts";
import { makeRsaKey, type Sign, webCryptoRs256 } from "./rsa-key.ts";

/** Keys that stay imported; one takes about three kilobytes. */
export const MAX_IMPORTED_KEYS = 256;

/** How often the current key is looked for again while others make and rotate it. */
const MAX_ATTEMPTS = 5;

const THE_PROGRAM: Actor = { kind: "system", id: null };

/** Signs with one key, RS256. */
export interface Signer {
  readonly keyId: string;
  readonly sign: Sign;
}

/**
 * The current key, ready to sign; made now if there is none. With null, the installation's own.
 * Throws a `signing-key-sealed` Problem where the key cannot be opened with the secrets at hand.
 */
export function currentSigner(env: Env, organizationId: string | null): Promise<Signer> {
  return anew(() => foundOrMade(env, organizationId), isTaken, {
    attempts: MAX_ATTEMPTS,
    words: "The signing key kept changing while it was looked for.",
  });
}

async function foundOrMade(env: Env, organizationId: string | null): Promise<Signer> {
  const found = await findCurrentKey(env.db, organizationId);
  if (found !== null) return { keyId: found.id, sign: await imported(env, found) };
  const made = await newSigningKey(env, organizationId);
  const { result, writes } = replacing(env, organizationId, null, made.row, THE_PROGRAM);
  await env.db.batch(writes);
  const sign = await readKey(env, made.privateJwk);
  remember(env, result.id, sign);
  return { keyId: result.id, sign };
}

/**
 * A new current key. The one before is retired: what it signed goes on verifying, and its private
 * half is forgotten. Two rotations at once: the later one is overtaken and decides again.
 */
export async function rotateSigningKey(
  env: Env,
  organizationId: string | null,
  actor: Actor,
): Promise<Decision<PublicKey>> {
  const current = await findCurrentKey(env.db, organizationId);
  const { row } = await newSigningKey(env, organizationId);
  return replacing(env, organizationId, current?.id ?? null, row, actor);
}

/**
 * Takes the trust from a key: nothing signed with it verifies any more, wherever it is. What is
 * asked for next is signed with another key. Repeating it changes nothing. Throws `not-found`.
 */
export async function revokeSigningKey(
  env: Env,
  organizationId: string | null,
  id: string,
  reason: string,
  actor: Actor,
): Promise<Decision<PublicKey>> {
  const key = await findSigningKey(env.db, organizationId, id);
  if (key === null) throw new Problem("not-found", "There is no such signing key.");
  if (key.revoked_at !== null) return { result: key, writes: [] };
  const change = { revoked_at: env.now(), revocation_reason: reason };
  return {
    result: { ...key, ...change },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "signing_key.revoked",
        object: ["signing_key", id],
        provided: sql`exists (select 1 from ${signingKeys} where ${signingKeys.id} = ${id}
          and ${signingKeys.revoked_at} is null)`,
      }),
      env.db.orm
        .update(signingKeys)
        .set({ ...change, private_jwk_sealed: null })
        .where(eq(signingKeys.id, id)),
    ],
  };
}

/** The new key in the place of `current`, if that is still the current one when it is written. */
function replacing(
  env: Env,
  organizationId: string | null,
  current: string | null,
  row: SigningKey,
  actor: Actor,
): Decision<PublicKey> {
  const { private_jwk_sealed: _, ...result } = row;
  const entry = audited(env, {
    organizationId,
    actor,
    action: current === null ? "signing_key.created" : "signing_key.rotated",
    object: ["signing_key", row.id],
    ...(current === null ? {} : { detail: { retired: current } }),
    provided: sql`(select id from signing_keys where organization_id is ${organizationId}
      and retired_at is null and revoked_at is null) is ${current}`,
  });
  const retire: Writable[] =
    current === null
      ? []
      : [
          env.db.orm
            .update(signingKeys)
            .set({ retired_at: row.activated_at, private_jwk_sealed: null })
            .where(eq(signingKeys.id, current)),
        ];
  return { result, writes: [entry, ...retire, env.db.orm.insert(signingKeys).values(row)] };
}

async function newSigningKey(
  env: Env,
  organizationId: string | null,
): Promise<{ row: SigningKey; privateJwk: string }> {
  const { publicJwk, publicPem, privateJwk } = await makeRsaKey();
  const id = newId(env);
  const now = env.now();
  const row: SigningKey = {
    id,
    organization_id: organizationId,
    algorithm: "RS256",
    public_jwk: publicJwk,
    public_pem: publicPem,
    private_jwk_sealed: await seal(env.config, placeOf(id), privateJwk),
    created_at: now,
    activated_at: now,
    retired_at: null,
    revoked_at: null,
    revocation_reason: null,
  };
  return { row, privateJwk };
}

/** Whether another process made or changed the current key first. */
function isTaken(error: unknown): boolean {
  return isOvertaken(error) || (error instanceof DatabaseError && error.code === "unique");
}

function placeOf(id: string): Place {
  return { table: "signing_keys", row: id, column: "private_jwk_sealed" };
}

const IMPORTED = new WeakMap<Config, Map<string, Sign>>();

function importedKeys(env: Env): Map<string, Sign> {
  const keys = IMPORTED.get(env.config) ?? new Map<string, Sign>();
  IMPORTED.set(env.config, keys);
  return keys;
}

/** Opening and importing a key takes as long as signing with it, so it is done once. */
async function imported(env: Env, row: SigningKey): Promise<Sign> {
  const known = importedKeys(env).get(row.id);
  if (known !== undefined) return known;
  const sign = await readKey(env, await opened(env, row));
  remember(env, row.id, sign);
  return sign;
}

async function readKey(env: Env, privateJwk: string): Promise<Sign> {
  return env.rs256 ? env.rs256(privateJwk) : webCryptoRs256(privateJwk);
}

/** When there are too many, the one that was imported first is forgotten. */
function remember(env: Env, id: string, sign: Sign): void {
  const keys = importedKeys(env);
  const [first] = keys.keys();
  if (keys.size >= MAX_IMPORTED_KEYS && first !== undefined) keys.delete(first);
  keys.set(id, sign);
}

/** The private JWK; sealed anew where its seal is of a retired secret. */
async function opened(env: Env, { id, private_jwk_sealed: sealed }: SigningKey): Promise<string> {
  if (sealed === null) throw new TypeError("a current signing key without its private half");
  const place = placeOf(id);
  try {
    const { text, outdated } = await unseal(env.config, place, sealed);
    if (outdated) env.background(sealAnew(env, id, sealed, text));
    return text;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("signing_key.sealed", { key_id: id, code: error.code });
    throw new Problem("signing-key-sealed", "The organization's signing key cannot be opened.");
  }
}

async function sealAnew(env: Env, id: string, sealed: string, text: string): Promise<void> {
  const again = await seal(env.config, placeOf(id), text);
  await env.db.batch([
    env.db.orm
      .update(signingKeys)
      .set({ private_jwk_sealed: again })
      .where(sql`id = ${id} and private_jwk_sealed = ${sealed}`),
  ]);
}
