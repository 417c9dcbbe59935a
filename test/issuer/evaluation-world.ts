// An organization with badges under rules, people with numbers that were counted, and the jobs that evaluate them.
import { inArray, sql } from "drizzle-orm";
import { type Award, awards } from "../../src/db/awards.ts";
import { type Badge, type badges, badgeTiers } from "../../src/db/badges.ts";
import { type CriterionMethod, criteria, criterionParams } from "../../src/db/criteria.ts";
import { evaluationsDue, metricTotals } from "../../src/db/facts.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import type { RealType } from "../../src/issuer/criteria/kinds.ts";
import { evaluatePerson, isOutdated } from "../../src/issuer/evaluate.ts";
import { evaluationJob } from "../../src/issuer/evaluation-due.ts";
import { type Drained, drain } from "../../src/jobs/drain.ts";
import { enqueue, type Handlers } from "../../src/jobs/outbox.ts";
import { HANDLERS } from "../../src/work.ts";
import { givenBadge } from "../given.ts";

/** What evaluates, and nothing that pushes, mails or comes round. */
export const EVALUATING: Handlers = Object.fromEntries(
  Object.entries(HANDLERS).filter(([kind]) =>
    ["award.evaluate", "award.sweep_organization"].includes(kind),
  ),
);

export interface Rule {
  readonly type: RealType;
  readonly params: Readonly<Record<string, string>>;
  readonly method?: CriterionMethod;
}

export const counts = (threshold: number, metric = "activity_count"): Rule => ({
  type: "metric",
  params: { [`metric_${metric}`]: String(threshold) },
});

export interface RuledBadge {
  readonly rules: readonly Rule[];
  /** Of the overall row. */
  readonly method?: CriterionMethod;
  /** Thresholds, the lowest tier's first. */
  readonly tiers?: readonly (number | null)[];
  readonly over?: Partial<typeof badges.$inferInsert>;
}

/** An active badge with these criteria. */
export async function givenRuled(
  env: Env,
  organization: Organization,
  { rules, method = 1, tiers = [], over }: RuledBadge,
): Promise<Badge> {
  const badge = await givenBadge(env, organization, { max_awards_per_user: null, ...over });
  const { orm } = env.db;
  // The clock stands still, and criteria are asked in the order of their ids.
  const ids = rules.map(() => newId(env)).sort();
  const rows = rules.map((rule, i) => ({ id: ids[i] ?? "", rule }));
  const params = rows.flatMap(({ id, rule }) =>
    Object.entries(rule.params).map(([name, value]) => ({
      id: newId(env),
      crit_id: id,
      name,
      value,
    })),
  );
  await env.db.batch([
    orm
      .insert(criteria)
      .values({ id: newId(env), badge_id: badge.id, criteria_type: "overall", method }),
    ...rows.map(({ id, rule }) =>
      orm.insert(criteria).values({
        id,
        badge_id: badge.id,
        criteria_type: rule.type,
        method: rule.method ?? 1,
      }),
    ),
    ...params.map((param) => orm.insert(criterionParams).values(param)),
    ...tiers.map((threshold, i) =>
      orm
        .insert(badgeTiers)
        .values({ badge_id: badge.id, level: i + 1, name: `Tier ${i + 1}`, threshold }),
    ),
  ]);
  return badge;
}

/** As events would have: so much is counted of a metric, and the person is to be looked at. */
export async function counted(
  env: Env,
  organization: Organization,
  userId: string,
  count: number,
  metric = "activity_count",
): Promise<void> {
  await countedQuietly(env, organization, userId, count, metric);
  await env.db.batch([
    env.db.orm
      .insert(evaluationsDue)
      .values({ organization_id: organization.id, user_id: userId })
      .onConflictDoUpdate({
        target: [evaluationsDue.organization_id, evaluationsDue.user_id],
        set: { touched: sql`touched + 1` },
      }),
    enqueue(env, evaluationJob(organization.id)),
  ]);
}

/** The same, and nobody is told: what only a look at everybody finds. */
export async function countedQuietly(
  env: Env,
  organization: Organization,
  userId: string,
  count: number,
  metric = "activity_count",
): Promise<void> {
  await env.db.batch([
    env.db.orm
      .insert(metricTotals)
      .values({
        organization_id: organization.id,
        metric,
        user_id: userId,
        count,
        total: count * 1000,
        updated_at: env.now(),
      })
      .onConflictDoUpdate({
        target: [metricTotals.organization_id, metricTotals.metric, metricTotals.user_id],
        set: { count: sql`excluded.count`, total: sql`excluded.total` },
      }),
  ]);
}

export function evaluate(env: Env): Promise<Drained> {
  return drain(env, EVALUATING, { limit: 50 });
}

/** Decides, writes, and decides again where somebody was faster. Returns how many awards were made. */
export async function evaluateOnce(
  env: Env,
  organizationId: string,
  userId: string,
): Promise<number> {
  for (;;) {
    const { decisions, writes } = await evaluatePerson(env, organizationId, userId);
    try {
      if (writes.length > 0) await env.db.batch(writes);
      return decisions.flatMap(({ awarded }) => awarded).length;
    } catch (error) {
      if (!isOutdated(error)) throw error;
    }
  }
}

/** Valid and revoked, in the order they were made. */
export function awardsOf(env: Env, ...userIds: string[]): Promise<Award[]> {
  return env.db.orm
    .select()
    .from(awards)
    .where(userIds.length === 0 ? undefined : inArray(awards.user_id, userIds))
    .orderBy(sql`rowid`);
}

export async function marked(env: Env): Promise<number> {
  return (await env.db.orm.select().from(evaluationsDue)).length;
}
