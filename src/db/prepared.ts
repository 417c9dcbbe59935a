// Queries that are built once for a database and run with other values each time.
import { fillPlaceholders } from "drizzle-orm";
import type { Database, Writable } from "./database.ts";

/** Building the SQL of a wide row costs more than running it, where it is done for every award. */
export function prepared<T>(build: (db: Database) => T): (db: Database) => T {
  const known = new WeakMap<Database, T>();
  return (db) => {
    const query = known.get(db) ?? build(db);
    known.set(db, query);
    return query;
  };
}

/**
 * The write with its placeholders filled. A column whose values are encoded (JSON, booleans) must
 * not be NULL through a placeholder of its own: the encoder would store NULL as something else.
 */
export function filled(write: Writable, values: Readonly<Record<string, unknown>>): Writable {
  const { sql, params } = write.toSQL();
  return { toSQL: () => ({ sql, params: fillPlaceholders(params, values) }) };
}

/** The write as SQL, built now. */
export function built(write: Writable): Writable {
  const made = write.toSQL();
  return { toSQL: () => made };
}
