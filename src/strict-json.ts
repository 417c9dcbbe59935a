// Reads JSON that can mean only one thing: no duplicate names, bounded depth, nothing lost in storage.

/** Levels of objects and arrays within one another. */
export const MAX_DEPTH = 32;

/** Whether a value has members by name: no list, and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export type JsonFault =
  | "syntax"
  | "too_deep"
  | "duplicate_name"
  | "unsafe_name"
  | "lone_surrogate"
  | "number_out_of_range";

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly fault: JsonFault;
      /** Index into the text, in UTF-16 units; null where the parser does not tell. */
      readonly at: number | null;
      /** The name that occurs twice or is not accepted. */
      readonly name?: string;
    };

interface Fault {
  readonly ok: false;
  readonly fault: JsonFault;
  readonly at: number;
  readonly name?: string;
}

/**
 * Parses a JSON text (RFC 8259), and refuses what section 4 leaves to chance: duplicate names, of
 * which parsers keep the first, the last or both. Time is linear in the text's length.
 */
export function parseStrictJson(text: string): StrictJson {
  const value = parsed(text);
  if (value !== undefined && isUnequivocal(text, value)) return { ok: true, value };
  // Lexical only: for text that is not JSON it may find nothing.
  const fault = scan(text);
  if (fault) return fault;
  return value === undefined ? { ok: false, fault: "syntax", at: null } : { ok: true, value };
}

/** Undefined, which no JSON says, for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes of halves of characters, whole pairs included: `scan` tells them apart. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Whether nothing can be the matter: of names written twice the parser keeps one, so as many were
 * written as were kept. Several times as fast as the scan that tells what it is.
 */
function isUnequivocal(text: string, value: unknown): boolean {
  const escaped = text.includes("\\u") && SURROGATE_ESCAPE.test(text);
  return !escaped && namesKept(value, 0) === namesWritten(text);
}

/** How many names a parsed value has in all; NaN where it holds what is not accepted. */
function namesKept(value: unknown, depth: number): number {
  if (typeof value === "number") return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== "object" || value === null) return 0;
  if (depth === MAX_DEPTH) return Number.NaN;
  let kept = 0;
  if (Array.isArray(value)) {
    for (const one of value) kept += namesKept(one, depth + 1);
    return kept;
  }
  const members = value as Readonly<Record<string, unknown>>;
  // What a parser makes has names of its own only.
  for (const name in members) {
    kept += name === "__proto__" ? Number.NaN : 1 + namesKept(members[name], depth + 1);
  }
  return kept;
}

/** In a text that is JSON a colon outside of strings follows each name, and stands nowhere else. */
function namesWritten(text: string): number {
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === COLON) written++;
    else if (unit === QUOTE) i = closingQuote(text, i);
  }
  return written;
}

/** Of a string that does close. */
function closingQuote(text: string, opening: number): number {
  let at = opening;
  for (;;) {
    at = text.indexOf('"', at + 1);
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Walks strings, numbers and brackets; an object's names are those strings that a name may be. */
function scan(text: string): Fault | null {
  /** Names seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let nameMayFollow = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      const end = endOfString(text, i);
      const fault = faultInString(text, i, end);
      if (fault) return fault;
      const names = nameMayFollow ? open.at(-1) : null;
      if (names) {
        const taken = takeName(text.slice(i, end), names, i);
        if (taken) return taken;
      }
      nameMayFollow = false;
      i = end - 1;
    } else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
      if (open.length === MAX_DEPTH) return { ok: false, fault: "too_deep", at: i };
      open.push(unit === OPEN_OBJECT ? new Set() : null);
      nameMayFollow = unit === OPEN_OBJECT;
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) {
      open.pop();
      nameMayFollow = false;
    } else if (unit === COMMA) {
      nameMayFollow = true;
    } else if (isNumberStart(unit)) {
      const end = endOfNumber(text, i);
      if (Math.abs(Number(text.slice(i, end))) === Number.POSITIVE_INFINITY) {
        return { ok: false, fault: "number_out_of_range", at: i };
      }
      i = end - 1;
    }
  }
  return null;
}

/** Index after the closing quote, or the text's length where there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === BACKSLASH) i++;
    else if (unit === QUOTE) return i + 1;
  }
  return text.length;
}

const SURROGATE_ESCAPES =
  /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\./g;

/** Half a character cannot be stored as UTF-8: it would come back as another. */
function faultInString(text: string, start: number, end: number): Fault | null {
  const literal = text.slice(start, end);
  if (!literal.includes("\\")) return null;
  for (const match of literal.matchAll(SURROGATE_ESCAPES)) {
    if (match[0].length === 6) {
      return { ok: false, fault: "lone_surrogate", at: start + match.index };
    }
  }
  return null;
}

function takeName(literal: string, names: Set<string>, at: number): Fault | null {
  const name = nameOf(literal);
  if (name === null) return null;
  // Assigning this name elsewhere changes an object's prototype instead of adding a member.
  if (name === "__proto__") return { ok: false, fault: "unsafe_name", at, name };
  if (names.has(name)) return { ok: false, fault: "duplicate_name", at, name };
  names.add(name);
  return null;
}

/** The same name can be written in several ways: `"a"` and `"\u0061"`. */
function nameOf(literal: string): string | null {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return null;
  }
}

function isNumberStart(unit: number): boolean {
  return unit === 0x2d || (unit >= 0x30 && unit <= 0x39);
}

function endOfNumber(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length) {
    const unit = text.charCodeAt(i);
    const inNumber =
      isNumberStart(unit) || unit === 0x2e || unit === 0x2b || unit === 0x45 || unit === 0x65;
    if (!inNumber) break;
    i++;
  }
  return i;
}
