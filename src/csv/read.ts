// Reads a file of comma-separated values: its encoding and delimiter are found out, its limits held.
import { delimiterOf } from "./delimiter.ts";
import { type Encoding, textOf } from "./encoding.ts";
import type { CsvFault } from "./fault.ts";
import { MAX_BYTES, MAX_ROWS } from "./limits.ts";
import { type CsvRecord, type Delimiter, readRecords } from "./records.ts";

export type CsvFile =
  | {
      readonly ok: true;
      readonly encoding: Encoding;
      readonly delimiter: Delimiter;
      readonly heading: CsvRecord;
      /** Without blank ones; cells may be fewer or more than the heading has. */
      readonly rows: readonly CsvRecord[];
    }
  | { readonly ok: false; readonly fault: CsvFault };

/** How a file is to be read, where that is not to be found out. */
export interface ReadAs {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
}

/** Never throws, whatever the bytes are. RFC 4180. */
export function readCsv(bytes: Uint8Array, as: ReadAs = {}): CsvFile {
  if (bytes.length > MAX_BYTES) {
    const fix = `Split it into files of at most ${MAX_BYTES} bytes.`;
    return refused("csv_too_large", `The file has ${bytes.length} bytes.`, fix);
  }
  const decoded = textOf(bytes, as.encoding);
  if (!decoded.ok) return decoded;
  const { text, encoding } = decoded;
  const { delimiter, from } = delimiterOf(text, as.delimiter);
  // The heading, and one row too many to tell a file that is too long.
  const read = readRecords(text, delimiter, MAX_ROWS + 2, from);
  if (!read.ok) return read;
  const [heading, ...rows] = read.records;
  if (heading === undefined) {
    return refused("csv_empty", "The file is empty.", "Send a heading and a line for each row.");
  }
  if (rows.length > MAX_ROWS) {
    const fix = `Split it into files of at most ${MAX_ROWS} rows, each with the heading.`;
    return refused("csv_too_many_rows", `The file has more than ${MAX_ROWS} rows.`, fix);
  }
  return { ok: true, encoding, delimiter, heading, rows };
}

function refused(code: CsvFault["code"], detail: string, fix: string): CsvFile {
  return { ok: false, fault: { code, line: null, detail, fix } };
}
