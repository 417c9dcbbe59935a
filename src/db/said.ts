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

/** A table that a statement is given. */
export interface SaidTable {
  readonly name: string;
  /** Separated by a comma and a space. */
  readonly columns: string;
  /** Read often by the statement, so that what is in JSON is kept once read. Values are at hand. */
  readonly isReadOften?: true;
}

/**
 * A statement that reads tables it is given, in the order of `tables`, before its other params. A text
 * is written once for each number of values there can be: SQLite and whoever keeps compiled statements
 * know it again by being the same.
 */
export function withSaid<const T extends readonly SaidTable[]>(
  tables: T,
  statement: string,
): (rows: { readonly [K in keyof T]: readonly Value[][] }, more: readonly Value[]) => Statement {
  const texts = new Map<number, string>();
  return (rows, more) => {
    const params: Value[] = [];
    let which = 0;
    for (const each of rows) {
      const values = valuesOf(each);
      which = which * (MOST_VALUES + 1) + values;
      if (values === 0) params.push(JSON.stringify(each));
      else for (const row of each) params.push(...row);
    }
    let sql = texts.get(which);
    if (sql === undefined) {
      const given = tables.map((table, i) => written(table, valuesOf(rows[i] ?? [])));
      sql = `WITH ${given.join(", ")} ${statement}`;
      texts.set(which, sql);
    }
    params.push(...more);
    return { sql, params };
  };
}

/** How many rows are values of their own; none where all of them are JSON. */
function valuesOf(rows: readonly unknown[]): number {
  return rows.length <= MOST_VALUES ? rows.length : 0;
}

function written({ name, columns, isReadOften }: SaidTable, values: number): string {
  const kept = isReadOften && values === 0 ? "MATERIALIZED" : "NOT MATERIALIZED";
  const head = `${name} (${columns}) AS ${kept}`;
  const each = columns.split(", ");
  if (values === 0) {
    return `${head} (SELECT ${each.map((_, i) => `value->>${i}`).join(", ")} FROM json_each(?))`;
  }
  const row = `(${each.map(() => "?").join(", ")})`;
  return `${head} (VALUES ${Array.from({ length: values }, () => row).join(", ")})`;
}
