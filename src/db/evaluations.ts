// Evaluations of everybody: who asked for one, how far it is, and what one that only foresees has found.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export type EvaluationReason = "nightly" | "activation" | "request";

/**
 * `waiting` for its turn; `counting` who meets what; `looking` who is to be awarded something;
 * `awarding` it; `done`.
 */
export const EVALUATION_STATES = ["waiting", "counting", "looking", "awarding", "done"] as const;
export type EvaluationState = (typeof EVALUATION_STATES)[number];

export const evaluations = sqliteTable(
  "evaluations",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    /** Null for every active badge. A badge may go before what was once asked about it. */
    badge_id: text(),
    dry_run: flag().notNull(),
    reason: text().$type<EvaluationReason>().notNull(),
    state: text().$type<EvaluationState>().notNull().default("waiting"),
    /** While counting: the criterion it is at, or was at last. */
    criterion_id: text().notNull().default(""),
    /** The last person who was looked at. */
    after_user_id: text().notNull().default(""),
    /** Goes up with every slice: of two that do the same slice one is undone. */
    step: integer().notNull().default(0),
    /** Members looked at. */
    people: integer().notNull().default(0),
    /** People found who are to be awarded something; in a dry run, awards that would be made. */
    found: integer().notNull().default(0),
    /** Awards made by rule while it was under way. */
    awarded: integer().notNull().default(0),
    created_at: createdAt(),
    finished_at: time(),
  },
  (t) => [
    index("idx_evaluations_organization").on(t.organization_id, t.id),
    index("idx_evaluations_open").on(t.organization_id).where(sql`state <> 'done'`),
  ],
);

/** What a dry run found, up to a limit. Kept in the order of its key (WITHOUT ROWID). */
export const evaluationFinds = sqliteTable(
  "evaluation_finds",
  {
    evaluation_id: text().notNull(),
    user_id: text().notNull(),
    badge_id: text().notNull(),
    /** 0 where the badge has no tiers. */
    tier_level: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.evaluation_id, t.user_id, t.badge_id, t.tier_level] })],
);

export type EvaluationRow = typeof evaluations.$inferSelect;
export type EvaluationFind = typeof evaluationFinds.$inferSelect;
