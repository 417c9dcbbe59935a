// What becomes of a delivery after a try: the one place that says when it is tried again, and when not.
import type { HeldDelivery, Setback } from "../db/deliveries-send.ts";
import type { Env } from "../env.ts";
import type { Failure } from "./protocol.ts";
import type { DeliveryProblem } from "./words.ts";

/** A badge that still does not arrive so long after its first try waits for a person. */
export const GIVE_UP_MS = 72 * 3_600_000;

/**
 * Minutes before the second, third and any later try. OB21-Y-02 asks for half an hour, two more
 * times, and then to tell the user: the two tries before that spare people the wait where it was a
 * hiccup, and the many after it, up to GIVE_UP_MS, spare them a badge that is lost to an outage.
 */
const WAITS_MINUTES = [1, 5, 30] as const;
/** The failed try after which the person is told: the first, and the two more of OB21-Y-02. */
export const TOLD_AFTER = 5;
/** After the time that a host asked for, so that not all come back in the same moment. */
const SPREAD_MS = 5_000;
/** After which somebody who connected again meanwhile is served. */
export const SOON_MS = 1_000;

/** A number from 0 up to 1, from 16 bits of chance. */
export function chance(random: Env["random"]): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}

/** Milliseconds before the next try: never less than the table says, and up to half as much again. */
export function waitAfter(attempts: number, random: Env["random"]): number {
  const minutes = WAITS_MINUTES[attempts - 1] ?? WAITS_MINUTES[2];
  return Math.round(minutes * 60_000 * (1 + chance(random) / 2));
}

export interface Ending {
  readonly setback: Setback;
  /** What the person reads of it in the list of events; null where nothing is new. */
  readonly event: "refused" | "parked" | "delayed" | "scope_missing" | null;
}

/**
 * Decides about a try that did not deliver. `wasUnknown`: before it nobody knew whether the badge is
 * there, and this did not settle it.
 */
export function endingOf(
  row: HeldDelivery,
  failure: Failure,
  wasUnknown: boolean,
  { now, random }: Pick<Env, "now" | "random">,
): Ending {
  const answer = failure.words;
  const still = wasUnknown ? "unknown" : "pending";
  switch (failure.kind) {
    case "refused":
      return {
        setback: { state: "refused", nextTryAt: null, problem: failure.reason, answer },
        event: "refused",
      };
    case "unauthenticated":
      return {
        setback: waiting(still, "reconnect", answer),
        // Whoever noticed that the access is gone has told so.
        event: null,
      };
    case "forbidden":
      return {
        setback: { state: still, nextTryAt: null, problem: "scope_missing", answer },
        event: "scope_missing",
      };
    case "rate-limited":
      return later(row, still, "rate_limited", answer, failure.retryAt, { now, random });
    case "failed":
      if (failure.retryable) {
        return later(row, still, failure.code, answer, failure.retryAt, { now, random });
      }
      return {
        setback: { state: "parked", nextTryAt: null, problem: failure.code, answer },
        event: "parked",
      };
    case "unknown":
      return later(row, "unknown", failure.code, answer, failure.retryAt, { now, random });
  }
}

function waiting(
  state: "unknown" | "pending",
  problem: DeliveryProblem,
  answer: string | null,
): Setback {
  return { state, nextTryAt: null, problem, answer, unlessConnected: true };
}

function later(
  row: HeldDelivery,
  state: "unknown" | "pending",
  problem: DeliveryProblem,
  answer: string | null,
  asked: number | null,
  { now: clock, random }: Pick<Env, "now" | "random">,
): Ending {
  const now = clock();
  const end = row.first_attempt_at + GIVE_UP_MS;
  if (now >= end) {
    return { setback: { state: "parked", nextTryAt: null, problem, answer }, event: "parked" };
  }
  const own = now + waitAfter(row.attempts, random);
  const wanted = asked === null ? own : asked + Math.round(chance(random) * SPREAD_MS);
  // However long a host asks for, there is one more try before it is given up.
  const nextTryAt = Math.min(wanted, Math.max(end, own));
  return {
    setback: { state, nextTryAt, problem, answer },
    event: row.attempts === TOLD_AFTER ? "delayed" : null,
  };
}
