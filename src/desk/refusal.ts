// What the API refused, as the failure of the page that asked it.
import { PROBLEMS, Problem, type ProblemCode } from "../problem.ts";
import type { ProblemDocument } from "../problem-document.ts";

/** To be thrown where a page has no better answer than the API's own. */
export function refusal({ code, detail, fix, errors = [] }: ProblemDocument): Problem {
  if (!isProblemCode(code)) return new Problem("internal-error", "The page could not be made.");
  return new Problem(code, detail, { fix, errors });
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
