// The link in a recipient's mail: whoever has it has read the mail, and may say whether the award is theirs.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { derivedKey } from "../derived-key.ts";
import type { Env } from "../env.ts";
import { toBase64url, toHex } from "../ids.ts";

const DAY_MS = 86_400_000;
/** A mail is found again for so long, and no longer by whoever comes into an old mailbox. */
export const LINK_DAYS = 180;

const ID_BYTES = 16;
const DAY_BYTES = 4;
/** 128 bits of HMAC-SHA-256 (RFC 2104, section 5: no less than half). */
const CODE_BYTES = 16;
const HEAD_BYTES = ID_BYTES + DAY_BYTES;
const FORM = /^a_([A-Za-z0-9_-]{48})$/;
/** What is made with it is in mailboxes: it stays as it is. */
const PURPOSE = "rosette award link";

type Source = Pick<Env, "config">;

export interface AwardLink {
  readonly awardId: string;
  /** Milliseconds since 1970: from then on the link opens nothing. */
  readonly endsAt: number;
}

/**
 * The token of an award's link, the last part of its address. It is made anew each time, and is the
 * same all day; nothing is stored. `now` in milliseconds since 1970.
 */
export async function awardToken(env: Source, awardId: string, now: number): Promise<string> {
  const bytes = new Uint8Array(HEAD_BYTES + CODE_BYTES);
  const id = awardId.replaceAll("-", "");
  for (let i = 0; i < ID_BYTES; i++) bytes[i] = Number.parseInt(id.slice(2 * i, 2 * i + 2), 16);
  new DataView(bytes.buffer).setUint32(ID_BYTES, Math.floor(now / DAY_MS) + LINK_DAYS);
  bytes.set(await codeOf(env, bytes.slice(0, HEAD_BYTES)), HEAD_BYTES);
  return `a_${toBase64url(bytes)}`;
}

/** What a token stands for, over or not; null for what was not made here. */
export async function readAwardToken(env: Source, token: string): Promise<AwardLink | null> {
  const text = FORM.exec(token)?.[1];
  if (text === undefined) return null;
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  const head = bytes.slice(0, HEAD_BYTES);
  const expected = await codeOf(env, head);
  let difference = 0;
  for (let i = 0; i < CODE_BYTES; i++) {
    difference |= (bytes[HEAD_BYTES + i] ?? 0) ^ (expected[i] ?? 0);
  }
  if (difference !== 0) return null;
  const hex = toHex(head.slice(0, ID_BYTES));
  const awardId = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
  const lastDay = new DataView(head.buffer).getUint32(ID_BYTES);
  return { awardId, endsAt: lastDay * DAY_MS };
}

const KEYS = new WeakMap<Uint8Array, Promise<Uint8Array>>();

async function codeOf({ config }: Source, head: Uint8Array): Promise<Uint8Array> {
  const { secretKey } = config;
  const key = KEYS.get(secretKey) ?? derivedKey(secretKey, PURPOSE);
  KEYS.set(secretKey, key);
  // For twenty bytes the way to another thread and back would take many times as long.
  return hmac(sha256, await key, head).slice(0, CODE_BYTES);
}
