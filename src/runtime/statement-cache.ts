// Statements of the embedded database, compiled once and used again.
import type Libsql from "libsql";
import type { Value } from "../db/database.ts";

type Native = InstanceType<typeof Libsql>;

/** The native binding prints objects it returns; a raw row is an array in column order. */
interface Prepared {
  raw(on: boolean): unknown;
  all(params: readonly Value[]): Value[][];
  get(params: readonly Value[]): Value[] | undefined;
  run(params: readonly Value[]): { changes: number };
  readonly reader: boolean;
}

/**
 * One statement of a connection, compiled when it is first used; throws the binding's errors then.
 *
 * The binding makes a statement ready for other values before `all` and `run`, but after `get`, and not
 * after one that failed. Asked so where it is not ready, `get` says nothing and answers by the values of
 * the call before, which may be somebody else's. So `get` has a statement of its own. After a failure it
 * is asked once more, by `all`, and then let go: where another process had the lock it stands in the
 * middle of its step, and until it is done what the connection reads next is all that it sees.
 */
export class Compiled {
  readonly #native: Native;
  readonly #sql: string;
  #many: Prepared | undefined;
  #one: Prepared | undefined;
  /** Of `#one`: the last time it was asked. */
  #hasFailed = false;
  #isReader = false;

  constructor(native: Native, sql: string) {
    this.#native = native;
    this.#sql = sql;
  }

  /** Whether rows come of it. */
  get reader(): boolean {
    this.#forMany();
    return this.#isReader;
  }

  all(params: readonly Value[]): Value[][] {
    return this.#forMany().all(params);
  }

  run(params: readonly Value[]): { changes: number } {
    return this.#forMany().run(params);
  }

  /** The first row alone, which is found sooner: `all` looks for a hundred at a time. */
  get(params: readonly Value[]): Value[] | undefined {
    this.#one ??= this.#compiled();
    if (this.#hasFailed) {
      const [first] = this.#one.all(params);
      this.#one = undefined;
      this.#hasFailed = false;
      return first;
    }
    this.#hasFailed = true;
    const row = this.#one.get(params);
    this.#hasFailed = false;
    return row;
  }

  #forMany(): Prepared {
    this.#many ??= this.#compiled();
    return this.#many;
  }

  #compiled(): Prepared {
    const prepared = this.#native.prepare(this.#sql) as ReturnType<Native["prepare"]> & Prepared;
    this.#isReader = prepared.reader;
    if (this.#isReader) prepared.raw(true);
    return prepared;
  }
}

const MAX_PREPARED = 500;

/**
 * The statements of a connection: those used last, `MAX_PREPARED` different ones at least and twice as many
 * at most.
 */
export class StatementCache {
  readonly #native: Native;
  /** Used since the others were put aside: moving one to the end at each use would cost more. */
  #recent = new Map<string, Compiled>();
  #before: ReadonlyMap<string, Compiled> = new Map();

  constructor(native: Native) {
    this.#native = native;
  }

  get(sql: string): Compiled {
    return this.known(sql) ?? this.#kept(sql, new Compiled(this.#native, sql));
  }

  /** Undefined for one that was not asked for. */
  known(sql: string): Compiled | undefined {
    const recent = this.#recent.get(sql);
    if (recent) return recent;
    const before = this.#before.get(sql);
    return before && this.#kept(sql, before);
  }

  #kept(sql: string, compiled: Compiled): Compiled {
    if (this.#recent.size >= MAX_PREPARED) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(sql, compiled);
    return compiled;
  }

  run(sql: string): void {
    this.get(sql).run([]);
  }
}
