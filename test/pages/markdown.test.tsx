import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_MARKDOWN } from "../../src/markdown.ts";
import { Markdown } from "../../src/pages/markdown.tsx";

const render = (text: string) =>
  String(<Markdown text={text} />).replace(/^<div class="prose" dir="auto">|<\/div>$/g, "");

describe("Markdown that a badge may carry", () => {
  it.each([
    ["plain", "<p>plain</p>"],
    ["one\ntwo", "<p>one<br/>two</p>"],
    ["one\r\n\r\ntwo", "<p>one</p><p>two</p>"],
    ["*a* _b_ **c** __d__", "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong></p>"],
    ["**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"],
    ["snake_case_name", "<p>snake_case_name</p>"],
    ["größe_ist_hier", "<p>größe_ist_hier</p>"],
    ["2 * 3 * 4", "<p>2 * 3 * 4</p>"],
    ["*never ends", "<p>*never ends</p>"],
    ["**a *b**", "<p><strong>a *b</strong></p>"],
    [String.raw`\*not\* \[a\](b)`, "<p>*not* [a](b)</p>"],
    ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["1. a\n2) b", "<ol><li>a</li><li>b</li></ol>"],
    ["- a\n  goes on\n\ntext", "<ul><li>a goes on</li></ul><p>text</p>"],
    ["text\n- a\n1. b", "<p>text</p><ul><li>a</li></ul><ol><li>b</li></ol>"],
    ["-not a list", "<p>-not a list</p>"],
    [
      "[a *b*](https://x.example/(y))",
      '<p><a href="https://x.example/(y)" rel="nofollow noopener">a <em>b</em></a></p>',
    ],
    [
      "[mail](mailto:a@b.example)",
      '<p><a href="mailto:a@b.example" rel="nofollow noopener">mail</a></p>',
    ],
    [
      "see https://x.example/a_b_c.",
      '<p>see <a href="https://x.example/a_b_c" rel="nofollow noopener">https://x.example/a_b_c</a>.</p>',
    ],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](/relative)",
    '[x](https://x.example/ "onmouseover=alert(1))',
    "![x](https://x.example/y.png)",
    "<https://x.example/>",
    "# heading",
    "`code`",
  ])("OB20-D-14 %j makes nothing but text and links", (text) => {
    expect(tagsOf(render(text)).filter((tag) => !ALLOWED.test(tag))).toEqual([]);
  });

  it("OB20-D-14 does not link to what is not http, https or mailto", () => {
    expect(render("[x](javascript:alert(1)) [y](data:text/html,z)")).not.toContain("<a");
  });

  it("reads so many characters and says where it stopped", () => {
    expect(render("a".repeat(MAX_MARKDOWN))).not.toContain("…");
    expect(render(`${"a".repeat(MAX_MARKDOWN)}b`)).toBe(
      `<p>${"a".repeat(MAX_MARKDOWN)}</p><p>…</p>`,
    );
  });
});

const ALLOWED =
  /^<(\/?(p|ul|ol|li|em|strong|a)|br\/|a href="(https?:\/\/|mailto:)[^"<>]*" rel="nofollow noopener")>$/;
const tagsOf = (html: string) => html.match(/<[^>]*>?/g) ?? [];

/** Text made of the pieces that mean something, so that every branch is met. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("*", "**", "_", "__", "[", "]", "(", ")", "](", "\\", "\n", "- ", "1. ", " "),
    fc.constantFrom("https://x.example/", "javascript:alert(1)", "<b>", '"', "'", "&", "<!--", "a"),
    fc.string({ maxLength: 6, unit: "binary" }),
  ),
  { maxLength: 80 },
);

describe("any text at all", () => {
  it("OB20-D-14 never becomes a tag outside the list, and every tag is closed in order", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const tags = tagsOf(render(parts.join("")));
        expect(tags.filter((tag) => !ALLOWED.test(tag))).toEqual([]);
        const open: string[] = [];
        for (const tag of tags) {
          const name = /^<\/?(\w+)/.exec(tag)?.[1] ?? "";
          if (tag.startsWith("</")) expect(open.pop()).toBe(name);
          else if (name !== "br") open.push(name);
        }
        expect(open).toEqual([]);
        expect(tags.join("")).not.toMatch(/<a [^>]*>(?:(?!<\/a>).)*<a /);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every letter that is not part of a mark", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abc é ن") }), (text) => {
        const shown = render(text).replace(/<[^>]*>/g, "");
        expect(shown.trim()).toBe(text.trim());
      }),
    );
  });

  it.each([
    ["open brackets", "["],
    ["links without an end", "[a]("],
    ["nested links", "[a](b"],
    ["stars", "*"],
    ["emphasis that opens", " *a"],
    ["addresses that are none", "http://%"],
    ["brackets in parentheses", "](("],
    ["escapes", "\\"],
  ])("%s take time in proportion to their number", (_, piece) => {
    const steps = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      const begin = performance.now();
      for (let i = 0; i < 3; i++) render(text);
      return performance.now() - begin;
    };
    steps(MAX_MARKDOWN);
    // Quadratic work on 20,000 characters would be hundreds of times this; a busy machine is not.
    expect(steps(MAX_MARKDOWN)).toBeLessThan(1_500);
  });
});
