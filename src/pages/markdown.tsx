// Markdown on a page: the elements of its tree.
import type { Child } from "hono/jsx";
import { type Inline, type MarkdownBlock, parseMarkdown } from "../markdown.ts";

/** Text of an author who is not trusted, as elements that cannot do harm. */
export function Markdown({ text, language }: { text: string; language?: string }) {
  return (
    <div class="prose" dir="auto" lang={language}>
      {parseMarkdown(text).map(toElement)}
    </div>
  );
}

function toElement({ kind, parts }: MarkdownBlock): Child {
  if (kind === "ul" || kind === "ol") {
    const items = parts.map((part) => <li>{part.map(toChild)}</li>);
    return kind === "ul" ? <ul>{items}</ul> : <ol>{items}</ol>;
  }
  return (
    <p>
      {parts.flatMap((line, i) => (i === 0 ? line.map(toChild) : [<br />, ...line.map(toChild)]))}
    </p>
  );
}

function toChild(inline: Inline): Child {
  if (typeof inline === "string") return inline;
  const children = inline.children.map(toChild);
  if (inline.kind === "em") return <em>{children}</em>;
  if (inline.kind === "strong") return <strong>{children}</strong>;
  return (
    <a href={inline.href} rel="nofollow noopener">
      {children}
    </a>
  );
}
