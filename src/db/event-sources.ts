// Reads of the senders of signed event webhooks.
import { and, count, desc, eq, isNull, lt } from "drizzle-orm";
import type { Database } from "./database.ts";
import { eventSources } from "./facts.ts";

export type EventSource = typeof eventSources.$inferSelect;

/** A source that may send, of whatever organization: its id is all that a sender says of itself. */
export async function findSender(db: Database, id: string): Promise<EventSource | null> {
  const rows = await db.orm
    .select()
    .from(eventSources)
    .where(and(eq(eventSources.id, id), isNull(eventSources.revoked_at)))
    .limit(1);
  return rows[0] ?? null;
}

export async function findEventSource(
  db: Database,
  organizationId: string,
  id: string,
): Promise<EventSource | null> {
  const rows = await db.orm
    .select()
    .from(eventSources)
    .where(and(eq(eventSources.organization_id, organizationId), eq(eventSources.id, id)))
    .limit(1);
  return rows[0] ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listEventSources(
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<EventSource[]> {
  return db.orm
    .select()
    .from(eventSources)
    .where(
      and(
        eq(eventSources.organization_id, organizationId),
        page.cursor === undefined ? undefined : lt(eventSources.id, page.cursor),
      ),
    )
    .orderBy(desc(eventSources.id))
    .limit(page.limit + 1);
}

/** How many may send. */
export async function countEventSources(db: Database, organizationId: string): Promise<number> {
  const rows = await db.orm
    .select({ found: count() })
    .from(eventSources)
    .where(and(eq(eventSources.organization_id, organizationId), isNull(eventSources.revoked_at)));
  return rows[0]?.found ?? 0;
}
