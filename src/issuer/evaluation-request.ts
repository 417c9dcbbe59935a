// Has everybody evaluated: every night, when a badge becomes active, and on request.
import type { Badge } from "../db/badges.ts";
import type { Criterion } from "../db/criteria.ts";
import type { Statement, Writable } from "../db/database.ts";
import {
  type EvaluationReason,
  type EvaluationRow,
  evaluations,
  organizationsWithRules,
} from "../db/evaluations.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, enqueueIf, type Handler } from "../jobs/outbox.ts";
import type { Decision } from "./badge.ts";
import { evaluationJob, sweepJob } from "./evaluation-due.ts";

/** What is to be evaluated for everybody. */
export interface EvaluationWish {
  /** Null for every active badge. */
  readonly badgeId: string | null;
  readonly isDry: boolean;
  readonly reason: EvaluationReason;
}

/** An evaluation of everybody in the organization, and the job that does it. */
export function requestEvaluation(
  env: Pick<Env, "db" | "now" | "random">,
  organizationId: string,
  { badgeId, isDry, reason }: EvaluationWish,
): Decision<EvaluationRow> {
  const row: EvaluationRow = {
    id: newId(env),
    organization_id: organizationId,
    badge_id: badgeId,
    dry_run: isDry,
    reason,
    state: "waiting",
    criterion_id: "",
    after_user_id: "",
    step: 0,
    people: 0,
    found: 0,
    awarded: 0,
    created_at: env.now(),
    finished_at: null,
  };
  return {
    result: row,
    writes: [
      env.db.orm.insert(evaluations).values(row),
      enqueue(env, sweepJob(organizationId, row.id)),
    ],
  };
}

/**
 * For the batch that makes a badge active: whoever meets what it asks for already is awarded it. Of
 * a badge that asks for somebody's word alone these are people who were vouched for before.
 */
export function backfill(
  env: Pick<Env, "db" | "now" | "random">,
  badge: Pick<Badge, "id" | "organization_id">,
  criteria: readonly Pick<Criterion, "criteria_type">[],
): readonly Writable[] {
  if (criteria.every(({ criteria_type: type }) => type === "overall" || type === "manual")) {
    return lookAtVouched(env, badge);
  }
  const wish: EvaluationWish = { badgeId: badge.id, isDry: false, reason: "activation" };
  return requestEvaluation(env, badge.organization_id, wish).writes;
}

const enqueueIfVouched = enqueueIf("SELECT 1 FROM badge_manual_awards WHERE badge_id = ?");

/** Words may be all that is asked for since the roles were changed. Mostly there are none. */
function lookAtVouched(
  env: Pick<Env, "now" | "random">,
  { id, organization_id }: Pick<Badge, "id" | "organization_id">,
): readonly Writable[] {
  const mark = {
    sql: `INSERT INTO evaluations_due (organization_id, user_id, touched)
      SELECT DISTINCT ?, recipient_id, 1 FROM badge_manual_awards WHERE badge_id = ?
      ON CONFLICT (organization_id, user_id) DO UPDATE SET touched = touched + 1`,
    params: [organization_id, id],
  };
  const job = enqueueIfVouched(env, evaluationJob(organization_id), [id]);
  return [mark, job].map(({ sql, params }) => ({ toSQL: () => ({ sql, params: [...params] }) }));
}

/** What a dry run found stays so long. */
export const KEEP_FINDS_MS = 7 * 24 * 3_600_000;
/** That there was an evaluation, and what it came to. */
export const KEEP_EVALUATIONS_MS = 90 * 24 * 3_600_000;
/** Dry runs whose finds go in one night. */
const FORGOTTEN_AT_ONCE = 20;

/** One evaluation of everybody for each organization that has an active badge with criteria. */
export const sweepEverywhere: Handler = async (env) => {
  const ids = await organizationsWithRules(env.db);
  const wish: EvaluationWish = { badgeId: null, isDry: false, reason: "nightly" };
  return [...forgotten(env.now()), ...ids.flatMap((id) => requestEvaluation(env, id, wish).writes)];
};

function forgotten(now: number): Statement[] {
  return [
    {
      sql: `DELETE FROM evaluation_finds WHERE evaluation_id IN (
        SELECT id FROM evaluations WHERE dry_run AND finished_at <= ?
          AND id IN (SELECT evaluation_id FROM evaluation_finds)
        ORDER BY id LIMIT ?)`,
      params: [now - KEEP_FINDS_MS, FORGOTTEN_AT_ONCE],
    },
    {
      sql: `DELETE FROM evaluations WHERE finished_at <= ?
        AND NOT EXISTS (SELECT 1 FROM evaluation_finds WHERE evaluation_id = evaluations.id)`,
      params: [now - KEEP_EVALUATIONS_MS],
    },
  ];
}
