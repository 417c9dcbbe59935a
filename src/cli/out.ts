// Writes to the terminal, or to whatever standard output and standard error lead to.
import type { Out } from "./verb.ts";

/** Where nobody watches a line being rewritten, every so many progress reports are printed. */
const PLAIN_EVERY = 50;

export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function createOut(json: boolean, { stdout, stderr }: Streams): Out {
  let reports = 0;
  let open = false;
  return {
    json,
    watched: stderr.isTTY === true,
    line: (text) => {
      if (!json) stdout.write(`${text}\n`);
    },
    document: (value) => {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    record: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    recordText: (text) => {
      if (json) stdout.write(`${text}\n`);
    },
    progress: (text) => {
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${text}`);
        open = true;
      } else if (reports++ % PLAIN_EVERY === 0) {
        stderr.write(`${text}\n`);
      }
    },
    progressDone: () => {
      if (open) stderr.write("\r\x1b[K");
      open = false;
    },
    error: (text) => stderr.write(`${text}\n`),
  };
}

/** Columns as wide as their longest cell; the last one runs on. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
