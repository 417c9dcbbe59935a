// One-time links by mail, and the six-digit code beside each: made again from the row's id, so that neither is stored.
import type { Writable } from "../db/database.ts";
import type { LinkPurpose, SignInLink } from "../db/sessions.ts";
import {
  consumeLink,
  countTry,
  findLastLink,
  findLinkByToken,
  insertLink,
  isOpen,
} from "../db/sign-in-links.ts";
import { normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex } from "../ids.ts";
import { enqueue } from "../jobs/outbox.ts";
import type { Language } from "../language.ts";
import { isSame, keyedBytes, keyedHash } from "./keyed-hash.ts";
import { takeShares, WRONG_CODES, whenFree } from "./rate-limit.ts";

/** Some mail servers let a first mail wait for a quarter of an hour. */
export const LINK_MS = 30 * 60_000;
/** Of one mail; then another one must be asked for. */
export const CODE_TRIES = 5;
export const LINK_JOB = "mail.sign_in";

const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;
const CODES = 1_000_000;

export interface LinkWish {
  readonly purpose: LinkPurpose;
  /** As it was typed; it has passed `isEmail`. */
  readonly email: string;
  /** Whose address is being confirmed; null for a sign-in. */
  readonly userId: string | null;
  readonly browserHash: string;
  /** It has passed `nextPath`. */
  readonly next: string | null;
  /** Of the mail. */
  readonly language: Language;
}

/** The link's row and the job that mails it, to be written in one batch. */
export async function newLink(env: Env, wish: LinkWish): Promise<Writable[]> {
  const id = newId(env);
  const { token, code } = await secretsOf(env, id);
  const now = env.now();
  const row: SignInLink = {
    id,
    token_hash: await sha256Hex(token),
    code_hash: await codeHash(env, id, code),
    purpose: wish.purpose,
    email: wish.email.trim(),
    normalised: normalisedEmail(wish.email),
    user_id: wish.userId,
    browser_hash: wish.browserHash,
    next: wish.next,
    attempts: 0,
    created_at: now,
    expires_at: now + LINK_MS,
    consumed_at: null,
  };
  const payload = { link: id, language: wish.language };
  return [insertLink(env.db, row), enqueue(env, { kind: LINK_JOB, payload })];
}

export interface LinkSecrets {
  readonly token: string;
  /** Six digits. */
  readonly code: string;
}

async function secretsOf(env: Pick<Env, "config">, id: string, secretKey = env.config.secretKey) {
  const token = await keyedHash({ secretKey }, "link", id);
  const bytes = await keyedBytes({ secretKey }, "code", `value ${id}`);
  // Of 48 bits, so that no code is likelier than another by more than one in a hundred million.
  const number = bytes.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return { token, code: String(number % CODES).padStart(6, "0") };
}

function codeHash({ config }: Pick<Env, "config">, id: string, code: string): Promise<string> {
  return keyedHash(config, "code", `${id} ${code}`);
}

/** What a mail says; made with the secret of when the link was made. Null where that is forgotten. */
export async function linkSecrets(env: Env, link: SignInLink): Promise<LinkSecrets | null> {
  for (const secret of [env.config.secretKey, ...env.config.retiredSecretKeys]) {
    const made = await secretsOf(env, link.id, secret);
    if ((await sha256Hex(made.token)) === link.token_hash) return made;
  }
  return null;
}

export type FoundLink =
  | { readonly state: "open" | "used" | "expired"; readonly link: SignInLink }
  | { readonly state: "unknown"; readonly link: null };

/** Changes nothing: programs that look through mail open every link in it. */
export async function findLinkOf(env: Env, token: string): Promise<FoundLink> {
  const link = TOKEN_FORM.test(token)
    ? await findLinkByToken(env.db, await sha256Hex(token))
    : null;
  return link === null ? { state: "unknown", link } : { state: stateOf(link, env.now()), link };
}

function stateOf(link: SignInLink, now: number): "open" | "used" | "expired" {
  if (link.consumed_at !== null) return "used";
  return link.expires_at <= now ? "expired" : "open";
}

/** What the batch needs that uses a link: what must hold then, and the write that uses it up. */
export function usingUp(env: Env, link: SignInLink) {
  const now = env.now();
  return { provided: isOpen(link.id, now), uses: [consumeLink(env.db, link.id, now)] };
}

/** The link a browser asked for last and whose code it may type; null where there is none to type. */
export async function linkToType(
  env: Env,
  browserHash: string,
  purpose: LinkPurpose,
): Promise<SignInLink | null> {
  const link = await findLastLink(env.db, browserHash, purpose);
  return link !== null && stateOf(link, env.now()) !== "used" ? link : null;
}

export type CodeVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "wrong"; readonly triesLeft: number }
  /** Used, expired or tried too often: another mail must be asked for. */
  | { readonly ok: false; readonly reason: "over" }
  /** Too many wrong codes for this address, in whatever browsers; the link in the mail still works. */
  | { readonly ok: false; readonly reason: "wait"; readonly until: number };

/**
 * Whether somebody typed a link's code. Each try is counted before it is looked at, so that many at
 * once are no more than many in a row.
 */
export async function tryCode(env: Env, link: SignInLink, typed: string): Promise<CodeVerdict> {
  const until = await whenFree(env, WRONG_CODES, link.normalised);
  if (until !== null) return { ok: false, reason: "wait", until };
  const [counted] = await env.db.batch([countTry(env.db, link.id, CODE_TRIES, env.now())]);
  if (counted?.rowsAffected !== 1) return { ok: false, reason: "over" };
  const digits = typed.replace(/[\s-]/g, "");
  if (isSame(await codeHash(env, link.id, digits), link.code_hash)) return { ok: true };
  await takeShares(env, [[WRONG_CODES, link.normalised]]);
  const triesLeft = Math.max(0, CODE_TRIES - 1 - link.attempts);
  return triesLeft === 0
    ? { ok: false, reason: "over" }
    : { ok: false, reason: "wrong", triesLeft };
}
