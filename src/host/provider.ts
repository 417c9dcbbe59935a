// The authorization server as it is configured here: code with PKCE, rotating refresh tokens, nothing else.
import { eq } from "drizzle-orm";
import Provider, { errors, interactionPolicy, type KoaContextWithOIDC } from "oidc-provider";
import { users } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { toBase64url } from "../ids.ts";
import { AUTHORIZATION_PATHS, consentPath } from "./addresses.ts";
import { serverKeys } from "./keys.ts";
import { records } from "./records.ts";
import { knownScopes, OFFLINE_ACCESS, SCOPES } from "./scopes.ts";

/** In seconds. A code is redeemed at once, by a program. */
export const CODE_TTL = 60;
export const ACCESS_TOKEN_TTL = 3_600;
/** From its last use: each refresh gives a new one. */
export const REFRESH_TOKEN_TTL = 180 * 86_400;
/** To sign in, to read what is asked, and to decide. */
export const CONSENT_TTL = 3_600;
/** Never looked at: a grant lasts as long as what was given out under it. */
const GRANT_TTL = REFRESH_TOKEN_TTL;

/** Bits; of a client's secret and of every token. */
const SECRET_BITS = 256;

/** Kept by nobody: who is signed in is not the library's to know. */
export const UNUSED_SESSION_COOKIE = "rosette_authorization_session";

/**
 * Builds the server. Its clock is the machine's own and its randomness Node's, since the library
 * asks nobody for either; when something ends is judged by `records`, with the clock of `env`.
 */
export async function createProvider(env: Env): Promise<Provider> {
  const { cookies, jwk } = await serverKeys(env.config);
  const refuse = (description: string) => new errors.InvalidGrant(description);
  const cookie = { httpOnly: true, sameSite: "lax", signed: true } as const;
  const provider = new Provider(env.urls.base, {
    adapter: (name) => records(env, name, refuse),
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    clientAuthMethods: ["client_secret_basic"],
    clientDefaults: {
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      id_token_signed_response_alg: jwk.alg,
    },
    cookies: {
      keys: [...cookies],
      names: {
        session: UNUSED_SESSION_COOKIE,
        interaction: "rosette_consent",
        resume: "rosette_authorization",
      },
      long: cookie,
      short: cookie,
    },
    enabledJWA: { idTokenSigningAlgValues: [jwk.alg] },
    expiresWithSession: async () => false,
    extraClientMetadata: { properties: ["software_id", "software_version"] },
    extraParams: { state: requireMembers },
    features: {
      claimsParameter: { enabled: false },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      registration: {
        enabled: true,
        issueRegistrationAccessToken: false,
        secretFactory: () => toBase64url(env.random(SECRET_BITS / 8)),
      },
      resourceIndicators: { enabled: false },
      revocation: {
        enabled: true,
        // Somebody else's token is answered with 200 and left alone (RFC 7009, section 2.1).
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount: async (ctx, sub, token) => {
      if (token?.kind === "AuthorizationCode") refuseWiderScope(ctx);
      const [user] = await env.db.orm
        .select({ status: users.status })
        .from(users)
        .where(eq(users.id, sub));
      if (user?.status !== "active") return undefined;
      return { accountId: sub, claims: async () => ({ sub }) };
    },
    formats: { bitsOfOpaqueRandomness: SECRET_BITS },
    interactions: { policy: alwaysAsk(), url: (_ctx, { uid }) => consentPath(uid) },
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed("refresh_token") && source.scopes.has(OFFLINE_ACCESS),
    jwks: { keys: [jwk] },
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId);
    },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.type = "json";
      ctx.body = out;
    },
    responseTypes: ["code"],
    // A token of a family that is refused or given back takes all of it along.
    revokeGrantPolicy: () => true,
    rotateRefreshToken: true,
    routes: AUTHORIZATION_PATHS,
    scopes: SCOPES,
    subjectTypes: ["public"],
    ttl: {
      AccessToken: ACCESS_TOKEN_TTL,
      AuthorizationCode: CODE_TTL,
      Grant: GRANT_TTL,
      Interaction: CONSENT_TTL,
      RefreshToken: REFRESH_TOKEN_TTL,
      Session: CONSENT_TTL,
    },
  });
  // Koa prints what nobody listens to.
  provider.silent = true;
  provider.on("server_error", (ctx: KoaContextWithOIDC, error: Error) => {
    env.log.error("authorization.failed", { route: ctx.oidc?.route, error: error.name });
  });
  return provider;
}

/** Each authorization is somebody's decision on the consent page: none rests on one before it. */
function alwaysAsk() {
  const { Check, Prompt } = interactionPolicy;
  const undecided = new Check(
    "undecided",
    "the person has not decided",
    "consent_required",
    (ctx) =>
      ctx.oidc.result?.consent === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
  );
  const policy = interactionPolicy.base();
  policy.clear();
  policy.add(new Prompt({ name: "consent", requestable: true }, undecided));
  return policy;
}

/** OB21-Z-01: state and scope are required too, where OAuth leaves them open. */
function requireMembers(ctx: KoaContextWithOIDC, state: string | undefined): void {
  if (!state) throw new errors.InvalidRequest("missing required parameter 'state'");
  const scope = ctx.oidc.params?.scope;
  if (typeof scope !== "string" || scope === "") {
    throw new errors.InvalidRequest("missing required parameter 'scope'");
  }
  if (!knownScopes(scope).some((one) => one !== OFFLINE_ACCESS)) {
    throw new errors.InvalidScope("none of the requested scopes is offered here", scope);
  }
}

/**
 * OB21-T-02: a token request may repeat the scope that was asked for, granted or not, and may not
 * widen it.
 */
function refuseWiderScope(ctx: KoaContextWithOIDC): void {
  const asked = ctx.oidc.body?.scope;
  if (typeof asked !== "string") return;
  const known = ctx.oidc.entities.Grant?.getOIDCScopeEncountered().split(" ") ?? [];
  const wider = knownScopes(asked).filter((one) => one !== OFFLINE_ACCESS && !known.includes(one));
  if (wider.length > 0) {
    throw new errors.InvalidScope("more is asked for than was authorized", wider.join(" "));
  }
}
