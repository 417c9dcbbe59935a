// What an event says: who did what, when; checked against what the organization counts.
import type { Counted, NewFact, StoredEvent } from "../db/events.ts";
import type { FaultCode } from "../fault-codes.ts";
import type { FieldError } from "../problem.ts";
import { dayIn, utcDay } from "../time-zone.ts";
import type { KnownMetric } from "./criteria/kind.ts";
import { type Moment, readMoment } from "./event-day.ts";
import type { IdentityInput } from "./person.ts";

/** Clocks differ; nothing has happened that is to come. */
export const MAX_SKEW_MS = 5 * 60_000;
/** Sums of quantities stay whole and exact far beyond any number of events. */
export const MAX_QUANTITY = 1_000_000;
const THOUSAND = 1_000;

interface FactKind {
  /** The `kind` of its rows in `facts`. */
  readonly kind: "course" | "activity" | "competency" | "cohort" | "profile" | "state";
  readonly effect: NewFact["effect"];
}

/** What may become true of a person, besides what is counted. */
export const FACTS = {
  "course.completed": { kind: "course", effect: "reached" },
  "activity.completed": { kind: "activity", effect: "reached" },
  "competency.reached": { kind: "competency", effect: "reached" },
  "cohort.joined": { kind: "cohort", effect: "begins" },
  "cohort.left": { kind: "cohort", effect: "ends" },
  "profile.set": { kind: "profile", effect: "begins" },
  "profile.cleared": { kind: "profile", effect: "ends" },
  "state.started": { kind: "state", effect: "begins" },
  "state.ended": { kind: "state", effect: "ends" },
} as const satisfies Record<string, FactKind>;
export type FactName = keyof typeof FACTS;

const GRADED: ReadonlySet<FactName> = new Set(["course.completed", "activity.completed"]);

/** An event as it was sent; its members have the types and lengths they must have. */
export interface EventInput {
  /** The sender's own, unique in the organization. */
  readonly id: string;
  /** A member's user id; this or `person`. */
  readonly user?: string | undefined;
  readonly person?: IdentityInput | undefined;
  /** The name of what is counted; this or `fact`. */
  readonly metric?: string | undefined;
  readonly fact?: FactName | undefined;
  /** Of a fact: which course, cohort, field, state. */
  readonly key?: string | undefined;
  /** Of a metric; 1 unless given. At most three decimals. */
  readonly quantity?: number | undefined;
  /** At most three decimals. */
  readonly grade?: number | undefined;
  /** When a state that started ends by itself. */
  readonly ends_at?: string | undefined;
  /** ISO 8601 with an offset; now unless given. */
  readonly occurred_at?: string | undefined;
}

/** Who an event is about. */
export interface EventPerson {
  readonly userId: string;
  /** IANA name; null for UTC. */
  readonly timeZone: string | null;
}

/** Of a metric, what its events depend on. */
export type NamedMetric = Pick<KnownMetric, "kind">;

/** What rows are checked against. */
export interface Known {
  /** The named ones; all of them where faults are to be told, since these list what could be named. */
  readonly metrics: ReadonlyMap<string, NamedMetric>;
  /** Null where the event names nobody who is known here. */
  personOf(event: EventInput): EventPerson | null;
  readonly now: number;
}

/** An event that is as it must be, ready to be stored. */
export interface CheckedEvent {
  readonly row: StoredEvent;
  /** Its time was written with an offset that says where it was. */
  readonly hasPlace: boolean;
  readonly counts: Counted | null;
  readonly fact: NewFact | null;
  /** What it may change the answer of, as `touchedBy` of criteria has it. */
  readonly touches: string;
}

export type Checked =
  | { readonly ok: true; readonly event: CheckedEvent }
  /** Pointers are relative to the event. */
  | { readonly ok: false; readonly faults: readonly FieldError[] };

/** Checks one event. Nobody who is unknown is made known by it. */
export function checkEvent(input: EventInput, known: Known): Checked {
  const faults: FieldError[] = [];
  const person = personIn(input, known, faults);
  const what =
    input.fact === undefined ? countIn(input, known, faults) : factIn(input, known, faults);
  const moment = momentIn(input, known.now, faults);
  const endsAt = endIn(input, moment, faults);
  if (faults.length > 0 || person === null || what === null || moment === null) {
    return { ok: false, faults };
  }
  return { ok: true, event: made(input, person, what, { ...moment, endsAt }) };
}

function personIn(input: EventInput, known: Known, faults: FieldError[]): EventPerson | null {
  if ((input.user === undefined) === (input.person === undefined)) {
    faults.push(
      fault(
        input.user === undefined ? "/user" : "/person",
        "user_or_person",
        "An event is about one person: their id, or an identity.",
        "Send user, or person with a type and an identity; not both.",
      ),
    );
    return null;
  }
  const person = known.personOf(input);
  if (person !== null) return person;
  const [pointer, detail] =
    input.user === undefined
      ? ["/person", "Nobody in this organization is known by this identity."]
      : ["/user", "This organization has no user with this id."];
  const fix = "Name somebody that GET /api/v1/users lists, or add them with POST /api/v1/users.";
  faults.push(fault(pointer, "user_id_must_exist", detail, fix));
  return null;
}

interface What {
  readonly kind: StoredEvent["kind"];
  readonly name: string;
  /** Thousandths. */
  readonly quantity: number;
  readonly count: number;
  readonly fact: FactName | null;
  readonly key: string | null;
  /** Thousandths. */
  readonly grade: number | null;
}

function countIn(input: EventInput, known: Known, faults: FieldError[]): What | null {
  for (const name of ["key", "grade", "ends_at"] as const) {
    if (input[name] !== undefined) faults.push(misplaced(name, "goes with a fact"));
  }
  const { metric: name, quantity = 1 } = input;
  if (name === undefined) {
    const fix = "Send metric with the name of what is counted, or fact.";
    faults.push(fault("/metric", "metric_or_fact", "What happened is not said.", fix));
    return null;
  }
  const metric = known.metrics.get(name);
  if (metric === undefined || metric.kind === "state") {
    faults.push(metricFault(name, metric, known));
    return null;
  }
  const isWhole = Number.isInteger(quantity);
  const total = Math.round(quantity * THOUSAND);
  if (total < 1 || quantity > MAX_QUANTITY || !isThousandths(quantity)) {
    faults.push(quantityFault("quantity", "more than 0"));
  } else if (metric.kind === "count" && !isWhole) {
    faults.push(
      fault(
        "/quantity",
        "quantity_whole_number",
        `${name} counts how often something was done.`,
        "Send a whole number, or use a metric of the kind sum.",
      ),
    );
  }
  const count = metric.kind === "count" ? quantity : 1;
  return { kind: "metric", name, quantity: total, count, fact: null, key: null, grade: null };
}

function factIn(input: EventInput, known: Known, faults: FieldError[]): What | null {
  const { fact, key, grade } = input;
  if (fact === undefined) return null;
  if (input.metric !== undefined) {
    const fix = "Send two events, each with an id of its own.";
    faults.push(fault("/metric", "metric_or_fact", "This event says two things.", fix));
  }
  if (input.quantity !== undefined) faults.push(misplaced("quantity", "goes with a metric"));
  if (input.ends_at !== undefined && fact !== "state.started") {
    faults.push(misplaced("ends_at", "goes with state.started"));
  }
  if (grade !== undefined && !GRADED.has(fact)) {
    faults.push(misplaced("grade", `goes with ${[...GRADED].join(" and ")}`));
  } else if (grade !== undefined && (grade < 0 || grade > MAX_QUANTITY || !isThousandths(grade))) {
    faults.push(quantityFault("grade", "at least 0"));
  }
  if (key === undefined) {
    const fix =
      "Send the id of the course, activity, cohort or competency, or the name of the field or state.";
    faults.push(fault("/key", "required", `Of what ${fact} is said is missing.`, fix));
    return null;
  }
  const { kind } = FACTS[fact];
  if (kind === "state" && known.metrics.get(key)?.kind !== "state") {
    faults.push({ ...metricFault(key, known.metrics.get(key), known, "state"), pointer: "/key" });
    return null;
  }
  return {
    kind: kind === "state" ? "state" : "fact",
    name: kind === "state" ? key : fact,
    quantity: THOUSAND,
    count: 0,
    fact,
    key,
    grade: grade === undefined ? null : Math.round(grade * THOUSAND),
  };
}

interface When extends Moment {
  /** Nobody said when: it was received now. */
  readonly isUndated: boolean;
}

function momentIn(input: EventInput, now: number, faults: FieldError[]): When | null {
  if (input.occurred_at === undefined) return { at: now, day: null, isUndated: true };
  const moment = readTime("occurred_at", input.occurred_at, faults);
  if (moment === null) return null;
  if (moment.at > now + MAX_SKEW_MS) {
    const fix = "Send an event once it has happened; check the clock and the offset.";
    faults.push(fault("/occurred_at", "occurred_at_not_future", "This is yet to come.", fix));
    return null;
  }
  if (moment.at < 0 || (moment.day ?? 0) < 0) {
    const fix = "Send a time from 1970 on.";
    faults.push(fault("/occurred_at", "occurred_at_too_early", "This is before 1970.", fix));
    return null;
  }
  return { ...moment, isUndated: false };
}

function endIn(input: EventInput, moment: Moment | null, faults: FieldError[]): number | null {
  if (input.ends_at === undefined) return null;
  const end = readTime("ends_at", input.ends_at, faults);
  if (end === null) return null;
  if (moment !== null && end.at <= moment.at) {
    const fix = "Send a later moment, or leave it out for a state without an end.";
    faults.push(fault("/ends_at", "ends_after_start", "It ends before it has begun.", fix));
  }
  return end.at;
}

function readTime(name: string, text: string, faults: FieldError[]): Moment | null {
  const read = readMoment(text);
  if (read.ok) return read.moment;
  const detail =
    read.reason === "offset_range"
      ? "No place on Earth has this offset from UTC."
      : "This must be a date and time in ISO 8601 with an offset.";
  const fix = "Send a time such as 2026-10-04T16:02:00+02:00, or with Z for UTC.";
  faults.push(fault(`/${name}`, read.reason, detail, fix));
  return null;
}

function made(
  input: EventInput,
  { userId, timeZone }: EventPerson,
  what: What,
  when: When & { readonly endsAt: number | null },
): CheckedEvent {
  const { at, endsAt, isUndated } = when;
  const zone = when.day === null ? timeZone : null;
  const day = when.day ?? dayIn(zone, at);
  const { fact, key, grade } = what;
  const row: StoredEvent = {
    id: input.id,
    userId,
    kind: what.kind,
    name: what.name,
    quantity: what.quantity,
    occurredAt: at,
    day,
    detail: detailIn(what, { endsAt, isUndated, zone }),
  };
  return {
    row,
    hasPlace: when.day !== null,
    counts:
      fact === null
        ? { metric: what.name, userId, day, count: what.count, total: what.quantity }
        : null,
    fact:
      fact === null || key === null
        ? null
        : { userId, kind: FACTS[fact].kind, key, at, endsAt, grade, effect: FACTS[fact].effect },
    touches: fact === null ? `metric:${what.name}` : `${FACTS[fact].kind}:${key}`,
  };
}

interface Besides extends Pick<When, "isUndated"> {
  readonly endsAt: number | null;
  readonly zone: string | null;
}

/** What else was said, as JSON; null where that is nothing. Grades and ends are of facts alone. */
function detailIn({ fact, key, grade }: What, { endsAt, isUndated, zone }: Besides): string | null {
  if (fact === null && !isUndated && zone === null) return null;
  return JSON.stringify({
    ...(fact === null ? {} : { fact, key }),
    ...(grade === null ? {} : { grade }),
    ...(endsAt === null ? {} : { ends_at: endsAt }),
    ...(isUndated ? { undated: true } : {}),
    ...(zone === null ? {} : { zone }),
  });
}

/**
 * Whether an event is one that was stored, sent again. Only what was said counts, not what was worked
 * out: neither the day in a time zone the person has left since, nor the moment of an event that came
 * without one.
 */
export function isRepeat(stored: StoredEvent, { row, hasPlace }: CheckedEvent): boolean {
  const { undated, zone, ...before } = detailOf(stored);
  const { undated: isUndated, zone: _zone, ...now } = detailOf(row);
  const isSame =
    stored.userId === row.userId &&
    stored.kind === row.kind &&
    stored.name === row.name &&
    stored.quantity === row.quantity &&
    JSON.stringify(before) === JSON.stringify(now);
  if (!isSame || undated || isUndated) return isSame && undated === isUndated;
  if (stored.occurredAt !== row.occurredAt) return false;
  if (hasPlace) return zone === undefined && stored.day === row.day;
  return zone !== undefined || stored.day === utcDay(row.occurredAt);
}

function detailOf({ detail }: StoredEvent): { undated?: true; zone?: string } {
  return detail === null ? {} : JSON.parse(detail);
}

function isThousandths(value: number): boolean {
  return Math.abs(value * THOUSAND - Math.round(value * THOUSAND)) < 1e-6;
}

function fault(pointer: string, code: FaultCode, detail: string, fix: string): FieldError {
  return { pointer, code, detail, fix };
}

function misplaced(name: string, where: string): FieldError {
  return fault(`/${name}`, "not_with_this", `This ${where}.`, "Leave it out.");
}

function quantityFault(name: string, least: string): FieldError {
  const detail = `This must be ${least} and at most ${MAX_QUANTITY}, with at most three decimals.`;
  return fault(`/${name}`, `${name}_range`, detail, "Send such a number.");
}

/** Refused by name, with the names there are. */
function metricFault(
  name: string,
  metric: NamedMetric | undefined,
  { metrics }: Known,
  wanted: "state" | "counted" = "counted",
): FieldError {
  const names = [...metrics]
    .filter(([, { kind }]) => (kind === "state") === (wanted === "state"))
    .map(([known]) => known)
    .sort();
  if (metric?.kind === "state") {
    const fix = `Send fact: "state.started" or "state.ended" with key: "${name}".`;
    return fault("/metric", "metric_is_state", `${name} is a state, not a number.`, fix);
  }
  return fault(
    "/metric",
    metric === undefined ? "metric_unknown" : "metric_not_state",
    metric === undefined
      ? `This organization counts nothing of the name ${JSON.stringify(name.slice(0, 100))}.`
      : `${name} is counted; it neither starts nor ends.`,
    `Use one of ${names.slice(0, 50).join(", ")}, or add it with POST /api/v1/metrics.`,
  );
}
