// Reads and writes of the deliveries of webhooks: what waits, how each try went, and the log of it.
import { and, asc, desc, eq, gte, lt, lte, sql } from "drizzle-orm";
import type { Database, Statement } from "./database.ts";
import { type WebhookDelivery, type WebhookDeliveryState, webhookDeliveries } from "./webhooks.ts";

const IS_WAITING = sql`${webhookDeliveries.state} = 'waiting'`;

/** What is due at an endpoint, what fell due first to the front. */
export function findDueDeliveries(
  db: Database,
  endpointId: string,
  now: number,
  limit: number,
): Promise<WebhookDelivery[]> {
  return (
    db.orm
      .select()
      .from(webhookDeliveries)
      .where(
        and(
          eq(webhookDeliveries.endpoint_id, endpointId),
          IS_WAITING,
          lte(webhookDeliveries.due_at, now),
        ),
      )
      // As the index has them, however many fell due in one moment.
      .orderBy(asc(webhookDeliveries.due_at), sql`rowid`)
      .limit(limit)
  );
}

/** When something falls due at an endpoint; null where nothing waits. */
export async function nextDueDelivery(db: Database, endpointId: string): Promise<number | null> {
  const [row] = await db.orm
    .select({ at: webhookDeliveries.due_at })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.endpoint_id, endpointId), IS_WAITING))
    .orderBy(asc(webhookDeliveries.due_at))
    .limit(1);
  return row?.at ?? null;
}

/** Of an organization; null also for one of another organization. */
export async function findWebhookDelivery(
  db: Database,
  organizationId: string,
  id: string,
): Promise<WebhookDelivery | null> {
  const [row] = await db.orm
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.organization_id, organizationId)))
    .limit(1);
  return row ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listWebhookDeliveries(
  db: Database,
  endpointId: string,
  page: {
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly state?: WebhookDeliveryState | undefined;
  },
): Promise<WebhookDelivery[]> {
  return db.orm
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.endpoint_id, endpointId),
        // As text, so that the index of those that are parked is used.
        page.state === undefined
          ? undefined
          : sql`${webhookDeliveries.state} = ${sql.raw(`'${page.state}'`)}`,
        page.cursor === undefined ? undefined : lt(webhookDeliveries.id, page.cursor),
      ),
    )
    .orderBy(desc(webhookDeliveries.id))
    .limit(page.limit + 1);
}

type Seen = Pick<WebhookDelivery, "id" | "attempts">;

/** Nothing happens where somebody else has tried it meanwhile. */
const AS_SEEN = "id = ? AND state = 'waiting' AND attempts = ?";

export function deliveryAccepted({ id, attempts }: Seen, status: number, now: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET state = 'delivered', attempts = attempts + 1,
        last_attempt_at = ?, delivered_at = ?, last_status = ?, last_error = NULL
      WHERE ${AS_SEEN}`,
    params: [now, now, status, id, attempts],
  };
}

export interface FailedTry {
  readonly code: string;
  readonly status: number | null;
  /** When it is tried again, in milliseconds since 1970; null parks it. */
  readonly dueAt: number | null;
}

export function deliveryFailed(
  { id, attempts }: Seen,
  { code, status, dueAt }: FailedTry,
  now: number,
): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, last_attempt_at = ?,
        last_status = ?, last_error = ?, due_at = coalesce(?, due_at)
      WHERE ${AS_SEEN}`,
    params: [dueAt === null ? "parked" : "waiting", now, status, code, dueAt, id, attempts],
  };
}

/** It was not tried after all. */
export function deliveryPutOff({ id, attempts }: Seen, dueAt: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET due_at = ? WHERE ${AS_SEEN}`,
    params: [dueAt, id, attempts],
  };
}

/** Rows in one statement, so that nobody waits long for the lock. */
export const PARKED_AT_ONCE = 500;

/**
 * Some of what waits at an endpoint, since `by` or longer, waits for a person from now on; all of it
 * once fewer than PARKED_AT_ONCE rows are affected.
 */
export function parkWaiting(endpointId: string, code: string, by: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET state = 'parked', last_error = ?
      WHERE rowid IN (SELECT rowid FROM webhook_deliveries
        WHERE endpoint_id = ? AND state = 'waiting' AND coalesce(resent_at, created_at) <= ?
        LIMIT ${PARKED_AT_ONCE})`,
    params: [code, endpointId, by],
  };
}

/** The endpoint works again: nothing waits for its own turn to come. */
export function hurryWaiting(endpointId: string, now: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET due_at = ?
      WHERE endpoint_id = ? AND state = 'waiting' AND due_at > ?`,
    params: [now, endpointId, now],
  };
}

const SENT_ANEW = `state = 'waiting', attempts = 0, due_at = ?, resent_at = ?, delivered_at = NULL,
  last_error = NULL`;

/** Whatever became of it. */
export function resendOne(id: string, now: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET ${SENT_ANEW} WHERE id = ?`,
    params: [now, now, id],
  };
}

/** What one call has sent again; the next call goes on with the rest. */
export const RESENT_AT_ONCE = 10_000;

/** What is parked at an endpoint and happened at `since` or later, the oldest first. */
export function resendAllParked(endpointId: string, since: number, now: number): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET ${SENT_ANEW}
      WHERE rowid IN (SELECT rowid FROM webhook_deliveries
        WHERE endpoint_id = ? AND state = 'parked' AND occurred_at >= ?
        ORDER BY id LIMIT ${RESENT_AT_ONCE})`,
    params: [now, now, endpointId, since],
  };
}

/** How many are parked at an endpoint of what happened at `since` or later. */
export async function countParked(
  db: Database,
  endpointId: string,
  since: number,
): Promise<number> {
  const [row] = await db.orm
    .select({ count: sql<number>`count(*)` })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.endpoint_id, endpointId),
        sql`${webhookDeliveries.state} = 'parked'`,
        gte(webhookDeliveries.occurred_at, since),
      ),
    );
  return Number(row?.count ?? 0);
}
