// What is known about a person: events as they came in, and what they add up to.
import { sql } from "drizzle-orm";
import { customType, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export type EventKind = "metric" | "state" | "fact";

/**
 * One row an event, so that a repeat is known for one, and the same id with another body for a
 * conflict. This table and the next four are kept in the order of their keys (WITHOUT ROWID).
 */
export const events = sqliteTable(
  "events",
  {
    organization_id: text().notNull(),
    /** The sender's own; at most 128 characters. */
    event_id: text().notNull(),
    user_id: text().notNull(),
    kind: text().$type<EventKind>().notNull(),
    name: text().notNull(),
    /** Thousandths, so that sums stay exact. */
    quantity: integer().notNull(),
    occurred_at: time().notNull(),
    /** Days since 1970-01-01 where the person was: the date as written, or in their time zone. */
    day: integer().notNull(),
    detail: json<Record<string, unknown>>(),
    created_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organization_id, t.event_id] })],
);

/**
 * What a person did on a day, by metric. Windows and streaks are answered from the view `days_counted`,
 * which has these and the days that lie beside their total still.
 */
export const metricDays = sqliteTable(
  "metric_days",
  {
    organization_id: text().notNull(),
    metric: text().notNull(),
    user_id: text().notNull(),
    day: integer().notNull(),
    count: integer().notNull(),
    /** Thousandths. */
    total: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organization_id, t.metric, t.user_id, t.day] })],
);

/** What was counted of a metric for a person on one day, or a part of it. */
export interface RecentDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly count: number;
  /** Thousandths. */
  readonly total: number;
}

/**
 * Each as a JSON array and a comma, so that one more is added to their end whatever they are; a
 * trigger carries them over to `metric_days` when they have become long.
 */
const recentDays = customType<{ data: readonly RecentDay[]; driverData: string }>({
  dataType: () => "text",
  toDriver: recentDaysText,
  fromDriver: (text) =>
    (JSON.parse(`[${text.slice(0, -1)}]`) as [number, number, number][]).map(
      ([day, count, total]) => ({ day, count, total }),
    ),
});

/** As the column holds them. */
export function recentDaysText(days: readonly RecentDay[]): string {
  return days.map(({ day, count, total }) => `[${day},${count},${total}],`).join("");
}

/** What a person did in all, by metric, and on which days lately. */
export const metricTotals = sqliteTable(
  "metric_totals",
  {
    organization_id: text().notNull(),
    metric: text().notNull(),
    user_id: text().notNull(),
    count: integer().notNull(),
    /** Thousandths. */
    total: integer().notNull(),
    /** When it was last counted. */
    updated_at: time().notNull(),
    /** Days that are part of the total, and not yet of `metric_days`; a day may be there several times. */
    recent: recentDays().notNull().default(sql`''`),
  },
  (t) => [primaryKey({ columns: [t.organization_id, t.metric, t.user_id] })],
);

/**
 * What holds from one time to another, or was reached: a certification, a course, a module, a
 * cohort, a competency, a field of a profile. Intervals only ever shrink, so that the order in which
 * events arrive does not matter.
 */
export const facts = sqliteTable(
  "facts",
  {
    organization_id: text().notNull(),
    user_id: text().notNull(),
    /** `state`, `course`, `activity`, `cohort`, `competency` or `profile`. */
    kind: text().notNull(),
    /** Of a state its name; else the sender's id of the course, module, cohort, … */
    key: text().notNull(),
    starts_at: time().notNull(),
    ends_at: time(),
    /** A grade in thousandths; null where there is none. */
    grade: integer(),
    updated_at: time().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organization_id, t.kind, t.key, t.user_id, t.starts_at] }),
    index("idx_facts_user").on(t.organization_id, t.user_id),
  ],
);

/** Metrics an organization counts besides those that are always there. */
export const metrics = sqliteTable(
  "metrics",
  {
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    /** Lower case, digits and underscores; at most 64 characters. */
    name: text().notNull(),
    kind: text().$type<"count" | "sum" | "state">().notNull(),
    label: text().notNull(),
    created_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organization_id, t.name] })],
);

export type EventRow = typeof events.$inferSelect;
export type MetricDay = typeof metricDays.$inferSelect;
export type Fact = typeof facts.$inferSelect;
export type Metric = typeof metrics.$inferSelect;

/**
 * Who is to be looked at: somebody for whom something was counted since the last look. `touched` goes
 * up each time, so that a look takes away only what it has seen.
 */
export const evaluationsDue = sqliteTable(
  "evaluations_due",
  {
    organization_id: text().notNull(),
    user_id: text().notNull(),
    touched: integer().notNull().default(1),
    /** Something just happened to them: they go before everybody whom an evaluation of all has found. */
    is_news: flag().notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.organization_id, t.user_id] }),
    index("idx_evaluations_due_news").on(t.organization_id, t.user_id).where(sql`is_news`),
  ],
);

/** Senders of signed event webhooks: each has a secret, and an older one while it is being changed. */
export const eventSources = sqliteTable(
  "event_sources",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    name: text().notNull(),
    /** Sealed. */
    secret: text().notNull(),
    /** Sealed; accepted until `previous_until`. */
    previous_secret: text(),
    previous_until: time(),
    revoked_at: time(),
    last_event_at: time(),
    created_at: createdAt(),
  },
  (t) => [index("idx_event_sources_organization").on(t.organization_id)],
);
