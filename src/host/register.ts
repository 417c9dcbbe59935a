// Dynamic client registration (RFC 7591), open to anybody and therefore counted.
import type { Env } from "../env.ts";
import { readBytes, requireMediaType } from "../request-body.ts";
import { parseStrictJson } from "../strict-json.ts";
import { AUTHORIZATION_PATHS } from "./addresses.ts";
import { askProvider, type ProviderOf, withNoStore } from "./authorization-server.ts";
import { oauthError, toOauthError } from "./oauth-error.ts";
import { type ClientMetadata, judgeRegistration } from "./registration.ts";
import { knownScopes, OFFLINE_ACCESS } from "./scopes.ts";

const MAX_REGISTRATION_BYTES = 32 * 1024;

const WINDOW_MS = 3_600_000;
/** Of one caller in an hour: a site registers once, and again when it has lost its secret. */
export const MAX_PER_CALLER = 20;
/** Of everybody in an hour: each one leaves a row. */
export const MAX_IN_ALL = 1_000;

/** `caller` is what its registrations are counted under; null for one that cannot be told apart. */
export async function register(
  env: Env,
  providerOf: ProviderOf,
  request: Request,
  caller: string | null,
): Promise<Response> {
  try {
    const body = await readJson(request);
    if (body === undefined) {
      return oauthError(400, "invalid_client_metadata", "The body must be one JSON object.");
    }
    const judged = judgeRegistration(body, { loopback: allowsLoopback(env) });
    if (!judged.ok) return oauthError(400, judged.error, judged.description);
    const wait = await countRegistration(env, caller);
    if (wait !== null) return tooMany(wait);
    return await registered(env, providerOf, judged.metadata);
  } catch (error) {
    return toOauthError(error);
  }
}

/** Plain http on this machine is for a demo on this machine (OB21-R-05). */
export function allowsLoopback({ config }: Pick<Env, "config">): boolean {
  return config.demo && config.publicUrlIsLocal;
}

/** Undefined for what is no JSON, or says one thing twice. */
async function readJson(request: Request): Promise<unknown> {
  requireMediaType(request, ["application/json"]);
  const bytes = await readBytes(request, MAX_REGISTRATION_BYTES);
  const parsed = parseStrictJson(new TextDecoder().decode(bytes));
  return parsed.ok ? parsed.value : undefined;
}

/** The library makes and keeps the client; what is answered is what OB 2.1 names, and no more. */
async function registered(
  env: Env,
  providerOf: ProviderOf,
  metadata: ClientMetadata,
): Promise<Response> {
  const answer = await askProvider(env, providerOf, AUTHORIZATION_PATHS.registration, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ ...metadata, scope: usableScope(metadata) }),
  });
  if (answer.status !== 201) return withNoStore(answer);
  const made = (await answer.json()) as Readonly<Record<string, unknown>>;
  const { client_id, client_secret, client_id_issued_at, client_secret_expires_at } = made;
  const body = JSON.stringify({
    client_id,
    client_secret,
    client_id_issued_at,
    client_secret_expires_at,
    ...metadata,
  });
  return withNoStore(
    new Response(body, { status: 201, headers: { "content-type": "application/json" } }),
  );
}

/** Clients register the scopes a manifest lists, which never lists this one (OB21-M-07). */
function usableScope({ scope, grant_types }: ClientMetadata): string {
  const offline = grant_types.includes("refresh_token") ? OFFLINE_ACCESS : "";
  return knownScopes(`${scope} ${offline}`).join(" ");
}

/** Counts one more; the seconds to wait where that is too many, else null. */
async function countRegistration(env: Env, caller: string | null): Promise<number | null> {
  const shares: [string, number][] = [["everybody", MAX_IN_ALL]];
  if (caller !== null) shares.push([caller, MAX_PER_CALLER]);
  const now = env.now();
  const results = await env.db.batch(shares.map(([who]) => countOne(`registration ${who}`, now)));
  const waits = results.map(({ rows }, i) => {
    const [count, resetsAt] = rows[0] ?? [];
    const [, most] = shares[i] ?? ["", 0];
    return Number(count) > most ? Number(resetsAt) - now : 0;
  });
  const wait = Math.max(...waits);
  return wait > 0 ? Math.ceil(wait / 1_000) : null;
}

function countOne(key: string, now: number) {
  return {
    sql: `INSERT INTO rate_limits (key, count, resets_at) VALUES (?, 1, ?)
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN resets_at <= ? THEN 1 ELSE count + 1 END,
        resets_at = CASE WHEN resets_at <= ? THEN excluded.resets_at ELSE resets_at END
      RETURNING count, resets_at`,
    params: [key, now + WINDOW_MS, now, now],
  };
}

function tooMany(seconds: number): Response {
  const description = "Too many clients were registered lately. Try again later.";
  return oauthError(429, "temporarily_unavailable", description, {
    "retry-after": String(seconds),
  });
}
