// What an app asks of a person, and what the person decides: the one way a grant comes to be.
import type Provider from "oidc-provider";
import type { Env } from "../env.ts";
import { consentPath } from "./addresses.ts";
import { nodeExchange } from "./node-exchange.ts";
import { knownScopes, OFFLINE_ACCESS, type Scope } from "./scopes.ts";

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** An app's request that waits for a decision. Every text is the app's own and must be escaped. */
export interface AskedConsent {
  readonly uid: string;
  readonly client: {
    readonly id: string;
    readonly name: string;
    /** The one host name that all its addresses have. */
    readonly host: string;
    readonly termsUrl: string;
    readonly policyUrl: string;
  };
  readonly scopes: readonly Scope[];
  /** Where the browser goes in the end: the page's policy must let its form lead there. */
  readonly redirectOrigin: string;
  readonly interaction: Interaction;
}

/**
 * The request with this id, if this very browser began it: the library's signed cookie says so.
 * Without that, somebody could have another person allow what they began themselves, and be given
 * that person's badges. Null where it ended, or was begun elsewhere.
 */
export async function findConsent(
  env: Env,
  provider: Provider,
  request: Request,
  uid: string,
): Promise<AskedConsent | null> {
  const headers = { cookie: request.headers.get("cookie") ?? "" };
  const { req, res } = nodeExchange(
    new Request(new URL(consentPath(uid), env.urls.base), { headers }),
  );
  const interaction = await provider.interactionDetails(req, res).catch((error: unknown) => {
    if (isRefusal(error)) return null;
    throw error;
  });
  if (interaction === null || interaction.uid !== uid) return null;
  const { client_id: clientId, scope, redirect_uri: redirectUri } = interaction.params;
  const client = await provider.Client.find(String(clientId));
  const scopes = knownScopes(String(scope ?? ""));
  if (!client || scopes.length === 0) return null;
  const {
    client_name: name = "",
    client_uri: uri = "",
    tos_uri = "",
    policy_uri = "",
  } = client.metadata();
  return {
    uid,
    client: {
      id: client.clientId,
      name,
      host: new URL(uri).hostname,
      termsUrl: tos_uri,
      policyUrl: policy_uri,
    },
    scopes,
    redirectOrigin: new URL(String(redirectUri)).origin,
    interaction,
  };
}

/** The library's own word, as for a cookie that is not there; not a database that does not answer. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "error_description" in error;
}

/** The scopes of a form that may be granted: those that were asked for, and no others. */
export function chosenScopes(asked: AskedConsent, given: readonly unknown[]): Scope[] {
  const chosen = asked.scopes.filter((scope) => given.includes(scope));
  return chosen.some((scope) => scope !== OFFLINE_ACCESS) ? chosen : [];
}

/** Writes the grant down. Where the browser is to go on to. */
export async function allow(
  provider: Provider,
  asked: AskedConsent,
  userId: string,
  scopes: readonly Scope[],
): Promise<string> {
  const grant = new provider.Grant({ accountId: userId, clientId: asked.client.id });
  grant.addOIDCScope(scopes.join(" "));
  const refused = asked.scopes.filter((scope) => !scopes.includes(scope));
  if (refused.length > 0) grant.rejectOIDCScope(refused.join(" "));
  const grantId = await grant.save();
  return decided(asked, {
    login: { accountId: userId, remember: false },
    consent: { grantId },
  });
}

/** The app is told, as OAuth has it (OB21-Z-05). */
export function deny(asked: AskedConsent): Promise<string> {
  return decided(asked, {
    error: "access_denied",
    error_description: "The person did not allow it.",
  });
}

async function decided(
  { interaction }: AskedConsent,
  result: NonNullable<Interaction["result"]>,
): Promise<string> {
  interaction.result = result;
  await interaction.persist();
  // A path: the browser's cookies are those of the name it reached this server by.
  return new URL(interaction.returnTo).pathname;
}
