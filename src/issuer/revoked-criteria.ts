// What of a badge's criteria is forgotten when an award of it ends: vouches, and what was met.
import { and, eq, inArray, lte } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { criteria, criterionMets, manualAwards } from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";

type Whose = Pick<Award, "badge_id" | "user_id">;

/** Whoever vouched for the person must do so anew; what they had met by that is no longer met. */
export function forgetVouches({ orm }: Database, { badge_id, user_id }: Whose): Writable[] {
  return [
    orm
      .delete(manualAwards)
      .where(and(eq(manualAwards.badge_id, badge_id), eq(manualAwards.recipient_id, user_id))),
    forgetMets({ orm }, { badge_id, user_id }, { type: "manual" }),
  ];
}

/** All that the person had met of the badge; nothing keeps a rule from awarding it once it is met again. */
export function resetCriteria(db: Database, whose: Whose): Writable[] {
  return [
    ...forgetVouches(db, whose),
    forgetMets(db, whose),
    db.orm
      .update(awards)
      .set({ is_withheld: false })
      .where(
        and(
          eq(awards.user_id, whose.user_id),
          eq(awards.badge_id, whose.badge_id),
          eq(awards.is_withheld, true),
        ),
      ),
  ];
}

/** What was met by the time an award ran out, and who vouched by then. */
export function forgetUntil(db: Database, whose: Whose, end: number): Writable[] {
  return [
    db.orm
      .delete(manualAwards)
      .where(
        and(
          eq(manualAwards.badge_id, whose.badge_id),
          eq(manualAwards.recipient_id, whose.user_id),
          lte(manualAwards.date_met, end),
        ),
      ),
    forgetMets(db, whose, { until: end }),
  ];
}

function forgetMets(
  { orm }: Pick<Database, "orm">,
  { badge_id, user_id }: Whose,
  { type, until }: { readonly type?: "manual"; readonly until?: number } = {},
): Writable {
  const ofBadge = orm
    .select({ id: criteria.id })
    .from(criteria)
    .where(
      and(
        eq(criteria.badge_id, badge_id),
        type === undefined ? undefined : eq(criteria.criteria_type, type),
      ),
    );
  return orm
    .delete(criterionMets)
    .where(
      and(
        eq(criterionMets.user_id, user_id),
        inArray(criterionMets.crit_id, ofBadge),
        until === undefined ? undefined : lte(criterionMets.date_met, until),
      ),
    );
}
