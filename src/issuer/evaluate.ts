// Evaluates one person: which badges the rules award now, and what must be written for it.
import { sql } from "drizzle-orm";
import type { Award } from "../db/awards.ts";
import type { Badge } from "../db/badges.ts";
import { criterionMets } from "../db/criteria.ts";
import type { Statement, Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import { statement } from "../db/statement.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { type Actor, isOvertaken } from "./audit.ts";
import { awardBadge } from "./award.ts";
import { type Recipient, recipientOf } from "./award-recipient.ts";
import { isSettled } from "./award-standing.ts";
import { type Definition, definitionsNow, stillDefinedSo } from "./definition.ts";
import { askCriteria, askTiers } from "./evaluation-asking.ts";
import { type PersonThere, personThere } from "./evaluation-person.ts";
import {
  type Asked,
  heldOf,
  isSatisfied,
  REASON_CODES,
  type Reason,
  standingReasons,
  verdictOf,
} from "./evaluation-verdict.ts";

const BY_RULE: Actor = { kind: "system", id: null };

export interface EvaluateOptions {
  /** Only this badge. */
  readonly badge?: string | undefined;
}

export interface BadgeDecision {
  readonly badge: Badge;
  /** By tier, the lowest first; empty where nothing is awarded. */
  readonly awarded: readonly Award[];
  /** Why nothing is. */
  readonly reasons: readonly Reason[];
}

export interface Evaluation {
  /** Of every active badge that has criteria; none for somebody who is no member. */
  readonly decisions: readonly BadgeDecision[];
  /**
   * One batch. Where it fails with what `isOutdated` tells, nothing was written, and the person must
   * be evaluated anew.
   */
  readonly writes: readonly (Writable | Statement)[];
}

/**
 * What the rules decide about one person now. Criteria that are met are written down, met for good,
 * whoever the person is; awards go to those who may have them, once, whoever else decides the same
 * at the same time. Of several tiers reached at once each is awarded, and the highest is told of.
 * Rejects with a DatabaseError.
 */
export async function evaluatePerson(
  env: Env,
  organizationId: string,
  userId: string,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const now = await definitionsNow(env, organizationId);
  const definitions = now.definitions.filter(
    ({ badge }) => options.badge === undefined || badge.id === options.badge,
  );
  const person = await personThere(env, organizationId, userId, definitions);
  if (person === null) return { decisions: [], writes: [] };
  const judged = await Promise.all(definitions.map((each) => judge(env, each, person)));
  const decided: Decided[] = [];
  for (const each of judged) {
    const isAwarded = each.levels.length > 0;
    decided.push(isAwarded ? await award(env, each, person) : each);
    // Where the database answers at once, nobody else has had a turn since.
    if (isAwarded && env.isVisited?.()) await env.pause(1);
  }
  const writes = decided.flatMap((each) => each.writes);
  return {
    decisions: decided.map(({ decision }) => decision),
    writes: writes.length === 0 ? [] : [stillDefinedSo(organizationId, now), ...writes],
  };
}

interface Decided {
  readonly decision: BadgeDecision;
  readonly writes: readonly (Writable | Statement)[];
}

interface Judged extends Decided {
  readonly definition: Definition;
  readonly asked: readonly Asked[];
  /** Of the awards to be made; of a badge without tiers, null. */
  readonly levels: readonly (number | null)[];
}

async function judge(env: Env, definition: Definition, person: PersonThere): Promise<Judged> {
  const { badge } = definition;
  const before = standingReasons(definition, person);
  if (before.some(({ code }) => SETTLED.has(code))) {
    const decision = { badge, awarded: [], reasons: before };
    return { definition, asked: [], levels: [], decision, writes: settle(definition, person) };
  }
  const asked = await askCriteria(env.db, definition, person);
  const needsTiers = definition.tiers.length > 0 && isSatisfied(definition, asked);
  const tiers = needsTiers ? await askTiers(env.db, definition, person) : [];
  const { reasons, levels } = verdictOf(definition, person, asked, tiers);
  const writes = asked.filter(({ isNew }) => isNew).map((each) => meets(badge, person, each));
  return { definition, asked, levels, decision: { badge, awarded: [], reasons }, writes };
}

/** Nothing that a criterion says changes these: it need not be asked. */
const SETTLED: ReadonlySet<string> = new Set(["unique_badge_per_user_per_org"]);

async function award(env: Env, judged: Judged, person: PersonThere): Promise<Decided> {
  const { definition, asked, writes } = judged;
  const { badge } = definition;
  const made = await awardsAt(env, judged, person);
  if ("reason" in made) return { writes, decision: { badge, awarded: [], reasons: [made.reason] } };
  return {
    decision: { badge, awarded: made.awards, reasons: [] },
    writes: [...writes, ...leadsTo(definition, person, asked, made.awards), ...made.writes],
  };
}

type Made =
  | { readonly awards: readonly Award[]; readonly writes: readonly Writable[] }
  | { readonly reason: Reason };

/** One award a level, in that order, through the one way awards are made. */
async function awardsAt(
  env: Env,
  { definition: { badge }, asked, levels }: Judged,
  person: PersonThere,
): Promise<Made> {
  const made: Award[] = [];
  const writes: Writable[] = [];
  const owner = badge.organization_id;
  try {
    const known = await recipientOnce(env, owner, person);
    for (const [i, level] of levels.entries()) {
      const input = {
        badge: badge.id,
        known,
        progress_snapshot: snapshotOf(person, asked),
        isToldOf: i === levels.length - 1,
        ...(level === null ? {} : { tier_level: level }),
      };
      const { result, writes: own } = await awardBadge(env, owner, input, BY_RULE);
      if (!result.awarded) {
        return { reason: { code: result.reason, detail: "The person holds it already." } };
      }
      made.push(result.award);
      writes.push(...own);
    }
  } catch (error) {
    return { reason: reasonOf(error) };
  }
  return { awards: made, writes };
}

/** Whom awards to a person are made out to; read once for all of them. */
const recipients = new WeakMap<PersonThere, Recipient>();

async function recipientOnce(env: Env, organizationId: string, person: PersonThere) {
  const input = { user: person.userId };
  const found = recipients.get(person) ?? (await recipientOf(env, organizationId, input, BY_RULE));
  recipients.set(person, found);
  return found;
}

/** A Problem says why not; anything else is thrown on. */
function reasonOf(error: unknown): Reason {
  if (!(error instanceof Problem)) throw error;
  const code = REASON_CODES.find((known) => error.errors.some(({ code: rule }) => rule === known));
  if (code !== undefined) return { code, detail: error.message };
  // The badge went away or changed since its definition was read.
  if (error.code === "not-found") {
    return { code: "inactive_badge_not_evaluated", detail: error.message };
  }
  throw error;
}

/** Why the award was made, as it stood then. */
function snapshotOf({ at }: PersonThere, asked: readonly Asked[]): Record<string, unknown> {
  return {
    evaluated_at: new Date(at.now).toISOString(),
    criteria: asked.map(({ criterion, met, entries }) => ({
      type: criterion.type,
      met,
      params: entries.map(({ param, value, threshold }) => ({ name: param, value, threshold })),
    })),
  };
}

function meets(badge: Badge, { userId, at }: PersonThere, { criterion }: Asked): Statement {
  return statement(sql`insert into ${criterionMets} (crit_id, user_id, organization_id, date_met)
    values (${criterion.id}, ${userId}, ${badge.organization_id}, ${at.now})
    on conflict do nothing`);
}

/**
 * Notes on each criterion that was met which award it led to. A badge may allow several awards, but a
 * rule awards it to who holds none: if somebody else has awarded it since, or has taken it back for
 * good, the organization becomes NULL, its column refuses that, and the batch is undone.
 */
function leadsTo(
  { badge }: Definition,
  person: PersonThere,
  asked: readonly Asked[],
  made: readonly Award[],
): Statement[] {
  const award = made.at(-1);
  if (award === undefined) return [];
  const ids = asked.filter(({ met }) => met).map(({ criterion }) => criterion.id);
  const settled = isSettled(
    sql`${person.userId}`,
    badge,
    made[0]?.tier_level ?? null,
    person.at.now,
  );
  return [
    statement(sql`update ${criterionMets} set issued_id = ${award.id},
        organization_id = case when not ${settled} then organization_id end
      where user_id = ${person.userId}
      and crit_id in (select value from json_each(${JSON.stringify(ids)}))`),
  ];
}

/** Criteria met before or after the badge was given by hand: the award that is held is theirs too. */
function settle(definition: Definition, person: PersonThere): Statement[] {
  const award = heldOf(definition, person).at(-1);
  const open = definition.criteria.filter(({ id }) => person.mets.get(id)?.issuedId === null);
  if (award === undefined || open.length === 0) return [];
  const ids = JSON.stringify(open.map(({ id }) => id));
  return [
    statement(sql`update ${criterionMets} set issued_id = ${award.id}
      where user_id = ${person.userId} and issued_id is null
      and crit_id in (select value from json_each(${ids}))`),
  ];
}

/** Whether a batch of `writes` failed because somebody else was faster: evaluate anew. */
export function isOutdated(error: unknown): boolean {
  if (isOvertaken(error)) return true;
  return (
    error instanceof DatabaseError && (error.code === "unique" || error.code === "foreign_key")
  );
}
