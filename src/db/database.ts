// The database as the rooms see it: a typed query builder for reading, and one atomic way to write.
import { drizzle, type SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";

export type Value = string | number | bigint | null | Uint8Array;

/** SQL text with its parameters, in order. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly Value[];
}

/** `rows` holds values in column order; empty for statements that return none. */
export interface StatementResult {
  readonly rows: readonly (readonly Value[])[];
  readonly rowsAffected: number;
}

/** What a runtime provides: an embedded file, or a libSQL server over HTTP. */
export interface Engine {
  /**
   * Runs one statement that changes nothing. Where one row is all that is wanted, which an embedded
   * file has sooner, others may be missing. Rejects with a DatabaseError.
   */
  read(statement: Statement, wanted?: "one"): Promise<StatementResult>;
  /**
   * Runs the statements in one transaction: all or none, in order, durable once it resolves.
   * Rejects with a DatabaseError. Nothing was written then, except that after `unreachable` nobody
   * can know: ask again with the same ids, or look.
   */
  write(statements: readonly Statement[]): Promise<readonly StatementResult[]>;
  close(): Promise<void>;
}

/** Anything drizzle can turn into SQL: an insert, an update, a delete, a select. */
export interface Writable {
  toSQL(): { sql: string; params: unknown[] };
}

export interface Database {
  /** Builds typed queries; awaiting one reads. Writes are built here and handed to `batch`. */
  readonly orm: SqliteRemoteDatabase;
  /**
   * Writes everything in one transaction: all or none, durable once it resolves. There is no
   * other way to write: it is the one atomic primitive that an embedded file, libSQL over HTTP and
   * D1 have in common, so a decision that depends on what is stored is part of the SQL.
   * Rejects with a DatabaseError. Nothing was written then, except that after `unreachable` nobody
   * can know: ask again with the same ids, or look.
   */
  batch(writes: readonly (Writable | Statement)[]): Promise<readonly StatementResult[]>;
  /** Reads with SQL of its own, for what the query builder cannot say. */
  read(statement: Statement): Promise<StatementResult>;
  /** The first row of the same; undefined where there is none. */
  readOne(statement: Statement): Promise<readonly Value[] | undefined>;
  close(): Promise<void>;
}

function isBuilt(write: Writable | Statement): write is Statement {
  return "sql" in write && "params" in write && !("toSQL" in write);
}

/** The parameters drizzle built are already what the driver takes. */
function toStatement(write: Writable | Statement): Statement {
  if (isBuilt(write)) return write;
  const { sql, params } = write.toSQL();
  return { sql, params: params as Value[] };
}

export function createDatabase(engine: Engine): Database {
  const orm = drizzle(async (sql, params, method) => {
    if (method === "run") throw new TypeError("Writes go through Database.batch");
    const statement = { sql, params: params as Value[] };
    // For `get`, drizzle's proxy wants the one row itself; no row is `undefined`, which its type omits.
    const wanted = method === "get" ? "one" : undefined;
    const { rows } = await engine.read(statement, wanted);
    return { rows: (wanted === "one" ? rows[0] : rows) as unknown[] };
  });
  return {
    orm,
    batch: (writes) => engine.write(writes.map(toStatement)),
    read: (statement) => engine.read(statement),
    readOne: async (statement) => (await engine.read(statement, "one")).rows[0],
    close: () => engine.close(),
  };
}
