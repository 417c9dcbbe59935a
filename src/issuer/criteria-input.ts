// What a badge is to ask for, from whichever of the three ways it was said: rules, condition, threshold.
import type { CriteriaType, TriggerCondition, TriggerType } from "../db/badges.ts";
import type { CriterionMethod } from "../db/criteria.ts";
import type { FieldError } from "../problem.ts";
import {
  formColumns,
  NOMINATION,
  ofCondition,
  ofThreshold,
  type Rule,
  type Rules,
  type ShortForms,
  type StreakUnit,
  shortForms,
} from "./criteria-forms.ts";

/** Absent members stay as they are. */
export interface CriteriaInput {
  readonly rules?: readonly Rule[] | undefined;
  /** Of the criteria among themselves. */
  readonly rules_method?: CriterionMethod | undefined;
  readonly trigger_type?: TriggerType | null | undefined;
  readonly trigger_condition_json?: TriggerCondition | null | undefined;
  readonly criteria_type?: CriteriaType | null | undefined;
  readonly criteria_value?: number | null | undefined;
  readonly criteria_unit?: StreakUnit | null | undefined;
}

/** What an input says of the criteria, apart from all the rest. */
export function criteriaIn<T extends CriteriaInput>(
  input: T,
): [Omit<T, keyof CriteriaInput>, CriteriaInput] {
  const {
    rules,
    rules_method,
    trigger_type,
    trigger_condition_json,
    criteria_type,
    criteria_value,
    criteria_unit,
    ...rest
  } = input;
  const forms = {
    trigger_type,
    trigger_condition_json,
    criteria_type,
    criteria_value,
    criteria_unit,
  };
  return [rest, { rules, rules_method, ...forms }];
}

/** Which way of saying it is to be blamed for faults. */
export type Source = "rules" | "trigger" | "threshold";

export type Wanted =
  | { readonly ok: true; readonly rules: Rules; readonly source: Source }
  | { readonly ok: false; readonly faults: readonly FieldError[] };

type Field = keyof ShortForms;
const TRIGGER: readonly Field[] = ["trigger_type", "trigger_condition_json"];
const THRESHOLD: readonly Field[] = ["criteria_type", "criteria_value", "criteria_unit"];

const NOTHING_SAID: ShortForms = {
  trigger_type: null,
  trigger_condition_json: null,
  criteria_type: null,
  criteria_value: null,
  criteria_unit: null,
};

/**
 * What the badge asks for after this. `before` is null for a new badge, which coordinators nominate
 * for unless something else is said. A member that repeats what is shown says nothing; of two ways
 * that both say something, both must say the same.
 */
export function wantedRules(before: Rules | null, input: CriteriaInput): Wanted {
  const shown = before === null ? NOTHING_SAID : shortForms(before);
  const touched = new Set(
    ([...TRIGGER, ...THRESHOLD] as const).filter(
      (field) => input[field] !== undefined && !sameValue(input[field], shown[field]),
    ),
  );
  const byRules = rulesGiven(before, input);
  const byThreshold = THRESHOLD.some((field) => touched.has(field))
    ? thresholdGiven(shown, input)
    : null;
  const hasOther = byRules !== null || byThreshold?.ok === true;
  const byTrigger = TRIGGER.some((field) => touched.has(field))
    ? triggerGiven(shown, input, hasOther)
    : null;
  const faults = [byTrigger, byThreshold].flatMap((said) =>
    said?.ok === false ? said.faults : [],
  );
  if (faults.length > 0) return { ok: false, faults };
  const chosen = byRules ??
    said(byTrigger) ??
    said(byThreshold) ?? { rules: before ?? NOMINATION, source: "rules" };
  const own = chosen.source === "rules" ? [] : chosen.source === "trigger" ? TRIGGER : THRESHOLD;
  const contradictions = [...touched].flatMap((field) =>
    own.includes(field) ? [] : contradiction(field, input, chosen.rules),
  );
  if (contradictions.length > 0) return { ok: false, faults: contradictions };
  return { ok: true, ...chosen };
}

interface Said {
  readonly rules: Rules;
  readonly source: Source;
}

/** `ok` without rules: nothing against it, but it says nothing either. */
type SaidOrNot =
  | { readonly ok: true; readonly said: Said | null }
  | { readonly ok: false; readonly faults: readonly FieldError[] };

function said(one: SaidOrNot | null): Said | null {
  return one?.ok === true ? one.said : null;
}

function rulesGiven(before: Rules | null, input: CriteriaInput): Said | null {
  const { rules = before?.rules ?? NOMINATION.rules, rules_method: method } = input;
  if (input.rules === undefined && method === undefined) return null;
  const after = { method: method ?? before?.method ?? 1, rules };
  return before !== null && sameRules(before, after) ? null : { rules: after, source: "rules" };
}

/** auto_badge_requires_trigger_condition: a rule and its trigger are there together, or neither. */
function triggerGiven(shown: ShortForms, input: CriteriaInput, hasOther: boolean): SaidOrNot {
  const condition =
    input.trigger_condition_json === undefined
      ? shown.trigger_condition_json
      : input.trigger_condition_json;
  const type = input.trigger_type ?? shown.trigger_type ?? (condition === null ? null : "auto");
  if (type === "auto" && condition !== null) {
    return { ok: true, said: { rules: ofCondition(condition), source: "trigger" } };
  }
  if (type === "coordinator_nomination" && condition === null) {
    return { ok: true, said: { rules: NOMINATION, source: "trigger" } };
  }
  if (type === null || (type === "auto" && hasOther)) return { ok: true, said: null };
  return { ok: false, faults: [type === "auto" ? NO_CONDITION : NO_TRIGGER] };
}

const NO_CONDITION: FieldError = {
  pointer: "/trigger_condition",
  code: "auto_badge_requires_trigger_condition",
  detail: "A badge that is awarded by rule needs the rule.",
  fix: 'Add trigger_condition, as {"metric":"activity_count","threshold":1,"window":null}.',
};

const NO_TRIGGER: FieldError = {
  pointer: "/trigger_condition",
  code: "auto_badge_requires_trigger_condition",
  detail: "A badge that coordinators nominate for has no rule.",
  fix: "Set trigger_condition to null, or trigger_type to auto.",
};

function thresholdGiven(shown: ShortForms, input: CriteriaInput): SaidOrNot {
  const now = <F extends Field>(field: F, given: ShortForms[F] | undefined) =>
    given === undefined ? shown[field] : given;
  const type = now("criteria_type", input.criteria_type);
  const value = now("criteria_value", input.criteria_value);
  const streak = type === "streak_length";
  const unit = streak ? now("criteria_unit", input.criteria_unit) : (input.criteria_unit ?? null);
  const faults: FieldError[] = [];
  if ((type === null) !== (value === null)) {
    faults.push({
      pointer: type === null ? "/criteria_type" : "/criteria_value",
      code: "criteria_type_and_value_together",
      detail: "criteria_type and criteria_value mean something together only.",
      fix: "Give both, or neither.",
    });
  }
  if (unit !== null && !streak && (type !== null || value === null)) {
    faults.push({
      pointer: "/criteria_unit",
      code: "criteria_unit_of_streak",
      detail: "Only a streak_length has a unit.",
      fix: "Leave criteria_unit out, or set criteria_type to streak_length.",
    });
  }
  if (faults.length > 0) return { ok: false, faults };
  if (type === null || value === null) {
    return { ok: true, said: { rules: NOMINATION, source: "threshold" } };
  }
  return { ok: true, said: { rules: ofThreshold(type, value, unit), source: "threshold" } };
}

const POINTERS: Readonly<Partial<Record<Field, string>>> = {
  trigger_condition_json: "/trigger_condition",
};

function contradiction(field: Field, input: CriteriaInput, rules: Rules): FieldError[] {
  const given = input[field];
  if (given === null || given === undefined) return [];
  const stands =
    field === "trigger_type" ? formColumns(rules).trigger_type : shortForms(rules)[field];
  if (sameValue(given, stands)) return [];
  return [
    {
      pointer: POINTERS[field] ?? `/${field}`,
      code: "criteria_forms_agree",
      detail: "This and another member of the request say different things of what must be done.",
      fix: "Say it in one way: criteria.rules, trigger_type with trigger_condition, or criteria_type with criteria_value.",
    },
  ];
}

export function sameRules(one: Rules, other: Rules): boolean {
  const plain = ({ method, rules }: Rules) => [
    method,
    rules.map((rule) => [...ruleKey(rule), rule.description]).sort(),
  ];
  return sameValue(plain(one), plain(other));
}

/** What makes a criterion another one: all of it but its description and the order of its params. */
export function ruleKey({
  type,
  method,
  params,
}: Rule): readonly [string, CriterionMethod, string] {
  const pairs = params
    .filter(({ value }) => value.trim() !== "")
    .map(({ name, value }) => [name, value.trim()])
    .sort();
  return [type, method, JSON.stringify(pairs)];
}

/** Plain JSON; a condition's members come in one order from the schema and from the rows. */
function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
