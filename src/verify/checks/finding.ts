// One thing a check found, before it is dated.

import type { Refusal } from "../parse.ts";
import type { CheckId, Evidence, Outcome, Reason } from "../result.ts";

export interface Finding {
  readonly id: CheckId;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly words: string;
  readonly evidence: Evidence;
}

export function passed(id: CheckId, words: string, evidence?: Evidence): Finding {
  return finding(id, "passed", null, words, evidence);
}

export function failed(id: CheckId, reason: Reason, words: string, evidence?: Evidence): Finding {
  return finding(id, "failed", reason, words, evidence);
}

export function warned(id: CheckId, reason: Reason, words: string, evidence?: Evidence): Finding {
  return finding(id, "warned", reason, words, evidence);
}

export function notPossible(
  id: CheckId,
  reason: Reason,
  words: string,
  evidence?: Evidence,
): Finding {
  return finding(id, "not-possible", reason, words, evidence);
}

/** Whether this leaves what it is about anything less than sound. */
export const isDoubt = ({ outcome }: Finding): boolean =>
  outcome === "failed" || outcome === "not-possible";

function finding(
  id: CheckId,
  outcome: Outcome,
  reason: Reason | null,
  words: string,
  evidence?: Evidence,
): Finding {
  return { id, outcome, reason, words, evidence: evidence ? said(evidence) : NO_EVIDENCE };
}

const NO_EVIDENCE: Evidence = {};

/** Without the members that say nothing, so that the answer is the same before and after JSON. */
function said(evidence: Evidence): Evidence {
  let silent = false;
  for (const name in evidence) silent ||= evidence[name as keyof Evidence] === undefined;
  if (!silent) return evidence;
  return Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== undefined));
}

/** What could not be had: the badge's own fault, or nobody's that can be known. */
export function refused(id: CheckId, refusal: Refusal, evidence: Evidence = {}): Finding {
  // Gone means revoked for the badge itself; for anything else it is one more bad status.
  if (refusal.reason === "revoked") {
    return notPossible(
      id,
      "status-refused",
      `${refusal.words} What rests on it cannot be checked.`,
      evidence,
    );
  }
  return refusal.definite
    ? failed(id, refusal.reason, refusal.words, evidence)
    : notPossible(id, refusal.reason, refusal.words, evidence);
}
