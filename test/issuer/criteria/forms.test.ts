// What a badge asks for, said in any of its ways and given out again: nothing is lost, and nothing is guessed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CRITERIA_TYPES } from "../../../src/db/badges.ts";
import type { BadgeCriterion } from "../../../src/db/criteria.ts";
import { kindOf, REAL_TYPES } from "../../../src/issuer/criteria/kinds.ts";
import { daysIn } from "../../../src/issuer/criteria/metric.ts";
import { BUILT_IN_METRICS } from "../../../src/issuer/criteria/metrics.ts";
import { MAX_THRESHOLD, thresholdOf } from "../../../src/issuer/criteria/params.ts";
import {
  formColumns,
  NOMINATION,
  ofCondition,
  ofThreshold,
  type Rule,
  rulesOf,
  shortForms,
} from "../../../src/issuer/criteria-forms.ts";
import { sameRules, wantedRules } from "../../../src/issuer/criteria-input.ts";

const threshold = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constant(MAX_THRESHOLD));
const window = fc.constantFrom(null, "P1D", "P2W", "P6M", "P1Y");
const metric = fc.constantFrom(...Object.keys(BUILT_IN_METRICS), "streak_days", "streak_weeks");
const unit = fc.constantFrom("day" as const, "week" as const);
const key = fc.stringMatching(/^[A-Za-z0-9:._-]{1,40}$/);

const named = (prefix: string) =>
  fc
    .uniqueArray(key, { minLength: 1, maxLength: 5 })
    .map((keys) => keys.map((each) => ({ name: `${prefix}_${each}`, value: each })));

const anyRule: fc.Arbitrary<Rule> = fc
  .record({
    type: fc.constantFrom(
      "manual" as const,
      "cohort" as const,
      "competency" as const,
      "profile" as const,
    ),
    method: fc.constantFrom<1 | 2>(1, 2),
    description: fc.constantFrom("", "Be there."),
  })
  .chain((rule) =>
    named(
      { manual: "role", cohort: "cohort", competency: "competency", profile: "field" }[rule.type],
    ).map((params) => ({ ...rule, params })),
  );

/** As they would be stored. */
function stored(rules: readonly Rule[], method: 1 | 2): BadgeCriterion[] {
  const row = { badge_id: "b", description_format: 1, created_at: 0 };
  const overall = {
    ...row,
    id: "0",
    criteria_type: "overall" as const,
    method,
    description: "",
    params: [],
  };
  return [
    overall,
    ...rules.map(({ type, params, ...rest }, i) => ({
      ...row,
      ...rest,
      id: String(i + 1),
      criteria_type: type,
      params: params.map((param, j) => ({ ...param, id: `${i}-${j}`, crit_id: String(i + 1) })),
    })),
  ];
}

describe("short forms", () => {
  it("a condition comes back as it was given", () => {
    fc.assert(
      fc.property(metric, threshold, window, (name, least, within) => {
        const given = { metric: name, threshold: least, window: within };
        const forms = shortForms(ofCondition(given));
        expect(forms.trigger_type).toBe("auto");
        expect(forms.trigger_condition_json).toEqual(given);
      }),
    );
  });

  it("a threshold comes back as it was given, and as a condition that means the same", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CRITERIA_TYPES), threshold, unit, (type, value, each) => {
        const forms = shortForms(ofThreshold(type, value, each));
        const streak = type === "streak_length";
        expect(forms).toMatchObject({
          criteria_type: type,
          criteria_value: value,
          criteria_unit: streak ? each : null,
        });
        const condition = forms.trigger_condition_json;
        expect(condition).not.toBeNull();
        if (condition !== null) expect(shortForms(ofCondition(condition))).toEqual(forms);
      }),
    );
  });

  it("what is shown, sent back, changes nothing", () => {
    fc.assert(
      fc.property(metric, threshold, window, (name, least, within) => {
        const rules = ofCondition({ metric: name, threshold: least, window: within });
        expect(wantedRules(rules, shortForms(rules))).toMatchObject({ ok: true, rules });
      }),
    );
  });

  it("say nothing where there are several criteria, or others", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRule, { minLength: 1, selector: ({ type }) => type }),
        (rules) => {
          const given = { method: 1 as const, rules };
          const isNomination = rules.length === 1 && sameRules(given, NOMINATION);
          fc.pre(!isNomination);
          expect(Object.values(shortForms(given)).every((value) => value === null)).toBe(true);
          expect(["auto", "coordinator_nomination"]).toContain(formColumns(given).trigger_type);
        },
      ),
    );
  });
});

describe("rules", () => {
  it("stored and read back are what was given", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRule, { selector: ({ type }) => type }),
        fc.constantFrom<1 | 2>(1, 2),
        (rules, method) => {
          expect(rulesOf(stored(rules, method))).toEqual({ method, rules });
        },
      ),
    );
  });

  it("are the same in whichever order, but not with one value changed", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRule, { minLength: 1, selector: ({ type }) => type }),
        (rules) => {
          const given = { method: 1 as const, rules };
          const turned = {
            method: 1 as const,
            rules: [...rules]
              .reverse()
              .map((rule) => ({ ...rule, params: [...rule.params].reverse() })),
          };
          expect(sameRules(given, turned)).toBe(true);
          const [first, ...others] = rules;
          if (first === undefined) return;
          const params = first.params.map(({ name, value }, i) => ({
            name,
            value: i === 0 ? `${value}x` : value,
          }));
          expect(sameRules(given, { method: 1, rules: [{ ...first, params }, ...others] })).toBe(
            false,
          );
          expect(sameRules(given, { ...given, method: 2 })).toBe(false);
        },
      ),
    );
  });
});

describe("params of any kind", () => {
  const known = { metrics: new Map(Object.entries(BUILT_IN_METRICS)) };
  const scope = { organizationId: "o", badgeId: "b" };
  const name = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc
      .tuple(
        fc.constantFrom(
          "metric",
          "window",
          "unit",
          "role",
          "course",
          "grade",
          "bydate",
          "module",
          "badge",
          "cohort",
          "competency",
          "field",
        ),
        fc.string({ maxLength: 20 }),
      )
      .map(([prefix, rest]) => `${prefix}_${rest}`),
  );
  const value = fc.oneof(
    fc.string({ maxLength: 300 }),
    threshold.map(String),
    window.map((each) => each ?? ""),
  );
  const rows = fc.array(fc.record({ name, value }), { maxLength: 6 });

  it("are read, or refused with what to do, and never anything else", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REAL_TYPES),
        rows,
        fc.constantFrom<1 | 2>(1, 2),
        (type, given, method) => {
          const loaded = kindOf(type)?.load({ id: "c", method }, given, scope, known);
          if (loaded?.ok === true) {
            for (const language of ["en", "de"] as const) {
              expect(loaded.criterion.words(language)).not.toBe("");
            }
            expect(loaded.criterion.touchedBy.length).toBeGreaterThan(0);
          } else {
            expect(loaded?.faults.length).toBeGreaterThan(0);
            for (const fault of loaded?.faults ?? []) {
              expect(fault.pointer).toMatch(/^\/params/);
              for (const said of [fault.code, fault.detail, fault.fix]) expect(said).not.toBe("");
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("that are read mean the same once more", () => {
    fc.assert(
      fc.property(metric, fc.integer({ min: 2, max: 500 }), window, (which, least, within) => {
        fc.pre(which !== "certification_active");
        const { rules } = ofCondition({ metric: which, threshold: least, window: within });
        const loaded = kindOf("metric")?.load(
          { id: "c", method: 1 },
          rules[0]?.params ?? [],
          scope,
          known,
        );
        expect(loaded?.ok).toBe(true);
        if (loaded?.ok !== true) return;
        const words = loaded.criterion.words("en");
        expect(words).toContain(String(least));
        // A tier asks the same with a threshold of its own.
        const tier = loaded.criterion.atThreshold(least + 1);
        expect(tier?.words("en")).toBe(words.replace(String(least), String(least + 1)));
      }),
    );
  });

  it.each<[string, number | null]>([
    ["1", 1],
    [String(MAX_THRESHOLD), MAX_THRESHOLD],
    [String(MAX_THRESHOLD + 1), null],
    ["0", null],
    ["-1", null],
    ["1.5", null],
    ["01", null],
    ["1e3", null],
    [" 1", null],
    ["", null],
    ["١", null],
  ])("a threshold of %j is %j", (text, expected) => {
    expect(thresholdOf(text)).toBe(expected);
  });

  it.each<[string, number | null]>([
    ["P1D", 1],
    ["P2W", 14],
    ["P1M", 30],
    ["P1Y", 365],
    ["P1Y2M3W4D", 365 + 60 + 21 + 4],
    ["P0D", null],
    ["PT24H", null],
    ["P1DT1H", null],
    ["1D", null],
    ["-P1D", null],
    ["P", null],
    ["P999999999999D", null],
  ])("a window of %s has %j days", (text, expected) => {
    expect(daysIn(text)).toBe(expected);
  });
});
