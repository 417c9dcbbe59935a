import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageBeside, languageOf } from "../../../src/language.ts";
import { parseMessage } from "../../../src/pages/words/message.ts";
import { area, speaker } from "../../../src/pages/words/speak.tsx";

const WORDS = area(
  {
    plain: "Awarded",
    value: "Awarded to {name}",
    count: "{count, plural, =0 {no awards} one {# award} other {# awards}} of {name}",
    kind: "{kind, select, manual {by hand} other {by rule}}",
    link: "See <link>the {name} page</link>.",
    nested: "{count, plural, one {<b># badge</b>} other {<b># badges</b>}}",
  },
  {
    plain: "Verliehen",
    value: "Verliehen an {name}",
    count: "{count, plural, =0 {keine Badges} one {# Badge} other {# Badges}} von {name}",
    kind: "{kind, select, manual {von Hand} other {nach Regel}}",
    link: "Siehe <link>die Seite {name}</link>.",
    nested: "{count, plural, one {<b># Badge</b>} other {<b># Badges</b>}}",
  },
);

describe("messages", () => {
  const en = speaker("en", WORDS);
  const de = speaker("de", WORDS);

  it.each([
    [en("plain"), "Awarded"],
    [de("value", { name: "Ada" }), "Verliehen an Ada"],
    [en("count", { count: 0, name: "Ada" }), "no awards of Ada"],
    [en("count", { count: 1, name: "Ada" }), "1 award of Ada"],
    [en("count", { count: 1_200, name: "Ada" }), "1,200 awards of Ada"],
    [de("count", { count: 1_200, name: "Ada" }), "1.200 Badges von Ada"],
    [en("kind", { kind: "manual" }), "by hand"],
    [en("kind", { kind: "constructor" }), "by rule"],
    [de("link", { name: "Ada" }), "Siehe die Seite Ada."],
    [en("nested", { count: 2 }), "2 badges"],
    [en("value"), "Awarded to {name}"],
  ])("%s", (said, expected) => {
    expect(said).toBe(expected);
  });

  it("makes elements of tags, and escapes values", () => {
    const made = de.rich("link", { name: "<i>", link: (inside) => <a href="/x">{inside}</a> });
    expect(String(<p>{made}</p>)).toBe('<p>Siehe <a href="/x">die Seite &lt;i&gt;</a>.</p>');
  });

  it("speaks the pseudo-locale between brackets, values untouched", () => {
    const t = speaker("en-XA", WORDS);
    expect(t("value", { name: "Ada" })).toMatch(/^⟦Áwárdéd tó Ada·+⟧$/);
  });

  it.each(["{", "{a", "{a,}", "{a, plural}", "{a, plural, one {x}}", "<b>x", "x}", "{a, date, x}"])(
    "refuses %j",
    (text) => {
      expect(() => parseMessage(text)).toThrow(SyntaxError);
    },
  );

  it("reads any text to an end, or refuses it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}<>/#,= aboneplural") }), (text) => {
        try {
          parseMessage(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

it.each([
  ["de", "de"],
  ["de-CH", "de"],
  ["en-GB", "en"],
  ["ar", "en"],
  ["", "en"],
] as const)("beside a text in %s stands %s", (tag, expected) => {
  expect(languageBeside(tag)).toBe(expected);
});

describe("the language of a request", () => {
  const ask = (path: string, header?: string) =>
    new Request(`https://badges.example${path}`, {
      headers: header === undefined ? {} : { "accept-language": header },
    });

  it.each([
    ["/", undefined, null, "en"],
    ["/", "de-AT,de;q=0.9,en;q=0.8", null, "de"],
    ["/", "fr,en;q=0.3,de;q=0.7", null, "de"],
    ["/", "de;q=0,en", null, "en"],
    ["/", "de", "en", "en"],
    ["/?lang=de", "en", "en", "de"],
    ["/?lang=tlh", "de", null, "de"],
    ["/", "en-XA", null, "en-XA"],
    ["/", ",;q=,;;,de;q=x", null, "en"],
  ] as const)("%s with %s and %s chosen is %s", (path, header, chosen, expected) => {
    expect(languageOf(ask(path, header), chosen)).toBe(expected);
  });
});
