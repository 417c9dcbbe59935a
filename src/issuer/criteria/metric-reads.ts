// How far people are with a metric, read from totals, days and intervals: one person, or everybody of a slice.
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { facts, metricDays, metricTotals } from "../../db/facts.ts";
import { users } from "../../db/organizations.ts";
import { prepared } from "../../db/prepared.ts";
import { holdsAt } from "./holding.ts";
import type { At, Progress, Scope, Slice } from "./kind.ts";
import type { MetricAsked } from "./metric.ts";

const THOUSAND = 1000;
/** 1970-01-01 was a Thursday and weeks begin on Mondays; whole weeks more keep early days positive. */
const TO_MONDAY = 700_003;

interface Reached {
  /** In whole units. */
  readonly value: number;
  readonly countedAt: number | null;
}

export async function metricProgress(
  db: Database,
  { organizationId }: Scope,
  userId: string,
  asked: MetricAsked,
  at: At,
): Promise<Progress> {
  const { value, countedAt } = await reached(db, organizationId, userId, asked, at);
  const { param, threshold } = asked;
  return { param, value, threshold, met: value >= threshold, countedAt };
}

async function reached(
  db: Database,
  organizationId: string,
  userId: string,
  asked: MetricAsked,
  at: At,
): Promise<Reached> {
  const { metric, measure } = asked;
  if (measure === "state") return stateOf(db, organizationId, userId, metric, at);
  const [ever] = await totals(db).all({ organizationId, metric, userId });
  // Whoever has no total has no days either.
  if (ever === undefined) return { value: 0, countedAt: null };
  const countedAt = ever.updated_at;
  const counted = countedDays(organizationId, asked, sql`= ${userId}`, since(asked, at));
  if (measure === "days" || measure === "weeks") {
    const [row] = await db.orm
      .select({ longest: sql<number | null>`max(run)` })
      .from(sql`(select count(*) as run from (${islands(asked, counted)}) group by island)`);
    return { value: Number(row?.longest ?? 0), countedAt };
  }
  if (asked.days === null) return { value: inUnits(asked, ever), countedAt };
  const [lately] = await db.orm
    .select({ count: sql<number | null>`sum(count)`, total: sql<number | null>`sum(total)` })
    .from(sql`(${counted})`);
  const { count, total } = lately ?? { count: 0, total: 0 };
  return { value: inUnits(asked, { count: Number(count), total: Number(total) }), countedAt };
}

/** One look-up by the key, asked for every person an event is about. */
const totals = prepared((db) =>
  db.orm
    .select({
      count: metricTotals.count,
      total: metricTotals.total,
      updated_at: metricTotals.updated_at,
    })
    .from(metricTotals)
    .where(
      and(
        eq(metricTotals.organization_id, sql.placeholder("organizationId")),
        eq(metricTotals.metric, sql.placeholder("metric")),
        eq(metricTotals.user_id, sql.placeholder("userId")),
      ),
    )
    .limit(1)
    .prepare(),
);

function inUnits({ measure }: MetricAsked, counted: { count: number; total: number }): number {
  return measure === "count" ? counted.count : counted.total / THOUSAND;
}

async function stateOf(
  db: Database,
  organizationId: string,
  userId: string,
  name: string,
  at: At,
): Promise<Reached> {
  const [row] = await db.orm
    .select({ updated_at: sql<number | null>`max(${facts.updated_at})` })
    .from(facts)
    .where(and(holding(organizationId, name, at), eq(facts.user_id, userId)));
  const countedAt = row?.updated_at ?? null;
  return { value: countedAt === null ? 0 : 1, countedAt };
}

function holding(organizationId: string, name: string, at: At): SQL | undefined {
  return and(
    eq(facts.organization_id, organizationId),
    eq(facts.kind, "state"),
    eq(facts.key, name),
    holdsAt(at),
  );
}

/** A SELECT of the ids, each once, of everybody in the slice who has reached the threshold. */
export function whoMeets(scope: Scope, asked: MetricAsked, at: At, slice: Slice): SQL {
  const { organizationId } = scope;
  const { measure, threshold, metric, days } = asked;
  const within = sql`> ${slice.after} and user_id <= ${slice.upTo}`;
  if (measure === "state") {
    return sql`select distinct ${facts.user_id} as user_id from ${facts}
      where ${holding(organizationId, metric, at)} and user_id ${within}`;
  }
  if (measure === "days" || measure === "weeks") {
    const since = sinceForEach(asked, at, sql`day`, sql`days_counted.user_id`);
    const counted = countedDays(organizationId, asked, within, since);
    return sql`select distinct user_id from (${spans(asked, counted)}) where span = ${threshold - 1}`;
  }
  const enough = measure === "count" ? threshold : threshold * THOUSAND;
  const column = measure === "count" ? sql`count` : sql`total`;
  const ever = sql`select user_id from ${metricTotals} where organization_id = ${organizationId}
    and metric = ${metric} and user_id ${within} and ${column} >= ${enough}`;
  if (days === null) return ever;
  // Nobody has come to more in a window than ever. The view would be read whole for each of the others.
  const own = metricTotals.user_id;
  const since = (day: SQL) => sinceForEach(asked, at, day, sql`${own}`);
  const beside = measure === "count" ? sql`value->>1` : sql`value->>2`;
  return sql`${ever} and coalesce((select sum(${column}) from ${metricDays}
      where organization_id = ${organizationId} and metric = ${metric}
      and user_id = ${own}${since(sql`day`)}), 0)
    + coalesce((select sum(${beside}) from json_each('[' || rtrim(${metricTotals.recent}, ',') || ']')
      where true${since(sql`value->>0`)}), 0) >= ${enough}`;
}

/** Days on which something was counted, of whom `who` says; a day may come several times. */
function countedDays(organizationId: string, asked: MetricAsked, who: SQL, from: SQL): SQL {
  return sql`select user_id, day, count, total from days_counted
    where organization_id = ${organizationId} and metric = ${asked.metric}
    and user_id ${who} and count > 0${from}`;
}

/**
 * Days, or the weeks they are in, each with an `island`: the same for those that follow one another
 * without a gap, since both the day and its ordinal go up by one.
 */
function islands({ measure }: MetricAsked, counted: SQL): SQL {
  return sql`select step - row_number() over (order by step) as island
    from (${stepsOf(measure, counted)})`;
}

/**
 * Days or weeks, each with how far it lies behind the one that is as many before it as a streak is
 * long: no further than that, where none is missing between them.
 */
function spans({ measure, threshold }: MetricAsked, counted: SQL): SQL {
  const before = sql`lag(step, ${threshold - 1}) over (partition by user_id order by step)`;
  return sql`select user_id, step - ${before} as span from (${stepsOf(measure, counted)})`;
}

function stepsOf(measure: MetricAsked["measure"], counted: SQL): SQL {
  const step = measure === "days" ? sql`day` : sql`(day + ${TO_MONDAY}) / 7`;
  return sql`select distinct user_id, ${step} as step from (${counted})`;
}

/** The window of one person, whose today is known. */
function since({ days }: Pick<MetricAsked, "days">, at: At): SQL {
  return days === null ? sql`` : sql` and day > ${at.day - days}`;
}

/** The window of each person, by the today of their time zone: of a day, and whose it is. */
function sinceForEach({ days }: MetricAsked, at: At, day: SQL, user: SQL): SQL {
  if (days === null) return sql``;
  const elsewhere = at.elsewhere ?? new Map<string, number>();
  if (elsewhere.size === 0) return sql` and ${day} > ${at.day - days}`;
  const todays = [...elsewhere.values(), at.day];
  const cases = [...new Set(elsewhere.values())].map((today) => {
    const zones = [...elsewhere].flatMap(([zone, its]) => (its === today ? [zone] : []));
    // One value, however many zones there are: a statement may hold only so many.
    return sql`when ${users.time_zone} in (select value from json_each(${JSON.stringify(zones)}))
      then ${today - days}`;
  });
  // Where somebody is matters for the days at the edge only.
  return sql` and ${day} > ${Math.min(...todays) - days} and (${day} > ${Math.max(...todays) - days}
    or ${day} > coalesce((select case ${sql.join(cases, sql` `)} end
      from ${users} where ${users.id} = ${user}), ${at.day - days}))`;
}
