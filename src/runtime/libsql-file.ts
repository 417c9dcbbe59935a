// The embedded database: prepared statements on the native binding, and one queue for all writes.
import Libsql from "libsql";
import type { Engine, Statement, StatementResult, Value } from "../db/database.ts";
import { DatabaseError, toDatabaseError } from "../db/errors.ts";
import { checkpoints } from "./checkpoints.ts";
import { type ReadAhead, readAhead } from "./read-ahead.ts";
import { Compiled, StatementCache } from "./statement-cache.ts";

/** The wait for another process's lock stops the event loop, so it is short and we retry instead. */
const BUSY_TIMEOUT_MS = 50;
/** The wait at the start, when nothing else is to be done: a rival may be making the file or mending it. */
const OPEN_TIMEOUT_MS = 5_000;
/** How long a write keeps trying before its caller hears `busy`. */
const BUSY_GIVE_UP_MS = 5_000;
const BUSY_RETRY_MS = 20;
/** Batches that wait together commit together, up to this many, so that reads get their turn. */
const MAX_GROUP = 128;
/** Nothing is waited for in a read, so whoever reads on and on would keep the process to themselves. */
const TURN_MS = 20;
/** Of a log this long the writer carries over itself what is left: 192 MiB. */
const LAST_RESORT_PAGES = 48_000;

type Native = InstanceType<typeof Libsql>;

interface Waiting {
  readonly statements: readonly Statement[];
  readonly resolve: (results: readonly StatementResult[]) => void;
  readonly reject: (error: DatabaseError) => void;
  readonly since: number;
}

type Outcome = { readonly results: readonly StatementResult[] } | { readonly error: DatabaseError };

/** A connection with its own settings (they belong to a connection, not to the file). */
function connect(path: string, readOnly: boolean): Native {
  const native = new Libsql(path, { timeout: OPEN_TIMEOUT_MS });
  switchToWal(native);
  native.exec("PRAGMA synchronous = FULL");
  native.exec("PRAGMA foreign_keys = ON");
  // As much as SQLite maps at most: a look-up in what is mapped copies no page.
  native.exec("PRAGMA mmap_size = 2147418112");
  native.exec("PRAGMA cache_size = -16384");
  native.exec(`PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES}`);
  if (readOnly) native.exec("PRAGMA query_only = ON");
  native.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return native;
}

/** Waits for a rival by itself: while another holds the lock, this pragma fails without the timeout. */
function switchToWal(native: Native): void {
  for (let waited = 0; ; waited += BUSY_RETRY_MS) {
    try {
      native.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (toDatabaseError(error).code !== "busy" || waited >= OPEN_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS);
    }
  }
}

/**
 * What the binding takes: it would store every number as a float, and it aborts the whole process
 * for a kind of value it does not know.
 */
function toNative(value: Value): Value {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (value === null || value instanceof Uint8Array || KINDS.has(typeof value)) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
}

const KINDS: ReadonlySet<string> = new Set(["string", "number", "bigint"]);

/** Parameters always as one array: a lone Buffer aborts the whole process in this binding. */
function rowsOf(prepared: Compiled, { params }: Statement, wanted?: "one"): Value[][] {
  const values = params.map(toNative);
  if (wanted === undefined) return prepared.all(values);
  const row = prepared.get(values);
  return row === undefined ? [] : [row];
}

/**
 * What the connection that cannot write has read once, writes nothing: from then on the writer reads
 * it. Its pages stay in memory when it commits; the other's all go with every commit that it sees.
 */
function readProven(
  reads: StatementCache,
  proven: StatementCache,
  statement: Statement,
  wanted?: "one",
): Value[][] {
  const known = proven.known(statement.sql);
  if (known) return rowsOf(known, statement, wanted);
  const rows = rowsOf(reads.get(statement.sql), statement, wanted);
  proven.get(statement.sql);
  return rows;
}

function execute(cache: StatementCache, statement: Statement): StatementResult {
  const prepared = cache.get(statement.sql);
  if (!prepared.reader) {
    const { changes } = prepared.run(statement.params.map(toNative));
    return { rows: [], rowsAffected: changes };
  }
  // A statement with RETURNING is a reader too; the binding counts what it changed for `run` only.
  const counters = cache.get("SELECT total_changes(), changes()");
  const before = counters.get([])?.[0];
  const rows = rowsOf(prepared, statement);
  const [after, changes] = counters.get([]) ?? [];
  return { rows, rowsAffected: after === before ? 0 : Number(changes) };
}

/**
 * The first damage to the structure of a file that is there, mostly in SQLite's words; null where there
 * is none. Reads every page and looks for every row in each of its indexes, on a connection of its
 * own: seconds for each GiB or minutes, as the disk is. Other words in a row it cannot know.
 */
export function damageIn(path: string): string | null {
  let native: Native | undefined;
  try {
    // Not mapped: there a page that the disk does not give up ends the process without a word.
    native = new Libsql(path, { timeout: OPEN_TIMEOUT_MS });
    const one = (sql: string) => native?.prepare(sql).raw(true).get([]) as unknown[];
    if (one("SELECT count(*) FROM sqlite_schema")[0] === 0) return "there is nothing in it";
    const words = String(one("PRAGMA integrity_check(1)")[0]);
    return words === "ok" ? null : words.replace(/^\*\*\*.*\*\*\*\n/, "").replaceAll("\n", "; ");
  } catch (error) {
    return `it cannot be read to its end (${error instanceof Error ? error.message : "unknown"})`;
  } finally {
    native?.close();
  }
}

export interface FileEngine extends Engine {
  /**
   * One row of what is committed, without a promise: for the public documents, where every microsecond
   * counts. Read by the connection that writes, which keeps the file mapped through commits of its
   * own; one that only reads lets go of all it had mapped with every commit that it sees.
   */
  prepareGet(sql: string): (params: readonly Value[]) => readonly Value[] | undefined;
  /** Another one after every commit, of this process or another. */
  version(): Value | undefined;
  /** Brings the file into memory, where it is large and there is memory enough; resolves to its bytes. */
  readAhead(): Promise<number>;
}

/** `random` returns a number in [0, 1) and spreads retries of rival processes. */
export function openFile(path: string, random: () => number, now: () => number): FileEngine {
  const writer = connect(path, false);
  const reader = connect(path, true);
  const writes = new StatementCache(writer);
  const reads = new StatementCache(reader);
  const proven = new StatementCache(writer);
  const log = checkpoints(path, hold);
  let isHeld = false;
  let queue: Waiting[] = [];
  let scheduled = false;
  let closed = false;
  let turnSince = now();
  let ahead: ReadAhead | undefined;

  function schedule(delay: number): void {
    if (scheduled) return;
    scheduled = true;
    if (delay === 0) setImmediate(flush);
    else setTimeout(flush, delay);
  }

  /** Writes stay in their queue until what this returns is called. */
  function hold(): () => void {
    isHeld = true;
    return () => {
      isHeld = false;
      if (queue.length > 0) schedule(0);
    };
  }

  function flush(): void {
    scheduled = false;
    if (isHeld) return;
    const group = queue.slice(0, MAX_GROUP);
    if (group.length === 0) return;
    queue = queue.slice(group.length);
    const outcomes = commitGroup(writer, writes, group);
    if (outcomes === "busy") {
      queue = [...waitAgain(group, now()), ...queue];
      schedule(BUSY_RETRY_MS * (0.5 + random()));
      return;
    }
    log.committed(sizeOf(group, outcomes));
    for (const [i, waiting] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome && "results" in outcome) waiting.resolve(outcome.results);
      else waiting.reject(outcome?.error ?? new DatabaseError("other"));
    }
    if (queue.length > 0) schedule(0);
  }

  return {
    async read(statement, wanted) {
      const had = now() - turnSince;
      // Less than nothing where the clock was set back.
      if (had > TURN_MS || had < 0) {
        await new Promise((resolve) => setImmediate(resolve));
        turnSince = now();
      }
      try {
        return { rows: readProven(reads, proven, statement, wanted), rowsAffected: 0 };
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
    write(statements) {
      if (closed) return Promise.reject(new DatabaseError("unreachable"));
      return new Promise((resolve, reject) => {
        queue.push({ statements, resolve, reject, since: now() });
        schedule(0);
      });
    },
    prepareGet(sql) {
      const prepared = new Compiled(writer, sql);
      let isProven = false;
      return (params) => {
        const values = params.map(toNative);
        if (isProven) return prepared.get(values);
        // As in `readProven`: the first time, of the connection that cannot write.
        const row = reads.get(sql).get(values);
        isProven = true;
        return row;
      };
    },
    // Tells of commits of any other connection: asked of the one that commits nothing.
    version: () => reads.get("PRAGMA data_version").get([])?.[0],
    readAhead() {
      ahead ??= readAhead(path, process.availableMemory());
      return ahead.done;
    },
    async close() {
      closed = true;
      ahead?.stop();
      while (queue.length > 0) await new Promise((done) => setTimeout(done, BUSY_RETRY_MS));
      await log.close();
      reader.close();
      // Leaves one whole file behind, so that a copy of it is a backup.
      writer.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      writer.close();
    },
  };
}

/** What was added to the log, about: of statements that wrote anything one and their rows, and pages. */
function sizeOf(group: readonly Waiting[], outcomes: readonly Outcome[]): number {
  let size = 0;
  for (const [i, { statements }] of group.entries()) {
    const outcome = outcomes[i];
    if (!outcome || !("results" in outcome)) continue;
    for (const [j, { rowsAffected }] of outcome.results.entries()) {
      if (rowsAffected > 0) size += 1 + rowsAffected + pagesOf(statements[j]);
    }
  }
  return size;
}

/** Whole pages of 4 KiB that the words and pictures of a statement fill. */
function pagesOf(statement: Statement | undefined): number {
  let length = 0;
  for (const value of statement?.params ?? []) {
    if (typeof value === "string" || value instanceof Uint8Array) length += value.length;
  }
  return length >>> 12;
}

/** Those who waited too long hear it; the others stay in the queue. */
function waitAgain(group: readonly Waiting[], now: number): Waiting[] {
  return group.filter((waiting) => {
    const late = now - waiting.since > BUSY_GIVE_UP_MS;
    if (late) waiting.reject(new DatabaseError("busy"));
    return !late;
  });
}

/**
 * Commits what waits together with one flush to the disk. Where there are several batches, each has
 * a savepoint of its own: one that fails takes nobody with it.
 */
function commitGroup(
  writer: Native,
  cache: StatementCache,
  group: readonly Waiting[],
): Outcome[] | "busy" {
  try {
    cache.run("BEGIN IMMEDIATE");
  } catch (error) {
    const known = toDatabaseError(error);
    if (known.code === "busy") {
      endBegin(writer, cache);
      return "busy";
    }
    return group.map(() => ({ error: known }));
  }
  try {
    const run = group.length === 1 ? runStatements : runWithin;
    const outcomes = group.map(({ statements }) => run(writer, cache, statements));
    cache.run("COMMIT");
    return outcomes;
  } catch (error) {
    const known = toDatabaseError(error);
    if (writer.inTransaction) cache.run("ROLLBACK");
    return known.code === "busy" ? "busy" : group.map(() => ({ error: known }));
  }
}

/**
 * SQLite leaves a statement that found the lock taken in the middle of its step, to be gone on with, and
 * what the connection reads next is all that it will see: later commits of others are not there, and
 * no write can begin. The binding cannot reset a statement without another step. Where nothing may be
 * written that one is refused, and so at its end. Statements are compiled anew after it.
 */
function endBegin(writer: Native, cache: StatementCache): void {
  try {
    writer.exec("PRAGMA query_only = ON");
    cache.run("BEGIN IMMEDIATE");
  } catch {
    // Refused, which is what it was asked for.
  } finally {
    writer.exec("PRAGMA query_only = OFF");
  }
}

function runStatements(
  _writer: Native,
  cache: StatementCache,
  statements: readonly Statement[],
): Outcome {
  return { results: statements.map((statement) => execute(cache, statement)) };
}

function runWithin(
  writer: Native,
  cache: StatementCache,
  statements: readonly Statement[],
): Outcome {
  cache.run("SAVEPOINT batch");
  try {
    const outcome = runStatements(writer, cache, statements);
    cache.run("RELEASE batch");
    return outcome;
  } catch (error) {
    // A full disk rolls the whole transaction back by itself: then there is no savepoint left.
    if (!writer.inTransaction) throw error;
    cache.run("ROLLBACK TO batch");
    cache.run("RELEASE batch");
    return { error: toDatabaseError(error) };
  }
}
