// Backpacks as the site's administrators see them: in order, with how it goes with each.
import { asc, count, eq, or, sql } from "drizzle-orm";
import {
  type AuthorizationServer,
  authorizationServers,
  type Backpack,
  backpacks,
  type Connection,
  connections,
} from "./backpacks.ts";
import type { Database, Statement } from "./database.ts";

/** Every backpack, the primary one first. */
export function listBackpacks(db: Database): Promise<Backpack[]> {
  return db.orm.select().from(backpacks).orderBy(asc(backpacks.sort_order), asc(backpacks.id));
}

export async function findBackpack(db: Database, id: string): Promise<Backpack | null> {
  const [row] = await db.orm.select().from(backpacks).where(eq(backpacks.id, id)).limit(1);
  return row ?? null;
}

/** One that has either of these addresses already. */
export async function findBackpackAt(
  db: Database,
  apiUrl: string,
  webUrl: string,
): Promise<Backpack | null> {
  const [row] = await db.orm
    .select()
    .from(backpacks)
    .where(or(eq(backpacks.backpack_api_url, apiUrl), eq(backpacks.backpack_web_url, webUrl)))
    .limit(1);
  return row ?? null;
}

/** After all others, counted when it is written. */
export const LAST_IN_ORDER = sql<number>`(
  select coalesce(max(sort_order), -1) + 1 from badge_external_backpacks)`;

/** How many backpacks a person has added for themselves. */
export async function countAddedBy(db: Database, userId: string): Promise<number> {
  const [row] = await db.orm
    .select({ count: count() })
    .from(backpacks)
    .where(eq(backpacks.added_by_user_id, userId));
  return row?.count ?? 0;
}

/** Gives each its place in the order of these ids, which must be all there are. */
export function putInOrder(ids: readonly string[], now: number): Statement {
  return {
    sql: `UPDATE badge_external_backpacks SET updated_at = ?,
        sort_order = (SELECT key FROM json_each(?) WHERE value = badge_external_backpacks.id)
      WHERE id IN (SELECT value FROM json_each(?))`,
    params: [now, JSON.stringify(ids), JSON.stringify(ids)],
  };
}

/** The authorization server of a backpack; null where it has none, or is gone. */
export async function findServerOf(
  db: Database,
  backpackId: string,
): Promise<AuthorizationServer | null> {
  const [row] = await db.orm
    .select({ server: authorizationServers })
    .from(backpacks)
    .innerJoin(authorizationServers, eq(authorizationServers.id, backpacks.oauth2_issuer_id))
    .where(eq(backpacks.id, backpackId))
    .limit(1);
  return row?.server ?? null;
}

export async function findServerAt(
  db: Database,
  manifestUrl: string,
): Promise<AuthorizationServer | null> {
  const [row] = await db.orm
    .select()
    .from(authorizationServers)
    .where(eq(authorizationServers.manifest_url, manifestUrl))
    .limit(1);
  return row ?? null;
}

/** Whose connections a backpack has, a slice at a time, the oldest first. */
export function connectionsTo(
  db: Database,
  backpackId: string,
  limit: number,
): Promise<Pick<Connection, "id" | "user_id">[]> {
  return db.orm
    .select({ id: connections.id, user_id: connections.user_id })
    .from(connections)
    .where(eq(connections.external_backpack_id, backpackId))
    .orderBy(asc(connections.id))
    .limit(limit);
}

/** A connection with its backpack; null for one that is gone. */
export async function findConnected(
  db: Database,
  connectionId: string,
): Promise<{ connection: Connection; backpack: Backpack } | null> {
  const [row] = await db.orm
    .select({ connection: connections, backpack: backpacks })
    .from(connections)
    .innerJoin(backpacks, eq(backpacks.id, connections.external_backpack_id))
    .where(eq(connections.id, connectionId))
    .limit(1);
  return row ?? null;
}

/**
 * Connections that were pulled before that time or never, and for which no pull waits, the one
 * pulled longest ago first. One that met a problem comes round as late as one that did not: what
 * passes by itself is tried again by its own job.
 */
export async function findDuePulls(db: Database, before: number, limit: number): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT connection.id FROM badge_backpacks connection
      JOIN badge_external_backpacks backpack ON backpack.id = connection.external_backpack_id
      WHERE backpack.is_enabled AND connection.status = 'connected'
        AND coalesce(connection.last_pulled_at, 0) <= ?
        AND (connection.last_pull_problem IS NULL OR connection.updated_at <= ?)
        AND NOT EXISTS (
          SELECT 1 FROM jobs WHERE kind = 'backpack.pull' AND dedupe_key = connection.id
            AND done_at is null and parked_at is null)
      ORDER BY coalesce(connection.last_pulled_at, 0), connection.id LIMIT ?`,
    params: [before, before, limit],
  });
  return rows.map((row) => String(row[0]));
}
