// What people were to be told, for whoever asks what became of it, and has it sent again.
import type { Database, Statement } from "./database.ts";
import {
  type Notification,
  type NotificationKey,
  type NotificationState,
  TOLD_AGAIN,
} from "./notifications.ts";
import { SENDING } from "./notifications-send.ts";

const COLUMNS = `kind, subject_id, organization_id, state, due_at, attempts, sent_at, last_error,
  created_at`;

type Row = readonly unknown[];

function toNotification(row: Row): Notification {
  const [kind, subject, organization, state, due, attempts, sent, error, created] = row;
  return {
    kind: String(kind),
    subject_id: String(subject),
    organization_id: String(organization),
    state: String(state) as NotificationState,
    due_at: Number(due),
    attempts: Number(attempts),
    sent_at: sent === null ? null : Number(sent),
    last_error: error === null ? null : String(error),
    created_at: Number(created),
  };
}

export async function findNotification(
  db: Database,
  { organization_id, kind, subject_id }: NotificationKey,
): Promise<Notification | null> {
  const { rows } = await db.read({
    sql: `SELECT ${COLUMNS} FROM notifications
      WHERE kind = ? AND subject_id = ? AND organization_id = ?`,
    params: [kind, subject_id, organization_id],
  });
  return rows[0] === undefined ? null : toNotification(rows[0]);
}

/** The last mail that was asked for once more about an award; null where none was. */
export async function lastToldAgain(
  db: Database,
  organizationId: string,
  award: string,
): Promise<Notification | null> {
  const { rows } = await db.read({
    sql: `SELECT ${COLUMNS} FROM notifications WHERE kind = '${TOLD_AGAIN}'
        AND subject_id > ? AND subject_id < ? AND organization_id = ?
      ORDER BY subject_id DESC LIMIT 1`,
    params: [`${award}.`, `${award}/`, organizationId],
  });
  return rows[0] === undefined ? null : toNotification(rows[0]);
}

export interface NotificationFilter {
  readonly state?: NotificationState | undefined;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: Pick<Notification, "created_at" | "kind" | "subject_id"> | undefined;
}

/**
 * One row more than a page holds, newest first. The state is text, so that its index is used; what
 * waits is few among many, and is put in order once it is found.
 */
export async function listNotifications(
  db: Database,
  organizationId: string,
  { state, limit, after }: NotificationFilter,
): Promise<Notification[]> {
  const { rows } = await db.read({
    sql: `SELECT ${COLUMNS} FROM notifications
      ${state === "waiting" ? "INDEXED BY idx_notifications_due" : ""} WHERE organization_id = ?
      ${state === undefined ? "" : `AND state = '${state}'`}
      ${after === undefined ? "" : "AND (created_at, kind, subject_id) < (?, ?, ?)"}
      ORDER BY created_at DESC, kind DESC, subject_id DESC LIMIT ?`,
    params: [
      organizationId,
      ...(after === undefined ? [] : [after.created_at, after.kind, after.subject_id]),
      limit + 1,
    ],
  });
  return rows.map(toNotification);
}

/** Begins its tries anew, unless it was sent or is under way: that is never done twice. */
const ANEW = `UPDATE notifications SET state = 'waiting', attempts = 0, due_at = ?, created_at = ?,
  last_error = NULL`;

export function sendAgain(
  { organization_id, kind, subject_id }: NotificationKey,
  now: number,
): Statement {
  return {
    sql: `${ANEW} WHERE kind = ? AND subject_id = ? AND organization_id = ? AND state <> 'sent'
      AND NOT (state = 'waiting' AND due_at > ? AND last_error IS '${SENDING}')`,
    params: [now, now, kind, subject_id, organization_id, now],
  };
}

export function sendParkedAgain(organizationId: string, now: number): Statement {
  return {
    sql: `${ANEW} WHERE organization_id = ? AND state = 'parked'`,
    params: [now, now, organizationId],
  };
}

export async function countParked(db: Database, organizationId: string): Promise<number> {
  const { rows } = await db.read({
    sql: "SELECT count(*) FROM notifications WHERE organization_id = ? AND state = 'parked'",
    params: [organizationId],
  });
  return Number(rows[0]?.[0] ?? 0);
}
