// From words and values to a mail: what a value holds is text, whatever signs are in it.

import type { MailMessage } from "../env.ts";
import { escapedHtml } from "../html-text.ts";
import { type Inline, type MarkdownBlock, parseMarkdown } from "../markdown.ts";
import type { MailValue, MailValues, MailWords } from "./kinds.ts";
import { filledIn } from "./placeholders.ts";

/** UTF-16 units of a subject; the rest is left out. */
export const MAX_SUBJECT = 250;

export type Composed = Pick<MailMessage, "subject" | "text" | "html"> & {
  readonly language: string;
};

/**
 * The mail as text and as HTML. Addresses are put in before the Markdown is read, everything else
 * after it: no name and no reason becomes emphasis, a link or markup. The subject is one line.
 */
export function composed(words: MailWords, values: MailValues, language: string): Composed {
  const body = filledIn(words.body, values, (value) => (isLink(value) ? value.href : null));
  const blocks = parseMarkdown(body).map((block) => filledBlock(block, values));
  const subject = cut(oneLine(filledIn(words.subject, values, plain)));
  return { subject, text: textOf(blocks), html: htmlOf(blocks, subject, language), language };
}

function isLink(value: MailValue): value is { readonly href: string } {
  return typeof value !== "string" && "href" in value;
}

function plain(value: MailValue): string {
  if (typeof value === "string") return clean(value);
  return "href" in value ? value.href : value.items.map(clean).join(", ");
}

/** Without control characters but the breaks between lines. */
function clean(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(/(?!\n)\p{Cc}/gu, " ");
}

/** Header injection: a line break in a name or a template would begin a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function cut(text: string): string {
  return text.length <= MAX_SUBJECT
    ? text
    : `${text.slice(0, MAX_SUBJECT - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function filledBlock(block: MarkdownBlock, values: MailValues): MarkdownBlock {
  const list = listAlone(block, values);
  if (list !== null) return { kind: "ul", parts: list.map((item) => [oneLine(item)]) };
  const parts = block.parts.map((part) => part.map((inline) => filledInline(inline, values)));
  return { kind: block.kind, parts };
}

/** The items, where a paragraph is one placeholder that stands for a list. */
function listAlone({ kind, parts }: MarkdownBlock, values: MailValues): readonly string[] | null {
  const [only, ...others] = parts.length === 1 ? (parts[0] ?? []) : [];
  if (kind !== "p" || typeof only !== "string" || others.length > 0) return null;
  const name = /^%(\w+)%$/.exec(only.trim())?.[1] ?? "";
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === "object" && "items" in value ? value.items : null;
}

function filledInline(inline: Inline, values: MailValues): Inline {
  if (typeof inline === "string") return filledIn(inline, values, plain);
  return { ...inline, children: inline.children.map((child) => filledInline(child, values)) };
}

function textOf(blocks: readonly MarkdownBlock[]): string {
  const written = blocks.map(({ kind, parts }) =>
    parts
      .map((part, i) => {
        const mark = kind === "p" ? "" : kind === "ul" ? "- " : `${i + 1}. `;
        return mark + part.map(inlineText).join("");
      })
      .join("\n"),
  );
  return `${written.filter((block) => block.trim() !== "").join("\n\n")}\n`;
}

function inlineText(inline: Inline): string {
  if (typeof inline === "string") return inline;
  const inside = inline.children.map(inlineText).join("");
  if (inline.kind !== "link" || inside === inline.href) return inside;
  return `${inside} (${inline.href})`;
}

/** Nothing is fetched to show it: no picture, no style sheet, nothing that tells who read it. */
function htmlOf(blocks: readonly MarkdownBlock[], subject: string, language: string): string {
  const head = `<meta charset="utf-8"><title>${escapedHtml(subject)}</title>`;
  const style = "font:17px/1.5 sans-serif;color:#1c1e24;max-width:36em";
  const body = blocks.map(blockHtml).join("");
  return `<!doctype html><html lang="${escapedHtml(language)}"><head>${head}</head><body dir="auto" style="${style}">${body}</body></html>`;
}

function blockHtml({ kind, parts }: MarkdownBlock): string {
  const written = parts.map((part) => part.map(inlineHtml).join(""));
  if (kind === "p") {
    const lines = written.join("<br>");
    return lines.trim() === "" ? "" : `<p>${lines}</p>`;
  }
  return `<${kind}>${written.map((item) => `<li>${item}</li>`).join("")}</${kind}>`;
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === "string") return escapedHtml(inline).replaceAll("\n", "<br>");
  const inside = inline.children.map(inlineHtml).join("");
  return inline.kind === "link"
    ? `<a href="${escapedHtml(inline.href)}">${inside}</a>`
    : `<${inline.kind}>${inside}</${inline.kind}>`;
}
