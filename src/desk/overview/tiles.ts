// The tiles of the overview, each read by itself: one that cannot be read takes no other with it.
import {
  type Activity,
  type Count,
  countToDo,
  type FirstSteps,
  type Funnel,
  firstSteps,
  newestFunnel,
  recentActivity,
  TO_DO_KINDS,
  type ToDoKind,
} from "../../db/overview.ts";
import type { Env } from "../../env.ts";

export const ACTIVITY_SHOWN = 8;

/** What a tile shows; null where it could not be read. */
export type Tile<T> = T | null;

export interface Tiles {
  readonly toDo: readonly { readonly kind: ToDoKind; readonly count: Tile<Count> }[];
  readonly funnel: Tile<Funnel>;
  readonly activity: Tile<readonly Activity[]>;
  readonly steps: Tile<FirstSteps>;
}

export async function readTiles(env: Env, organizationId: string): Promise<Tiles> {
  const { db } = env;
  const now = env.now();
  const tile = <T>(name: string, read: () => Promise<T>) => alone(env, name, read);
  const [toDo, funnel, activity, steps] = await Promise.all([
    Promise.all(
      TO_DO_KINDS.map(async (kind) => ({
        kind,
        count: await tile(kind, () => countToDo(db, organizationId, kind, now)),
      })),
    ),
    tile("funnel", () => newestFunnel(db, organizationId)),
    tile("activity", () => recentActivity(db, organizationId, ACTIVITY_SHOWN)),
    tile("steps", () => firstSteps(db, organizationId)),
  ]);
  return { toDo, funnel, activity, steps };
}

async function alone<T>(env: Env, name: string, read: () => Promise<T>): Promise<Tile<T>> {
  try {
    return await read();
  } catch (error) {
    env.log.error("overview.tile_failed", {
      tile: name,
      error: error instanceof Error ? error.name : undefined,
    });
    return null;
  }
}
