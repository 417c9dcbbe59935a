// Tokens of connections: read with the connection they serve, written only over what was read.
import { and, eq } from "drizzle-orm";
import { type Connection, connections, type Token, tokens } from "./backpacks.ts";
import type { Database, Statement, Writable } from "./database.ts";

export interface HeldToken {
  readonly token: Token;
  readonly connection: Pick<Connection, "id" | "status">;
}

export async function findToken(db: Database, connectionId: string): Promise<HeldToken | null> {
  const [row] = await db.orm
    .select({ token: tokens, connection: { id: connections.id, status: connections.status } })
    .from(tokens)
    .innerJoin(connections, eq(connections.id, tokens.connection_id))
    .where(eq(tokens.connection_id, connectionId))
    .limit(1);
  return row ?? null;
}

/** Changes a row if it still holds the generation that was read. */
export function updateToken(
  db: Database,
  { id, generation }: Pick<Token, "id" | "generation">,
  values: Partial<typeof tokens.$inferInsert>,
): Writable {
  return db.orm
    .update(tokens)
    .set(values)
    .where(and(eq(tokens.id, id), eq(tokens.generation, generation)));
}

/** Takes the right to refresh this generation; changes no row where somebody else has it. */
export function leaseRefresh(
  { id, generation }: Pick<Token, "id" | "generation">,
  holder: string,
  now: number,
  until: number,
): Statement {
  return {
    sql: `UPDATE badge_backpack_oauth2s SET refresh_lease_until = ?, refresh_lease_holder = ?
      WHERE id = ? AND generation = ? AND (refresh_lease_until IS NULL OR refresh_lease_until <= ?)`,
    params: [until, holder, id, generation, now],
  };
}

/** Ends a lease that is still its holder's; nobody refreshes before `until`, where it is given. */
export function releaseRefresh(
  { id, generation }: Pick<Token, "id" | "generation">,
  holder: string,
  until: number | null,
): Statement {
  return {
    sql: `UPDATE badge_backpack_oauth2s SET refresh_lease_until = ?, refresh_lease_holder = NULL
      WHERE id = ? AND generation = ? AND refresh_lease_holder = ?`,
    params: [until, id, generation, holder],
  };
}

/** A connection that works on this generation of its token, as a condition. */
const STANDS = `EXISTS (SELECT 1 FROM badge_backpacks c
    JOIN badge_backpack_oauth2s t ON t.connection_id = c.id
    WHERE c.id = ? AND c.status = 'connected' AND t.generation = ?)`;

/**
 * Has a connection wait for its person, with an event that says why; nothing is written where a
 * newer token was stored meanwhile, or the connection waits already.
 */
export function awaitReconnect(
  connectionId: string,
  generation: number,
  event: { readonly id: string; readonly at: number; readonly code: string },
): Statement[] {
  const { id, at, code } = event;
  return [
    {
      sql: `INSERT INTO backpack_events (id, connection_id, kind, detail, created_at)
        SELECT ?, ?, 'reconnect', ?, ? WHERE ${STANDS}`,
      params: [id, connectionId, JSON.stringify({ code }), at, connectionId, generation],
    },
    {
      sql: `UPDATE badge_backpacks SET status = 'reconnect', problem = ?, updated_at = ?
        WHERE id = ? AND ${STANDS}`,
      params: [code, at, connectionId, connectionId, generation],
    },
  ];
}
