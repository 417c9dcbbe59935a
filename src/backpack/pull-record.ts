// What a pull leaves behind at its connection: when it went through, what hindered it, and an event.
import type { Connection } from "../db/backpacks.ts";
import type { Statement } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import type { RemoteProfile } from "./protocol.ts";
import { MORE_THAN_READ, type PullFailure, type PullResult } from "./pull-result.ts";

type Pulled = Extract<PullResult, { ok: true }>;

/** The next pull asks for what is new since this one began. An event only where something happened. */
export function recordPull(
  env: Env,
  connection: Connection,
  result: Pulled,
  { startedAt, profile }: { readonly startedAt: number; readonly profile: RemoteProfile | null },
): Statement[] {
  const now = env.now();
  const problem = result.more ? MORE_THAN_READ : null;
  const row: Statement = {
    sql: `UPDATE badge_backpacks SET pulled_since = ?, last_pulled_at = ?, last_pull_problem = ?,
        email = coalesce(?, email), backpack_uid = coalesce(?, backpack_uid), updated_at = ?
      WHERE id = ?`,
    params: [
      startedAt,
      now,
      problem,
      profile?.email ?? null,
      profile?.uid ?? null,
      now,
      connection.id,
    ],
  };
  const { added, changed, gone } = result;
  const isNews =
    added + changed + gone > 0 ||
    connection.last_pulled_at === null ||
    connection.last_pull_problem !== problem;
  if (!isNews) return [row];
  const { ok, ...counts } = result;
  return [row, event(env, connection, "pulled", counts)];
}

/** An event only where the problem is another than before: a host that is down for a day is one. */
export function recordFailure(
  env: Env,
  connection: Connection,
  { reason }: PullFailure,
): Statement[] {
  const row: Statement = {
    sql: "UPDATE badge_backpacks SET last_pull_problem = ?, updated_at = ? WHERE id = ?",
    params: [reason, env.now(), connection.id],
  };
  if (connection.last_pull_problem === reason) return [row];
  return [row, event(env, connection, "pull_failed", { problem: reason })];
}

/** Nothing is written where the connection is gone meanwhile. */
function event(
  env: Env,
  connection: Connection,
  kind: "pulled" | "pull_failed",
  detail: Readonly<Record<string, unknown>>,
): Statement {
  return {
    sql: `INSERT INTO backpack_events (id, connection_id, kind, detail, created_at)
      SELECT ?, id, ?, ?, ? FROM badge_backpacks WHERE id = ?`,
    params: [newId(env), kind, JSON.stringify(detail), env.now(), connection.id],
  };
}
