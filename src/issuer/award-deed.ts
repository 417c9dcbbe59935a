// What the holder of an award does with it: theirs to do, also where its organization has suspended them.
import { type Award, findAwardById } from "../db/awards.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import { isOvertaken } from "../issuer/audit.ts";
import type { Decision } from "../issuer/badge.ts";
import { Problem } from "../problem.ts";

/** How often it is decided anew when somebody else has changed the award meanwhile. */
const MAX_ATTEMPTS = 5;

/**
 * Decides and writes, anew where the award was changed in between; whose award it is was asked before.
 * Throws the Problems of `decide`, and `edit-conflict`.
 */
export async function doWithOwn(
  env: Env,
  awardId: string,
  decide: (award: Award) => Promise<Decision<Award>>,
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const award = await findAwardById(env.db, awardId);
    if (award === null) throw new Problem("not-found", "You hold no such badge.");
    const { writes } = await decide(award);
    if (writes.length === 0) return;
    try {
      await env.db.batch([...writes]);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || !isOvertaken(error)) throw error;
    }
  }
  throw new Problem("edit-conflict", "Others kept changing the award while this was done with it.");
}
