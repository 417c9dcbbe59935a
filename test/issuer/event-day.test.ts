// Days of events: what may be written, and which day it is where, over changes of the clocks.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_OFFSET_MINUTES, readMoment } from "../../src/issuer/event-day.ts";
import { dayIn, isTimeZone, timeZones, utcDay } from "../../src/time-zone.ts";

const DAY_MS = 86_400_000;
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

describe("readMoment", () => {
  it.each([
    ["2026-10-04T16:02:00+02:00", "2026-10-04T14:02:00Z", "2026-10-04"],
    ["2026-10-04T00:02:00+02:00", "2026-10-03T22:02:00Z", "2026-10-04"],
    ["2026-10-04T23:59:59.999-11:00", "2026-10-05T10:59:59.999Z", "2026-10-04"],
    ["2028-02-29T12:00:00+00:00", "2028-02-29T12:00:00Z", "2028-02-29"],
    ["2026-10-04T12:00:00+14:00", "2026-10-03T22:00:00Z", "2026-10-04"],
    ["2026-10-04T23:59:59.999999999+02:00", "2026-10-04T21:59:59.999Z", "2026-10-04"],
    ["0001-01-01T00:30:00+01:00", "0000-12-31T23:30:00Z", "0001-01-01"],
  ])("%s", (text, instant, date) => {
    const moment = { at: Date.parse(instant), day: dayOf(date) };
    expect(readMoment(text)).toEqual({ ok: true, moment });
  });

  it.each(["2026-10-04T14:02:00Z", "2026-10-04T14:02:00-00:00"])("%s says no place", (text) => {
    const moment = { at: Date.parse("2026-10-04T14:02:00Z"), day: null };
    expect(readMoment(text)).toEqual({ ok: true, moment });
  });

  it.each([
    ["", "time_format"],
    ["2026-10-04", "time_format"],
    ["2026-10-04T14:02Z", "time_format"],
    ["2026-10-04T14:02:00", "time_format"],
    ["2026-10-04 14:02:00Z", "time_format"],
    ["2026-10-04T14:02:00z", "time_format"],
    ["2026-10-04T24:00:00Z", "time_format"],
    ["2026-10-04T14:60:00Z", "time_format"],
    ["2026-12-31T23:59:60Z", "time_format"],
    ["2026-13-01T00:00:00Z", "time_format"],
    ["2026-00-01T00:00:00Z", "time_format"],
    ["2026-02-29T00:00:00Z", "time_format"],
    ["2026-04-31T00:00:00+02:00", "time_format"],
    ["+002026-10-04T14:02:00Z", "time_format"],
    ["2026-10-04T14:02:00.Z", "time_format"],
    ["2026-10-04T14:02:00+2:00", "time_format"],
    ["2026-10-04T14:02:00+02", "time_format"],
    ["2026-10-04T14:02:00+01:60", "time_format"],
    ["2026-10-04T14:02:00Z\n", "time_format"],
    ["2026-10-04T14:02:00+14:01", "offset_range"],
    ["2026-10-04T14:02:00-23:59", "offset_range"],
  ])("refuses %j", (text, reason) => {
    expect(readMoment(text)).toEqual({ ok: false, reason });
  });

  it("reads back every moment at every offset, with the date as written", () => {
    const written = fc.record({
      at: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
      offset: fc.integer({ min: -MAX_OFFSET_MINUTES, max: MAX_OFFSET_MINUTES }),
    });
    fc.assert(
      fc.property(written, ({ at, offset }) => {
        const local = new Date(at + offset * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(value).padStart(2, "0");
        const size = Math.abs(offset);
        // What has no offset east or west is written with a plus: with a minus it says no place.
        const sign = offset < 0 ? "-" : "+";
        const text = `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const day = dayOf(local.slice(0, 10));
        expect(readMoment(text)).toEqual({ ok: true, moment: { at, day } });
      }),
    );
  });

  it("is total: any text is a moment or a reason", () => {
    const near = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const read = readMoment(text);
        if (!read.ok) return;
        expect(Number.isSafeInteger(read.moment.at)).toBe(true);
        expect(Number.isInteger(read.moment.day ?? 0)).toBe(true);
      }),
    );
  });
});

describe("dayIn", () => {
  it.each<[string | null, string, string]>([
    [null, "2026-10-04T23:59:59.999Z", "2026-10-04"],
    ["UTC", "2026-10-04T23:59:59.999Z", "2026-10-04"],
    ["no zone", "2026-10-04T23:59:59.999Z", "2026-10-04"],
    ["", "2026-10-04T00:00:00Z", "2026-10-04"],
    // The night the clocks go forward in New York, and the night they go back.
    ["America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"],
    ["America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"],
    ["America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"],
    ["America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"],
    ["America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"],
    ["America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"],
    // Clocks that change at midnight, so that a day begins at one.
    ["Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24"],
    ["Africa/Cairo", "2026-04-23T21:59:59Z", "2026-04-23"],
    ["Australia/Lord_Howe", "2026-10-03T13:30:00Z", "2026-10-04"],
    ["Asia/Kathmandu", "2026-10-03T18:14:59Z", "2026-10-03"],
    ["Asia/Kathmandu", "2026-10-03T18:15:00Z", "2026-10-04"],
    // A day that never was: Samoa went over the date line.
    ["Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"],
    ["Pacific/Kiritimati", "2026-10-04T10:00:00Z", "2026-10-05"],
  ])("%s at %s is %s", (zone, instant, date) => {
    expect(dayIn(zone, Date.parse(instant))).toBe(dayOf(date));
  });

  it("never goes back, and never more than a day from UTC", () => {
    const zones = ["America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu", null];
    const moments = fc.tuple(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
      fc.integer({ min: 0, max: 3 * DAY_MS }),
    );
    fc.assert(
      fc.property(moments, ([zone, at, later]) => {
        const day = dayIn(zone, at);
        expect(Math.abs(day - utcDay(at))).toBeLessThanOrEqual(1);
        expect(dayIn(zone, at + later)).toBeGreaterThanOrEqual(day);
      }),
    );
  });
});

describe("a time zone's name", () => {
  it.each([
    ["Europe/Vienna", true],
    ["Asia/Kathmandu", true],
    ["UTC", true],
    ["Europe/Atlantis", false],
    ["+02:00", false],
    ["", false],
    ["Europe/Vienna\u0000", false],
  ])("%j: %s", (name, isOne) => {
    expect(isTimeZone(name)).toBe(isOne);
  });

  it("is every one that is offered", () => {
    expect(timeZones().length).toBeGreaterThan(300);
    expect(timeZones().filter((name) => !isTimeZone(name))).toEqual([]);
  });
});
