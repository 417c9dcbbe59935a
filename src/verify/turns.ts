// Who may have a badge verified now: so many at once in a process, so many in line, and a share for each caller.
import { Problem } from "../problem.ts";

/** Verifications under way in one process: each may hold a few connections and megabytes. */
export const MAX_AT_ONCE = 16;
/** Those that wait; each that is under way ends within its own deadline, so the line moves. */
export const MAX_IN_LINE = 64;
/** Of one caller, under way and in line together. */
export const MAX_PER_CALLER = 8;

/** What is waited before asking again makes sense, in seconds. */
const RETRY_AFTER = 5;

export interface Turns {
  /**
   * Runs the work when it is its turn, in the order of asking. A caller of null has no share of its
   * own. Throws a refusal at once where the line or the share is full.
   */
  take<T>(caller: string | null, work: () => Promise<T>): Promise<T>;
}

export interface TurnRules {
  /** Under way in one process. */
  readonly atOnce: number;
  /** Waiting for their turn. */
  readonly inLine: number;
  /** Of one caller, under way and in line together. */
  readonly perCaller: number;
  /** What is thrown, by what is full. */
  readonly refusal: (full: "share" | "line") => Error;
}

/** Throws a `too-many-verifications` Problem. */
const FOR_ANYBODY: TurnRules = {
  atOnce: MAX_AT_ONCE,
  inLine: MAX_IN_LINE,
  perCaller: MAX_PER_CALLER,
  refusal: (full) =>
    tooMany(
      full === "share"
        ? "Too many of your verifications are under way."
        : "Too many verifications are under way.",
    ),
};

/** Turns of their own; nothing is counted together with any others. */
export function createTurns(rules: TurnRules = FOR_ANYBODY): Turns {
  const { atOnce, inLine, perCaller, refusal } = rules;
  const line: (() => void)[] = [];
  const shares = new Map<string, number>();
  let underWay = 0;
  const enter = async () => {
    if (underWay < atOnce) underWay++;
    // Whoever leaves hands its place on, so the number under way stays as it is.
    else await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = () => {
    const next = line.shift();
    if (next) next();
    else underWay--;
  };
  return {
    async take(caller, work) {
      const share = caller === null ? 0 : (shares.get(caller) ?? 0);
      if (share >= perCaller) throw refusal("share");
      if (underWay >= atOnce && line.length >= inLine) throw refusal("line");
      if (caller !== null) shares.set(caller, share + 1);
      try {
        await enter();
        try {
          return await work();
        } finally {
          leave();
        }
      } finally {
        if (caller !== null) giveBack(shares, caller);
      }
    },
  };
}

function giveBack(shares: Map<string, number>, caller: string): void {
  const left = (shares.get(caller) ?? 1) - 1;
  if (left > 0) shares.set(caller, left);
  else shares.delete(caller);
}

function tooMany(detail: string): Problem {
  return new Problem("too-many-verifications", detail, {
    headers: { "retry-after": String(RETRY_AFTER) },
  });
}

/** One line for the whole process: its pages and its API share machine and connections. */
export const TURNS: Turns = createTurns();
