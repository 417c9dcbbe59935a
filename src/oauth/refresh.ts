// One refresh: asked for, asked for again where its answer is lost, and stored before anybody gets it.
import { refreshTokenGrantRequest } from "oauth4webapi";
import type { Token } from "../db/backpacks.ts";
import { DatabaseError } from "../db/errors.ts";
import { forgetClient } from "../db/oauth-servers.ts";
import { awaitReconnect, findToken, releaseRefresh, updateToken } from "../db/oauth-tokens.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { inLibraryTerms, throughOurDoor } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { type Granted, type Held, readGranted, sealHeld } from "./grant.ts";
import { revokeGrant } from "./revoke.ts";
import { scopesIn } from "./scopes.ts";
import type { FreshToken } from "./token.ts";

/** Requests with the same refresh token, where an answer is lost on its way. */
export const TRIES = 3;
/** A host that did not answer is left alone so long. */
export const HOLD_OFF_MS = 10_000;
const LOST_PAUSE_MS = 20;
const STORE_PAUSE_MS = 1_000;
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

/** Zero marks a token that the host rejected. */
export const REJECTED = 0;

export type Refreshable = Held & { readonly refreshToken: string };

/** Has the connection wait for its person, unless a newer token was stored meanwhile. */
export async function waitForPerson(env: Env, row: Token, code: ReconnectCode): Promise<void> {
  const event = { id: newId(env), at: env.now(), code };
  await env.db.batch(awaitReconnect(row.connection_id, row.generation, event));
  env.log.warn("oauth.reconnect", { connection: row.connection_id, code });
}

/** No access just now; `retryAt` in milliseconds since 1970. */
export function unreachable(
  retryAt: number,
  detail = "The backpack did not renew the access just now.",
) {
  return { ok: false, reason: "unreachable", detail, retryAt } as const;
}

/**
 * Refreshes what the row holds, under a lease that `holder` has. Null where the row must be looked at
 * again: it waits for its person now, or a rival was first.
 */
export async function refresh(
  env: Env,
  row: Token,
  held: Refreshable,
  holder: string,
): Promise<FreshToken | null> {
  const outcome = await requestRefresh(env, held);
  if (outcome.ok) return store(env, row, held, outcome.granted, holder);
  const { fault } = outcome;
  const ended = endedBy(fault);
  if (ended !== null) {
    // A rival that refreshed before us made our token the old one; then its generation is newer,
    // and nothing is written here.
    await waitForPerson(env, row, ended);
    if (ended === "client-forgotten") {
      await env.db.batch([forgetClient(row.issuer_id, held.client, env.now())]);
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
async function requestRefresh(env: Env, held: Refreshable): Promise<Outcome> {
  const protocol = inLibraryTerms(held.client);
  const { endpoints, client, authentication } = protocol;
  let fault: Fault = { kind: "bad-answer", status: null };
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const asked = env.now();
    try {
      const response = await refreshTokenGrantRequest(
        endpoints,
        client,
        authentication,
        held.refreshToken,
        throughOurDoor(env),
      );
      return { ok: true, granted: await readGranted(protocol, response, "refresh", asked) };
    } catch (error) {
      fault = await faultOf(error, env.now());
    }
    if (!isLost(fault)) break;
    if (attempt < TRIES) await env.pause(LOST_PAUSE_MS * attempt);
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
  held: Refreshable,
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
      await env.pause(STORE_PAUSE_MS);
    }
  }
}
