// How a site stands: work that is late, work that was given up and waits for a person, and what its clock and address were.
import type { Database, Statement } from "./database.ts";

/** Rows that are counted; of more it is only known that there are more. */
export const JOBS_COUNTED = 1_000;

const WAITS = "done_at is null and parked_at is null";
const PARKED = "done_at is null and parked_at is not null";

export interface LateJobs {
  /** At most JOBS_COUNTED. */
  readonly count: number;
  /** When the one that waits longest fell due; null where none is late. */
  readonly since: number | null;
}

/** What fell due by then and is in nobody's hands, in milliseconds since 1970. */
export async function lateJobs(
  db: Pick<Database, "read">,
  by: number,
  now: number,
): Promise<LateJobs> {
  const { rows } = await db.read({
    sql: `SELECT count(*), min(due_at) FROM (
        SELECT due_at FROM jobs
        WHERE ${WAITS} AND due_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
        ORDER BY due_at LIMIT ${JOBS_COUNTED})`,
    params: [by, now],
  });
  const [count, since] = rows[0] ?? [];
  return { count: Number(count ?? 0), since: since == null ? null : Number(since) };
}

export interface ParkedJobs {
  readonly kind: string;
  /** A code; null where none is known. */
  readonly reason: string | null;
  readonly count: number;
  /** When the last of them was given up. */
  readonly at: number;
}

/** By kind and reason, of the JOBS_COUNTED that were given up last. */
export async function parkedJobs(db: Pick<Database, "read">): Promise<ParkedJobs[]> {
  const { rows } = await db.read({
    sql: `SELECT kind, last_error, count(*), max(parked_at) FROM (
        SELECT kind, last_error, parked_at FROM jobs
        WHERE ${PARKED} ORDER BY parked_at DESC LIMIT ${JOBS_COUNTED})
      GROUP BY kind, last_error ORDER BY max(parked_at) DESC`,
    params: [],
  });
  return rows.map(([kind, reason, count, at]) => ({
    kind: String(kind),
    reason: reason === null ? null : String(reason),
    count: Number(count),
    at: Number(at),
  }));
}

/** Mails that were given up, of all organizations: at most JOBS_COUNTED. */
export async function countParkedMails(db: Pick<Database, "read">): Promise<number> {
  const { rows } = await db.read({
    sql: `SELECT count(*) FROM (
      SELECT 1 FROM notifications WHERE state = 'parked' LIMIT ${JOBS_COUNTED})`,
    params: [],
  });
  return Number(rows[0]?.[0] ?? 0);
}

/**
 * All that was given up is due now, its tries begin anew. Of what would do the same as a job that
 * waits, or as one that was given up later, nothing is left to do.
 */
export function unpark(now: number): readonly [superseded: Statement, due: Statement] {
  return [
    {
      sql: `UPDATE jobs SET done_at = ? WHERE ${PARKED} AND dedupe_key IS NOT NULL AND EXISTS (
        SELECT 1 FROM jobs same WHERE same.kind = jobs.kind AND same.dedupe_key = jobs.dedupe_key
          AND same.done_at is null AND (same.parked_at is null OR same.id > jobs.id))`,
      params: [now],
    },
    {
      sql: `UPDATE jobs SET parked_at = NULL, attempts = 0, due_at = ?, last_error = NULL
        WHERE ${PARKED}`,
      params: [now],
    },
  ];
}

/** When anything was last written down; null where nothing was. Times in milliseconds since 1970. */
export async function lastWritten(db: Pick<Database, "read">): Promise<number | null> {
  const { rows } = await db.read({ sql: "SELECT max(id) FROM jobs", params: [] });
  const id = rows[0]?.[0];
  const at =
    typeof id === "string" ? Number.parseInt(id.replace("-", "").slice(0, 12), 16) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The origin in the ids of badges that were issued; null where none was. */
export async function issuedBase(db: Pick<Database, "read">): Promise<string | null> {
  const { rows } = await db.read({
    sql: `SELECT base FROM hosted_assertions
      JOIN assertion_forms ON assertion_forms.id = form_id LIMIT 1`,
    params: [],
  });
  return rows[0] === undefined ? null : String(rows[0][0]);
}
