// What somebody at a coordinator's desk chooses from: active badges with their tiers and whose word they ask for.
import { sql } from "drizzle-orm";
import { type BadgeTier, badges } from "./badges.ts";
import type { CriterionMethod } from "./criteria.ts";
import type { Database } from "./database.ts";
import { prepared } from "./prepared.ts";

/** Nobody finds one among more; which is why they are in order of their names. */
export const MOST_CHOICES = 500;

export interface BadgeChoice {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly max_awards_per_user: number | null;
  /** Lowest first; empty for a badge without. */
  readonly tiers: readonly Pick<BadgeTier, "level" | "name">[];
  /** As `issuer/manual-award-rights` reads a badge's manual criterion; null where there is none. */
  readonly manual: {
    readonly method: CriterionMethod;
    readonly roles: readonly string[];
    readonly others: readonly string[];
    readonly overall: CriterionMethod;
  } | null;
}

const ROLE_PREFIX = "role_";

const active = prepared(({ orm }) =>
  orm
    .select({
      id: badges.id,
      name: badges.name,
      language: badges.language,
      max_awards_per_user: badges.max_awards_per_user,
      tiers: sql<string>`(select json_group_array(json_object('level', level, 'name', name))
        from (select level, name from badge_tiers where badge_id = badges.id order by level))`,
      criteria: sql<string>`(select json_group_array(json_object(
          'id', one.id, 'type', one.criteria_type, 'method', one.method,
          'params', (select json_group_array(param.name) from badge_criteria_params param
            where param.crit_id = one.id and one.criteria_type = 'manual')))
        from badge_criterias one where one.badge_id = badges.id)`,
    })
    .from(badges)
    .where(
      sql`badges.organization_id = ${sql.placeholder("organizationId")}
        and badges.status in ('active', 'active_locked')`,
    )
    .orderBy(sql`badges.name collate nocase`, badges.id)
    .limit(MOST_CHOICES)
    .prepare(),
);

/** Whether any active badge of an organization has a manual criterion that names one of these roles. */
export async function anyNamesRole(
  db: Database,
  organizationId: string,
  roles: readonly string[],
): Promise<boolean> {
  const { rows } = await db.read({
    sql: `SELECT 1 FROM badges
      JOIN badge_criterias one ON one.badge_id = badges.id AND one.criteria_type = 'manual'
      JOIN badge_criteria_params param ON param.crit_id = one.id
        AND param.name IN (SELECT '${ROLE_PREFIX}' || value FROM json_each(?))
      WHERE badges.organization_id = ? AND badges.status IN ('active', 'active_locked') LIMIT 1`,
    params: [JSON.stringify(roles), organizationId],
  });
  return rows.length > 0;
}

interface Criterion {
  readonly id: string;
  readonly type: string;
  readonly method: CriterionMethod;
  readonly params: readonly string[];
}

/** Active badges of an organization, by name. */
export async function badgeChoices(db: Database, organizationId: string): Promise<BadgeChoice[]> {
  const rows = await active(db).all({ organizationId });
  return rows.map(({ tiers, criteria, ...badge }) => ({
    ...badge,
    tiers: JSON.parse(tiers) as BadgeChoice["tiers"],
    manual: manualOf(JSON.parse(criteria) as readonly Criterion[]),
  }));
}

function manualOf(all: readonly Criterion[]): BadgeChoice["manual"] {
  const manual = all.find(({ type }) => type === "manual");
  if (manual === undefined) return null;
  return {
    method: manual.method,
    roles: manual.params
      .filter((name) => name.startsWith(ROLE_PREFIX))
      .map((name) => name.slice(ROLE_PREFIX.length))
      .sort(),
    others: all
      .filter(({ id, type }) => type !== "overall" && id !== manual.id)
      .map(({ id }) => id),
    overall: all.find(({ type }) => type === "overall")?.method ?? 1,
  };
}
