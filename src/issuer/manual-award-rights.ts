// Who may give a badge by hand: what its manual criterion says of roles, and what follows for a person.
import { eq, sql } from "drizzle-orm";
import type { Award } from "../db/awards.ts";
import { findBadge } from "../db/badges.ts";
import {
  type CriterionMethod,
  criteria,
  criterionParams,
  type ManualAward,
} from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { type FieldError, Problem } from "../problem.ts";
import { isAdministrator, isSelf, notAuthorized } from "./acting-person.ts";
import type { Actor } from "./audit.ts";
import { awardeeNamed, type RecipientInput } from "./award-recipient.ts";
import { definedNow, stillDefinedSo } from "./definition.ts";

/** The manual criterion of a badge. */
export interface ManualCriterion {
  readonly id: string;
  /** 1: every role vouches; 2: one of them does. */
  readonly method: CriterionMethod;
  readonly roles: readonly string[];
  /** Ids of the badge's other criteria. */
  readonly others: readonly string[];
  /** How the criteria go together. */
  readonly overall: CriterionMethod;
}

const ROLE_PREFIX = "role_";

/** Null where nobody vouches for anybody: the badge is given by rule, or by an administrator. */
export async function manualCriterionOf(
  db: Database,
  badgeId: string,
): Promise<ManualCriterion | null> {
  const [rows, params] = await Promise.all([
    db.orm.select().from(criteria).where(eq(criteria.badge_id, badgeId)),
    db.orm
      .select({ name: criterionParams.name })
      .from(criterionParams)
      .where(
        sql`${criterionParams.crit_id} in (select id from badge_criterias
          where badge_id = ${badgeId} and criteria_type = 'manual')`,
      )
      .orderBy(criterionParams.name),
  ]);
  const manual = rows.find(({ criteria_type: type }) => type === "manual");
  if (manual === undefined) return null;
  return {
    id: manual.id,
    method: manual.method,
    roles: params
      .filter(({ name }) => name.startsWith(ROLE_PREFIX))
      .map(({ name }) => name.slice(ROLE_PREFIX.length)),
    others: rows
      .filter(({ id, criteria_type: type }) => type !== "overall" && id !== manual.id)
      .map(({ id }) => id),
    overall: rows.find(({ criteria_type: type }) => type === "overall")?.method ?? 1,
  };
}

/** Whether one person's word is all that the badge asks for, or all that it may ask for. */
export function isGivenByOne({
  method,
  roles,
  others,
  overall,
}: Omit<ManualCriterion, "id">): boolean {
  return (others.length === 0 || overall === 2) && (method === 2 || roles.length === 1);
}

/** Whether a badge asks for the word of people with one of these roles, besides others' or what is counted. */
export function asksForWordOf(
  manual: Omit<ManualCriterion, "id"> | null,
  roles: readonly string[],
): boolean {
  if (manual === null || isGivenByOne(manual)) return false;
  return manual.roles.some((role) => roles.includes(role));
}

/**
 * A badge of which an award is decided by one person; throws `badge-not-nominatable` for one that
 * also asks for what is counted, or for the word of several roles.
 */
export function requireNominatable(manual: ManualCriterion | null): void {
  if (manual !== null && isGivenByOne(manual)) return;
  const detail =
    manual === null
      ? "The badge is awarded by rule; nobody is nominated for it."
      : "The badge asks for more than one person's word.";
  const fix =
    manual === null
      ? "Name a badge whose trigger_type is coordinator_nomination, and whose trigger_condition_json is null."
      : "Have each role vouch with POST /api/v1/badges/{id}/vouches.";
  throw new Problem("badge-not-nominatable", detail, {
    fix,
    errors: [{ pointer: "/badge", code: "auto_badge_requires_trigger_condition", detail, fix }],
  });
}

/**
 * Whether who acts may give a badge of the organization to a person, at once and alone. An
 * administrator and a program may, whatever the badge asks for. Anybody else gives badges whose manual
 * criterion names a role of theirs and asks for no more, and none to themselves. Throws a Problem:
 * `role-required`, `own-badge`. What it returns goes first in the batch that gives it: the badge may
 * ask for something else by then.
 */
export async function requireMayGive(
  env: Pick<Env, "db">,
  organizationId: string,
  badgeId: string,
  userId: string | null,
  actor: Actor,
): Promise<readonly Writable[]> {
  if (isAdministrator(actor)) return [];
  // Of another organization's badge not even this is learned: that it is unknown is said elsewhere.
  if ((await findBadge(env.db, organizationId, badgeId)) === null) return [];
  const now = await definedNow(env.db, organizationId);
  const manual = await manualCriterionOf(env.db, badgeId);
  if (manual === null || !manual.roles.some((role) => actor.roles?.includes(role))) {
    throw notAuthorized(
      "The badge's criteria do not say that somebody with this role gives it by hand.",
      "Ask an administrator of the organization, or name a badge that people with this role vouch for.",
    );
  }
  if (!isGivenByOne(manual)) {
    throw notAuthorized(
      "The badge asks for more than one person's word.",
      "Vouch for the person with POST /api/v1/badges/{id}/vouches.",
    );
  }
  if (isSelf(actor, userId)) throw ownBadge();
  return [stillDefinedSo(organizationId, now)];
}

/**
 * Whether a person may give a badge to whom a request, or a row of a file, names: `requireMayGive`,
 * by file as by hand. Programs are not asked.
 */
export async function requireGiver(
  env: Pick<Env, "db">,
  organizationId: string,
  badgeId: string,
  named: RecipientInput,
  actor: Actor,
): Promise<readonly Writable[]> {
  if (actor.kind !== "user") return [];
  const user = await awardeeNamed(env, organizationId, named);
  return requireMayGive(env, organizationId, badgeId, user, actor);
}

/**
 * Whether who acts may revoke, correct or renew an award. An administrator and a program may; anybody
 * else what they awarded themselves. Throws a `role-required` Problem.
 */
export function requireMayCorrect(award: Pick<Award, "awarded_by_user_id">, actor: Actor): void {
  if (isAdministrator(actor) || isSelf(actor, award.awarded_by_user_id)) return;
  throw new Problem("role-required", "Somebody else made this award.", {
    fix: "Ask who made it, or an administrator of the organization.",
  });
}

/** Nobody but an administrator decides about a badge of their own. */
export function ownBadge(): Problem {
  return new Problem("own-badge", "This person would be deciding about a badge of their own.");
}

/** An administrator may vouch as any of the roles, anybody else as what they are. */
export function roleOf(
  { roles }: ManualCriterion,
  given: readonly ManualAward[],
  named: string | undefined,
  actor: Actor,
): string {
  const own = roles.filter((role) => actor.roles?.includes(role));
  const allowed = isAdministrator(actor) ? [...new Set([...own, ...roles])] : own;
  if (named === undefined) {
    const open = allowed.find((role) => !given.some(({ issuer_role }) => issuer_role === role));
    return open ?? allowed[0] ?? "";
  }
  if (allowed.includes(named)) return named;
  const error: FieldError = {
    pointer: "/role",
    code: "role_accepted",
    detail: roles.includes(named)
      ? "This is a role of the badge's, but not of who vouches."
      : "The badge's criteria do not name this role.",
    fix: `Give one of ${allowed.join(", ")}.`,
  };
  throw roles.includes(named)
    ? new Problem("role-required", error.detail, { errors: [error] })
    : new Problem("invalid-request", error.detail, { errors: [error] });
}
