// Webhooks: who wants to be told of what, what there was to tell, and how telling went.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

/** By hand, because it answered 410 Gone, or because it accepted nothing for days. */
export const DISABLED_REASONS = ["by_hand", "gone", "failing"] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

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
    /** It is told of nothing from then on, and what waited is parked. */
    disabled_at: time(),
    disabled_reason: text().$type<DisabledReason>(),
    /** Since when nothing was accepted; null while it answers. */
    failing_since: time(),
    /** Failures since the last success. */
    failures: integer().notNull().default(0),
    /** Until then it is left alone; a job waits for that moment. */
    rests_until: time(),
    /** Nobody sees it any more; its rows go bit by bit. */
    deleted_at: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [index("idx_webhook_endpoints_organization").on(t.organization_id)],
);

/** `parked`: tried for long enough; a person may have it sent again. */
export const WEBHOOK_DELIVERY_STATES = ["waiting", "delivered", "parked"] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

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
    state: text().$type<WebhookDeliveryState>().notNull().default("waiting"),
    attempts: integer().notNull().default(0),
    due_at: time().notNull(),
    /** When somebody had it sent again: tries and time are counted anew from there. */
    resent_at: time(),
    last_attempt_at: time(),
    delivered_at: time(),
    last_status: integer(),
    /** A code, never what the receiver answered. */
    last_error: text(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_webhook_deliveries_message").on(t.endpoint_id, t.message_id),
    index("idx_webhook_deliveries_endpoint").on(t.endpoint_id, t.id),
    index("idx_webhook_deliveries_parked").on(t.endpoint_id, t.id).where(sql`state = 'parked'`),
    index("idx_webhook_deliveries_due").on(t.endpoint_id, t.due_at).where(sql`state = 'waiting'`),
  ],
);

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;
export type WebhookDelivery = typeof webhookDeliveries.$inferSelect;
