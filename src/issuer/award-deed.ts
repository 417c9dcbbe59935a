// What is done with one award by whoever may: decided on what is stored now, anew where that was changed meanwhile.
import { anew } from "../anew.ts";
import { type Award, findAwardById } from "../db/awards.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { isOvertaken } from "./audit.ts";
import type { Decision } from "./badge.ts";

/** How often it is decided anew when somebody else has changed the award meanwhile. */
const MAX_ATTEMPTS = 5;

/**
 * Decides and writes, anew where the award was changed in between; who may do it was asked before.
 * Throws the Problems of `decide`, `not-found` and `edit-conflict`.
 */
export function doWithAward(
  env: Env,
  awardId: string,
  decide: (award: Award) => Promise<Pick<Decision<Award>, "writes">>,
): Promise<void> {
  const deed = async () => {
    const award = await findAwardById(env.db, awardId);
    if (award === null) throw new Problem("not-found", "There is no such award.");
    const { writes } = await decide(award);
    if (writes.length > 0) await env.db.batch([...writes]);
  };
  return anew(deed, isOvertaken, {
    attempts: MAX_ATTEMPTS,
    words: "Others kept changing the award while this was done with it.",
  });
}
