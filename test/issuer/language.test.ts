import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalLanguage } from "../../src/issuer/language.ts";

describe("language tags", () => {
  it.each([
    ["EN", "en"],
    ["PT-br", "pt-BR"],
    ["zh-hANT-tw", "zh-Hant-TW"],
    ["ES-419", "es-419"],
    ["de-CH-1996", "de-CH-1996"],
    ["SL-Rozaj-Biske", "sl-rozaj-biske"],
    ["sl-rozaj-biske-1994", "sl-rozaj-biske-1994"],
    ["en-ca-X-CA", "en-CA-x-ca"],
    ["ar-u-NU-Latn", "ar-u-nu-latn"],
    ["iw", "iw"],
  ])("%s is kept as %s", (typed, kept) => {
    expect(canonicalLanguage(typed)).toBe(kept);
  });

  it("only the case changes, and once", () => {
    const tag = fc.stringMatching(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}$/);
    fc.assert(
      fc.property(tag, (typed) => {
        const kept = canonicalLanguage(typed);
        expect(kept.toLowerCase()).toBe(typed.toLowerCase());
        expect(canonicalLanguage(kept)).toBe(kept);
      }),
    );
  });
});
