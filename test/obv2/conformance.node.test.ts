import { describe, expect, it } from "vitest";
import page from "../../docs/conformance.md?raw";
import { hasSpecData, specFile } from "../spec-data.ts";

const TESTS: Record<string, string> = import.meta.glob("../**/*.test.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const RULE = /\bOB2[01]-[A-Z]+-\d{2}\b/g;

/** Rules that a test names in its code; a comment holds nothing. */
function rulesIn(source: string): Set<string> {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"/])\/\/.*$/gm, "$1");
  return new Set(code.match(RULE));
}

const NAMED = new Map(
  Object.entries(TESTS).map(([path, source]) => [
    path.replace(/^\.\.\//, "test/").replace(/^\.\//, "test/obv2/"),
    rulesIn(source),
  ]),
);

const ROWS = [...page.matchAll(/^\| (OB2[01]-[A-Z]+-\d{2}) \| (.+) \|$/gm)].map(
  ([, rule = "", held = ""]) => ({
    rule,
    files: [...held.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""),
    reason: /^no test: (.+)$/.exec(held)?.[1] ?? null,
  }),
);

describe("docs/conformance.md", () => {
  it("has each rule once", () => {
    expect(ROWS.length).toBeGreaterThan(150);
    expect(new Set(ROWS.map(({ rule }) => rule)).size).toBe(ROWS.length);
  });

  it("names only tests that name the rule", () => {
    const stale = ROWS.flatMap(({ rule, files }) =>
      files.filter((file) => !NAMED.get(file)?.has(rule)).map((file) => `${rule}: ${file}`),
    );
    expect(stale).toEqual([]);
  });

  it("has a test or a reason for every rule, and a reason only where no test names it", () => {
    const neither = ROWS.filter(({ files, reason }) => files.length > 0 === (reason !== null));
    expect(neither.map(({ rule }) => rule)).toEqual([]);
    const held = new Set([...NAMED.values()].flatMap((rules) => [...rules]));
    const outdated = ROWS.filter(({ rule, reason }) => reason !== null && held.has(rule));
    expect(outdated.map(({ rule }) => rule)).toEqual([]);
  });

  it("knows every rule that a test names", () => {
    const known = new Set(ROWS.map(({ rule }) => rule));
    const unknown = [...NAMED].flatMap(([file, rules]) =>
      [...rules].filter((rule) => !known.has(rule)).map((rule) => `${rule}: ${file}`),
    );
    expect(unknown).toEqual([]);
  });

  it.skipIf(!hasSpecData)("has every rule of the checklists", () => {
    const rules = ["../OB20.md", "../OB21.md"].flatMap((path) => {
      const checklist = new TextDecoder().decode(specFile(path));
      return [...checklist.matchAll(/\*\*(OB2[01]-[A-Z]+-\d{2})\*\*/g)].map((m) => m[1]);
    });
    expect(new Set(ROWS.map(({ rule }) => rule))).toEqual(new Set(rules));
  });
});
