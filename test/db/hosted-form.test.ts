import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { putTogether, readPieces, takenApart } from "../../src/db/hosted-form.ts";
import { hostedKey, hostedKeys } from "../../src/db/hosted-key.ts";
import type { AssertionFields, BakedImage } from "../../src/obv2/assertion.ts";
import { hostedAssertion } from "../../src/obv2/hosted.ts";
import { AWARD, HASH, URLS } from "../obv2/rows.ts";

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`), { size: "max" });
/** Words that people write, with every kind of letter, and what the cutting looks for. */
const words = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom('","narrative":"', '"salt":"', ',"evidence":[', '"issuedOn":"', "\\", '"'),
  fc.constant(HASH),
);
const evidence = fc.array(
  fc.record(
    { id: words, name: words, narrative: words, genre: words, audience: words },
    { requiredKeys: [] },
  ),
);
const time = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

const awards: fc.Arbitrary<AssertionFields> = fc.record({
  unique_hash: hex(40),
  badge_id: fc.uuid(),
  awarded_at: time,
  date_expire: fc.option(time),
  evidence: fc.option(evidence),
  narrative: fc.option(words),
  recipient_type: fc.constantFrom(
    "email" as const,
    "url" as const,
    "telephone" as const,
    "did" as const,
  ),
  recipient_identity: words,
  recipient_salt: fc.oneof(hex(32), words),
});
const images = fc.constantFrom<BakedImage>("png", "svg", null);

describe("the text of an Assertion, taken apart", () => {
  it("is put together to the last character, whatever the award", async () => {
    await fc.assert(
      fc.asyncProperty(awards, images, async (award, bakedImage) => {
        const { body } = await hostedAssertion(award, { urls: URLS, bakedImage });
        const { pieces, own } = takenApart(award.unique_hash, body);
        const stored = readPieces(JSON.stringify(pieces));
        expect(putTogether(stored, award.unique_hash, own)).toBe(body);
      }),
    );
  });

  it("is put together to the last character where it is no Assertion at all", () => {
    const text = fc.array(fc.oneof(words, hex(40), fc.constantFrom(',"narrative":', '"salt":"')));
    fc.assert(
      fc.property(hex(40), text, (hash, parts) => {
        const whole = [hash, ...parts, hash].join("");
        const { pieces, own } = takenApart(hash, whole);
        expect(putTogether(readPieces(JSON.stringify(pieces)), hash, own)).toBe(whole);
      }),
    );
  });

  it("has the form of all others of its badge, with nothing of the award in it", async () => {
    const form = async (over: Partial<AssertionFields>) => {
      const award = { ...AWARD, ...over };
      const { body } = await hostedAssertion(award, { urls: URLS, bakedImage: "png" });
      return takenApart(award.unique_hash, body);
    };
    const [one, other] = [
      await form({}),
      await form({
        unique_hash: "f".repeat(40),
        recipient_identity: "another@example.org",
        recipient_salt: "0".repeat(32),
        awarded_at: AWARD.awarded_at + 1,
        evidence: [{ narrative: "Quite another piece of work, told at some length." }],
      }),
    ];
    expect(other.pieces).toEqual(one.pieces);
    const said = JSON.stringify(one.pieces);
    expect(said).toContain(URLS.badgeClass(AWARD.badge_id));
    for (const own of [HASH, AWARD.recipient_salt, AWARD.narrative ?? "none", "evidence"]) {
      expect(said).not.toContain(own);
    }
    expect(one.own).toContain(AWARD.narrative);
  });

  it.each(["", "{", "null", "7", '"text"', "[null]", "[[]]", "[1.5]", '["a",{}]', "[true]"])(
    "pieces cannot be read from %j",
    (json) => {
      expect(() => readPieces(json)).toThrow();
    },
  );
});

describe("keys", () => {
  it("of many are what SQLite reads the key of each as", () => {
    fc.assert(
      fc.property(fc.array(hex(40), { minLength: 1 }), (hashes) => {
        const text = hostedKeys(hashes.map((hash) => ({ hash })));
        expect(JSON.parse(text.replaceAll(/0x[0-9a-f]+/g, (key) => String(Number(key))))).toEqual(
          hashes.map(hostedKey),
        );
      }),
    );
  });
});
