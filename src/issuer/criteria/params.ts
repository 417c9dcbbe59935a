// Reads the rows of a criterion: names of a prefix and a key, as `metric_activity_count`, with a value each.
import type { FaultCode } from "../../fault-codes.ts";
import type { FieldError } from "../../problem.ts";
import type { Param, ReadParams } from "./kind.ts";

/** A name or a value, in UTF-16 units. */
export const MAX_PARAM = 255;
/** A criterion with more params than anyone would list by hand is a mistake. */
export const MAX_PARAMS = 100;
/** Quantities are stored in thousandths, and so stay exact. */
export const MAX_THRESHOLD = 1_000_000_000_000;

/** What rows say of one thing: its key, and the value under each prefix that was given. */
export interface Keyed {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface KeyedParams {
  /** In the order in which the rows first name them. */
  readonly entries: readonly Keyed[];
  readonly faults: readonly FieldError[];
}

const CONTROL = /\p{Cc}/u;

/**
 * Groups rows by their key. The first prefix must be there for each key; what a type does not know
 * is a fault. Rows without a value count as not there.
 */
export function keyed(
  rows: readonly Param[],
  prefixes: readonly [string, ...string[]],
): KeyedParams {
  const given = rows.filter(({ value }) => value.trim() !== "");
  const entries = new Map<string, Record<string, string>>();
  const faults: FieldError[] = [];
  for (const { name, value } of given) {
    const prefix = prefixes.find((each) => name.startsWith(`${each}_`));
    const key = name.slice((prefix?.length ?? 0) + 1);
    const fault = rowFault(name, value, prefixes, prefix === undefined || key === "");
    if (fault !== null) {
      faults.push(fault);
      continue;
    }
    const entry = entries.get(key) ?? {};
    if (prefix !== undefined) entry[prefix] = value.trim();
    entries.set(key, entry);
  }
  const [main] = prefixes;
  for (const [key, values] of entries) {
    if (values[main] !== undefined) continue;
    const name = `${Object.keys(values)[0]}_${key}`;
    faults.push(
      paramFault(
        name,
        "param_of_nothing",
        `There is no ${main}_${key} for this to go with.`,
        `Add ${main}_${key}, or leave this out.`,
      ),
    );
  }
  if (faults.length === 0) faults.push(...countFaults(entries.size, main));
  return { entries: [...entries].map(([key, values]) => ({ key, values })), faults };
}

function rowFault(
  name: string,
  value: string,
  prefixes: readonly string[],
  unknown: boolean,
): FieldError | null {
  if (unknown) {
    const names = prefixes.map((prefix) => `${prefix}_…`).join(", ");
    return paramFault(
      name,
      "param_unknown",
      `A criterion of this type takes ${names}.`,
      "Correct the name, or leave this out.",
    );
  }
  if (name.length > MAX_PARAM || value.length > MAX_PARAM || CONTROL.test(name + value)) {
    return paramFault(
      name,
      "param_value_bounded",
      `A param's name and value are lines of at most ${MAX_PARAM} characters each.`,
      "Shorten it, and remove line breaks.",
    );
  }
  return null;
}

function countFaults(count: number, main: string): FieldError[] {
  if (count > 0 && count <= MAX_PARAMS) return [];
  const detail =
    count === 0
      ? "A criterion needs something to ask for."
      : `A criterion asks for at most ${MAX_PARAMS} things.`;
  const fix = count === 0 ? `Add ${main}_….` : "Ask for fewer.";
  return [{ pointer: "/params", code: "criterion_needs_params", detail, fix }];
}

/** A fault of one param, pointed at within its criterion (RFC 6901). */
export function paramFault(name: string, code: FaultCode, detail: string, fix: string): FieldError {
  const shown = name.slice(0, MAX_PARAM).replaceAll("~", "~0").replaceAll("/", "~1");
  return { pointer: `/params/${shown}`, code, detail, fix };
}

/** A whole number from 1; null for anything else, a fraction or a sign included. */
export function thresholdOf(text: string): number | null {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return number <= MAX_THRESHOLD ? number : null;
}

export function thresholdFault(name: string): FieldError {
  return paramFault(
    name,
    "criteria_value_positive_integer",
    `This must be a whole number from 1 to ${MAX_THRESHOLD}.`,
    "Send a number such as 12.",
  );
}

/** Of a param that only names something, `course_12`, the value is what it names. */
export function namesItself(entries: readonly Keyed[], prefix: string): FieldError[] {
  return entries.flatMap(({ key, values }) => {
    if (values[prefix] === undefined || values[prefix] === key) return [];
    const name = `${prefix}_${key}`;
    return [
      paramFault(
        name,
        "param_names_its_value",
        `The value of this must be ${key}.`,
        `Send ${key}.`,
      ),
    ];
  });
}

/** Params that only name things, all of one prefix: their keys. */
export function readNames(prefix: string) {
  return (rows: readonly Param[]): ReadParams<readonly string[]> => {
    const { entries, faults } = keyed(rows, [prefix]);
    const found = [...faults, ...namesItself(entries, prefix)];
    if (found.length > 0) return { ok: false, faults: found };
    return { ok: true, params: entries.map(({ key }) => key) };
  };
}
