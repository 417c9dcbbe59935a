// What badges ask for, read with everything an evaluation needs and kept until something changes it.
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { type Badge, type BadgeTier, badges, badgeTiers } from "../db/badges.ts";
import {
  type BadgeCriterion,
  type CriterionMethod,
  criteriaOfBadges,
  definitionVersions,
} from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import { prepared } from "../db/prepared.ts";
import type { Env } from "../env.ts";
import { onlyIf } from "./audit.ts";
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

/** So much is kept, of all organizations together: in characters, which are two bytes at most. */
const MAX_KEPT = 10_000_000;
/** What an organization or a badge takes besides the badge's long texts. */
const PLACE = 2_000;
/** What a param takes besides what it names. */
const PARAM = 200;
/** A change while the definitions are read makes them be read again, so often. */
const MAX_READINGS = 3;

/** Badges whose parts are read in one query. */
const AT_A_TIME = 500;

/** What an organization's badges ask for, as it was when its number was this. */
export interface Definitions {
  readonly version: number;
  readonly definitions: readonly Definition[];
}

interface Memory {
  /** The organization that was asked for last is at the end. */
  readonly byOrganization: Map<string, Kept>;
  taken: number;
}

interface Kept extends Definitions {
  /** In characters, about. */
  readonly weight: number;
}

const memories = new WeakMap<Database, Memory>();

/** The organization's active badges that have criteria, oldest first. */
export async function definitionsOf(
  env: Pick<Env, "db">,
  organizationId: string,
): Promise<readonly Definition[]> {
  return (await definitionsNow(env, organizationId)).definitions;
}

/**
 * The same for whoever decides by them and then writes: what they write goes behind
 * `stillDefinedSo`. Definitions in memory under a number that the database raises with every change to
 * badges, tiers, criteria and params: a change by any process makes the next call read anew, for that
 * organization alone.
 */
export async function definitionsNow(
  env: Pick<Env, "db">,
  organizationId: string,
): Promise<Definitions> {
  return definitionsUnder(env, organizationId, await versionOf(env.db, organizationId));
}

/** The same for who has read the number already, as the definitions may be from then on. */
export async function definitionsUnder(
  { db }: Pick<Env, "db">,
  organizationId: string,
  number: number,
): Promise<Definitions> {
  const memory = memories.get(db) ?? { byOrganization: new Map<string, Kept>(), taken: 0 };
  memories.set(db, memory);
  let version = number;
  // Who read it before a change that others have come upon asks anew, and need not read everything.
  if ((memory.byOrganization.get(organizationId)?.version ?? 0) > version) {
    version = await versionOf(db, organizationId);
  }
  for (let reading = 1; ; reading++) {
    const kept = memory.byOrganization.get(organizationId);
    if (kept?.version === version) {
      // To the end of the row: whoever is not asked for goes first.
      memory.byOrganization.delete(organizationId);
      memory.byOrganization.set(organizationId, kept);
      return kept;
    }
    const definitions = await read(db, organizationId, eq(badges.is_active, true));
    const since = await versionOf(db, organizationId);
    // What changed between two of the reads must not be kept half.
    if (since === version) {
      const whole = { version, definitions };
      keep(memory, organizationId, whole);
      return whole;
    }
    // Nobody decides by what may be half of one and half of another: its number is past.
    if (reading === MAX_READINGS) return { version, definitions };
    version = since;
  }
}

/**
 * First in a batch that was decided by an organization's definitions: undoes it (`isOvertaken`) where
 * they have changed since. That an award locks its badge is such a change too.
 */
export function stillDefinedSo(
  organizationId: string,
  { version }: Pick<Definitions, "version">,
): Writable {
  return onlyIf(sql`${version} = coalesce((select ${definitionVersions.version}
    from ${definitionVersions}
    where ${definitionVersions.organization_id} = ${organizationId}), 0)`);
}

/** One badge's definition, active or not; null where it has no criteria or is not there. */
export async function definitionOf(
  env: Pick<Env, "db">,
  organizationId: string,
  badgeId: string,
): Promise<Definition | null> {
  const [definition] = (await definitionNow(env, organizationId, badgeId)).definitions;
  return definition ?? null;
}

/** The same, with the number under which it is so. */
export async function definitionNow(
  env: Pick<Env, "db">,
  organizationId: string,
  badgeId: string,
): Promise<Definitions> {
  const version = await versionOf(env.db, organizationId);
  return { version, definitions: await read(env.db, organizationId, eq(badges.id, badgeId)) };
}

function keep(memory: Memory, organizationId: string, definitions: Definitions): void {
  forget(memory, organizationId);
  const kept = { ...definitions, weight: weightOf(definitions) };
  memory.byOrganization.set(organizationId, kept);
  memory.taken += kept.weight;
  for (const oldest of memory.byOrganization.keys()) {
    if (memory.taken <= MAX_KEPT || oldest === organizationId) break;
    forget(memory, oldest);
  }
}

function forget(memory: Memory, organizationId: string): void {
  const kept = memory.byOrganization.get(organizationId);
  if (kept === undefined) return;
  memory.byOrganization.delete(organizationId);
  memory.taken -= kept.weight;
}

function weightOf({ definitions }: Definitions): number {
  let weight = PLACE;
  for (const { badge, criteria } of definitions) {
    const { description, criteria_narrative: narrative, message } = badge;
    weight += PLACE + description.length + narrative.length + message.length;
    // Params take about as much as what they are touched by, with how much is asked of it.
    for (const { touchedBy } of criteria) {
      for (const what of touchedBy) weight += PARAM + what.length;
    }
  }
  return weight;
}

/** Asked for every person that is evaluated. */
const versions = prepared((db) =>
  db.orm
    .select({ version: definitionVersions.version })
    .from(definitionVersions)
    .where(eq(definitionVersions.organization_id, sql.placeholder("organizationId")))
    .limit(1)
    .prepare(),
);

/** Before what a decision reads, for `stillDefinedSo` to ask after. */
export async function definedNow(
  db: Database,
  organizationId: string,
): Promise<Pick<Definitions, "version">> {
  return { version: await versionOf(db, organizationId) };
}

async function versionOf(db: Database, organizationId: string): Promise<number> {
  const row = await versions(db).get({ organizationId });
  return row?.version ?? 0;
}

async function read(
  db: Database,
  organizationId: string,
  which: ReturnType<typeof eq>,
): Promise<Definition[]> {
  const mine = and(eq(badges.organization_id, organizationId), which);
  const [rows, metrics] = await Promise.all([
    db.orm.select().from(badges).where(mine).orderBy(asc(badges.id)),
    knownMetrics(db, organizationId),
  ]);
  const definitions: Definition[] = [];
  for (let at = 0; at < rows.length; at += AT_A_TIME) {
    definitions.push(...(await definitionsAmong(db, rows.slice(at, at + AT_A_TIME), { metrics })));
  }
  return definitions;
}

async function definitionsAmong(
  db: Database,
  rows: readonly Badge[],
  known: Known,
): Promise<Definition[]> {
  const ids = rows.map(({ id }) => id);
  const [criteriaOf, tiers] = await Promise.all([
    criteriaOfBadges(db, ids),
    db.orm
      .select()
      .from(badgeTiers)
      .where(inArray(badgeTiers.badge_id, ids))
      .orderBy(asc(badgeTiers.level)),
  ]);
  return rows.flatMap((badge) => {
    const own = criteriaOf.get(badge.id) ?? [];
    const criteria = loadedCriteria(badge, own, known);
    if (criteria.length === 0) return [];
    const method = own.find(({ criteria_type: type }) => type === "overall")?.method ?? 1;
    return [
      { badge, tiers: tiers.filter(({ badge_id: of }) => of === badge.id), method, criteria },
    ];
  });
}

/** Every criterion but the overall row. */
function loadedCriteria(
  badge: Badge,
  rows: readonly BadgeCriterion[],
  known: Known,
): LoadedCriterion[] {
  const scope = { organizationId: badge.organization_id, badgeId: badge.id };
  return rows.flatMap(({ id, criteria_type: type, method, params }) => {
    const kind = kindOf(type);
    if (kind === null) return [];
    const read = kind.load({ id, method }, params, scope, known);
    return [read.ok ? read.criterion : unmeetable({ id, type, method }, read.faults)];
  });
}
