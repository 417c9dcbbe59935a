// Many badges at the command line: judged side by side, on every core where there are enough of them.
import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { partPath } from "../runtime/part-path.ts";
import type { Asker, Asking } from "./asker.ts";
import { inOrder, partsOf } from "./in-order.ts";
import { openThreads } from "./threads.ts";
import type { OpenAsker } from "./verifier.ts";
import { type Told, tellOne } from "./verify-one.ts";

/** Badges that are looked at together, on all threads: each may ask its host. */
const AT_ONCE = 4;
/** From so many badges on, threads save more time than they take to start and to warm up. */
export const MIN_FOR_THREADS = 5_000;
/** The main thread included. */
const MAX_THREADS = 4;
/** Badges handed to a thread together: fewer cost more on the way, more leave the last thread alone at the end. */
const PART = 16;

/** What a thread is started with. */
export interface ThreadWork {
  readonly asking: Asking;
  readonly json: boolean;
  readonly atOnce: number;
}

/** What is told of each, in the order given. Throws when a thread fails. */
export async function* toldInOrder(
  asker: OpenAsker,
  given: readonly string[],
  json: boolean,
): AsyncGenerator<Told> {
  const count = Math.min(availableParallelism(), MAX_THREADS);
  // Standard input is the main thread's alone.
  const few = given.length < MIN_FOR_THREADS || given.includes("-");
  if (few || count === 1 || asker.asking === null) {
    yield* inOrder(given, hands(asker, json, AT_ONCE));
    return;
  }
  const work: ThreadWork = { asking: asker.asking, json, atOnce: Math.floor(AT_ONCE / count) };
  const file = partPath("verify-thread", import.meta.url);
  const threads = openThreads<readonly string[], Told[]>(file, count - 1, work);
  try {
    const here = async (part: readonly string[]) => {
      const told = await tellPart(asker, part, work);
      // What the other threads said is heard between two parts.
      await turn();
      return told;
    };
    const parts = inOrder(partsOf(given, PART), [here, ...threads.hands]);
    for await (const told of parts) yield* told;
  } finally {
    await threads.close();
  }
}

export async function tellPart(
  asker: Asker,
  part: readonly string[],
  { json, atOnce }: Pick<ThreadWork, "json" | "atOnce">,
): Promise<Told[]> {
  const all: Told[] = [];
  for await (const told of inOrder(part, hands(asker, json, atOnce))) all.push(told);
  return all;
}

function hands(asker: Asker, json: boolean, count: number): ((given: string) => Promise<Told>)[] {
  return Array.from({ length: count }, () => (given: string) => tellOne(asker, given, json));
}
