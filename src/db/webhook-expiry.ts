// Which awards expire, told to the endpoints that listen: once each, however often one looks.
import type { Database, Statement } from "./database.ts";
import { DELIVER, JOB_OF_ENDPOINT, LISTENS, WEBHOOK_ROW_ID } from "./webhook-plan.ts";

/** Awards in one statement, so that nobody waits long for the lock. */
export const AWARDS_AT_ONCE = 500;

/** A place in the order of awards by when they expire. */
export interface ExpiryPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of an award; empty is before all that expire then. */
  readonly id: string;
}

export async function isAnyoneListening(db: Database, type: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT 1 FROM webhook_endpoints e WHERE ${LISTENS})`;
  const { rows } = await db.read({ sql, params: [type] });
  return Number(rows[0]?.[0]) === 1;
}

/** Awards that stand and expire behind a point, up to another one. */
const BETWEEN =
  "a.date_expire IS NOT NULL AND a.revoked_at IS NULL AND (a.date_expire, a.id) > (?, ?)";

/** The last of the next awards behind a point that expire by `to`, and how many; null where none does. */
export async function endOfSlice(
  db: Database,
  { at, id }: ExpiryPoint,
  to: number,
): Promise<{ readonly point: ExpiryPoint; readonly count: number } | null> {
  const { rows } = await db.read({
    sql: `SELECT a.date_expire, a.id FROM badge_issues a
      WHERE ${BETWEEN} AND a.date_expire <= ?
      ORDER BY a.date_expire, a.id LIMIT ${AWARDS_AT_ONCE}`,
    params: [at, id, to],
  });
  const last = rows.at(-1);
  if (last === undefined) return null;
  return { point: { at: Number(last[0]), id: String(last[1]) }, count: rows.length };
}

export interface ExpiryMessage {
  /** A new id. */
  readonly id: string;
  readonly type: string;
  /** What makes the message's id another one than that of the other look. */
  readonly word: string;
  /** How long before the end it is told of. */
  readonly aheadMs: number;
  readonly now: number;
}

/**
 * A row for each award between two points and each endpoint that listens, unless the award was made,
 * or the endpoint added, after the moment that is told of. The message's id is made of the award's, so
 * that another look finds it told already.
 */
export function planExpiries(
  { id, type, word, aheadMs, now }: ExpiryMessage,
  from: ExpiryPoint,
  to: ExpiryPoint,
): Statement {
  const moment = "a.date_expire - ?";
  return {
    sql: `INSERT INTO webhook_deliveries
        (id, endpoint_id, organization_id, message_id, type, data, occurred_at, due_at, created_at)
      SELECT ${WEBHOOK_ROW_ID}, e.id, e.organization_id, a.id || '-${word}-' || a.date_expire, ?,
        json_object('organization', a.organization_id, 'award', a.id, 'badge', a.badge_id,
          'user', a.user_id), ${moment}, ?, ?
      FROM badge_issues a JOIN webhook_endpoints e ON e.organization_id = a.organization_id
      WHERE ${BETWEEN} AND (a.date_expire, a.id) <= (?, ?) AND ${LISTENS}
        AND a.awarded_at <= ${moment} AND e.created_at <= ${moment}
      ON CONFLICT (endpoint_id, message_id) DO NOTHING`,
    params: [id, type, aheadMs, now, now, from.at, from.id, to.at, to.id, type, aheadMs, aheadMs],
  };
}

/** The rows of a job for each endpoint where something is due, and no job waits that would see to it. */
export function jobsForgotten(id: string, now: number): Statement {
  return {
    sql: `SELECT ${JOB_OF_ENDPOINT} FROM webhook_endpoints e
      WHERE (e.rests_until IS NULL OR e.rests_until <= ?)
        AND EXISTS (SELECT 1 FROM webhook_deliveries d
          WHERE d.endpoint_id = e.id AND d.state = 'waiting' AND d.due_at <= ?)
        AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = '${DELIVER}' AND j.dedupe_key = e.id
          AND j.done_at is null and j.parked_at is null)`,
    params: [id, now, now],
  };
}
