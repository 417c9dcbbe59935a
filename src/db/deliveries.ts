// The ledger: one row for each award on its way to each connection, and what happened on the way.
import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { awards } from "./awards.ts";
import { connections } from "./backpacks.ts";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations, users } from "./organizations.ts";

export const DELIVERY_STATES = [
  /** Waits for its time. */
  "pending",
  /** Somebody holds the lease and is sending. */
  "sending",
  /** It was sent, and no answer says what came of it: the backpack is asked before it is sent again. */
  "unknown",
  "delivered",
  /** The backpack said no, and saying it again would not help. */
  "refused",
  /** Given up for now; waits for a person to send it again. */
  "parked",
  /** Revoked, and the backpack was told so or asks us anyway. */
  "withdrawn",
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const deliveries = sqliteTable(
  "deliveries",
  {
    id: id(),
    award_id: text()
      .notNull()
      .references(() => awards.id),
    connection_id: text()
      .notNull()
      .references(() => connections.id),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    user_id: text()
      .notNull()
      .references(() => users.id),
    state: text().$type<DeliveryState>().notNull().default("pending"),
    /** The award's revision that the backpack has; null before the first delivery. */
    delivered_revision: integer(),
    /** What the backpack calls it. */
    remote_id: text(),
    attempts: integer().notNull().default(0),
    /** Of the attempts since it was last pending by itself: tries are given up 72 hours after it. */
    first_attempt_at: time(),
    /** Null where nothing is to be done. */
    next_try_at: time(),
    lease_until: time(),
    /** Goes up with every lease: who slept past a lease holds an older one and cannot write. */
    fence: integer().notNull().default(0),
    /** A code; its words are ours. */
    last_problem: text(),
    /** What the backpack said, shortened; shown as its words, never as ours. */
    last_answer: text(),
    delivered_at: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_deliveries_award_connection").on(t.award_id, t.connection_id),
    index("idx_deliveries_connection").on(t.connection_id, t.id),
    index("idx_deliveries_waiting")
      .on(t.connection_id, t.next_try_at)
      .where(sql`next_try_at is not null`),
    index("idx_deliveries_due").on(t.next_try_at).where(sql`next_try_at is not null`),
    index("idx_deliveries_state").on(t.state, t.updated_at),
    index("idx_deliveries_failed")
      .on(t.organization_id, t.id)
      .where(sql`state in ('parked', 'refused')`),
    check(
      "state_valid_enum",
      sql`state in ('pending', 'sending', 'unknown', 'delivered', 'refused', 'parked', 'withdrawn')`,
    ),
  ],
);

/** What happened at a connection, for the person to read: connected, sent, refused, pulled. */
export const backpackEvents = sqliteTable(
  "backpack_events",
  {
    id: id(),
    connection_id: text()
      .notNull()
      .references(() => connections.id),
    delivery_id: text(),
    kind: text().notNull(),
    detail: json<Record<string, unknown>>(),
    created_at: createdAt(),
  },
  (t) => [index("idx_backpack_events_connection").on(t.connection_id, t.id)],
);

/** How it goes with a host we send to; a breaker that all processes share. */
export const outboundHosts = sqliteTable("outbound_hosts", {
  host: text().primaryKey().notNull(),
  consecutive_failures: integer().notNull().default(0),
  /** Nothing is sent before; then one try decides. */
  open_until: time(),
  last_problem: text(),
  last_success_at: time(),
  last_failure_at: time(),
  updated_at: time().notNull(),
});

export type Delivery = typeof deliveries.$inferSelect;
export type BackpackEvent = typeof backpackEvents.$inferSelect;
export type OutboundHost = typeof outboundHosts.$inferSelect;
