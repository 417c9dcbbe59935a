// The criteria of a badge as rows: which are acceptable, and the writes that put others in their place.
import { eq, inArray } from "drizzle-orm";
import type { Badge } from "../db/badges.ts";
import {
  type BadgeCriterion,
  criteria,
  criterionMets,
  criterionParams,
  manualAwards,
} from "../db/criteria.ts";
import type { Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { type FieldError, Problem } from "../problem.ts";
import { kindOf } from "./criteria/kinds.ts";
import { knownMetrics } from "./criteria/metrics.ts";
import { type Rule, type Rules, rulesOf } from "./criteria-forms.ts";
import {
  type CriteriaInput,
  ruleKey,
  type Source,
  sameRules,
  wantedRules,
} from "./criteria-input.ts";

export interface CriteriaChange {
  readonly criteria: readonly BadgeCriterion[];
  readonly rules: Rules;
  /** Whether another thing is asked for than before. */
  readonly changed: boolean;
  readonly writes: readonly Writable[];
}

type BadgeOfCriteria = Pick<Badge, "id" | "organization_id" | "type">;

/**
 * The badge's criteria after this input, checked, and the writes that make them so. `before` holds
 * the rows there are; null for a new badge.
 * Throws a Problem: `invalid-request`, naming every fault of the way in which it was said.
 */
export async function criteriaChange(
  env: Env,
  badge: BadgeOfCriteria,
  before: { readonly type: Badge["type"]; readonly criteria: readonly BadgeCriterion[] } | null,
  input: CriteriaInput,
): Promise<CriteriaChange> {
  const known = before === null ? null : rulesOf(before.criteria);
  const wanted = wantedRules(known, input);
  if (!wanted.ok) throw refusal(wanted.faults);
  const { rules, source } = wanted;
  const faults = await faultsOf(env, badge, before, rules);
  if (faults.length > 0) throw refusal(faults.map((fault) => pointed(fault, source)));
  if (known !== null && sameRules(known, rules)) {
    return { criteria: before?.criteria ?? [], rules, changed: false, writes: [] };
  }
  return { ...rowsOf(env, badge.id, before?.criteria ?? [], rules), rules, changed: true };
}

/** Activation needs a criterion. `pointer` says what asked for a badge that is active without. */
export function requireCriterion(
  badge: Pick<Badge, "is_active">,
  rows: readonly BadgeCriterion[],
  pointer: string,
): void {
  if (badge.is_active !== true || rows.length > 0) return;
  throw refusal([
    {
      pointer,
      code: "activation_needs_criterion",
      detail: "A badge that asks for nothing cannot be active.",
      fix: "Add a criterion, or set is_active to false.",
    },
  ]);
}

function refusal(errors: readonly FieldError[]): Problem {
  return new Problem("invalid-request", errors[0]?.detail ?? "", { errors });
}

/** Faults point at `/rules/<i>/…`. What was there before and stays is not asked about again. */
async function faultsOf(
  env: Env,
  badge: BadgeOfCriteria,
  before: { readonly type: Badge["type"]; readonly criteria: readonly BadgeCriterion[] } | null,
  { rules }: Rules,
): Promise<FieldError[]> {
  const stays = new Set(
    before === null || before.type !== badge.type
      ? []
      : rulesOf(before.criteria).rules.map((rule) => ruleKey(rule).join()),
  );
  const scope = { organizationId: badge.organization_id, badgeId: badge.id };
  let known: { metrics: Awaited<ReturnType<typeof knownMetrics>> } | null = null;
  const faults: FieldError[] = [];
  for (const [i, rule] of rules.entries()) {
    const at = `/rules/${i}`;
    const kind = kindOf(rule.type);
    if (kind === null) throw new TypeError("the overall row is not a rule");
    if (rules.findIndex(({ type }) => type === rule.type) !== i) faults.push(typeTwice(at, rule));
    if (!kind.badgeTypes.includes(badge.type)) faults.push(typeElsewhere(at, rule, badge));
    if (stays.has(ruleKey(rule).join())) continue;
    known ??= { metrics: await knownMetrics(env.db, badge.organization_id) };
    const own = await kind.faults(env.db, rule.params, scope, known);
    faults.push(...own.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer ?? ""}` })));
  }
  return faults;
}

function typeTwice(at: string, { type }: Rule): FieldError {
  return {
    pointer: `${at}/type`,
    code: "criterion_type_once",
    detail: `The badge has a criterion of the type ${type} already.`,
    fix: "Put the params of both into one.",
  };
}

function typeElsewhere(at: string, { type }: Rule, badge: BadgeOfCriteria): FieldError {
  const whose = badge.type === 1 ? "the site" : "a course";
  return {
    pointer: `${at}/type`,
    code: "criterion_type_of_badge",
    detail: `A badge of ${whose} does not ask for criteria of the type ${type}.`,
    fix:
      badge.type === 1
        ? "Use courseset for courses, or set the badge's type to 2."
        : "Use another type.",
  };
}

/** The fault at the member of the request that said it. */
function pointed(fault: FieldError, source: Source): FieldError {
  const { pointer = "" } = fault;
  if (source === "rules") return { ...fault, pointer: `/criteria${pointer}` };
  const param = pointer.split("/").at(-1) ?? "";
  const isThreshold = param.startsWith("metric_") && fault.code !== "metric_must_be_known";
  if (source === "threshold") {
    return { ...fault, pointer: isThreshold ? "/criteria_value" : "/criteria_type" };
  }
  const member = param.startsWith("window_") ? "window" : isThreshold ? "threshold" : "metric";
  return {
    ...fault,
    pointer: `/trigger_condition/${member}`,
    code: "trigger_condition_json_schema_valid",
  };
}

interface Rows {
  readonly criteria: readonly BadgeCriterion[];
  readonly writes: readonly Writable[];
}

/**
 * A criterion that stays as it was keeps its row, and so what people have met of it; another one in
 * its place gets a new id, for what was met before says nothing about it.
 */
function rowsOf(
  env: Env,
  badgeId: string,
  before: readonly BadgeCriterion[],
  { method, rules }: Rules,
): Rows {
  const ids = ascendingIds(env, rules.length + 1);
  const overall = before.find(({ criteria_type: type }) => type === "overall");
  const rows = rules.map((rule, i) => rowOf(env, badgeId, rule, before, ids[i + 1] ?? newId(env)));
  const first: BadgeCriterion = {
    ...(overall ?? plainRow(env, badgeId, ids[0] ?? newId(env))),
    criteria_type: "overall",
    method,
  };
  const after = rows.length === 0 ? [] : [first, ...rows];
  return {
    criteria: after.sort((a, b) => (a.id < b.id ? -1 : 1)),
    writes: writesFor(env, before, after),
  };
}

function plainRow(env: Env, badgeId: string, id: string): Omit<BadgeCriterion, "criteria_type"> {
  return {
    id,
    badge_id: badgeId,
    method: 1,
    description: "",
    description_format: 1,
    created_at: env.now(),
    params: [],
  };
}

function rowOf(
  env: Env,
  badgeId: string,
  rule: Rule,
  before: readonly BadgeCriterion[],
  id: string,
): BadgeCriterion {
  const { type, method, description } = rule;
  const known = before.find((row) => row.criteria_type === type);
  const stays = rulesOf(known === undefined ? [] : [known]).rules[0];
  if (
    known !== undefined &&
    stays !== undefined &&
    ruleKey(stays).join() === ruleKey(rule).join()
  ) {
    return { ...known, description };
  }
  const given = rule.params.filter(({ value }) => value.trim() !== "");
  const ids = ascendingIds(env, given.length);
  const params = given.map(({ name, value }, i) => ({
    id: ids[i] ?? newId(env),
    crit_id: id,
    name,
    value: value.trim(),
  }));
  return { ...plainRow(env, badgeId, id), criteria_type: type, method, description, params };
}

/** Ids made in one millisecond do not sort by themselves; these keep the order they were given in. */
function ascendingIds(env: Env, count: number): string[] {
  return Array.from({ length: count }, () => newId(env)).sort();
}

function writesFor(
  env: Env,
  before: readonly BadgeCriterion[],
  after: readonly BadgeCriterion[],
): Writable[] {
  const { orm } = env.db;
  const kept = new Map(after.map((row) => [row.id, row]));
  const known = new Set(before.map(({ id }) => id));
  const gone = before.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  const changed = before.flatMap((was) => {
    const now = kept.get(was.id);
    if (now === undefined) return [];
    const { method, description } = now;
    if (method === was.method && description === was.description) return [];
    return [orm.update(criteria).set({ method, description }).where(eq(criteria.id, was.id))];
  });
  const added = after.filter(({ id }) => !known.has(id));
  const rows = added.map(({ params: _params, ...row }) => row);
  const params = added.flatMap((row) => row.params);
  return [
    ...(gone.length === 0 ? [] : removed(env, gone)),
    ...changed,
    ...(rows.length === 0 ? [] : [orm.insert(criteria).values(rows)]),
    ...(params.length === 0 ? [] : [orm.insert(criterionParams).values([...params])]),
  ];
}

function removed({ db: { orm } }: Env, ids: readonly string[]): Writable[] {
  return [
    orm.delete(criterionParams).where(inArray(criterionParams.crit_id, [...ids])),
    orm.delete(criterionMets).where(inArray(criterionMets.crit_id, [...ids])),
    orm.delete(criteria).where(inArray(criteria.id, [...ids])),
  ];
}

/** Everything of a badge's criteria, for a badge that goes away; what people vouched for included. */
export function criteriaRemoval(env: Env, badgeId: string): Writable[] {
  const { orm } = env.db;
  const ids = orm.select({ id: criteria.id }).from(criteria).where(eq(criteria.badge_id, badgeId));
  return [
    orm.delete(criterionParams).where(inArray(criterionParams.crit_id, ids)),
    orm.delete(criterionMets).where(inArray(criterionMets.crit_id, ids)),
    orm.delete(criteria).where(eq(criteria.badge_id, badgeId)),
    orm.delete(manualAwards).where(eq(manualAwards.badge_id, badgeId)),
  ];
}
