// Revocation at the host (RFC 7009): best effort, and tried again by a job that needs none of the rows.
import { processRevocationResponse, revocationRequest } from "oauth4webapi";
import { findToken } from "../db/oauth-tokens.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";
import { type Client, inLibraryTerms, packClient, throughOurDoor, unpackClient } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { type Granted, unsealHeld } from "./grant.ts";

const REVOKE_JOB = "oauth.revoke";
/** A host that cannot be reached for so long is left with tokens that nobody has any more. */
export const GIVE_UP_MS = 24 * 3_600_000;

type Revocable = Pick<Granted, "accessToken" | "refreshToken"> & { readonly client: Client };

/**
 * Revokes a connection's tokens at its host, before its rows go. A host that does not answer is
 * asked again later by a job; one that revokes nothing (OB21-M-10) is not asked. Never rejects for
 * what the host does.
 */
export async function revokeAtHost(env: Env, connectionId: string): Promise<void> {
  const found = await findToken(env.db, connectionId);
  if (found === null) return;
  try {
    await revokeGrant(env, await unsealHeld(env, found.token));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("oauth.unreadable", { connection: connectionId, code: error.code });
  }
}

/** The same for a grant that is stored nowhere. */
export async function revokeGrant(env: Env, grant: Revocable): Promise<void> {
  const fault = await revoke(env, grant);
  if (fault === null) return;
  const key = newId(env);
  const sealed = await sealGrant(env, key, grant);
  // One slow host holds up nobody else's work.
  const lane = `oauth:${new URL(grant.client.tokenUrl).host}`;
  const payload = { sealed };
  await env.db.batch([enqueue(env, { kind: REVOKE_JOB, dedupeKey: key, lane, payload })]);
}

/** Null once the host has answered for both tokens, whatever it answered, or has no such endpoint. */
async function revoke(env: Env, grant: Revocable): Promise<Fault | null> {
  const { accessToken, refreshToken, client } = grant;
  if (client.revocationUrl === null) return null;
  // The refresh token first: with it alone the host may end the whole grant (RFC 7009, section 2.1).
  const { endpoints, client: self, authentication } = inLibraryTerms(client);
  const tokens = [
    ["refresh_token", refreshToken],
    ["access_token", accessToken],
  ] as const;
  for (const [hint, token] of tokens) {
    if (token === null) continue;
    try {
      const response = await revocationRequest(endpoints, self, authentication, token, {
        additionalParameters: { token_type_hint: hint },
        ...throughOurDoor(env),
      });
      if (!response.ok) await processRevocationResponse(response);
    } catch (error) {
      const fault = await faultOf(error, env.now());
      if (fault.kind === "unreachable" || fault.kind === "unavailable") return fault;
      env.log.warn("oauth.revocation_refused", { kind: fault.kind, hint });
    }
  }
  return null;
}

/** The tokens travel in the job, sealed for this job alone: the rows they came from may go. */
const place = (key: string): Place => ({ table: "jobs", row: key, column: "payload" });

interface Packed {
  readonly access: string;
  readonly refresh: string | null;
  readonly client: Readonly<Record<string, string | null>>;
}

function sealGrant(env: Env, key: string, grant: Revocable): Promise<string> {
  const packed: Packed = {
    access: grant.accessToken,
    refresh: grant.refreshToken,
    client: packClient(grant.client),
  };
  return seal(env.config, place(key), JSON.stringify(packed));
}

/** Asks again until the host answers or GIVE_UP_MS are over; then nothing of the tokens is kept. */
export const revokeHandler: Handler = async (env, job) => {
  const emptied = { sql: "UPDATE jobs SET payload = '{}' WHERE id = ?", params: [job.id] };
  const sealed = job.payload.sealed;
  if (typeof sealed !== "string") return [];
  let grant: Revocable;
  try {
    const { text } = await unseal(env.config, place(job.dedupe_key ?? ""), sealed);
    const { access, refresh, client } = JSON.parse(text) as Packed;
    grant = { accessToken: access, refreshToken: refresh, client: unpackClient(client) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return [emptied];
  }
  const fault = await revoke(env, grant);
  if (fault === null) return [emptied];
  if (env.now() - job.created_at >= GIVE_UP_MS) {
    env.log.warn("oauth.revocation_given_up", { job: job.id });
    return [emptied];
  }
  throw new JobFailure("revocation_unreachable", {
    retryAt: fault.kind === "unavailable" ? fault.retryAt : null,
  });
};
