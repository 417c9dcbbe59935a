import { expect, it } from "vitest";
import { givenCriteria } from "../given.ts";
import { ownWorld } from "./own.ts";

/** A badge that counts this, and what `/me` says of it. */
async function said(params: Readonly<Record<string, string>>, query: string) {
  const w = await ownWorld();
  const rows = Object.entries(params).map(([name, value]) => ({ name, value }));
  const rule = { type: "metric", method: 1, description: "", params: rows } as const;
  await givenCriteria(w.t.env, await w.badge(), { rules: [rule] });
  return (await w.me(query)).text;
}

const HOURS = { metric_activity_hours: "100" };
const LATELY = { ...HOURS, window_activity_hours: "P30D" };

it.each([
  [HOURS, "?lang=de", "0 von 100 · Stunden mit Aktivitäten"],
  [LATELY, "?lang=de", "0 von 100 · Stunden mit Aktivitäten in den letzten 30 Tagen"],
  [HOURS, "", "0 of 100 · Hours of activity"],
  [LATELY, "", "0 of 100 · Hours of activity in the last 30 days"],
  [{ metric_streak_weeks: "12" }, "?lang=de", "0 von 12 · Wochen in Folge mit einer Aktivität"],
  [{ metric_streak_days: "7" }, "", "0 of 7 · Days in a row with an activity"],
])("what %j asks for is named on /me%s", async (params, query, expected) => {
  expect(await said(params, query)).toContain(expected);
});

it("of several things each is named by itself, and without what is there", async () => {
  const text = await said({ ...HOURS, metric_activity_count: "7" }, "");
  expect(text).toContain("0 of 100 · Hours of activity Not");
  expect(text).toContain("0 of 7 · Activities Not");
});
