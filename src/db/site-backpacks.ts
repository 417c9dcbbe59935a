// Backpacks as the site's administrators see them: in order, with how it goes with each.
import { asc, count, desc, eq, or, type SQL, sql } from "drizzle-orm";
import {
  type AuthorizationServer,
  authorizationServers,
  type Backpack,
  backpacks,
  type Connection,
  connections,
} from "./backpacks.ts";
import type { Database, Statement, Value } from "./database.ts";
import { type OutboundHost, outboundHosts } from "./deliveries.ts";
import { isBreach } from "./errors.ts";
import { users } from "./organizations.ts";

/** Every backpack, the primary one first. */
export function listBackpacks(db: Database): Promise<Backpack[]> {
  return db.orm.select().from(backpacks).orderBy(asc(backpacks.sort_order), asc(backpacks.id));
}

export async function findBackpack(db: Database, id: string): Promise<Backpack | null> {
  const [row] = await db.orm.select().from(backpacks).where(eq(backpacks.id, id)).limit(1);
  return row ?? null;
}

/** One that has either of these addresses already; the one people go to by it first. */
export async function findBackpackAt(
  db: Database,
  apiUrl: string,
  webUrl: string,
): Promise<Backpack | null> {
  const [row] = await db.orm
    .select()
    .from(backpacks)
    .where(or(eq(backpacks.backpack_api_url, apiUrl), eq(backpacks.backpack_web_url, webUrl)))
    .orderBy(desc(eq(backpacks.backpack_web_url, webUrl)))
    .limit(1);
  return row ?? null;
}

/**
 * After all others, counted when it is written. Where a person adds it who has added `most` by then,
 * there is no place for it, and the batch is refused (`isOverBackpackLimit`).
 */
export function lastInOrder(addedBy: string | null, most: number): SQL<number> {
  return sql`(select case
      when ${addedBy} is null or count(*) filter (where added_by_user_id = ${addedBy}) < ${most}
      then coalesce(max(sort_order), -1) + 1 end
    from badge_external_backpacks)`;
}

/** Whether a batch was undone because a person has added as many backpacks as they may. */
export function isOverBackpackLimit(error: unknown): boolean {
  return isBreach(error, "not_null", "badge_external_backpacks.sort_order");
}

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

/** The authorization server that was read from a manifest at this address. */
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

/** Keeps what a probe found, in place of the one before. */
export function putProbe(backpackId: string, probe: object, now: number): Statement {
  return {
    sql: "UPDATE badge_external_backpacks SET last_probe = ?, last_probe_at = ? WHERE id = ?",
    params: [JSON.stringify(probe), now, backpackId],
  };
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

export async function isPerson(db: Database, userId: string): Promise<boolean> {
  const rows = await db.orm.select({ id: users.id }).from(users).where(eq(users.id, userId));
  return rows.length > 0;
}

export interface Link {
  readonly connection: Connection;
  readonly backpack: Backpack;
}

/** A connection with its backpack; null where it was ended. */
export async function findConnected(db: Database, connectionId: string): Promise<Link | null> {
  const [row] = await db.orm
    .select({ connection: connections, backpack: backpacks })
    .from(connections)
    .innerJoin(backpacks, eq(backpacks.id, connections.external_backpack_id))
    .where(eq(connections.id, connectionId))
    .limit(1);
  return row ?? null;
}

/**
 * Connections that were pulled before that time or never, or whose person has proven something else
 * since, and for which no pull waits; the one pulled longest ago first. One that met a problem comes
 * round as late as one that did not: what passes by itself is tried again by its own job.
 */
export async function findDuePulls(
  db: Database,
  before: number,
  limit: number,
): Promise<{ connectionId: string; backpackId: string }[]> {
  const { rows } = await db.read({
    sql: `SELECT connection.id, backpack.id FROM badge_backpacks connection
      JOIN badge_external_backpacks backpack ON backpack.id = connection.external_backpack_id
      JOIN users person ON person.id = connection.user_id AND person.status = 'active'
      WHERE backpack.is_enabled AND connection.status = 'connected'
        AND (connection.pulled_since IS NULL OR connection.last_pulled_at <= ?)
        AND (connection.last_pull_problem IS NULL OR connection.updated_at <= ?)
        AND NOT EXISTS (
          SELECT 1 FROM jobs WHERE kind = 'backpack.pull' AND dedupe_key = connection.id
            AND done_at is null and parked_at is null)
      ORDER BY coalesce(connection.last_pulled_at, 0), connection.id LIMIT ?`,
    params: [before, before, limit],
  });
  return rows.map(([connection, backpack]) => ({
    connectionId: String(connection),
    backpackId: String(backpack),
  }));
}

/**
 * Takes a backpack away with what the site itself knows of it, and its authorization server where no
 * other backpack has the same. The batch fails as `foreign_key` while anybody is connected.
 */
export function removal({ id, oauth2_issuer_id: serverId }: Backpack): Statement[] {
  const without = (sql: string, ...params: Value[]): Statement => ({ sql, params });
  return [
    without("DELETE FROM oauth_authorizations WHERE external_backpack_id = ?", id),
    without("DELETE FROM badge_external_identifiers WHERE site_backpack_id = ?", id),
    without("DELETE FROM badge_external_backpacks WHERE id = ?", id),
    without(
      `DELETE FROM oauth2_issuers WHERE id = ? AND NOT EXISTS (
        SELECT 1 FROM badge_external_backpacks other WHERE other.oauth2_issuer_id = oauth2_issuers.id)`,
      serverId,
    ),
  ];
}

/** What is counted of each backpack; see `BackpackHealth`. */
export interface CountedHealth {
  readonly backpackId: string;
  readonly apiUrl: string;
  readonly connected: number;
  readonly reconnect: number;
  readonly pullProblems: number;
  readonly waiting: number;
  readonly parked: number;
  readonly refused: number;
  readonly delivered: number;
  readonly lastSuccessAt: number | null;
}

/**
 * Those that were delivered are most of all, and are what is left of a count that an index alone
 * answers; the others are looked at.
 */
const COUNT_HEALTH = `WITH undelivered AS (
    SELECT connection_id, count(*) count, sum(state = 'parked') parked,
      sum(state = 'refused') refused,
      sum(state IN ('pending', 'sending', 'unknown')) waiting
    FROM deliveries WHERE state IN ('pending', 'sending', 'unknown', 'parked', 'refused', 'withdrawn')
    GROUP BY connection_id
  ), all_of_them AS (
    SELECT connection_id, count(*) count FROM deliveries GROUP BY connection_id
  ), linked AS (
    SELECT connection.external_backpack_id id, sum(status = 'connected') connected,
      sum(status = 'reconnect') reconnect,
      sum(last_pull_problem IS NOT NULL AND last_pull_problem <> 'more_than_read') problems,
      max(last_pulled_at) pulled, sum(undelivered.waiting) waiting, sum(undelivered.parked) parked,
      sum(undelivered.refused) refused,
      sum(coalesce(all_of_them.count, 0) - coalesce(undelivered.count, 0)) delivered
    FROM badge_backpacks connection
    LEFT JOIN all_of_them ON all_of_them.connection_id = connection.id
    LEFT JOIN undelivered ON undelivered.connection_id = connection.id
    GROUP BY connection.external_backpack_id
  )
  SELECT backpack.id, backpack.backpack_api_url, coalesce(linked.connected, 0),
    coalesce(linked.reconnect, 0), coalesce(linked.problems, 0), coalesce(linked.waiting, 0),
    coalesce(linked.parked, 0), coalesce(linked.refused, 0), coalesce(linked.delivered, 0),
    linked.pulled
  FROM badge_external_backpacks backpack LEFT JOIN linked ON linked.id = backpack.id
  ORDER BY backpack.sort_order, backpack.id`;

/** Connections, deliveries and pulls of every backpack, counted from indexes. */
export async function countHealth(db: Database): Promise<CountedHealth[]> {
  const { rows } = await db.read({ sql: COUNT_HEALTH, params: [] });
  return rows.map(([id, apiUrl, ...counts]) => {
    const [connected, reconnect, pullProblems, waiting, parked, refused, delivered] = counts
      .slice(0, 7)
      .map(Number);
    const last = counts[7] ?? null;
    return {
      backpackId: String(id),
      apiUrl: String(apiUrl),
      connected: connected ?? 0,
      reconnect: reconnect ?? 0,
      pullProblems: pullProblems ?? 0,
      waiting: waiting ?? 0,
      parked: parked ?? 0,
      refused: refused ?? 0,
      delivered: delivered ?? 0,
      lastSuccessAt: last === null ? null : Number(last),
    };
  });
}

/** How it goes with every host that was ever sent to. */
export function listHosts(db: Database): Promise<OutboundHost[]> {
  return db.orm.select().from(outboundHosts);
}
