// Every type of criterion there is, but the overall row that holds the others together.
import type { CriterionType } from "../../db/criteria.ts";
import type { Kind } from "./kind.ts";

export type RealType = Exclude<CriterionType, "overall">;

const KINDS: Readonly<Partial<Record<RealType, Kind>>> = {};

/** Null for the overall row, which has no params of its own. */
export function kindOf(type: CriterionType): Kind | null {
  return type === "overall" ? null : (KINDS[type] ?? null);
}
