// Takes away what has served its time: expired keys, sessions, ways in and counters, and jobs done long ago.
import type { Env } from "../env.ts";
import { firstIdAt } from "../ids.ts";
import type { Handler } from "./outbox.ts";

/** Finished jobs stay this long, for whoever asks what happened. */
export const KEEP_DONE_JOBS_MS = 30 * 24 * 3_600_000;
/** So long one can see what webhooks were sent, and have them sent again. */
export const KEEP_WEBHOOKS_MS = 30 * 24 * 3_600_000;
/** So long one can see what became of each row of an import; how many there were stays known. */
export const KEEP_IMPORT_ROWS_MS = 90 * 24 * 3_600_000;
/** So long the file of a dry run can be read in another way. */
export const KEEP_IMPORT_FILES_MS = 7 * 24 * 3_600_000;
/** Rows in one statement, so that nobody waits long for the lock. */
export const SWEEP_ROWS = 500;

/** Ways in that have ended stay this long, so that a page can say that they have. */
export const KEEP_WAYS_IN_MS = 24 * 3_600_000;

/** A grant that nothing was ever given under, or nothing is left of: its code alone lasts a minute. */
const KEEP_EMPTY_GRANTS_MS = 24 * 3_600_000;

interface Sweep {
  readonly table: string;
  readonly condition: string;
  readonly params: readonly (string | number)[];
  /** Of a table without rowid. */
  readonly key?: string;
}

/** In an order in which nothing that goes is still referred to. */
function sweepsAt(now: number): Sweep[] {
  const done = now - KEEP_DONE_JOBS_MS;
  const expired = (table: string, at: number): Sweep => ({
    table,
    condition: "expires_at <= ?",
    params: [at],
  });
  return [
    expired("idempotency_keys", now),
    // What was done by then was written by then: ids sort by time, and there is no index on done_at.
    { table: "jobs", condition: "id < ? AND done_at <= ?", params: [firstIdAt(done + 1), done] },
    // Requests to backpacks that never came back.
    expired("oauth_authorizations", now),
    expired("sign_in_links", now - KEEP_WAYS_IN_MS),
    expired("oidc_sign_ins", now - KEEP_WAYS_IN_MS),
    expired("setup_links", now - KEEP_WAYS_IN_MS),
    { table: "rate_limits", condition: "resets_at <= ?", params: [now] },
    expired("authorization_records", now),
    {
      table: "authorization_records",
      condition: `kind = 'Grant' AND created_at <= ? AND NOT EXISTS (
        SELECT 1 FROM authorization_records given WHERE given.grant_id = authorization_records.id)`,
      params: [now - KEEP_EMPTY_GRANTS_MS],
    },
    {
      table: "webhook_deliveries",
      condition: "id < ? AND state <> 'waiting'",
      params: [firstIdAt(now - KEEP_WEBHOOKS_MS)],
    },
    {
      table: "webhook_deliveries",
      condition: "endpoint_id IN (SELECT id FROM webhook_endpoints WHERE deleted_at IS NOT NULL)",
      params: [],
    },
    {
      table: "webhook_endpoints",
      condition: `deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM webhook_deliveries sent WHERE sent.endpoint_id = webhook_endpoints.id)`,
      params: [],
    },
    {
      table: "import_rows",
      condition: "import_id IN (SELECT id FROM imports WHERE finished_at <= ?)",
      params: [now - KEEP_IMPORT_ROWS_MS],
      key: "import_id, line",
    },
    {
      table: "import_files",
      condition: "import_id IN (SELECT id FROM imports WHERE finished_at <= ?)",
      params: [now - KEEP_IMPORT_FILES_MS],
    },
    {
      table: "sessions",
      condition: "expires_at <= ? AND id NOT IN (SELECT session_id FROM oauth_authorizations)",
      params: [now],
    },
  ];
}

/** Also runs well twice at once. */
export const housekeeping: Handler = async (env) => {
  const swept: Record<string, number> = {};
  for (const one of sweepsAt(env.now())) {
    const count = await sweep(env, one);
    if (count > 0) swept[one.table] = count;
  }
  if (Object.keys(swept).length > 0) env.log.info("housekeeping.swept", swept);
  return [];
};

/** Deletes in slices until none is left; returns how many rows went. */
async function sweep(env: Env, one: Sweep): Promise<number> {
  const { table, condition, params, key = "rowid" } = one;
  let count = 0;
  for (;;) {
    const [result] = await env.db.batch([
      {
        sql: `DELETE FROM ${table} WHERE (${key}) IN (
          SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${SWEEP_ROWS})`,
        params,
      },
    ]);
    const affected = result?.rowsAffected ?? 0;
    count += affected;
    if (affected < SWEEP_ROWS) return count;
  }
}
