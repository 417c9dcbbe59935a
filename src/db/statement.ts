// SQL that drizzle composed, as a statement by itself.
import type { SQL } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import type { Statement, Value } from "./database.ts";

const DIALECT = new SQLiteAsyncDialect();

/** SQL as the database takes it. */
export function statement(query: SQL): Statement {
  const { sql: text, params } = DIALECT.sqlToQuery(query);
  return { sql: text, params: params as Value[] };
}
