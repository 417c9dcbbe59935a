// ISO 8601 durations as seconds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secondsIn } from "../../src/issuer/duration.ts";

describe("secondsIn", () => {
  it.each([
    ["PT1S", 1],
    ["PT1M", 60],
    ["PT36H", 129_600],
    ["P1D", 86_400],
    ["P6W", 3_628_800],
    ["P1M", 2_592_000],
    ["P1Y", 31_536_000],
    ["P1Y2M3W4DT5H6M7S", 31_536_000 + 5_184_000 + 1_814_400 + 345_600 + 18_000 + 360 + 7],
    ["P0D", 0],
    ["PT00007S", 7],
  ])("%s is %i seconds", (text, seconds) => expect(secondsIn(text)).toBe(seconds));

  it.each([
    "",
    "P",
    "PT",
    "P1",
    "1Y",
    "p1y",
    "P1DT",
    "P-1D",
    "-P1D",
    "P1.5D",
    "P1D2Y",
    "P1H",
    "PT1D",
    " P1D",
    "P1D\n",
    "P１D",
    "P99999999999999999999Y",
    "P1Y/P2Y",
  ])("%j is none", (text) => expect(secondsIn(text)).toBeNull());

  it("any sum of whole units, and never anything but a safe whole number or null", () => {
    const unit = fc.nat({ max: 99_999 });
    fc.assert(
      fc.property(unit, unit, unit, unit, (days, hours, minutes, seconds) => {
        const sum = days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
        return secondsIn(`P${days}DT${hours}H${minutes}M${seconds}S`) === sum;
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^P?[0-9YMWDTHS.-]{0,20}$/), (text) => {
        const seconds = secondsIn(text);
        return seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0);
      }),
    );
  });
});
