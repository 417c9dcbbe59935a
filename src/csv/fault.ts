// What makes a file unreadable as rows, in words that say where and what to do.

export type CsvFaultCode =
  | "csv_too_large"
  | "csv_not_text"
  | "csv_encoding_broken"
  | "csv_empty"
  | "csv_quote_unclosed"
  | "csv_quote_misplaced"
  | "csv_cell_too_long"
  | "csv_too_many_columns"
  | "csv_too_many_rows";

export interface CsvFault {
  readonly code: CsvFaultCode;
  /** From 1, as an editor counts; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly detail: string;
  readonly fix: string;
}
