// Evaluations of everybody: who asked for one, how far it is, and what one that only foresees has found.
import { and, asc, desc, eq, gt, inArray, lt, notInArray, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { badges } from "./badges.ts";
import { createdAt, flag, id, time } from "./columns.ts";
import { criteria } from "./criteria.ts";
import type { Database } from "./database.ts";
import { evaluationsDue } from "./facts.ts";
import { memberships, organizations } from "./organizations.ts";
import { prepared } from "./prepared.ts";

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

export type DuePerson = Pick<typeof evaluationsDue.$inferSelect, "user_id" | "touched">;

/** Who is marked, in the order of their ids, after one of them. */
export function peopleDue(
  db: Database,
  organizationId: string,
  after: string,
  limit: number,
): Promise<DuePerson[]> {
  return due(db).all({ organizationId, after, limit });
}

const due = prepared(({ orm }) =>
  orm
    .select({ user_id: evaluationsDue.user_id, touched: evaluationsDue.touched })
    .from(evaluationsDue)
    .where(
      and(
        eq(evaluationsDue.organization_id, sql.placeholder("organizationId")),
        gt(evaluationsDue.user_id, sql.placeholder("after")),
      ),
    )
    .orderBy(asc(evaluationsDue.user_id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/**
 * The first of those alone to whom something just happened. By their index, which has to be named:
 * SQLite would rather read everybody who is marked, 8 ms for 100,000 people.
 */
export async function peopleInTheNews(
  db: Database,
  organizationId: string,
  limit: number,
): Promise<DuePerson[]> {
  const { rows } = await db.read({
    sql: `SELECT user_id, touched FROM evaluations_due INDEXED BY idx_evaluations_due_news
      WHERE organization_id = ? AND is_news ORDER BY user_id LIMIT ?`,
    params: [organizationId, limit],
  });
  return rows.map(([userId, touched]) => ({ user_id: String(userId), touched: Number(touched) }));
}

/** Evaluations that are done once nobody is marked any more. */
export async function evaluationsAwarding(db: Database, organizationId: string): Promise<string[]> {
  const rows = await db.orm
    .select({ id: evaluations.id })
    .from(evaluations)
    .where(and(eq(evaluations.organization_id, organizationId), eq(evaluations.state, "awarding")));
  return rows.map(({ id }) => id);
}

/** One that has not begun yet and will look at the same. */
export async function findWaiting(
  db: Database,
  organizationId: string,
  { badgeId, isDry }: { readonly badgeId: string | null; readonly isDry: boolean },
): Promise<EvaluationRow | null> {
  const rows = await db.orm
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.organization_id, organizationId),
        eq(evaluations.state, "waiting"),
        sql`${evaluations.badge_id} is ${badgeId}`,
        eq(evaluations.dry_run, isDry),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function findEvaluation(
  db: Database,
  organizationId: string,
  id: string,
): Promise<EvaluationRow | null> {
  const rows = await db.orm
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.organization_id, organizationId), eq(evaluations.id, id)))
    .limit(1);
  return rows[0] ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listEvaluations(
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<EvaluationRow[]> {
  return db.orm
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.organization_id, organizationId),
        page.cursor === undefined ? undefined : lt(evaluations.id, page.cursor),
      ),
    )
    .orderBy(desc(evaluations.id))
    .limit(page.limit + 1);
}

/** The last of so many members after one, in the order of their ids; null where there are fewer. */
export async function memberAfter(
  db: Database,
  organizationId: string,
  after: string,
  many: number,
): Promise<string | null> {
  const rows = await edge(db).all({ organizationId, after, skip: many - 1 });
  return rows[0]?.user_id ?? null;
}

const edge = prepared((db) =>
  db.orm
    .select({ user_id: memberships.user_id })
    .from(memberships)
    .where(
      and(
        eq(memberships.organization_id, sql.placeholder("organizationId")),
        gt(memberships.user_id, sql.placeholder("after")),
      ),
    )
    .orderBy(asc(memberships.user_id))
    .limit(1)
    .offset(sql.placeholder("skip"))
    .prepare(),
);

/** Every time zone that anybody has, each found by one step along its index. */
export async function timeZones(db: Database): Promise<string[]> {
  const { rows } = await db.read({
    sql: `WITH RECURSIVE zones (name) AS (
        SELECT min(time_zone) FROM users WHERE time_zone IS NOT NULL
        UNION ALL
        SELECT (SELECT min(time_zone) FROM users WHERE time_zone > zones.name)
        FROM zones WHERE zones.name IS NOT NULL)
      SELECT name FROM zones WHERE name IS NOT NULL`,
    params: [],
  });
  return rows.map(([name]) => String(name));
}

/** Those that have an active badge which asks for more than somebody's word. */
export async function organizationsWithRules(db: Database): Promise<string[]> {
  const rows = await db.orm
    .selectDistinct({ id: badges.organization_id })
    .from(badges)
    .innerJoin(criteria, eq(criteria.badge_id, badges.id))
    .where(
      and(
        inArray(badges.status, ["active", "active_locked"]),
        notInArray(criteria.criteria_type, ["overall", "manual"]),
      ),
    );
  return rows.map(({ id }) => id);
}

/** What a dry run found for so many people and one more, in the order of their ids, after one. */
export function findsAfter(
  db: Database,
  evaluationId: string,
  after: string,
  people: number,
): Promise<EvaluationFind[]> {
  const { evaluation_id, user_id } = evaluationFinds;
  const named = db.orm
    .selectDistinct({ user_id })
    .from(evaluationFinds)
    .where(and(eq(evaluation_id, evaluationId), gt(user_id, after)))
    .orderBy(asc(user_id))
    .limit(people + 1);
  return db.orm
    .select()
    .from(evaluationFinds)
    .where(and(eq(evaluation_id, evaluationId), inArray(user_id, named)))
    .orderBy(asc(user_id), asc(evaluationFinds.badge_id), asc(evaluationFinds.tier_level));
}
