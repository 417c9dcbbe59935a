// The metrics a criterion may name: those that are always there, and the organization's own.
import { eq } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { metrics } from "../../db/facts.ts";
import type { MetricKind } from "./kind.ts";

/**
 * Of a `count` each event counts one, of a `sum` its quantity is added, a `state` holds from one time
 * to another.
 */
export const BUILT_IN_METRICS: Readonly<Record<string, MetricKind>> = {
  activity_count: "count",
  activity_hours: "sum",
  training_completion: "count",
  recruiting_milestone: "count",
  certification_active: "state",
};

/** Every metric of the organization that events may name, by name. */
export async function knownMetrics(
  db: Database,
  organizationId: string,
): Promise<ReadonlyMap<string, MetricKind>> {
  const own = await db.orm
    .select({ name: metrics.name, kind: metrics.kind })
    .from(metrics)
    .where(eq(metrics.organization_id, organizationId));
  return new Map([
    ...own.map(({ name, kind }) => [name, kind] as const),
    ...Object.entries(BUILT_IN_METRICS),
  ]);
}
