// Whether an award stands: one answer for the API and for the pages.
import type { Award, AwardStatus } from "./db/awards.ts";

/**
 * Revoked outweighs expired. An award has expired once its `expires` is reached (OB 2.0), at this
 * very millisecond too.
 */
export function standingOf(
  award: Pick<Award, "revoked_at" | "date_expire">,
  now: number,
): AwardStatus {
  if (award.revoked_at !== null) return "revoked";
  return award.date_expire !== null && award.date_expire <= now ? "expired" : "valid";
}
