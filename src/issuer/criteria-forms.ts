// The two short ways of saying what a badge asks for, read off its criteria and turned into them.
import type { CriteriaType, TriggerCondition, TriggerType } from "../db/badges.ts";
import { CRITERIA_TYPES } from "../db/badges.ts";
import type { BadgeCriterion, CriterionMethod } from "../db/criteria.ts";
import type { Param } from "./criteria/kind.ts";
import type { RealType } from "./criteria/kinds.ts";

/** A criterion as it is given, without ids. */
export interface Rule {
  readonly type: RealType;
  /** 1 all of the params, 2 any. */
  readonly method: CriterionMethod;
  /** For people, Markdown; empty where the params say it all. */
  readonly description: string;
  readonly params: readonly Param[];
}

/** All that a badge asks for. */
export interface Rules {
  /** Of the criteria among themselves. */
  readonly method: CriterionMethod;
  readonly rules: readonly Rule[];
}

export type StreakUnit = "day" | "week";

/** Null where the criteria say something else, or more. */
export interface ShortForms {
  readonly trigger_type: TriggerType | null;
  readonly trigger_condition_json: TriggerCondition | null;
  readonly criteria_type: CriteriaType | null;
  readonly criteria_value: number | null;
  readonly criteria_unit: StreakUnit | null;
}

const NOMINATORS = ["coordinator", "organization_administrator"];
const STREAK = "streak_length";
/** One thing by two names: a streak with its unit, and the metric that has it in its name. */
const STREAK_METRICS: Readonly<Record<StreakUnit, string>> = {
  day: "streak_days",
  week: "streak_weeks",
};

const NOTHING: ShortForms = {
  trigger_type: null,
  trigger_condition_json: null,
  criteria_type: null,
  criteria_value: null,
  criteria_unit: null,
};

/** What a badge asks for that coordinators nominate for; also one of which nothing is said. */
export const NOMINATION: Rules = {
  method: 1,
  rules: [
    {
      type: "manual",
      method: 2,
      description: "",
      params: NOMINATORS.map((role) => ({ name: `role_${role}`, value: role })),
    },
  ],
};

export function ofCondition({ metric, threshold, window }: TriggerCondition): Rules {
  return ofMetric(
    metric,
    threshold,
    window === null ? [] : [{ name: `window_${metric}`, value: window }],
  );
}

/** `unit` of a streak only; days unless given. */
export function ofThreshold(type: CriteriaType, value: number, unit: StreakUnit | null): Rules {
  return ofMetric(
    type,
    value,
    type === STREAK ? [{ name: `unit_${STREAK}`, value: unit ?? "day" }] : [],
  );
}

function ofMetric(metric: string, threshold: number, more: readonly Param[]): Rules {
  const params = [{ name: `metric_${metric}`, value: String(threshold) }, ...more];
  return { method: 1, rules: [{ type: "metric", method: 1, description: "", params }] };
}

/** The criteria as they could be given anew. */
export function rulesOf(rows: readonly BadgeCriterion[]): Rules {
  const overall = rows.find(({ criteria_type: type }) => type === "overall");
  const rules = rows.flatMap(({ criteria_type: type, method, description, params }) =>
    type === "overall"
      ? []
      : [{ type, method, description, params: params.map(({ name, value }) => ({ name, value })) }],
  );
  return { method: overall?.method ?? 1, rules };
}

/** The short forms that say exactly what these rules say, as far as there are any. */
export function shortForms({ rules }: Rules): ShortForms {
  const [only] = rules;
  if (only === undefined || rules.length > 1) return NOTHING;
  if (only.type === "manual") {
    return isNomination(only) ? { ...NOTHING, trigger_type: "coordinator_nomination" } : NOTHING;
  }
  return only.type === "metric" ? metricForms(only.params) : NOTHING;
}

function isNomination({ method, params }: Rule): boolean {
  const roles = params.map(({ value }) => value).sort();
  return method === 2 && roles.join() === NOMINATORS.join();
}

function metricForms(params: readonly Param[]): ShortForms {
  const named = params.filter(({ name }) => name.startsWith("metric_"));
  const [asked] = named;
  if (asked === undefined || named.length > 1) return NOTHING;
  const metric = asked.name.slice("metric_".length);
  const value = (prefix: string) =>
    params.find(({ name }) => name === `${prefix}_${metric}`)?.value ?? null;
  const unit = unitOf(metric, value("unit"));
  const window = value("window");
  const threshold = Number(asked.value);
  const simple = unit === null ? CRITERIA_TYPES.find((type) => type === metric) : STREAK;
  return {
    trigger_type: "auto",
    trigger_condition_json: {
      metric: unit === null ? metric : STREAK_METRICS[unit],
      threshold,
      window,
    },
    ...(window !== null || simple === undefined
      ? { criteria_type: null, criteria_value: null, criteria_unit: null }
      : { criteria_type: simple, criteria_value: threshold, criteria_unit: unit }),
  };
}

/** Null for a metric that is no streak. */
function unitOf(metric: string, unit: string | null): StreakUnit | null {
  if (metric === STREAK) return unit === "week" ? "week" : "day";
  if (metric === STREAK_METRICS.day) return "day";
  return metric === STREAK_METRICS.week ? "week" : null;
}

/** The columns of the short forms; where those say nothing, whether a person has a say in it. */
export function formColumns(rules: Rules): Omit<ShortForms, "criteria_unit" | "trigger_type"> & {
  readonly trigger_type: TriggerType;
} {
  const { criteria_unit: _unit, ...forms } = shortForms(rules);
  const byHand = rules.rules.length === 0 || rules.rules.some(({ type }) => type === "manual");
  return { ...forms, trigger_type: byHand ? "coordinator_nomination" : "auto" };
}
