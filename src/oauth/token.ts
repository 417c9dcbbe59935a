// A token that can be used now: refreshed exactly once, however many callers in however many processes ask.
import { refreshTokenGrantRequest } from "oauth4webapi";
import type { Token } from "../db/backpacks.ts";
import { DatabaseError } from "../db/errors.ts";
import { forgetClient } from "../db/oauth-servers.ts";
import {
  awaitReconnect,
  findToken,
  leaseRefresh,
  releaseRefresh,
  updateToken,
} from "../db/oauth-tokens.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { SealError } from "../seal.ts";
import { protocolOf, throughOurDoor } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { type Granted, type Held, readGranted, sealHeld, unsealHeld } from "./grant.ts";
import { revokeGrant } from "./revoke.ts";
import { scopesIn } from "./scopes.ts";

/** A token is refreshed so long before it ends, or in the last quarter of a short life. */
export const SKEW_MS = 60_000;
/** How long one process may take to refresh; longer than all its tries together. */
export const LEASE_MS = 60_000;
/** Requests with the same refresh token, where an answer is lost on its way. */
export const TRIES = 3;
/** A host that did not answer is left alone so long. */
export const HOLD_OFF_MS = 10_000;
/** A token that is rejected although it was made so recently, because of a rejection, is the last. */
export const REJECTED_AGAIN_MS = 3_600_000;
const LOOKS = 14;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const TRIES_TO_STORE = 5;

/** Why a connection waits for its person; what `connections.problem` holds. */
export type ReconnectCode =
  /** The host ended the grant: revoked there, or expired. */
  | "grant-gone"
  /** The host does not know our client any more. */
  | "client-forgotten"
  /** The token ended, and the host gave nothing to renew it with. */
  | "token-expired"
  /** The host rejects a token that should be good, and a renewed one too. */
  | "token-rejected"
  /** The host refused to renew the token. */
  | "refresh-refused"
  /** What is stored cannot be opened with the secrets this server has. */
  | "token-unreadable";

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
    const held = await opened(env, row);
    if (held === null) {
      await stop(env, row, "token-unreadable");
      continue;
    }
    const now = env.now();
    if (!endsSoon(row, now)) return usable(env, row, held);
    const good = row.expires !== null && row.expires > now;
    if (held.refreshToken === null) {
      if (good) return usable(env, row, held);
      await stop(env, row, "token-expired");
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

/** Zero marks a token that the host rejected. */
const REJECTED = 0;

function endsSoon({ expires, updated_at: stored }: Token, now: number): boolean {
  if (expires === null) return false;
  return expires - Math.min(SKEW_MS, Math.max(0, expires - stored) / 4) <= now;
}

function unreachable(retryAt: number, detail = "The backpack did not renew the access just now.") {
  return { ok: false, reason: "unreachable", detail, retryAt } as const;
}

/** Null for what was sealed under a secret that is gone, or for another row. */
async function opened(env: Env, row: Token): Promise<Held | null> {
  try {
    return await unsealHeld(env, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("oauth.unreadable", { connection: row.connection_id, code: error.code });
    return null;
  }
}

function usable(env: Env, row: Token, held: Held): FreshToken {
  if (held.outdated) env.background(reseal(env, row, held));
  return {
    ok: true,
    token: held.accessToken,
    scopes: scopesIn(row.scope),
    generation: row.generation,
  };
}

/** So that a retired secret can be forgotten once everything was used. */
async function reseal(env: Env, row: Token, held: Held): Promise<void> {
  await env.db.batch([updateToken(env.db, row, await sealHeld(env, row.id, held))]);
}

async function stop(env: Env, row: Token, code: ReconnectCode): Promise<void> {
  const event = { id: newId(env), at: env.now(), code };
  await env.db.batch(awaitReconnect(row.connection_id, row.generation, event));
  env.log.warn("oauth.reconnect", { connection: row.connection_id, code });
}

/** Null where what is stored must be looked at again. The lease is ours. */
async function refresh(
  env: Env,
  row: Token,
  held: Held,
  holder: string,
): Promise<FreshToken | null> {
  const outcome = await requestRefresh(env, held);
  if (outcome.ok) return store(env, row, held, outcome.granted, holder);
  const { fault } = outcome;
  const ended = endedBy(fault);
  if (ended !== null) {
    // A rival that refreshed before us made our token the old one; then its generation is newer,
    // and nothing is written here.
    await stop(env, row, ended);
    if (ended === "client-forgotten") {
      const { tokenUrl, clientId } = held.client;
      await env.db.batch([forgetClient(tokenUrl, clientId, env.now())]);
    }
    return null;
  }
  const asked = fault.kind === "unavailable" ? fault.retryAt : null;
  const retryAt = Math.max(asked ?? 0, env.now() + HOLD_OFF_MS);
  await env.db.batch([releaseRefresh(row, holder, retryAt)]);
  env.log.warn("oauth.refresh_failed", { connection: row.connection_id, kind: fault.kind });
  return unreachable(retryAt, fault.kind === "unreachable" ? fault.detail : undefined);
}

type Outcome = { ok: true; granted: Granted } | { ok: false; fault: Fault };

/**
 * Asks, and asks again with the same refresh token where the answer was lost: a good host keeps it
 * valid until its successor is used for the first time (RFC 9700, section 4.14.2, leaves it to hosts).
 */
async function requestRefresh(env: Env, held: Held): Promise<Outcome> {
  const protocol = protocolOf(held.client);
  const { endpoints, client, authentication } = protocol;
  let fault: Fault = { kind: "bad-answer", status: null };
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const asked = env.now();
    try {
      const response = await refreshTokenGrantRequest(
        endpoints,
        client,
        authentication,
        held.refreshToken ?? "",
        throughOurDoor(env),
      );
      return { ok: true, granted: await readGranted(protocol, response, "refresh", asked) };
    } catch (error) {
      fault = await faultOf(error, env.now());
    }
    if (!isLost(fault)) break;
    if (attempt < TRIES) await env.pause(FIRST_PAUSE_MS * attempt);
  }
  return { ok: false, fault };
}

/** The host may have granted what we have not seen. */
function isLost(fault: Fault): boolean {
  if (fault.kind === "unreachable") return fault.sent;
  return fault.kind === "bad-answer" && (fault.status === null || fault.status < 300);
}

/** Answers that say "later" in the form of a refusal. */
const LATER = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

/** Why no refresh can help any more; null where a later one may. */
function endedBy(fault: Fault): ReconnectCode | null {
  if (fault.kind !== "refused" || LATER.has(fault.error)) return null;
  if (fault.error === "invalid_grant") return "grant-gone";
  if (fault.error === "invalid_client") return "client-forgotten";
  return "refresh-refused";
}

/** Stored first, then used. Null where a rival stored another one meanwhile: that one counts. */
async function store(
  env: Env,
  row: Token,
  held: Held,
  granted: Granted,
  holder: string,
): Promise<FreshToken | null> {
  const scope = granted.scopes === null ? row.scope : granted.scopes.join(" ");
  const sealed = await sealHeld(env, row.id, {
    accessToken: granted.accessToken,
    // A host that sends no new one means the old one (RFC 6749, section 6).
    refreshToken: granted.refreshToken ?? held.refreshToken,
    client: held.client,
    afterRejection: row.expires === REJECTED,
  });
  const write = updateToken(env.db, row, {
    ...sealed,
    scope,
    expires: granted.expiresAt,
    generation: row.generation + 1,
    refresh_lease_until: null,
    refresh_lease_holder: null,
    updated_at: env.now(),
  });
  const [stored] = await insisting(env, () => env.db.batch([write]));
  if (stored?.rowsAffected !== 1) {
    env.log.warn("oauth.refresh_outrun", { connection: row.connection_id, holder });
    // Disconnected meanwhile: what the host gave is nobody's, and is given back.
    if ((await findToken(env.db, row.connection_id)) === null) {
      await revokeGrant(env, { ...granted, client: held.client });
    }
    return null;
  }
  return {
    ok: true,
    token: granted.accessToken,
    scopes: scopesIn(scope),
    generation: row.generation + 1,
  };
}

/** What the host gave is lost if it is not stored: a database that is busy is asked again. */
async function insisting<T>(env: Env, write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const passing =
        error instanceof DatabaseError && (error.code === "busy" || error.code === "unreachable");
      if (!passing || attempt === TRIES_TO_STORE) throw error;
      await env.pause(LONGEST_PAUSE_MS);
    }
  }
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
  const held = await opened(env, row);
  if (held === null) return stop(env, row, "token-unreadable");
  const again = held.afterRejection && env.now() - row.updated_at < REJECTED_AGAIN_MS;
  if (held.refreshToken === null || again) return stop(env, row, "token-rejected");
  await env.db.batch([updateToken(env.db, row, { expires: REJECTED })]);
}
