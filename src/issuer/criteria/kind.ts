// What a type of criterion is: its params, its check for one person, its SQL for everyone, its words.
import { type SQL, sql } from "drizzle-orm";
import type { CriterionMethod, CriterionType } from "../../db/criteria.ts";
import type { Database } from "../../db/database.ts";
import type { Language } from "../../language.ts";
import type { FieldError } from "../../problem.ts";
import { type InEach, said, unmeetableWords } from "./wording.ts";

export type MetricKind = "count" | "sum" | "state";

export interface KnownMetric {
  readonly kind: MetricKind;
  /** What is counted, for people. */
  readonly label: InEach<string>;
}

/** What params may refer to: every metric the organization counts, by name. */
export interface Known {
  readonly metrics: ReadonlyMap<string, KnownMetric>;
}

/** As a row of `badge_criteria_params`. */
export interface Param {
  readonly name: string;
  readonly value: string;
}

/** Whose badge a criterion is of. */
export interface Scope {
  readonly organizationId: string;
  readonly badgeId: string;
}

/** When it is looked at. */
export interface At {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Today, in days since 1970-01-01: for one person where they are, for everyone in UTC. */
  readonly day: number;
  /** For everyone: time zones (IANA) where today is another day than in UTC. */
  readonly elsewhere?: ReadonlyMap<string, number>;
}

/** Ids of people from `after` (not included) to `upTo` (included), in the order of the ids. */
export interface Slice {
  readonly after: string;
  readonly upTo: string;
}

/** How far one person is with one param. */
export interface Progress {
  /** The param's name, as `metric_activity_count`. */
  readonly param: string;
  /** What there is, in whole units: hours, days, sessions, a grade; 0 or 1 where it is a yes or no. */
  readonly value: number;
  /** What there must be at least. */
  readonly threshold: number;
  readonly met: boolean;
  /** When what it rests on was last counted, in milliseconds; null where nothing was. */
  readonly countedAt: number | null;
  /** What it refers to is gone: nobody can meet it, and with the method any it is passed over. */
  readonly missing?: boolean;
}

/** A total that answers a param by itself: met once it has come to the threshold, and for good. */
export interface Tally {
  readonly metric: string;
  readonly measure: "count" | "sum";
  /** In whole units. */
  readonly threshold: number;
}

export type ReadParams<Params> =
  | { readonly ok: true; readonly params: Params }
  | { readonly ok: false; readonly faults: readonly FieldError[] };

interface Asked<Params> {
  readonly params: Params;
  readonly method: CriterionMethod;
}

/**
 * A type of criterion; each is one file, listed in kinds.ts and known nowhere else. Faults point at
 * `/params/<name>`, relative to the criterion.
 */
export interface CriterionKind<Params> {
  readonly type: CriterionType;
  /** Which badges may ask for it: 1 those of the site, 2 those of a course. */
  readonly badgeTypes: readonly (1 | 2)[];
  read(rows: readonly Param[], known: Known): ReadParams<Params>;
  /** Faults that only a look at what is stored can find, such as a badge that is not there. */
  check?(db: Database, scope: Scope, params: Params): Promise<readonly FieldError[]>;
  /**
   * What can change its answer: `metric:activity_count`, `state:certification_active`,
   * `course:<id>`, `activity:<id>`, `cohort:<id>`, `competency:<id>`, `profile:<field>`,
   * `badge:<id>`, `manual:<badge id>`.
   */
  touchedBy(params: Params, scope: Scope): readonly string[];
  /** Of `metric:…` that `touchedBy` names, those where nothing but totals can change its answer. */
  tallies?(params: Params): readonly Tally[];
  /** One entry a param, in the order of the rows. */
  progress(
    db: Database,
    scope: Scope,
    userId: string,
    params: Params,
    at: At,
  ): Promise<readonly Progress[]>;
  /** One SELECT a param, of the `user_id`, each once, of everybody in the slice who meets it. */
  everyone(scope: Scope, params: Params, at: At, slice: Slice): readonly SQL[];
  /** What must be done, in a sentence for a person. */
  readonly words: InEach<(asked: Asked<Params>) => string>;
  /** What is counted, without how much, for each param in order; absent where nothing is. */
  counted?(params: Params, language: Language): readonly string[];
  /** The same with this threshold in place of its own; null where no threshold is its only one. */
  atThreshold?(params: Params, threshold: number): Params | null;
}

/** A criterion of a badge, ready to be asked. */
export interface LoadedCriterion {
  readonly id: string;
  readonly type: CriterionType;
  readonly method: CriterionMethod;
  readonly touchedBy: readonly string[];
  readonly tallies: readonly Tally[];
  words(language: Language): string;
  /** What is counted, for each of its params in order; empty where nothing is. */
  counted(language: Language): readonly string[];
  progress(db: Database, userId: string, at: At): Promise<readonly Progress[]>;
  /** A SELECT of the `user_id`, each once, of everybody in the slice who meets it now. */
  everyone(at: At, slice: Slice): SQL;
  /** The criterion as a tier with this threshold asks for it; null where tiers do not apply to it. */
  atThreshold(threshold: number): LoadedCriterion | null;
}

/** A criterion's own row. */
export interface CriterionRow {
  readonly id: string;
  readonly method: CriterionMethod;
}

export type LoadResult =
  | { readonly ok: true; readonly criterion: LoadedCriterion }
  | { readonly ok: false; readonly faults: readonly FieldError[] };

/** A type of criterion whose params only its own file knows the shape of. */
export interface Kind {
  readonly type: CriterionType;
  readonly badgeTypes: readonly (1 | 2)[];
  load(row: CriterionRow, rows: readonly Param[], scope: Scope, known: Known): LoadResult;
  /** Every fault of the params, those included that only a look at what is stored can find. */
  faults(
    db: Database,
    rows: readonly Param[],
    scope: Scope,
    known: Known,
  ): Promise<readonly FieldError[]>;
}

export function kind<Params>(of: CriterionKind<Params>): Kind {
  return {
    type: of.type,
    badgeTypes: of.badgeTypes,
    load(row, rows, scope, known) {
      const read = of.read(rows, known);
      return read.ok ? { ok: true, criterion: loaded(of, row, scope, read.params) } : read;
    },
    async faults(db, rows, scope, known) {
      const read = of.read(rows, known);
      if (!read.ok) return read.faults;
      return (await of.check?.(db, scope, read.params)) ?? [];
    },
  };
}

function loaded<Params>(
  of: CriterionKind<Params>,
  row: CriterionRow,
  scope: Scope,
  params: Params,
): LoadedCriterion {
  return {
    id: row.id,
    type: of.type,
    method: row.method,
    touchedBy: of.touchedBy(params, scope),
    tallies: of.tallies?.(params) ?? [],
    words: (language) => said(of.words, { params, method: row.method }, language),
    counted: (language) => of.counted?.(params, language) ?? [],
    progress: (db, userId, at) => of.progress(db, scope, userId, params, at),
    everyone: (at, slice) => together(of.everyone(scope, params, at, slice), row.method),
    atThreshold(threshold) {
      const tiered = of.atThreshold?.(params, threshold) ?? null;
      return tiered && loaded(of, row, scope, tiered);
    },
  };
}

/** Those whom every one of the SELECTs names, or any of them; each names a person once. */
function together(selects: readonly SQL[], method: CriterionMethod): SQL {
  const [only] = selects;
  if (only !== undefined && selects.length === 1) return only;
  return sql.join([...selects], method === 1 ? sql` intersect ` : sql` union `);
}

/** A criterion whose rows say nothing that can be met, such as a metric that is no longer known. */
export function unmeetable(
  row: CriterionRow & { type: CriterionType },
  faults: readonly FieldError[],
): LoadedCriterion {
  return {
    ...row,
    touchedBy: [],
    tallies: [],
    words: (language) => unmeetableWords(faults, language),
    counted: () => [],
    progress: async () => [],
    everyone: () => sql`select null as user_id where false`,
    atThreshold: () => null,
  };
}

/** Whether a criterion is met by what its params come to. */
export function isMet(progress: readonly Progress[], method: CriterionMethod): boolean {
  return method === 1
    ? progress.length > 0 && progress.every(({ met }) => met)
    : progress.some(({ met }) => met);
}
