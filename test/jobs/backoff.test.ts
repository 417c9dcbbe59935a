import fc from "fast-check";
import { expect, it } from "vitest";
import { waitBefore } from "../../src/jobs/backoff.ts";

const bytes =
  (high: number, low: number) =>
  (_length: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array([high, low]);

it.each([
  [1, 0, 0, 7_500],
  [1, 255, 255, 15_000],
  [1, 128, 0, 11_250],
  [2, 0, 0, 15_000],
  [3, 0, 0, 30_000],
  [11, 0, 0, 7_680_000],
  [12, 0, 0, 10_800_000],
  [1_000, 255, 255, 21_599_835],
])("after attempt %i, chance %i %i: %i ms", (attempts, high, low, wait) => {
  expect(waitBefore(attempts, bytes(high, low))).toBe(wait);
});

it("never waits less than half or more than all of what the attempt allows", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(255), fc.nat(255), (attempts, high, low) => {
      const wait = waitBefore(attempts, bytes(high, low));
      const most = Math.min(15_000 * 2 ** Math.max(0, attempts - 1), 21_600_000);
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most);
    }),
  );
});
