// What is stored of an authorization server, and how it follows a manifest that changes.
import type { AuthorizationServer } from "../db/backpacks.ts";
import { findServer, UNREGISTERED, updateServer } from "../db/oauth-servers.ts";
import type { Env } from "../env.ts";
import { type ManifestResult, pickEntry, readManifest } from "./manifest.ts";
import type { ManifestEntry } from "./manifest-entry.ts";
import { type Metadata, NO_METADATA, readMetadata } from "./metadata.ts";

/** The manifest's version that the endpoints are taken from. */
export const VERSIONS = ["v2p1"] as const;
/** A host that did not answer is not asked by each who comes. */
export const ASK_AGAIN_MS = 5 * 60_000;

type Read = Extract<ManifestResult, { ok: true }>;

/**
 * The columns of an `oauth2_issuers` row that a manifest and the host's metadata decide; for a new
 * row they are complete but for its id. Asks the host for its metadata.
 */
export async function serverColumns(
  env: Env,
  { manifest, etag, freshUntil }: Read,
  entry: ManifestEntry,
  before?: AuthorizationServer,
) {
  const metadata = await metadataOf(env, entry, before);
  const now = env.now();
  return {
    name: entry.name,
    manifest_url: manifest.url,
    manifest: manifest.document,
    manifest_etag: etag,
    manifest_fetched_at: now,
    manifest_fresh_until: freshUntil,
    authorization_url: entry.authorizationUrl,
    token_url: entry.tokenUrl,
    registration_url: entry.registrationUrl,
    revocation_url: entry.revocationUrl,
    issuer: metadata.issuer,
    iss_promised: metadata.issPromised,
    scopes_offered: [...entry.scopesOffered],
    terms_url: entry.termsUrl,
    policy_url: entry.policyUrl,
    updated_at: now,
  };
}

/** Where the host cannot say, what it said of the same endpoints before goes on counting. */
async function metadataOf(
  env: Env,
  entry: ManifestEntry,
  before: AuthorizationServer | undefined,
): Promise<Metadata> {
  const told = await readMetadata(env, entry);
  if (told !== null) return told;
  if (before === undefined || hasMoved(before, entry)) return NO_METADATA;
  return { issuer: before.issuer, issPromised: before.iss_promised };
}

/**
 * Whether our client's secret, or people's consent, would go to another place than they did: the
 * token endpoint is another one, or the host of one of the other two is.
 */
export function hasMoved(
  server: Pick<AuthorizationServer, "token_url" | "authorization_url" | "revocation_url">,
  entry: Pick<ManifestEntry, "tokenUrl" | "authorizationUrl" | "revocationUrl">,
): boolean {
  const elsewhere = (before: string | null, after: string | null) =>
    before !== null && after !== null && new URL(before).origin !== new URL(after).origin;
  return (
    new URL(server.token_url).href !== entry.tokenUrl ||
    elsewhere(server.authorization_url, entry.authorizationUrl) ||
    elsewhere(server.revocation_url, entry.revocationUrl)
  );
}

/**
 * The row as its manifest says now, read again where it is no longer fresh. A manifest that cannot
 * be read changes nothing. Endpoints that moved end the registration: the next connection registers
 * there anew, and a client that was entered by hand must be entered again. Grants of before keep
 * the client and the endpoints they were made with.
 */
export async function followManifest(
  env: Env,
  server: AuthorizationServer,
): Promise<AuthorizationServer> {
  const { manifest_url: url, manifest_fresh_until: fresh } = server;
  if (url === null || (fresh !== null && fresh > env.now())) return server;
  const read = await readManifest(env, url, {
    document: server.manifest,
    etag: server.manifest_etag,
  });
  const picked = read.ok ? pickEntry(read.manifest, VERSIONS) : read;
  if (!read.ok || !picked.ok) {
    env.log.warn("oauth.manifest_kept", {
      server: server.id,
      reason: picked.ok ? null : picked.reason,
    });
    const change = { manifest_fresh_until: env.now() + ASK_AGAIN_MS };
    await env.db.batch([updateServer(env.db, server, change)]);
    return server;
  }
  const columns = await serverColumns(env, read, picked.entry, server);
  const moved = hasMoved(server, picked.entry);
  if (moved) env.log.warn("oauth.server_moved", { server: server.id });
  await env.db.batch([
    updateServer(env.db, server, {
      ...columns,
      ...(moved ? { ...UNREGISTERED, registration_version: server.registration_version + 1 } : {}),
    }),
  ]);
  // Where a registration was stored meanwhile nothing was written, and what is stored counts.
  return (await findServer(env.db, server.id)) ?? server;
}
