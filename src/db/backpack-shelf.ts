// What a person's pages of their backpacks read: their connections, and each award's way there.
import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { type Award, awards } from "./awards.ts";
import {
  authorizationServers,
  type Backpack,
  backpacks,
  type Connection,
  connections,
  tokens,
} from "./backpacks.ts";
import type { PictureRef } from "./badge-page.ts";
import { type Badge, badges } from "./badges.ts";
import type { Database } from "./database.ts";
import {
  type BackpackEvent,
  backpackEvents,
  type Delivery,
  type DeliveryState,
  deliveries,
} from "./deliveries.ts";
import { images } from "./images.ts";
import { type Organization, organizations } from "./organizations.ts";
import { theirAwardIds } from "./theirs.ts";

/** Backpacks on one page; a site that knows more shows the first of them. */
export const MAX_BACKPACKS_LISTED = 100;

/** A backpack and, where there is one, a person's connection to it. */
export interface ShelfBackpack {
  readonly backpack: Backpack;
  readonly connection: Connection | null;
}

const mineAt = (userId: string): SQL | undefined =>
  and(eq(connections.external_backpack_id, backpacks.id), eq(connections.user_id, userId));

/**
 * The backpacks a person sees, in the administrators' order: those that are offered to everybody,
 * those whose address they gave themselves, and those they are connected to, whatever became of it.
 */
export function listShelfBackpacks(db: Database, userId: string): Promise<ShelfBackpack[]> {
  const theirsToUse = or(
    isNull(backpacks.added_by_user_id),
    eq(backpacks.added_by_user_id, userId),
  );
  return db.orm
    .select({ backpack: backpacks, connection: connections })
    .from(backpacks)
    .leftJoin(connections, mineAt(userId))
    .where(or(isNotNull(connections.id), and(eq(backpacks.is_enabled, true), theirsToUse)))
    .orderBy(asc(backpacks.sort_order), asc(backpacks.id))
    .limit(MAX_BACKPACKS_LISTED);
}

/** One backpack as a person sees it; null where there is none, or it is switched off for them. */
export async function findShelfBackpack(
  db: Database,
  userId: string,
  backpackId: string,
): Promise<ShelfBackpack | null> {
  const [row] = await db.orm
    .select({ backpack: backpacks, connection: connections })
    .from(backpacks)
    .leftJoin(connections, mineAt(userId))
    .where(eq(backpacks.id, backpackId))
    .limit(1);
  if (!row || (row.connection === null && !row.backpack.is_enabled)) return null;
  return row;
}

export interface DeliveryCounts extends Readonly<Record<DeliveryState, number>> {
  /** Of those that are pending or unknown, the ones that no time but the person brings on. */
  readonly held: number;
}

const NO_DELIVERIES: DeliveryCounts = {
  pending: 0,
  sending: 0,
  unknown: 0,
  delivered: 0,
  refused: 0,
  parked: 0,
  withdrawn: 0,
  held: 0,
};

/** How many deliveries of each connection are in each state. */
export async function countDeliveries(
  db: Database,
  connectionIds: readonly string[],
): Promise<(connectionId: string) => DeliveryCounts> {
  if (connectionIds.length === 0) return () => NO_DELIVERIES;
  const rows = await db.orm
    .select({
      connection: deliveries.connection_id,
      state: deliveries.state,
      count: count(),
      timeless: sql<number>`sum(${deliveries.next_try_at} is null)`,
    })
    .from(deliveries)
    .where(inArray(deliveries.connection_id, [...connectionIds]))
    .groupBy(deliveries.connection_id, deliveries.state);
  return (connectionId) => {
    const own = rows.filter(({ connection }) => connection === connectionId);
    const held = own
      .filter(({ state }) => state === "pending" || state === "unknown")
      .reduce((sum, { timeless }) => sum + Number(timeless), 0);
    const counts = Object.fromEntries(own.map(({ state, count }) => [state, count]));
    return { ...NO_DELIVERIES, ...counts, held };
  };
}

/** Kinds of work for a connection. */
export type ConnectionWork = "backpack.connected" | "backpack.push" | "backpack.pull";

/** What is to be done for a connection before `soon`; what rests until later is no news to wait for. */
export async function findWork(
  db: Database,
  connectionId: string,
  soon: number,
): Promise<ReadonlySet<ConnectionWork>> {
  const { rows } = await db.read({
    sql: `SELECT kind FROM jobs
      WHERE kind IN ('backpack.connected', 'backpack.push', 'backpack.pull') AND dedupe_key = ?
        AND done_at IS NULL AND parked_at IS NULL AND due_at <= ?`,
    params: [connectionId, soon],
  });
  return new Set(rows.map(([kind]) => kind as ConnectionWork));
}

const SHELF_FILTERS = {
  /** Refused or given up: somebody must do something. */
  attention: ["refused", "parked"],
  waiting: ["pending", "sending", "unknown"],
  sent: ["delivered"],
} as const satisfies Readonly<Record<string, readonly DeliveryState[]>>;

export type ShelfFilter = keyof typeof SHELF_FILTERS | "unsent";

/** One award of a person as it stands with one backpack. */
export interface ShelfAward {
  readonly award: Pick<Award, "id" | "unique_hash" | "awarded_at" | "revoked_at" | "visible">;
  readonly badge: Pick<Badge, "id" | "name" | "language" | "issuer_name">;
  readonly organization: Pick<Organization, "name" | "language">;
  readonly picture: PictureRef | null;
  /** Null where it was never to be sent there. */
  readonly delivery: Delivery | null;
}

/** An award's id, to go on after it. */
interface ShelfPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly filter?: ShelfFilter | undefined;
}

/** Of a person's awards, revoked and declined ones are of interest where they were to be sent. */
function ofPerson(db: Database, userId: string, connectionId: string, filter?: ShelfFilter) {
  const states = filter === undefined || filter === "unsent" ? null : SHELF_FILTERS[filter];
  return db.orm
    .select({ award: awards.id, visible: awards.visible })
    .from(awards)
    .leftJoin(
      deliveries,
      and(eq(deliveries.award_id, awards.id), eq(deliveries.connection_id, connectionId)),
    )
    .where(
      and(
        sql`${awards.id} in ${theirAwardIds(userId)}`,
        or(
          isNotNull(deliveries.id),
          and(isNull(awards.revoked_at), ne(awards.claim_state, "declined")),
        ),
        filter === "unsent" ? isNull(deliveries.id) : undefined,
        states === null ? undefined : inArray(deliveries.state, [...states]),
      ),
    );
}

/** How many awards of a person were never to be sent to a connection and could be; what they hide is left out. */
export async function countUnsent(
  db: Database,
  userId: string,
  connectionId: string,
): Promise<number> {
  const unsent = ofPerson(db, userId, connectionId, "unsent").as("unsent");
  const [row] = await db.orm
    .select({ count: count() })
    .from(unsent)
    .where(eq(unsent.visible, true));
  return row?.count ?? 0;
}

/** One row more than a page holds, the last written first. */
export async function listShelfAwards(
  db: Database,
  userId: string,
  connectionId: string,
  { limit, cursor, filter }: ShelfPage,
): Promise<ShelfAward[]> {
  const found = await pageOf(db, userId, connectionId, { limit, cursor, filter });
  if (found.length === 0) return [];
  const rows = await db.orm
    .select({
      award: {
        id: awards.id,
        unique_hash: awards.unique_hash,
        awarded_at: awards.awarded_at,
        revoked_at: awards.revoked_at,
        visible: awards.visible,
      },
      badge: {
        id: badges.id,
        name: badges.name,
        language: badges.language,
        issuer_name: badges.issuer_name,
      },
      organization: { name: organizations.name, language: organizations.language },
      sha256: images.sha256,
      media_type: images.media_type,
      delivery: deliveries,
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(organizations, eq(organizations.id, awards.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .leftJoin(
      deliveries,
      and(eq(deliveries.award_id, awards.id), eq(deliveries.connection_id, connectionId)),
    )
    .where(
      inArray(
        awards.id,
        found.map(({ award }) => award),
      ),
    )
    .orderBy(desc(awards.id));
  return rows.map(({ sha256, media_type, ...row }) => ({
    ...row,
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
  }));
}

/** Ids first, and the rest of the page only: of ten thousand rows fifty are joined with the rest. */
function pageOf(db: Database, userId: string, connectionId: string, page: ShelfPage) {
  const theirs = ofPerson(db, userId, connectionId, page.filter).as("theirs");
  return db.orm
    .select({ award: theirs.award })
    .from(theirs)
    .where(page.cursor === undefined ? undefined : lt(theirs.award, page.cursor))
    .orderBy(desc(theirs.award))
    .limit(page.limit + 1);
}

/** What happened, and to which badge where it was about one that is still there. */
export interface ShelfEvent {
  readonly event: BackpackEvent;
  readonly badge: Pick<Badge, "name" | "language"> | null;
}

/** What happened at a connection, the latest first. */
export function listBackpackEvents(
  db: Database,
  connectionId: string,
  limit: number,
): Promise<ShelfEvent[]> {
  return db.orm
    .select({ event: backpackEvents, badge: { name: badges.name, language: badges.language } })
    .from(backpackEvents)
    .leftJoin(deliveries, eq(deliveries.id, backpackEvents.delivery_id))
    .leftJoin(awards, eq(awards.id, deliveries.award_id))
    .leftJoin(badges, eq(badges.id, awards.badge_id))
    .where(eq(backpackEvents.connection_id, connectionId))
    .orderBy(desc(backpackEvents.id))
    .limit(limit);
}

/** What a connection may do, and what the backpack has to offer. */
export interface Granted {
  readonly scopes: readonly string[];
  readonly offered: readonly string[];
}

/** Null where nothing is granted, or not any more. */
export async function findGranted(db: Database, connectionId: string): Promise<Granted | null> {
  const [row] = await db.orm
    .select({ scope: tokens.scope, offered: authorizationServers.scopes_offered })
    .from(tokens)
    .innerJoin(authorizationServers, eq(authorizationServers.id, tokens.issuer_id))
    .where(eq(tokens.connection_id, connectionId))
    .limit(1);
  if (!row) return null;
  return { scopes: row.scope.split(" ").filter(Boolean), offered: row.offered };
}
