// Who a list of events is about: members by id or by what they are known by, all in one query each.
import { and, asc, eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { identities, memberships, users } from "./organizations.ts";
import { standsFor } from "./people.ts";
import { prepared } from "./prepared.ts";
import { soughtAmong } from "./said.ts";

interface Found {
  readonly userId: string;
  /** IANA name; null for UTC. */
  readonly timeZone: string | null;
}

interface Sought {
  readonly type: string;
  readonly normalised: string;
}

const given = (name: string) => sql.placeholder(name);

/** The organization's members among the ids. */
export async function findMembersByIds(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<Found[]> {
  if (ids.length === 0) return [];
  const sought = soughtAmong(ids);
  const { rows } = await db.read({
    sql: `SELECT memberships.user_id, users.time_zone FROM ${sought.sql} sought
      CROSS JOIN memberships ON memberships.organization_id = ?
        AND memberships.user_id = sought.value
      CROSS JOIN users ON users.id = memberships.user_id`,
    params: [...sought.params, organizationId],
  });
  return rows.map(([userId, timeZone]) => ({
    userId: String(userId),
    timeZone: timeZone === null || timeZone === undefined ? null : String(timeZone),
  }));
}

/**
 * Whom identities stand for in the organization, as `findMemberByIdentity` has it for one: where
 * several are known by the same, the one who has proven it, then the oldest.
 */
export async function findMembersByIdentities(
  db: Database,
  organizationId: string,
  sought: readonly Sought[],
): Promise<(Found & Sought)[]> {
  if (sought.length === 0) return [];
  const pairs = sought.map(({ type, normalised }) => [type, normalised]);
  const rows = await membersByIdentities(db).all({ organizationId, pairs: JSON.stringify(pairs) });
  const first = new Map<string, Found & Sought>();
  for (const row of rows) {
    const key = `${row.type} ${row.normalised}`;
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
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
