// Days lie beside the total they are part of, and are carried over when there are many: nothing is lost or doubled.
import fc from "fast-check";
import { expect, it } from "vitest";
import { addCounts, type Counted } from "../../src/db/events.ts";
import { testApp } from "../app.ts";

const ORGANIZATION = "0193c0de-0000-7000-8000-000000000000";
/** As the trigger has it. */
const MOST_CHARACTERS = 200;

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
  return { rows, count, empty };
}

const one = (day: number, count = 1): Counted => ({
  metric: "hours",
  userId: "kim",
  day,
  count,
  total: count * 1_500,
});

it("few days need no row of their own; about a dozen are carried over, and the next lie beside the total again", async () => {
  const { rows, count } = await world();
  const days = () => rows("select count(*), sum(count), sum(total) from metric_days");
  for (let day = 20_000; day < 20_013; day++) await count([one(day)]);
  expect(await days()).toEqual([["0", null, null]]);
  await count([one(20_013)]);
  expect(await days()).toEqual([["14", "14", "21000"]]);
  expect(await rows("select count, total, recent from metric_totals")).toEqual([
    ["14", "21000", ""],
  ]);
  await count([one(20_013, 2)]);
  expect(await rows("select recent from metric_totals")).toEqual([["[20013,2,3000],"]]);
  expect(await rows("select count, total from days_counted where day = 20013")).toEqual([
    ["1", "1500"],
    ["2", "3000"],
  ]);
});

it("a day that comes late is added to what was carried over of it", async () => {
  const { rows, count } = await world();
  for (let again = 0; again < 3; again++) {
    for (let day = 20_000; day < 20_014; day++) await count([one(day)]);
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

it("what lies beside a total is short, however often something is counted", async () => {
  const { rows, count } = await world();
  await count(Array.from({ length: 300 }, (_, i) => one(20_000 + i)));
  for (let i = 0; i < 60; i++) {
    await count([one(20_000 + (i % 7), 1 + i)]);
    const [[length] = []] = await rows("select max(length(recent)) from metric_totals");
    expect(Number(length)).toBeLessThanOrEqual(MOST_CHARACTERS);
  }
  const [[total] = []] = await rows("select sum(count) from days_counted");
  expect(Number(total)).toBe(300 + (60 * 61) / 2);
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
