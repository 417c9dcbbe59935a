// Takes a backpack away with everything that hangs on it: each person's connection is ended first.
import type { Backpack } from "../db/backpacks.ts";
import { connectionsTo, findBackpack, listBackpacks, removal } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { Problem } from "../problem.ts";
import { disconnect } from "./connection.ts";
import { changeBackpack, type SiteFault, siteFault, unknownBackpack } from "./site.ts";
import { OPERATOR, type SiteActor, siteAudited } from "./site-audit.ts";

/** Connections ended at once; more of them go by a job, as many each time. */
export const ENDED_AT_ONCE = 20;

const KIND = "backpack.remove";

/**
 * Removes a backpack. Its connections end as if each person had ended theirs, with their tokens
 * revoked where the host answers. The primary one cannot be removed: somebody else's place would
 * silently become the one that everybody is offered first.
 */
export async function removeBackpack(
  env: Env,
  backpackId: string,
  actor: SiteActor = OPERATOR,
): Promise<{ readonly ok: true; readonly finished: boolean } | SiteFault> {
  const all = await listBackpacks(env.db);
  const backpack = all.find(({ id }) => id === backpackId);
  if (backpack === undefined) return unknownBackpack();
  if (backpackId === primaryOf(all)?.id) {
    return siteFault(
      "primary-stays",
      `${backpack.name} is the primary backpack.`,
      "Put another one first, then remove this one; or switch it off.",
      backpackId,
    );
  }
  // Nobody connects to it any more while the others are led out.
  await changeBackpack(env, backpackId, { isEnabled: false }, actor);
  if (await endSome(env, backpackId)) {
    await env.db.batch([
      ...removal(backpack),
      siteAudited(env, actor, "backpack.removed", backpackId),
    ]);
    return { ok: true, finished: true };
  }
  await env.db.batch([
    enqueue(env, {
      kind: KIND,
      dedupeKey: backpackId,
      payload: { backpack_id: backpackId, actor_kind: actor.kind, actor_id: actor.id },
    }),
  ]);
  return { ok: true, finished: false };
}

/** The first of those that are offered to everybody; one that a person added is never it. */
export function primaryOf(inOrder: readonly Backpack[]): Backpack | null {
  return inOrder.find(({ added_by_user_id: by }) => by === null) ?? null;
}

/** `backpack.remove`: goes on ending connections, and takes the backpack away after the last. */
export const removeHandler: Handler = async (env, job) => {
  const { backpack_id: backpackId, actor_kind: kind, actor_id: id } = job.payload;
  if (typeof backpackId !== "string") throw new JobFailure("malformed", { permanent: true });
  const backpack = await findBackpack(env.db, backpackId);
  // Somebody switched it on again: they want it.
  if (backpack === null || backpack.is_enabled) return [];
  if (!(await endSome(env, backpackId))) {
    return [enqueue(env, { kind: KIND, dedupeKey: backpackId, payload: job.payload })];
  }
  const actor: SiteActor = {
    kind: kind === "user" ? "user" : "operator",
    id: typeof id === "string" ? id : null,
  };
  return [...removal(backpack), siteAudited(env, actor, "backpack.removed", backpackId)];
};

/** True once nobody is connected any more. */
async function endSome(env: Env, backpackId: string): Promise<boolean> {
  const some = await connectionsTo(env.db, backpackId, ENDED_AT_ONCE + 1);
  for (const { id, user_id: userId } of some.slice(0, ENDED_AT_ONCE)) {
    try {
      await disconnect(env, userId, id);
    } catch (error) {
      // The person was faster.
      if (!(error instanceof Problem) || error.code !== "not-found") throw error;
    }
  }
  return some.length <= ENDED_AT_ONCE;
}
