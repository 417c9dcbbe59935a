// A browser before anybody is signed in there: what it began it alone can finish, and no other site for it.
import type { Env } from "../env.ts";
import { sha256Hex, toBase64url } from "../ids.ts";
import { readCookie, setCookie } from "./cookies.ts";
import { keyedHash } from "./keyed-hash.ts";

const COOKIE = "browser";
/** 256 bits in base64url. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;
/** Longer than any way in takes. */
const MAX_AGE_SECONDS = 24 * 3_600;

export interface KnownBrowser {
  /** SHA-256 of the cookie, in hexadecimal: what is stored with what it began. */
  readonly hash: string;
  /** The `form_token` of its forms: without one, another site could sign it in as somebody else. */
  readonly formToken: string;
  /** The Set-Cookie header's value, where it had no cookie yet. */
  readonly cookie: string | null;
}

/** Null for a browser without the cookie. */
export async function knownBrowser(env: Env, request: Request): Promise<KnownBrowser | null> {
  const token = readCookie(env, request, COOKIE);
  return token !== null && TOKEN_FORM.test(token) ? described(env, token, null) : null;
}

/** The browser of a request, which gets its cookie with the answer where it has none. */
export async function browserOf(env: Env, request: Request): Promise<KnownBrowser> {
  const known = await knownBrowser(env, request);
  if (known !== null) return known;
  const token = toBase64url(env.random(32));
  return described(env, token, setCookie(env, COOKIE, token, MAX_AGE_SECONDS));
}

async function described(env: Env, token: string, cookie: string | null): Promise<KnownBrowser> {
  const hash = await sha256Hex(token);
  return { hash, formToken: await keyedHash(env.config, "form", `browser ${hash}`), cookie };
}
