// What things are called, for lists that hold their ids: each kind in one read, and only an organization's own.
import type { Database } from "./database.ts";

export interface NamedAward {
  readonly badge: string;
  readonly hash: string;
  /** As the organization knows the recipient; null for somebody who is no member. */
  readonly recipient: string | null;
}

type Ids = ReadonlySet<string>;

async function byId(
  db: Pick<Database, "read">,
  sql: (marks: string) => string,
  ids: Ids,
  organizationId: string,
): Promise<(readonly unknown[])[]> {
  if (ids.size === 0) return [];
  const marks = [...ids].map(() => "?").join(", ");
  const { rows } = await db.read({ sql: sql(marks), params: [organizationId, ...ids] });
  return [...rows];
}

function paired(rows: readonly (readonly unknown[])[]): Map<string, string> {
  return new Map(
    rows.flatMap(([id, name]) => (name === null ? [] : [[String(id), String(name)] as const])),
  );
}

export async function memberNames(db: Database, organizationId: string, ids: Ids) {
  const sql = (marks: string) =>
    `SELECT user_id, name FROM memberships WHERE organization_id = ? AND user_id IN (${marks})`;
  return paired(await byId(db, sql, ids, organizationId));
}

export async function keyNames(db: Database, organizationId: string, ids: Ids) {
  const sql = (marks: string) =>
    `SELECT id, name FROM api_keys WHERE +organization_id = ? AND id IN (${marks})`;
  return paired(await byId(db, sql, ids, organizationId));
}

export async function badgeNames(db: Database, organizationId: string, ids: Ids) {
  const sql = (marks: string) =>
    `SELECT id, name FROM badges WHERE +organization_id = ? AND id IN (${marks})`;
  return paired(await byId(db, sql, ids, organizationId));
}

export async function namedAwards(
  db: Database,
  organizationId: string,
  ids: Ids,
): Promise<Map<string, NamedAward>> {
  const sql = (marks: string) =>
    `SELECT award.id, badge.name, award.unique_hash, member.name
    FROM badge_issues award JOIN badges badge ON badge.id = award.badge_id
    LEFT JOIN memberships member ON member.organization_id = award.organization_id
      AND member.user_id = award.user_id
    WHERE +award.organization_id = ? AND award.id IN (${marks})`;
  const rows = await byId(db, sql, ids, organizationId);
  return new Map(
    rows.map(([id, badge, hash, recipient]) => [
      String(id),
      {
        badge: String(badge),
        hash: String(hash),
        recipient: recipient === null ? null : String(recipient),
      },
    ]),
  );
}

/** Of nominations: the badge and who was nominated. */
export async function namedNominations(
  db: Database,
  organizationId: string,
  ids: Ids,
): Promise<Map<string, { readonly badge: string; readonly nominee: string | null }>> {
  const sql = (marks: string) =>
    `SELECT one.id, badge.name, member.name
    FROM nominations one JOIN badges badge ON badge.id = one.badge_id
    LEFT JOIN memberships member ON member.organization_id = one.organization_id
      AND member.user_id = one.nominee_id
    WHERE +one.organization_id = ? AND one.id IN (${marks})`;
  const rows = await byId(db, sql, ids, organizationId);
  return new Map(
    rows.map(([id, badge, nominee]) => [
      String(id),
      { badge: String(badge), nominee: nominee === null ? null : String(nominee) },
    ]),
  );
}
