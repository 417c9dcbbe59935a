import { expect, it } from "vitest";
import { METRIC_WORDS } from "../../src/pages/words/metrics.ts";
import { givenCriteria } from "../given.ts";
import { ownWorld } from "./own.ts";

/** A badge that counts this, and what `/me` says of it. */
async function said(params: readonly { name: string; value: string }[], query: string) {
  const w = await ownWorld();
  const rule = { type: "metric", method: 1, description: "", params } as const;
  await givenCriteria(w.t.env, await w.badge(), { rules: [rule] });
  return w.me(query);
}

const HOURS = { name: "metric_activity_hours", value: "100" };
const LATELY = { name: "window_activity_hours", value: "P30D" };

it("what is counted is named in German, with the days that count", async () => {
  expect((await said([HOURS], "?lang=de")).text).toContain("0 von 100 Stunden mit Aktivitäten");
  const { text } = await said([HOURS, LATELY], "?lang=de");
  expect(text).toContain("0 von 100 Stunden mit Aktivitäten in den letzten 30 Tagen");
});

it("English says it as the criterion does", async () => {
  const { html } = await said([HOURS], "");
  expect(html).toContain('<span lang="en">Hours of activity: at least 100</span>');
});

it.each(Object.keys(METRIC_WORDS.en))("%s has words", async (name) => {
  const { text } = await said([{ name, value: "7" }], "?lang=de");
  expect(text).toMatch(/0 von 7 [A-Za-zäöü]+/);
  expect(text).not.toContain("at least");
});
