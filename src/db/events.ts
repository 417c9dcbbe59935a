// Events as they are stored and counted, many in one statement: reads and writes with SQL of their own.
import type { Database, Statement } from "./database.ts";
import { type EventKind, recentDaysText } from "./facts.ts";
import { soughtAmong, withSaid } from "./said.ts";

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
  const sought = soughtAmong(ids);
  const { rows } = await db.read({
    sql: `SELECT e.event_id, e.user_id, e.kind, e.name, e.quantity, e.occurred_at, e.day, e.detail
      FROM ${sought.sql} sought CROSS JOIN events e
      ON e.organization_id = ? AND e.event_id = sought.value`,
    params: [...sought.params, organizationId],
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
  return insertSaid([rows], [organizationId, now]);
}

const EVENT_COLUMNS = "event_id, user_id, kind, name, quantity, occurred_at, day, detail";

const insertSaid = withSaid(
  [{ name: "said", columns: EVENT_COLUMNS }],
  `INSERT INTO events (${EVENT_COLUMNS}, organization_id, created_at)
    SELECT ${EVENT_COLUMNS}, ?, ? FROM said`,
);

/** What a person did of one metric on one day. */
export interface Counted {
  readonly metric: string;
  readonly userId: string;
  readonly day: number;
  readonly count: number;
  /** Thousandths. */
  readonly total: number;
}

/** Adds to what is known in all and by day; in the order of the keys, which are neighbours then. */
export function addCounts(
  organizationId: string,
  counted: readonly Counted[],
  now: number,
): Statement[] {
  if (counted.length === 0) return [];
  const sums: Sum[] = [];
  for (const { metric, userId, day, count, total } of [...counted].sort(byKey)) {
    let sum = sums.at(-1);
    if (sum === undefined || sum.metric !== metric || sum.userId !== userId) {
      sum = { metric, userId, count: 0, total: 0, days: [] };
      sums.push(sum);
    }
    sum.count += count;
    sum.total += total;
    const last = sum.days.at(-1);
    if (last?.day === day) {
      last.count += count;
      last.total += total;
    } else sum.days.push({ day, count, total });
  }
  const rows = sums.map(({ metric, userId, count, total, days }) => {
    return [metric, userId, count, total, recentDaysText(days)];
  });
  return [addSaid([rows], [organizationId, now])];
}

/** What one person did of one metric. */
interface Sum extends Pick<Counted, "metric" | "userId"> {
  count: number;
  total: number;
  readonly days: { readonly day: number; count: number; total: number }[];
}

function byKey(a: Counted, b: Counted): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1;
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.day - b.day;
}

const COUNT_COLUMNS = "metric, user_id, count, total, recent";

const addSaid = withSaid(
  [{ name: "said", columns: COUNT_COLUMNS }],
  `INSERT INTO metric_totals (${COUNT_COLUMNS}, organization_id, updated_at)
    SELECT ${COUNT_COLUMNS}, ?, ? FROM said WHERE true
    ON CONFLICT (organization_id, metric, user_id) DO UPDATE SET
      count = count + excluded.count, total = total + excluded.total,
      recent = recent || excluded.recent, updated_at = max(updated_at, excluded.updated_at)`,
);

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

/** Somebody whom events were about, and when they are to be looked at for it. */
export interface Due {
  readonly userId: string;
  /** In any case. */
  readonly isCertain: boolean;
  /** Once the total of this metric has come to one of the thresholds that are asked for. */
  readonly metric: string | null;
}

/** What a total is to come to for a criterion. */
export interface Threshold {
  readonly criterionId: string;
  readonly metric: string;
  readonly measure: "count" | "sum";
  /** In whole units. */
  readonly threshold: number;
}

/** Whom events may bring something, by definitions that had this number when they were read. */
export interface Prospects {
  readonly people: readonly Due[];
  readonly thresholds: readonly Threshold[];
  readonly version: number;
}

/**
 * Marks people to be looked at, after what was counted in the same batch: not before a threshold is
 * reached, nor once meeting the criterion has led to an award. Where the definitions have changed
 * since, everybody is marked, so that no badge which becomes active at the same time misses anyone.
 */
export function markDue(organizationId: string, prospects: Prospects): Statement {
  const { people, thresholds, version } = prospects;
  const who = people.map(({ userId, isCertain, metric }) => [userId, Number(isCertain), metric]);
  const what = thresholds.map(({ criterionId, metric, measure, threshold }) => {
    return [criterionId, metric, measure, threshold];
  });
  return markSaid([who, what], [organizationId, organizationId, organizationId, version]);
}

const markSaid = withSaid(
  [
    { name: "said", columns: "user_id, is_certain, metric" },
    { name: "asked", columns: "crit_id, metric, measure, threshold", isReadOften: true },
  ],
  `INSERT INTO evaluations_due (organization_id, user_id, touched)
    SELECT ?, said.user_id, 1 FROM said
    LEFT JOIN metric_totals counted ON counted.organization_id = ?
      AND counted.metric = said.metric AND counted.user_id = said.user_id
    WHERE coalesce((SELECT version FROM definition_versions WHERE organization_id = ?), 0) <> ?
      OR said.is_certain
      OR EXISTS (SELECT 1 FROM asked WHERE asked.metric = counted.metric
        AND CASE asked.measure WHEN 'count' THEN counted.count ELSE counted.total / 1000 END
          >= asked.threshold
        AND NOT EXISTS (SELECT 1 FROM badge_criteria_mets met WHERE met.crit_id = asked.crit_id
          AND met.user_id = counted.user_id AND met.issued_id IS NOT NULL))
    ON CONFLICT (organization_id, user_id) DO UPDATE SET touched = touched + 1, is_news = 1`,
);
