// A deed that reads, decides and commits by itself, done anew where others changed what it had read.
import { Problem } from "./problem.ts";

/** Each time somebody else was faster; whoever loses as often meets more than bad luck. */
const MAX_ATTEMPTS = 8;

interface GivingUp {
  /** After so many refusals; 8 where it is not given. */
  readonly attempts?: number;
  /** What the caller hears then. */
  readonly words?: string;
}

/**
 * Does a deed that reads, decides and writes, from its reading on once more where `isOvertaken` is
 * true of what it rejects with. Throws an `edit-conflict` Problem after that many refusals; any other
 * rejection is passed on.
 */
export async function anew<Done>(
  deed: () => Promise<Done>,
  isOvertaken: (error: unknown) => boolean,
  {
    attempts = MAX_ATTEMPTS,
    words = "Others kept changing the same while this was done.",
  }: GivingUp = {},
): Promise<Done> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await deed();
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  throw new Problem("edit-conflict", words);
}
