// Webhooks: who wants to be told of what, what there was to tell, and how telling went.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    url: text().notNull(),
    description: text().notNull().default(""),
    /** Types of events, as `award.created`; empty means all. */
    events: json<string[]>().notNull(),
    /** Sealed. */
    secret: text().notNull(),
    /** Sealed; signs as well until `previous_until`. */
    previous_secret: text(),
    previous_until: time(),
    disabled_at: time(),
    /** Since when nothing was accepted; null while it answers. */
    failing_since: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [index("idx_webhook_endpoints_organization").on(t.organization_id)],
);

/** One row an event and endpoint: the message as it is sent each time, and how it went. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    id: id(),
    endpoint_id: text()
      .notNull()
      .references(() => webhookEndpoints.id),
    organization_id: text().notNull(),
    /** The same for all endpoints that are told of one event: `webhook-id`. */
    message_id: text().notNull(),
    type: text().notNull(),
    /** Ids only. */
    data: json<Record<string, unknown>>().notNull(),
    occurred_at: time().notNull(),
    state: text().$type<"waiting" | "delivered" | "parked">().notNull().default("waiting"),
    attempts: integer().notNull().default(0),
    due_at: time().notNull(),
    delivered_at: time(),
    last_status: integer(),
    last_error: text(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_webhook_deliveries_message").on(t.endpoint_id, t.message_id),
    index("idx_webhook_deliveries_organization").on(t.organization_id, t.id),
    index("idx_webhook_deliveries_due").on(t.endpoint_id, t.due_at).where(sql`state = 'waiting'`),
  ],
);

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;
export type WebhookDelivery = typeof webhookDeliveries.$inferSelect;
