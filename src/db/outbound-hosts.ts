// How it goes with the hosts that are sent to, shared by all processes.
import { eq } from "drizzle-orm";
import type { Database, Statement } from "./database.ts";
import { type OutboundHost, outboundHosts } from "./deliveries.ts";

/** Null for a host that nothing was ever noted of. */
export async function findHost(db: Database, host: string): Promise<OutboundHost | null> {
  const [row] = await db.orm
    .select()
    .from(outboundHosts)
    .where(eq(outboundHosts.host, host))
    .limit(1);
  return row ?? null;
}

/** The one try that decides: affects a row for one caller only, until `until`. */
export function takeTry(host: OutboundHost, now: number, until: number): Statement {
  return {
    sql: `UPDATE outbound_hosts SET open_until = ?, updated_at = ?
      WHERE host = ? AND open_until IS ? AND consecutive_failures = ?`,
    params: [until, now, host.host, host.open_until, host.consecutive_failures],
  };
}

/** A request that went well beside one that was asked to wait does not end the waiting. */
export function wentWell(host: string, now: number): Statement {
  return {
    sql: `INSERT INTO outbound_hosts (host, last_success_at, updated_at) VALUES (?, ?, ?)
      ON CONFLICT (host) DO UPDATE SET consecutive_failures = 0,
        open_until = CASE WHEN last_problem = '${RATE_LIMITED}' AND open_until > excluded.updated_at
          THEN open_until END,
        last_success_at = excluded.last_success_at, updated_at = excluded.updated_at`,
    params: [host, now, now],
  };
}

/** `rests` is how long the host rests by the number of failures beyond the bearable ones. */
export interface Rest {
  readonly bearable: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

/** One more failure. Those of requests that were under way when it was shut count for nothing. */
export function wentBadly(
  host: string,
  problem: string,
  wasTry: boolean,
  { bearable, firstMs, longestMs }: Rest,
  now: number,
): Statement {
  const failures = "consecutive_failures + 1";
  return {
    sql: `INSERT INTO outbound_hosts (host, consecutive_failures, last_problem, last_failure_at, updated_at)
      VALUES (?, 1, ?, ?, ?)
      ON CONFLICT (host) DO UPDATE SET consecutive_failures = ${failures},
        open_until = CASE WHEN ${failures} >= ? THEN
          ? + min(?, ? * (1 << min(20, ${failures} - ?))) ELSE open_until END,
        last_problem = excluded.last_problem, last_failure_at = excluded.last_failure_at,
        updated_at = excluded.updated_at
      WHERE consecutive_failures < ? OR ?`,
    params: [
      host,
      problem,
      now,
      now,
      bearable,
      now,
      longestMs,
      firstMs,
      bearable,
      bearable,
      wasTry ? 1 : 0,
    ],
  };
}

const RATE_LIMITED = "rate_limited";

/** The host itself asked to be left alone. */
export function restsUntil(host: string, until: number, now: number): Statement {
  return {
    sql: `INSERT INTO outbound_hosts (host, open_until, last_problem, updated_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (host) DO UPDATE SET open_until = max(coalesce(open_until, 0), excluded.open_until),
        last_problem = excluded.last_problem, updated_at = excluded.updated_at`,
    params: [host, until, RATE_LIMITED, now],
  };
}
