import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entityTag, isKnown, variantTag } from "../../src/obv2/entity-tag.ts";

const TAG = '"abc_-123"';

describe("If-None-Match", () => {
  it.each<[string, string | undefined | null, boolean]>([
    ["no header", undefined, false],
    ["null", null, false],
    ["an empty header", "", false],
    ["the tag", TAG, true],
    ["the tag as weak", `W/${TAG}`, true],
    ["any", "*", true],
    ["any, with blanks", " * ", true],
    ["last of a list", `"x", "y",${TAG}`, true],
    ["first of a list", `${TAG}, W/"y"`, true],
    ["amid a list without blanks", `"x",W/${TAG},"y"`, true],
    ["another tag", '"other"', false],
    ["a list of others", '"x", W/"y"', false],
    ["without quotes", "abc_-123", false],
    ["a tag that begins alike", '"abc_-1234"', false],
    ["a tag that ends alike", '"xabc_-123"', false],
    ["in capitals", '"ABC_-123"', false],
    ["an asterisk in a list", `"x", *`, false],
  ])("%s", (_name, header, expected) => {
    expect(isKnown(header, TAG)).toBe(expected);
  });

  it("finds a tag in a list of well-formed tags exactly if it is in the list", () => {
    const tag = fc.stringMatching(/^[A-Za-z0-9_-]{0,6}$/).map((text) => `"${text}"`);
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 8 }), tag, (list, wanted) => {
        expect(isKnown(list.join(", "), wanted)).toBe(list.includes(wanted));
      }),
    );
  });
});

describe("entity tags", () => {
  it("are strong, and differ where the content does", async () => {
    expect(await entityTag("a")).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    expect(await entityTag("a")).toBe(await entityTag("a"));
    expect(await entityTag("a")).not.toBe(await entityTag("b"));
  });

  it("of another representation are not the same", () => {
    expect(variantTag(TAG, "json")).toBe('"abc_-123-json"');
    expect(isKnown(variantTag(TAG, "json"), TAG)).toBe(false);
  });
});
