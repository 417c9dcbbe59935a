// Everything that hangs on a badge which nobody holds any more, and the badge itself.
import { eq, inArray, or } from "drizzle-orm";
import {
  badgeAlignments,
  badgeEndorsements,
  badgeRelateds,
  badges,
  badgeTiers,
} from "../db/badges.ts";
import { claimCodes, claims } from "../db/claim-codes.ts";
import type { Writable } from "../db/database.ts";
import { imports } from "../db/imports.ts";
import { nominations } from "../db/nominations.ts";
import type { Env } from "../env.ts";
import { criteriaRemoval } from "./badge-criteria.ts";

/**
 * The writes that take a badge away whose awards are gone. Nominations and claim codes for it go
 * along; imports stay, as what once happened, without it.
 */
export function badgeRemoval(env: Env, id: string): Writable[] {
  const { orm } = env.db;
  const codes = orm
    .select({ id: claimCodes.id })
    .from(claimCodes)
    .where(eq(claimCodes.badge_id, id));
  return [
    orm.delete(nominations).where(eq(nominations.badge_id, id)),
    orm.delete(claims).where(inArray(claims.claim_code_id, codes)),
    orm.delete(claimCodes).where(eq(claimCodes.badge_id, id)),
    orm.update(imports).set({ badge_id: null }).where(eq(imports.badge_id, id)),
    orm.delete(badgeTiers).where(eq(badgeTiers.badge_id, id)),
    orm.delete(badgeAlignments).where(eq(badgeAlignments.badge_id, id)),
    orm.delete(badgeEndorsements).where(eq(badgeEndorsements.badge_id, id)),
    orm
      .delete(badgeRelateds)
      .where(or(eq(badgeRelateds.badge_id, id), eq(badgeRelateds.related_badge_id, id))),
    ...criteriaRemoval(env, id),
    orm.delete(badges).where(eq(badges.id, id)),
  ];
}
