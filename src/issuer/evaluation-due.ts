// Who is to be evaluated: marked in the batch of what changed, and looked at by a job soon after.
import type { Award } from "../db/awards.ts";
import type { Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, enqueueEach, type NewJob } from "../jobs/outbox.ts";

/** The job that evaluates whoever is marked; its key is the organization's id. */
export const EVALUATE = "award.evaluate";

const TOUCH =
  "ON CONFLICT (organization_id, user_id) DO UPDATE SET touched = touched + 1, is_news = 1";

/** Whether an active badge asks for the badge that was awarded. */
const ASKED_FOR = `EXISTS (SELECT 1 FROM badge_criteria_params param
  JOIN badge_criterias criterion ON criterion.id = param.crit_id AND criterion.criteria_type = 'badge'
  JOIN badges asking ON asking.id = criterion.badge_id AND asking.status IN ('active', 'active_locked')
  WHERE param.name = 'badge_' || ?)`;

const TOUCH_DEPENDENT = `INSERT INTO evaluations_due (organization_id, user_id, touched)
  SELECT ?, ?, 1 WHERE ${ASKED_FOR} ${TOUCH}`;

const JOB_DEPENDENT = `SELECT ?, ?, '', '{}' WHERE ${ASKED_FOR}`;

/**
 * The writes that have somebody evaluated again because of an award, where it can lead to another.
 * They find nothing, by one look-up each, where no active badge asks for the one awarded.
 */
export function touchDependents(
  env: Pick<Env, "now" | "random">,
  award: Pick<Award, "organization_id" | "user_id" | "badge_id">,
): Writable[] {
  const { organization_id: organizationId, user_id: userId, badge_id: badgeId } = award;
  const touch = { sql: TOUCH_DEPENDENT, params: [organizationId, userId, badgeId] };
  return [
    { toSQL: () => touch },
    enqueueEach(env, EVALUATE, {
      sql: JOB_DEPENDENT,
      params: [newId(env), organizationId, badgeId],
    }),
  ];
}

/** The writes that have somebody evaluated again because of who they are now. */
export function touchPerson(
  env: Pick<Env, "db" | "now" | "random">,
  organizationId: string,
  userId: string,
): Writable[] {
  const touch = {
    sql: `INSERT INTO evaluations_due (organization_id, user_id, touched) VALUES (?, ?, 1) ${TOUCH}`,
    params: [organizationId, userId],
  };
  return [{ toSQL: () => touch }, enqueue(env, evaluationJob(organizationId))];
}

/** At most one of an organization waits, whoever is marked by then. */
export function evaluationJob(organizationId: string): NewJob {
  return { kind: EVALUATE, organizationId, dedupeKey: organizationId };
}

/** One evaluation of everybody. */
export function sweepJob(organizationId: string, evaluationId: string): NewJob {
  const payload = { evaluation_id: evaluationId };
  return { kind: "award.sweep_organization", organizationId, dedupeKey: evaluationId, payload };
}
