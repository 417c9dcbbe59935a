// Lets so many through at once, and so many wait: nothing that is sent in makes a process do more.
import { Refusal } from "./envelope.ts";

/** Badges under verification in one process: each may hold a few connections and megabytes. */
export const MAX_AT_ONCE = 8;
/** Those that wait; each that is under way ends within its own deadline, so the line moves. */
export const MAX_IN_LINE = 64;
/** Of one person, under way and in line together: slow issuers of theirs hold up nobody else. */
export const MAX_PER_PERSON = 4;
/** Seconds; the line has moved by then. */
const RETRY_AFTER = "5";

export interface Gate {
  /**
   * Runs the work when there is room, in the order of asking. Throws a 429 Refusal where the line or
   * the person's share is full.
   */
  pass<T>(userId: string, work: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  const line: (() => void)[] = [];
  const shares = new Map<string, number>();
  let inside = 0;
  const enter = async () => {
    if (inside < MAX_AT_ONCE) inside++;
    // Whoever leaves hands its place on, so the number inside stays as it is.
    else await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = () => {
    const next = line.shift();
    if (next) next();
    else inside--;
  };
  return {
    async pass(userId, work) {
      const share = shares.get(userId) ?? 0;
      if (share >= MAX_PER_PERSON || (inside >= MAX_AT_ONCE && line.length >= MAX_IN_LINE)) {
        const words = "Too many badges are being verified just now. Send this one again later.";
        throw new Refusal(429, null, words, { "retry-after": RETRY_AFTER });
      }
      shares.set(userId, share + 1);
      try {
        await enter();
        try {
          return await work();
        } finally {
          leave();
        }
      } finally {
        const left = (shares.get(userId) ?? 1) - 1;
        if (left > 0) shares.set(userId, left);
        else shares.delete(userId);
      }
    },
  };
}
