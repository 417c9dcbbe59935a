// A problem as the document that programs get of it (RFC 9457, section 3).
import { type FieldError, PROBLEMS, type Problem } from "./problem.ts";

/** The `application/problem+json` document (RFC 9457, section 3). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fix: string;
  readonly errors?: readonly FieldError[];
  readonly request_id: string;
}

/** What a caller gets of a problem; `typeUrl` is the page of its type. */
export function problemDocument(
  problem: Problem,
  typeUrl: string,
  requestId: string,
): ProblemDocument {
  return {
    type: typeUrl,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    fix: problem.fix,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    request_id: requestId,
  };
}
