// The push: takes what is due at one connection, sends it, and writes down what came of it.
import type { Statement } from "../db/database.ts";
import { LANE_PREFIX, PUSH } from "../db/deliveries-plan.ts";
import {
  awaitPerson,
  claim,
  type DueDelivery,
  eventOf,
  findDue,
  type HeldDelivery,
  held,
  holdDue,
  nextDue,
  parkingEvents,
  recordArrival,
  recordSetback,
  refuseDue,
} from "../db/deliveries-send.ts";
import { findConnected, type Link } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, type Handler } from "../jobs/outbox.ts";
import type { FreshToken } from "../oauth/token.ts";
import { type HostNews, hostOf, newsOf, newsOfAll, noted, passage } from "./breaker.ts";
import { type Attempt, Delivering } from "./delivering.ts";
import { chance, endingOf, GIVE_UP_MS, SOON_MS } from "./outcome.ts";
import { protocolOf } from "./protocol.ts";
import type { DeliveryProblem } from "./words.ts";

/** Badges under way to one backpack at once, for one connection. */
export const AT_ONCE = 4;
/** After this, others have their turn; what is left goes on in another job. */
export const SLICE_MS = 20_000;
/** A row is its holder's so long: longer than looking, renewing the access and sending twice. */
export const ROW_LEASE_MS = 180_000;
/** Connections to a host that rests come back within so long of its first try, not all at once. */
const RETURN_MS = 10 * 60_000;

/**
 * Job `backpack.push`, for the connection in its payload. Sending is at least once, with the
 * assertion's id as the key: a row is `sending` before its request leaves, so that a crash leaves it
 * to whoever comes after the lease, who looks before sending again.
 */
export function pushing(twinWidth: number): Handler {
  return async (env, job) => {
    const { connection_id: connectionId } = job.payload;
    const link = await findConnected(env.db, String(connectionId));
    // Ended, or switched off: what waits is found by the sweep when it is switched on.
    if (link === null || !link.backpack.is_enabled) return [];
    await sendDue(env, new Delivering(env, link, twinWidth));
    const dueAt = await nextDue(env.db, link.connection.id);
    if (dueAt === null) return [];
    const payload = { connection_id: link.connection.id };
    const lane = `${LANE_PREFIX}${link.backpack.id}`;
    return [enqueue(env, { kind: PUSH, dedupeKey: link.connection.id, lane, payload, dueAt })];
  };
}

async function sendDue(env: Env, delivering: Delivering): Promise<void> {
  const { connection, backpack } = delivering.link;
  const host = hostOf(backpack.backpack_api_url);
  const end = env.now() + SLICE_MS;
  while (env.now() < end && (await env.readiness()) !== "stopping") {
    const due = await findDue(env.db, connection.id, env.now(), AT_ONCE);
    if (due.length === 0) return;
    const access = await delivering.access();
    const hindrance = hindranceOf(env, delivering.link, access);
    if (hindrance !== null) return void (await env.db.batch(hindrance));
    const way = await passage(env, host);
    if (way.kind === "resting") return rest(env, connection.id, way.until);
    const rows = await take(env, way.kind === "trial" ? due.slice(0, 1) : due);
    if (rows.length === 0 || !access.ok) continue;
    const attempts = await Promise.all(rows.map((row) => delivering.attempt(row, access)));
    const news = newsOfAll(attempts.map(newsOfAttempt));
    await env.db.batch([
      ...rows.flatMap((row, i) => recorded(env, row, attempts[i] as Attempt)),
      ...noted(env, host, way, news),
    ]);
    tell(env, backpack.id, news);
  }
}

/** For who looks after the site: a resting host is asked once a while, so that lines stay few. */
function tell(env: Env, backpackId: string, news: HostNews): void {
  if (news.kind === "badly") {
    env.log.warn("backpack.not_working", { backpack: backpackId, code: news.problem });
  } else if (news.kind === "paused") {
    env.log.warn("backpack.asks_for_rest", { backpack: backpackId, until: news.until });
  }
}

/** Why nothing can be sent at this connection, as the writes that say so; null where it can. */
function hindranceOf(
  env: Env,
  { connection, backpack }: Link,
  access: FreshToken,
): Statement[] | null {
  const now = env.now();
  const protocol = protocolOf(backpack.api_version);
  const scope = protocol?.abilities.send ?? null;
  if (scope === null) return [refuseDue(connection.id, "not_supported", now)];
  if (!access.ok && access.reason === "reconnect") {
    return [awaitPerson(connection.id, "reconnect", "reconnect", now, now + SOON_MS)];
  }
  if (!access.ok) {
    return holding(env, connection.id, access.retryAt ?? now + SOON_MS, "access_unavailable");
  }
  if (scope !== "" && !access.scopes.includes(scope)) {
    const { generation } = access;
    return [awaitPerson(connection.id, "scope_missing", { generation }, now, now + SOON_MS)];
  }
  return null;
}

async function rest(env: Env, connectionId: string, until: number): Promise<void> {
  const back = until + Math.round(chance(env.random) * RETURN_MS);
  await env.db.batch(holding(env, connectionId, back, "host_resting"));
}

function holding(
  env: Env,
  connectionId: string,
  until: number,
  problem: DeliveryProblem,
): Statement[] {
  const now = env.now();
  const hold = { until, problem, giveUp: now - GIVE_UP_MS };
  return [parkingEvents(connectionId, newId(env), hold, now), holdDue(connectionId, hold, now)];
}

/** Those of the rows that nobody else took first. */
async function take(env: Env, due: readonly DueDelivery[]): Promise<HeldDelivery[]> {
  const now = env.now();
  const results = await env.db.batch(due.map((row) => claim(row, now, now + ROW_LEASE_MS)));
  return due.filter((_, i) => results[i]?.rowsAffected === 1).map((row) => held(row, now));
}

function newsOfAttempt({ asked, outcome }: Attempt): HostNews {
  if (!asked) return { kind: "none" };
  return outcome.kind === "delivered" ? { kind: "well" } : newsOf(outcome);
}

/** What is written of one row; nothing happens where somebody else has taken it meanwhile. */
function recorded(env: Env, row: HeldDelivery, { outcome, wasUnknown }: Attempt): Statement[] {
  const now = env.now();
  if (outcome.kind === "delivered") {
    const { state, remoteId, problem, answer } = outcome;
    const event = { id: newId(env), kind: state, code: problem };
    return [
      eventOf(row, event, now),
      recordArrival(row, { state, remoteId, problem, answer }, now),
    ];
  }
  const { setback, event } = endingOf(row, outcome, wasUnknown, env);
  const told =
    event === null
      ? []
      : [eventOf(row, { id: newId(env), kind: event, code: setback.problem }, now)];
  return [...told, recordSetback(row, setback, now, now + SOON_MS)];
}
