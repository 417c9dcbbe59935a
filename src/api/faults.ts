// What a schema found wrong, in the words and pointers of our problems.
import { z } from "@hono/zod-openapi";
import type { FaultCode } from "../fault-codes.ts";
import { type FieldError, Problem } from "../problem.ts";

type Issue = z.core.$ZodIssue;

/** Where the value came from: faults in a body are pointed at, others are named. */
type Source = "body" | "params" | "query";

interface Inputs {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** A body of nothing but faults must not make an answer many times its size. */
const MAX_FAULTS = 50;
const MAX_NAME_SHOWN = 100;

/** A parameter nobody reads is a mistake worth hearing of. */
const NO_QUERY = z.strictObject({});

/**
 * Applies the schemas to the parts of a request. Parts without a schema come back
 * untouched, but for a query, which is then to be empty.
 * Throws a 422 Problem that names every fault at once, or the 404 for a path that cannot exist.
 */
export function parsed<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  schemas: { readonly params?: P; readonly query?: Q; readonly body?: B },
  inputs: Inputs,
): { params: z.output<P>; query: z.output<Q>; body: z.output<B> } {
  const errors: FieldError[] = [];
  const params = apply(schemas.params, inputs.params, "params", errors);
  // An id of the wrong form is as unknown as any other.
  if (errors.length > 0) throw new Problem("not-found", "There is nothing at this address.");
  const query = apply(schemas.query ?? NO_QUERY, inputs.query, "query", errors);
  const body = apply(schemas.body, inputs.body, "body", errors);
  if (errors.length > 0) throw invalid(errors);
  return { params: params as z.output<P>, query: query as z.output<Q>, body: body as z.output<B> };
}

/** The 422 Problem for values that break a rule; also for rules beyond the schemas. */
export function invalid(errors: readonly FieldError[]): Problem {
  const [first, ...rest] = errors;
  const others = rest.length === 0 ? "" : ` and ${rest.length} more`;
  const place = first?.pointer ?? first?.parameter ?? "";
  const where = place === "" ? "the body" : place;
  return new Problem(
    "invalid-request",
    `Not acceptable: ${where}${others}. ${first?.detail ?? ""}`,
    {
      errors,
    },
  );
}

/** A value of a body by itself, where faults of many are to be told together; `at` is its pointer. */
export function readAt<S extends z.ZodType>(
  schema: S,
  input: unknown,
  at: string,
):
  | { readonly ok: true; readonly value: z.output<S> }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const errors = result.error.issues
    .slice(0, MAX_FAULTS)
    .flatMap((issue) => describe(issue, "body", schema, input));
  return { ok: false, errors: errors.map((one) => ({ ...one, pointer: `${at}${one.pointer}` })) };
}

function apply(
  schema: z.ZodType | undefined,
  input: unknown,
  source: Source,
  errors: FieldError[],
): unknown {
  if (schema === undefined) return input;
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (errors.length >= MAX_FAULTS) break;
    errors.push(...describe(issue, source, schema, input));
  }
  return undefined;
}

/** RFC 6901: `~` is written `~0` and `/` is written `~1`. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

function describe(issue: Issue, source: Source, schema: z.ZodType, input: unknown): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    const known = namesAt(schema, issue.path);
    return issue.keys.slice(0, MAX_FAULTS).map((key) => ({
      // A name that long would only be sent back; the object it is in can be pointed at.
      ...placeOf(key.length > MAX_NAME_SHOWN ? issue.path : [...issue.path, key], source),
      ...unknownName(key, known, source),
    }));
  }
  return [{ ...placeOf(issue.path, source), ...wordsFor(issue, valueAt(input, issue.path)) }];
}

function placeOf(path: readonly PropertyKey[], source: Source): Partial<FieldError> {
  return source === "body" ? { pointer: pointerTo(path) } : { parameter: path.join(".") };
}

type Words = Pick<FieldError, "code" | "detail" | "fix">;

function unknownName(name: string, known: readonly string[], source: Source): Words {
  const kind = source === "body" ? "member" : "parameter";
  const meant = nearest(name, known);
  return {
    code: "unknown_field",
    detail: `There is no ${kind} of this name here.`,
    fix: meant === null ? `Leave it out.` : `Did you mean \`${meant}\`? Otherwise leave it out.`,
  };
}

function wordsFor(issue: Issue, value: unknown): Words {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? {
            code: "required",
            detail: "This must be given.",
            fix: `Add ${article(issue.expected)}.`,
          }
        : {
            code: "wrong_type",
            detail: `This must be ${article(issue.expected)}.`,
            fix: `Send ${article(issue.expected)}.`,
          };
    case "too_big":
      return bound("too_large", "at most", issue.maximum, issue.origin);
    case "too_small":
      return bound("too_small", "at least", issue.minimum, issue.origin);
    case "invalid_value": {
      const values = issue.values.map(String).join(", ");
      return {
        code: value === undefined ? "required" : "invalid_value",
        detail: `This must be ${issue.values.length === 1 ? "" : "one of "}${values}.`,
        fix: `Send ${issue.values.length === 1 ? values : `one of ${values}`}.`,
      };
    }
    case "custom":
      return customWords(issue);
    default:
      return { code: issue.code, detail: issue.message, fix: issue.message };
  }
}

function bound(code: FaultCode, comparison: string, limit: number | bigint, origin: string): Words {
  const unit = origin === "string" ? " characters" : origin === "array" ? " items" : "";
  if (comparison === "at least" && unit !== "" && Number(limit) === 1) {
    return { code, detail: "This must not be empty.", fix: "Fill it in." };
  }
  return {
    code,
    detail: `This must ${unit === "" ? "be" : "have"} ${comparison} ${limit}${unit}.`,
    fix: `Send ${comparison} ${limit}${unit}.`,
  };
}

/** Rules made with `rule` carry their own code and fix. */
function customWords(issue: Issue & { readonly params?: Record<string, unknown> }): Words {
  const { code, fix } = issue.params ?? {};
  return {
    // `rule` takes no other codes.
    code: typeof code === "string" ? (code as FaultCode) : "invalid_value",
    detail: issue.message,
    fix: typeof fix === "string" ? fix : issue.message,
  };
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

function article(expected: string): string {
  return ARTICLES[expected] ?? expected;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** The schema without what is wrapped around it: optional, nullable, default. */
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodDefault
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

/** The member names an object schema knows at a place; empty where that cannot be told. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let node: unknown = unwrapped(schema);
  for (const step of path) {
    if (node instanceof z.ZodObject) node = unwrapped(node.shape[String(step)]);
    else if (node instanceof z.ZodArray) node = unwrapped(node.element);
    else return [];
  }
  return node instanceof z.ZodObject ? Object.keys(node.shape) : [];
}

/** Names longer than this are not typing errors. */
const LONGEST_GUESS = 40;

/** The known name at most two edits away, if there is one. */
function nearest(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST_GUESS) return null;
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.min(2, candidate.length - 1))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? null;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
