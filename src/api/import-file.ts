// The files of an import: the one that is sent, and the one that says what became of it.
import { MAX_CELL_LENGTH } from "../csv/limits.ts";
import { type ReadAs, readCsv } from "../csv/read.ts";
import type { CsvRecord } from "../csv/records.ts";
import { BYTE_ORDER_MARK, csvLine } from "../csv/write.ts";
import {
  type Import,
  type ImportColumn,
  type NewRow,
  type Reading,
  rowsAfter,
} from "../db/imports.ts";
import type { Env } from "../env.ts";
import { formOf } from "../request-body.ts";
import { invalid } from "./faults.ts";
import { type ColumnsAsked, columnsOf, RESULT_COLUMNS } from "./import-columns.ts";
import type { Upload } from "./operation.ts";

export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const UNNAMED = "import.csv";
const MAX_FILE_NAME = 255;

/** Throws a Problem: `form-malformed`, or `invalid-request` for a form without the file. */
export async function fileOf(upload: Upload, name: string | undefined): Promise<SentFile> {
  if (upload.mediaType !== "multipart/form-data") {
    return { name: name ?? UNNAMED, bytes: upload.bytes };
  }
  const file = (await formOf(upload)).get("file");
  if (file instanceof File) {
    const named = name ?? (file.name.slice(0, MAX_FILE_NAME) || UNNAMED);
    return { name: named, bytes: new Uint8Array(await file.arrayBuffer()) };
  }
  throw invalid([
    {
      pointer: "/file",
      code: "required",
      detail: "The form has no file part called `file`.",
      fix: "Send the file as the part `file`: curl -F file=@people.csv …",
    },
  ]);
}

/** The rows of a file, and how it was read. Throws an `invalid-request` Problem that names lines. */
export function rowsOf(
  bytes: Uint8Array,
  asked: ColumnsAsked,
  as: ReadAs = {},
): { readonly reading: Reading; readonly rows: readonly NewRow[] } {
  const file = readCsv(bytes, as);
  if (!file.ok) {
    const { code, detail, fix } = file.fault;
    throw invalid([{ pointer: "", code, detail, fix }]);
  }
  const { encoding, delimiter, heading } = file;
  const read = columnsOf(heading, asked);
  if (!read.ok) throw invalid(read.errors);
  if (file.rows.length === 0) {
    const detail = "The file has a heading and no rows.";
    const fix = "Add a line for each award.";
    throw invalid([{ pointer: "", code: "csv_no_rows", detail, fix }]);
  }
  const { columns } = read;
  return {
    reading: { encoding, delimiter, columns },
    rows: file.rows.map((row) => ({ line: row.line, values: valuesOf(columns, row) })),
  };
}

/** Empty cells are not kept; what stands beyond the heading is, under no name. */
function valuesOf(columns: readonly ImportColumn[], { cells }: CsvRecord): NewRow["values"] {
  const beyond = cells.slice(columns.length).filter((cell) => cell.trim() !== "");
  const named = columns.flatMap(({ name }, i): [string, string][] => {
    const cell = cells[i] ?? "";
    return cell === "" ? [] : [[name, cell]];
  });
  const rest: [string, string][] =
    beyond.length === 0 ? [] : [["", beyond.join(" ").slice(0, MAX_CELL_LENGTH)]];
  return Object.fromEntries([...named, ...rest]);
}

/** Rows that are read at once. */
const PIECE_ROWS = 1_000;

/**
 * The file as it was sent, with what became of each row; UTF-8, under the delimiter it came with. It
 * can be corrected and sent again. No cell of it is a formula.
 */
export async function* resultOf(env: Env, { id, reading }: Import): AsyncGenerator<string> {
  const { columns, delimiter } = reading;
  const names = columns
    .map(({ name }) => name)
    .filter((name) => !RESULT_COLUMNS.some((own) => own === name));
  yield BYTE_ORDER_MARK + csvLine([...names, ...RESULT_COLUMNS], delimiter);
  for (let after = 0; ; ) {
    const rows = await rowsAfter(env.db, id, after, PIECE_ROWS);
    const lines = rows.map(({ row, hash }) => {
      const cells = names.map((name) => (Object.hasOwn(row.values, name) ? row.values[name] : ""));
      const reason = row.field === null ? row.detail : `${row.field}: ${row.detail}`;
      const page = hash === null ? "" : env.urls.badgePage(hash);
      const result = [row.outcome, row.code, reason, page];
      return csvLine(
        [...cells, ...result].map((cell) => cell ?? ""),
        delimiter,
      );
    });
    if (lines.length > 0) yield lines.join("");
    const last = rows.at(-1);
    if (last === undefined || rows.length < PIECE_ROWS) return;
    after = last.row.line;
  }
}

/** Of a packed file, so that every database takes it in one statement; larger ones are not kept. */
export const MAX_KEPT_BYTES = 1024 * 1024;

/** The file in gzip (RFC 1952), to be read in another way; null where that is too large to be kept. */
export async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const made = await through(bytes, new CompressionStream("gzip"));
  return made.length > MAX_KEPT_BYTES ? null : made;
}

export function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new DecompressionStream("gzip"));
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const read = new Response(new Blob([bytes]).stream().pipeThrough(stream));
  return new Uint8Array(await read.arrayBuffer());
}
