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
  activity_count: { kind: "count", label: { en: "Activities", de: "Aktivitäten" } },
  activity_hours: {
    kind: "sum",
    label: { en: "Hours of activity", de: "Stunden mit Aktivitäten" },
  },
  training_completion: {
    kind: "count",
    label: { en: "Completed trainings", de: "Abgeschlossene Schulungen" },
  },
  recruiting_milestone: {
    kind: "count",
    label: { en: "Confirmed recruits", de: "Bestätigte Anwerbungen" },
  },
  certification_active: {
    kind: "state",
    label: { en: "Active certification", de: "Gültiges Zertifikat" },
  },
};

/** Every metric of the organization that events may name, by name. */
export async function knownMetrics(
  db: Database,
  organizationId: string,
): Promise<ReadonlyMap<string, KnownMetric>> {
  const own = await ownMetrics(db).all({ organizationId });
  return new Map([
    // What an organization called it, it called so for everybody.
    ...own.map(
      ({ name, kind, label }) => [name, { kind, label: { en: label, de: label } }] as const,
    ),
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
