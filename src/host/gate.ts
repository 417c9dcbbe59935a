// Lets so many through at once, and so many wait: nothing that is sent in makes a process do more.
import { Refusal } from "./envelope.ts";

/** Badges under verification in one process: each may hold a few connections and megabytes. */
export const MAX_AT_ONCE = 4;
/** Those that wait; each that is under way ends within its own deadline. */
export const MAX_IN_LINE = 64;
/** Seconds; the line has moved by then. */
const RETRY_AFTER = "5";

export interface Gate {
  /** Runs the work when there is room, in the order of asking. Throws a 429 Refusal where the line is full. */
  pass<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  const line: (() => void)[] = [];
  let inside = 0;
  return {
    async pass(work) {
      if (inside >= MAX_AT_ONCE) {
        if (line.length >= MAX_IN_LINE) {
          const words = "Too many badges are being verified just now. Send this one again later.";
          throw new Refusal(429, null, words, { "retry-after": RETRY_AFTER });
        }
        // Whoever leaves hands its place on, so the number inside stays as it is.
        await new Promise<void>((resolve) => line.push(resolve));
      } else inside++;
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next) next();
        else inside--;
      }
    },
  };
}
