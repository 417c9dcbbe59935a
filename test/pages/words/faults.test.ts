// What the API refuses, told on a form in another language. That every code a form can get has words, the types say.
/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";
import { faultWords } from "../../../src/pages/fault-words.ts";
import { FAULT_WORDS, FAULTS_ALIKE } from "../../../src/pages/words/faults.ts";
import { PROBLEMS } from "../../../src/problem.ts";

const SOURCES: Record<string, string> = import.meta.glob(
  ["../../../src/**/*.{ts,tsx}", "!../../../src/pages/**", "!../../../src/fault-codes.ts"],
  { query: "?raw", import: "default", eager: true },
);
const WRITTEN = new Set(
  Object.values(SOURCES).flatMap((source) =>
    [...source.matchAll(/"([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)"|^ {2}([a-z]+): \{$/gm)].map(
      ([, quoted, member]) => quoted ?? member ?? "",
    ),
  ),
);
/** Put together from a name, made by the library that reads what was sent, or what others are said by. */
const NOT_WRITTEN = [
  "another_badge",
  "did_format",
  "invalid_element",
  "invalid_format",
  "invalid_key",
  "invalid_union",
  "language_of_the_person",
  "not_multiple_of",
  "time_zone_of_the_person",
  "unrecognized_keys",
];

const said = { detail: "It is so.", fix: "Do this." };

describe("words of what is refused", () => {
  it("are there for nothing but what something refuses", () => {
    const codes = [...Object.keys(FAULT_WORDS.en), ...Object.keys(FAULTS_ALIKE)];
    const dead = codes.filter((code) => !WRITTEN.has(code) && !NOT_WRITTEN.includes(code));
    expect(dead).toEqual([]);
  });

  it("are the API's own in English", () => {
    const fault = { code: "slug_format", ...said };
    expect(faultWords(fault, "invalid-request", "en")).toEqual({ ...said, language: "en" });
  });

  it.each([
    ["a rule’s", "slug_format", "invalid-request", FAULT_WORDS.de.slug_format, ""],
    ["those of a rule alike", "label_bounded", "invalid-request", FAULT_WORDS.de.too_large, ""],
    [
      "the kind’s where the rule has none",
      "svg-too-deep",
      "svg-too-complex",
      "Das SVG ist zu aufwendig.",
      expect.stringContaining("Vereinfachen Sie"),
    ],
    [
      "the kind’s where no rule is named",
      "badge-held",
      "badge-held",
      "Die Person hat das Badge schon.",
      expect.stringContaining("Widerrufen Sie"),
    ],
  ])("in German are %s", (_which, code, kind, detail, fix) => {
    expect(faultWords({ code, ...said }, kind, "de")).toEqual({ detail, fix, language: "de" });
  });

  it("in German every kind of problem has some, but the one that leaves them to its rules", () => {
    const inEnglish = Object.keys(PROBLEMS).filter(
      (code) => faultWords({ code, ...said }, code, "de").language === "en",
    );
    expect(inEnglish).toEqual(["invalid-request"]);
  });

  it.each(["wrong_type", "__proto__", "constructor"])(
    "%s, which no form sends, is in English",
    (code) => {
      expect(faultWords({ code, ...said }, "invalid-request", "de")).toEqual({
        ...said,
        language: "en",
      });
    },
  );
});
