// What can go wrong for a caller: one table of RFC 9457 problem types, each with a page that says what to do.
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { FaultCode } from "./fault-codes.ts";
import { REQUEST_PROBLEMS } from "./problem-types.ts";
import { BADGE_PROBLEMS } from "./problem-types-badges.ts";

/** Codes are stable: callers decide by them. */
export const PROBLEMS = { ...REQUEST_PROBLEMS, ...BADGE_PROBLEMS };

export type ProblemCode = keyof typeof PROBLEMS;

/** One value that must change. `pointer` is an RFC 6901 JSON Pointer into the request's body. */
export interface FieldError {
  readonly pointer?: string;
  /** Name of the query or path parameter, where the value is not in the body. */
  readonly parameter?: string;
  /** A stable code of the rule, such as `name_non_empty_and_bounded`. */
  readonly code: FaultCode;
  readonly detail: string;
  readonly fix: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly fix?: string;
  /** Kept for the log, never shown. */
  readonly cause?: unknown;
}

/** Thrown anywhere while a request is answered; turned into the answer in one place. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: ContentfulStatusCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly fix: string;

  /** `detail` is shown to the caller: it names this occurrence, never another's data. */
  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    const type = PROBLEMS[code];
    this.code = code;
    this.status = type.status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.fix = options.fix ?? type.fix;
  }
}
