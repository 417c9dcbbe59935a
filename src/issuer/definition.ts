// What badges ask for, read with everything an evaluation needs and kept until something changes it.
import { and, asc, eq, inArray } from "drizzle-orm";
import { type Badge, type BadgeTier, badges, badgeTiers } from "../db/badges.ts";
import {
  type Criterion,
  type CriterionMethod,
  type CriterionParam,
  criteria,
  criterionParams,
  definitionVersions,
} from "../db/criteria.ts";
import type { Database } from "../db/database.ts";
import type { Env } from "../env.ts";
import { type Known, type LoadedCriterion, unmeetable } from "./criteria/kind.ts";
import { kindOf } from "./criteria/kinds.ts";
import { knownMetrics } from "./criteria/metrics.ts";

export interface Definition {
  readonly badge: Badge;
  /** By level, the lowest first; empty where the badge has none. */
  readonly tiers: readonly BadgeTier[];
  /** How the criteria go together: 1 all, 2 any. */
  readonly method: CriterionMethod;
  /** Never empty. */
  readonly criteria: readonly LoadedCriterion[];
}

/** Definitions of so many badges are kept, of all organizations together. */
const MAX_KEPT = 5_000;
/** A change while the definitions are read makes them be read again, so often. */
const MAX_READINGS = 3;

interface Kept {
  readonly version: number;
  readonly definitions: readonly Definition[];
}

/** By organization, the one that was asked for last at the end. */
const keptBy = new WeakMap<Database, Map<string, Kept>>();

/**
 * The organization's active badges that have criteria, oldest first. Kept in memory under a number
 * that the database raises with every change to badges, tiers, criteria and params: a change by any
 * process makes the next call read anew, for that organization alone.
 */
export async function definitionsOf(
  env: Pick<Env, "db">,
  organizationId: string,
): Promise<readonly Definition[]> {
  const { db } = env;
  const known = keptBy.get(db) ?? new Map<string, Kept>();
  keptBy.set(db, known);
  for (let reading = 1; ; reading++) {
    const version = await versionOf(db, organizationId);
    const kept = known.get(organizationId);
    if (kept?.version === version) {
      keep(known, organizationId, kept);
      return kept.definitions;
    }
    const definitions = await read(db, organizationId, eq(badges.is_active, true));
    // What changed between two of the reads must not be kept half.
    if ((await versionOf(db, organizationId)) === version) {
      keep(known, organizationId, { version, definitions });
      return definitions;
    }
    if (reading === MAX_READINGS) return definitions;
  }
}

/** One badge's definition, active or not; null where it has no criteria or is not there. */
export async function definitionOf(
  env: Pick<Env, "db">,
  organizationId: string,
  badgeId: string,
): Promise<Definition | null> {
  const [definition] = await read(env.db, organizationId, eq(badges.id, badgeId));
  return definition ?? null;
}

function keep(known: Map<string, Kept>, organizationId: string, kept: Kept): void {
  known.delete(organizationId);
  known.set(organizationId, kept);
  let total = 0;
  for (const { definitions } of known.values()) total += definitions.length + 1;
  for (const [oldest, { definitions }] of known) {
    if (total <= MAX_KEPT || oldest === organizationId) break;
    known.delete(oldest);
    total -= definitions.length + 1;
  }
}

async function versionOf(db: Database, organizationId: string): Promise<number> {
  const [row] = await db.orm
    .select({ version: definitionVersions.version })
    .from(definitionVersions)
    .where(eq(definitionVersions.organization_id, organizationId))
    .limit(1);
  return row?.version ?? 0;
}

async function read(
  db: Database,
  organizationId: string,
  which: ReturnType<typeof eq>,
): Promise<Definition[]> {
  const mine = and(eq(badges.organization_id, organizationId), which);
  const ids = db.orm.select({ id: badges.id }).from(badges).where(mine);
  const [rows, tiers, criterionRows, params, metrics] = await Promise.all([
    db.orm.select().from(badges).where(mine).orderBy(asc(badges.id)),
    db.orm
      .select()
      .from(badgeTiers)
      .where(inArray(badgeTiers.badge_id, ids))
      .orderBy(asc(badgeTiers.level)),
    db.orm.select().from(criteria).where(inArray(criteria.badge_id, ids)).orderBy(asc(criteria.id)),
    db.orm
      .select({ param: criterionParams })
      .from(criterionParams)
      .innerJoin(criteria, eq(criteria.id, criterionParams.crit_id))
      .where(inArray(criteria.badge_id, ids))
      .orderBy(asc(criterionParams.id)),
    knownMetrics(db, organizationId),
  ]);
  const tiersOf = groupedBy(tiers, ({ badge_id }) => badge_id);
  const criteriaOf = groupedBy(criterionRows, ({ badge_id }) => badge_id);
  const paramsOf = groupedBy(
    params.map(({ param }) => param),
    ({ crit_id }) => crit_id,
  );
  return rows.flatMap((badge) => {
    const own = criteriaOf.get(badge.id) ?? [];
    const loaded = loadedCriteria(badge, own, paramsOf, { metrics });
    if (loaded.length === 0) return [];
    const overall = own.find(({ criteria_type: type }) => type === "overall");
    return [
      { badge, tiers: tiersOf.get(badge.id) ?? [], method: overall?.method ?? 1, criteria: loaded },
    ];
  });
}

function groupedBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** Every criterion but the overall row. */
function loadedCriteria(
  badge: Badge,
  rows: readonly Criterion[],
  paramsOf: ReadonlyMap<string, readonly CriterionParam[]>,
  known: Known,
): LoadedCriterion[] {
  const scope = { organizationId: badge.organization_id, badgeId: badge.id };
  return rows.flatMap((row) => {
    const kind = kindOf(row.criteria_type);
    if (kind === null) return [];
    const read = kind.load(row, paramsOf.get(row.id) ?? [], scope, known);
    if (read.ok) return [read.criterion];
    const { id, criteria_type: type, method } = row;
    return [unmeetable({ id, type, method }, read.faults[0]?.detail ?? "")];
  });
}
