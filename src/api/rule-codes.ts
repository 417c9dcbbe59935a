// Gives faults in a field the code of the rule that the field is under.
import type { FaultCode } from "../fault-codes.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { Operation } from "./operation.ts";

/** Names of the first member of a pointer, and the code of the rule for all there is below it. */
export type RuleCodes = Readonly<Record<string, FaultCode>>;

/** Codes that say what is wrong with a value, but not which rule it breaks. */
const GENERIC: ReadonlySet<string> = new Set([
  "required",
  "wrong_type",
  "invalid_value",
  "invalid_type",
  "invalid_format",
  "invalid_union",
  "too_large",
  "too_small",
  "control_characters",
  "blank",
  "url_format",
  "unknown_field",
]);

/** The operation, with the schemas' own codes replaced by those of the rules, where there is one. */
export function underRules(operation: Operation, rules: RuleCodes): Operation {
  return {
    ...operation,
    async run(call) {
      try {
        return await operation.run(call);
      } catch (error) {
        throw error instanceof Problem && error.errors.length > 0 ? recoded(error, rules) : error;
      }
    },
  };
}

function recoded(problem: Problem, rules: RuleCodes): Problem {
  return new Problem(problem.code, problem.message, {
    errors: problem.errors.map((error) => withRule(error, rules)),
    headers: problem.headers,
    fix: problem.fix,
    cause: problem.cause,
  });
}

/** The fault with the code of the rule that its field is under, where its own says little. */
export function withRule(error: FieldError, rules: RuleCodes): FieldError {
  const field = error.pointer?.split("/")[1] ?? "";
  const code = Object.hasOwn(rules, field) ? rules[field] : undefined;
  return code !== undefined && GENERIC.has(error.code) ? { ...error, code } : error;
}
