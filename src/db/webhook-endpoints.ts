// Reads and writes of the endpoints of webhooks; one that was deleted is found by nobody.
import { and, desc, eq, isNull, lt } from "drizzle-orm";
import type { Database, Statement } from "./database.ts";
import { type DisabledReason, type WebhookEndpoint, webhookEndpoints } from "./webhooks.ts";

/** Of an organization; null also for one of another organization. */
export async function findEndpoint(
  db: Database,
  organizationId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const [row] = await db.orm
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organization_id, organizationId),
        eq(webhookEndpoints.id, id),
        isNull(webhookEndpoints.deleted_at),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** For whoever delivers: null where nothing is to be sent any more. */
export async function findListening(db: Database, id: string): Promise<WebhookEndpoint | null> {
  const [row] = await db.orm
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), isNull(webhookEndpoints.disabled_at)))
    .limit(1);
  return row ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listEndpoints(
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<WebhookEndpoint[]> {
  return db.orm
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organization_id, organizationId),
        isNull(webhookEndpoints.deleted_at),
        page.cursor === undefined ? undefined : lt(webhookEndpoints.id, page.cursor),
      ),
    )
    .orderBy(desc(webhookEndpoints.id))
    .limit(page.limit + 1);
}

/** Nothing was accepted: it is left alone until then. `since` is when that began. */
export function endpointFailed(id: string, since: number, until: number): Statement {
  return {
    sql: `UPDATE webhook_endpoints SET failures = failures + 1, failing_since = ?, rests_until = ?
      WHERE id = ? AND disabled_at IS NULL`,
    params: [since, until, id],
  };
}

/** Something was accepted; `until` where it asked for a rest all the same. */
export function endpointAnswered(id: string, until: number | null): Statement {
  return {
    sql: `UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, rests_until = ?
      WHERE id = ? AND disabled_at IS NULL`,
    params: [until, id],
  };
}

/** It is told of nothing more; what waits is parked by its job. */
export function disableEndpoint(id: string, reason: DisabledReason, now: number): Statement {
  return {
    sql: `UPDATE webhook_endpoints SET disabled_at = ?, disabled_reason = ?, rests_until = NULL,
        updated_at = max(updated_at + 1, ?)
      WHERE id = ? AND disabled_at IS NULL`,
    params: [now, reason, now, id],
  };
}

/** Somebody wants it tried at once. */
export function wakeEndpoint(id: string): Statement {
  return { sql: "UPDATE webhook_endpoints SET rests_until = NULL WHERE id = ?", params: [id] };
}
