// Ids and hashes: made from randomness and a clock that are passed in, and told by their looks.
import { sha256 as sha256Now } from "@noble/hashes/sha2.js";
import type { Env } from "./env.ts";

type Sources = Pick<Env, "now" | "random">;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/**
 * A UUIDv7: 48 bits of time, then randomness, so that ids sort by when they were made.
 * RFC 9562, section 5.7.
 */
export function newId(sources: Sources): string {
  const bytes = sources.random(16);
  let time = sources.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What every id made from that millisecond on sorts after; RFC 9562, section 5.7. */
export function firstIdAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** The public id of an award: 40 hex characters, 160 random bits. */
export function newHash(sources: Sources): string {
  return toHex(sources.random(20));
}

/** A salt for one award's recipient: 32 hex characters. */
export function newSalt(sources: Sources): string {
  return toHex(sources.random(16));
}

/**
 * The platform's digest runs on another thread: for a name or a document the way there and back takes
 * many times what the hashing does. A picture is worth the way.
 */
const WORTH_A_THREAD_BYTES = 32 * 1024;

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.byteLength < WORTH_A_THREAD_BYTES) return new Uint8Array(sha256Now(bytes));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function sha256Hex(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return toHex(await sha256(bytes));
}

const HASH = /^[0-9a-f]{40}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether this may be an award's public id: 40 lower-case hex characters. */
export function isHash(text: string): boolean {
  return text.length === 40 && HASH.test(text);
}

/** Whether this may be any other id: a UUID in lower case. */
export function isId(text: string): boolean {
  return text.length === 36 && ID.test(text);
}
