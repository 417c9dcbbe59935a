// What came of a pull: a tagged result, a code that is kept, and words for the person.
import type { Failure } from "./protocol.ts";
import { HOST_WORDS, type Words } from "./words.ts";

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
      /** A sentence for the person. */
      readonly detail: string;
      /** Milliseconds since 1970; null where nobody said when, or trying again is vain. */
      readonly retryAt: number | null;
      /** It may go through by itself later. */
      readonly transient: boolean;
    };

export type PullFailure = Extract<PullResult, { ok: false }>;

/** By code: what happened, in words for the person whose backpack it is. */
export const PULL_WORDS: Readonly<Record<PullProblem | typeof MORE_THAN_READ, Words>> = {
  ...HOST_WORDS,
  gone: { words: "There is no connection to this backpack any more.", who: "you" },
  reconnect: {
    words: "The backpack no longer lets us in. Connect it again to see its badges.",
    who: "you",
  },
  switched_off: {
    words: "An administrator has switched this backpack off for now.",
    who: "administrator",
  },
  not_spoken: {
    words: "Badges cannot be read from a backpack of this kind yet.",
    who: "administrator",
  },
  not_allowed: {
    words: "The backpack does not let us see which badges it holds.",
    who: "you",
  },
  not_there: { words: "There is no backpack at this address any more.", who: "administrator" },
  refused: { words: "The backpack refused to list its badges.", who: "backpack" },
  [MORE_THAN_READ]: {
    words: "The backpack holds more badges than are read from it; the first of them are shown.",
    who: "nobody",
  },
};

const TRANSIENT: ReadonlySet<PullProblem> = new Set([
  "unreachable",
  "rate_limited",
  "host_error",
  "bad_answer",
  "busy",
]);

/** A problem with its words; `retryAt` in milliseconds since 1970. */
export function pullFailure(reason: PullProblem, retryAt: number | null = null): PullFailure {
  const transient = TRANSIENT.has(reason);
  return { ok: false, reason, detail: PULL_WORDS[reason].words, retryAt, transient };
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

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** What a pull found, in a sentence. */
export function pulledWords(result: Extract<PullResult, { ok: true }>): string {
  const { added, changed, gone, unchecked, more } = result;
  const parts = [
    added > 0 ? counted(added, "new badge", "new badges") : null,
    changed > 0 ? counted(changed, "has changed", "have changed") : null,
    gone > 0 ? counted(gone, "is not there any more", "are not there any more") : null,
    unchecked > 0 ? `${unchecked} could not be checked just now` : null,
  ].filter((part) => part !== null);
  const found = parts.length === 0 ? "Nothing is new." : `${parts.join(", ")}.`;
  return more ? `${found} ${PULL_WORDS[MORE_THAN_READ].words}` : found;
}
