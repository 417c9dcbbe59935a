// Authorization requests on their way, and what is written when one of them comes back granted.
import { eq } from "drizzle-orm";
import { type Authorization, authorizations, type Token } from "./backpacks.ts";
import type { Database, Statement, Writable } from "./database.ts";

export function insertAuthorization(db: Database, row: Authorization): Writable {
  return db.orm.insert(authorizations).values(row);
}

/** By the SHA-256 of its `state`; a used or expired one is found too. */
export async function findAuthorization(
  db: Database,
  stateHash: string,
): Promise<Authorization | null> {
  const [row] = await db.orm
    .select()
    .from(authorizations)
    .where(eq(authorizations.state_hash, stateHash))
    .limit(1);
  return row ?? null;
}

/** Uses up a request; changes no row where it was used before. */
export function consumeAuthorization(id: string, now: number): Statement {
  return {
    sql: "UPDATE oauth_authorizations SET consumed_at = ? WHERE id = ? AND consumed_at IS NULL",
    params: [now, id],
  };
}

/** Rows in one statement, so that nobody waits long for the lock. */
const SWEEP_ROWS = 200;

/** Takes away requests that can no longer come back: nothing of them is of use. */
export function sweepAuthorizations(now: number): Statement {
  return {
    sql: `DELETE FROM oauth_authorizations WHERE rowid IN (
      SELECT rowid FROM oauth_authorizations WHERE expires_at <= ? LIMIT ${SWEEP_ROWS})`,
    params: [now],
  };
}

/** Takes away a session's oldest requests, so that with one more it has `most`. */
export function trimAuthorizations(sessionId: string, most: number): Statement {
  return {
    sql: `DELETE FROM oauth_authorizations WHERE session_id = ? AND id NOT IN (
      SELECT id FROM oauth_authorizations WHERE session_id = ?
      ORDER BY created_at DESC, rowid DESC LIMIT ?)`,
    params: [sessionId, sessionId, most - 1],
  };
}

/** The one connection of a person to a backpack. */
export async function findConnectionId(
  db: Database,
  userId: string,
  backpackId: string,
): Promise<string | null> {
  const { rows } = await db.read({
    sql: "SELECT id FROM badge_backpacks WHERE user_id = ? AND external_backpack_id = ?",
    params: [userId, backpackId],
  });
  const id = rows[0]?.[0];
  return typeof id === "string" ? id : null;
}

export interface NewConnection {
  readonly id: string;
  readonly userId: string;
  readonly backpackId: string;
  readonly autoSync: boolean;
  readonly now: number;
}

/**
 * A connection, or the one there is made good again: its id stays, and the ledger hangs on it. Where
 * another id was stored meanwhile the batch fails, as `not_null` of `connected_at`.
 */
export function putConnection(connection: NewConnection): Statement {
  const { id, userId, backpackId, autoSync, now } = connection;
  return {
    sql: `INSERT INTO badge_backpacks
        (id, user_id, external_backpack_id, auto_sync, status, connected_at, created_at, updated_at)
      VALUES (?, ?, ?, ?, 'connected', ?, ?, ?)
      ON CONFLICT (user_id, external_backpack_id) DO UPDATE SET
        auto_sync = excluded.auto_sync, status = 'connected', problem = NULL,
        connected_at = CASE WHEN id = excluded.id THEN excluded.connected_at END,
        updated_at = excluded.updated_at`,
    params: [id, userId, backpackId, autoSync ? 1 : 0, now, now, now],
  };
}

/** The connection's one token; whatever was computed from an older one is not stored any more. */
export function putToken(
  row: Omit<Token, "generation" | "refresh_lease_until" | "refresh_lease_holder">,
): Statement {
  return {
    sql: `INSERT INTO badge_backpack_oauth2s
        (id, user_id, external_backpack_id, issuer_id, connection_id, token, refresh_token,
         expires, scope, generation, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
      ON CONFLICT DO UPDATE SET
        id = excluded.id, issuer_id = excluded.issuer_id, token = excluded.token,
        refresh_token = excluded.refresh_token, expires = excluded.expires,
        scope = excluded.scope, generation = generation + 1, refresh_lease_until = NULL,
        refresh_lease_holder = NULL, created_at = excluded.created_at,
        updated_at = excluded.updated_at`,
    params: [
      row.id,
      row.user_id,
      row.external_backpack_id,
      row.issuer_id,
      row.connection_id,
      row.token,
      row.refresh_token,
      row.expires,
      row.scope,
      row.created_at,
      row.updated_at,
    ],
  };
}
