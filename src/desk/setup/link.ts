// One-time links that set an installation up: made by the operator, of use while nobody administers anything.
import {
  findSetupLink,
  insertSetupLink,
  isAdministered,
  removeSetupLinks,
  type SetupLink,
} from "../../db/setup-links.ts";
import type { Env } from "../../env.ts";
import { newId, sha256Hex, toBase64url } from "../../ids.ts";

/** Long enough to fetch a coffee and a domain name. */
export const SETUP_LINK_MS = 24 * 3_600_000;

/** 256 bits in base64url. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

/**
 * The address of a new link; null where somebody administers the site or an organization already.
 * With `alone`, every link that was printed before is of no use any more.
 */
export async function newSetupLink(
  env: Env,
  { alone }: { readonly alone: boolean },
): Promise<string | null> {
  if (await isAdministered(env.db)) return null;
  const token = toBase64url(env.random(32));
  const now = env.now();
  const link: SetupLink = {
    id: newId(env),
    token_hash: await sha256Hex(token),
    created_at: now,
    expires_at: now + SETUP_LINK_MS,
    consumed_at: null,
  };
  await env.db.batch([...(alone ? [removeSetupLinks(env.db)] : []), insertSetupLink(env.db, link)]);
  return `${env.urls.base}/setup/${token}`;
}

export type SetupState =
  | { readonly state: "open"; readonly link: SetupLink }
  /** `over`: somebody administers the site or an organization. */
  | { readonly state: "over" | "unknown" | "ended"; readonly link: null };

/** Looks, and changes nothing. */
export async function setupStateOf(env: Env, token: string): Promise<SetupState> {
  if (await isAdministered(env.db)) return { state: "over", link: null };
  const link = TOKEN_FORM.test(token) ? await findSetupLink(env.db, await sha256Hex(token)) : null;
  if (link === null) return { state: "unknown", link };
  const isOpen = link.consumed_at === null && link.expires_at > env.now();
  return isOpen ? { state: "open", link } : { state: "ended", link: null };
}

/** Whether an installation was set up by the link: whoever sent its last form twice has done it. */
export async function wasUsed(env: Env, token: string): Promise<boolean> {
  const link = TOKEN_FORM.test(token) ? await findSetupLink(env.db, await sha256Hex(token)) : null;
  return link !== null && link.consumed_at !== null;
}
