// What is left of a text that is longer than the place for it.
import { expect, it } from "vitest";
import { cutShort } from "../../src/pages/cut-short.ts";

it.each([
  ["what fits stays whole", "abcde", "abcde"],
  ["one sign too many costs two", "abcdef", "abcd…"],
  ["no sign is cut in half", "abc\u{1f3c5}de", "abc…"],
  ["nothing is left out of nothing", "", ""],
])("%s", (_name, text, expected) => {
  expect(cutShort(text, 5)).toBe(expected);
});
