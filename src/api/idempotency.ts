// Idempotency-Key: the first answer to a request is kept with its effect, and given again.
import type { Writable } from "../db/database.ts";
import { isBreach } from "../db/errors.ts";
import {
  findIdempotencyKey,
  type IdempotencyKey,
  idempotencyKeys,
  sweepIdempotencyKey,
} from "../db/idempotency.ts";
import { derivedKey, derivedMacKey } from "../derived-key.ts";
import type { Env } from "../env.ts";
import { toBase64url, toHex } from "../ids.ts";
import { Problem } from "../problem.ts";

/** How long an answer is kept, at least. */
export const KEPT_MS = 48 * 60 * 60 * 1000;
export const MAX_KEY_LENGTH = 255;

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const IV_BYTES = 12;
const SEALED = "sealed:";

/** What stays of an answer. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that was given before. */
export interface GivenAnswer extends KeptAnswer {
  /** Milliseconds since then. */
  readonly age: number;
}

/** One request that may be sent again: who sends it, its key, and what it is. */
export interface Repeatable {
  readonly callerId: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly bodyHash: string;
  /** The answer holds a secret and is sealed before it is kept. */
  readonly secret: boolean;
}

/** Throws a 400 Problem for a key that cannot be one; null where the header is absent. */
export function readIdempotencyKey(header: string | null): string | null {
  if (header === null) return null;
  if (header.length <= MAX_KEY_LENGTH && VISIBLE_ASCII.test(header)) return header;
  throw new Problem(
    "idempotency-key-invalid",
    `The Idempotency-Key must be 1 to ${MAX_KEY_LENGTH} visible ASCII characters.`,
  );
}

export interface Idempotency {
  /** HMAC-SHA-256 in hex: bodies hold people's data, so their bare hash is not kept. */
  hash(organizationId: string | null, body: Uint8Array<ArrayBuffer>): Promise<string>;
  /**
   * The answer kept for this request; null where none is. Throws a 422 Problem when the key was
   * used for another request.
   */
  replay(request: Repeatable): Promise<GivenAnswer | null>;
  /** Rows to write first in the batch of the effect: they fail when another got there before. */
  keep(request: Repeatable, answer: KeptAnswer): Promise<Writable[]>;
}

/** Whether a batch failed because the same key was written by another request. */
export function isRepeat(error: unknown): boolean {
  return isBreach(error, "unique", "idempotency_keys.key");
}

export function idempotency(env: Env): Idempotency {
  let keys: Promise<Keys> | undefined;
  const derived = () => {
    keys ??= deriveKeys(env.config.secretKey);
    return keys;
  };
  return {
    async hash(organizationId, body) {
      const { mac } = await derived();
      const prefix = new TextEncoder().encode(`${organizationId ?? ""}\n`);
      const message = new Uint8Array(prefix.byteLength + body.byteLength);
      message.set(prefix);
      message.set(body, prefix.byteLength);
      return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", mac, message)));
    },
    async replay(request) {
      const row = await findIdempotencyKey(env.db, request.callerId, request.key);
      const now = env.now();
      if (!row || row.expires_at <= now) return null;
      requireSame(request, row);
      const { status, headers } = row;
      const body = await opened(await derived(), request, row.body);
      return { status, headers, body, age: Math.max(0, now - (row.expires_at - KEPT_MS)) };
    },
    async keep(request, answer) {
      const body = request.secret
        ? await sealed(env, await derived(), request, answer.body)
        : answer.body;
      const now = env.now();
      return [
        // A key that has expired but was not swept yet may be used again.
        sweepIdempotencyKey(env.db, request.callerId, request.key, now),
        env.db.orm.insert(idempotencyKeys).values({
          api_key_id: request.callerId,
          key: request.key,
          method: request.method,
          path: request.path,
          body_hash: request.bodyHash,
          status: answer.status,
          headers: answer.headers,
          body,
          expires_at: now + KEPT_MS,
        }),
      ];
    },
  };
}

function requireSame(request: Repeatable, row: IdempotencyKey): void {
  const same =
    row.method === request.method &&
    row.path === request.path &&
    row.body_hash === request.bodyHash;
  if (same) return;
  throw new Problem(
    "idempotency-key-reused",
    "This Idempotency-Key was already used, with another request.",
  );
}

interface Keys {
  readonly mac: CryptoKey;
  readonly seal: CryptoKey;
}

async function deriveKeys(secret: Uint8Array<ArrayBuffer>): Promise<Keys> {
  const [mac, sealing] = await Promise.all([
    derivedMacKey(secret, "rosette idempotency: request body"),
    derivedKey(secret, "rosette idempotency: kept answer"),
  ]);
  const uses: KeyUsage[] = ["encrypt", "decrypt"];
  return { mac, seal: await crypto.subtle.importKey("raw", sealing, "AES-GCM", false, uses) };
}

/** A sealed answer opens only in the row it was written for. */
function gcm(request: Repeatable, iv: Uint8Array<ArrayBuffer>) {
  const row = new TextEncoder().encode(`idempotency_keys\n${request.callerId}\n${request.key}`);
  return { name: "AES-GCM", iv, additionalData: row };
}

async function sealed(env: Env, keys: Keys, request: Repeatable, body: string): Promise<string> {
  const iv = env.random(IV_BYTES);
  const plain = new TextEncoder().encode(body);
  const cipher = await crypto.subtle.encrypt(gcm(request, iv), keys.seal, plain);
  return `${SEALED}${toBase64url(iv)}.${toBase64url(new Uint8Array(cipher))}`;
}

async function opened(keys: Keys, request: Repeatable, body: string): Promise<string> {
  if (!body.startsWith(SEALED)) return body;
  const [iv, cipher] = body.slice(SEALED.length).split(".").map(fromBase64url);
  if (!iv || !cipher) throw new TypeError("a sealed answer is not whole");
  const plain = await crypto.subtle.decrypt(gcm(request, iv), keys.seal, cipher);
  return new TextDecoder().decode(plain);
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}
