// Evaluations over the API: of one person at once, of everybody as a job, and what either would do.
import { z } from "@hono/zod-openapi";
import { findBadge } from "../db/badges.ts";
import {
  EVALUATION_STATES,
  type EvaluationFind,
  type EvaluationRow,
  findEvaluation,
  findsAfter,
  findWaiting,
  listEvaluations,
} from "../db/evaluations.ts";
import { findMember } from "../db/people.ts";
import type { Env } from "../env.ts";
import { type BadgeDecision, evaluatePerson, isOutdated } from "../issuer/evaluate.ts";
import { requestEvaluation } from "../issuer/evaluation-request.ts";
import { MAX_FINDS } from "../issuer/evaluation-sql.ts";
import { Problem } from "../problem.ts";
import { invalid } from "./faults.ts";
import { idParam, instant, instantOrNull, line } from "./fields.ts";
import { type Answer, type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { shownReason } from "./progress.ts";

const wish = z
  .strictObject({
    badge: line(100)
      .optional()
      .openapi({ description: "A badge's id; every active one unless given." }),
    user: line(100).optional().openapi({ description: "A user's id; everybody unless given." }),
    dry_run: z
      .boolean()
      .default(false)
      .openapi({ description: "Only say who would get what: nothing is awarded, nobody is told." }),
  })
  .openapi("NewEvaluation");

const shownEvaluation = z
  .object({
    id: z.string(),
    badge: z.string().nullable(),
    dry_run: z.boolean(),
    reason: z.enum(["nightly", "activation", "request"]),
    state: z.enum(EVALUATION_STATES),
    people: z.int().openapi({ description: "Members looked at so far." }),
    found: z.int().openapi({
      description: "People found who are to be awarded something; in a dry run, awards foreseen.",
    }),
    awarded: z.int().openapi({ description: "Awards made by rule while it was under way." }),
    created_at: z.string().openapi({ format: "date-time" }),
    finished_at: z.string().nullable().openapi({ format: "date-time" }),
  })
  .openapi("Evaluation");

const shownDecisions = z
  .object({
    user: z.string(),
    dry_run: z.boolean(),
    decisions: z.array(
      z.object({
        badge: z.string(),
        name: z.string(),
        awarded: z.boolean().openapi({ description: "In a dry run: whether it would be." }),
        tier_levels: z.array(z.int()),
        awards: z.array(z.string()).openapi({ description: "Ids; none in a dry run." }),
        not_yet: z.array(shownReason),
      }),
    ),
  })
  .openapi("Decisions");

const shownPerson = z
  .object({
    user: z.string(),
    badges: z.array(z.object({ badge: z.string(), tier_level: z.int().nullable() })),
  })
  .openapi("ForeseenPerson");

function show(row: EvaluationRow): z.input<typeof shownEvaluation> {
  return {
    id: row.id,
    badge: row.badge_id,
    dry_run: row.dry_run,
    reason: row.reason,
    state: row.state,
    people: row.people,
    found: row.found,
    awarded: row.awarded,
    created_at: instant(row.created_at),
    finished_at: instantOrNull(row.finished_at),
  };
}

function decided({ badge, awarded, reasons }: BadgeDecision, isDry: boolean) {
  return {
    badge: badge.id,
    name: badge.name,
    awarded: awarded.length > 0,
    tier_levels: awarded.flatMap(({ tier_level }) => tier_level ?? []),
    awards: isDry ? [] : awarded.map(({ id }) => id),
    not_yet: [...reasons],
  };
}

/** A page of people from rows of finds, in the order they are in. */
function byPerson(rows: readonly EvaluationFind[]): z.input<typeof shownPerson>[] {
  const people = new Map<string, z.input<typeof shownPerson>["badges"]>();
  for (const { user_id: user, badge_id: badge, tier_level } of rows) {
    const badges = people.get(user) ?? [];
    people.set(user, [...badges, { badge, tier_level: tier_level === 0 ? null : tier_level }]);
  }
  return [...people].map(([user, badges]) => ({ user, badges }));
}

async function requireKnown(
  { db }: Env,
  organizationId: string,
  { badge, user }: z.output<typeof wish>,
): Promise<void> {
  if (badge !== undefined && (await findBadge(db, organizationId, badge)) === null) {
    const detail = "This organization has no badge with this id.";
    const fix = "Give the id of a badge that GET /api/v1/badges lists.";
    throw invalid([{ pointer: "/badge", code: "org_scope_matches_badge_definition", detail, fix }]);
  }
  if (user !== undefined && (await findMember(db, organizationId, user)) === null) {
    const detail = "This organization has no user with this id.";
    const fix = "Give the id of a user that GET /api/v1/users lists.";
    throw invalid([{ pointer: "/user", code: "user_id_must_exist", detail, fix }]);
  }
}

async function ofPerson(
  env: Env,
  organizationId: string,
  user: string,
  { badge, dry_run: isDry }: z.output<typeof wish>,
): Promise<Answer> {
  const { decisions, writes } = await evaluatePerson(env, organizationId, user, { badge });
  return {
    status: 200,
    body: { user, dry_run: isDry, decisions: decisions.map((each) => decided(each, isDry)) },
    writes: isDry ? [] : writes,
    refused: (error) => (isOutdated(error) ? "again" : null),
  };
}

async function evaluationOf(env: Env, organizationId: string, id: string): Promise<EvaluationRow> {
  const row = await findEvaluation(env.db, organizationId, id);
  if (row !== null) return row;
  throw new Problem("not-found", "This organization has no evaluation with this id.");
}

export const evaluationOperations: readonly Operation[] = [
  operation({
    id: "createEvaluation",
    method: "post",
    path: "/evaluations",
    tag: "Evaluation",
    summary: "Evaluate one person, or everybody",
    description:
      "Nobody needs to ask for it: people are evaluated after their events, everybody every night and when a badge becomes active. One person is evaluated at once. Everybody is evaluated by a job that goes on after the answer; read how far it is at its address. Badges that ask for a badge awarded by the same evaluation are not foreseen by a dry run.",
    scope: "awards:write",
    body: wish,
    example: { dry_run: true },
    answers: [
      {
        status: 202,
        description: "The evaluation of everybody, which has begun.",
        schema: shownEvaluation,
      },
      { status: 200, description: "What was decided about the person.", schema: shownDecisions },
    ],
    async handle({ env, organizationId, body }) {
      await requireKnown(env, organizationId, body);
      if (body.user !== undefined) return ofPerson(env, organizationId, body.user, body);
      const wished = { badgeId: body.badge ?? null, isDry: body.dry_run };
      // What waits for its turn will see all that is there by then: a second one would see the same.
      const waiting = await findWaiting(env.db, organizationId, wished);
      const { result, writes } = waiting
        ? { result: waiting, writes: [] }
        : requestEvaluation(env, organizationId, { ...wished, reason: "request" });
      return {
        status: 202,
        body: show(result),
        headers: { location: `/api/v1/evaluations/${result.id}` },
        writes,
      };
    },
  }),
  operation({
    id: "listEvaluations",
    method: "get",
    path: "/evaluations",
    tag: "Evaluation",
    summary: "List evaluations of everybody",
    scope: "awards:read",
    query: pageQuery,
    answers: [
      { status: 200, description: "A page of evaluations.", schema: pageOf(shownEvaluation) },
    ],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listEvaluations(env.db, organizationId, query);
      return pageAnswer(call, rows, ({ id }) => id, show);
    },
  }),
  operation({
    id: "getEvaluation",
    method: "get",
    path: "/evaluations/{id}",
    tag: "Evaluation",
    summary: "Read how far an evaluation is",
    scope: "awards:read",
    params: idParam,
    answers: [{ status: 200, description: "The evaluation.", schema: shownEvaluation }],
    async handle({ env, organizationId, params }) {
      const row = await evaluationOf(env, organizationId, params.id);
      return { status: 200, body: show(row), tagged: true };
    },
  }),
  operation({
    id: "listEvaluationPeople",
    method: "get",
    path: "/evaluations/{id}/people",
    tag: "Evaluation",
    summary: "List who would get what, as a dry run has found",
    description: `In the order of their ids, for a week; of the first ${MAX_FINDS} awards.`,
    scope: "awards:read",
    params: idParam,
    query: pageQuery,
    answers: [{ status: 200, description: "A page of people.", schema: pageOf(shownPerson) }],
    async handle(call) {
      const { env, organizationId, params, query } = call;
      const { id } = await evaluationOf(env, organizationId, params.id);
      const rows = await findsAfter(env.db, id, query.cursor ?? "", query.limit);
      return pageAnswer(
        call,
        byPerson(rows),
        ({ user }) => user,
        (person) => person,
      );
    },
  }),
];
