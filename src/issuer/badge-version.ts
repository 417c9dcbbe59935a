// A new version of a badge that people hold: a badge of its own, which takes the name, while the former is archived.
import { eq } from "drizzle-orm";
import type { BadgeParts } from "../db/badge-parts.ts";
import { type Badge, badges } from "../db/badges.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision, DefinedBadge } from "./badge.ts";
import {
  type BadgeChange,
  changeBadge,
  isLocked,
  laterThan,
  refuseFrozen,
  unchangedSince,
} from "./badge-change.ts";
import { copied } from "./badge-copy.ts";
import { present } from "./badge-details.ts";

/** As many UTF-16 units as a version may have. */
const MAX_VERSION = 50;

export type VersionInput = Omit<BadgeChange, "status">;

/**
 * Puts a new badge with these changes in the place of one that has been awarded: it has the name,
 * unless another is given, and the next version; the former is archived and goes on verifying.
 * Inactive, unless `is_active` is given. Made of the badge as it was read, or not at all
 * (`isOvertaken`). Throws a Problem: `badge-archived`, `badge-not-locked`, `invalid-request`.
 */
export async function newVersion(
  env: Env,
  former: Badge,
  parts: BadgeParts,
  input: VersionInput,
  actor: Actor,
): Promise<Decision<DefinedBadge>> {
  refuseFrozen(former, []);
  if (!isLocked(former.status)) {
    throw new Problem("badge-not-locked", "This badge was never awarded: it can still be changed.");
  }
  const copy = copied(env, former, parts, {
    name: former.name,
    version: nextVersion(former.version),
    previous_version_id: former.id,
    user_id: actor.kind === "user" ? actor.id : former.user_id,
  });
  const organizationId = former.organization_id;
  const changes = present(input);
  const changed =
    Object.keys(changes).length === 0
      ? null
      : await changeBadge(env, copy.badge, copy.parts, changes, actor);
  const { badge, parts: partsNow } = changed?.result ?? copy;
  return {
    result: { badge, parts: partsNow },
    writes: [
      unchangedSince(env, former, actor, "badge.replaced", { version: badge.id }),
      env.db.orm
        .update(badges)
        .set({ status: "archived", updated_at: laterThan(former, env.now()) })
        .where(eq(badges.id, former.id)),
      ...copy.writes,
      audited(env, {
        organizationId,
        actor,
        action: "badge.created",
        object: ["badge", badge.id],
        detail: { previous_version: former.id },
      }),
      ...(changed?.writes ?? []),
      ...announce(env, { organizationId, type: "badge.archived", data: { badge: former.id } }),
      ...announce(env, { organizationId, type: "badge.created", data: { badge: badge.id } }),
    ],
  };
}

/** The last number in it goes up by one; one without any is counted from two. */
export function nextVersion(version: string): string {
  const found = /^(.*?)(\d{1,15})(\D*)$/su.exec(version);
  if (found === null) return `${version.slice(0, MAX_VERSION - 2)} 2`;
  const [, before = "", number = "", after = ""] = found;
  return `${before}${Number(number) + 1}${after}`;
}
