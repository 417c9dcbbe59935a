// Work that was given up, begun anew because somebody asked for it.
import { unpark } from "../db/jobs-look.ts";
import type { Env } from "../env.ts";
import { type Actor, audited } from "./audit.ts";

/** How many pieces of work are due again. */
export async function retryParked(env: Env, actor: Actor): Promise<number> {
  const entry = audited(env, {
    organizationId: null,
    actor,
    action: "job.retried",
    object: ["job", "parked"],
  });
  const [, , due] = await env.db.batch([entry, ...unpark(env.now())]);
  return due?.rowsAffected ?? 0;
}
