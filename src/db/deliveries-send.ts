// The ledger as a push reads and writes it: who claims a row holds a fence, and writes by it alone.
import type { Database, Statement } from "./database.ts";
import type { DeliveryState } from "./deliveries.ts";

/** A row that is to be seen to, and what of its award decides how. */
export interface DueDelivery {
  readonly id: string;
  readonly award_id: string;
  /** `sending` is left from a worker whose lease has ended: nobody knows how far it came. */
  readonly state: "pending" | "unknown" | "sending";
  readonly fence: number;
  readonly attempts: number;
  readonly first_attempt_at: number | null;
  readonly delivered_revision: number | null;
  readonly created_at: number;
  readonly unique_hash: string;
  readonly revision: number;
  readonly revoked_at: number | null;
}

const COLUMNS = [
  "d.id",
  "d.award_id",
  "d.state",
  "d.fence",
  "d.attempts",
  "d.first_attempt_at",
  "d.delivered_revision",
  "d.created_at",
  "a.unique_hash",
  "a.revision",
  "a.revoked_at",
] as const;

const OPEN = "state IN ('pending', 'unknown', 'sending')";

/** Rows of a connection that are due, those first that have been so for the longest. */
export async function findDue(
  db: Database,
  connectionId: string,
  now: number,
  limit: number,
): Promise<DueDelivery[]> {
  const { rows } = await db.read({
    sql: `SELECT ${COLUMNS.join(", ")} FROM deliveries d JOIN badge_issues a ON a.id = d.award_id
      WHERE d.connection_id = ? AND d.next_try_at <= ? AND d.${OPEN}
      ORDER BY d.next_try_at, d.id LIMIT ?`,
    params: [connectionId, now, limit],
  });
  return rows.map((row) => {
    const named = COLUMNS.map((column, i) => [column.slice(2), row[i]]);
    return Object.fromEntries(named) as DueDelivery;
  });
}

/** When the next row of a connection falls due; null where none will by itself. */
export async function nextDue(db: Database, connectionId: string): Promise<number | null> {
  const { rows } = await db.read({
    sql: `SELECT min(next_try_at) FROM deliveries
      WHERE connection_id = ? AND next_try_at IS NOT NULL AND ${OPEN}`,
    params: [connectionId],
  });
  const [at = null] = rows[0] ?? [];
  return at === null ? null : Number(at);
}

/**
 * Takes a row as it was read, until `until`: it affects one row, or none where somebody else was
 * faster. The end of the lease is when it is due again, should its holder die.
 */
export function claim({ id, fence, state }: DueDelivery, now: number, until: number): Statement {
  return {
    sql: `UPDATE deliveries SET state = 'sending', fence = fence + 1, lease_until = ?,
        next_try_at = ?, attempts = attempts + 1,
        first_attempt_at = coalesce(first_attempt_at, ?), updated_at = ?
      WHERE id = ? AND fence = ? AND state = ? AND next_try_at <= ?`,
    params: [until, until, now, now, id, fence, state, now],
  };
}

/** A claimed row: `fence` is the one its holder writes by. */
export interface HeldDelivery extends DueDelivery {
  readonly first_attempt_at: number;
}

/** A due row as it is once `claim` has changed it. */
export function held(due: DueDelivery, now: number): HeldDelivery {
  return {
    ...due,
    fence: due.fence + 1,
    attempts: due.attempts + 1,
    first_attempt_at: due.first_attempt_at ?? now,
  };
}

/** It is there, or what is there was withdrawn; an award that changed meanwhile goes once more. */
export function recordArrival(
  { id, fence, revision }: HeldDelivery,
  arrival: {
    readonly state: "delivered" | "withdrawn";
    readonly remoteId: string | null;
    readonly problem: string | null;
    readonly answer: string | null;
  },
  now: number,
): Statement {
  const changed = "(SELECT revision FROM badge_issues WHERE id = award_id) > ?";
  return {
    sql: `UPDATE deliveries SET
        state = CASE WHEN ${changed} THEN 'pending' ELSE ? END,
        next_try_at = CASE WHEN ${changed} THEN ? END,
        delivered_revision = ?, remote_id = coalesce(?, remote_id), attempts = 0,
        first_attempt_at = NULL, lease_until = NULL, last_problem = ?, last_answer = ?,
        delivered_at = ?, updated_at = ?
      WHERE id = ? AND fence = ? AND state = 'sending'`,
    params: [
      revision,
      arrival.state,
      revision,
      now,
      revision,
      arrival.remoteId,
      arrival.problem,
      arrival.answer,
      now,
      now,
      id,
      fence,
    ],
  };
}

/** It is not there, or nobody knows. */
export interface Setback {
  readonly state: Exclude<DeliveryState, "sending" | "delivered">;
  readonly nextTryAt: number | null;
  readonly problem: string | null;
  readonly answer: string | null;
  /** Waits for the person, if the connection does; a moment otherwise, since they were faster. */
  readonly unlessConnected?: boolean;
}

/** `soon` is when a row is tried again whose person has connected again meanwhile. */
export function recordSetback(
  { id, fence }: HeldDelivery,
  { state, nextTryAt, problem, answer, unlessConnected = false }: Setback,
  now: number,
  soon: number,
): Statement {
  const [next, params] = unlessConnected ? [WAITS, [soon]] : ["?", [nextTryAt]];
  return {
    sql: `UPDATE deliveries SET state = ?, next_try_at = ${next}, lease_until = NULL,
        last_problem = ?, last_answer = ?, updated_at = ?
      WHERE id = ? AND fence = ? AND state = 'sending'`,
    params: [state, ...params, problem, answer, now, id, fence],
  };
}

const WAITS = `CASE WHEN (SELECT status FROM badge_backpacks WHERE id = connection_id) = 'connected'
  THEN ? END`;

export interface Hold {
  readonly until: number;
  readonly problem: string;
  /** What was first tried by then is parked. */
  readonly giveUp: number;
}

/**
 * All rows of a connection that would fall due until then wait, since nothing can be sent there. The
 * time they wait counts, so what has waited since before `giveUp` is parked. Of a row that somebody
 * was sending when their lease ended it stays unknown what came of it.
 */
export function holdDue(connectionId: string, hold: Hold, now: number): Statement {
  const parks = "first_attempt_at <= ?";
  return {
    sql: `UPDATE deliveries SET
        state = CASE WHEN ${parks} THEN 'parked' WHEN state = 'sending' THEN 'unknown' ELSE state END,
        next_try_at = CASE WHEN ${parks} THEN NULL ELSE ? END,
        first_attempt_at = coalesce(first_attempt_at, ?), fence = fence + (state = 'sending'),
        lease_until = NULL, last_problem = coalesce(last_problem, ?), updated_at = ?
      WHERE ${HELD}`,
    params: [
      hold.giveUp,
      hold.giveUp,
      hold.until,
      now,
      hold.problem,
      now,
      ...heldParams(connectionId, hold, now),
    ],
  };
}

/** What somebody is sending is theirs until their lease ends. */
const HELD = `connection_id = ? AND next_try_at <= ? AND ${OPEN}
  AND (state <> 'sending' OR next_try_at <= ?)`;

const heldParams = (connectionId: string, { until }: Hold, now: number) => [
  connectionId,
  until,
  now,
];

/**
 * All due rows of a connection wait until the person has connected it again. `while` is what must
 * still hold for that; if it no longer does, they are due again `soon`.
 */
export function awaitPerson(
  connectionId: string,
  problem: string,
  condition: { readonly generation: number } | "reconnect",
  now: number,
  soon: number,
): Statement {
  const [stands, params] =
    condition === "reconnect"
      ? ["(SELECT status FROM badge_backpacks WHERE id = connection_id) = 'reconnect'", []]
      : [
          "(SELECT generation FROM badge_backpack_oauth2s t WHERE t.connection_id = deliveries.connection_id) = ?",
          [condition.generation],
        ];
  return {
    sql: `UPDATE deliveries SET state = CASE WHEN state = 'sending' THEN 'unknown' ELSE state END,
        next_try_at = CASE WHEN ${stands} THEN NULL ELSE ? END,
        fence = fence + (state = 'sending'), lease_until = NULL, last_problem = ?, updated_at = ?
      WHERE connection_id = ? AND next_try_at <= ? AND ${OPEN}`,
    params: [...params, soon, problem, now, connectionId, now],
  };
}

/** All due rows of a connection to a backpack that takes none. */
export function refuseDue(connectionId: string, problem: string, now: number): Statement {
  return {
    sql: `UPDATE deliveries SET state = 'refused', next_try_at = NULL, lease_until = NULL,
        fence = fence + 1, last_problem = ?, updated_at = ?
      WHERE connection_id = ? AND next_try_at <= ? AND ${OPEN}`,
    params: [problem, now, connectionId, now],
  };
}

/** An event of a row, if its holder may still write; before or after its record in one batch. */
export function eventOf(
  { id: deliveryId, award_id, fence }: HeldDelivery,
  event: { readonly id: string; readonly kind: string; readonly code: string | null },
  now: number,
): Statement {
  return {
    sql: `INSERT INTO backpack_events (id, connection_id, delivery_id, kind, detail, created_at)
      SELECT ?, connection_id, id, ?, ?, ? FROM deliveries WHERE id = ? AND fence = ?`,
    params: [
      event.id,
      event.kind,
      JSON.stringify({ award_id, code: event.code }),
      now,
      deliveryId,
      fence,
    ],
  };
}

/** An event for each row that `holdDue` is about to park; before it in its batch. */
export function parkingEvents(
  connectionId: string,
  id: string,
  hold: Hold,
  now: number,
): Statement {
  return {
    sql: `INSERT INTO backpack_events (id, connection_id, delivery_id, kind, detail, created_at)
      SELECT substr(?, 1, 24) || lower(hex(randomblob(6))), connection_id, id, 'parked',
        json_object('award_id', award_id, 'code', coalesce(last_problem, ?)), ?
      FROM deliveries WHERE ${HELD} AND first_attempt_at <= ?`,
    params: [id, hold.problem, now, ...heldParams(connectionId, hold, now), hold.giveUp],
  };
}
