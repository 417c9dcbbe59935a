// Whether a host may be asked now: one that keeps failing rests, then one try decides for all.
import type { Statement } from "../db/database.ts";
import type { OutboundHost } from "../db/deliveries.ts";
import {
  findHost,
  type Rest,
  restsUntil,
  takeTry,
  wentBadly,
  wentWell,
} from "../db/outbound-hosts.ts";
import type { Env } from "../env.ts";
import type { Failure } from "./protocol.ts";

/** Failures in a row after which a host rests, and for how long: doubling, up to the longest. */
export const REST = {
  bearable: 5,
  firstMs: 30_000,
  longestMs: 15 * 60_000,
} as const satisfies Rest;
/** How long the one try may take before another one is made. */
export const TRY_MS = 60_000;
/** However long a host asks to be left alone, it alone is asked again after this. */
export const LONGEST_PAUSE_MS = 3_600_000;
/** Where it says that it is asked too much, and not until when. */
export const DEFAULT_PAUSE_MS = 60_000;
/** A success is written down so often, for who looks after the site. */
const NOTE_EVERY_MS = 60_000;

export type Passage =
  | { readonly kind: "free"; readonly known: OutboundHost | null }
  /** One request, for all who wait: see `closing`. */
  | { readonly kind: "trial"; readonly known: OutboundHost }
  | { readonly kind: "resting"; readonly until: number };

/** The host of a backpack's API; the same for all that is sent there. */
export function hostOf(apiBase: string): string {
  return URL.canParse(apiBase) ? new URL(apiBase).host : apiBase;
}

/** Whether the host may be asked. Of all processes that ask after a rest, one gets the `trial`. */
export async function passage(env: Pick<Env, "db" | "now">, host: string): Promise<Passage> {
  const known = await findHost(env.db, host);
  if (known === null) return { kind: "free", known };
  const now = env.now();
  const { open_until: until, consecutive_failures: failures } = known;
  if (until !== null && until > now) return { kind: "resting", until };
  if (failures < REST.bearable) return { kind: "free", known };
  const [taken] = await env.db.batch([takeTry(known, now, now + TRY_MS)]);
  return taken?.rowsAffected === 1
    ? { kind: "trial", known }
    : { kind: "resting", until: now + TRY_MS };
}

/** What a group of requests to one host says of it. */
export type HostNews =
  | { readonly kind: "well" }
  | { readonly kind: "badly"; readonly problem: string }
  | { readonly kind: "paused"; readonly until: number | null }
  /** It was not asked at all. */
  | { readonly kind: "none" };

/** What one failure says of the host: a refusal is an answer like any other. */
export function newsOf(failure: Failure): HostNews {
  switch (failure.kind) {
    case "rate-limited":
      return { kind: "paused", until: failure.retryAt };
    case "failed":
    case "unknown":
      return failure.code === "busy" ? { kind: "none" } : { kind: "badly", problem: failure.code };
    default:
      return { kind: "well" };
  }
}

/** Of several: that it asked for rest counts most, then that it answered anybody. */
export function newsOfAll(news: readonly HostNews[]): HostNews {
  const first = (kind: HostNews["kind"]) => news.find((one) => one.kind === kind);
  return first("paused") ?? first("well") ?? first("badly") ?? { kind: "none" };
}

/** What is written of it, in the batch that records what came of the requests. */
export function noted(
  env: Pick<Env, "now">,
  host: string,
  way: Exclude<Passage, { kind: "resting" }>,
  news: HostNews,
): Statement[] {
  const now = env.now();
  const { known } = way;
  switch (news.kind) {
    case "well": {
      const isClean =
        known !== null &&
        known.consecutive_failures === 0 &&
        known.open_until === null &&
        (known.last_success_at ?? 0) > now - NOTE_EVERY_MS;
      return isClean ? [] : [wentWell(host, now)];
    }
    case "badly":
      return [wentBadly(host, news.problem, way.kind === "trial", REST, now)];
    case "paused": {
      const until = Math.min(news.until ?? now + DEFAULT_PAUSE_MS, now + LONGEST_PAUSE_MS);
      // It answered: what it failed before is over, or the try that it was would never be ended.
      const answered = way.kind === "trial" ? [wentWell(host, now)] : [];
      return [...answered, restsUntil(host, until, now)];
    }
    case "none":
      return [];
  }
}
