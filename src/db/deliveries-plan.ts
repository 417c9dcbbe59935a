// Which awards are to go where, written in the batch of what makes it so: one row an award and connection.
import type { Statement, Value, Writable } from "./database.ts";

/** Before a backpack's id: the lane of the jobs that ask it. */
export const LANE_PREFIX = "backpack:";

export const PUSH = "backpack.push";

/** Written by whoever finishes an authorization, in the batch of the connection. */
export const CONNECTED = "backpack.connected";

/**
 * Whose an award is: of everybody with a proven identity equal to the one it was made out to,
 * whichever row of `users` an organization hung it on. `mine` is the proven one.
 */
const THEIRS = `identities mine
  JOIN users u ON u.id = mine.user_id AND u.status = 'active'
  JOIN identities named ON named.type = mine.type AND named.normalised = mine.normalised
  JOIN badge_issues a ON a.user_id = named.user_id AND a.recipient_identity_id = named.id`;

/** What is sent without being asked for: not what the person hid or declined. */
const SHOWN = "a.revoked_at IS NULL AND a.visible = 1 AND a.claim_state <> 'declined'";

const COLUMNS =
  "id, award_id, connection_id, organization_id, user_id, state, next_try_at, created_at, updated_at";

/** A row's id: the time and part of the chance of one UUIDv7, and 48 bits of chance of its own. */
const ROW_ID = "substr(?, 1, 24) || lower(hex(randomblob(6)))";

function written(statement: Statement): Writable {
  const { sql, params } = statement;
  return { toSQL: () => ({ sql, params: [...params] }) };
}

/** A new id, and the time of it all in milliseconds since 1970. */
export interface Planning {
  readonly id: string;
  readonly now: number;
}

interface PlannedAward {
  readonly id: string;
  readonly organization_id: string;
  readonly recipient_type: string;
  readonly recipient_identity: string;
}

/** Rows of a new award; none where nobody it belongs to has a connection that takes new ones. */
export function planAward({ id, now }: Planning, award: PlannedAward): Writable {
  return written({
    sql: `INSERT INTO deliveries (${COLUMNS})
      SELECT ${ROW_ID}, ?, c.id, ?, c.user_id, 'pending', ?, ?, ?
      FROM identities mine JOIN badge_backpacks c ON c.user_id = mine.user_id
        JOIN users u ON u.id = mine.user_id AND u.status = 'active'
      WHERE mine.type = ? AND mine.normalised = ? AND mine.verified_at IS NOT NULL
        AND c.auto_sync = 1
      ON CONFLICT (award_id, connection_id) DO NOTHING`,
    params: [
      id,
      award.id,
      award.organization_id,
      now,
      now,
      now,
      award.recipient_type,
      award.recipient_identity,
    ],
  });
}

/**
 * Rows of an award that replaces another, for connections that were sent the other, whether or not
 * they take new ones by themselves: what a backpack has is corrected there. Only where the person of
 * the connection has proven the identity that the new one is made out to.
 */
export function planReplacement(
  { id, now }: Planning,
  replacedId: string,
  award: PlannedAward,
): Writable {
  return written({
    sql: `INSERT INTO deliveries (${COLUMNS})
      SELECT ${ROW_ID}, ?, c.id, ?, c.user_id, 'pending', ?, ?, ?
      FROM deliveries d JOIN badge_backpacks c ON c.id = d.connection_id
        JOIN identities mine ON mine.user_id = c.user_id
        JOIN users u ON u.id = mine.user_id AND u.status = 'active'
      WHERE d.award_id = ? AND d.delivered_revision IS NOT NULL
        AND mine.type = ? AND mine.normalised = ? AND mine.verified_at IS NOT NULL
      ON CONFLICT (award_id, connection_id) DO NOTHING`,
    params: [
      id,
      award.id,
      award.organization_id,
      now,
      now,
      now,
      replacedId,
      award.recipient_type,
      award.recipient_identity,
    ],
  });
}

/** Rows of all that a person has, for each of their connections that takes new awards. */
export function planForPerson({ id, now }: Planning, userId: string): Writable {
  return planAll({ id, now }, "c.user_id = ? AND c.auto_sync = 1", [userId]);
}

/** Rows of all that the person of a connection has, if it takes new awards. */
export function planForConnection({ id, now }: Planning, connectionId: string): Writable {
  return planAll({ id, now }, "c.id = ? AND c.auto_sync = 1", [connectionId]);
}

function planAll({ id, now }: Planning, which: string, params: readonly Value[]): Writable {
  return written({
    sql: `INSERT INTO deliveries (${COLUMNS})
      SELECT ${ROW_ID}, a.id, c.id, a.organization_id, c.user_id, 'pending', ?, ?, ?
      FROM badge_backpacks c JOIN ${THEIRS}
      WHERE ${which} AND mine.user_id = c.user_id AND mine.verified_at IS NOT NULL AND ${SHOWN}
      ON CONFLICT (award_id, connection_id) DO NOTHING`,
    params: [id, now, now, now, ...params],
  });
}

/** Sent for once more by hand: what is being sent is left alone, and what was revoked too. */
const SEND_AGAIN = `ON CONFLICT (award_id, connection_id) DO UPDATE SET
    state = CASE WHEN state = 'parked' AND delivered_revision IS NULL THEN 'unknown'
      WHEN state = 'unknown' THEN 'unknown' ELSE 'pending' END,
    next_try_at = excluded.next_try_at, first_attempt_at = NULL, attempts = 0,
    updated_at = excluded.updated_at
  WHERE state NOT IN ('sending', 'withdrawn')`;

/**
 * One award, or all the person has, to one connection of theirs, whether or not it takes new ones by
 * itself. Of all, those that arrived are left alone. Revoked and foreign awards are none of theirs.
 */
export function planByHand(
  { id, now }: Planning,
  userId: string,
  connectionId: string,
  awardId: string | null,
): Writable {
  const which = awardId === null ? SHOWN : "a.id = ? AND a.revoked_at IS NULL";
  const unless = awardId === null ? " AND state <> 'delivered'" : "";
  return written({
    sql: `INSERT INTO deliveries (${COLUMNS})
      SELECT ${ROW_ID}, a.id, c.id, a.organization_id, c.user_id, 'pending', ?, ?, ?
      FROM badge_backpacks c JOIN ${THEIRS}
      WHERE c.id = ? AND c.user_id = ? AND mine.user_id = c.user_id
        AND mine.verified_at IS NOT NULL AND ${which}
      ${SEND_AGAIN}${unless}`,
    params: [id, now, now, now, connectionId, userId, ...(awardId === null ? [] : [awardId])],
  });
}

/**
 * What became of an award's deliveries when the award changed or was revoked; after the change, in
 * its batch. What the backpack has is sent anew. What was revoked and is certainly not there is
 * withdrawn without a word; where it may be, the backpack is asked first. A row that is being sent
 * finds out by itself when it comes back, and what waits for the person goes on waiting.
 */
export function planChange({ now }: Pick<Planning, "now">, awardId: string): Writable {
  const revoked = "(SELECT revoked_at IS NOT NULL FROM badge_issues WHERE id = award_id)";
  const nothingToSay = `${revoked} AND delivered_revision IS NULL AND state IN ('pending', 'refused')`;
  return written({
    sql: `UPDATE deliveries SET
        state = CASE WHEN ${nothingToSay} THEN 'withdrawn'
          WHEN state = 'parked' AND delivered_revision IS NULL THEN 'unknown'
          WHEN state IN ('delivered', 'refused', 'parked') THEN 'pending' ELSE state END,
        next_try_at = CASE WHEN ${nothingToSay} THEN NULL
          WHEN state IN ('pending', 'unknown') AND next_try_at IS NULL THEN NULL ELSE ? END,
        first_attempt_at = NULL, attempts = 0, updated_at = ?
      WHERE award_id = ? AND state NOT IN ('sending', 'withdrawn')
        AND coalesce(delivered_revision, 0) < (SELECT revision FROM badge_issues WHERE id = award_id)`,
    params: [now, now, awardId],
  });
}

/** What waited for the person goes on: they have connected again. */
export function resume(now: number, connectionId: string): Writable {
  return written({
    sql: `UPDATE deliveries SET next_try_at = ?, first_attempt_at = NULL, attempts = 0, updated_at = ?
      WHERE connection_id = ? AND state IN ('pending', 'unknown') AND next_try_at IS NULL`,
    params: [now, now, connectionId],
  });
}

/** Parked rows, of one delivery, of one backpack or of all, wait to be tried again. */
export function replay(
  now: number,
  which: { readonly id: string } | { readonly backpackId: string | null },
): Writable {
  const [condition, params] = replayed(which);
  return written({
    sql: `UPDATE deliveries SET
        state = CASE WHEN state = 'parked' AND delivered_revision IS NULL THEN 'unknown' ELSE 'pending' END,
        next_try_at = ?, first_attempt_at = NULL, attempts = 0, updated_at = ?
      WHERE ${condition}`,
    params: [now, now, ...params],
  });
}

function replayed(
  which: { readonly id: string } | { readonly backpackId: string | null },
): readonly [string, readonly Value[]] {
  if ("id" in which) return ["id = ? AND state IN ('parked', 'refused')", [which.id]];
  if (which.backpackId === null) return ["state = 'parked'", []];
  return [
    `state = 'parked' AND connection_id IN
      (SELECT id FROM badge_backpacks WHERE external_backpack_id = ?)`,
    [which.backpackId],
  ];
}

/** What SELECT finds the connections whose job is to be woken; `d` is their deliveries. */
export interface Wakeable {
  readonly condition: string;
  readonly params: readonly Value[];
}

export const WAKEABLE = {
  award: (awardId: string): Wakeable => ({ condition: "d.award_id = ?", params: [awardId] }),
  delivery: (id: string): Wakeable => ({ condition: "d.id = ?", params: [id] }),
  connection: (id: string): Wakeable => ({ condition: "d.connection_id = ?", params: [id] }),
  person: (userId: string): Wakeable => ({
    condition: "d.connection_id IN (SELECT id FROM badge_backpacks WHERE user_id = ?)",
    params: [userId],
  }),
  /** Whatever is due by then; at most so many connections. */
  due: (by: number): Wakeable => ({ condition: "d.next_try_at <= ?", params: [by] }),
  /** Due for some time, where no job waits that would see to it: its wake-up was lost. */
  forgotten: (by: number): Wakeable => ({
    condition: `d.next_try_at <= ? AND c.status = 'connected'
      AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = '${PUSH}' AND j.dedupe_key = c.id
        AND j.done_at is null and j.parked_at is null)
      AND EXISTS (SELECT 1 FROM badge_external_backpacks b
        WHERE b.id = c.external_backpack_id AND b.is_enabled = 1)`,
    params: [by],
  }),
} as const;

/** Connections a statement wakes at most: the rest is found by the next sweep. */
export const WAKE_AT_ONCE = 500;

/**
 * The rows of a job for each connection with something to do: id, dedupe_key, lane, payload. The plus
 * sign keeps the planner off an index that it would read whole, to have the connections in order.
 */
export function jobsOf({ id }: Pick<Planning, "id">, { condition, params }: Wakeable): Statement {
  return {
    sql: `SELECT ${ROW_ID}, c.id, '${LANE_PREFIX}' || c.external_backpack_id,
        json_object('connection_id', c.id)
      FROM (SELECT DISTINCT +d.connection_id AS id FROM deliveries d
        JOIN badge_backpacks c ON c.id = d.connection_id
        WHERE ${condition} AND d.next_try_at IS NOT NULL LIMIT ${WAKE_AT_ONCE}) woken
      JOIN badge_backpacks c ON c.id = woken.id`,
    params: [id, ...params],
  };
}
