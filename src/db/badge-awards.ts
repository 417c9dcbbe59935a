// The awards of one badge as a table shows them: filtered, and with what replaced what.
import { and, desc, eq, inArray, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import { type Award, type AwardStatus, awards } from "./awards.ts";
import type { Database } from "./database.ts";

export interface BadgeAwardFilter {
  readonly status: AwardStatus | null;
  /** Ids of people; null for everybody. */
  readonly users: readonly string[] | null;
}

export interface BadgeAwardPage {
  readonly limit: number;
  /** The id of the last award of the page before. */
  readonly cursor: string | null;
  /** Tells valid from expired, in milliseconds since 1970. */
  readonly now: number;
}

const WRITTEN = sql`${awards}.rowid`;

function hasStatus(status: AwardStatus | null, now: number): SQL | undefined {
  if (status === null) return undefined;
  if (status === "revoked") return isNotNull(awards.revoked_at);
  const standing = sql`${awards.revoked_at} is null`;
  if (status === "expired") {
    return and(standing, sql`${awards.date_expire} is not null`, lte(awards.date_expire, now));
  }
  return and(standing, sql`(${awards.date_expire} is null or ${awards.date_expire} > ${now})`);
}

function writtenBefore(column: SQL, cursor: string | null): SQL {
  if (cursor === null) return sql`true`;
  return sql`${column} < (select cursor.rowid from ${awards} cursor where cursor.id = ${cursor})`;
}

/**
 * Of a hundred thousand awards few are revoked: they have an index of their own, which must be named,
 * since to the planner it looks like the one of all awards of a badge.
 */
function revokedOf(badgeId: string, { limit, cursor }: BadgeAwardPage): SQL {
  return sql`${WRITTEN} in (select lately.rowid
    from ${awards} lately indexed by idx_user_badges_badge_revoked
    where lately.badge_id = ${badgeId} and lately.revoked_at is not null
      and ${writtenBefore(sql`lately.rowid`, cursor)}
    order by lately.rowid desc limit ${limit + 1})`;
}

/** One row more than a page holds, the last written first. The badge must be the organization's. */
export function listBadgeAwards(
  db: Database,
  badgeId: string,
  { status, users }: BadgeAwardFilter,
  page: BadgeAwardPage,
): Promise<Award[]> {
  const all = and(
    eq(awards.badge_id, badgeId),
    users === null ? undefined : inArray(awards.user_id, [...users]),
    hasStatus(status, page.now),
    writtenBefore(WRITTEN, page.cursor),
  );
  return (
    db.orm
      .select()
      .from(awards)
      .where(status === "revoked" && users === null ? revokedOf(badgeId, page) : all)
      // Of few people few awards are put in order; the plus keeps the planner from reading all of a badge.
      .orderBy(desc(users === null ? WRITTEN : sql`+${WRITTEN}`))
      .limit(page.limit + 1)
  );
}

/** These awards of a badge, in the order they are given in; those of other badges are left out. */
export async function awardsOfBadge(
  db: Database,
  badgeId: string,
  ids: readonly string[],
): Promise<Award[]> {
  const rows = await db.orm
    .select()
    .from(awards)
    .where(and(eq(awards.badge_id, badgeId), inArray(awards.id, [...ids])));
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}

export interface Replacements {
  /** Public ids of what took the place of an award, by that award's id. */
  readonly replacedBy: ReadonlyMap<string, string>;
  /** Public ids of that whose place an award took, by the new award's id. */
  readonly replaces: ReadonlyMap<string, string>;
}

export async function replacementsOf(
  db: Database,
  shown: readonly Pick<Award, "id" | "superseded_by">[],
): Promise<Replacements> {
  const ids = shown.map(({ id }) => id);
  const later = shown.flatMap(({ superseded_by }) => superseded_by ?? []);
  const columns = {
    id: awards.id,
    hash: awards.unique_hash,
    superseded_by: awards.superseded_by,
  };
  const [newer, older] = await Promise.all([
    db.orm.select(columns).from(awards).where(inArray(awards.id, later)),
    db.orm.select(columns).from(awards).where(inArray(awards.superseded_by, ids)),
  ]);
  const hashes = new Map(newer.map(({ id, hash }) => [id, hash]));
  return {
    replacedBy: new Map(
      shown.flatMap(({ id, superseded_by }) => {
        const hash = hashes.get(superseded_by ?? "");
        return hash === undefined ? [] : [[id, hash] as const];
      }),
    ),
    replaces: new Map(older.map(({ superseded_by, hash }) => [superseded_by ?? "", hash] as const)),
  };
}
