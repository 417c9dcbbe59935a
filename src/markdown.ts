// The little Markdown that texts may carry, as a tree: paragraphs, emphasis, links and lists; all else is text.
// OB 2.0, section "Markdown": implementations limit it and must not pass markup through.
import { linkable } from "./linkable.ts";

/** Characters read; what comes after is left out, and said to be. */
export const MAX_MARKDOWN = 20_000;
/** Emphasis within emphasis; deeper marks stay as they are typed. */
const MAX_DEPTH = 6;

const BULLET = /^\s{0,8}[-*+]\s+(?=\S)/;
const NUMBER = /^\s{0,8}\d{1,9}[.)]\s+(?=\S)/;
const WORD = /[\p{L}\p{N}_]/u;

/** Text as it was typed, or an element around others. */
export type Inline =
  | string
  | { readonly kind: "em"; readonly children: readonly Inline[] }
  | { readonly kind: "strong"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export interface MarkdownBlock {
  readonly kind: "p" | "ul" | "ol";
  /** Paragraph: its lines. List: its items. */
  readonly parts: readonly (readonly Inline[])[];
}

/** Text of an author who is not trusted; what is linked to passed `linkable`. Never throws. */
export function parseMarkdown(text: string): MarkdownBlock[] {
  const cut = text.length > MAX_MARKDOWN;
  const blocks = toBlocks(cut ? text.slice(0, MAX_MARKDOWN) : text).map(
    ({ kind, parts }): MarkdownBlock => ({ kind, parts: parts.map((part) => inline(part)) }),
  );
  return cut ? [...blocks, { kind: "p", parts: [["…"]] }] : blocks;
}

interface Block {
  readonly kind: MarkdownBlock["kind"];
  readonly parts: string[];
}

function toBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open = null as Block | null;
  for (const line of text.split(/\r\n?|\n/)) {
    const marker = BULLET.exec(line) ?? NUMBER.exec(line);
    if (line.trim() === "") {
      open = null;
    } else if (marker) {
      const kind: Block["kind"] = BULLET.test(line) ? "ul" : "ol";
      if (open?.kind !== kind) {
        open = { kind, parts: [] };
        blocks.push(open);
      }
      open.parts.push(line.slice(marker[0].length).trim());
    } else if (open && open.kind !== "p") {
      // A line that goes on belongs to the item before it.
      open.parts.push(`${open.parts.pop() ?? ""} ${line.trim()}`);
    } else {
      if (open === null) {
        open = { kind: "p", parts: [] };
        blocks.push(open);
      }
      open.parts.push(line.trim());
    }
  }
  return blocks;
}

/** Emphasis that has begun: what it is, how it was written, what stands in it so far. */
interface Frame {
  readonly mark: string;
  readonly children: Inline[];
}

interface Link {
  readonly label: string;
  readonly href: string;
  /** Offset after the closing parenthesis. */
  readonly end: number;
}

/** Reads one line once, from left to right. */
function inline(text: string, links: ReadonlyMap<number, Link> = findLinks(text)): Inline[] {
  const stack: Frame[] = [{ mark: "", children: [] }];
  let plain = "";
  const add = (child: Inline) => stack.at(-1)?.children.push(child);
  const flush = () => {
    if (plain !== "") add(plain);
    plain = "";
  };
  for (let i = 0; i < text.length; ) {
    const at = text[i] ?? "";
    const link = links.get(i);
    if (at === "\\" && /[\\`*_[\]()#+\-.!<>]/.test(text[i + 1] ?? "")) {
      plain += text[i + 1];
      i += 2;
    } else if (link) {
      flush();
      add({ kind: "link", href: link.href, children: inline(link.label, new Map()) });
      i = link.end;
    } else if (at === "*" || at === "_") {
      const mark = text[i + 1] === at ? at + at : at;
      flush();
      if (!emphasis(stack, mark, text[i - 1] ?? " ", text[i + mark.length] ?? " ")) add(mark);
      i += mark.length;
    } else {
      plain += at;
      i += 1;
    }
  }
  flush();
  while (stack.length > 1) unwind(stack);
  return stack[0]?.children ?? [];
}

/** Opens or closes emphasis; false where the mark is only a character. */
function emphasis(stack: Frame[], mark: string, before: string, after: string): boolean {
  const closes = /\S/.test(before) && !(mark[0] === "_" && WORD.test(after));
  const opens = /\S/.test(after) && !(mark[0] === "_" && WORD.test(before));
  const from = stack.findLastIndex((frame) => frame.mark === mark);
  if (closes && from > 0) {
    while (stack.length - 1 > from) unwind(stack);
    const children = stack.pop()?.children ?? [];
    stack.at(-1)?.children.push({ kind: mark.length === 2 ? "strong" : "em", children });
    return true;
  }
  if (!opens || stack.length > MAX_DEPTH) return false;
  stack.push({ mark, children: [] });
  return true;
}

/** Emphasis that never ended was not emphasis: the mark is text. */
function unwind(stack: Frame[]): void {
  const frame = stack.pop();
  if (!frame) return;
  stack.at(-1)?.children.push(frame.mark, ...frame.children);
}

/**
 * Every `[label](address)` by the offset of its bracket, and every bare http(s) address, with the
 * outermost of nested ones gone: brackets are matched with a stack, addresses end at a bracket,
 * so no character is looked at more than a few times.
 */
function findLinks(text: string): Map<number, Link> {
  const links = new Map<number, Link>();
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "[") open.push(i);
    else if (text[i] === "]") {
      const start = open.pop();
      if (start === undefined || text[i + 1] !== "(") continue;
      const link = toLink(text, start, i);
      if (link) links.set(start, link);
    } else if (text[i] === "h" && open.length === 0) {
      const end = bareAddressEnd(text, i);
      const href = linkable(text.slice(i, end));
      if (href !== null) links.set(i, { label: text.slice(i, end), href, end });
      i = Math.max(i, end - 1);
    }
  }
  return links;
}

function toLink(text: string, start: number, close: number): Link | null {
  let depth = 0;
  for (let i = close + 1; i < text.length; i++) {
    const at = text[i] ?? "";
    if (at === "(") depth++;
    else if (at === ")") depth--;
    else if (/[\s[\]<>]/.test(at)) return null;
    if (depth > 0) continue;
    const href = linkable(text.slice(close + 2, i));
    const label = text.slice(start + 1, close);
    return href === null || label.trim() === "" ? null : { label, href, end: i + 1 };
  }
  return null;
}

/** Where the address that begins here ends; `start` itself where none begins. */
function bareAddressEnd(text: string, start: number): number {
  if (!/^https?:\/\/\S/.test(text.slice(start, start + 9)) || WORD.test(text[start - 1] ?? " ")) {
    return start;
  }
  let end = start;
  while (end < text.length && !/[\s<>"[\]]/.test(text[end] ?? " ")) end++;
  while (/[.,;:!?)*_'’”]/.test(text[end - 1] ?? "")) end--;
  return end;
}
