// A deed that reads, decides and commits by itself, done anew where others changed what it had read.
import { Problem } from "./problem.ts";

/** Each time somebody else was faster; whoever loses as often meets more than bad luck. */
const MAX_ATTEMPTS = 8;

/**
 * Does a deed that reads, decides and writes, from its reading on once more where `isOvertaken` is
 * true of what it rejects with. Throws an `edit-conflict` Problem after 8 such refusals; any other
 * rejection is passed on.
 */
export async function anew<Done>(
  deed: () => Promise<Done>,
  isOvertaken: (error: unknown) => boolean,
): Promise<Done> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    try {
      return await deed();
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  throw new Problem("edit-conflict", "Others kept changing the same while this was done.");
}
