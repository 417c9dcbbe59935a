// The forms of values: tables of good and bad ones, named after the rule they keep or break.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  email,
  httpUrl,
  instant,
  isDid,
  isHttpUrl,
  isLanguage,
  isTelephone,
  line,
  MAX_URL_LENGTH,
  prose,
  readInstant,
  uriOf,
} from "../../src/api/fields.ts";
import { isEmail } from "../../src/email-address.ts";
import { isAllowedOrigin } from "../../src/obv2/profile.ts";

const each = (good: readonly string[], bad: readonly string[]) => [
  ...good.map((text) => [text, true] as const),
  ...bad.map((text) => [text, false] as const),
];

describe("OB20-D-15 telephone numbers are E.164", () => {
  it.each(
    each(
      ["+16175551212", "+41", "+123456789012345"],
      [
        "617-555-1212",
        "+1 617 555 1212",
        "+1(617)5551212",
        "16175551212",
        "+06175551212",
        "+1",
        "+1234567890123456",
        "+1617555121a",
        "+١٢٣٤٥",
        "",
      ],
    ),
  )("%j: %s", (text, good) => expect(isTelephone(text)).toBe(good));
});

describe("OB20-P-03 addresses are HTTP(S)", () => {
  it.each(
    each(
      [
        "https://example.org",
        "http://example.org/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/",
        "https://münchen.example/",
        "http://localhost:8787/",
        "https://[2001:db8::1]/",
      ],
      [
        "mailto:kim@example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "https:example.org",
        "https:///path",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://exa mple.org/",
        "https://example.org/a\\b",
        "//example.org",
        "example.org",
        "https://",
        "",
        "data:text/html,x",
        "https://example.org:99999/",
      ],
    ),
  )("%j: %s", (text, good) => expect(isHttpUrl(text)).toBe(good));

  it.each([
    ["https://example.org", "https://example.org"],
    ["HTTP://Example.ORG/%c3%bc?a=b&c#d", "HTTP://Example.ORG/%c3%bc?a=b&c#d"],
    [
      "https://münchen.example/für?ä=ö#ü",
      "https://xn--mnchen-3ya.example/f%C3%BCr?%C3%A4=%C3%B6#%C3%BC",
    ],
    ["https://example.org/a|b^c`d", "https://example.org/a%7Cb%5Ec%60d"],
    ['https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"],
    ["https://example.org/😀", "https://example.org/%F0%9F%98%80"],
    ["https://example.org/%zz", null],
    ["https://example.org/100%", null],
    ["javascript:alert(1)", null],
  ])("a verifier can read what is published of %j: %j", (text, uri) => {
    expect(uriOf(text)).toBe(uri);
    expect(httpUrl().safeParse(text).data ?? null).toBe(uri);
  });

  it("what is published is one address of RFC 3986 characters, and stays what it is", () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true }),
        fc.string({ unit: "grapheme" }),
        (url, tail) => {
          const uri = uriOf(url + tail);
          if (uri === null) return;
          expect(uri).toMatch(/^[!#-;=?-[\]_a-z~]+$/);
          expect(uriOf(uri)).toBe(uri);
          expect(new URL(uri).origin).toBe(new URL(url + tail).origin);
        },
      ),
    );
  });

  it("takes the longest and no longer", () => {
    const fit = `https://example.org/${"a".repeat(MAX_URL_LENGTH - 20)}`;
    expect(httpUrl().safeParse(fit).success).toBe(true);
    expect(httpUrl().safeParse(`${fit}a`).success).toBe(false);
  });
});

describe("OB20-P-04 an e-mail address has one @ and no blanks", () => {
  it.each(
    each(
      [
        "kim@example.org",
        "k+tag@sub.example.org",
        "kim@localhost",
        "jürgen@example.org",
        "o'neil@example.org",
      ],
      [
        "bob",
        "@example.org",
        "kim@",
        "kim@@example.org",
        "kim@a@b",
        "kim @example.org",
        "kim@exam ple.org",
        "Kim <kim@example.org>",
        "kim@example.org,noor@example.org",
        "kim@example.org\n",
        `${"a".repeat(65)}@example.org`,
        "",
      ],
    ),
  )("%j: %s", (text, good) => expect(isEmail(text)).toBe(good));

  it("takes the longest and no longer", () => {
    const fit = `kim@${"a".repeat(250)}`;
    expect(email().safeParse(fit).success).toBe(true);
    expect(email().safeParse(`${fit}a`).success).toBe(false);
  });
});

describe("OB20-V-06, OB20-V-07 origins are dotted host names", () => {
  it.each(
    each(
      [
        "example.org",
        "badges.example.org",
        "a-b.example.org",
        "xn--mnchen-3ya.example",
        `${"a".repeat(63)}.org`,
      ],
      [
        "http://example.org",
        "example.org/",
        "example.org:443",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "-a.example.org",
        "a-.example.org",
        "a..example.org",
        ".example.org",
        "example.org.",
        "exa_mple.org",
        "*.example.org",
        "example.o1",
        `${"a".repeat(64)}.org`,
        "",
      ],
    ),
  )("%j: %s", (text, good) => expect(isAllowedOrigin(text)).toBe(good));
});

describe("languages are BCP 47", () => {
  it.each(
    each(
      ["en", "de-CH", "pt-BR", "zh-Hant-TW", "EN-us", "sl-rozaj-biske"],
      ["", "english language", "e", "en_US", "en-", "-en", "123", "en-a", "abcdefghi"],
    ),
  )("%j: %s", (text, good) => expect(isLanguage(text)).toBe(good));
});

describe("decentralised identifiers", () => {
  it.each(
    each(
      ["did:web:example.org", "did:key:z6Mk", "did:web:example.org%3A8443:kim", "did:ion:a:b"],
      [
        "did:",
        "did:web:",
        "did:Web:example.org",
        "did:web:example.org:",
        "web:example.org",
        "did:web:a b",
        "did:web:a%2",
        "",
      ],
    ),
  )("%j: %s", (text, good) => expect(isDid(text)).toBe(good));
});

describe("moments", () => {
  it.each([
    ["2026-10-04T14:02:00Z", Date.UTC(2026, 9, 4, 14, 2)],
    ["2026-10-04T16:02:00+02:00", Date.UTC(2026, 9, 4, 14, 2)],
    ["2026-10-04T14:02:00.250Z", Date.UTC(2026, 9, 4, 14, 2, 0, 250)],
    ["2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["9999-12-31T23:59:59.999Z", 253_402_300_799_999],
  ])("reads %s", (text, milliseconds) => expect(readInstant(text)).toBe(milliseconds));

  it.each([
    "2026-10-04",
    "2026-10-04T14:02:00",
    "2026-10-04 14:02:00Z",
    "2026-13-04T14:02:00Z",
    "2026-02-30T14:02:00Z",
    "2026-02-29T14:02:00Z",
    "2026-10-00T14:02:00Z",
    "2026-10-04T25:02:00Z",
    "9999-12-31T23:59:59-00:01",
    "0001-01-01T00:00:00+00:01",
    "1760000000000",
    "tomorrow",
    "",
  ])("refuses %j", (text) => expect(readInstant(text)).toBeNull());

  it("reads back whatever it writes", () => {
    const years = { min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z") };
    fc.assert(
      fc.property(fc.date({ ...years, noInvalidDate: true }), (date) => {
        expect(readInstant(instant(date.getTime()))).toBe(date.getTime());
      }),
    );
  });
});

describe("text", () => {
  it("a line is trimmed, not empty, bounded, and one line", () => {
    expect(line(5).parse("  Kim  ")).toBe("Kim");
    expect(line(5).safeParse("12345").success).toBe(true);
    for (const bad of ["", "   ", "123456", "a\nb", "a\u0000b", "a\u007fb", 5, null]) {
      expect([bad, line(5).safeParse(bad).success]).toEqual([bad, false]);
    }
  });

  it("prose keeps its breaks and refuses other control characters", () => {
    expect(prose(9).parse("a\n\tb\r\nc")).toBe("a\n\tb\r\nc");
    for (const bad of ["", "a\u0000b", "a\u000bb", "1234567890"]) {
      expect([bad, prose(9).safeParse(bad).success]).toEqual([bad, false]);
    }
  });

  it("no form takes a blank or a control character anywhere", () => {
    const forms = [
      [isEmail, "kim@example.org"],
      [isHttpUrl, "https://example.org/kim"],
      [isTelephone, "+16175551212"],
      [isDid, "did:web:example.org"],
      [isAllowedOrigin, "example.org"],
      [isLanguage, "de-CH"],
    ] as const;
    const hostile = fc.oneof(
      fc.integer({ min: 0, max: 0x20 }),
      fc.integer({ min: 0x7f, max: 0xa0 }),
      fc.constantFrom(0x2028, 0x3000, 0xfeff),
    );
    fc.assert(
      fc.property(fc.constantFrom(...forms), hostile, fc.nat(), ([is, good], unit, place) => {
        const at = place % (good.length + 1);
        expect(is(good)).toBe(true);
        expect(is(good.slice(0, at) + String.fromCharCode(unit) + good.slice(at))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
