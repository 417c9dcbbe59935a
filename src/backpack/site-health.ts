// How it goes with each backpack, over everybody who is connected to it: for who looks after the site.
import type { Database } from "../db/database.ts";
import { countHealth, listHosts } from "../db/site-backpacks.ts";
import { hostOf } from "./breaker.ts";

export interface BackpackHealth {
  /** Connections that work, as far as is known. */
  readonly connected: number;
  /** Connections whose grant is gone: only their person can bring it back. */
  readonly reconnect: number;
  /** Deliveries that are to be made yet, or are under way. */
  readonly waiting: number;
  readonly parked: number;
  readonly refused: number;
  readonly delivered: number;
  /** Connections whose last pull met a problem. */
  readonly pullProblems: number;
  /** Milliseconds since 1970: when the host last answered well, to within a minute. */
  readonly lastSuccessAt: number | null;
  /** Nothing is sent there before; null where it may be asked. */
  readonly pausedUntil: number | null;
  /** Failures in a row. */
  readonly failures: number;
  /** A code of the last failure; null after a success. */
  readonly lastProblem: string | null;
}

/** By the backpack's id; of every backpack there is. Two reads, however many people are connected. */
export async function backpackHealth(
  db: Database,
  now: number,
): Promise<ReadonlyMap<string, BackpackHealth>> {
  const [counted, hosts] = await Promise.all([countHealth(db), listHosts(db)]);
  const byHost = new Map(hosts.map((host) => [host.host, host]));
  return new Map(
    counted.map(({ backpackId, apiUrl, lastSuccessAt, ...counts }) => {
      const host = byHost.get(hostOf(apiUrl));
      const until = host?.open_until ?? null;
      const failures = host?.consecutive_failures ?? 0;
      return [
        backpackId,
        {
          ...counts,
          lastSuccessAt: latest(lastSuccessAt, host?.last_success_at ?? null),
          pausedUntil: until !== null && until > now ? until : null,
          failures,
          lastProblem: failures > 0 ? (host?.last_problem ?? null) : null,
        },
      ];
    }),
  );
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
