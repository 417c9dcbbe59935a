// The authorization code grant with PKCE: how a person's browser is sent to a backpack.
import { calculatePKCECodeChallenge } from "oauth4webapi";
import type { AuthorizationServer, Backpack } from "../db/backpacks.ts";
import {
  insertAuthorization,
  sweepAuthorizations,
  trimAuthorizations,
} from "../db/oauth-authorizations.ts";
import { findBackpack, findServerOf } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex, toBase64url } from "../ids.ts";
import { type Place, seal, unseal } from "../seal.ts";
import type { Session } from "../signin/session.ts";
import { type Client, packClient, unpackClient } from "./client.ts";
import { callbackOf, ensureRegistered, type RegistrationReason } from "./registration.ts";
import { scopesToAsk } from "./scopes.ts";
import { followManifest } from "./server.ts";

/** Enough to sign in at the backpack and to consent. */
export const AUTHORIZATION_MS = 10 * 60_000;
/** Of one session at once; the oldest gives way to one more. */
export const MOST_OPEN = 10;
/** 256 bits: for a state nobody guesses, and a verifier of the least length RFC 7636 allows (43). */
const RANDOM_BYTES = 32;

export type BeginReason =
  | RegistrationReason
  /** An administrator switched it off. */
  | "backpack-disabled"
  /** It is not connected to by OAuth 2. */
  | "backpack-without-oauth"
  /** Nothing that is needed is offered. */
  | "scopes-not-offered";

export type Begun =
  | {
      readonly ok: true;
      /** Where the browser goes, once. */
      readonly url: string;
    }
  | { readonly ok: false; readonly reason: BeginReason; readonly detail: string };

const refuse = (reason: BeginReason, detail: string): Extract<Begun, { ok: false }> => ({
  ok: false,
  reason,
  detail,
});

type Asking = Pick<Session, "id" | "user">;

/**
 * Begins to connect a person to a backpack: follows its manifest, registers where that is needed,
 * and writes down a request that this session alone can bring back, once, within AUTHORIZATION_MS.
 * OB21-Z-01.
 */
export async function beginAuthorization(
  env: Env,
  session: Asking,
  backpackId: string,
  { autoSync }: { readonly autoSync: boolean },
): Promise<Begun> {
  const found = await findConnectable(env, backpackId);
  if (!found.ok) return found;
  const { backpack } = found;
  const server = await followManifest(env, found.server);
  const registered = await ensureRegistered(env, server.id);
  if (!registered.ok) return registered;
  const { client } = registered;
  const scopes = scopesToAsk(backpack.api_version, server.scopes_offered, registered.scopes);
  if (scopes.length === 0) {
    return refuse("scopes-not-offered", `${backpack.name} offers nothing that is needed here.`);
  }
  const state = toBase64url(env.random(RANDOM_BYTES));
  const verifier = toBase64url(env.random(RANDOM_BYTES));
  const redirectUri = callbackOf(env, backpackId);
  const id = newId(env);
  const now = env.now();
  const pinned: Pinned = {
    verifier,
    client,
    issPromised: server.iss_promised,
  };
  await env.db.batch([
    sweepAuthorizations(now),
    trimAuthorizations(session.id, MOST_OPEN),
    insertAuthorization(env.db, {
      id,
      state_hash: await sha256Hex(state),
      session_id: session.id,
      user_id: session.user.id,
      external_backpack_id: backpackId,
      issuer_id: server.id,
      verifier_sealed: await sealPinned(env, id, pinned),
      scopes,
      redirect_uri: redirectUri,
      auto_sync: autoSync,
      created_at: now,
      expires_at: now + AUTHORIZATION_MS,
      consumed_at: null,
    }),
  ]);
  const url = requestUrl(server.authorization_url, {
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(" "),
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...consentPrompt(backpack),
  });
  return { ok: true, url };
}

type Connectable =
  | { readonly ok: true; readonly backpack: Backpack; readonly server: AuthorizationServer }
  | Extract<Begun, { ok: false }>;

/** Whoever added it: others come to one that is on nobody else's list by giving its address. */
async function findConnectable(env: Env, backpackId: string): Promise<Connectable> {
  const backpack = await findBackpack(env.db, backpackId);
  if (backpack === null) return refuse("backpack-gone", "This backpack is not offered here.");
  if (!backpack.is_enabled) {
    return refuse("backpack-disabled", `${backpack.name} cannot be connected to at the moment.`);
  }
  const server = await findServerOf(env.db, backpackId);
  if (server === null || backpack.api_version === "v1") {
    return refuse("backpack-without-oauth", `${backpack.name} is not connected to in this way.`);
  }
  return { ok: true, backpack, server };
}

/** The endpoint's own query stays (RFC 6749, section 3.1). */
function requestUrl(endpoint: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Hosts that also speak OpenID Connect give a refresh token only to those who ask for consent
 * (OpenID Connect Core 1.0, section 11); others leave aside what they do not know (RFC 6749, 3.1).
 */
function consentPrompt({ api_version }: Backpack): Readonly<Record<string, string>> {
  return api_version === "v2p1" ? { prompt: "consent" } : {};
}

/**
 * What must be the same when the answer comes: were the host's manifest or our registration to
 * change meanwhile, the code would go to another place, or with another client, than it was asked for.
 */
export interface Pinned {
  readonly verifier: string;
  readonly client: Client;
  readonly issPromised: boolean;
}

const place = (id: string): Place => ({
  table: "oauth_authorizations",
  row: id,
  column: "verifier_sealed",
});

function sealPinned(env: Pick<Env, "config">, id: string, pinned: Pinned): Promise<string> {
  const { client, ...rest } = pinned;
  const packed: Packed = { ...rest, client: packClient(client) };
  return seal(env.config, place(id), JSON.stringify(packed));
}

type Packed = Omit<Pinned, "client"> & {
  readonly client: Readonly<Record<string, string | null>>;
};

/** Throws SealError. */
export async function unsealPinned(
  env: Pick<Env, "config">,
  id: string,
  sealed: string,
): Promise<Pinned> {
  const { text } = await unseal(env.config, place(id), sealed);
  const { client, ...rest } = JSON.parse(text) as Packed;
  return { ...rest, client: unpackClient(client) };
}
