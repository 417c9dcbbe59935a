// What a badge asks for, at an address of its own: all criteria, and each of them.
import { z } from "@hono/zod-openapi";
import type { BadgeCriterion } from "../db/criteria.ts";
import { changeBadge } from "../issuer/badge-change.ts";
import type { Known, Scope } from "../issuer/criteria/kind.ts";
import { kindOf } from "../issuer/criteria/kinds.ts";
import { knownMetrics } from "../issuer/criteria/metrics.ts";
import { unmeetableWords } from "../issuer/criteria/wording.ts";
import { rulesOf } from "../issuer/criteria-forms.ts";
import type { CriteriaInput } from "../issuer/criteria-input.ts";
import type { Language } from "../language.ts";
import { Problem } from "../problem.ts";
import { showBadge } from "./badge-view.ts";
import { badgeOf, refusedBadge } from "./badges.ts";
import {
  criterionRule,
  ruleList,
  rulesMethod,
  shownCriterion,
  showRules,
  toMethod,
  toRule,
} from "./criteria-schema.ts";
import { idParam } from "./fields.ts";
import { type Answer, type Operation, type OrganizationCall, operation } from "./operation.ts";

const spelledOut = shownCriterion
  .extend({
    words: z.string().openapi({
      description: "What the params ask for, in words: English, or German by Accept-Language.",
    }),
  })
  .openapi("SpelledCriterion");

const shownList = z
  .object({ method: rulesMethod, rules: z.array(spelledOut) })
  .openapi("BadgeCriteria");

const list = z
  .strictObject({ method: rulesMethod.default("all"), rules: ruleList })
  .openapi("NewBadgeCriteria");

const criterionParam = idParam.extend({ criterion: z.string().min(1).max(100) });

type BadgeCall = OrganizationCall<{ id: string }>;

function wordsOf(row: BadgeCriterion, scope: Scope, known: Known, language: Language): string {
  const loaded = kindOf(row.criteria_type)?.load(row, row.params, scope, known);
  if (loaded === undefined) return "";
  return loaded.ok ? loaded.criterion.words(language) : unmeetableWords(loaded.faults, language);
}

async function shown(call: BadgeCall, rows: readonly BadgeCriterion[]) {
  const { env, organizationId, params, language } = call;
  const known = { metrics: await knownMetrics(env.db, organizationId) };
  const scope = { organizationId, badgeId: params.id };
  const { method, rules } = showRules(rows);
  const spelled = rules.map((rule) => {
    const row = rows.find(({ id }) => id === rule.id);
    return { ...rule, words: row === undefined ? "" : wordsOf(row, scope, known, language) };
  });
  return { method, rules: spelled } satisfies z.input<typeof shownList>;
}

/** Changes what a badge asks for by the rules of the badge as a whole. */
async function changed(
  call: BadgeCall,
  part: RegExp,
  input: (rows: readonly BadgeCriterion[]) => CriteriaInput,
  answer: (rows: readonly BadgeCriterion[]) => Promise<Answer>,
): Promise<Answer> {
  const { env, organizationId, principal, params } = call;
  const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
  await call.expectUnchanged(showBadge(env, badge, parts));
  const change = input(parts.criteria);
  const { result, writes } = await changeBadge(env, badge, parts, change, principal).catch(
    (error: unknown) => {
      throw pointedWithin(error, part);
    },
  );
  return {
    ...(await answer(result.parts.criteria)),
    writes,
    refused: refusedBadge(env, organizationId, badge.name),
  };
}

/** Faults are pointed at within this body, not within the badge it is a part of. */
function pointedWithin(error: unknown, part: RegExp): unknown {
  if (!(error instanceof Problem)) return error;
  const errors = error.errors.map((fault) => ({
    ...fault,
    pointer: (fault.pointer ?? "").replace(part, ""),
  }));
  return new Problem(error.code, error.message, { errors, fix: error.fix, cause: error });
}

function gone(): Problem {
  return new Problem("not-found", "The badge has no such criterion.");
}

/** Where in a badge the bodies of these operations are. */
const LIST = /^\/criteria/;
const ONE = /^\/criteria\/rules\/\d+/;

const about = { tag: "Badges", params: idParam } as const;
const writing = {
  ...about,
  scope: "badges:write",
  problems: ["badge-locked", "badge-archived"],
} as const;
const EXAMPLE = {
  type: "metric",
  params: { metric_activity_count: "12", window_activity_count: "P90D" },
} as const;

export const badgeCriteriaOperations: readonly Operation[] = [
  operation({
    ...about,
    id: "listCriteria",
    method: "get",
    path: "/badges/{id}/criteria",
    summary: "Read what a badge asks for",
    description: "At most one criterion of each type; `method` says how they go together.",
    scope: "badges:read",
    answers: [{ status: 200, description: "All criteria, in words too.", schema: shownList }],
    async handle(call) {
      const { parts } = await badgeOf(call.env.db, call.organizationId, call.params.id);
      return { status: 200, body: await shown(call, parts.criteria) };
    },
  }),
  operation({
    ...writing,
    id: "replaceCriteria",
    method: "put",
    path: "/badges/{id}/criteria",
    summary: "Say anew what a badge asks for",
    description:
      "A criterion that stays as it was keeps its id, and what people have met of it. An active badge asks for something.",
    body: list,
    example: { method: "all", rules: [EXAMPLE] },
    answers: [{ status: 200, description: "The criteria as they are now.", schema: shownList }],
    async handle(call) {
      const { method, rules } = call.body;
      return changed(
        call,
        LIST,
        () => ({ rules: rules.map(toRule), rules_method: toMethod(method) }),
        async (rows) => ({ status: 200, body: await shown(call, rows) }),
      );
    },
  }),
  operation({
    ...writing,
    id: "addCriterion",
    method: "post",
    path: "/badges/{id}/criteria",
    summary: "Add a criterion to a badge",
    body: criterionRule,
    example: EXAMPLE,
    answers: [{ status: 201, description: "The criterion.", schema: spelledOut }],
    async handle(call) {
      const { type } = call.body;
      return changed(
        call,
        ONE,
        (rows) => ({ rules: [...rulesOf(rows).rules, toRule(call.body)] }),
        async (rows) => {
          const added = (await shown(call, rows)).rules.find((rule) => rule.type === type);
          if (added === undefined) throw new TypeError("a criterion was added but is not there");
          const location = `/api/v1/badges/${call.params.id}/criteria/${added.id}`;
          return { status: 201, body: added, headers: { location } };
        },
      );
    },
  }),
  operation({
    ...about,
    id: "getCriterion",
    method: "get",
    path: "/badges/{id}/criteria/{criterion}",
    summary: "Read one criterion",
    scope: "badges:read",
    params: criterionParam,
    answers: [{ status: 200, description: "The criterion.", schema: spelledOut }],
    async handle(call) {
      const { parts } = await badgeOf(call.env.db, call.organizationId, call.params.id);
      const { rules } = await shown(call, parts.criteria);
      const one = rules.find(({ id }) => id === call.params.criterion);
      if (one === undefined) throw gone();
      return { status: 200, body: one };
    },
  }),
  operation({
    ...writing,
    id: "removeCriterion",
    method: "delete",
    path: "/badges/{id}/criteria/{criterion}",
    summary: "Remove a criterion",
    description: "An active badge keeps its last one.",
    params: criterionParam,
    answers: [{ status: 204, description: "It is gone." }],
    async handle(call) {
      return changed(
        call,
        LIST,
        (rows) => {
          const unwanted = rows.find(({ id }) => id === call.params.criterion);
          if (unwanted === undefined || unwanted.criteria_type === "overall") throw gone();
          return { rules: rulesOf(rows.filter((row) => row !== unwanted)).rules };
        },
        async () => ({ status: 204 }),
      );
    },
  }),
];
