// Turns what was granted into a connection: everything in one batch, or nothing and the grant given back.
import type { Authorization } from "../db/backpacks.ts";
import { backpackEvents } from "../db/deliveries.ts";
import { CONNECTED } from "../db/deliveries-plan.ts";
import { DatabaseError } from "../db/errors.ts";
import { findConnectionId, putConnection, putToken } from "../db/oauth-authorizations.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../jobs/outbox.ts";
import type { Client } from "./client.ts";
import { type Granted, sealHeld } from "./grant.ts";
import { revokeGrant } from "./revoke.ts";
import { SCOPES } from "./scopes.ts";

export type Connected =
  | {
      readonly ok: true;
      readonly connectionId: string;
      readonly scopes: readonly string[];
      /** Asked for and not granted. */
      readonly missing: readonly string[];
    }
  | {
      readonly ok: false;
      /** Nothing that was asked for was granted; or the backpack was removed meanwhile. */
      readonly reason: "scopes-none" | "backpack-gone";
      readonly detail: string;
    };

/** Whose connection it becomes, where, and what was asked for. */
export type Grantable = Pick<
  Authorization,
  "user_id" | "external_backpack_id" | "issuer_id" | "auto_sync" | "scopes"
>;

const TRIES_TO_STORE = 3;
const PAUSE_MS = 500;

/**
 * Writes the connection with its sealed tokens, an event, and the job that fills the backpack. A
 * connection there was keeps its row, and with it its ledger. A grant that cannot be kept is revoked.
 */
export async function connect(
  env: Env,
  request: Grantable,
  client: Client,
  granted: Granted,
): Promise<Connected> {
  const scopes = grantedScopes(request.scopes, granted);
  const missing = request.scopes.filter((scope) => !scopes.includes(scope));
  const giveBack = () => revokeGrant(env, { ...granted, client });
  if (scopes.every((scope) => scope === SCOPES.offline)) {
    await giveBack();
    return { ok: false, reason: "scopes-none", detail: "None of what was asked for was granted." };
  }
  for (let attempt = 1; ; attempt++) {
    const known = await findConnectionId(env.db, request.user_id, request.external_backpack_id);
    const connectionId = known ?? newId(env);
    try {
      await env.db.batch(
        await writes(env, request, {
          connectionId,
          again: known !== null,
          client,
          granted,
          scopes,
        }),
      );
      return { ok: true, connectionId, scopes, missing };
    } catch (error) {
      const code = error instanceof DatabaseError ? error.code : null;
      // Another answer made the connection meanwhile, under an id of its own; or the database is
      // asked again, which writes the same over what it may have written.
      const passing = code === "not_null" || code === "busy" || code === "unreachable";
      if (passing && attempt < TRIES_TO_STORE) {
        await env.pause(PAUSE_MS * attempt);
        continue;
      }
      await giveBack();
      if (code !== "foreign_key") throw error;
      const detail = "This backpack is no longer offered.";
      return { ok: false, reason: "backpack-gone", detail };
    }
  }
}

/** Of what was asked; a refresh token is `offline_access`, whether or not the host calls it so. */
function grantedScopes(asked: readonly string[], granted: Granted): string[] {
  const told = granted.scopes ?? asked;
  return asked.filter((scope) =>
    scope === SCOPES.offline ? granted.refreshToken !== null : told.includes(scope),
  );
}

interface Connecting {
  readonly connectionId: string;
  readonly again: boolean;
  readonly client: Client;
  readonly granted: Granted;
  readonly scopes: readonly string[];
}

async function writes(env: Env, request: Grantable, connecting: Connecting) {
  const { connectionId, again, client, granted, scopes } = connecting;
  const { user_id: userId, external_backpack_id: backpackId, auto_sync: autoSync } = request;
  const now = env.now();
  const tokenId = newId(env);
  const { accessToken, refreshToken, expiresAt } = granted;
  const sealed = await sealHeld(env, tokenId, {
    accessToken,
    refreshToken,
    client,
    afterRejection: false,
  });
  return [
    putConnection({ id: connectionId, userId, backpackId, autoSync, now }),
    putToken({
      id: tokenId,
      user_id: userId,
      external_backpack_id: backpackId,
      issuer_id: request.issuer_id,
      connection_id: connectionId,
      ...sealed,
      expires: expiresAt,
      scope: scopes.join(" "),
      created_at: now,
      updated_at: now,
    }),
    env.db.orm.insert(backpackEvents).values({
      id: newId(env),
      connection_id: connectionId,
      kind: "connected",
      detail: { again, missing: request.scopes.filter((scope) => !scopes.includes(scope)) },
      created_at: now,
    }),
    enqueue(env, {
      kind: CONNECTED,
      dedupeKey: connectionId,
      payload: { connection_id: connectionId },
    }),
  ];
}
