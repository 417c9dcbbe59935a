// What an administrator enters by hand: a client where a host registers none, a token where nobody signs in.
import { findBackpack, findServerOf, isPerson } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { type Client, clientIn } from "../oauth/client.ts";
import { connect, type Grantable } from "../oauth/connect.ts";
import { type EnteredClient, enterClient as storeClient } from "../oauth/entered-client.ts";
import { isToken } from "../oauth/grant.ts";
import { type SiteFault, siteFault, unknownBackpack } from "./site.ts";
import { OPERATOR, type SiteActor, siteAudited } from "./site-audit.ts";

/**
 * Has a backpack's people connect through this client from now on; its secret is sealed. The answer
 * names the addresses that must be registered for it at the host.
 */
export async function enterClient(
  env: Env,
  backpackId: string,
  client: EnteredClient,
  actor: SiteActor = OPERATOR,
): Promise<{ readonly ok: true; readonly redirectUris: readonly string[] } | SiteFault> {
  const backpack = await findBackpack(env.db, backpackId);
  if (backpack === null) return unknownBackpack();
  if (backpack.oauth2_issuer_id === null) return noAuthorization(backpack.name);
  const stored = await storeClient(env, backpack.oauth2_issuer_id, client);
  if (!stored.ok) {
    const reason = stored.reason === "server-gone" ? "unknown-backpack" : stored.reason;
    return siteFault(reason, stored.detail, "Look at the backpack again, and enter it once more.");
  }
  await env.db.batch([siteAudited(env, actor, "backpack.client_entered", backpackId)]);
  return stored;
}

export interface EnteredToken {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken?: string | null;
  /** Milliseconds since 1970; null where nobody knows. */
  readonly expiresAt?: number | null;
}

/**
 * Connects a person to a Badgr backpack by a token of theirs that was made in its settings; nobody's
 * password is ever asked for. From here on it is a connection like any other.
 */
export async function enterToken(
  env: Env,
  backpackId: string,
  { userId, accessToken, refreshToken = null, expiresAt = null }: EnteredToken,
  actor: SiteActor = OPERATOR,
): Promise<{ readonly ok: true; readonly connectionId: string } | SiteFault> {
  const backpack = await findBackpack(env.db, backpackId);
  if (backpack === null) return unknownBackpack();
  const server = await findServerOf(env.db, backpackId);
  if (backpack.api_version !== "v2" || server === null) return noAuthorization(backpack.name);
  if (![accessToken, refreshToken ?? accessToken].every(isToken)) {
    return siteFault(
      "client-malformed",
      "This is no token.",
      "Copy it again, whole and without blanks.",
    );
  }
  if (!(await isPerson(env.db, userId))) {
    return siteFault("unknown-person", "There is no such person here.", "Choose somebody who is.");
  }
  const client: Client = (await clientIn(env, server))?.client ?? {
    clientId: "none",
    clientSecret: null,
    tokenUrl: server.token_url,
    revocationUrl: server.revocation_url,
    issuer: server.issuer,
  };
  const request: Grantable = {
    user_id: userId,
    external_backpack_id: backpackId,
    issuer_id: server.id,
    auto_sync: backpack.auto_sync_default,
    scopes: server.scopes_offered,
  };
  const granted = { accessToken, refreshToken, expiresAt, scopes: null };
  const connected = await connect(env, request, client, granted);
  if (!connected.ok) return unknownBackpack();
  await env.db.batch([
    siteAudited(env, actor, "backpack.token_entered", backpackId, { user: userId }),
  ]);
  return { ok: true, connectionId: connected.connectionId };
}

function noAuthorization(name: string): SiteFault {
  return siteFault(
    "no-authorization",
    `${name} is not connected to in this way.`,
    "Look at what its protocol can do.",
  );
}
