// What a badge asks for, as the API takes and shows it: rules, and the two short forms.
import { z } from "@hono/zod-openapi";
import { CRITERIA_TYPES, TRIGGER_TYPES } from "../db/badges.ts";
import type { BadgeCriterion, CriterionMethod } from "../db/criteria.ts";
import { REAL_TYPES } from "../issuer/criteria/kinds.ts";
import { daysIn } from "../issuer/criteria/metric.ts";
import { MAX_PARAM, MAX_PARAMS, MAX_THRESHOLD } from "../issuer/criteria/params.ts";
import { type Rule, rulesOf, shortForms } from "../issuer/criteria-forms.ts";
import type { CriteriaInput } from "../issuer/criteria-input.ts";
import { line, rule } from "./fields.ts";

const MAX_DESCRIPTION = 5_000;
const MAX_METRIC = 64;
const METHODS = ["all", "any"] as const;
type Method = (typeof METHODS)[number];

const params = z
  .record(
    z.string().max(MAX_PARAM),
    z
      .union([z.string().max(MAX_PARAM), z.number()], {
        error: "This must be a string or a number.",
      })
      .nullable(),
  )
  .refine(
    (given) => Object.keys(given).length <= MAX_PARAMS,
    rule("too_large", `A criterion has at most ${MAX_PARAMS} params.`, "Ask for fewer."),
  )
  .openapi({
    description:
      "By type: metric_<name> (a threshold), window_<name> (an ISO 8601 duration) and unit_streak_length (day or week); role_<role>; course_<id>, grade_<id> and bydate_<id>; module_<id> and bydate_<id>; badge_<id>; cohort_<id>; competency_<id>; field_<name>. What has no value is left out.",
    example: { metric_activity_count: "12", window_activity_count: "P90D" },
  });

/** One criterion. Its id is given out, and ignored where it comes back. */
export const criterionRule = z
  .strictObject({
    id: z.string().max(100).optional(),
    type: z.enum(REAL_TYPES),
    method: z.enum(METHODS).default("all").openapi({ description: "All of the params, or any." }),
    description: z.string().max(MAX_DESCRIPTION).default("").openapi({ description: "Markdown." }),
    params,
  })
  .openapi("NewCriterion");

/** One of each type. */
export const ruleList = z.array(criterionRule).max(REAL_TYPES.length);

export const rulesMethod = z
  .enum(METHODS)
  .openapi({ description: "All of the criteria, or any of them." });

export function criteriaOf<N extends z.ZodType>(narrative: N) {
  return z.strictObject({ narrative, method: rulesMethod.optional(), rules: ruleList.optional() });
}

/** A criterion's unknown metric, too large threshold and the like are told by its type. */
const triggerCondition = z.strictObject({
  metric: line(MAX_METRIC),
  threshold: z.int().min(1).max(MAX_THRESHOLD),
  window: line(40)
    .refine(
      (text) => daysIn(text) !== null,
      rule(
        "blank",
        "This must be an ISO 8601 duration of days, weeks, months or years.",
        "Send a duration such as P30D, or null.",
      ),
    )
    .nullable()
    .default(null),
});

/** The short forms; null says nothing. */
export const criteriaFields = {
  trigger_type: z.enum(TRIGGER_TYPES).nullable(),
  trigger_condition: triggerCondition.nullable(),
  criteria_type: z.enum(CRITERIA_TYPES).nullable(),
  criteria_value: z
    .number()
    .min(1)
    .max(MAX_THRESHOLD)
    .refine(
      Number.isInteger,
      rule(
        "criteria_value_positive_integer",
        "This must be a whole number.",
        "Send a whole number from 1.",
      ),
    )
    .nullable()
    .openapi({ type: ["integer", "null"] }),
  criteria_unit: z
    .enum(["day", "week"])
    .nullable()
    .openapi({ description: "Of a streak_length: days unless given." }),
};

export const shownCriterion = z
  .object({
    id: z.string(),
    type: z.enum(REAL_TYPES),
    method: z.enum(METHODS),
    description: z.string(),
    params: z.record(z.string(), z.string()),
  })
  .openapi("Criterion");

const text = z.string().nullable();

export const shownCriteria = z.object({
  narrative: z.string(),
  method: rulesMethod,
  rules: z.array(shownCriterion),
});

/** The short forms, null where the rules say something else or more. */
export const shownForms = {
  trigger_type: z.enum(TRIGGER_TYPES).nullable(),
  trigger_condition: z
    .object({ metric: z.string(), threshold: z.number(), window: text })
    .nullable(),
  criteria_type: z.enum(CRITERIA_TYPES).nullable(),
  criteria_value: z.int().nullable(),
  criteria_unit: z.enum(["day", "week"]).nullable(),
};

export function methodOf(method: CriterionMethod): Method {
  return method === 1 ? "all" : "any";
}

export function toMethod(method: Method): CriterionMethod {
  return method === "all" ? 1 : 2;
}

export function toRule({
  type,
  method,
  description,
  params: given,
}: z.output<typeof criterionRule>): Rule {
  const rows = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: String(value) }],
  );
  return { type, method: toMethod(method), description, params: rows };
}

export function toRules(given: {
  readonly method?: Method | undefined;
  readonly rules?: z.output<typeof ruleList> | undefined;
}): Pick<CriteriaInput, "rules" | "rules_method"> {
  return {
    ...(given.rules === undefined ? {} : { rules: given.rules.map(toRule) }),
    ...(given.method === undefined ? {} : { rules_method: toMethod(given.method) }),
  };
}

export function showRules(rows: readonly BadgeCriterion[]): {
  method: Method;
  rules: z.input<typeof shownCriterion>[];
} {
  return {
    method: methodOf(rulesOf(rows).method),
    rules: rows.flatMap((row) => {
      const { id, criteria_type: type, method, description } = row;
      if (type === "overall") return [];
      const named = Object.fromEntries(row.params.map(({ name, value }) => [name, value]));
      return [{ id, type, method: methodOf(method), description, params: named }];
    }),
  };
}

export function showForms(rows: readonly BadgeCriterion[]) {
  const { trigger_condition_json, ...forms } = shortForms(rulesOf(rows));
  return { ...forms, trigger_condition: trigger_condition_json };
}
