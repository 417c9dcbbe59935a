// From a text to its records, after RFC 4180, and as forgiving as the programs that write such files are loose.
import type { CsvFault } from "./fault.ts";
import { MAX_CELL_LENGTH, MAX_COLUMNS } from "./limits.ts";

export const DELIMITERS = [",", ";", "\t"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** One record: its cells as they were written, without their quotes. */
export interface CsvRecord {
  /** Where it begins, from 1, as an editor counts. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Records =
  | { readonly ok: true; readonly records: readonly CsvRecord[] }
  | { readonly ok: false; readonly fault: CsvFault };

export interface ReadFrom {
  /** An index into the text. */
  readonly at: number;
  /** The line it is on. */
  readonly line: number;
}

interface Cell {
  readonly value: string;
  /** The index after it. */
  readonly end: number;
}

/**
 * At most `most` records that begin before `until`, in one pass. Lines end with CR, LF or both;
 * those without any content are left out. A quote opens a cell only at its beginning, blanks aside; inside it is doubled.
 */
export function readRecords(
  text: string,
  delimiter: Delimiter,
  most: number,
  from: ReadFrom = { at: 0, line: 1 },
  until = text.length,
): Records {
  const records: CsvRecord[] = [];
  let { at, line } = from;
  while (at < until && records.length < most) {
    if (text[at] === "\n" || text[at] === "\r") {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      line++;
      continue;
    }
    const begins = line;
    const cells: string[] = [];
    for (let ends = false; !ends; ) {
      const cell = readCell(text, at, delimiter, line);
      if ("code" in cell) return { ok: false, fault: cell };
      if (cells.push(cell.value) > MAX_COLUMNS) return { ok: false, fault: tooWide(begins) };
      line += breaksIn(text, at, cell.end);
      ends = text[cell.end] !== delimiter;
      at = cell.end + 1;
      if (ends && text[cell.end] === "\r" && text[at] === "\n") at++;
    }
    line++;
    if (cells.some((cell) => cell.trim() !== "")) records.push({ line: begins, cells });
  }
  return { ok: true, records };
}

/** Reads no further than a cell may be long: a whole file that is one cell is not gone through. */
function readCell(text: string, at: number, delimiter: Delimiter, line: number): Cell | CsvFault {
  const open = skipBlanks(text, at);
  return text[open] === '"'
    ? quoted(text, open, delimiter, line)
    : plain(text, at, delimiter, line);
}

function plain(text: string, at: number, delimiter: Delimiter, line: number): Cell | CsvFault {
  const most = Math.min(text.length, at + MAX_CELL_LENGTH);
  let end = at;
  while (end < most && !ends(text[end] ?? "", delimiter)) end++;
  if (end < text.length && !ends(text[end] ?? "", delimiter)) return tooLong(line);
  return { value: text.slice(at, end), end };
}

function quoted(text: string, open: number, delimiter: Delimiter, line: number): Cell | CsvFault {
  let value = "";
  for (let from = open + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return unclosed(line);
    if (value.length + quote - from > MAX_CELL_LENGTH) return tooLong(line);
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const end = skipBlanks(text, quote + 1);
      if (end < text.length && !ends(text[end] ?? "", delimiter)) {
        return misplaced(line + breaksIn(text, open, quote));
      }
      return { value, end };
    }
    value += '"';
    from = quote + 2;
  }
}

function ends(unit: string, delimiter: Delimiter): boolean {
  return unit === delimiter || unit === "\n" || unit === "\r";
}

/** As many as a cell may have. */
function skipBlanks(text: string, at: number): number {
  const most = at + MAX_CELL_LENGTH;
  let next = at;
  while (next < most && text[next] === " ") next++;
  return next;
}

function breaksIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    if (text[i] === "\n" || (text[i] === "\r" && text[i + 1] !== "\n")) count++;
  }
  return count;
}

function tooLong(line: number): CsvFault {
  return {
    code: "csv_cell_too_long",
    line,
    detail: `Line ${line} has a cell of more than ${MAX_CELL_LENGTH} characters.`,
    fix: `Shorten it to at most ${MAX_CELL_LENGTH}; if it looks short, a quote before it is not closed.`,
  };
}

function unclosed(line: number): CsvFault {
  return {
    code: "csv_quote_unclosed",
    line,
    detail: `On line ${line} a quote opens a cell that is never closed.`,
    fix: "Close it with a quote at the end of the cell; within a cell write a quote twice.",
  };
}

function misplaced(line: number): CsvFault {
  return {
    code: "csv_quote_misplaced",
    line,
    detail: `On line ${line} a quoted cell goes on after its closing quote.`,
    fix: "Within a quoted cell write each quote twice, or take the quotes away.",
  };
}

function tooWide(line: number): CsvFault {
  return {
    code: "csv_too_many_columns",
    line,
    detail: `Line ${line} has more than ${MAX_COLUMNS} cells.`,
    fix: `Remove columns that are not needed; at most ${MAX_COLUMNS} are read.`,
  };
}
