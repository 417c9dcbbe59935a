// What the types that ask for facts have in common: a course, a module, a cohort, a competency, a field.
import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { CriterionType } from "../../db/criteria.ts";
import type { Database } from "../../db/database.ts";
import { facts } from "../../db/facts.ts";
import type { FieldError } from "../../problem.ts";
import { holdsAt } from "./holding.ts";
import type { At, CriterionKind, Progress, Scope, Slice } from "./kind.ts";
import { keyed, namesItself, paramFault, thresholdFault, thresholdOf } from "./params.ts";
import { type InEach, listed } from "./wording.ts";

interface FactAsked {
  readonly param: string;
  readonly key: string;
  /** The least grade, in whole units. */
  readonly grade: number | null;
  /** The first instant that is too late. */
  readonly before: number | null;
  /** The date as it was given, for people. */
  readonly bydate: string | null;
}

export interface FactSpec {
  readonly type: CriterionType;
  readonly badgeTypes: readonly (1 | 2)[];
  /** Of the facts it asks for. */
  readonly factKind: "course" | "activity" | "cohort" | "competency" | "profile";
  /** Of the params that name them: `course` for `course_12`. */
  readonly prefix: string;
  /** Which further params there may be: `grade_12`, `bydate_12`. */
  readonly with: readonly ("grade" | "bydate")[];
  /** The most it may ask for. */
  readonly most?: number;
  /** As `completed course 12`: of its key, with the grade and the date that go with it. */
  readonly words: InEach<(of: string) => string>;
}

const THOUSAND = 1000;
const DAY_MS = 86_400_000;

/** A type that is met by facts which hold when it is looked at (an interval covers that time). */
export function factKind(spec: FactSpec): CriterionKind<readonly FactAsked[]> {
  return {
    type: spec.type,
    badgeTypes: spec.badgeTypes,
    read(rows) {
      const { entries, faults } = keyed(rows, [spec.prefix, ...spec.with]);
      const found = [
        ...faults,
        ...namesItself(entries, spec.prefix),
        ...tooMany(spec, entries.length),
      ];
      const params = entries.map(({ key, values: { grade: least, bydate = null } }) => {
        const grade = least === undefined ? null : thresholdOf(least);
        if (least !== undefined && grade === null) found.push(thresholdFault(`grade_${key}`));
        const before = bydate === null ? null : endOf(bydate);
        if (bydate !== null && before === null) found.push(dateFault(`bydate_${key}`));
        return { param: `${spec.prefix}_${key}`, key, grade, before, bydate };
      });
      return found.length === 0 ? { ok: true, params } : { ok: false, faults: found };
    },
    touchedBy: (params) => params.map(({ key }) => `${spec.factKind}:${key}`),
    async progress(db, scope, userId, params, at) {
      return Promise.all(params.map((asked) => progressOf(db, spec, scope, userId, asked, at)));
    },
    everyone: (scope, params, at, slice) =>
      params.map((asked) => holders(spec, scope, asked, at, slice)),
    words: {
      en: ({ params, method }) => listed(params.map(ENGLISH).map(spec.words.en), method, "en"),
      de: ({ params, method }) => listed(params.map(GERMAN).map(spec.words.de), method, "de"),
    },
  };
}

function tooMany({ most, prefix }: FactSpec, count: number): FieldError[] {
  if (most === undefined || count <= most) return [];
  const detail = `A criterion of this type asks for ${most} ${prefix} only.`;
  return [
    { pointer: "/params", code: "criterion_asks_for_one", detail, fix: "Leave the others out." },
  ];
}

/**
 * The first instant after a date (`2026-12-31`, the whole day in UTC) or after an instant with its
 * offset; null for anything else.
 */
function endOf(text: string): number | null {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/.test(
    text,
  );
  const at = whole || instant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !isDate(text.slice(0, 10))) return null;
  return at + (whole ? DAY_MS : 1);
}

/** `2026-02-30` is read as March by some engines. */
function isDate(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function dateFault(name: string): FieldError {
  return paramFault(
    name,
    "bydate_is_a_date",
    "This must be a date, or a time with its offset.",
    "Send a date such as 2027-01-31, or a time such as 2027-01-31T18:00:00+01:00.",
  );
}

/** The key with what goes with it: `12 with a grade of at least 50 by 2026-12-31`. */
function within(gradeWords: string, dateWords: string) {
  return ({ key, grade, bydate }: FactAsked): string => {
    const withGrade = grade === null ? "" : ` ${gradeWords} ${grade}`;
    return `${key}${withGrade}${bydate === null ? "" : ` ${dateWords} ${bydate}`}`;
  };
}

const ENGLISH = within("with a grade of at least", "by");
const GERMAN = within("mit einer Note von mindestens", "bis");

/** The facts that hold, and are not too late; whatever their grade. */
function holding(
  spec: FactSpec,
  scope: Scope,
  { key, before }: FactAsked,
  at: At,
): SQL | undefined {
  return and(
    eq(facts.organization_id, scope.organizationId),
    eq(facts.kind, spec.factKind),
    eq(facts.key, key),
    holdsAt(at),
    before === null ? undefined : sql`${facts.starts_at} < ${before}`,
  );
}

async function progressOf(
  db: Database,
  spec: FactSpec,
  scope: Scope,
  userId: string,
  asked: FactAsked,
  at: At,
): Promise<Progress> {
  const [best] = await db.orm
    .select({ grade: facts.grade, updated_at: facts.updated_at })
    .from(facts)
    .where(and(holding(spec, scope, asked, at), eq(facts.user_id, userId)))
    .orderBy(desc(facts.grade))
    .limit(1);
  const countedAt = best?.updated_at ?? null;
  const { param, grade } = asked;
  if (grade === null) {
    const met = best !== undefined;
    return { param, value: met ? 1 : 0, threshold: 1, met, countedAt };
  }
  const value = (best?.grade ?? 0) / THOUSAND;
  return { param, value, threshold: grade, met: value >= grade, countedAt };
}

function holders(spec: FactSpec, scope: Scope, asked: FactAsked, at: At, slice: Slice): SQL {
  const enough =
    asked.grade === null ? sql`` : sql` and ${facts.grade} >= ${asked.grade * THOUSAND}`;
  return sql`select distinct ${facts.user_id} as user_id from ${facts}
    where ${holding(spec, scope, asked, at)}
    and ${facts.user_id} > ${slice.after} and ${facts.user_id} <= ${slice.upTo}${enough}`;
}
