// The metrics a criterion may name: those that are always there, and the organization's own.
import { eq, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { metrics } from "../../db/facts.ts";
import { prepared } from "../../db/prepared.ts";
import type { KnownMetric } from "./kind.ts";

/**
 * Of a `count` quantities are whole numbers, of a `sum` any; a `state` holds from one time to another.
 */
export const BUILT_IN_METRICS: Readonly<Record<string, KnownMetric>> = {
  activity_count: { kind: "count", label: "Activities" },
  activity_hours: { kind: "sum", label: "Hours of activity" },
  training_completion: { kind: "count", label: "Completed trainings" },
  recruiting_milestone: { kind: "count", label: "Confirmed recruits" },
  certification_active: { kind: "state", label: "Active certification" },
};

/** Every metric of the organization that events may name, by name. */
export async function knownMetrics(
  db: Database,
  organizationId: string,
): Promise<ReadonlyMap<string, KnownMetric>> {
  const own = await ownMetrics(db).all({ organizationId });
  return new Map([
    ...own.map(({ name, ...metric }) => [name, metric] as const),
    ...Object.entries(BUILT_IN_METRICS),
  ]);
}

const ownMetrics = prepared((db) =>
  db.orm
    .select({ name: metrics.name, kind: metrics.kind, label: metrics.label })
    .from(metrics)
    .where(eq(metrics.organization_id, sql.placeholder("organizationId")))
    .prepare(),
);
