// What the mails about awards are made of.
import { and, eq } from "drizzle-orm";
import { type Award, awards } from "./awards.ts";
import { type Badge, badges } from "./badges.ts";
import type { Database, Statement } from "./database.ts";
import { hasPngTwin, images } from "./images.ts";
import {
  memberships,
  type Organization,
  organizations,
  type User,
  type UserStatus,
  users,
} from "./organizations.ts";
import type { PublicPicture } from "./published.ts";

/** An award with whom and what it concerns. */
export interface AwardToTell {
  readonly award: Award;
  readonly badge: Badge;
  readonly picture: PublicPicture | null;
  readonly organization: Organization;
  /** The organization's record of the recipient. */
  readonly recipient: User;
  /** Null for who is no member any more. */
  readonly membershipStatus: UserStatus | null;
}

/** Any award by its id; a twin is a PNG of `twinWidth` pixels. */
export async function findAwardToTell(
  db: Database,
  awardId: string,
  twinWidth: number,
): Promise<AwardToTell | null> {
  const [row] = await db.orm
    .select({
      award: awards,
      badge: badges,
      organization: organizations,
      recipient: users,
      membershipStatus: memberships.status,
      sha256: images.sha256,
      media_type: images.media_type,
      hasPngTwin: hasPngTwin(db, twinWidth),
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(organizations, eq(organizations.id, awards.organization_id))
    .innerJoin(users, eq(users.id, awards.user_id))
    .leftJoin(
      memberships,
      and(
        eq(memberships.organization_id, awards.organization_id),
        eq(memberships.user_id, awards.user_id),
      ),
    )
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(eq(awards.id, awardId))
    .limit(1);
  if (row === undefined) return null;
  const { sha256, media_type, hasPngTwin: twin, ...rest } = row;
  const picture =
    sha256 === null || media_type === null
      ? null
      : { sha256, media_type, hasPngTwin: Number(twin) === 1 };
  return { ...rest, picture };
}

/** The recipient was told: the mail server has taken the mail. */
export function setNotificationSent(awardId: string): Statement {
  return {
    sql: "UPDATE badge_issues SET notification_sent = 1 WHERE id = ?",
    params: [awardId],
  };
}

/** Awards of one badge in a stretch of time, from `start` to before `end`, in milliseconds. */
export interface DigestPeriod {
  readonly badgeId: string;
  readonly start: number;
  readonly end: number;
}

/** Two processes may write down awards of neighbouring times in either order. */
const WRITING_MS = 10 * 60_000;

/**
 * Awards of the period that stand, are not hidden, and whose badge's maker was not told of them.
 * Rows lie in the order they were written in, and the index on badges too: so only the last ones
 * are looked through, however many were made before.
 */
function untold({ badgeId, start, end }: DigestPeriod): Statement {
  return {
    sql: `FROM badge_issues WHERE badge_id = ?
      AND rowid >= coalesce((SELECT rowid FROM badge_issues WHERE awarded_at >= ?
        ORDER BY awarded_at LIMIT 1), 9223372036854775807)
      AND awarded_at >= ? AND awarded_at < ?
      AND revoked_at IS NULL AND issuer_notified IS NULL AND visible = 1`,
    params: [badgeId, start - WRITING_MS, start, end],
  };
}

export async function hasUntold(db: Database, period: DigestPeriod): Promise<boolean> {
  const { sql, params } = untold(period);
  const { rows } = await db.read({ sql: `SELECT 1 ${sql} LIMIT 1`, params });
  return rows.length > 0;
}

/** Names of the first `limit` recipients as the organization knows them, and how many there are. */
export async function listUntold(
  db: Database,
  period: DigestPeriod,
  limit: number,
): Promise<{ readonly count: number; readonly names: readonly (string | null)[] }> {
  const { sql, params } = untold(period);
  const counted = await db.read({ sql: `SELECT count(*) ${sql}`, params });
  const named = await db.read({
    sql: `SELECT recipient_name ${sql} ORDER BY rowid LIMIT ?`,
    params: [...params, limit],
  });
  return {
    count: Number(counted.rows[0]?.[0] ?? 0),
    names: named.rows.map(([name]) => (name === null ? null : String(name))),
  };
}

/** Writes down for at most `limit` of them that their badge's maker was told. */
export function setTold(period: DigestPeriod, now: number, limit: number): Statement {
  const { sql, params } = untold(period);
  return {
    sql: `UPDATE badge_issues SET issuer_notified = ?
      WHERE id IN (SELECT id ${sql} ORDER BY rowid LIMIT ?)`,
    params: [now, ...params, limit],
  };
}

export function setIssuerNotified(awardId: string, now: number): Statement {
  return {
    sql: "UPDATE badge_issues SET issuer_notified = ? WHERE id = ?",
    params: [now, awardId],
  };
}
