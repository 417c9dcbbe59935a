// Which character separates the cells of a file: the one under which its first lines make a table.
import { DELIMITERS, type Delimiter, type ReadFrom, readRecords } from "./records.ts";

/** Records that are looked at, and how far into the text. */
const SAMPLE = 20;
const SAMPLE_UNITS = 65_536;

const START: ReadFrom = { at: 0, line: 1 };

export interface FoundDelimiter {
  readonly delimiter: Delimiter;
  /** Where the heading begins. */
  readonly from: ReadFrom;
}

/**
 * By the line `sep=;` that spreadsheets write and heed; else the candidate that gives the heading
 * the most cells among those under which the most of the next lines have as many. A comma where
 * there is one column only. `wanted` where somebody knows better.
 */
export function delimiterOf(text: string, wanted?: Delimiter): FoundDelimiter {
  const declared = /^sep=([,;\t])(\r\n|\r|\n)/i.exec(text);
  if (declared) {
    const delimiter = wanted ?? (declared[1] as Delimiter);
    return { delimiter, from: { at: declared[0].length, line: 2 } };
  }
  if (wanted !== undefined) return { delimiter: wanted, from: START };
  const ranked = DELIMITERS.map((delimiter) => ({
    delimiter,
    ...shapeUnder(text, delimiter),
  })).sort((a, b) => b.regular - a.regular || b.cells - a.cells);
  return { delimiter: ranked[0]?.delimiter ?? ",", from: START };
}

/** The share of lines as long as the heading, and its length; nothing where that is one cell. */
function shapeUnder(text: string, delimiter: Delimiter): { regular: number; cells: number } {
  const until = Math.min(text.length, SAMPLE_UNITS);
  const read = readRecords(text, delimiter, SAMPLE, START, until);
  const lengths = read.ok ? read.records.map(({ cells }) => cells.length) : [];
  const [cells = 0] = lengths;
  if (cells < 2) return { regular: 0, cells: 0 };
  return { regular: lengths.filter((length) => length === cells).length / lengths.length, cells };
}
