// One bounded walk over an SVG: decoding, well-formedness, namespaces and limits, all while it parses.

import { SaxesParser, type SaxesTagPlain, type XMLDecl } from "saxes";
import {
  MAX_FILE_BYTES,
  MAX_SVG_ATTRIBUTES,
  MAX_SVG_DEPTH,
  MAX_SVG_ELEMENTS,
  type SvgLimits,
} from "./limits.ts";
import type { Refusal, SvgReason } from "./refusal.ts";
import { declaredPrefix, NamespaceScope, splitName } from "./svg-namespaces.ts";

/** An attribute with its namespace resolved; one without a prefix has the namespace "". */
export interface SvgAttribute {
  name: string;
  prefix: string;
  local: string;
  namespace: string;
  value: string;
}

/** A start tag. `start` and `end` are UTF-16 offsets of its `<` and of what follows its `>`. */
export interface SvgElement {
  name: string;
  prefix: string;
  local: string;
  namespace: string;
  attributes: SvgAttribute[];
  depth: number;
  start: number;
  end: number;
  selfClosing: boolean;
}

/** What a visitor says when the file must not be accepted. */
export interface SvgFault {
  reason: SvgReason;
  detail: string;
}

/** Who looks at the parts as they come. `end` of a close is the offset after its `>`. */
export interface SvgVisitor {
  open?(element: SvgElement): SvgFault | undefined;
  close?(depth: number, end: number): SvgFault | undefined;
  text?(text: string): void;
  instruction?(target: string): SvgFault | undefined;
}

/** Carries the first refusal out of the parser, which knows no other way to stop. */
class Stop extends Error {
  readonly fault: SvgFault;

  constructor(fault: SvgFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

function stop(reason: SvgReason, detail: string): never {
  throw new Stop({ reason, detail });
}

/** The text of an SVG, or why it is none. A byte order mark stays, so that offsets count it. */
export function decodeSvg(
  bytes: Uint8Array,
  maxBytes = MAX_FILE_BYTES,
): { ok: true; text: string } | Refusal<SvgReason> {
  if (bytes.length > maxBytes) {
    const detail = `The file has ${bytes.length} bytes, more than the ${maxBytes} allowed.`;
    return { ok: false, reason: "svg-over-byte-limit", detail };
  }
  const [a, b] = bytes;
  // FE FF and FF FE are byte order marks of UTF-16 and UTF-32; a zero octet this early is either.
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe) || a === 0 || b === 0) {
    return { ok: false, reason: "svg-encoding", detail: "The file is UTF-16. Save it as UTF-8." };
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { ok: true, text: decoder.decode(bytes) };
  } catch {
    return {
      ok: false,
      reason: "svg-encoding",
      detail: "The file is not UTF-8. Save it as UTF-8.",
    };
  }
}

/**
 * Parses `text` as namespace-well-formed XML 1.0 and shows it to `visitor`. Document type
 * declarations with an internal subset, or with any identifier but W3C's own, are refused, and
 * nothing outside the text is ever read. Stops at the first fault. Never throws.
 */
export function walkSvg(
  text: string,
  visitor: SvgVisitor,
  limits: SvgLimits = {},
): { ok: true } | Refusal<SvgReason> {
  const walk = new Walk(text, visitor, limits);
  try {
    walk.run();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { reason, detail } = error.fault;
    return { ok: false, reason, detail: shortened(detail), ...walk.place() };
  }
}

/** Details quote names from the file, and a name may be two million characters long. */
const MAX_DETAIL = 200;

function shortened(detail: string): string {
  return detail.length <= MAX_DETAIL ? detail : `${detail.slice(0, MAX_DETAIL - 1)}…`;
}

class Walk {
  private readonly text: string;
  private readonly visitor: SvgVisitor;
  private readonly maxDepth: number;
  private readonly maxElements: number;
  private readonly maxAttributes: number;
  private readonly parser = new SaxesParser();
  private readonly scope = new NamespaceScope();
  private elements = 0;
  private depth = 0;

  constructor(text: string, visitor: SvgVisitor, limits: SvgLimits) {
    this.text = text;
    this.visitor = visitor;
    this.maxDepth = limits.maxDepth ?? MAX_SVG_DEPTH;
    this.maxElements = limits.maxElements ?? MAX_SVG_ELEMENTS;
    this.maxAttributes = limits.maxAttributes ?? MAX_SVG_ATTRIBUTES;
  }

  /** Seven handlers at most: an eighth turns the parser's object into a table five times as slow. */
  run(): void {
    const { parser, visitor } = this;
    parser.on("error", (error) => {
      const message = error.message.replace(/^[\d:]+ /, "");
      stop("svg-not-well-formed", `The file is not well-formed XML: ${message}`);
    });
    parser.on("doctype", checkDoctype);
    parser.on("opentag", (tag) => this.open(tag));
    parser.on("closetag", () => this.close());
    parser.on("processinginstruction", ({ target }) => {
      if (target.includes(":")) {
        stop("svg-not-well-formed", `${target} is no name for an instruction.`);
      }
      raise(visitor.instruction?.(target));
    });
    if (visitor.text) {
      const take = (text: string) => visitor.text?.(text);
      parser.on("text", take);
      parser.on("cdata", take);
    }
    parser.write(this.text).close();
  }

  /** Where the parser stands, both counted from 1. */
  place(): { line: number; column: number } {
    return { line: this.parser.line, column: this.parser.column + 1 };
  }

  private open({ name, attributes: values, isSelfClosing: selfClosing }: SaxesTagPlain): void {
    if (this.elements === 0) checkDeclaration(this.parser.xmlDecl);
    if (++this.elements > this.maxElements) {
      stop("svg-over-element-limit", `More than ${this.maxElements} elements. Simplify the image.`);
    }
    if (++this.depth > this.maxDepth) {
      const detail = `Elements nest deeper than ${this.maxDepth}. Ungroup the image.`;
      stop("svg-over-depth-limit", detail);
    }
    const attributes = this.attributes(values);
    const { prefix, local } = qualified(name);
    if (prefix === "xmlns") stop("svg-not-well-formed", `No element may be called ${name}.`);
    const namespace = this.namespace(prefix);
    const end = this.parser.position;
    // No "<" can stand within a tag, so the last one before its end is its own.
    const start = this.text.lastIndexOf("<", end - 1);
    const { depth } = this;
    const element = { name, prefix, local, namespace, attributes, depth, start, end, selfClosing };
    raise(this.visitor.open?.(element));
  }

  /** The attributes, once the namespaces they declare hold for all of them. */
  private attributes(values: Record<string, string>): SvgAttribute[] {
    const attributes: SvgAttribute[] = [];
    let prefixed = 0;
    for (const name in values) {
      const value = values[name] ?? "";
      if (name.startsWith("xmlns")) this.bind(name, value);
      const { prefix, local } = qualified(name);
      if (prefix !== "") prefixed++;
      if (attributes.push({ name, prefix, local, namespace: "", value }) > this.maxAttributes) {
        const detail = `An element has more than ${this.maxAttributes} attributes.`;
        stop("svg-over-attribute-limit", detail);
      }
    }
    if (prefixed > 0) this.resolveAttributes(attributes);
    return attributes;
  }

  private bind(attribute: string, uri: string): void {
    const prefix = declaredPrefix(attribute);
    if (prefix === undefined) return;
    const fault = this.scope.bind(this.depth, prefix, uri);
    if (fault) stop("svg-not-well-formed", fault);
  }

  private resolveAttributes(attributes: SvgAttribute[]): void {
    const seen = new Set<string>();
    for (const attribute of attributes) {
      if (attribute.prefix === "") continue;
      attribute.namespace = this.namespace(attribute.prefix);
      const expanded = `{${attribute.namespace}}${attribute.local}`;
      if (seen.has(expanded)) {
        const detail = `Attribute ${attribute.name} is given twice under two prefixes.`;
        stop("svg-not-well-formed", detail);
      }
      seen.add(expanded);
    }
  }

  private namespace(prefix: string): string {
    const uri = this.scope.lookup(prefix);
    if (uri !== undefined) return uri;
    return prefix === ""
      ? ""
      : stop("svg-not-well-formed", `The prefix ${prefix} is bound to no namespace.`);
  }

  private close(): void {
    raise(this.visitor.close?.(this.depth, this.parser.position));
    this.scope.leave(this.depth);
    this.depth--;
  }
}

function qualified(name: string): { prefix: string; local: string } {
  return splitName(name) ?? stop("svg-not-well-formed", `${name} is no qualified name.`);
}

function raise(fault: SvgFault | undefined): void {
  if (fault) throw new Stop(fault);
}

/** An XML declaration may be missing; saxes has made sure that one which is there has a version. */
function checkDeclaration({ version, encoding }: XMLDecl): void {
  if (version !== undefined && version !== "1.0")
    stop("svg-not-well-formed", "Only XML 1.0 is accepted.");
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
    stop("svg-encoding", `The file declares the encoding ${encoding}. Save it as UTF-8.`);
  }
}

/** W3C's longest declaration has about a hundred characters. */
const MAX_DOCTYPE = 512;

/** W3C's own declarations, which editors write and which define nothing a badge needs. */
const W3C_DOCTYPE =
  /^\s+(\w+:)?svg(\s+PUBLIC\s+(["'])-\/\/W3C\/\/[^"']*\3\s+(["'])https?:\/\/www\.w3\.org\/[^"'\s]*\4)?\s*$/i;

/** Entity bombs and external entities both start in a document type declaration (OB20-SVG-10). */
function checkDoctype(doctype: string): void {
  if (doctype.length <= MAX_DOCTYPE && W3C_DOCTYPE.test(doctype)) return;
  stop("svg-doctype", "The file defines entities or names a foreign DTD. Remove its DOCTYPE.");
}
