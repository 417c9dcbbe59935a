// What one more word for a person leads to: nothing yet, a criterion that is met, or the award.
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Award } from "../db/awards.ts";
import type { Badge } from "../db/badges.ts";
import { criterionMets, type ManualAward, manualAwards } from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import { evaluationsDue } from "../db/facts.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../jobs/outbox.ts";
import { memberOf } from "./acting-person.ts";
import type { Actor } from "./audit.ts";
import { awardBadge } from "./award.ts";
import type { RecipientInput } from "./award-recipient.ts";
import type { Decision } from "./badge.ts";
import { evaluationJob } from "./evaluation-due.ts";
import { type ManualCriterion, manualCriterionOf, roleOf } from "./manual-award-rights.ts";
import { heldAlready } from "./nomination.ts";

export interface VouchInput extends RecipientInput {
  /** As whom; a role of theirs that has not vouched yet unless given. */
  readonly role?: string | undefined;
  /** Of a badge with tiers: which one is awarded if this word is the last. */
  readonly tier_level?: number | undefined;
}

/** The word that is being given, and those there were before it. */
interface Words {
  readonly row: ManualAward;
  readonly given: readonly ManualAward[];
  /** What was met by then, in milliseconds, was for an award that has run out. */
  readonly since: number;
}

/** What one more word leads to, with what must be written behind the word. */
export async function completion(
  env: Env,
  badge: Badge,
  manual: ManualCriterion,
  { given, row, since }: Words,
  { tier_level }: VouchInput,
  actor: Actor,
): Promise<Decision<Award | null>> {
  const said = new Set([...given, row].map(({ issuer_role }) => issuer_role));
  if (manual.method === 1 && !manual.roles.every((role) => said.has(role))) {
    return { result: null, writes: [] };
  }
  if (!(await isLast(env.db, manual, row.recipient_id, since))) {
    return {
      result: null,
      writes: [
        met(env.db, badge.organization_id, manual.id, row),
        ...looked(env, badge.organization_id, row.recipient_id),
      ],
    };
  }
  const input = {
    badge: badge.id,
    user: row.recipient_id,
    ...(tier_level === undefined ? {} : { tier_level }),
  };
  const { result, writes } = await awardBadge(env, badge.organization_id, input, actor);
  if (!result.awarded) throw heldAlready(result, "");
  return {
    result: result.award,
    writes: [
      met(env.db, badge.organization_id, manual.id, row),
      ...writes,
      ledTo(env.db, badge.id, result.award),
    ],
  };
}

/** Whether the badge lacks nothing but the manual criterion; what is met once stays met. */
async function isLast(
  db: Database,
  { others, overall }: ManualCriterion,
  userId: string,
  since: number,
): Promise<boolean> {
  if (overall === 2 || others.length === 0) return true;
  const [found] = await db.orm
    .select({ count: sql<number>`count(*)` })
    .from(criterionMets)
    .where(
      and(
        eq(criterionMets.user_id, userId),
        gt(criterionMets.date_met, since),
        sql`${criterionMets.crit_id} in (select value from json_each(${JSON.stringify(others)}))`,
      ),
    );
  return found?.count === others.length;
}

function met(
  db: Database,
  organizationId: string,
  criterionId: string,
  { recipient_id, date_met }: Pick<ManualAward, "recipient_id" | "date_met">,
): Writable {
  return db.orm
    .insert(criterionMets)
    .values({
      crit_id: criterionId,
      user_id: recipient_id,
      organization_id: organizationId,
      date_met,
    })
    .onConflictDoNothing();
}

/** What the person met for the badge led to this award. */
function ledTo(db: Database, badgeId: string, award: Award): Writable {
  return db.orm
    .update(criterionMets)
    .set({ issued_id: award.id })
    .where(
      and(
        eq(criterionMets.user_id, award.user_id),
        isNull(criterionMets.issued_id),
        sql`${criterionMets.crit_id} in (select id from badge_criterias where badge_id = ${badgeId})`,
      ),
    );
}

/** The other criteria may be met by now, and not written down yet: the rules look. */
function looked(env: Env, organizationId: string, userId: string): Writable[] {
  return [
    env.db.orm
      .insert(evaluationsDue)
      .values({ organization_id: organizationId, user_id: userId })
      .onConflictDoUpdate({
        target: [evaluationsDue.organization_id, evaluationsDue.user_id],
        set: { touched: sql`${evaluationsDue.touched} + 1` },
      }),
    enqueue(env, evaluationJob(organizationId)),
  ];
}

/**
 * The word that an approved nomination is, for the award it led to: the deciding role's, where the
 * badge asks for one. To be written behind the award.
 */
export async function vouchOfAward(env: Env, award: Award, actor: Actor): Promise<Writable[]> {
  const manual = await manualCriterionOf(env.db, award.badge_id);
  if (manual === null || manual.roles.length === 0) return [];
  const row: ManualAward = {
    id: newId(env),
    badge_id: award.badge_id,
    recipient_id: award.user_id,
    issuer_id: memberOf(actor),
    issuer_role: roleOf(manual, [], undefined, actor),
    date_met: award.awarded_at,
  };
  return [
    env.db.orm
      .insert(manualAwards)
      .values(row)
      .onConflictDoUpdate({
        target: [manualAwards.badge_id, manualAwards.recipient_id, manualAwards.issuer_role],
        set: { issuer_id: row.issuer_id, date_met: row.date_met },
      }),
    met(env.db, award.organization_id, manual.id, row),
    ledTo(env.db, award.badge_id, award),
  ];
}
