// Metrics that must reach a threshold: counters, sums, streaks of days or weeks, states; within a window or ever.
import type { FieldError } from "../../problem.ts";
import { secondsIn } from "../duration.ts";
import { type Known, kind, type Tally } from "./kind.ts";
import { metricProgress, whoMeets } from "./metric-reads.ts";
import { type Keyed, keyed, paramFault, thresholdFault, thresholdOf } from "./params.ts";
import { type InEach, listed, said } from "./wording.ts";

/** Where the answer is read: events counted or added up, the longest run of days or weeks, an interval. */
export type Measure = "count" | "sum" | "days" | "weeks" | "state";

export interface MetricAsked {
  readonly param: string;
  readonly measure: Measure;
  /** What is counted: of a streak, what makes a day count. */
  readonly metric: string;
  /** Of what is counted, for people. */
  readonly label: InEach<string>;
  /** In whole units. */
  readonly threshold: number;
  /** The last so many days, today among them; null for ever. */
  readonly days: number | null;
}

const DAY_SECONDS = 86_400;
/** A day or week with an event of it counts for a streak. */
const STREAK_OF = "activity_count";
const STREAKS: Readonly<Record<string, Measure>> = { streak_days: "days", streak_weeks: "weeks" };
/** The streak whose unit is a param of its own. */
const STREAK_LENGTH = "streak_length";
const UNITS: Readonly<Record<string, Measure>> = { day: "days", week: "weeks" };
const MAX_NAMED = 30;

export const metric = kind<readonly MetricAsked[]>({
  type: "metric",
  badgeTypes: [1, 2],
  read(rows, known) {
    const { entries, faults } = keyed(rows, ["metric", "window", "unit"]);
    const found = [...faults, ...entries.flatMap((entry) => faultsOf(entry, known))];
    if (found.length > 0) return { ok: false, faults: found };
    return { ok: true, params: entries.map((entry) => asked(entry, known)) };
  },
  touchedBy: (params) => [
    ...new Set(
      params.map(({ measure, metric: name }) =>
        measure === "state" ? `state:${name}` : `metric:${name}`,
      ),
    ),
  ],
  tallies: (params) =>
    params.flatMap((each) => {
      const others = params.filter(({ metric: name }) => name === each.metric);
      const tally = tallyOf(each);
      return tally !== null && others.length === 1 ? [tally] : [];
    }),
  progress: (db, scope, userId, params, at) =>
    Promise.all(params.map((each) => metricProgress(db, scope, userId, each, at))),
  everyone: (scope, params, at, slice) => params.map((each) => whoMeets(scope, each, at, slice)),
  words: {
    en: ({ params, method }) => listed(params.map(english), method, "en"),
    de: ({ params, method }) => listed(params.map(german), method, "de"),
  },
  counted: (params, language) => params.map((each) => said(COUNTED, each, language)),
  atThreshold(params, threshold) {
    const [only] = params;
    if (only === undefined || params.length > 1 || only.measure === "state") return null;
    return [{ ...only, threshold }];
  },
});

/** Null where days, a window or an interval are asked for. */
function tallyOf({ metric, measure, threshold, days }: MetricAsked): Tally | null {
  const isTotal = days === null && (measure === "count" || measure === "sum");
  return isTotal ? { metric, measure, threshold } : null;
}

/** Names that metrics of the organization's own cannot have. */
export function isStreak(name: string): boolean {
  return name === STREAK_LENGTH || Object.hasOwn(STREAKS, name);
}

/** Null for a metric that nobody counts, or a streak without a unit it can have. */
function measureOf({ key, values }: Keyed, known: Known): Measure | null {
  if (key === STREAK_LENGTH) return UNITS[values.unit ?? ""] ?? null;
  if (isStreak(key)) return STREAKS[key] ?? null;
  return known.metrics.get(key)?.kind ?? null;
}

function asked(entry: Keyed, known: Known): MetricAsked {
  const { key, values } = entry;
  const measure = measureOf(entry, known) ?? "count";
  const metricName = isStreak(key) ? STREAK_OF : key;
  return {
    param: `metric_${key}`,
    measure,
    metric: metricName,
    label: known.metrics.get(metricName)?.label ?? { en: metricName, de: metricName },
    threshold: thresholdOf(values.metric ?? "") ?? 1,
    days: daysIn(values.window ?? ""),
  };
}

/** Days in a duration of whole years (365), months (30), weeks and days; null for anything else. */
export function daysIn(duration: string): number | null {
  const seconds = duration.includes("T") ? null : secondsIn(duration);
  return seconds === null || seconds < DAY_SECONDS ? null : seconds / DAY_SECONDS;
}

function faultsOf(entry: Keyed, known: Known): FieldError[] {
  const { key, values } = entry;
  const { metric: threshold, window, unit } = values;
  if (!isStreak(key) && !known.metrics.has(key)) return [unknownMetric(key, known)];
  const faults: FieldError[] = [];
  if (threshold !== undefined && thresholdOf(threshold) === null) {
    faults.push(thresholdFault(`metric_${key}`));
  }
  if (key === STREAK_LENGTH ? measureOf(entry, known) === null : unit !== undefined) {
    faults.push(unitFault(key));
  }
  const isState = measureOf(entry, known) === "state";
  if (isState && threshold !== undefined && threshold !== "1")
    faults.push(stateFault(`metric_${key}`));
  if (isState && window !== undefined) faults.push(stateFault(`window_${key}`));
  if (!isState && window !== undefined && daysIn(window) === null) {
    faults.push(
      paramFault(
        `window_${key}`,
        "window_is_a_duration",
        "This must be an ISO 8601 duration of days, weeks, months or years.",
        "Send a duration such as P30D or P12W.",
      ),
    );
  }
  return faults;
}

function unknownMetric(key: string, known: Known): FieldError {
  const names = [...known.metrics.keys(), ...Object.keys(STREAKS), STREAK_LENGTH].sort();
  const more = names.length > MAX_NAMED ? ", …" : "";
  return paramFault(
    `metric_${key}`,
    "metric_must_be_known",
    `Nobody counts a metric ${key.slice(0, 64)}.`,
    `Use one of ${names.slice(0, MAX_NAMED).join(", ")}${more}, or register the metric first.`,
  );
}

function unitFault(key: string): FieldError {
  return key === STREAK_LENGTH
    ? paramFault(
        `unit_${key}`,
        "unit_day_or_week",
        "The unit of a streak is day or week.",
        "Send day or week.",
      )
    : paramFault(
        `unit_${key}`,
        "unit_day_or_week",
        `Only ${STREAK_LENGTH} has a unit.`,
        "Leave this out.",
      );
}

function stateFault(name: string): FieldError {
  return paramFault(
    name,
    "state_holds_or_not",
    "A state holds or does not: its threshold is 1, and it has no window.",
    name.startsWith("metric") ? "Send 1." : "Leave this out.",
  );
}

function english({ measure, label, threshold, days }: MetricAsked): string {
  switch (measure) {
    case "state":
      return label.en;
    case "days":
    case "weeks":
      return `${label.en} in ${plural(threshold, measure === "days" ? "day" : "week")} in a row${lately(days)}`;
    case "count":
    case "sum":
      return `${label.en}: at least ${threshold}${lately(days)}`;
  }
}

function lately(days: number | null): string {
  return days === null ? "" : ` in the last ${plural(days, "day")}`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function german({ measure, label, threshold, days }: MetricAsked): string {
  const isOne = threshold === 1;
  switch (measure) {
    case "state":
      return label.de;
    case "days":
      return `${label.de} an ${threshold} ${isOne ? "Tag" : "Tagen"} in Folge${zuletzt(days)}`;
    case "weeks":
      return `${label.de} in ${threshold} ${isOne ? "Woche" : "Wochen"} in Folge${zuletzt(days)}`;
    case "count":
    case "sum":
      return `${label.de}: mindestens ${threshold}${zuletzt(days)}`;
  }
}

function zuletzt(days: number | null): string {
  if (days === null) return "";
  return days === 1 ? " am letzten Tag" : ` in den letzten ${days} Tagen`;
}

const STREAK_LABELS: Readonly<Partial<Record<Measure, InEach<string>>>> = {
  days: { en: "Days in a row with an activity", de: "Tage in Folge mit einer Aktivität" },
  weeks: { en: "Weeks in a row with an activity", de: "Wochen in Folge mit einer Aktivität" },
};

/** As `Hours of activity in the last 30 days`. */
const COUNTED: InEach<(asked: MetricAsked) => string> = {
  en: ({ measure, label, days }) => `${(STREAK_LABELS[measure] ?? label).en}${lately(days)}`,
  de: ({ measure, label, days }) => `${(STREAK_LABELS[measure] ?? label).de}${zuletzt(days)}`,
};
