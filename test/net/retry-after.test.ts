import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LONGEST_WAIT_MS, retryAfter } from "../../src/net/retry-after.ts";

const NOW = Date.UTC(2026, 9, 4, 14, 2, 0);
const http = (time: number) => new Date(time).toUTCString();

describe("Retry-After", () => {
  it.each([
    ["120", NOW + 120_000],
    [" 0 ", NOW],
    [http(NOW + 5_000), NOW + 5_000],
    [http(NOW - 5_000), NOW],
    ["99999999999", NOW + LONGEST_WAIT_MS],
  ])("%s", (value, at) => {
    expect(retryAfter(value, NOW)).toBe(at);
  });

  it("is reckoned by the clock of who sent it", () => {
    const theirs = NOW - 3_600_000;
    expect(retryAfter(http(theirs + 5_000), NOW, http(theirs))).toBe(NOW + 5_000);
    expect(retryAfter("5", NOW, http(theirs))).toBe(NOW + 5_000);
    expect(retryAfter("5", NOW, "yesterday")).toBe(NOW + 5_000);
  });

  it.each([null, undefined, "", "soon", "-5", "1.5"])("says nothing: %s", (value) => {
    expect(retryAfter(value, NOW)).toBeNull();
  });

  it("is never past nor too far", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const at = retryAfter(value, NOW);
        expect(at === null || (at >= NOW && at <= NOW + LONGEST_WAIT_MS)).toBe(true);
      }),
    );
  });
});
