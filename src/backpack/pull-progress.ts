// How far a pull has come, so that its next slice goes on from there; it lies in the job between them.
import type { Connection } from "../db/backpacks.ts";
import { MAX_ID_LENGTH } from "./external-text.ts";
import type { Tally } from "./pull-entries.ts";
import { NO_COLLECTION } from "./pull-known.ts";

export interface Progress {
  /** When the pull began; milliseconds since 1970. */
  readonly startedAt: number;
  /** Null where the whole backpack is read. */
  readonly since: number | null;
  readonly full: boolean;
  /** There is more than is read. */
  readonly more: boolean;
  readonly collection: string;
  /** What is asked next; null is the first page. */
  readonly page: string | null;
  readonly pages: number;
  /** Pages in a row that held nothing new to this pull. */
  readonly stale: number;
  readonly slices: number;
  readonly tally: Readonly<Tally>;
}

const NOTHING: Tally = {
  listed: 0,
  added: 0,
  changed: 0,
  gone: 0,
  theirs: 0,
  ours: 0,
  unchecked: 0,
  unreadable: 0,
};

/** The backpack's clock may run before ours: what came while the last pull began is asked for again. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** Of a pull that begins now; `pulledSince` is null where everything is to be read. */
export function startOf(now: number, pulledSince: number | null): Progress {
  const since = pulledSince === null ? null : Math.max(0, pulledSince - CLOCK_SKEW_MS);
  return {
    startedAt: now,
    since,
    full: since === null,
    more: false,
    collection: NO_COLLECTION,
    page: null,
    pages: 0,
    stale: 0,
    slices: 0,
    tally: NOTHING,
  };
}

const DAY_MS = 24 * 3_600_000;

/**
 * Whether a pull is a connection's first that goes through on its day, and so reads everything: a
 * list of what is new tells neither what is gone nor what its issuer revoked. Connections begin
 * their day at different hours, so that not all of them are read on the stroke of midnight.
 */
export function isFirstOfDay(
  {
    id,
    last_pulled_at: last,
    pulled_since: since,
  }: Pick<Connection, "id" | "last_pulled_at" | "pulled_since">,
  now: number,
): boolean {
  if (last === null || since === null || since > now) return true;
  const shift = hourOf(id);
  return Math.floor((last + shift) / DAY_MS) !== Math.floor((now + shift) / DAY_MS);
}

/** From the random end of an id: spread over a day. */
function hourOf(id: string): number {
  const digits = Number.parseInt(id.slice(-6), 16);
  return Number.isFinite(digits) ? (digits / 0x1000000) * DAY_MS : 0;
}

/** From a job's payload; null for what no slice of this version wrote, and the pull begins anew. */
export function readProgress(value: unknown): Progress | null {
  if (typeof value !== "object" || value === null) return null;
  const given: Partial<Record<keyof Progress, unknown>> = value;
  const { startedAt, since, full, more, collection, page, pages, stale, slices } = given;
  const tally = readTally(given.tally);
  const counts = [startedAt, pages, stale, slices];
  if (!counts.every(isCount) || typeof full !== "boolean" || typeof more !== "boolean") return null;
  if (since !== null && !isCount(since)) return null;
  if (!isText(collection) || (page !== null && !isText(page)) || tally === null) return null;
  return {
    startedAt,
    since,
    full,
    more,
    collection,
    page,
    pages,
    stale,
    slices,
    tally,
  } as Progress;
}

function readTally(value: unknown): Tally | null {
  if (typeof value !== "object" || value === null) return null;
  const given: Partial<Record<keyof Tally, unknown>> = value;
  const tally = { ...NOTHING };
  for (const name of Object.keys(NOTHING) as (keyof Tally)[]) {
    const count = given[name];
    if (!isCount(count)) return null;
    tally[name] = count;
  }
  return tally;
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 2 * MAX_ID_LENGTH;
