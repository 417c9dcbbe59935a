// What those read who look after everybody's backpacks: the ledger, the connections, and how we are known.
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { awards } from "./awards.ts";
import {
  authorizationServers,
  type Backpack,
  backpacks,
  type Connection,
  connections,
} from "./backpacks.ts";
import { type Badge, badges } from "./badges.ts";
import type { Database } from "./database.ts";
import { type Delivery, type DeliveryState, deliveries } from "./deliveries.ts";
import { identities, users } from "./organizations.ts";

/** What the pages show of a backpack's authorization server: nothing that is secret, nor sealed. */
export interface ShelfServer {
  readonly clientId: string | null;
  readonly registration: "dynamic" | "entered" | null;
  readonly secretExpiresAt: number | null;
  readonly registeredAt: number | null;
  readonly canRegister: boolean;
  readonly redirectUri: string | null;
  readonly termsUrl: string | null;
  readonly policyUrl: string | null;
}

export async function findShelfServer(
  db: Database,
  serverId: string | null,
): Promise<ShelfServer | null> {
  if (serverId === null) return null;
  const [row] = await db.orm
    .select({
      clientId: authorizationServers.client_id,
      registration: authorizationServers.registration,
      secretExpiresAt: authorizationServers.client_secret_expires_at,
      registeredAt: authorizationServers.registered_at,
      registrationUrl: authorizationServers.registration_url,
      redirectUri: authorizationServers.redirect_uri,
      termsUrl: authorizationServers.terms_url,
      policyUrl: authorizationServers.policy_url,
    })
    .from(authorizationServers)
    .where(eq(authorizationServers.id, serverId))
    .limit(1);
  if (!row) return null;
  const { registrationUrl, ...rest } = row;
  return { ...rest, canRegister: registrationUrl !== null };
}

/**
 * Who somebody is, for those who look after everybody's backpacks: the name they go by on this site
 * or else the first address they have proven. What an organization calls them is its own.
 */
const personShown = sql<string | null>`coalesce(${users.name}, (
  select proven.identity from ${identities} proven
  where proven.user_id = ${users.id} and proven.type = 'email' and proven.verified_at is not null
  order by proven.verified_at, proven.id limit 1))`;

/** A delivery as somebody who looks after all of them sees it. */
export interface LedgerRow {
  readonly delivery: Delivery;
  readonly backpack: Pick<Backpack, "id" | "name">;
  readonly badge: Pick<Badge, "name" | "language">;
  readonly awardHash: string;
  readonly person: string | null;
}

export interface LedgerFilter {
  readonly limit: number;
  readonly states?: readonly DeliveryState[] | undefined;
  readonly backpackId?: string | undefined;
}

/**
 * One row more than a page holds: the newest deliveries first, or where states are named those that
 * came into theirs last.
 */
export function listLedger(db: Database, filter: LedgerFilter): Promise<LedgerRow[]> {
  const { limit, states, backpackId } = filter;
  return db.orm
    .select({
      delivery: deliveries,
      backpack: { id: backpacks.id, name: backpacks.name },
      badge: { name: badges.name, language: badges.language },
      awardHash: awards.unique_hash,
      person: personShown,
    })
    .from(deliveries)
    .innerJoin(connections, eq(connections.id, deliveries.connection_id))
    .innerJoin(backpacks, eq(backpacks.id, connections.external_backpack_id))
    .innerJoin(awards, eq(awards.id, deliveries.award_id))
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(users, eq(users.id, deliveries.user_id))
    .where(
      and(
        states === undefined ? undefined : inArray(deliveries.state, [...states]),
        backpackId === undefined ? undefined : eq(connections.external_backpack_id, backpackId),
      ),
    )
    .orderBy(desc(states === undefined ? deliveries.id : deliveries.updated_at))
    .limit(limit + 1);
}

/** A connection that can be worked with, and whose it is. */
export interface WorkingConnection {
  readonly connection: Connection;
  readonly backpack: Backpack;
  readonly person: string | null;
}

/** Everybody's connections, or one person's, to backpacks that are switched on; the oldest first. */
export function listConnections(db: Database, userId: string | null): Promise<WorkingConnection[]> {
  return db.orm
    .select({ connection: connections, backpack: backpacks, person: personShown })
    .from(connections)
    .innerJoin(backpacks, eq(backpacks.id, connections.external_backpack_id))
    .innerJoin(users, eq(users.id, connections.user_id))
    .where(
      and(
        eq(backpacks.is_enabled, true),
        userId === null ? undefined : eq(connections.user_id, userId),
      ),
    )
    .orderBy(asc(connections.id));
}
