// Many rows out of one: every column as it was, but those whose value is said in SQL by the row's number.
import type { Env } from "../src/env.ts";

export interface Series {
  readonly count: number;
  /** The condition that finds the one row, or the few, that each number is made of. */
  readonly of: string;
}

/** SQL by column; `n` is the number from 0, `template` the row. */
export type Over = Readonly<Record<string, string>>;

const SPAN_MS = 2 * 365 * 86_400_000;
/** Room for what was made after the last of them. */
const REST_MS = 3_600_000;

export interface Multiplier {
  /** Every row that `series.of` finds, once for each number. */
  multiply(table: string, series: Series, over: Over): Promise<void>;
  /** SQL for the moment of a number: `many` of them go through the two years before now. */
  at(number?: string): string;
  /** SQL for a UUIDv7 of that moment, the same for the same kind and numbers. */
  id(kind: string, number?: string, own?: string): string;
}

export function multiplier({ db, now }: Env, many: number): Multiplier {
  const start = now() - SPAN_MS - REST_MS;
  const at = (number = "n") => `(${start} + (${number}) * ${Math.floor(SPAN_MS / many)})`;
  return {
    at,
    id(kind, number = "n", own = number) {
      const time = at(number);
      return `printf('%08x-%04x-7000-8000-%s%08x', ${time} >> 16, ${time} & 65535, '${tagOf(kind)}', ${own})`;
    },
    async multiply(table, { count, of }, over) {
      const info = await db.read({ sql: "SELECT name FROM pragma_table_info(?)", params: [table] });
      const columns = info.rows.map(([name]) => String(name));
      const values = columns.map((column) => over[column] ?? `template."${column}"`);
      const sql = `WITH RECURSIVE numbers (n) AS (
          SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})
        INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")})
        SELECT ${values.join(", ")} FROM numbers
        CROSS JOIN (SELECT * FROM ${table} WHERE ${of}) template`;
      await db.batch([{ sql, params: [] }]);
    },
  };
}

/** Four digits of a word. */
function tagOf(kind: string): string {
  let state = 0;
  for (const sign of kind) state = (Math.imul(state, 31) + (sign.codePointAt(0) ?? 0)) & 0xffff;
  return state.toString(16).padStart(4, "0");
}

/** SQL for one of the values, in turn. */
export function oneOf(values: readonly (string | null)[], number = "n"): string {
  const cases = values.map(
    (value, i) => `WHEN ${i} THEN ${value === null ? "NULL" : `'${value}'`}`,
  );
  return `(CASE (${number}) % ${values.length} ${cases.join(" ")} END)`;
}
