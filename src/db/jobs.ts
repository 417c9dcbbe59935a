// The outbox: work that must happen, written in the same transaction as its reason.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export const jobs = sqliteTable(
  "jobs",
  {
    id: id(),
    /** Null for the site's own work. */
    organization_id: text().references(() => organizations.id),
    kind: text().notNull(),
    /** Two jobs of one kind that would do the same share a key, and only one waits. */
    dedupe_key: text(),
    /** Jobs of one lane, those that ask one host say, take few workers at once; `""` is no lane. */
    lane: text().notNull().default(""),
    payload: json<Record<string, unknown>>().notNull(),
    due_at: time().notNull(),
    attempts: integer().notNull().default(0),
    lease_until: time(),
    /** Goes up with every lease: who slept past a lease holds an older one and cannot write. */
    fence: integer().notNull().default(0),
    /** A code and words of ours, never a body someone sent. */
    last_error: text(),
    done_at: time(),
    /** Given up for now; waits for a person to send it again. */
    parked_at: time(),
    created_at: createdAt(),
  },
  (t) => [
    index("idx_jobs_due").on(t.due_at).where(sql`done_at is null and parked_at is null`),
    index("idx_jobs_lane").on(t.lane, t.due_at).where(sql`done_at is null and parked_at is null`),
    index("idx_jobs_held")
      .on(t.lane, t.lease_until)
      .where(sql`lease_until is not null and done_at is null and parked_at is null`),
    index("idx_jobs_parked").on(t.parked_at).where(sql`done_at is null and parked_at is not null`),
    uniqueIndex("idx_jobs_dedupe")
      .on(t.kind, t.dedupe_key)
      .where(sql`done_at is null and parked_at is null`),
  ],
);

export type Job = typeof jobs.$inferSelect;
