// Deleting a badge: gone if nobody was ever awarded it, else disabled, since its holders rely on it.
import { eq } from "drizzle-orm";
import { wasAwarded } from "../db/awards.ts";
import { type Badge, badges, hasLaterVersion } from "../db/badges.ts";
import type { Env } from "../env.ts";
import { announce } from "./announce.ts";
import type { Actor } from "./audit.ts";
import type { Decision } from "./badge.ts";
import { isLocked, laterThan, unchangedSince } from "./badge-change.ts";
import { badgeRemoval } from "./badge-removal.ts";

export interface DeletedBadge {
  readonly id: string;
  readonly deleted: boolean;
  /** The badge stays, and its awards stay valid; it can no longer be awarded. */
  readonly disabled: boolean;
}

/**
 * OB20-B-09: a BadgeClass that was awarded is never deleted. Whether it was is asked again in the
 * database: the first award changes the badge, and then the batch is undone (`isOvertaken`).
 */
export async function deleteBadge(
  env: Env,
  badge: Badge,
  actor: Actor,
): Promise<Decision<DeletedBadge>> {
  const organizationId = badge.organization_id;
  const data = { badge: badge.id };
  const needed =
    (await wasAwarded(env.db, badge.organization_id, badge.id)) ||
    (await hasLaterVersion(env.db, badge.organization_id, badge.id));
  if (!needed) {
    return {
      result: { id: badge.id, deleted: true, disabled: false },
      writes: [
        unchangedSince(env, badge, actor, "badge.deleted"),
        ...badgeRemoval(env, badge.id),
        ...announce(env, { organizationId, type: "badge.deleted", data }),
      ],
    };
  }
  const status = isLocked(badge.status) ? "inactive_locked" : "inactive";
  const already = badge.status === status || badge.status === "archived";
  const disabling = env.db.orm
    .update(badges)
    .set({ status, updated_at: laterThan(badge, env.now()) })
    .where(eq(badges.id, badge.id));
  return {
    result: { id: badge.id, deleted: false, disabled: true },
    writes: already
      ? []
      : [
          unchangedSince(env, badge, actor, "badge.disabled"),
          disabling,
          ...announce(env, { organizationId, type: "badge.updated", data }),
        ],
  };
}
