// CRC-32 against published values and against its definition, one octet at a time.

import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../src/bakery/crc32.ts";
import { latin1 } from "./fixtures.ts";

test.each([
  ["nothing", "", 0x00000000],
  ["the check value of the catalogue of CRCs", "123456789", 0xcbf43926],
  ["the chunk type IEND", "IEND", 0xae426082],
  ["a pangram", "The quick brown fox jumps over the lazy dog", 0x414fa339],
])("crc32 of %s", (_, text, expected) => {
  expect(crc32(latin1(text))).toBe(expected);
});

function bitByBit(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const octet of bytes) {
    c ^= octet;
    for (let bit = 0; bit < 8; bit++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
  }
  return ~c >>> 0;
}

test("crc32 of any range of any array is its definition's", () => {
  const array = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(array, fc.nat(20), fc.nat(100), (bytes, offset, length) => {
      const view = bytes.subarray(Math.min(offset, bytes.length));
      const start = Math.min(3, view.length);
      const end = Math.min(start + length, view.length);
      expect(crc32(view, start, end)).toBe(bitByBit(view.subarray(start, end)));
    }),
  );
});
