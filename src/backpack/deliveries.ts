// Parked deliveries, put on their way again by a person.
import { replay, WAKEABLE } from "../db/deliveries-plan.ts";
import type { Env } from "../env.ts";
import { woken } from "./ledger.ts";

/** One that was parked or refused is tried again now; false where there is none such. */
export async function replayDelivery(env: Env, deliveryId: string): Promise<boolean> {
  const [replayed] = await env.db.batch([
    replay(env.now(), { id: deliveryId }),
    woken(env, WAKEABLE.delivery(deliveryId)),
  ]);
  return replayed?.rowsAffected === 1;
}

/** Every parked one, of one backpack or of all, is tried again now; returns how many. */
export async function replayParked(
  env: Env,
  { backpackId = null }: { readonly backpackId?: string | null } = {},
): Promise<number> {
  const now = env.now();
  const [replayed] = await env.db.batch([
    replay(now, { backpackId }),
    // Those beyond the first are found by the sweep.
    woken(env, WAKEABLE.due(now)),
  ]);
  return replayed?.rowsAffected ?? 0;
}
