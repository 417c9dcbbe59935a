// How many badges that apps put here are verified at once: nothing that is sent in makes a process do more.
import { createTurns, type Turns } from "../verify/turns.ts";
import { Refusal } from "./envelope.ts";

/** Badges under verification in one process: each may hold a few connections and megabytes. */
export const MAX_AT_ONCE = 8;
/** Those that wait; each that is under way ends within its own deadline, so the line moves. */
export const MAX_IN_LINE = 64;
/** Of one person, under way and in line together: slow issuers of theirs hold up nobody else. */
export const MAX_PER_PERSON = 4;
/** Seconds; the line has moved by then. */
const RETRY_AFTER = "5";

/** Turns by the person's id. Throws a 429 Refusal where the line or the person's share is full. */
export function createGate(): Turns {
  return createTurns({
    atOnce: MAX_AT_ONCE,
    inLine: MAX_IN_LINE,
    perCaller: MAX_PER_PERSON,
    refusal: () => {
      const words = "Too many badges are being verified just now. Send this one again later.";
      return new Refusal(429, null, words, { "retry-after": RETRY_AFTER });
    },
  });
}
