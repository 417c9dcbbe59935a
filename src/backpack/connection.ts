// What a person does with a connection of theirs: end it, have new awards sent or not, send something now.
import type { Statement, Value } from "../db/database.ts";
import { planByHand, planForConnection, WAKEABLE } from "../db/deliveries-plan.ts";
import { findConnected } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { revokeAtHost } from "../oauth/revoke.ts";
import { Problem } from "../problem.ts";
import { planning, woken } from "./ledger.ts";

/** Throws a `not-found` Problem for a connection that is not the person's. */
async function requireTheirs(env: Env, userId: string, connectionId: string) {
  const link = await findConnected(env.db, connectionId);
  if (link === null || link.connection.user_id !== userId) {
    throw new Problem("not-found", "You have no such connection.");
  }
  return link;
}

/**
 * Ends a connection: the host is asked to forget the tokens, then all that is known of it here goes
 * in one batch. What is being sent at this moment may still arrive; nothing of it is written down
 * any more, since the rows that it would be written to are gone. Throws a `not-found` Problem.
 */
export async function disconnect(env: Env, userId: string, connectionId: string): Promise<void> {
  const { connection } = await requireTheirs(env, userId, connectionId);
  try {
    await revokeAtHost(env, connectionId);
  } catch (error) {
    // The person wants it gone: a host that cannot be told keeps nobody here.
    const name = error instanceof Error ? error.name : "unknown";
    env.log.warn("backpack.not_revoked", { connection: connectionId, error: name });
  }
  const of = (table: string, column: string, value: Value = connectionId): Statement => ({
    sql: `DELETE FROM ${table} WHERE ${column} = ?`,
    params: [value],
  });
  await env.db.batch([
    of("badge_backpack_oauth2s", "connection_id"),
    {
      sql: "DELETE FROM oauth_authorizations WHERE user_id = ? AND external_backpack_id = ?",
      params: [userId, connection.external_backpack_id],
    },
    of("backpack_events", "connection_id"),
    of("deliveries", "connection_id"),
    of("badge_externals", "backpack_id"),
    of("badge_backpacks", "id"),
  ]);
}

/**
 * Has new awards sent by themselves, those the person has already among them; or has that ended:
 * what was not sent yet is not sent, and what was revoked goes on being told. Throws `not-found`.
 */
export async function setAutoSync(
  env: Env,
  userId: string,
  connectionId: string,
  on: boolean,
): Promise<void> {
  await requireTheirs(env, userId, connectionId);
  const now = env.now();
  const set: Statement = {
    sql: "UPDATE badge_backpacks SET auto_sync = ?, updated_at = ? WHERE id = ? AND user_id = ?",
    params: [on ? 1 : 0, now, connectionId, userId],
  };
  if (on) {
    await env.db.batch([
      set,
      planForConnection(planning(env), connectionId),
      woken(env, WAKEABLE.connection(connectionId)),
    ]);
    return;
  }
  const unsent: Statement = {
    sql: `DELETE FROM deliveries
      WHERE connection_id = ? AND state = 'pending' AND delivered_revision IS NULL`,
    params: [connectionId],
  };
  await env.db.batch([set, unsent]);
}

/**
 * Sends one award, or all that have not arrived, whether or not new ones are sent by themselves.
 * Returns how many are on their way now. Throws `not-found` for a connection that is not theirs;
 * an award that is not, or was revoked, is 0.
 */
export async function sendNow(
  env: Env,
  userId: string,
  connectionId: string,
  award: string | "all",
): Promise<number> {
  await requireTheirs(env, userId, connectionId);
  const which = award === "all" ? null : award;
  const [planned] = await env.db.batch([
    planByHand(planning(env), userId, connectionId, which),
    woken(env, WAKEABLE.connection(connectionId)),
  ]);
  return planned?.rowsAffected ?? 0;
}
