import fc from "fast-check";
import { expect, it } from "vitest";
import { newHash, newId, sha256, toBase64url, toHex } from "../src/ids.ts";
import { countingRandom, TEST_NOW } from "./app.ts";

const sources = { now: () => TEST_NOW, random: countingRandom() };

it.each([0, 1, 55, 56, 64, 32 * 1024 - 1, 32 * 1024, 100_000])(
  "sha256 of %i bytes is the platform's, on whichever side of the thread it is made",
  async (length) => {
    const bytes = new Uint8Array(length).map((_, i) => i * 31);
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    expect(await sha256(bytes)).toEqual(expected);
  },
);

it("ids are UUIDv7: the time they were made, the version, the variant", () => {
  const id = newId(sources);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(TEST_NOW);
});

it("ids sort by when they were made", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 42 }), fc.nat({ max: 2 ** 42 }), (one, other) => {
      const at = (now: number) => newId({ ...sources, now: () => now });
      expect(at(Math.min(one, other)) <= at(Math.max(one, other)) || one === other).toBe(true);
    }),
  );
});

it("an award's hash is 40 hex characters and never the same", () => {
  const made = Array.from({ length: 500 }, () => newHash(sources));
  expect(made.every((hash) => /^[0-9a-f]{40}$/.test(hash))).toBe(true);
  expect(new Set(made).size).toBe(500);
});

it("hex and base64url say the same bytes as the platform's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(toHex(bytes)).toHaveLength(bytes.length * 2);
      const padded = toBase64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
      expect(Array.from(atob(padded), (c) => c.charCodeAt(0))).toEqual([...bytes]);
    }),
  );
});
