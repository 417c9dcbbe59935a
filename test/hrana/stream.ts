// One client's stream: a connection to the database, and the statements it asks for, in order.
import Libsql from "libsql";
import {
  type BatchOutcome,
  fromWire,
  HranaError,
  type NativeValue,
  type StatementOutcome,
  toWire,
  type WireCondition,
  type WireError,
  type WireRequest,
  type WireStatement,
  type WireStep,
} from "./protocol.ts";

export type Connection = InstanceType<typeof Libsql>;

/** Another stream's lock is waited for without stopping the event loop. */
const LOCK_RETRY_MS = 3;

/** A test's database survives nothing anyway, so it waits for no disk. */
export function connect(path: string): Connection {
  const connection = new Libsql(path, { timeout: 0 });
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = OFF");
  connection.exec("PRAGMA foreign_keys = ON");
  return connection;
}

export class Stream {
  readonly connection: Connection;
  readonly #lockWaitMs: number;
  readonly #sql = new Map<number, string>();

  constructor(connection: Connection, lockWaitMs: number) {
    this.connection = connection;
    this.#lockWaitMs = lockWaitMs;
  }

  /** Answers one request. Throws HranaError. */
  async answer(request: WireRequest): Promise<unknown> {
    switch (request.type) {
      case "execute":
        return { type: "execute", result: await this.#execute(request.stmt) };
      case "batch":
        return { type: "batch", result: await this.#batch(request.batch.steps) };
      case "sequence": {
        const sql = this.#textOf(request);
        await this.#patiently(() => this.connection.exec(sql));
        return { type: "sequence" };
      }
      case "store_sql":
        this.#sql.set(request.sql_id, request.sql);
        return { type: "store_sql" };
      case "close_sql":
        this.#sql.delete(request.sql_id);
        return { type: "close_sql" };
      case "get_autocommit":
        return { type: "get_autocommit", is_autocommit: !this.connection.inTransaction };
      case "close":
        return { type: "close" };
      default:
        throw new HranaError("HRANA_PROTO_ERROR", "unknown type of request");
    }
  }

  #textOf(statement: { readonly sql?: string; readonly sql_id?: number }): string {
    const text = statement.sql ?? this.#sql.get(statement.sql_id ?? -1);
    if (text === undefined) throw new HranaError("SQL_NOT_FOUND", "SQL text not found");
    // A real server reads it with a grammar of its own, which knows the one only behind the other.
    if (/\bhaving\b/i.test(text) && !/\bgroup by\b/i.test(text)) {
      throw new HranaError("SQL_PARSE_ERROR", "HAVING without GROUP BY");
    }
    return text;
  }

  async #batch(steps: readonly WireStep[]): Promise<BatchOutcome> {
    const results: (StatementOutcome | null)[] = [];
    const errors: (WireError | null)[] = [];
    for (const step of steps) {
      let result: StatementOutcome | null = null;
      let error: WireError | null = null;
      if (!step.condition || this.#holds(step.condition, results, errors)) {
        try {
          result = await this.#execute(step.stmt);
        } catch (cause) {
          if (!(cause instanceof HranaError)) throw cause;
          error = cause.toWire();
        }
      }
      results.push(result);
      errors.push(error);
    }
    return { step_results: results, step_errors: errors };
  }

  #holds(
    condition: WireCondition,
    results: readonly unknown[],
    errors: readonly unknown[],
  ): boolean {
    switch (condition.type) {
      case "ok":
        return Boolean(results[condition.step]);
      case "error":
        return Boolean(errors[condition.step]);
      case "not":
        return !this.#holds(condition.cond, results, errors);
      case "and":
        return condition.conds.every((cond) => this.#holds(cond, results, errors));
      case "or":
        return condition.conds.some((cond) => this.#holds(cond, results, errors));
      case "is_autocommit":
        return !this.connection.inTransaction;
    }
  }

  #execute(statement: WireStatement): Promise<StatementOutcome> {
    const sql = this.#textOf(statement);
    return this.#patiently(() => this.#run(sql, statement));
  }

  #run(sql: string, statement: WireStatement): StatementOutcome {
    const prepared = this.connection.prepare(sql);
    const params = parametersOf(statement);
    if (!prepared.reader) {
      const { changes, lastInsertRowid } = prepared.run(params);
      return {
        cols: [],
        rows: [],
        affected_row_count: changes,
        last_insert_rowid: String(lastInsertRowid),
      };
    }
    const before = this.#counters();
    const rows = prepared.raw(true).safeIntegers(true).all(params) as NativeValue[][];
    const after = this.#counters();
    return {
      cols: prepared.columns().map(({ name, type }) => ({ name, decltype: type })),
      rows: statement.want_rows === false ? [] : rows.map((row) => row.map(toWire)),
      affected_row_count: after.total === before.total ? 0 : after.last,
      last_insert_rowid: after.rowid,
    };
  }

  #counters(): { last: number; total: number; rowid: string } {
    const row = this.connection
      .prepare("SELECT changes(), total_changes(), last_insert_rowid()")
      .raw(true)
      .get([]) as number[];
    const [last, total, rowid] = row;
    return { last: Number(last), total: Number(total), rowid: String(rowid) };
  }

  /** Tries again while another stream holds the lock. */
  async #patiently<T>(work: () => T): Promise<T> {
    const giveUp = performance.now() + this.#lockWaitMs;
    for (;;) {
      try {
        return work();
      } catch (cause) {
        const { code, message } = nativeError(cause);
        if (code !== "SQLITE_BUSY" || performance.now() >= giveUp) {
          // As libSQL's own server says it: the primary code, and SQLite's words.
          throw new HranaError(
            code.replace(/^(SQLITE_CONSTRAINT|SQLITE_IOERR|SQLITE_BUSY)_.*/, "$1"),
            `SQLite error: ${message}`,
          );
        }
      }
      await new Promise((done) => setTimeout(done, LOCK_RETRY_MS));
    }
  }
}

function nativeError(cause: unknown): { code: string; message: string } {
  if (!(cause instanceof Error)) throw cause;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "SQLITE_ERROR";
  return { code, message: cause.message };
}

function parametersOf(statement: WireStatement) {
  const named = statement.named_args ?? [];
  if (named.length === 0) return (statement.args ?? []).map(fromWire);
  return Object.fromEntries(
    named.map(({ name, value }) => [name.replace(/^[:@$]/, ""), fromWire(value)]),
  );
}
