// What must be true for a badge: criteria under one overall row, and when they became true for whom.
import { asc, eq, inArray, sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { badges } from "./badges.ts";
import { createdAt, id, time } from "./columns.ts";
import type { Database } from "./database.ts";
import { users } from "./organizations.ts";

export const CRITERION_TYPES = [
  "overall",
  "activity",
  "manual",
  "course",
  "courseset",
  "profile",
  "badge",
  "cohort",
  "competency",
  "metric",
] as const;
export type CriterionType = (typeof CRITERION_TYPES)[number];

/** 1 all, 2 any. */
export type CriterionMethod = 1 | 2;

export const criteria = sqliteTable(
  "badge_criterias",
  {
    id: id(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    criteria_type: text().$type<CriterionType>().notNull(),
    method: integer().$type<CriterionMethod>().notNull().default(1),
    description: text().notNull().default(""),
    /** 1 is Markdown. */
    description_format: integer().notNull().default(1),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_badge_criterias_badge_type").on(t.badge_id, t.criteria_type),
    index("idx_badge_criterias_type").on(t.criteria_type),
    check("method_valid_enum", sql`method in (1, 2)`),
  ],
);

export const criterionParams = sqliteTable(
  "badge_criteria_params",
  {
    id: id(),
    crit_id: text()
      .notNull()
      .references(() => criteria.id),
    /** As `metric_activity_count`, `role_coordinator`, `course_<id>`; at most 255 characters. */
    name: text().notNull(),
    /** At most 255 characters. */
    value: text().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_criteria_params_name").on(t.crit_id, t.name),
    // What asks for a badge is looked for with every award of one.
    index("idx_badge_criteria_params_by_name").on(t.name),
  ],
);

/**
 * Sticky: what was met once stays met. Of single criteria only; whether the overall row is met is
 * read off them. Kept in the order of its key (WITHOUT ROWID) and without references, since a sweep
 * writes hundreds of thousands of rows.
 */
export const criterionMets = sqliteTable(
  "badge_criteria_mets",
  {
    id: text().generatedAlwaysAs(sql`crit_id || ':' || user_id`, { mode: "virtual" }),
    crit_id: text().notNull(),
    user_id: text().notNull(),
    organization_id: text().notNull(),
    date_met: time().notNull(),
    /** The award it led to. */
    issued_id: text(),
  },
  (t) => [primaryKey({ columns: [t.crit_id, t.user_id] })],
);

/** ManualAward: a person with a role vouched for a recipient. */
export const manualAwards = sqliteTable(
  "badge_manual_awards",
  {
    id: id(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    recipient_id: text()
      .notNull()
      .references(() => users.id),
    issuer_id: text().references(() => users.id),
    issuer_role: text().notNull(),
    date_met: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_manual_awards_role").on(t.badge_id, t.recipient_id, t.issuer_role),
  ],
);

export type Criterion = typeof criteria.$inferSelect;
export type CriterionParam = typeof criterionParams.$inferSelect;
export type CriterionMet = typeof criterionMets.$inferSelect;
export type ManualAward = typeof manualAwards.$inferSelect;

/**
 * Goes up by one with every change to an organization's badges, criteria or tiers, by triggers: what
 * is kept in memory under an older number is stale, in whichever process.
 */
export const definitionVersions = sqliteTable("definition_versions", {
  organization_id: text().primaryKey().notNull(),
  version: integer().notNull(),
});

/** A criterion's row with its params, in the order in which they were given. */
export interface BadgeCriterion extends Criterion {
  readonly params: readonly CriterionParam[];
}

/** The criteria of each of these badges, overall rows included, in the order of their ids. */
export async function criteriaOfBadges(
  db: Database,
  badgeIds: readonly string[],
): Promise<Map<string, BadgeCriterion[]>> {
  const of = inArray(criteria.badge_id, [...badgeIds]);
  const [rows, params] = await Promise.all([
    db.orm.select().from(criteria).where(of).orderBy(asc(criteria.id)),
    db.orm
      .select({ param: criterionParams })
      .from(criterionParams)
      .innerJoin(criteria, eq(criteria.id, criterionParams.crit_id))
      .where(of)
      .orderBy(asc(criterionParams.id)),
  ]);
  const paramsOf = new Map<string, CriterionParam[]>(rows.map(({ id }) => [id, []]));
  for (const { param } of params) paramsOf.get(param.crit_id)?.push(param);
  const criteriaOf = new Map<string, BadgeCriterion[]>(badgeIds.map((id) => [id, []]));
  for (const row of rows) {
    criteriaOf.get(row.badge_id)?.push({ ...row, params: paramsOf.get(row.id) ?? [] });
  }
  return criteriaOf;
}
