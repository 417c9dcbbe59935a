// Every type of criterion there is, but the overall row that holds the others together.
import type { CriterionType } from "../../db/criteria.ts";
import { activity } from "./activity.ts";
import { badge } from "./badge.ts";
import { cohort } from "./cohort.ts";
import { competency } from "./competency.ts";
import { course } from "./course.ts";
import { courseSet } from "./courseset.ts";
import type { Kind } from "./kind.ts";
import { manual } from "./manual.ts";
import { metric } from "./metric.ts";
import { profile } from "./profile.ts";

/** What a badge asks for is of one of these; the overall row has no params of its own. */
export type RealType = Exclude<CriterionType, "overall">;

const KINDS: Readonly<Record<RealType, Kind>> = {
  activity,
  manual,
  course,
  courseset: courseSet,
  profile,
  badge,
  cohort,
  competency,
  metric,
};

/** In the order in which a badge's criteria are listed. */
export const REAL_TYPES = Object.keys(KINDS) as RealType[];

/** Null for the overall row. */
export function kindOf(type: CriterionType): Kind | null {
  return type === "overall" ? null : KINDS[type];
}
