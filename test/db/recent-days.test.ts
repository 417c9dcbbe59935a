// Days lie beside the total they are part of, and are carried over when there are many: nothing is lost or doubled.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCounts, type Counted } from "../../src/db/events.ts";
import { type ExportRecord, exportRecords } from "../../src/db/export.ts";
import { testApp } from "../app.ts";

const ORGANIZATION = "0193c0de-0000-7000-8000-000000000000";
/** As the trigger has it. */
const MOST_CHARACTERS = 64;

async function world() {
  const { env } = await testApp();
  const rows = async (sql: string) => {
    const found = await env.db.read({ sql, params: [] });
    return found.rows.map((row) => row.map((value) => (value === null ? null : String(value))));
  };
  const count = (counted: readonly Counted[]) =>
    env.db.batch(addCounts(ORGANIZATION, counted, env.now()));
  const empty = () =>
    env.db.batch(
      ["metric_days", "metric_totals"].map((table) => ({
        sql: `delete from ${table}`,
        params: [],
      })),
    );
  return { env, rows, count, empty };
}

const one = (day: number, count = 1): Counted => ({
  metric: "hours",
  userId: "kim",
  day,
  count,
  total: count * 1_500,
});

it("few days need no row of their own; the fifth carries them over, and the next lies beside the total again", async () => {
  const { rows, count } = await world();
  const days = () => rows("select count(*), sum(count), sum(total) from metric_days");
  for (let day = 20_000; day < 20_004; day++) await count([one(day)]);
  expect(await days()).toEqual([["0", null, null]]);
  await count([one(20_004)]);
  expect(await days()).toEqual([["5", "5", "7500"]]);
  expect(await rows("select count, total, recent from metric_totals")).toEqual([["5", "7500", ""]]);
  await count([one(20_004, 2)]);
  expect(await rows("select recent from metric_totals")).toEqual([["[20004,2,3000],"]]);
  expect(await rows("select count, total from days_counted where day = 20004")).toEqual([
    ["1", "1500"],
    ["2", "3000"],
  ]);
});

it("a day that comes late is added to what was carried over of it", async () => {
  const { rows, count } = await world();
  for (let again = 0; again < 3; again++) {
    for (let day = 20_000; day < 20_005; day++) await count([one(day)]);
  }
  expect(await rows("select distinct count, total from metric_days")).toEqual([["3", "4500"]]);
  expect(await rows("select recent from metric_totals")).toEqual([[""]]);
});

it("whatever is counted, in whatever portions, days and totals add up to it", async () => {
  const { rows, count, empty } = await world();
  const counted = fc.record({
    metric: fc.constantFrom("hours", "visits"),
    userId: fc.constantFrom("kim", "noor"),
    day: fc.integer({ min: 19_990, max: 20_010 }),
    count: fc.integer({ min: 0, max: 5 }),
    total: fc.integer({ min: 0, max: 1_000_000_000 }),
  });
  const portions = fc.array(fc.array(counted, { maxLength: 40 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(portions, async (each) => {
      await empty();
      for (const portion of each) await count(portion);
      const all = each.flat();
      expect(
        await rows(`select metric, user_id, day, sum(count), sum(total) from days_counted
          group by 1, 2, 3 order by 1, 2, 3`),
      ).toEqual(summed(all, ({ metric, userId, day }) => `${metric} ${userId} ${day}`));
      expect(
        await rows("select metric, user_id, count, total from metric_totals order by 1, 2"),
      ).toEqual(summed(all, ({ metric, userId }) => `${metric} ${userId}`));
    }),
    { numRuns: 40 },
  );
});

it("what lies beside a total is short, but for a batch that begins with more, until the next", async () => {
  const { rows, count } = await world();
  await count(Array.from({ length: 300 }, (_, i) => one(20_000 + i)));
  expect(await rows("select length(recent) > 4000 from metric_totals")).toEqual([["1"]]);
  for (let i = 0; i < 60; i++) {
    await count([one(20_000 + (i % 7), 1 + i)]);
    const [[length] = []] = await rows("select max(length(recent)) from metric_totals");
    expect(Number(length)).toBeLessThanOrEqual(MOST_CHARACTERS);
  }
  const [[total] = []] = await rows("select sum(count) from days_counted");
  expect(Number(total)).toBe(300 + (60 * 61) / 2);
});

describe("an export", () => {
  const dayOf = ({ metric, user_id, day, count, total }: ExportRecord) =>
    [metric, user_id, day, count, total].map(String);
  const plainly = ({ metric, userId, day }: Counted) => `${metric} ${userId} ${day}`;
  const many = (people: number, days: number): Counted[] =>
    Array.from({ length: people * days }, (_, i) => ({
      ...one(20_000 + (i % days)),
      metric: i % 2 === 0 ? "hours" : "visits",
      userId: `person-${String(Math.floor(i / days)).padStart(4, "0")}`,
    }));

  it("has each day once, whichever place it lies in and however many there are", async () => {
    const { env, count } = await world();
    const all = [...many(600, 3), ...many(2, 2_500), ...many(40, 60)];
    for (let at = 0; at < all.length; at += 1_000) await count(all.slice(at, at + 1_000));
    const found: string[][] = [];
    for await (const records of exportRecords(env.db, ORGANIZATION)) {
      found.push(...records.filter(({ record }) => record === "metric_day").map(dayOf));
    }
    expect(found).toEqual(summed(all, plainly));
  });

  it("has each day once while days are carried over from one place to the other", async () => {
    const { env, count } = await world();
    const all = many(1_200, 4);
    await count(all);
    const found: string[][] = [];
    for await (const records of exportRecords(env.db, ORGANIZATION)) {
      const days = records.filter(({ record }) => record === "metric_day");
      found.push(...days.map(dayOf));
      // Everybody's days go to their own table while others of them are still to be read.
      if (days.length > 0) await count(all.filter(({ day }) => day === 20_000));
    }
    const days = found.map(([metric, user, day]) => `${metric} ${user} ${day}`);
    expect(days).toEqual([...new Set(days)]);
    expect(days.toSorted()).toEqual([...new Set(all.map(plainly))].toSorted());
  });
});

/** One row a key, in the order of the keys: the key's words, then how much. */
function summed(all: readonly Counted[], keyOf: (one: Counted) => string): string[][] {
  const sums = new Map<string, [count: number, total: number]>();
  for (const each of all) {
    const [count, total] = sums.get(keyOf(each)) ?? [0, 0];
    sums.set(keyOf(each), [count + each.count, total + each.total]);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, [count, total]]) => [...key.split(" "), String(count), String(total)]);
}
