// Vouching: people with the roles a badge asks for give their word for a person, and the badge is awarded once it has every word it asks for.
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { badges, findAwardableBadge } from "../db/badges.ts";
import { criterionMets, type ManualAward, manualAwards } from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import { findVouch, vouchesFor } from "../db/manual-awards.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { isAdministrator, isSelf, memberOf } from "./acting-person.ts";
import { type Actor, audited } from "./audit.ts";
import { outcomeOfHeld, unknownBadge } from "./award.ts";
import { ranOut } from "./award-renewal.ts";
import { requireActive, requireReceivable, requireTier } from "./award-rules.ts";
import type { Decision } from "./badge.ts";
import { definedNow, stillDefinedSo } from "./definition.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";
import { completion, type VouchInput } from "./manual-award-completion.ts";
import {
  type ManualCriterion,
  manualCriterionOf,
  ownBadge,
  roleOf,
} from "./manual-award-rights.ts";
import { existingMember, heldAlready } from "./nomination.ts";
import { forgetUntil } from "./revoked-criteria.ts";

/** Before any time there is. */
const NEVER = -1;

export interface Vouched {
  readonly vouch: ManualAward;
  /** False where this role had vouched before. */
  readonly isNew: boolean;
  /** What this word completed; null while others are missing. */
  readonly award: Award | null;
}

/**
 * One role's word for a member. A role vouches once: said again, by whomever, it changes nothing.
 * The manual criterion is met once it has the words it asks for, and the badge is awarded in the same
 * batch if that was all it lacked. Throws a Problem: `not-found`, `badge-inactive`, `role-required`,
 * `own-badge`, `recipient-…`, `badge-held`, `invalid-request`.
 */
export async function vouch(
  env: Env,
  organizationId: string,
  badgeId: string,
  input: VouchInput,
  actor: Actor,
): Promise<Decision<Vouched>> {
  const now = await definedNow(env.db, organizationId);
  const awardable = await findAwardableBadge(env.db, organizationId, badgeId, DEFAULT_WIDTH);
  if (awardable === null) throw new Problem("not-found", unknownBadge().message);
  const { badge } = awardable;
  requireActive(badge, { pointer: "" });
  const manual = await requireManual(env.db, badge.id);
  requireVoucher(manual, actor);
  if (input.tier_level !== undefined) requireTier(awardable, input.tier_level);
  const recipient = await existingMember(env, organizationId, input, actor);
  requireReceivable(badge, recipient);
  if (!isAdministrator(actor) && isSelf(actor, recipient.userId)) throw ownBadge();
  const tier = input.tier_level ?? null;
  const old = await ranOut(env, badge, recipient.userId, tier, undefined);
  // What was said for an award that has run out is not said for the next.
  const since = old?.date_expire ?? NEVER;
  const all = await vouchesFor(env.db, badge.id, recipient.userId);
  const given = all.filter(({ date_met }) => date_met > since);
  const role = roleOf(manual, given, input.role, actor);
  const before = given.find(({ issuer_role }) => issuer_role === role);
  if (before !== undefined) {
    return { result: { vouch: before, isNew: false, award: null }, writes: [] };
  }
  const held = await outcomeOfHeld(env, awardable, recipient, input);
  if (held !== null) throw heldAlready(held, recipient.pointer);
  const row: ManualAward = {
    id: newId(env),
    badge_id: badge.id,
    recipient_id: recipient.userId,
    issuer_id: memberOf(actor),
    issuer_role: role,
    date_met: env.now(),
  };
  const completed = await completion(env, badge, manual, { given, row, since }, input, actor);
  return {
    result: { vouch: row, isNew: true, award: completed.result },
    writes: [
      stillDefinedSo(organizationId, now),
      audited(env, {
        organizationId,
        actor,
        action: "vouch.created",
        object: ["manual_award", row.id],
        detail: { badge: badge.id, user: row.recipient_id, role },
        provided: wordsAre(given.length, row, since),
      }),
      ...(old === null ? [] : forgetUntil(env.db, old, since)),
      env.db.orm.insert(manualAwards).values(row),
      ...completed.writes,
    ],
  };
}

/** As many words for the person as the decision rests on. */
function wordsAre(given: number, { badge_id, recipient_id }: ManualAward, since: number): SQL {
  return sql`(select count(*) from badge_manual_awards where badge_id = ${badge_id}
    and recipient_id = ${recipient_id} and date_met > ${since}) = ${given}`;
}

async function requireManual(db: Database, badgeId: string): Promise<ManualCriterion> {
  const manual = await manualCriterionOf(db, badgeId);
  if (manual !== null && manual.roles.length > 0) return manual;
  throw new Problem("badge-not-nominatable", "The badge asks for nobody's word.", {
    fix: "Name a badge with a manual criterion.",
  });
}

function requireVoucher({ roles }: ManualCriterion, actor: Actor): void {
  if (isAdministrator(actor) || roles.some((role) => actor.roles?.includes(role))) return;
  throw new Problem("role-required", `The badge asks for the word of ${roles.join(", ")}.`);
}

/**
 * Takes a word back before the badge is awarded: for who gave it, and for administrators. A criterion
 * that was met by it and led to nothing yet is open again. Throws a Problem: `not-found`,
 * `role-required`, `vouch-counted`.
 */
export async function withdrawVouch(
  env: Env,
  organizationId: string,
  badgeId: string,
  id: string,
  actor: Actor,
): Promise<Decision<ManualAward>> {
  const row = await vouchOf(env.db, organizationId, badgeId, id);
  if (!isAdministrator(actor) && !isSelf(actor, row.issuer_id)) {
    throw new Problem(
      "role-required",
      "Only who gave this word, or an administrator, takes it back.",
    );
  }
  const awarded = sql`exists (select 1 from ${awards} where ${awards.user_id} = ${row.recipient_id}
    and ${awards.badge_id} = ${badgeId} and +${awards.organization_id} = ${organizationId}
    and ${awards.revoked_at} is null)`;
  const [found] = await env.db.orm
    .select({ isAwarded: sql<number>`${awarded}` })
    .from(sql`(select 1)`);
  if (found?.isAwarded === 1) {
    throw new Problem("vouch-counted", "The person has been awarded the badge.");
  }
  return {
    result: row,
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "vouch.withdrawn",
        object: ["manual_award", id],
        detail: { badge: badgeId, user: row.recipient_id, role: row.issuer_role },
        provided: sql`exists (select 1 from badge_manual_awards where id = ${id}) and not ${awarded}`,
      }),
      env.db.orm.delete(manualAwards).where(eq(manualAwards.id, id)),
      reopened(env.db, badgeId, row.recipient_id),
    ],
  };
}

/** The manual criterion is no longer met where the words that are left do not do. */
function reopened(db: Database, badgeId: string, userId: string): Writable {
  const words = sql`select 1 from badge_manual_awards word where word.badge_id = ${badgeId}
    and word.recipient_id = ${userId}
    and param.name = 'role_' || word.issuer_role`;
  return db.orm.delete(criterionMets).where(
    and(
      eq(criterionMets.user_id, userId),
      isNull(criterionMets.issued_id),
      sql`${criterionMets.crit_id} in (select manual.id from badge_criterias manual
        where manual.badge_id = ${badgeId} and manual.criteria_type = 'manual'
        and case manual.method
          when 1 then exists (select 1 from badge_criteria_params param
            where param.crit_id = manual.id and not exists (${words}))
          else not exists (select 1 from badge_criteria_params param
            where param.crit_id = manual.id and exists (${words})) end)`,
    ),
  );
}

/** Throws a `not-found` Problem, the same for another badge's or organization's as for none. */
export async function vouchOf(
  db: Database,
  organizationId: string,
  badgeId: string,
  id: string,
): Promise<ManualAward> {
  const [badge] = await db.orm
    .select({ id: badges.id })
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), eq(badges.id, badgeId)))
    .limit(1);
  const row = badge === undefined ? null : await findVouch(db, badge.id, id);
  if (row !== null) return row;
  throw new Problem("not-found", "The badge has no vouch with this id.");
}
