// Events as they are stored and counted, many in one statement: reads and writes with SQL of their own.
import type { Database, Statement } from "./database.ts";
import type { EventKind, Metric } from "./facts.ts";

/** A row of `events`, without its organization. */
export interface StoredEvent {
  readonly id: string;
  readonly userId: string;
  readonly kind: EventKind;
  readonly name: string;
  /** Thousandths. */
  readonly quantity: number;
  readonly occurredAt: number;
  readonly day: number;
  /** JSON, or null. */
  readonly detail: string | null;
}

/** Those of the ids that the organization has sent before. */
export async function findEvents(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<StoredEvent[]> {
  const { rows } = await db.read({
    sql: `SELECT e.event_id, e.user_id, e.kind, e.name, e.quantity, e.occurred_at, e.day, e.detail
      FROM json_each(?) sought CROSS JOIN events e
      ON e.organization_id = ? AND e.event_id = sought.value`,
    params: [JSON.stringify(ids), organizationId],
  });
  return rows.map(([id, userId, kind, name, quantity, occurredAt, day, detail]) => ({
    id: String(id),
    userId: String(userId),
    kind: kind as EventKind,
    name: String(name),
    quantity: Number(quantity),
    occurredAt: Number(occurredAt),
    day: Number(day),
    detail: detail === null ? null : String(detail),
  }));
}

/** Those of the names that the organization registered. */
export async function findMetrics(
  db: Database,
  organizationId: string,
  names: readonly string[],
): Promise<Pick<Metric, "name" | "kind" | "label">[]> {
  const { rows } = await db.read({
    sql: `SELECT metrics.name, metrics.kind, metrics.label FROM json_each(?) sought
      CROSS JOIN metrics ON metrics.organization_id = ? AND metrics.name = sought.value`,
    params: [JSON.stringify(names), organizationId],
  });
  return rows.map(([name, kind, label]) => ({
    name: String(name),
    kind: kind as Metric["kind"],
    label: String(label),
  }));
}

/**
 * Inserts events that are new. One whose id is there already breaks the primary key, and with it the
 * batch: nothing is counted twice, however many processes send it at once.
 */
export function insertEvents(
  organizationId: string,
  events: readonly StoredEvent[],
  now: number,
): Statement {
  const rows = events.map(({ id, userId, kind, name, quantity, occurredAt, day, detail }) => [
    id,
    userId,
    kind,
    name,
    quantity,
    occurredAt,
    day,
    detail,
  ]);
  return {
    sql: `INSERT INTO events
      (organization_id, event_id, user_id, kind, name, quantity, occurred_at, day, detail, created_at)
      SELECT ?, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6,
        value->>7, ? FROM json_each(?)`,
    params: [organizationId, now, JSON.stringify(rows)],
  };
}

/** What a person did of one metric on one day. */
export interface Counted {
  readonly metric: string;
  readonly userId: string;
  readonly day: number;
  readonly count: number;
  /** Thousandths. */
  readonly total: number;
}

/** Adds to what is known by day and in all; in the order of the keys, which are neighbours then. */
export function addCounts(
  organizationId: string,
  counted: readonly Counted[],
  now: number,
): Statement[] {
  if (counted.length === 0) return [];
  const days: [metric: string, userId: string, day: number, count: number, total: number][] = [];
  const totals: [metric: string, userId: string, count: number, total: number][] = [];
  for (const { metric, userId, day, count, total } of [...counted].sort(byKey)) {
    const sum = totals.at(-1);
    const isSame = sum !== undefined && sum[0] === metric && sum[1] === userId;
    if (isSame) {
      sum[2] += count;
      sum[3] += total;
    } else totals.push([metric, userId, count, total]);
    const onDay = days.at(-1);
    if (isSame && onDay?.[2] === day) {
      onDay[3] += count;
      onDay[4] += total;
    } else days.push([metric, userId, day, count, total]);
  }
  return [
    { sql: ADD_DAYS, params: [organizationId, JSON.stringify(days)] },
    { sql: ADD_TOTALS, params: [organizationId, now, JSON.stringify(totals)] },
  ];
}

function byKey(a: Counted, b: Counted): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1;
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.day - b.day;
}

const ADD_DAYS = `INSERT INTO metric_days (organization_id, metric, user_id, day, count, total)
  SELECT ?, value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?) WHERE true
  ON CONFLICT (organization_id, metric, user_id, day) DO UPDATE SET
    count = count + excluded.count, total = total + excluded.total`;

const ADD_TOTALS = `INSERT INTO metric_totals
  (organization_id, metric, user_id, count, total, updated_at)
  SELECT ?1, value->>0, value->>1, value->>2, value->>3, ?2 FROM json_each(?3) WHERE true
  ON CONFLICT (organization_id, metric, user_id) DO UPDATE SET
    count = count + excluded.count, total = total + excluded.total,
    updated_at = max(updated_at, excluded.updated_at)`;

/** Something reached, begun or ended. */
export interface NewFact {
  readonly userId: string;
  readonly kind: string;
  readonly key: string;
  readonly at: number;
  readonly endsAt: number | null;
  /** Thousandths. */
  readonly grade: number | null;
  readonly effect: "reached" | "begins" | "ends";
}

/**
 * Writes facts down. An end is kept as an interval of no length, so that what begins before it and
 * arrives after it ends there too: whatever the order, an interval ends at the earliest of its own
 * ends and of those said from its beginning on, and the best grade of a moment stands.
 */
export function writeFacts(
  organizationId: string,
  facts: readonly NewFact[],
  now: number,
): Statement[] {
  if (facts.length === 0) return [];
  const rows = facts.map(({ effect, userId, kind, key, at, endsAt, grade }) => {
    return [userId, kind, key, at, effect === "ends" ? at : endsAt, grade];
  });
  const intervals = facts
    .filter(({ effect }) => effect !== "reached")
    .map(({ kind, key, userId }) => [kind, key, userId]);
  const insert = { sql: INSERT_FACTS, params: [organizationId, now, JSON.stringify(rows)] };
  if (intervals.length === 0) return [insert];
  return [insert, { sql: SHORTEN, params: [now, organizationId, JSON.stringify(intervals)] }];
}

const INSERT_FACTS = `INSERT INTO facts
  (organization_id, user_id, kind, key, starts_at, ends_at, grade, updated_at)
  SELECT ?, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, ?
    FROM json_each(?) WHERE true
  ON CONFLICT (organization_id, kind, key, user_id, starts_at) DO UPDATE SET
    ends_at = coalesce(min(ends_at, excluded.ends_at), ends_at, excluded.ends_at),
    grade = coalesce(max(grade, excluded.grade), grade, excluded.grade),
    updated_at = max(updated_at, excluded.updated_at)`;

const SAID_SINCE = `FROM facts said
  WHERE said.organization_id = facts.organization_id AND said.kind = facts.kind
    AND said.key = facts.key AND said.user_id = facts.user_id
    AND said.starts_at >= facts.starts_at AND said.ends_at = said.starts_at`;

const SHORTEN = `UPDATE facts
  SET ends_at = (SELECT min(said.starts_at) ${SAID_SINCE}), updated_at = max(updated_at, ?)
  WHERE organization_id = ?
    AND (kind, key, user_id) IN (SELECT value->>0, value->>1, value->>2 FROM json_each(?))
    AND EXISTS (SELECT 1 ${SAID_SINCE} AND (facts.ends_at IS NULL OR facts.ends_at > said.starts_at))`;

/** A param of a criterion that events of these people may have brought nearer. */
export interface Touched {
  readonly userId: string;
  /** As `metric_activity_count` or `course_12`: the param's name. */
  readonly param: string;
}

/**
 * Marks people to be looked at, each once, if an active badge has a criterion with one of the params.
 * Asked in the batch that counts: who activates a badge later looks at everyone.
 */
export function markDue(organizationId: string, touched: readonly Touched[]): Statement {
  const people = new Map<string, Set<string>>();
  for (const { userId, param } of touched) {
    const params = people.get(userId);
    if (params) params.add(param);
    else people.set(userId, new Set([param]));
  }
  const pairs = [...people.keys()]
    .sort()
    .flatMap((userId) => [...(people.get(userId) ?? [])].map((param) => [userId, param]));
  return {
    sql: `INSERT INTO evaluations_due (organization_id, user_id, touched)
      SELECT ?1, touched.value->>0, 1 FROM json_each(?2) touched
      WHERE touched.value->>1 IN (SELECT param.value FROM json_each(?3) param
        WHERE EXISTS (SELECT 1 FROM badges
          CROSS JOIN badge_criterias ON badge_criterias.badge_id = badges.id
          CROSS JOIN badge_criteria_params p ON p.crit_id = badge_criterias.id
          WHERE badges.organization_id = ?1 AND badges.is_active AND p.name = param.value))
      GROUP BY touched.value->>0
      ON CONFLICT (organization_id, user_id) DO UPDATE SET touched = touched + 1, is_news = 1`,
    params: [
      organizationId,
      JSON.stringify(pairs),
      JSON.stringify([...new Set(touched.map(({ param }) => param))]),
    ],
  };
}
