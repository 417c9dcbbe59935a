// Looks at everybody of an organization, a slice at a time: who meets which criterion, and who is to be awarded what.
import type { Statement, Writable } from "../db/database.ts";
import { type EvaluationRow, findEvaluation, memberAfter, timeZones } from "../db/evaluations.ts";
import { statement } from "../db/statement.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { dayIn, utcDay } from "../time-zone.ts";
import { announce } from "./announce.ts";
import { isOvertaken } from "./audit.ts";
import type { At, LoadedCriterion, Slice } from "./criteria/kind.ts";
import {
  type Definition,
  type Definitions,
  definitionNow,
  definitionsNow,
  definitionsOf,
  stillDefinedSo,
} from "./definition.ts";
import { REST_VISITED, RUN_MS } from "./evaluation-drain.ts";
import { evaluationJob, sweepJob } from "./evaluation-due.ts";
import {
  findsOf,
  type Looking,
  markThem,
  meetsOf,
  touchMarked,
  wishesOf,
} from "./evaluation-sql.ts";

/** People in the first slice of a kind; how long that takes decides about the next. */
const FIRST_SLICE = 2_000;
const MAX_SLICE = 50_000;
const MIN_SLICE = 50;
/**
 * What a slice may hold the database for, and with it whoever asks this process for anything: much
 * where nobody is connected, and little where somebody may be waiting.
 */
const SLICE_MS = 40;
const SLICE_MS_VISITED = 4;
/** Badges and tiers in one statement: SQLite takes a thousand conditions, one within the other. */
const WISHES_AT_ONCE = 100;
/** No id of a person sorts after it. */
const LAST = "\u{10ffff}";

/**
 * Each slice is one batch with the note of how far it is, so a process may die at any moment and
 * another goes on from there; of two that do the same slice one is undone. In the end whoever was
 * marked is evaluated one by one.
 */
export const sweepOrganization: Handler = async (env, job) => {
  const organizationId = job.organization_id;
  if (organizationId === null) throw new JobFailure("no_organization", { permanent: true });
  const id = String(job.payload.evaluation_id);
  const until = env.now() + RUN_MS;
  const sweep = await begun(env, organizationId);
  for (;;) {
    const row = await findEvaluation(env.db, organizationId, id);
    if (row === null || row.state === "awarding" || row.state === "done") return [];
    if (env.now() >= until) return [enqueue(env, sweepJob(organizationId, id))];
    await step(env, sweep, row);
  }
};

interface Sweep {
  readonly at: At;
  /** Where slices end, by where they begin and how many people they have: the same for each criterion. */
  readonly ends: Map<string, string | null>;
  /**
   * People in the next slice, by the SQL it runs: a streak takes many times as long as a sum, and one
   * sum as long as another.
   */
  readonly sizes: Map<string, number>;
  /** That SQL, by criterion. */
  readonly shapes: Map<string, string>;
}

async function begun(env: Env, organizationId: string): Promise<Sweep> {
  const now = env.now();
  const day = utcDay(now);
  const zones = await timeZones(env.db);
  const elsewhere = new Map(
    zones.map((zone) => [zone, dayIn(zone, now)] as const).filter(([, there]) => there !== day),
  );
  // Definitions that are read now are not read within the first slice.
  await definitionsOf(env, organizationId);
  return { at: { now, day, elsewhere }, ends: new Map(), sizes: new Map(), shapes: new Map() };
}

async function step(env: Env, sweep: Sweep, row: EvaluationRow): Promise<void> {
  const now = await definitionsFor(env, row);
  const { definitions } = now;
  const from = place(row, definitions);
  const shape = from.state === "counting" ? shapeOf(sweep, from.criterion) : "";
  const size = sweep.sizes.get(shape) ?? FIRST_SLICE;
  const upTo = await endOf(env, sweep, row.organization_id, from.after, size);
  const slice: Slice = { after: from.after, upTo: upTo ?? LAST };
  const looking = {
    organizationId: row.organization_id,
    at: sweep.at,
    slice,
    foresees: row.dry_run,
  };
  const writes =
    from.state === "counting"
      ? [advance(row, nextPlace(from, upTo, definitions), null), counted(from, looking)]
      : looked(env, row, definitions, looking, upTo);
  const began = env.now();
  try {
    await env.db.batch([stillDefinedSo(row.organization_id, now), ...writes]);
  } catch (error) {
    // Another process has done this slice, or badges ask for something else: on from where it is.
    if (!isOvertaken(error)) throw error;
  }
  const took = env.now() - began;
  const visited = env.isVisited?.() ?? false;
  sweep.sizes.set(shape, nextSize(size, took, visited ? SLICE_MS_VISITED : SLICE_MS));
  await env.pause(visited ? Math.max(1, took * REST_VISITED) : 0);
}

function shapeOf({ at, shapes }: Sweep, criterion: LoadedCriterion): string {
  const known = shapes.get(criterion.id);
  if (known !== undefined) return known;
  const { sql } = statement(criterion.everyone(at, { after: "", upTo: "" }));
  shapes.set(criterion.id, sql);
  return sql;
}

/** Null where nobody comes after. People who join meanwhile are within a slice all the same. */
async function endOf(
  env: Env,
  { ends }: Sweep,
  organizationId: string,
  after: string,
  size: number,
): Promise<string | null> {
  const key = `${after} ${size}`;
  const known = ends.get(key);
  if (known !== undefined) return known;
  const end = await memberAfter(env.db, organizationId, after, size);
  ends.set(key, end);
  return end;
}

/** Towards slices that take as long as they may, by steps: what takes no time may take much. */
function nextSize(size: number, took: number, may: number): number {
  const factor = Math.min(4, Math.max(0.25, may / Math.max(1, took)));
  return Math.min(MAX_SLICE, Math.max(MIN_SLICE, Math.round(size * factor)));
}

async function definitionsFor(env: Env, row: EvaluationRow): Promise<Definitions> {
  const { organization_id: organizationId, badge_id: only } = row;
  // Who would get a badge is asked before it is made active.
  if (row.dry_run && only !== null) return definitionNow(env, organizationId, only);
  const { version, definitions } = await definitionsNow(env, organizationId);
  return {
    version,
    definitions: definitions.filter(({ badge }) => only === null || badge.id === only),
  };
}

interface Counting {
  readonly state: "counting";
  readonly definition: Definition;
  readonly criterion: LoadedCriterion;
  readonly after: string;
}

interface LookingAt {
  readonly state: "looking";
  readonly after: string;
}

type Place = Counting | LookingAt;

/** Criteria one after the other in the order of their ids, which is that of the rows they fill. */
function place(row: EvaluationRow, definitions: readonly Definition[]): Place {
  if (row.state === "looking") return { state: "looking", after: row.after_user_id };
  if (row.dry_run) return { state: "looking", after: "" };
  const found = firstFrom(row.criterion_id, definitions);
  if (found === null) return { state: "looking", after: "" };
  const isSame = found.criterion.id === row.criterion_id;
  return { state: "counting", ...found, after: isSame ? row.after_user_id : "" };
}

/** The criterion with that id, or the next one after it. */
function firstFrom(
  id: string,
  definitions: readonly Definition[],
): { readonly definition: Definition; readonly criterion: LoadedCriterion } | null {
  const all = definitions.flatMap((definition) =>
    definition.criteria.map((criterion) => ({ definition, criterion })),
  );
  return all
    .filter(({ criterion }) => criterion.id >= id)
    .reduce<(typeof all)[number] | null>(
      (first, each) => (first && first.criterion.id < each.criterion.id ? first : each),
      null,
    );
}

function nextPlace(
  from: Counting,
  upTo: string | null,
  definitions: readonly Definition[],
): Pick<EvaluationRow, "state" | "criterion_id" | "after_user_id"> {
  const { id } = from.criterion;
  if (upTo !== null) return { state: "counting", criterion_id: id, after_user_id: upTo };
  // Nothing sorts between an id and the same with a blank behind it.
  const next = firstFrom(`${id} `, definitions);
  return {
    state: next === null ? "looking" : "counting",
    criterion_id: next?.criterion.id ?? id,
    after_user_id: "",
  };
}

function counted({ definition, criterion }: Counting, looking: Looking): Statement {
  return meetsOf(definition, criterion, looking);
}

function looked(
  env: Env,
  row: EvaluationRow,
  definitions: readonly Definition[],
  looking: Looking,
  upTo: string | null,
): (Writable | Statement)[] {
  const { organization_id: organizationId, dry_run: isDry, criterion_id } = row;
  const isLast = upTo === null;
  const state = isLast ? (isDry ? "done" : "awarding") : "looking";
  const writes: (Writable | Statement)[] = [
    advance(row, { state, criterion_id, after_user_id: upTo ?? "" }, looking.slice),
  ];
  const wishes = definitions.flatMap(wishesOf);
  if (isDry) writes.push(...findsOf(row.id, wishes, looking));
  else writes.push(touchMarked(looking));
  for (let i = 0; !isDry && i < wishes.length; i += WISHES_AT_ONCE) {
    writes.push(markThem(wishes.slice(i, i + WISHES_AT_ONCE), looking), countFound(row));
  }
  if (!isLast) return writes;
  if (!isDry) return [...writes, enqueue(env, evaluationJob(organizationId))];
  return [
    ...writes,
    { sql: "UPDATE evaluations SET finished_at = ? WHERE id = ?", params: [env.now(), row.id] },
    ...announce(env, {
      organizationId,
      type: "evaluation.completed",
      data: { evaluation: row.id },
    }),
  ];
}

/** As many as the statement before it wrote. */
function countFound({ id }: EvaluationRow): Statement {
  return { sql: "UPDATE evaluations SET found = found + changes() WHERE id = ?", params: [id] };
}

/** Moves on, if nobody else has: else `step` becomes NULL, its column refuses that, and the batch is undone. */
function advance(
  row: EvaluationRow,
  to: Pick<EvaluationRow, "state" | "criterion_id" | "after_user_id">,
  seen: Slice | null,
): Statement {
  return {
    sql: `UPDATE evaluations SET step = CASE WHEN step = ? THEN step + 1 END,
        state = ?, criterion_id = ?, after_user_id = ?,
        people = people + (SELECT count(*) FROM memberships
          WHERE organization_id = ? AND user_id > ? AND user_id <= ?)
      WHERE id = ?`,
    params: [
      row.step,
      to.state,
      to.criterion_id,
      to.after_user_id,
      row.organization_id,
      seen?.after ?? LAST,
      seen?.upTo ?? LAST,
      row.id,
    ],
  };
}
