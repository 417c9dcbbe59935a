// Writes rows as comma-separated values that no spreadsheet takes for formulas.
import type { Delimiter } from "./records.ts";

/** What spreadsheets begin a formula with, or strip before they look for one. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /["\r\n,;\t]|^ | $/;

/** Tells programs that the file is UTF-8; they guess otherwise. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** One record with its line end (RFC 4180, section 2). */
export function csvLine(cells: readonly string[], delimiter: Delimiter): string {
  return `${cells.map(written).join(delimiter)}\r\n`;
}

function written(cell: string): string {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a cell was before it was written so: a result that was sent again means what it meant at first. */
export function unescaped(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
