// When which badge's maker is told next, as it is stored.
import type { Badge } from "./badges.ts";
import type { Database, Statement } from "./database.ts";

export type DigestBadge = Pick<Badge, "id" | "organization_id" | "notification"> & {
  readonly next_cron: number;
};

/** Badges whose digest fell due until `by`, the longest due first. Nobody is told of archived ones. */
export async function dueDigests(db: Database, by: number, limit: number): Promise<DigestBadge[]> {
  const { rows } = await db.read({
    sql: `SELECT id, organization_id, notification, next_cron FROM badges
      WHERE next_cron is not null AND next_cron <= ? AND notification >= 2 AND status <> 'archived'
      ORDER BY next_cron LIMIT ?`,
    params: [by, limit],
  });
  return rows.map(([id, organization, notification, next]) => ({
    id: String(id),
    organization_id: String(organization),
    notification: Number(notification),
    next_cron: Number(next),
  }));
}

/** Badges that should have digests and no time is set for, as they stood before there were any. */
export async function withoutNextDigest(
  db: Database,
): Promise<Pick<Badge, "id" | "notification">[]> {
  const { rows } = await db.read({
    sql: `SELECT id, notification FROM badges
      WHERE notification >= 2 AND next_cron is null AND status <> 'archived' LIMIT 1000`,
    params: [],
  });
  return rows.map(([id, notification]) => ({
    id: String(id),
    notification: Number(notification),
  }));
}

/** Only from the time that was read: who comes second changes nothing. */
export function moveDigest(badgeId: string, from: number | null, to: number | null): Statement {
  return {
    sql: "UPDATE badges SET next_cron = ? WHERE id = ? AND next_cron IS ?",
    params: [to, badgeId, from],
  };
}
