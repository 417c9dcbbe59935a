// What came of a pull: a tagged result, a code that is kept, and who can act.
import type { Who } from "../oauth/words.ts";
import type { Failure } from "./protocol.ts";
import { HOST_WHO } from "./words.ts";

export type PullProblem =
  /** The connection is gone, or never was. */
  | "gone"
  /** The grant is gone: only the person can bring it back. */
  | "reconnect"
  | "switched_off"
  /** A protocol that is not spoken here. */
  | "not_spoken"
  /** The backpack does not let us read, or its protocol cannot. */
  | "not_allowed"
  | "unreachable"
  | "rate_limited"
  | "host_error"
  | "bad_answer"
  | "answer_too_large"
  | "redirected"
  | "not_there"
  | "refused"
  | "busy";

/** Everything went through, and there was more than is read. */
export const MORE_THAN_READ = "more_than_read";

export interface PullCounts {
  /** Badges that were listed, each once, without our own. */
  readonly listed: number;
  readonly added: number;
  /** Known before, and judged otherwise now. */
  readonly changed: number;
  /** Held here before, and not in the backpack any more. */
  readonly gone: number;
  /** Made out to an identity that the person has proven. */
  readonly theirs: number;
  /** Awards of ours that the backpack holds. */
  readonly ours: number;
  /** Could not be checked now. */
  readonly unchecked: number;
  /** Listed, and no badge in any form that could be recognised. */
  readonly unreadable: number;
}

export type PullResult =
  | ({
      readonly ok: true;
      /** The whole backpack was read, not only what is new. */
      readonly full: boolean;
      /** There was more than is read in one pull. */
      readonly more: boolean;
    } & PullCounts)
  | {
      readonly ok: false;
      readonly reason: PullProblem;
      /** Milliseconds since 1970; null where nobody said when, or trying again is vain. */
      readonly retryAt: number | null;
      /** It may go through by itself later. */
      readonly transient: boolean;
    };

export type PullFailure = Extract<PullResult, { ok: false }>;

/** Who can do something about it. */
export const PULL_WHO: Readonly<Record<PullProblem | typeof MORE_THAN_READ, Who>> = {
  ...HOST_WHO,
  gone: "you",
  reconnect: "you",
  switched_off: "administrator",
  not_spoken: "administrator",
  not_allowed: "you",
  not_there: "administrator",
  refused: "backpack",
  [MORE_THAN_READ]: "nobody",
};

const TRANSIENT: ReadonlySet<PullProblem> = new Set([
  "unreachable",
  "rate_limited",
  "host_error",
  "bad_answer",
  "busy",
]);

/** A problem; `retryAt` in milliseconds since 1970. */
export function pullFailure(reason: PullProblem, retryAt: number | null = null): PullFailure {
  const transient = TRANSIENT.has(reason);
  return { ok: false, reason, retryAt, transient };
}

/** A host that rests is not asked: what it rested for is still what hinders the pull. */
export function restingFailure(lastProblem: string | null, until: number): PullFailure {
  const known = [...TRANSIENT].find((problem) => problem === lastProblem);
  return pullFailure(known ?? "unreachable", until);
}

/** A protocol's failure, as a pull's. */
export function pullFailureOf(failure: Failure): PullFailure {
  switch (failure.kind) {
    case "unauthenticated":
      return pullFailure("reconnect");
    case "forbidden":
      return pullFailure("not_allowed");
    case "rate-limited":
      return pullFailure("rate_limited", failure.retryAt);
    case "refused":
      return pullFailure(failure.reason === "not_supported" ? "not_allowed" : "refused");
    default:
      return pullFailure(BY_CODE[failure.code], failure.retryAt);
  }
}

const BY_CODE = {
  unreachable: "unreachable",
  no_answer: "unreachable",
  host_error: "host_error",
  bad_answer: "bad_answer",
  answer_too_large: "answer_too_large",
  redirected: "redirected",
  not_there: "not_there",
  busy: "busy",
} as const satisfies Readonly<Record<Extract<Failure, { kind: "failed" }>["code"], PullProblem>>;
