// What criteria say to people, in each language: of every type, with all that may be asked for.
import { describe, expect, it } from "vitest";
import { kindOf, REAL_TYPES, type RealType } from "../../../src/issuer/criteria/kinds.ts";
import { BUILT_IN_METRICS } from "../../../src/issuer/criteria/metrics.ts";
import type { Language } from "../../../src/language.ts";

const pages = { kind: "sum", label: { en: "Pages", de: "Pages" } } as const;
const known = { metrics: new Map([...Object.entries(BUILT_IN_METRICS), ["pages", pages]]) };
const scope = { organizationId: "o", badgeId: "b" };

function loaded(type: RealType, params: Readonly<Record<string, string>>, method: 1 | 2) {
  const rows = Object.entries(params).map(([name, value]) => ({ name, value }));
  const read = kindOf(type)?.load({ id: "c", method }, rows, scope, known);
  if (read?.ok !== true) throw new TypeError(`${type} does not read ${JSON.stringify(params)}`);
  return read.criterion;
}

type Said = [
  type: RealType,
  params: Readonly<Record<string, string>>,
  method: 1 | 2,
  en: string,
  de: string,
];

const SAID: readonly Said[] = [
  ["course", { course_7: "7" }, 1, "completed course 7", "Kurs 7 abgeschlossen"],
  [
    "courseset",
    { course_7: "7", grade_7: "50", bydate_7: "2027-01-31", course_8: "8" },
    2,
    "completed course 7 with a grade of at least 50 by 2027-01-31 or completed course 8",
    "Kurs 7 mit einer Note von mindestens 50 bis 2027-01-31 abgeschlossen oder Kurs 8 abgeschlossen",
  ],
  [
    "activity",
    { module_1: "1", bydate_1: "2027-01-31" },
    1,
    "completed module 1 by 2027-01-31",
    "Modul 1 bis 2027-01-31 abgeschlossen",
  ],
  [
    "cohort",
    { cohort_a: "a", cohort_b: "b" },
    1,
    "is in cohort a and is in cohort b",
    "Mitglied der Gruppe a und Mitglied der Gruppe b",
  ],
  ["competency", { competency_k: "k" }, 1, "reached competency k", "Kompetenz k erreicht"],
  ["profile", { field_phone: "phone" }, 1, "filled in phone", "Profilfeld phone ausgefüllt"],
  ["badge", { badge_x: "x" }, 1, "holds badge x", "Badge x erhalten"],
  [
    "manual",
    { role_a: "a", role_b: "b", role_c: "c" },
    2,
    "given by a, b or c",
    "Fürsprache durch a, b oder c",
  ],
  [
    "manual",
    {
      role_coordinator: "coordinator",
      role_organization_administrator: "organization_administrator",
    },
    2,
    "given by a coordinator or an administrator",
    "Fürsprache durch die Koordination oder die Verwaltung",
  ],
  [
    "metric",
    { metric_activity_hours: "100", window_activity_hours: "P30D" },
    1,
    "Hours of activity: at least 100 in the last 30 days",
    "Stunden mit Aktivitäten: mindestens 100 in den letzten 30 Tagen",
  ],
  [
    "metric",
    { metric_pages: "5", window_pages: "P1D" },
    1,
    "Pages: at least 5 in the last 1 day",
    "Pages: mindestens 5 am letzten Tag",
  ],
  [
    "metric",
    { metric_streak_days: "7", metric_streak_weeks: "1" },
    2,
    "Activities in 7 days in a row or Activities in 1 week in a row",
    "Aktivitäten an 7 Tagen in Folge oder Aktivitäten in 1 Woche in Folge",
  ],
  [
    "metric",
    { metric_streak_length: "4", unit_streak_length: "week", metric_certification_active: "1" },
    1,
    "Activities in 4 weeks in a row and Active certification",
    "Aktivitäten in 4 Wochen in Folge und Gültiges Zertifikat",
  ],
];

describe("words of criteria", () => {
  it.each(SAID)("%s %j", (type, params, method, en, de) => {
    const { words } = loaded(type, params, method);
    expect([words("en"), words("de"), words("en-XA")]).toEqual([en, de, `⟦${en}⟧`]);
  });

  it("are there for every type", () => {
    expect(new Set(SAID.map(([type]) => type))).toEqual(new Set(REAL_TYPES));
  });

  it("of a metric name what is counted, one by one", () => {
    const params = { metric_streak_days: "7", metric_pages: "5", window_pages: "P2W" };
    const { counted } = loaded("metric", params, 1);
    const all: readonly Language[] = ["en", "de", "en-XA"];
    expect(all.map(counted)).toEqual([
      ["Days in a row with an activity", "Pages in the last 14 days"],
      ["Tage in Folge mit einer Aktivität", "Pages in den letzten 14 Tagen"],
      ["⟦Days in a row with an activity⟧", "⟦Pages in the last 14 days⟧"],
    ]);
    expect(loaded("cohort", { cohort_a: "a" }, 1).counted("en")).toEqual([]);
  });
});
