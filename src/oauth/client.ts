// A client of ours at an authorization server: what a grant is asked for, refreshed and revoked with.
import {
  allowInsecureRequests,
  type ClientAuth,
  customFetch,
  type AuthorizationServer as Endpoints,
  None,
  type Client as ProtocolClient,
} from "oauth4webapi";
import type { AuthorizationServer } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";
import { oauthFetch } from "./transport.ts";

/**
 * A grant belongs to the client it was made with, at the endpoints it was made at, and keeps both:
 * whatever is registered later, or whatever a manifest says later, its secrets go nowhere else.
 */
export interface Client {
  readonly clientId: string;
  /** Null for a client without a secret, which only an administrator can have entered. */
  readonly clientSecret: string | null;
  readonly tokenUrl: string;
  readonly revocationUrl: string | null;
  /** RFC 8414 `issuer`; null where the host has no such metadata. */
  readonly issuer: string | null;
}

/** RFC 6749, appendices A.1 and A.2: visible ASCII and blank. */
const VSCHARS = /^[\x20-\x7e]+$/;
export const MAX_CREDENTIAL_LENGTH = 2_048;

/** Whether a text can be a client's id or secret. */
export function isCredential(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_CREDENTIAL_LENGTH && VSCHARS.test(value);
}

const secretPlace = (serverId: string): Place => ({
  table: "oauth2_issuers",
  row: serverId,
  column: "client_secret_sealed",
});

export interface RegisteredClient {
  readonly client: Client;
  /** Its secret is sealed under a secret of before: to be sealed again. */
  readonly outdated: boolean;
}

/** The client registered in a row; null where none is, or its secret cannot be opened any more. */
export async function clientIn(
  env: Pick<Env, "config" | "log">,
  server: AuthorizationServer,
): Promise<RegisteredClient | null> {
  if (server.client_id === null) return null;
  const sealed = server.client_secret_sealed;
  try {
    const place = secretPlace(server.id);
    const opened = sealed === null ? null : await unseal(env.config, place, sealed);
    return {
      client: {
        clientId: server.client_id,
        clientSecret: opened?.text ?? null,
        tokenUrl: server.token_url,
        revocationUrl: server.revocation_url,
        issuer: server.issuer,
      },
      outdated: opened?.outdated === true,
    };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("oauth.unreadable", { server: server.id, code: error.code });
    return null;
  }
}

/** Seals a client's secret for its server's row, and for no other. */
export function sealSecret(
  env: Pick<Env, "config">,
  serverId: string,
  secret: string,
): Promise<string> {
  return seal(env.config, secretPlace(serverId), secret);
}

export interface Protocol {
  readonly endpoints: Endpoints;
  readonly client: ProtocolClient;
  readonly authentication: ClientAuth;
}

/** The client in the words of oauth4webapi; it authenticates by HTTP Basic (OB21-T-01). */
export function inLibraryTerms(client: Client): Protocol {
  return {
    endpoints: {
      issuer: client.issuer ?? new URL(client.tokenUrl).origin,
      token_endpoint: client.tokenUrl,
      ...(client.revocationUrl === null ? {} : { revocation_endpoint: client.revocationUrl }),
    },
    client: { client_id: client.clientId },
    authentication: client.clientSecret === null ? None() : basic(client.clientSecret),
  };
}

/**
 * HTTP Basic with both halves form-encoded (RFC 6749, section 2.3.1). The library's own also encodes
 * what forms leave as it is, a hyphen among them. Hosts that do not decode, and there are some, would
 * then know no client whose id is a UUID.
 */
function basic(secret: string): ClientAuth {
  return (_server, { client_id: id }, _body, headers) => {
    headers.set("authorization", `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice("=".length);
}

/** How the library is to ask: by our door, which judges every address itself. */
export function throughOurDoor(env: Pick<Env, "publicFetch">) {
  return { [customFetch]: oauthFetch(env), [allowInsecureRequests]: true };
}

/** What a client is stored as inside a sealed text, shorter than its names here. */
export function packClient(client: Client): Record<string, string | null> {
  const { clientId, clientSecret, tokenUrl, revocationUrl, issuer } = client;
  return {
    id: clientId,
    secret: clientSecret,
    token: tokenUrl,
    revoke: revocationUrl,
    iss: issuer,
  };
}

/** The reverse of `packClient`, of a text that was sealed here. */
export function unpackClient(packed: Readonly<Record<string, string | null>>): Client {
  return {
    clientId: packed.id ?? "",
    clientSecret: packed.secret ?? null,
    tokenUrl: packed.token ?? "",
    revocationUrl: packed.revoke ?? null,
    issuer: packed.iss ?? null,
  };
}
