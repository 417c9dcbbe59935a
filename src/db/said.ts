// Rows and texts that a statement is given as a table: a few as values, any number as JSON.
import type { Statement, Value } from "./database.ts";

/** Texts to look up, as a table with the column `value`; one by itself, which costs less than JSON. */
export function soughtAmong(texts: readonly string[]): Statement {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) {
    return { sql: "(SELECT ? AS value)", params: [only] };
  }
  return { sql: "json_each(?)", params: [JSON.stringify(texts)] };
}

/** So few rows are values of their own, which costs less than JSON; each number of them is a text. */
const MOST_VALUES = 4;

/** Rows that a statement reads as a table, as part of its `WITH`; kept where it reads them often. */
export function said(
  name: string,
  columns: string,
  rows: readonly Value[][],
  kept: "MATERIALIZED" | "NOT MATERIALIZED" = "NOT MATERIALIZED",
): Statement {
  const each = columns.split(", ");
  if (rows.length > 0 && rows.length <= MOST_VALUES) {
    const row = `(${each.map(() => "?").join(", ")})`;
    const values = rows.map(() => row).join(", ");
    return { sql: `${name} (${columns}) AS ${kept} (VALUES ${values})`, params: rows.flat() };
  }
  const values = each.map((_, i) => `value->>${i}`).join(", ");
  return {
    sql: `${name} (${columns}) AS ${kept} (SELECT ${values} FROM json_each(?))`,
    params: [JSON.stringify(rows)],
  };
}
