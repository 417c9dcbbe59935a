// How often somebody may ask for what anybody may ask for: counted in the database, by keys that name nobody.
import { countOneMore, findCounter } from "../db/sign-in-links.ts";
import type { Env } from "../env.ts";
import { keyedHash } from "./keyed-hash.ts";

const HOUR_MS = 3_600_000;

export interface Limit {
  readonly name: string;
  readonly most: number;
  readonly windowMs: number;
}

/** What one mailbox gets, whoever asks: more would be a nuisance, and more guesses at codes. */
export const MAILS_TO_ADDRESS: Limit = { name: "mails-to", most: 5, windowMs: HOUR_MS };
/** What one caller has sent, to whatever addresses: a school's people may share one. */
export const MAILS_BY_CALLER: Limit = { name: "mails-by", most: 60, windowMs: HOUR_MS };
/** What one account has sent, to addresses it wants to add. */
export const MAILS_BY_PERSON: Limit = { name: "mails-of", most: 20, windowMs: HOUR_MS };
export const OIDC_BY_CALLER: Limit = { name: "oidc-by", most: 120, windowMs: HOUR_MS };
/** A million codes: ten guesses a day find one of them in a hundred years with a chance of a third. */
export const WRONG_CODES: Limit = { name: "wrong-codes", most: 10, windowMs: 24 * HOUR_MS };

/** `whom` is an address or a caller; null where a caller cannot be told from others, and is not counted. */
export type Share = readonly [limit: Limit, whom: string | null];

/**
 * Counts one more of each. Null where all are within their limits, else when the last of the others
 * begins anew, in milliseconds since 1970.
 */
export async function takeShares(env: Env, shares: readonly Share[]): Promise<number | null> {
  const now = env.now();
  const counted = shares.flatMap(([limit, whom]) => (whom === null ? [] : [{ limit, whom }]));
  if (counted.length === 0) return null;
  const writes = await Promise.all(
    counted.map(async ({ limit, whom }) =>
      countOneMore(await keyOf(env, limit, whom), limit.windowMs, now),
    ),
  );
  const results = await env.db.batch(writes);
  const ends = results.flatMap(({ rows }, i) => {
    const [count, resetsAt] = rows[0] ?? [];
    return Number(count) > (counted[i]?.limit.most ?? 0) ? [Number(resetsAt)] : [];
  });
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Without counting: null within the limit, else when it begins anew. */
export async function whenFree(env: Env, limit: Limit, whom: string): Promise<number | null> {
  const counter = await findCounter(env.db, await keyOf(env, limit, whom));
  const used = counter !== null && counter.resets_at > env.now() && counter.count >= limit.most;
  return used ? counter.resets_at : null;
}

async function keyOf(env: Env, limit: Limit, whom: string): Promise<string> {
  return `${limit.name}:${await keyedHash(env.config, "rate limit", `${limit.name} ${whom}`)}`;
}
