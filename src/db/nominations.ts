// Nominations: somebody with a role asks that a badge be awarded to somebody, and somebody decides.
import { sql } from "drizzle-orm";
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { awards, type EvidenceItem } from "./awards.ts";
import { badges } from "./badges.ts";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations, users } from "./organizations.ts";

export const NOMINATION_STATES = ["pending", "approved", "declined", "withdrawn"] as const;
export type NominationState = (typeof NOMINATION_STATES)[number];

export const nominations = sqliteTable(
  "nominations",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    /** Who is to get it. */
    nominee_id: text()
      .notNull()
      .references(() => users.id),
    /** Null where a program asked for nobody in particular. */
    nominator_id: text().references(() => users.id),
    /** Why, in the nominator's words. */
    reason: text().notNull(),
    evidence: json<EvidenceItem[]>(),
    state: text().$type<NominationState>().notNull().default("pending"),
    decided_by_id: text().references(() => users.id),
    decided_at: time(),
    /** What is said to the nominator. */
    decision_note: text(),
    /** What an approved one led to. */
    award_id: text().references(() => awards.id),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_nominations_pending")
      .on(t.badge_id, t.nominee_id)
      .where(sql`state = 'pending'`),
    index("idx_nominations_organization").on(t.organization_id, t.state, t.id),
    index("idx_nominations_nominee").on(t.nominee_id),
    index("idx_nominations_award").on(t.award_id).where(sql`award_id is not null`),
  ],
);

export type Nomination = typeof nominations.$inferSelect;
