// Signs and checks webhooks as Standard Webhooks 1.0.0 says: HMAC-SHA256 over id, time and body.
import type { Env } from "./env.ts";

/** How far a message's time may be from ours, before or after: a copy of it is worth nothing later. */
export const TOLERANCE_SECONDS = 300;

/** The headers of a signed message. */
export const WEBHOOK_HEADERS = {
  id: "webhook-id",
  timestamp: "webhook-timestamp",
  signature: "webhook-signature",
} as const;

/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
const SECRET_PREFIX = "whsec_";
const SIGNATURE_PREFIX = "v1,";
const MAX_ID_LENGTH = 256;
/** One for each secret while secrets are changed; more is somebody guessing. */
const MAX_SIGNATURES = 8;

export interface WebhookMessage {
  /** The same each time one message is sent again; without a full stop. */
  readonly id: string;
  /** Seconds since 1970, of this very attempt. */
  readonly timestamp: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** `whsec_` and 32 bytes in base64. */
export function newWebhookSecret({ random }: Pick<Env, "random">): string {
  return `${SECRET_PREFIX}${toBase64(random(SECRET_BYTES))}`;
}

/**
 * The headers to send a message with; a signature for each secret, so that a receiver may know
 * either while they are changed. Rejects with a TypeError for what is no secret of ours.
 */
export async function sign(
  secrets: readonly string[],
  message: WebhookMessage,
): Promise<Record<string, string>> {
  const content = signedContent(message.id, String(message.timestamp), message.body);
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const key = await keyOf(secret);
      const signature = await crypto.subtle.sign("HMAC", key, content);
      return `${SIGNATURE_PREFIX}${toBase64(new Uint8Array(signature))}`;
    }),
  );
  return {
    [WEBHOOK_HEADERS.id]: message.id,
    [WEBHOOK_HEADERS.timestamp]: String(message.timestamp),
    [WEBHOOK_HEADERS.signature]: signatures.join(" "),
  };
}

export type Verified =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: "headers" | "stale" | "signature" };

/**
 * Whether a message was signed with one of the secrets, at most five minutes from `now` (in
 * milliseconds since 1970). The platform compares signatures in constant time, so that none can be
 * guessed byte by byte.
 */
export async function verify(
  secrets: readonly string[],
  headers: Pick<Headers, "get">,
  body: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<Verified> {
  const id = headers.get(WEBHOOK_HEADERS.id) ?? "";
  const timestamp = headers.get(WEBHOOK_HEADERS.timestamp) ?? "";
  const signatures = signaturesIn(headers.get(WEBHOOK_HEADERS.signature) ?? "");
  if (id === "" || id.length > MAX_ID_LENGTH || !/^[0-9]{1,12}$/.test(timestamp)) {
    return { ok: false, reason: "headers" };
  }
  if (signatures.length === 0) return { ok: false, reason: "headers" };
  const content = signedContent(id, timestamp, body);
  let isOurs = false;
  for (const secret of secrets) {
    const key = await keyOf(secret);
    for (const signature of signatures) {
      if (await crypto.subtle.verify("HMAC", key, signature, content)) isOurs = true;
    }
  }
  if (!isOurs) return { ok: false, reason: "signature" };
  if (Math.abs(Math.floor(now / 1000) - Number(timestamp)) > TOLERANCE_SECONDS) {
    return { ok: false, reason: "stale" };
  }
  return { ok: true, id };
}

/** Those of version 1; others are for receivers who know them. */
function signaturesIn(header: string): Uint8Array<ArrayBuffer>[] {
  return header
    .split(" ", MAX_SIGNATURES)
    .filter((one) => one.startsWith(SIGNATURE_PREFIX))
    .map((one) => fromBase64(one.slice(SIGNATURE_PREFIX.length)))
    .filter((bytes) => bytes !== null);
}

function signedContent(
  id: string,
  timestamp: string,
  body: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  return content;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith(SECRET_PREFIX)
    ? fromBase64(secret.slice(SECRET_PREFIX.length))
    : null;
  if (bytes === null) throw new TypeError("a webhook secret is whsec_ and base64");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
