// From words and values to a mail: what is text stays text, and a subject is one line.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composed, MAX_SUBJECT } from "../../src/mail/compose.ts";
import { dayIn } from "../../src/mail/dates.ts";
import { MAIL_KINDS, type MailValues, SAMPLES } from "../../src/mail/kinds.ts";
import { placeholdersOf, unknownPlaceholders } from "../../src/mail/placeholders.ts";
import { SHIPPED_LANGUAGES, shippedWords } from "../../src/mail/shipped.ts";
import { chosenWords } from "../../src/mail/templates.ts";

const VALUES: MailValues = {
  username: "Noor Haddad",
  badgelink: { href: "https://badges.example.org/b/abc" },
  recipients: { items: ["Noor", "Kim *Star*"] },
  reason: "First.\n\nSecond <b>.",
};

const made = (body: string, over: MailValues = {}, subject = "s") =>
  composed({ subject, body }, { ...VALUES, ...over }, "en");
const inside = (html: string) => /<body[^>]*>(.*)<\/body>/s.exec(html)?.[1];

describe("words and values", () => {
  it.each([
    ["Hello %username%", "<p>Hello Noor Haddad</p>", "Hello Noor Haddad\n"],
    ["**%username%**", "<p><strong>Noor Haddad</strong></p>", "Noor Haddad\n"],
    [
      "%badgelink%",
      '<p><a href="https://badges.example.org/b/abc">https://badges.example.org/b/abc</a></p>',
      "https://badges.example.org/b/abc\n",
    ],
    [
      "[look](%badgelink%)",
      '<p><a href="https://badges.example.org/b/abc">look</a></p>',
      "look (https://badges.example.org/b/abc)\n",
    ],
    ["%recipients%", "<ul><li>Noor</li><li>Kim *Star*</li></ul>", "- Noor\n- Kim *Star*\n"],
    ["To %recipients%.", "<p>To Noor, Kim *Star*.</p>", "To Noor, Kim *Star*.\n"],
    ["%reason%", "<p>First.<br><br>Second &lt;b&gt;.</p>", "First.\n\nSecond <b>.\n"],
    [
      "a\nb\n\n- c\n- d\n\n1. e",
      "<p>a<br>b</p><ul><li>c</li><li>d</li></ul><ol><li>e</li></ol>",
      "a\nb\n\n- c\n- d\n\n1. e\n",
    ],
    ["%nobody% and 100%", "<p>%nobody% and 100%</p>", "%nobody% and 100%\n"],
    ["%constructor% %toString%", "<p>%constructor% %toString%</p>", "%constructor% %toString%\n"],
    [
      "<script>alert(1)</script>",
      "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
      "<script>alert(1)</script>\n",
    ],
    [
      "![x](https://t.example/p.gif)",
      '<p>!<a href="https://t.example/p.gif">x</a></p>',
      "!x (https://t.example/p.gif)\n",
    ],
  ])("%j", (body, html, text) => {
    expect(inside(made(body).html)).toBe(html);
    expect(made(body).text).toBe(text);
  });

  it("leave out a paragraph of which nothing is left", () => {
    expect(inside(made("a\n\n%reason%\n\nb", { reason: "" }).html)).toBe("<p>a</p><p>b</p>");
    expect(made("a\n\n%reason%\n\nb", { reason: "" }).text).toBe("a\n\nb\n");
  });

  it("in a value make no markup, no link and no other value", () => {
    const username = "*a* [b](https://evil.example) <img src=x> %reason% https://evil.example/";
    const { html } = made("%username%", { username });
    expect(inside(html)).toBe(
      "<p>*a* [b](https://evil.example) &lt;img src=x&gt; %reason% https://evil.example/</p>",
    );
  });

  it("header injection: whatever is in a name or a template, a subject is one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (subject, name) => {
        const both = `${subject}\r\nBcc: eve@example.org\n%username%`;
        const { subject: line } = made("x", { username: `${name}\r\nTo: eve@example.org` }, both);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.length).toBeLessThanOrEqual(MAX_SUBJECT);
      }),
    );
  });

  it(`a subject has ${MAX_SUBJECT} characters at most, and no half of one`, () => {
    const long = made("x", {}, "s".repeat(MAX_SUBJECT));
    expect(long.subject).toBe("s".repeat(MAX_SUBJECT));
    const cut = made("x", {}, `${"s".repeat(MAX_SUBJECT - 2)}🎖🎖`).subject;
    expect(cut).toBe(`${"s".repeat(MAX_SUBJECT - 2)}…`);
  });

  it("carry their language, whatever it is", () => {
    const { html } = composed({ subject: "s", body: "b" }, VALUES, 'de"><script>');
    expect(html).toContain('<html lang="de&quot;&gt;&lt;script&gt;">');
  });
});

describe("the words that ship", () => {
  const BOTH = SHIPPED_LANGUAGES.flatMap((language) =>
    MAIL_KINDS.map((kind) => [kind, language] as const),
  );

  it.each(BOTH)("of %s in %s hold only placeholders there are", (kind, language) => {
    const words = shippedWords(kind, language);
    expect(unknownPlaceholders(kind, words.subject)).toEqual([]);
    expect(unknownPlaceholders(kind, words.body)).toEqual([]);
    const mail = composed(words, SAMPLES[kind], language);
    expect(`${mail.subject} ${mail.text} ${mail.html}`).not.toMatch(/%[a-z]+%/);
  });

  it.each(MAIL_KINDS)("of %s say the same in every language", (kind) => {
    const named = (text: string) => [...text.matchAll(/%[a-z]+%/g)].map(([name]) => name).sort();
    const all = (language: (typeof SHIPPED_LANGUAGES)[number]) => {
      const { subject, body } = shippedWords(kind, language);
      return named(`${subject} ${body}`);
    };
    expect(new Set(all("de"))).toEqual(new Set(all("en")));
    expect(shippedWords(kind, "de").body).not.toBe(shippedWords(kind, "en").body);
  });

  it("of an award know the three placeholders everybody knows", () => {
    expect(placeholdersOf("award.created")).toEqual(
      expect.arrayContaining(["badgename", "username", "badgelink"]),
    );
  });
});

describe("whose words", () => {
  const own = (language: string) => ({
    kind: "award.created",
    language,
    subject: language,
    body: "x",
  });
  it.each([
    [["de"], ["de"], "own de"],
    [["DE-AT"], ["de"], "own de"],
    [["DE-AT"], ["en"], "our de"],
    [["zh-Hant-TW"], ["zh", "zh-hant"], "own zh-hant"],
    [["fr", "de"], ["de"], "own de"],
    [["fr", "de"], ["en"], "our de"],
    [["en", "de"], ["de"], "our en"],
    [["en-GB", "de"], ["de", "en"], "own en"],
    [[null, "de"], ["de"], "own de"],
    [["fr"], ["en"], "own en"],
    [["fr"], ["de"], "our en"],
    [[null], [], "our en"],
    [["constructor"], [], "our en"],
  ])("%j of %j: %s", (languages, templates, expected) => {
    const words = chosenWords(templates.map(own), "award.created", languages);
    const whose = words.body === "x" ? "own" : "our";
    expect(`${whose} ${words.language}`).toBe(expected);
    if (whose === "own") expect(words.subject).toBe(words.language);
  });

  it("are of the kind that is asked for", () => {
    const other = [{ ...own("en"), kind: "creator.award" }];
    expect(chosenWords(other, "award.created", ["en"]).subject).not.toBe("en");
  });
});

describe("days", () => {
  const AT = Date.UTC(2026, 9, 4, 23, 30);
  it.each([
    ["en", null, "4 October 2026"],
    ["en", "Asia/Tokyo", "5 October 2026"],
    ["de", "Europe/Berlin", "5. Oktober 2026"],
    ["en", "Nowhere/Land", "4 October 2026"],
    ["x-!!", null, "4 October 2026"],
  ])("in %s at %s", (language, zone, expected) => {
    expect(dayIn(language, zone, AT)).toBe(expected);
  });
});
