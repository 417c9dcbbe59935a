import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDateTime, parseLegacyDateTime } from "../../src/verify/documents/date-time.ts";

const NEW_YEAR = Date.UTC(2020, 0, 1);

describe("OB20-D-06 date and time", () => {
  it.each([
    ["2020-01-01T00:00Z", NEW_YEAR],
    ["2020-01-01T00:00:00Z", NEW_YEAR],
    ["2020-01-01T00:00:00+0000", NEW_YEAR],
    ["2020-01-01T05:30:00+05:30", NEW_YEAR],
    ["2019-12-31T19:00-05:00", NEW_YEAR],
    ["2020-01-01T00:00:00.123456Z", NEW_YEAR + 123],
    ["2020-01-01T00:00:00.5Z", NEW_YEAR + 500],
    ["2020-02-29T00:00:00Z", Date.UTC(2020, 1, 29)],
    ["2019-12-31T24:00:00Z", NEW_YEAR],
    ["2019-12-31T00:01-23:59", NEW_YEAR],
    ["0000-02-29T00:00:00Z", Date.parse("0000-02-29T00:00:00Z")],
    ["0001-01-01T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
  ])("%s", (text, instant) => {
    expect(parseDateTime(text)).toBe(instant);
  });

  it.each([
    "",
    "2020",
    "2020-01-01",
    "2020-01-01T00:00:00",
    "2020-01-01 00:00:00Z",
    "2020-13-01T00:00:00Z",
    "2020-02-30T00:00:00Z",
    "2019-02-29T00:00:00Z",
    "2020-01-01T24:00:00.001Z",
    "2020-01-01T24:00:01Z",
    "2020-01-01T00:00:00+24:00",
    "2020-01-01T00:00:00+05:60",
    "2020-01-01T00:60:00Z",
    "2020-01-01T00:00:60Z",
    "2020-01-01T25:00:00Z",
    "2020-01-01T00:61:00Z",
    "2020-01-01T00:00:61Z",
    "2020-01-01T00:00:00z",
    "2020-01-01T00Z",
    "20200101T000000Z",
    " 2020-01-01T00:00Z",
    "2020-01-01T00:00Z\n",
    "+2020-01-01T00:00Z",
    "2020-01-01T00:00:00+5:30",
    "1577836800",
  ])("refuses %j", (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  it("reads back what is printed, and never throws", () => {
    const days = fc.date({
      min: new Date("0001-01-01"),
      max: new Date("9999-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, (day) => {
        expect(parseDateTime(day.toISOString())).toBe(day.getTime());
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseDateTime(text) ?? 0).toEqual(expect.any(Number));
      }),
    );
  });

  it.each([
    [1_577_836_800, NEW_YEAR],
    ["1577836800", NEW_YEAR],
    ["2020-01-01", NEW_YEAR],
    ["2020-01-01T00:00:00", NEW_YEAR],
    ["2020-01-01T00:00:00Z", NEW_YEAR],
    [-1, null],
    [1.5, null],
    ["yesterday", null],
    ["2020-02-30", null],
  ])("1.x allowed %j", (value, instant) => {
    expect(parseLegacyDateTime(value)).toBe(instant);
  });
});
