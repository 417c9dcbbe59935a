// JSON that can mean only one thing is read; everything else is refused, and told apart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DEPTH, parseStrictJson } from "../src/strict-json.ts";

const nested = (levels: number, open: string, inner: string, close: string) =>
  open.repeat(levels) + inner + close.repeat(levels);

describe("parseStrictJson", () => {
  it.each([
    ["{}", {}],
    ['{"a":1,"b":[true,false,null]}', { a: 1, b: [true, false, null] }],
    ['{"a":{"a":{"a":1}}}', { a: { a: { a: 1 } } }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":"a","b":"a"}', { a: "a", b: "a" }],
    ['["a","a"]', ["a", "a"]],
    ['{"x":["y","y",{"y":"y"}],"y":1}', { x: ["y", "y", { y: "y" }], y: 1 }],
    ['"\\ud83d\\ude00"', "😀"],
    ['"\\\\ud83d"', "\\ud83d"],
    ['"😀"', "😀"],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["-0.0e-400", -0],
    [' \n\t{"a" : 1 }\r', { a: 1 }],
    ['{"constructor":1,"toString":2}', { constructor: 1, toString: 2 }],
    ['{"a\\"":1,"a":2}', { 'a"': 1, a: 2 }],
  ])("reads %s", (text, value) => {
    expect(parseStrictJson(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["nothing", "", "syntax"],
    ["cut short", '{"a":', "syntax"],
    ["open string", '{"a', "syntax"],
    ["string that ends in a backslash", '"\\', "syntax"],
    ["trailing comma", '{"a":1,}', "syntax"],
    ["single quotes", "{'a':1}", "syntax"],
    ["comment", "{}//", "syntax"],
    ["two documents", "{}{}", "syntax"],
    ["NaN", "[NaN]", "syntax"],
    ["control character in a string", '"\u0001"', "syntax"],
    ["closing bracket only", "]", "syntax"],
    ["brackets crossed", "[{]}", "syntax"],
    ["byte order mark twice", "\ufeff{}", "syntax"],
    ["duplicate name", '{"a":1,"a":2}', "duplicate_name"],
    ["duplicate name, one escaped", '{"a":1,"\\u0061":2}', "duplicate_name"],
    ["duplicate name far apart", '{"a":{"b":[1,2,{"a":1}]},"c":"a","a":1}', "duplicate_name"],
    ["duplicate name within an array", '[1,{"b":1,"b":1}]', "duplicate_name"],
    ["duplicate empty name", '{"":1,"":2}', "duplicate_name"],
    ["prototype name", '{"__proto__":{}}', "unsafe_name"],
    ["prototype name, escaped", '{"\\u005f_proto__":{}}', "unsafe_name"],
    ["high surrogate alone", '"\\ud83d"', "lone_surrogate"],
    ["low surrogate alone", '"\\ude00"', "lone_surrogate"],
    ["surrogates the wrong way round", '"\\ude00\\ud83d"', "lone_surrogate"],
    ["high surrogate before another escape", '"\\ud83d\\n"', "lone_surrogate"],
    ["lone surrogate in a name", '{"\\ud83d":1}', "lone_surrogate"],
    ["number beyond double precision", "[1e309]", "number_out_of_range"],
    ["long number beyond double precision", `-${"9".repeat(400)}`, "number_out_of_range"],
  ])("refuses %s", (_name, text, fault) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, fault });
  });

  it.each([
    ["[", "", "]"],
    ['{"a":', "1", "}"],
    ['[{"a":', "1", "}]"],
  ])("nests %s up to the limit and no further", (open, inner, close) => {
    const perStep = open.replace(/[^[{]/g, "").length;
    const most = MAX_DEPTH / perStep;
    expect(parseStrictJson(nested(most, open, inner, close)).ok).toBe(true);
    expect(parseStrictJson(nested(most + 1, open, inner, close))).toMatchObject({
      ok: false,
      fault: "too_deep",
    });
  });

  it("does not count brackets within strings", () => {
    expect(parseStrictJson(JSON.stringify("[{".repeat(100))).ok).toBe(true);
  });

  it("tells where and under which name", () => {
    expect(parseStrictJson('{"name":1,\n "name":2}')).toEqual({
      ok: false,
      fault: "duplicate_name",
      at: 12,
      name: "name",
    });
  });

  it("agrees with JSON.parse on whatever JSON.stringify makes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('"__proto__":'));
        expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  it("accepts nothing that JSON.parse refuses, and reads the same where it accepts", () => {
    const pieces = fc.constantFrom(
      ..."{}[],:",
      '"a"',
      '"b"',
      '"\\u0061"',
      '"',
      "\\",
      "1",
      "-",
      "e9",
      "true",
      "null",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 24 }), (parts) => {
        const text = parts.join("");
        const strict = parseStrictJson(text);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          expect(strict.ok).toBe(false);
          return;
        }
        if (strict.ok) expect(strict.value).toEqual(value);
        else expect(strict.fault).toBe("duplicate_name");
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds a duplicate wherever it is put", () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(names, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (given, pick, value) => {
        fc.pre(!given.includes("__proto__") && !JSON.stringify(value).includes("__proto__"));
        const again = given[pick % given.length] ?? "";
        const members = [...given, again].map(
          (name) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        expect(parseStrictJson(`[{${members.join(",")}}]`)).toMatchObject({
          ok: false,
          fault: "duplicate_name",
        });
      }),
    );
  });

  it.each([
    ["brackets", "[".repeat(1_048_576)],
    ["quotes", '"'.repeat(1_048_576)],
    ["backslashes", `"${"\\".repeat(1_048_575)}`],
    ["digits", "9".repeat(1_048_576)],
    ["escapes", `"${"\\u0061".repeat(174_000)}`],
    ["names", `{${Array.from({ length: 120_000 }, (_, i) => `"${i}":0`).join(",")}}`],
    ["short strings", `[${'"",'.repeat(340_000)}`],
  ])("takes a mebibyte of %s in its stride", { timeout: 2_000 }, (_name, text) => {
    expect(typeof parseStrictJson(text).ok).toBe("boolean");
  });
});
