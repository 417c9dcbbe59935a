// A process that dies at any moment of a push: at every write, read and request on its way, and just after each.
import { describe, expect, it } from "vitest";
import { drain } from "../../src/jobs/drain.ts";
import { mortal } from "../mortal.ts";
import { HOUR_MS, PUSHING, pushWorld } from "./push-world.ts";

async function diesAt(fatal: number, when: "before" | "after") {
  const world = await pushWorld({ awards: 5, shared: true });
  // The worst of hosts: each post is another badge to see.
  world.host.doubles = true;
  const { env, died, steps } = mortal(world.env, fatal, when);
  await Promise.race([drain(env, PUSHING, { limit: 99, concurrency: 1 }), died]);
  const reached = steps() >= fatal;
  await world.pass(HOUR_MS);
  return { world, reached };
}

describe("crash after remote push, before record", () => {
  it.each(["before", "after"] as const)(
    "a process that dies %s any of its steps: nothing is missing, nothing is seen twice",
    async (when) => {
      const broken: string[] = [];
      let fatal = 0;
      for (;;) {
        const { world, reached } = await diesAt(++fatal, when);
        const shown = world.host.shown();
        const states = new Set((await world.rows()).map(({ state }) => state));
        if (shown.length !== 5 || new Set(shown).size !== 5 || states.size !== 1) {
          broken.push(`${when} step ${fatal}: ${shown.length} shown, ${[...states].join(", ")}`);
        }
        await world.test.close();
        if (!reached) break;
      }
      expect(broken).toEqual([]);
      // Of two groups the due rows, the claim, a document and a request for each, the record.
      expect(fatal).toBeGreaterThan(15);
    },
    120_000,
  );
});
