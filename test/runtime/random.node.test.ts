import fc from "fast-check";
import { expect, it } from "vitest";
import { systemRandom } from "../../src/runtime/random.ts";

it("gives as many bytes as asked for, over the edge of a block and beyond its size", () => {
  const random = systemRandom();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000 }), (length) => random(length).length === length),
  );
});

it("never gives the same bytes twice", () => {
  const random = systemRandom();
  const seen = new Set(Array.from({ length: 2_000 }, () => random(16).join()));
  expect(seen.size).toBe(2_000);
});
