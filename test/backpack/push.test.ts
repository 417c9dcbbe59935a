// The way of one badge to one backpack: what is written before, between and after.
import { describe, expect, it } from "vitest";
import { pushWorld } from "./push-world.ts";

describe("a push", () => {
  it("brings what the person has to the backpack, and writes down that it is there", async () => {
    const world = await pushWorld({ awards: 9 });
    await world.work();
    expect(new Set(world.host.shown()).size).toBe(9);
    const rows = await world.rows();
    expect(rows.map(({ state }) => state)).toEqual(Array(9).fill("delivered"));
    expect(rows[0]).toMatchObject({
      delivered_revision: 1,
      attempts: 0,
      next_try_at: null,
      lease_until: null,
      last_problem: null,
      delivered_at: world.env.now(),
    });
    expect(await world.events()).toEqual(Array(9).fill("delivered"));
  });
});
