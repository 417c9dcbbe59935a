// What a person's page of a backpack shows, from the rows that say it.
import {
  countDeliveries,
  countUnsent,
  type DeliveryCounts,
  findGranted,
  findWork,
  type Granted,
  listBackpackEvents,
  listShelfAwards,
  listShelfBackpacks,
  type ShelfAward,
  type ShelfBackpack,
  type ShelfFilter,
} from "../db/backpack-shelf.ts";
import type { Backpack, Connection } from "../db/backpacks.ts";
import type { Database } from "../db/database.ts";
import { CONNECTED } from "../db/deliveries-plan.ts";
import type { Env } from "../env.ts";
import { SCOPES } from "../oauth/scopes.ts";
import type { ConnectionView } from "../pages/backpack.tsx";
import type { ShelfRow } from "../pages/backpack-awards.tsx";
import type { ConnectionState } from "../pages/backpack-state.tsx";
import type { BackpackCard, ShelfCounts } from "../pages/backpacks.tsx";
import { eventView } from "./event-words.ts";
import { listExternalBadges } from "./external.ts";
import { protocolOf } from "./protocol.ts";
import { connectionReason, deliveryReason, pullReason } from "./reasons.ts";

/** Awards on one page. */
export const ROWS_PER_PAGE = 50;
/** Badges from elsewhere that a page shows, theirs and the newest first. */
export const PULLED_SHOWN = 50;
export const EVENTS_SHOWN = 20;
/** Work that is due by then is worth looking again for. */
const SOON_MS = 60_000;

/** How it stands with a backpack, for the person who sees it. */
export function stateOf({ backpack, connection }: ShelfBackpack): ConnectionState {
  if (connection === null) return "new";
  if (!backpack.is_enabled) return "off";
  return connection.status;
}

/** The cards of all backpacks a person sees, in order. */
export async function cardsOf(db: Database, userId: string): Promise<BackpackCard[]> {
  const shelf = await listShelfBackpacks(db, userId);
  const connected = shelf.flatMap(({ connection }) => connection ?? []);
  const counts = await countDeliveries(
    db,
    connected.map(({ id }) => id),
  );
  const unsent = new Map(
    await Promise.all(
      connected.map(async ({ id }) => [id, await countUnsent(db, userId, id)] as const),
    ),
  );
  return shelf.map((one) => ({
    backpack: one.backpack,
    state: stateOf(one),
    isOwn: one.backpack.added_by_user_id === userId,
    shelf:
      one.connection === null
        ? null
        : {
            ...countsOf(
              one.connection,
              counts(one.connection.id),
              unsent.get(one.connection.id) ?? 0,
            ),
            canPush: protocolOf(one.backpack.api_version)?.abilities.send != null,
          },
  }));
}

function countsOf(
  connection: Connection,
  counts: DeliveryCounts,
  unsent: number,
): Omit<ShelfCounts, "canPush"> {
  return {
    connectedAt: connection.connected_at,
    autoSync: connection.auto_sync,
    sent: counts.delivered,
    waiting: counts.pending + counts.sending + counts.unknown - counts.held,
    attention: counts.refused + counts.parked + counts.held,
    unsent,
  };
}

export interface ShelfAsk {
  readonly filter: ShelfFilter | null;
  /** An award's id, to go on after it. */
  readonly after: string | null;
}

/** Everything about one connection but the address of the next page. */
export async function connectionView(
  { db, now }: Pick<Env, "db" | "now">,
  backpack: Backpack,
  connection: Connection,
  { filter, after }: ShelfAsk,
): Promise<Omit<ConnectionView, "older"> & { readonly next: string | null }> {
  const { id, user_id: userId } = connection;
  const [counts, unsent, work, awards, granted, pulled, events] = await Promise.all([
    countDeliveries(db, [id]),
    countUnsent(db, userId, id),
    findWork(db, id, now() + SOON_MS),
    listShelfAwards(db, userId, id, {
      limit: ROWS_PER_PAGE,
      cursor: after ?? undefined,
      filter: filter ?? undefined,
    }),
    findGranted(db, id),
    listExternalBadges(db, userId, { connectionId: id }),
    listBackpackEvents(db, id, EVENTS_SHOWN),
  ]);
  const rows = awards.slice(0, ROWS_PER_PAGE);
  const may = (needed: string | null | undefined) =>
    typeof needed === "string" &&
    (needed === "" || granted === null || granted.scopes.includes(needed));
  const abilities = protocolOf(backpack.api_version)?.abilities;
  const shelf = countsOf(connection, counts(id), unsent);
  // What a new connection is about to send is on its way already, for whoever looks.
  const isFilling = work.has(CONNECTED) && connection.auto_sync;
  return {
    ...shelf,
    ...(isFilling ? { waiting: shelf.waiting + unsent, unsent: 0 } : {}),
    isBusy: work.size > 0 || shelf.waiting > 0,
    reason: connection.status === "reconnect" ? connectionReason(connection.problem) : null,
    missing: missingOf(granted),
    canPush: may(abilities?.send),
    canPull: may(abilities?.list),
    knownAs: connection.email ?? connection.backpack_uid,
    rows: rows.map(rowOf),
    filter,
    next: awards.length > ROWS_PER_PAGE ? (rows.at(-1)?.award.id ?? null) : null,
    pulled: pulled.badges.slice(0, PULLED_SHOWN),
    morePulled: pulled.more || pulled.badges.length > PULLED_SHOWN,
    lastPulledAt: connection.last_pulled_at,
    pullReason: pullReason(connection.last_pull_problem),
    events: events.map(({ event, badge }) => eventView(event, badge)),
  };
}

/** What was offered, and so asked for, and is not granted. */
function missingOf(granted: Granted | null): ConnectionView["missing"] {
  if (granted === null) return [];
  const { scopes, offered } = granted;
  return (["create", "read", "profile"] as const).filter(
    (name) => offered.includes(SCOPES[name]) && !scopes.includes(SCOPES[name]),
  );
}

function rowOf(award: ShelfAward): ShelfRow {
  return { ...award, reason: award.delivery === null ? null : deliveryReason(award.delivery) };
}
