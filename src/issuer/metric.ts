// Metrics of an organization's own: registered before events may name them, and gone only while nothing rests on them.
import { and, eq, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import { type Metric, metrics } from "../db/facts.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import { isStreak } from "./criteria/metric.ts";
import { BUILT_IN_METRICS } from "./criteria/metrics.ts";

export interface MetricInput {
  readonly name: string;
  readonly kind: Metric["kind"];
  readonly label: string;
}

/** Throws a `metric-name-taken` Problem for a name that is always there; the database for others. */
export function registerMetric(
  env: Env,
  organizationId: string,
  input: MetricInput,
  actor: Actor,
): { readonly metric: Metric; readonly writes: readonly Writable[] } {
  const { name } = input;
  if (Object.hasOwn(BUILT_IN_METRICS, name) || isStreak(name)) throw metricNameTaken(name);
  const metric: Metric = { organization_id: organizationId, ...input, created_at: env.now() };
  return {
    metric,
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "metric.created",
        object: ["metric", name],
        detail: { kind: input.kind },
      }),
      env.db.orm.insert(metrics).values(metric),
    ],
  };
}

export function metricNameTaken(name: string): Problem {
  return new Problem("metric-name-taken", `There is a metric ${JSON.stringify(name)} already.`, {
    errors: [
      {
        pointer: "/name",
        code: "metric_name_taken",
        detail: "There is a metric of this name.",
        fix: "Choose another name, or use the one there is.",
      },
    ],
  });
}

/** The organization's own; null for one that is always there, too. */
export async function findOwnMetric(
  env: Env,
  organizationId: string,
  name: string,
): Promise<Metric | null> {
  const rows = await env.db.orm
    .select()
    .from(metrics)
    .where(and(eq(metrics.organization_id, organizationId), eq(metrics.name, name)))
    .limit(1);
  return rows[0] ?? null;
}

/**
 * What was counted stays, so its metric does. Throws a `metric-in-use` Problem; the writes are undone
 * (`isOvertaken`) where it came into use meanwhile.
 */
export async function deleteMetric(
  env: Env,
  { organization_id: organizationId, name }: Metric,
  actor: Actor,
): Promise<readonly Writable[]> {
  const unused = sql`(not exists (select 1 from metric_totals
      where organization_id = ${organizationId} and metric = ${name})
    and not exists (select 1 from facts
      where organization_id = ${organizationId} and kind = 'state' and key = ${name})
    and not exists (select 1 from badges
      join badge_criterias on badge_criterias.badge_id = badges.id
      join badge_criteria_params on badge_criteria_params.crit_id = badge_criterias.id
      where badges.organization_id = ${organizationId}
        and badge_criterias.criteria_type = 'metric'
        and badge_criteria_params.name = ${`metric_${name}`}))`;
  const [found] = await env.db.orm
    .select({ isUnused: sql<number>`${unused}` })
    .from(metrics)
    .where(and(eq(metrics.organization_id, organizationId), eq(metrics.name, name)));
  if (found?.isUnused === 0) {
    throw new Problem("metric-in-use", `Something rests on the metric ${JSON.stringify(name)}.`);
  }
  return [
    audited(env, {
      organizationId,
      actor,
      action: "metric.deleted",
      object: ["metric", name],
      provided: unused,
    }),
    env.db.orm
      .delete(metrics)
      .where(and(eq(metrics.organization_id, organizationId), eq(metrics.name, name))),
  ];
}
