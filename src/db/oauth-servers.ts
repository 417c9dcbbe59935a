// Authorization servers: what is known of their endpoints, and the registration there.
import { and, asc, eq, isNull, lte, or } from "drizzle-orm";
import { type AuthorizationServer, authorizationServers, backpacks } from "./backpacks.ts";
import type { Database, Statement, Writable } from "./database.ts";

export async function findServer(db: Database, id: string): Promise<AuthorizationServer | null> {
  const [row] = await db.orm
    .select()
    .from(authorizationServers)
    .where(eq(authorizationServers.id, id))
    .limit(1);
  return row ?? null;
}

/** Ids of the backpacks that use a server, oldest first: each has a redirect URI of its own. */
export async function backpacksOf(db: Database, serverId: string): Promise<string[]> {
  const rows = await db.orm
    .select({ id: backpacks.id })
    .from(backpacks)
    .where(eq(backpacks.oauth2_issuer_id, serverId))
    .orderBy(asc(backpacks.id));
  return rows.map(({ id }) => id);
}

/** Changes a row if its registration is still the one that was read. */
export function updateServer(
  db: Database,
  { id, registration_version }: Pick<AuthorizationServer, "id" | "registration_version">,
  values: Partial<typeof authorizationServers.$inferInsert>,
): Writable {
  return db.orm
    .update(authorizationServers)
    .set(values)
    .where(
      and(
        eq(authorizationServers.id, id),
        eq(authorizationServers.registration_version, registration_version),
      ),
    );
}

/** What a row is without a registration. */
export const UNREGISTERED = {
  registration: null,
  client_id: null,
  client_secret_sealed: null,
  client_secret_expires_at: null,
  redirect_uri: null,
  scopes_registered: null,
  registered_at: null,
} as const;

/** Takes the right to register; changes no row where somebody else has it, or has registered. */
export function leaseRegistration(
  db: Database,
  { id, registration_version }: Pick<AuthorizationServer, "id" | "registration_version">,
  now: number,
  until: number,
): Writable {
  const { registration_lease_until: lease } = authorizationServers;
  return db.orm
    .update(authorizationServers)
    .set({ registration_lease_until: until })
    .where(
      and(
        eq(authorizationServers.id, id),
        eq(authorizationServers.registration_version, registration_version),
        or(isNull(lease), lte(lease, now)),
      ),
    );
}

/**
 * Forgets a client that its server no longer knows, unless another one was stored meanwhile. In its
 * own row only: another manifest can name the same token endpoint, and any client.
 */
export function forgetClient(
  serverId: string,
  { tokenUrl, clientId }: { readonly tokenUrl: string; readonly clientId: string },
  now: number,
): Statement {
  return {
    sql: `UPDATE oauth2_issuers SET registration = NULL, client_id = NULL,
        client_secret_sealed = NULL, client_secret_expires_at = NULL, redirect_uri = NULL,
        scopes_registered = NULL, registered_at = NULL,
        registration_version = registration_version + 1, updated_at = ?
      WHERE id = ? AND token_url = ? AND client_id = ? AND registration = 'dynamic'`,
    params: [now, serverId, tokenUrl, clientId],
  };
}
