// A token that can be used now: refreshed exactly once, however many callers in however many processes ask.
import type { Token } from "../db/backpacks.ts";
import { findToken, leaseRefresh, updateToken } from "../db/oauth-tokens.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { SealError } from "../seal.ts";
import { type Held, type HeldAccess, sealHeld, unsealAccess, unsealHeld } from "./grant.ts";
import { REJECTED, type Refreshable, refresh, unreachable, waitForPerson } from "./refresh.ts";
import { scopesIn } from "./scopes.ts";

/** A token is refreshed so long before it ends, or in the last quarter of a short life. */
export const SKEW_MS = 60_000;
/** How long one process may take to refresh; longer than all its tries together. */
export const LEASE_MS = 60_000;
/** A token that is rejected although it was made so recently, because of a rejection, is the last. */
export const REJECTED_AGAIN_MS = 3_600_000;
const LOOKS = 14;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

export type FreshToken =
  | {
      readonly ok: true;
      readonly token: string;
      readonly scopes: readonly string[];
      /** Names this token to `tokenRejected`. */
      readonly generation: number;
    }
  | {
      readonly ok: false;
      readonly reason: "reconnect" | "unreachable" | "busy";
      readonly detail: string;
      /** Milliseconds since 1970; null where only a person can help. */
      readonly retryAt: number | null;
    };

const gone: FreshToken = {
  ok: false,
  reason: "reconnect",
  detail: "The backpack no longer accepts this connection; its owner must connect again.",
  retryAt: null,
};

/**
 * The connection's access token, refreshed if it ends soon. One caller refreshes, under a lease in
 * the row that ends by itself should its process die; the others wait and use the new token. It is
 * stored before anybody gets it. No caller can abort a refresh: once sent, it is brought to its end.
 * Rejects with a DatabaseError where the database cannot be read or written.
 */
export async function freshToken(env: Env, connectionId: string): Promise<FreshToken> {
  let retryAt: number | null = null;
  for (let look = 0; look < LOOKS; look++) {
    const found = await findToken(env.db, connectionId);
    if (found === null || found.connection.status === "reconnect") return gone;
    const { token: row } = found;
    const now = env.now();
    const needsRefresh = endsSoon(row, now);
    const held = await opened(env, row, needsRefresh ? unsealHeld : unsealAccess);
    if (held === null) {
      await waitForPerson(env, row, "token-unreadable");
      continue;
    }
    if (!needsRefresh) return usable(env, row, held);
    const good = row.expires !== null && row.expires > now;
    if (!canRefresh(held)) {
      if (good) return usable(env, row, held);
      await waitForPerson(env, row, "token-expired");
      continue;
    }
    const leased = row.refresh_lease_until;
    if (leased !== null && leased > now) {
      if (good) return usable(env, row, held);
      retryAt = leased;
      // Nobody is at work: the host is left alone until then.
      if (row.refresh_lease_holder === null) return unreachable(retryAt);
      await env.pause(Math.min(FIRST_PAUSE_MS * 2 ** look, LONGEST_PAUSE_MS));
      continue;
    }
    const holder = newId(env);
    const [taken] = await env.db.batch([leaseRefresh(row, holder, now, now + LEASE_MS)]);
    if (taken?.rowsAffected !== 1) continue;
    const work = refresh(env, row, held, holder);
    env.background(work);
    const outcome = await work;
    if (outcome !== null) return !outcome.ok && good ? usable(env, row, held) : outcome;
  }
  return {
    ok: false,
    reason: "busy",
    detail: "Another process is renewing the access to this backpack.",
    retryAt: retryAt ?? env.now() + LONGEST_PAUSE_MS,
  };
}

function endsSoon({ expires, updated_at: stored }: Token, now: number): boolean {
  if (expires === null) return false;
  return expires - Math.min(SKEW_MS, Math.max(0, expires - stored) / 4) <= now;
}

/** Null for what was sealed under a secret that is gone, or for another row. */
async function opened<T>(
  env: Env,
  row: Token,
  open: (env: Env, row: Token) => Promise<T>,
): Promise<T | null> {
  try {
    return await open(env, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("oauth.unreadable", { connection: row.connection_id, code: error.code });
    return null;
  }
}

function canRefresh(held: Held | HeldAccess): held is Refreshable {
  return "refreshToken" in held && held.refreshToken !== null;
}

function usable(env: Env, row: Token, held: HeldAccess): FreshToken {
  if (held.outdated) env.background(reseal(env, row));
  return {
    ok: true,
    token: held.accessToken,
    scopes: scopesIn(row.scope),
    generation: row.generation,
  };
}

/** So that a retired secret can be forgotten once everything was used. */
async function reseal(env: Env, row: Token): Promise<void> {
  const sealed = await sealHeld(env, row.id, await unsealHeld(env, row));
  await env.db.batch([updateToken(env.db, row, sealed)]);
}

/**
 * The backpack answered 401 to this generation. It is refreshed at the next `freshToken`; where it
 * was itself made because of a rejection, or nothing can renew it, the connection waits for its
 * person. A token that is no longer the stored one says nothing.
 */
export async function tokenRejected(
  env: Env,
  connectionId: string,
  generation: number,
): Promise<void> {
  const found = await findToken(env.db, connectionId);
  if (found === null || found.token.generation !== generation) return;
  const { token: row } = found;
  const held = await opened(env, row, unsealAccess);
  if (held === null) return waitForPerson(env, row, "token-unreadable");
  const again = held.afterRejection && env.now() - row.updated_at < REJECTED_AGAIN_MS;
  if (row.refresh_token === "" || again) return waitForPerson(env, row, "token-rejected");
  await env.db.batch([updateToken(env.db, row, { expires: REJECTED })]);
}
