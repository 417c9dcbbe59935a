// Badges as those who manage them see them: searched lists, how many hold one, its versions, and what became of its awards.
import { and, asc, desc, eq, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { awards } from "./awards.ts";
import { type Badge, type BadgeCategory, type BadgeStatus, badges } from "./badges.ts";
import type { Database } from "./database.ts";
import { type ImageMediaType, images } from "./images.ts";

export interface BadgeSearch {
  /** Part of a name or description, in any case of the letters A to Z. */
  readonly text: string;
  readonly category: BadgeCategory | null;
  /** Null for all that are not archived. */
  readonly status: BadgeStatus | "active_any" | "inactive_any" | null;
}

export interface ListedBadge {
  readonly badge: Badge;
  readonly picture: { readonly sha256: string; readonly media_type: ImageMediaType } | null;
  /** Awards that were not revoked, counted up to a limit. */
  readonly holders: number;
}

/** LIKE with the reader's percent signs and underscores as they are. */
function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

function searched({ text, category, status }: BadgeSearch): SQL | undefined {
  const part = contains(text.trim());
  return and(
    text.trim() === ""
      ? undefined
      : or(
          sql`${badges.name} like ${part} escape '\\'`,
          sql`${badges.description} like ${part} escape '\\'`,
        ),
    category === null ? undefined : eq(badges.category, category),
    statusIs(status),
  );
}

function statusIs(status: BadgeSearch["status"]): SQL | undefined {
  if (status === null) return ne(badges.status, "archived");
  if (status === "active_any") return eq(badges.is_active, true);
  if (status === "inactive_any") return sql`${badges.status} in ('inactive', 'inactive_locked')`;
  return eq(badges.status, status);
}

/** Holders of a badge, of which no more than `most` are looked at. */
const holdersOf = (most: number) => sql<number>`(select count(*) from (
  select 1 from ${awards} held where held.badge_id = ${badges.id} and held.revoked_at is null
  limit ${most}))`;

/** One row more than a page holds, newest first, below `cursor`. */
export async function searchBadges(
  db: Database,
  organizationId: string,
  search: BadgeSearch,
  page: { readonly limit: number; readonly cursor: string | null; readonly mostHolders: number },
): Promise<ListedBadge[]> {
  const rows = await db.orm
    .select({
      badge: badges,
      sha256: images.sha256,
      media_type: images.media_type,
      holders: holdersOf(page.mostHolders),
    })
    .from(badges)
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      and(
        eq(badges.organization_id, organizationId),
        searched(search),
        page.cursor === null ? undefined : lt(badges.id, page.cursor),
      ),
    )
    .orderBy(desc(badges.id))
    .limit(page.limit + 1);
  return rows.map(({ badge, sha256, media_type, holders }) => ({
    badge,
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
    holders: Number(holders),
  }));
}

/** Awards of a badge that were not revoked, counted up to `most`. */
export async function countHolders(db: Database, badgeId: string, most: number): Promise<number> {
  const { rows } = await db.read({
    sql: `SELECT count(*) FROM (SELECT 1 FROM badge_issues
      WHERE badge_id = ? AND revoked_at IS NULL LIMIT ?)`,
    params: [badgeId, most],
  });
  return Number(rows[0]?.[0] ?? 0);
}

/** Names to choose from, in their order; archived ones are left out. */
export function badgeNames(
  db: Database,
  organizationId: string,
  limit: number,
): Promise<{ id: string; name: string; roles: string[] }[]> {
  return db.orm
    .select({ id: badges.id, name: badges.name, roles: badges.eligibility_roles })
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), ne(badges.status, "archived")))
    .orderBy(asc(badges.name), asc(badges.id))
    .limit(limit);
}

export interface BadgeVersion {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly status: BadgeStatus;
  readonly created_at: number;
  readonly holders: number;
}

/** Versions that are followed in either direction. */
const MAX_VERSIONS = 100;

/** A badge with all that it replaced and all that replaced it, the newest first. */
export async function versionsOf(
  db: Database,
  organizationId: string,
  badgeId: string,
  mostHolders: number,
): Promise<BadgeVersion[]> {
  const { rows } = await db.read({
    sql: `WITH RECURSIVE
      older (id, previous, depth) AS (
        SELECT id, previous_version_id, 0 FROM badges WHERE id = ? AND organization_id = ?
        UNION ALL
        SELECT badges.id, badges.previous_version_id, depth + 1 FROM badges
          JOIN older ON badges.id = older.previous WHERE depth < ${MAX_VERSIONS}),
      newer (id, depth) AS (
        SELECT id, 0 FROM badges WHERE id = ? AND organization_id = ?
        UNION ALL
        SELECT badges.id, depth + 1 FROM badges
          JOIN newer ON badges.previous_version_id = newer.id WHERE depth < ${MAX_VERSIONS})
      SELECT id, name, version, status, created_at,
        (SELECT count(*) FROM (SELECT 1 FROM badge_issues
          WHERE badge_id = badges.id AND revoked_at IS NULL LIMIT ?))
      FROM badges WHERE id IN (SELECT id FROM older UNION SELECT id FROM newer)
      ORDER BY created_at DESC, id DESC`,
    params: [badgeId, organizationId, badgeId, organizationId, mostHolders],
  });
  return rows.map(([id, name, version, status, created, holders]) => ({
    id: String(id),
    name: String(name),
    version: String(version),
    status: String(status) as BadgeStatus,
    created_at: Number(created),
    holders: Number(holders),
  }));
}

/** Each stage counts awards; of those that were revoked or have expired the first three count, too. */
export interface BadgeFunnel {
  /** How many were looked at: the newest ones, of which there may be more. */
  readonly awarded: number;
  readonly mailed: number;
  readonly claimed: number;
  /** Sent to one backpack at least. */
  readonly carried: number;
  readonly declined: number;
  readonly hidden: number;
  readonly revoked: number;
  readonly expired: number;
}

/** Of the newest `most` awards of a badge. `now` in milliseconds since 1970. */
export async function badgeFunnel(
  db: Database,
  badgeId: string,
  most: number,
  now: number,
): Promise<BadgeFunnel> {
  const { rows } = await db.read({
    sql: `SELECT count(*), coalesce(sum(notification_sent), 0),
        coalesce(sum(claim_state = 'claimed'), 0),
        coalesce(sum(EXISTS (SELECT 1 FROM deliveries
          WHERE deliveries.award_id = lately.id AND +deliveries.state = 'delivered')), 0),
        coalesce(sum(claim_state = 'declined'), 0), coalesce(sum(NOT visible), 0),
        coalesce(sum(revoked_at IS NOT NULL), 0),
        coalesce(sum(revoked_at IS NULL AND date_expire IS NOT NULL AND date_expire <= ?), 0)
      FROM (SELECT id, notification_sent, claim_state, visible, revoked_at, date_expire
        FROM badge_issues WHERE badge_id = ? ORDER BY rowid DESC LIMIT ?) lately`,
    params: [now, badgeId, most],
  });
  const [awarded, mailed, claimed, carried, declined, hidden, revoked, expired] = (
    rows[0] ?? []
  ).map(Number);
  return {
    awarded: awarded ?? 0,
    mailed: mailed ?? 0,
    claimed: claimed ?? 0,
    carried: carried ?? 0,
    declined: declined ?? 0,
    hidden: hidden ?? 0,
    revoked: revoked ?? 0,
    expired: expired ?? 0,
  };
}
