// A client that an administrator registered at a host by hand, where the host registers none by itself.
import { backpacksOf, findServer, updateServer } from "../db/oauth-servers.ts";
import type { Env } from "../env.ts";
import { isCredential, sealSecret } from "./client.ts";
import { callbackOf } from "./registration.ts";

export interface EnteredClient {
  readonly clientId: string;
  /** Null for a client without a secret. */
  readonly clientSecret: string | null;
}

export type EnterResult =
  | {
      readonly ok: true;
      /** What must be registered at the host for it, each as it is written here. */
      readonly redirectUris: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: "server-gone" | "client-malformed" | "registration-moved";
      readonly detail: string;
    };

/**
 * Stores it in the place of whatever client was there. Connections made with an earlier one keep
 * that one until they end.
 */
export async function enterClient(
  env: Env,
  serverId: string,
  { clientId, clientSecret }: EnteredClient,
): Promise<EnterResult> {
  if (!isCredential(clientId) || (clientSecret !== null && !isCredential(clientSecret))) {
    const detail =
      "A client's id and secret are made of letters, digits and signs without accents.";
    return { ok: false, reason: "client-malformed", detail };
  }
  const server = await findServer(env.db, serverId);
  if (server === null) {
    return { ok: false, reason: "server-gone", detail: "This backpack is no longer offered." };
  }
  const redirectUris = (await backpacksOf(env.db, serverId)).map((id) => callbackOf(env, id));
  const now = env.now();
  const [stored] = await env.db.batch([
    updateServer(env.db, server, {
      registration: "entered",
      client_id: clientId,
      client_secret_sealed:
        clientSecret === null ? null : await sealSecret(env, serverId, clientSecret),
      client_secret_expires_at: null,
      redirect_uri: redirectUris.join(" "),
      scopes_registered: null,
      registered_at: now,
      registration_version: server.registration_version + 1,
      registration_lease_until: null,
      updated_at: now,
    }),
  ]);
  if (stored?.rowsAffected !== 1) {
    const detail = "This backpack's registration changed just now; look at it again.";
    return { ok: false, reason: "registration-moved", detail };
  }
  return { ok: true, redirectUris };
}
