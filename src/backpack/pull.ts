// Reads what a person's backpack holds: page by page, each badge verified, in slices that end in time.
import type { Backpack, Connection } from "../db/backpacks.ts";
import type { Statement } from "../db/database.ts";
import { LANE_PREFIX } from "../db/deliveries-plan.ts";
import { dropUnseen, listPulled } from "../db/externals-pulled.ts";
import { provenIdentities } from "../db/people.ts";
import { findConnected } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler, JobFailure, type NewJob } from "../jobs/outbox.ts";
import { createMemory } from "../verify/reading.ts";
import { hostOf, noted, passage } from "./breaker.ts";
import { shortText } from "./external-text.ts";
import { openWay, type WayIn } from "./pull-access.ts";
import type { ListedCollection } from "./pull-claim.ts";
import { type PullContext, type Tally, takeEntries } from "./pull-entries.ts";
import { KnownBadges, NO_COLLECTION } from "./pull-known.ts";
import { learnProfile } from "./pull-profile.ts";
import { isFirstOfDay, type Progress, readProgress, startOf } from "./pull-progress.ts";
import { recheck } from "./pull-recheck.ts";
import { recordFailure, recordPull } from "./pull-record.ts";
import { type PullFailure, type PullResult, pullFailure, restingFailure } from "./pull-result.ts";

/** Badges judged in one pull; of a backpack that holds more the first of its list are. */
export const MAX_BADGES_A_PULL = 1_000;
/** Pages asked for in one pull, whatever they hold. */
export const MAX_PAGES_A_PULL = 200;
/** Pages in a row that may hold nothing that this pull has not met: more are a circle. */
export const MAX_STALE_PAGES = 3;
/** Collections read of one backpack. */
export const MAX_COLLECTIONS = 50;
/**
 * How long one slice judges badges, and how long it asks for further pages. What it has begun then
 * ends in time for the lease of its job, but where a host and an issuer are as slow as they may be;
 * then what it has written stays, and another worker goes on from there.
 */
export const SLICE_MS = 12_000;
export const ASKING_MS = 5_000;
/** After a page that took its time, badges are judged for so long at least: each slice comes further. */
export const LEAST_JUDGING_MS = 5_000;
/** Slices of one pull; a backpack that needs more is left where it is until the next. */
export const MAX_SLICES = 60;

/** Tries of one job; after them the connection has its turn again with all the others. */
export const MAX_TRIES = 5;

const KIND = "backpack.pull";

/** The job that pulls one connection; only one of them waits at a time. */
export function pullJob(connectionId: string, backpackId?: string): NewJob {
  return {
    kind: KIND,
    dedupeKey: connectionId,
    ...(backpackId === undefined ? {} : { lane: `${LANE_PREFIX}${backpackId}` }),
    payload: { connection_id: connectionId },
  };
}

/** Pulls a connection now, however many slices it takes. Rejects with a DatabaseError only. */
export async function pullConnection(env: Env, connectionId: string): Promise<PullResult> {
  let progress: Progress | null = null;
  for (;;) {
    const slice = await pullSlice(env, connectionId, progress);
    if (slice.kind === "unfinished") {
      progress = slice.progress;
      continue;
    }
    if (slice.writes.length > 0) await env.db.batch(slice.writes);
    return slice.result;
  }
}

/** `backpack.pull`: one slice of a pull; where it is not the last, the next one waits. */
export const pullBackpack: Handler = async (env, job) => {
  const { connection_id: connectionId, progress } = job.payload;
  if (typeof connectionId !== "string") throw new JobFailure("malformed", { permanent: true });
  const slice = await pullSlice(env, connectionId, readProgress(progress));
  if (slice.kind === "unfinished") {
    const payload = { connection_id: connectionId, progress: slice.progress };
    return [enqueue(env, { ...pullJob(connectionId), lane: job.lane, payload })];
  }
  const { result, writes } = slice;
  if (result.ok || !result.transient || job.attempts >= MAX_TRIES) return writes;
  // The job goes on, so what it found is not committed with its end.
  if (writes.length > 0) await env.db.batch(writes);
  throw new JobFailure(result.reason, { retryAt: result.retryAt });
};

type Slice =
  | { readonly kind: "unfinished"; readonly progress: Progress }
  | {
      readonly kind: "finished";
      readonly result: PullResult;
      readonly writes: readonly Statement[];
    };

async function pullSlice(env: Env, connectionId: string, before: Progress | null): Promise<Slice> {
  const found = await findConnected(env.db, connectionId);
  if (found === null) return { kind: "finished", result: pullFailure("gone"), writes: [] };
  const { connection, backpack } = found;
  const fail = (failure: PullFailure): Slice => ({
    kind: "finished",
    result: failure,
    writes: recordFailure(env, connection, failure),
  });
  if (!backpack.is_enabled) return fail(pullFailure("switched_off"));
  if (connection.status === "reconnect") return fail(pullFailure("reconnect"));
  const host = hostOf(backpack.backpack_api_url);
  const passed = await passage(env, host);
  if (passed.kind === "resting") {
    return fail(restingFailure(connection.last_pull_problem, passed.until));
  }
  const opened = await openWay(env, connection, backpack);
  if (!opened.ok) return fail(opened.failure);
  const { way } = opened;
  if (!way.may(way.protocol.abilities.list)) return fail(pullFailure("not_allowed"));
  const progress = before ?? newProgress(env, way, connection);
  const pull = await openPull(env, connection, backpack, progress);
  const walked = await walk(pull, way, progress);
  const news = noted(env, host, passed, way.news());
  if (news.length > 0) await env.db.batch(news);
  if (walked.kind === "failed") return fail(walked.failure);
  const { kind, progress: end } = walked;
  if (kind === "unfinished" && end.slices < MAX_SLICES) return { kind, progress: end };
  const more = end.more || kind === "unfinished";
  const late = { ...pull, deadline: pull.startedAt + SLICE_MS };
  const tally = end.full && !more ? end.tally : await recheck(late, end.tally);
  return finish(env, connection, { ...end, more, tally }, way);
}

function newProgress(env: Env, { protocol }: WayIn, connection: Connection): Progress {
  const now = env.now();
  const full = !protocol.abilities.since || isFirstOfDay(connection, now);
  return startOf(now, full ? null : connection.pulled_since);
}

/** What a slice works with; the deadline is set for each page. */
type Pull = Omit<PullContext, "deadline"> & {
  readonly startedAt: number;
  /** Pages asked for. */
  readonly requests: { count: number };
};

async function openPull(
  env: Env,
  connection: Connection,
  backpack: Backpack,
  progress: Progress,
): Promise<Pull> {
  const [rows, proven] = await Promise.all([
    listPulled(env.db, connection.id),
    provenIdentities(env.db, connection.user_id),
  ]);
  return {
    env,
    connectionId: connection.id,
    backpackId: backpack.id,
    identities: [...new Set(proven.flatMap(({ identity, normalised }) => [identity, normalised]))],
    memory: createMemory(),
    known: new KnownBadges(rows, progress.startedAt),
    startedAt: env.now(),
    requests: { count: 0 },
    limit: MAX_BADGES_A_PULL,
    ours: new Set(),
    unreachable: new Map(),
  };
}

type Walked =
  /** `ends`: what comes after is not read either. */
  | { readonly kind: "finished"; readonly progress: Progress; readonly ends?: true }
  | { readonly kind: "unfinished"; readonly progress: Progress }
  | { readonly kind: "failed"; readonly failure: PullFailure };

/** Goes from where the last slice stood, through the main list and each collection. */
async function walk(pull: Pull, way: WayIn, from: Progress): Promise<Walked> {
  const lists = await listsOf(way);
  if (!lists.ok) return { kind: "failed", failure: lists.failure };
  const at = lists.lists.findIndex(({ id }) => id === from.collection);
  let progress: Progress = { ...from, slices: from.slices + 1, more: from.more || lists.cut };
  for (const list of lists.lists.slice(Math.max(0, at))) {
    if (progress.collection !== list.id) {
      progress = { ...progress, collection: list.id, page: null, stale: 0 };
    }
    const read = await readList(pull, way, list, progress);
    if (read.kind !== "finished") return read;
    progress = read.progress;
    if (read.ends) break;
  }
  return { kind: "finished", progress };
}

type Lists =
  | { readonly ok: true; readonly lists: readonly ListedCollection[]; readonly cut: boolean }
  | { readonly ok: false; readonly failure: PullFailure };

async function listsOf(way: WayIn): Promise<Lists> {
  const main = { id: NO_COLLECTION, name: null };
  if (!way.may(way.protocol.abilities.collections)) return { ok: true, lists: [main], cut: false };
  const asked = await way.ask((protocol, access, net) => protocol.collections(net, access));
  if (!asked.ok) return asked;
  const { collections } = asked.answer;
  const named = collections
    .slice(0, MAX_COLLECTIONS)
    .map(({ id, name }) => ({ id, name: shortText(name) }));
  return { ok: true, lists: [main, ...named], cut: collections.length > MAX_COLLECTIONS };
}

/** One list from its page on: followed, never computed, and never for ever. */
async function readList(
  pull: Pull,
  way: WayIn,
  list: ListedCollection,
  from: Progress,
): Promise<Walked> {
  const { env, startedAt } = pull;
  const asked = new Set<string | null>();
  let progress = from;
  const collection = list.id === NO_COLLECTION ? null : list.id;
  for (;;) {
    // The first page of a slice is asked for in any case: each slice comes further.
    if (pull.requests.count++ > 0 && env.now() >= startedAt + ASKING_MS) {
      return { kind: "unfinished", progress };
    }
    asked.add(progress.page);
    const { page, since } = progress;
    const answered = await way.ask((protocol, access, net) =>
      protocol.list(net, access, { since, page, collection }),
    );
    if (!answered.ok) return { kind: "failed", failure: answered.failure };
    const { badges, next, skipped } = answered.answer;
    const tally: Tally = { ...progress.tally };
    const taken = await takeEntries({ ...pull, deadline: deadlineOf(pull) }, badges, list, tally);
    if (taken === "late") return { kind: "unfinished", progress: { ...progress, tally } };
    const isStale = metIn(tally) === metIn(progress.tally);
    tally.unreadable += skipped;
    const stale = isStale ? progress.stale + 1 : 0;
    progress = { ...progress, tally, stale, pages: progress.pages + 1 };
    if (next === null && taken === "all") return { kind: "finished", progress };
    const ends = taken === "full" || progress.pages >= MAX_PAGES_A_PULL;
    const circles = asked.has(next) || stale >= MAX_STALE_PAGES;
    if (ends) return { kind: "finished", progress: { ...progress, more: true }, ends };
    if (circles) return { kind: "finished", progress: { ...progress, more: true } };
    progress = { ...progress, page: next };
  }
}

function deadlineOf({ env, startedAt }: Pull): number {
  return Math.max(startedAt + SLICE_MS, env.now() + LEAST_JUDGING_MS);
}

const metIn = ({ listed, ours }: Tally) => listed + ours;

/** A badge that the whole list did not name is not in the backpack any more. */
async function finish(
  env: Env,
  connection: Connection,
  progress: Progress,
  way: WayIn,
): Promise<Slice> {
  const { startedAt, full, more } = progress;
  const tally = { ...progress.tally };
  const writes: Statement[] = [];
  if (full && !more) {
    const rows = await listPulled(env.db, connection.id);
    tally.gone = rows.filter((row) => row.updated_at < startedAt).length;
    if (tally.gone > 0) writes.push(dropUnseen(connection.id, startedAt));
  }
  const profile = full ? await learnProfile(way) : null;
  const result = { ok: true, full, more, ...tally } as const;
  const record = recordPull(env, connection, result, { startedAt, profile });
  return { kind: "finished", result, writes: [...writes, ...record] };
}
