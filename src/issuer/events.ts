// Takes events in: checked all together, counted once, and whoever they may bring a badge marked to be looked at.
import type { Statement, Writable } from "../db/database.ts";
import { DatabaseError, isBreach } from "../db/errors.ts";
import {
  findMembersByIdentities,
  findNamed,
  keyOf,
  type SoughtPerson,
} from "../db/event-people.ts";
import {
  addCounts,
  type Counted,
  findEvents,
  insertEvents,
  markDue,
  type NewFact,
  type StoredEvent,
  writeFacts,
} from "../db/events.ts";
import type { Env } from "../env.ts";
import { enqueueIf } from "../jobs/outbox.ts";
import type { FieldError } from "../problem.ts";
import { BUILT_IN_METRICS, knownMetrics } from "./criteria/metrics.ts";
import { type Definitions, definitionsUnder } from "./definition.ts";
import { evaluationJob } from "./evaluation-due.ts";
import {
  type CheckedEvent,
  checkEvent,
  type EventInput,
  type EventPerson,
  isRepeat,
  type Known,
  type NamedMetric,
} from "./event.ts";
import { prospectsOf } from "./event-due.ts";
import { type IdentityInput, normalised } from "./person.ts";

/** Events in one request. */
export const MAX_EVENTS = 1_000;

/** An event with its place in the request, as `/events/17`; empty where it is the request. */
export interface PlacedEvent {
  readonly pointer: string;
  readonly input: EventInput;
}

export interface TakenEvents {
  /** What breaks a rule, by row and field. */
  readonly faults: readonly FieldError[];
  /** Ids that stand for another event already, in the store or in a row before. */
  readonly conflicts: readonly FieldError[];
  /** New ones. */
  readonly stored: number;
  /** The same as before, in the store or in a row before; nothing is counted again. */
  readonly repeated: number;
  /** Empty where nothing is new; of no use where there are faults or conflicts. */
  readonly writes: readonly Statement[];
}

/**
 * What becomes of events: all of them are stored, or none where one is at fault. Without `look` the
 * ids are taken for new: the writes then break the primary key of `events` where one is not
 * (`isKnownEvent`), nothing is written, and the caller asks once more with `look`. Two processes
 * that send the same at once are told apart in the same way. Faults too are told of an answer with
 * `look` alone: without it they do not know what could have been named.
 */
export async function takeEvents(
  env: Env,
  organizationId: string,
  placed: readonly PlacedEvent[],
  look: boolean,
): Promise<TakenEvents> {
  const { known, version } = await knownTo(env, organizationId, placed, look);
  const asked = await definitionsUnder(env, organizationId, version);
  const faults: FieldError[] = [];
  const conflicts: FieldError[] = [];
  const fresh = new Map<string, CheckedEvent>();
  const before = look ? await storedBefore(env, organizationId, placed) : null;
  let repeated = 0;
  for (const { pointer, input } of placed) {
    const checked = checkEvent(input, known);
    if (!checked.ok) {
      faults.push(
        ...checked.faults.map((one) => ({ ...one, pointer: `${pointer}${one.pointer}` })),
      );
      continue;
    }
    const { event } = checked;
    const stored = before?.get(input.id) ?? fresh.get(input.id)?.row;
    if (stored === undefined) fresh.set(input.id, event);
    else if (isRepeat(stored, event)) repeated++;
    else conflicts.push(conflictAt(pointer));
  }
  const events = [...fresh.values()];
  return {
    faults,
    conflicts,
    stored: events.length,
    repeated,
    writes: writesOf(env, organizationId, events, asked),
  };
}

/** How often the same ids may be found taken by somebody who was faster. */
const MAX_ATTEMPTS = 5;

/**
 * Takes events and stores them, with other writes of the same batch where anything is new. Where
 * there are faults or conflicts nothing is stored, and all of them are told. Rejects with a
 * DatabaseError.
 */
export async function storeEvents(
  env: Env,
  organizationId: string,
  placed: readonly PlacedEvent[],
  also: readonly (Writable | Statement)[] = [],
): Promise<TakenEvents> {
  for (let attempt = 0; ; attempt++) {
    const events = await takeEvents(env, organizationId, placed, attempt > 0);
    const isRefused = events.faults.length + events.conflicts.length > 0;
    if (isRefused && attempt === 0) continue;
    if (isRefused || events.writes.length === 0) return events;
    try {
      await env.db.batch([...events.writes, ...also]);
      return events;
    } catch (error) {
      if (!(error instanceof DatabaseError && isKnownEvent(error))) throw error;
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Whether a batch was undone because one of its events is there already. */
export function isKnownEvent(error: DatabaseError): boolean {
  return isBreach(error, "unique", "events.event_id");
}

function writesOf(
  env: Env,
  organizationId: string,
  events: readonly CheckedEvent[],
  asked: Definitions,
): Statement[] {
  if (events.length === 0) return [];
  const now = env.now();
  const rows: StoredEvent[] = [];
  const counts: Counted[] = [];
  const facts: NewFact[] = [];
  for (const event of events) {
    rows.push(event.row);
    if (event.counts) counts.push(event.counts);
    if (event.fact) facts.push(event.fact);
  }
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    insertEvents(organizationId, rows, now),
    ...addCounts(organizationId, counts, now),
    ...writeFacts(organizationId, facts, now),
    markDue(organizationId, prospectsOf(asked, events)),
    enqueueIfDue(env, evaluationJob(organizationId), [organizationId]),
  ];
}

const enqueueIfDue = enqueueIf("SELECT 1 FROM evaluations_due WHERE organization_id = ?");

/** What the events name; with `look` every metric there is, since a fault says which there are. */
async function knownTo(
  env: Env,
  organizationId: string,
  placed: readonly PlacedEvent[],
  look: boolean,
): Promise<{ readonly known: Known; readonly version: number }> {
  const [ids, names] = [new Set<string>(), new Set<string>()];
  const sought = new Map<string, SoughtPerson>();
  const metrics = new Map<string, NamedMetric>();
  for (const { input } of placed) {
    const { user, person, metric, fact, key } = input;
    if (user !== undefined) ids.add(user);
    if (person) {
      const each = soughtAs(person);
      sought.set(keyOf(each), each);
    }
    const name = fact?.startsWith("state.") ? key : metric;
    if (name === undefined || look) continue;
    const always = ALWAYS_THERE.get(name);
    if (always) metrics.set(name, always);
    else names.add(name);
  }
  const reading = findNamed(env.db, organizationId, [...ids], [...names]);
  const [named, byIdentity] =
    sought.size === 0
      ? [await reading, []]
      : await Promise.all([
          reading,
          findMembersByIdentities(env.db, organizationId, [...sought.values()]),
        ]);
  for (const metric of named.metrics) metrics.set(metric.name, metric);
  const users = new Map<string, EventPerson>();
  for (const one of named.members) users.set(one.userId, one);
  const people = new Map<string, EventPerson>();
  for (const one of byIdentity) people.set(keyOf(one), one);
  const known: Known = {
    metrics: look ? await knownMetrics(env.db, organizationId) : metrics,
    now: env.now(),
    personOf: ({ user, person }) =>
      (user !== undefined ? users.get(user) : person && people.get(keyOf(soughtAs(person)))) ??
      null,
  };
  return { known, version: named.version };
}

function soughtAs(person: IdentityInput): SoughtPerson {
  return { type: person.type, normalised: normalised(person) };
}

const ALWAYS_THERE: ReadonlyMap<string, NamedMetric> = new Map(Object.entries(BUILT_IN_METRICS));

async function storedBefore(
  env: Env,
  organizationId: string,
  placed: readonly PlacedEvent[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const ids = [...new Set(placed.map(({ input }) => input.id))];
  const stored = await findEvents(env.db, organizationId, ids);
  return new Map(stored.map((event) => [event.id, event]));
}

function conflictAt(pointer: string): FieldError {
  return {
    pointer: `${pointer}/id`,
    code: "event_conflict",
    detail: "Another event has this id already.",
    fix: "Send it under an id of its own. What was counted is not changed.",
  };
}
