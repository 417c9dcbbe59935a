// Sending what people are to be told: which mails are due, who has them in hand, and what became of each.
import type { Database, Statement } from "./database.ts";
import type { Notification } from "./notifications.ts";

/** A mail in hand. `attempts` counts this try, and tells it from any later one. */
export type DueNotification = Pick<
  Notification,
  "kind" | "subject_id" | "organization_id" | "attempts" | "created_at"
>;

/** The code of a mail that somebody has in hand, until it is due. */
export const SENDING = "sending";

/**
 * Takes an organization's mails that are due, the longest waiting first, and has nobody else see
 * them as due before `until`: should this process die, they are then. Times in milliseconds.
 */
export async function claimDue(
  db: Database,
  organizationId: string,
  { now, until, limit }: { readonly now: number; readonly until: number; readonly limit: number },
): Promise<DueNotification[]> {
  const [result] = await db.batch([
    {
      sql: `UPDATE notifications SET attempts = attempts + 1, due_at = ?, last_error = '${SENDING}'
        WHERE (kind, subject_id) IN (
          SELECT kind, subject_id FROM notifications
          WHERE organization_id = ? AND state = 'waiting' AND due_at <= ?
          ORDER BY due_at LIMIT ?)
        RETURNING kind, subject_id, attempts, created_at`,
      params: [until, organizationId, now, limit],
    },
  ]);
  return (result?.rows ?? []).map(([kind, subject, attempts, createdAt]) => ({
    kind: String(kind),
    subject_id: String(subject),
    organization_id: organizationId,
    attempts: Number(attempts),
    created_at: Number(createdAt),
  }));
}

/** When the next of an organization's mails is due; null where none waits. */
export async function nextDue(db: Database, organizationId: string): Promise<number | null> {
  const { rows } = await db.read({
    sql: `SELECT due_at FROM notifications WHERE organization_id = ? AND state = 'waiting'
      ORDER BY due_at LIMIT 1`,
    params: [organizationId],
  });
  return rows[0] === undefined ? null : Number(rows[0][0]);
}

const IN_HAND = "kind = ? AND subject_id = ? AND state = 'waiting' AND attempts = ?";

function inHand({ kind, subject_id, attempts }: DueNotification) {
  return [kind, subject_id, attempts] as const;
}

/** Whoever has it in hand by now: it was taken, and that is final. */
export function markSent({ kind, subject_id }: DueNotification, now: number): Statement {
  return {
    sql: `UPDATE notifications SET state = 'sent', sent_at = ?, last_error = NULL
      WHERE kind = ? AND subject_id = ? AND state <> 'sent'`,
    params: [now, kind, subject_id],
  };
}

/** There is nobody to tell, or nothing any more; `code` says why. */
export function markCancelled(one: DueNotification, code: string): Statement {
  return {
    sql: `UPDATE notifications SET state = 'cancelled', last_error = ? WHERE ${IN_HAND}`,
    params: [code, ...inHand(one)],
  };
}

/** To be tried again at `dueAt`; null parks it for a person to send again. */
export function markFailed(one: DueNotification, code: string, dueAt: number | null): Statement {
  if (dueAt === null) {
    return {
      sql: `UPDATE notifications SET state = 'parked', last_error = ? WHERE ${IN_HAND}`,
      params: [code, ...inHand(one)],
    };
  }
  return {
    sql: `UPDATE notifications SET due_at = ?, last_error = ? WHERE ${IN_HAND}`,
    params: [dueAt, code, ...inHand(one)],
  };
}

export interface Postponement {
  readonly code: string;
  readonly now: number;
  readonly dueAt: number;
  /** What was written down until then, and tried so often, is parked. */
  readonly parks: { readonly writtenUntil: number; readonly attempts: number };
}

/**
 * No mail of the organization can go now: all that are due, and those in hand, wait. It counts as a
 * try of each.
 */
export function postponeAll(
  organizationId: string,
  held: readonly DueNotification[],
  { code, now, dueAt, parks }: Postponement,
): Statement[] {
  const set = `due_at = ?, last_error = ?,
    state = CASE WHEN created_at <= ? AND attempts >= ? THEN 'parked' ELSE 'waiting' END`;
  const values = [dueAt, code, parks.writtenUntil, parks.attempts] as const;
  return [
    {
      sql: `UPDATE notifications SET ${set}, attempts = attempts + 1
        WHERE organization_id = ? AND state = 'waiting' AND due_at <= ?`,
      params: [...values, organizationId, now],
    },
    ...held.map((one) => ({
      sql: `UPDATE notifications SET ${set} WHERE ${IN_HAND}`,
      params: [...values, ...inHand(one)],
    })),
  ];
}

/** Organizations whose mails are due and have no job waiting that sends them: at most `limit`. */
export async function organizationsLeftWaiting(
  db: Database,
  { kind, now, limit }: { readonly kind: string; readonly now: number; readonly limit: number },
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `WITH RECURSIVE waiting (organization_id) AS (
        SELECT min(organization_id) FROM notifications WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT organization_id FROM notifications
          WHERE state = 'waiting' AND organization_id > waiting.organization_id
          ORDER BY organization_id LIMIT 1)
        FROM waiting WHERE waiting.organization_id IS NOT NULL
      )
      SELECT organization_id FROM waiting
      WHERE organization_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM notifications due
          WHERE due.organization_id = waiting.organization_id AND due.state = 'waiting'
            AND due.due_at <= ?)
        AND NOT EXISTS (SELECT 1 FROM jobs
          WHERE kind = ? AND dedupe_key = waiting.organization_id
            AND done_at is null and parked_at is null)
      LIMIT ?`,
    params: [now, kind, limit],
  });
  return rows.map(([id]) => String(id));
}
