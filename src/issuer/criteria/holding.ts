// Which facts hold at a time: intervals that have begun, by the clock of who said so, and have not ended.
import { and, gt, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { facts } from "../../db/facts.ts";
import { MAX_SKEW_MS } from "../event.ts";
import type { At } from "./kind.ts";

/**
 * True of rows of `facts` that hold. What was said by a clock that is fast has begun: nobody looks
 * again when ours gets there. An interval of no length is an end, and holds at no time.
 */
export function holdsAt({ now }: At): SQL | undefined {
  return and(
    lte(facts.starts_at, now + MAX_SKEW_MS),
    or(
      isNull(facts.ends_at),
      and(gt(facts.ends_at, now), sql`${facts.ends_at} > ${facts.starts_at}`),
    ),
  );
}
