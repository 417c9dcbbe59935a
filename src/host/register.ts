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

/**
 * Counts a registration. Null where it is within the limits (OB21-R-12), else when the next one is,
 * in milliseconds since 1970.
 */
export type CountRegistration = () => Promise<number | null>;

/** Answers a registration (RFC 7591, section 3): judged here, then made by the library. */
export async function register(
  env: Env,
  providerOf: ProviderOf,
  request: Request,
  count: CountRegistration,
): Promise<Response> {
  try {
    const body = await readJson(request);
    if (body === undefined) {
      return oauthError(400, "invalid_client_metadata", "The body must be one JSON object.");
    }
    const judged = judgeRegistration(body, { loopback: allowsLoopback(env) });
    if (!judged.ok) return oauthError(400, judged.error, judged.description);
    const until = await count();
    if (until !== null) return tooMany(until - env.now());
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

function tooMany(milliseconds: number): Response {
  const description = "Too many clients were registered lately. Try again later.";
  return oauthError(429, "temporarily_unavailable", description, {
    "retry-after": String(Math.ceil(milliseconds / 1_000)),
  });
}
