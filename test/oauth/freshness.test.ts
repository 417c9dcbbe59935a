import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshUntil, LONGEST_FRESH_MS } from "../../src/oauth/freshness.ts";

const NOW = Date.UTC(2026, 9, 4, 14, 2, 0);
const http = (time: number) => new Date(time).toUTCString();

describe("OB21-M-11 how long a manifest is fresh", () => {
  it.each([
    ["max-age", { "cache-control": "max-age=600" }, 600_000],
    ["max-age among others", { "cache-control": "public, Max-Age=60, stale-if-error=9" }, 60_000],
    ["quoted max-age", { "cache-control": 'max-age="60"' }, 60_000],
    ["max-age less what it has aged", { "cache-control": "max-age=60", age: "20" }, 40_000],
    ["max-age before Expires", { "cache-control": "max-age=60", expires: http(NOW) }, 60_000],
    ["Expires", { expires: http(NOW + 90_000) }, 90_000],
    [
      "Expires by the sender's clock",
      { expires: http(NOW + 3_690_000), date: http(NOW + 3_600_000) },
      90_000,
    ],
    ["a lifetime beyond measure", { "cache-control": "max-age=99999999999" }, LONGEST_FRESH_MS],
  ])("%s", (_name, headers, lasts) => {
    expect(freshUntil(headers, NOW)).toBe(NOW + lasts);
  });

  it.each([
    ["no header", undefined],
    ["nothing that says so", { "cache-control": "public" }],
    ["no-store", { "cache-control": "no-store, max-age=600" }],
    ["no-cache", { "cache-control": "no-cache", expires: http(NOW + 90_000) }],
    ["no-cache for a field", { "cache-control": 'no-cache="set-cookie", max-age=60' }],
    ["max-age=0", { "cache-control": "max-age=0", expires: http(NOW + 90_000) }],
    ["max-age that is no number", { "cache-control": "max-age=soon" }],
    ["a negative max-age", { "cache-control": "max-age=-5" }],
    ["two that differ", { "cache-control": "max-age=60, max-age=90" }],
    ["older than its lifetime", { "cache-control": "max-age=60", age: "61" }],
    ["Expires: 0", { expires: "0" }],
    ["Expires in the past", { expires: http(NOW - 1_000) }],
  ])("asked again at once: %s", (_name, headers) => {
    expect(freshUntil(headers, NOW)).toBeNull();
  });

  it("never answers a time that is past or too far, whatever the headers hold", () => {
    const header = fc.oneof(fc.string(), fc.constantFrom("max-age=1", "no-store", http(NOW)));
    fc.assert(
      fc.property(header, header, header, header, (cache, expires, date, age) => {
        const until = freshUntil({ "cache-control": cache, expires, date, age }, NOW);
        expect(until === null || (until > NOW && until <= NOW + LONGEST_FRESH_MS)).toBe(true);
      }),
    );
  });
});
