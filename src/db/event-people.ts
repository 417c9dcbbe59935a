// What a list of events names: members by id or by what they are known by, metrics, and the number of the definitions.
import { and, asc, eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { Metric } from "./facts.ts";
import { identities, memberships, users } from "./organizations.ts";
import { standsFor } from "./people.ts";
import { prepared } from "./prepared.ts";

interface Found {
  readonly userId: string;
  /** IANA name; null for UTC. */
  readonly timeZone: string | null;
}

/** A way to be known, as `identities` keeps it. */
export interface SoughtPerson {
  readonly type: string;
  readonly normalised: string;
}

const given = (name: string) => sql.placeholder(name);

/** What events say, as far as the organization knows it. */
export interface Named {
  readonly members: readonly Found[];
  readonly metrics: readonly Pick<Metric, "name" | "kind">[];
  /** The number of the organization's definitions. */
  readonly version: number;
}

/**
 * The organization's members among the ids, its metrics among the names, and its number, in one read:
 * nothing changes between them.
 */
export function findNamed(
  db: Database,
  organizationId: string,
  ids: readonly string[],
  names: readonly string[],
): Promise<Named> {
  const [id, name] = [ids[0], names[0]];
  return ids.length === 1 && id !== undefined && names.length <= 1
    ? findOneNamed(db, organizationId, id, name ?? null)
    : findManyNamed(db, organizationId, ids, names);
}

async function findManyNamed(
  db: Database,
  organizationId: string,
  ids: readonly string[],
  names: readonly string[],
): Promise<Named> {
  const { rows } = await db.read({
    sql: MANY_NAMED,
    params: [JSON.stringify(ids), JSON.stringify(names), organizationId],
  });
  const of = (what: string) => rows.filter(([tag]) => tag === what);
  return {
    members: of("member").map(([, userId, timeZone]) => member(userId, timeZone)),
    metrics: of("metric").map(([, called, kind]) => metric(called, kind)),
    version: Number(of("version")[0]?.[1] ?? 0),
  };
}

const MANY_NAMED = `SELECT 'member', memberships.user_id, users.time_zone
    FROM json_each(?1) sought CROSS JOIN memberships ON memberships.organization_id = ?3
      AND memberships.user_id = sought.value
    CROSS JOIN users ON users.id = memberships.user_id
  UNION ALL SELECT 'metric', metrics.name, metrics.kind
    FROM json_each(?2) sought CROSS JOIN metrics ON metrics.organization_id = ?3
      AND metrics.name = sought.value
  UNION ALL SELECT 'version', version, NULL FROM definition_versions WHERE organization_id = ?3`;

/** One row, which is found sooner than several; `name` is null for a metric that need not be found. */
async function findOneNamed(
  db: Database,
  organizationId: string,
  id: string,
  name: string | null,
): Promise<Named> {
  const row = await db.readOne({ sql: ONE_NAMED, params: [id, name, organizationId] });
  const [userId, timeZone, called, kind, version] = row ?? [];
  return {
    members: typeof userId === "string" ? [member(userId, timeZone)] : [],
    metrics: typeof called === "string" ? [metric(called, kind)] : [],
    version: Number(version ?? 0),
  };
}

const ONE_NAMED = `SELECT memberships.user_id, users.time_zone, metrics.name, metrics.kind,
    (SELECT version FROM definition_versions WHERE organization_id = ?3)
  FROM (SELECT 1) said LEFT JOIN memberships ON memberships.organization_id = ?3
    AND memberships.user_id = ?1
  LEFT JOIN users ON users.id = memberships.user_id
  LEFT JOIN metrics ON metrics.organization_id = ?3 AND metrics.name = ?2`;

function member(userId: unknown, timeZone: unknown): Found {
  return { userId: String(userId), timeZone: typeof timeZone === "string" ? timeZone : null };
}

function metric(name: unknown, kind: unknown): Pick<Metric, "name" | "kind"> {
  return { name: String(name), kind: kind as Metric["kind"] };
}

/**
 * Whom identities stand for in the organization, as `findMemberByIdentity` has it for one: where
 * several are known by the same, the one who has proven it, then the oldest.
 */
export async function findMembersByIdentities(
  db: Database,
  organizationId: string,
  sought: readonly SoughtPerson[],
): Promise<(Found & SoughtPerson)[]> {
  const pairs = sought.map(({ type, normalised }) => [type, normalised]);
  const rows = await membersByIdentities(db).all({ organizationId, pairs: JSON.stringify(pairs) });
  const first = new Map<string, Found & SoughtPerson>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
}

/** The same for two that are the same, and for no others: no type has a space in it. */
export function keyOf({ type, normalised }: SoughtPerson): string {
  return `${type} ${normalised}`;
}

const membersByIdentities = prepared((db) =>
  db.orm
    .select({
      userId: identities.user_id,
      timeZone: users.time_zone,
      type: identities.type,
      normalised: identities.normalised,
    })
    .from(identities)
    .innerJoin(memberships, eq(memberships.user_id, identities.user_id))
    .innerJoin(users, eq(users.id, identities.user_id))
    .where(
      and(
        sql`(${identities.type}, ${identities.normalised}) in
          (select value->>0, value->>1 from json_each(${given("pairs")}))`,
        eq(memberships.organization_id, given("organizationId")),
        standsFor(given("organizationId")),
      ),
    )
    .orderBy(sql`${identities.verified_at} is null`, asc(identities.id))
    .prepare(),
);
