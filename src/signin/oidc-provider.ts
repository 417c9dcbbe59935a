// The OpenID provider as it describes itself, asked when it is first needed and again once a while.
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  None,
} from "openid-client";
import type { OidcConfig } from "../config.ts";
import type { Env } from "../env.ts";

/** How long its description counts; its keys are asked for by the library. */
const FRESH_MS = 3_600_000;

/** `door` leads to other servers. Resolves to null where the provider does not answer. */
export function oidcProvider(env: Env, settings: OidcConfig, door: typeof fetch) {
  let known: { configuration: Configuration; until: number } | undefined;
  return async (): Promise<Configuration | null> => {
    if (known && env.now() < known.until) return known.configuration;
    try {
      const configuration = await described(settings, door);
      known = { configuration, until: env.now() + FRESH_MS };
      return configuration;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      env.log.error("oidc.unreachable", { code: typeof code === "string" ? code : undefined });
      return null;
    }
  };
}

async function described(
  { issuer, clientId, clientSecret }: OidcConfig,
  door: typeof fetch,
): Promise<Configuration> {
  const address = new URL(issuer);
  const ask: CustomFetch = (url, { body, ...options }) =>
    door(url, { ...options, body: body == null ? null : String(body) });
  // Only on this machine, see config.ts.
  const execute = address.protocol === "http:" ? [allowInsecureRequests] : [];
  const found = await discovery(address, clientId, undefined, None(), {
    [customFetch]: ask,
    execute,
  });
  const server = found.serverMetadata();
  const configuration = new Configuration(
    server,
    clientId,
    undefined,
    authentication(clientSecret, server.token_endpoint_auth_methods_supported),
  );
  configuration[customFetch] = ask;
  for (const step of execute) step(configuration);
  return configuration;
}

/** What a provider does not say, it can: OpenID Connect Discovery 1.0, section 3. */
function authentication(secret: string | null, offered = ["client_secret_basic"]) {
  if (secret === null) return None();
  return offered.includes("client_secret_basic")
    ? ClientSecretBasic(secret)
    : ClientSecretPost(secret);
}
