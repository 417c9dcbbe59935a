// The embedded file among rivals and on a full disk.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import Libsql from "libsql";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Value } from "../../src/db/database.ts";
import { type FileEngine, openFile } from "../../src/runtime/libsql-file.ts";
import { Compiled } from "../../src/runtime/statement-cache.ts";

const HOLDER = new URL("./lock-holder.ts", import.meta.url).pathname;

let path: string;
let engine: FileEngine;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "rosette-file-"));
  path = join(folder, "test.db");
  engine = openFile(path, Math.random, Date.now);
  onTestFinished(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await engine.write([
    run("CREATE TABLE t (k text UNIQUE)"),
    run("CREATE TABLE total (n integer)"),
    run("INSERT INTO total VALUES (0)"),
  ]);
});

const run = (sql: string, ...params: Value[]) => ({ sql, params });
const insert = (key: string) => run("INSERT INTO t VALUES (?)", key);

async function one(sql: string): Promise<unknown> {
  return (await engine.read(run(sql))).rows[0]?.[0];
}

/** Starts another process and waits until it says that it is where the test wants it. */
function rival(...args: string[]): Promise<ChildProcess> {
  return rivalOn(path, ...args);
}

async function rivalOn(file: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [HOLDER, file, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout, "data");
  return child;
}

describe("a row without a promise", () => {
  it("is of what is committed, by this process or another, and each commit is another version", async () => {
    const count = engine.prepareGet("SELECT count(*) FROM t WHERE k >= ?");
    const versions = new Set([engine.version()]);
    expect(count([""])).toEqual([0]);
    await engine.write([insert("a")]);
    expect(count([""])).toEqual([1]);
    versions.add(engine.version());
    const other = openFile(path, Math.random, Date.now);
    onTestFinished(() => other.close());
    await other.write([insert("b")]);
    expect(count([""])).toEqual([2]);
    expect(count(["b"])).toEqual([1]);
    versions.add(engine.version());
    expect(versions.size).toBe(3);
    expect(engine.version()).toBe([...versions].at(-1));
  });

  it("does not see what a batch that failed had written before it failed", async () => {
    const count = engine.prepareGet("SELECT count(*) FROM t");
    await expect(engine.write([insert("a"), insert("a")])).rejects.toThrow();
    expect(count([])).toEqual([0]);
  });
});

describe("batches that wait together", () => {
  it("commit together, but one that fails takes nobody with it", async () => {
    const settled = await Promise.allSettled([
      engine.write([insert("a"), run("UPDATE total SET n = n + 1")]),
      engine.write([insert("b"), run("UPDATE total SET n = n + 1"), insert("a")]),
      engine.write([run("UPDATE nowhere SET n = 1")]),
      engine.write([insert("b"), run("UPDATE total SET n = n + 1")]),
    ]);
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(await one("SELECT n FROM total")).toBe(2);
    expect(await one("SELECT group_concat(k) FROM (SELECT k FROM t ORDER BY k)")).toBe("a,b");
  });

  it("are written in the order they came", async () => {
    const keys = Array.from({ length: 300 }, (_, i) => String(i));
    await Promise.all(keys.map((key) => engine.write([insert(key)])));
    const { rows } = await engine.read(run("SELECT k FROM t ORDER BY rowid"));
    expect(rows.map(([key]) => key)).toEqual(keys);
  });

  it("that begin a transaction of their own are refused, and disturb nobody", async () => {
    const settled = await Promise.allSettled([
      engine.write([insert("a"), run("COMMIT")]),
      engine.write([insert("b")]),
    ]);
    expect(settled[0]?.status).toBe("rejected");
    await engine.write([insert("c")]);
    expect(await one("SELECT count(*) FROM t WHERE k = 'c'")).toBe(1);
  });

  it("a value of a kind it does not know is an error, not the end of the process", async () => {
    const foreign = { sql: "INSERT INTO t VALUES (?)", params: JSON.parse("[true]") as Value[] };
    await expect(engine.write([foreign])).rejects.toMatchObject({ code: "other" });
    await expect(engine.read({ sql: "SELECT ?", params: foreign.params })).rejects.toMatchObject({
      code: "other",
    });
  });

  it("a read sees what was written since it was asked before, here and elsewhere", async () => {
    const elsewhere = openFile(path, Math.random, Date.now);
    onTestFinished(() => elsewhere.close());
    for (const [i, by] of [engine, elsewhere, engine, elsewhere].entries()) {
      expect(Number(await one("SELECT count(*) FROM t"))).toBe(i);
      await by.write([insert(`${i}`)]);
    }
  });

  it("whoever reads on and on lets others have their turn", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    onTestFinished(() => clearInterval(timer));
    const until = performance.now() + 200;
    while (performance.now() < until) await one("SELECT n FROM total");
    expect(turns).toBeGreaterThan(2);
  });

  it("they have it also once the clock was set back", async () => {
    let back = 0;
    const elsewhere = openFile(path, Math.random, () => Date.now() - back);
    onTestFinished(() => elsewhere.close());
    back = 3_600_000;
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    onTestFinished(() => clearInterval(timer));
    const until = performance.now() + 200;
    while (performance.now() < until) await elsewhere.read(run("SELECT n FROM total"));
    expect(turns).toBeGreaterThan(2);
  });

  it("a read cannot write", async () => {
    const nothing = run("INSERT INTO t SELECT 'a' WHERE false");
    const returned = run("INSERT INTO t VALUES ('a') RETURNING rowid");
    for (const write of [insert("a"), insert("a"), nothing, nothing, returned, returned]) {
      await expect(engine.read(write)).rejects.toMatchObject({ name: "DatabaseError" });
      await expect(engine.read(write, "one")).rejects.toMatchObject({ name: "DatabaseError" });
    }
    expect(await one("SELECT count(*) FROM t")).toBe(0);
  });
});

describe("values of another call", () => {
  it("are never answered by, where a text is read for one row and for all", async () => {
    for (const value of ["a", "b", "c"]) {
      expect((await engine.read(run("SELECT ?", value))).rows).toEqual([[value]]);
      const other = run("SELECT ?", `not ${value}`);
      expect((await engine.read(other, "one")).rows).toEqual([[`not ${value}`]]);
    }
  });

  it("are never answered by after a read that failed", async () => {
    const text = "SELECT json_extract(?, '$')";
    const read = async (value: string) => (await engine.read(run(text, value), "one")).rows;
    const get = engine.prepareGet(text);
    // Twice: the second time the connection that writes reads it.
    for (const value of ["1", "2"]) {
      expect(await read(value)).toEqual([[Number(value)]]);
      expect(get([value])).toEqual([Number(value)]);
      await expect(read("{")).rejects.toMatchObject({ name: "DatabaseError" });
      expect(() => get(["{"])).toThrow();
    }
    expect(await read("3")).toEqual([[3]]);
    expect(get(["3"])).toEqual([3]);
  });

  it("are not who has a key, after its table could not be read", async () => {
    const who = (key: string) => engine.read(run("SELECT k FROM t WHERE k = ?", key), "one");
    await engine.write([insert("admin")]);
    expect((await who("admin")).rows).toEqual([["admin"]]);
    expect((await who("nobody")).rows).toEqual([]);
    await engine.write([run("ALTER TABLE t RENAME TO away")]);
    await expect(who("admin")).rejects.toMatchObject({ name: "DatabaseError" });
    await engine.write([run("ALTER TABLE away RENAME TO t")]);
    expect((await who("nobody")).rows).toEqual([]);
    expect((await who("admin")).rows).toEqual([["admin"]]);
  });
});

describe("beside another process", () => {
  // Tried again, since a machine with too much to do stalls an event loop all by itself.
  it("that holds the lock for 3 s, the event loop goes on and the write happens", {
    retry: 2,
  }, async () => {
    const holder = await rival("hold", "3000");
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    let written = false;
    const write = engine.write([insert("a")]).then(() => {
      written = true;
    });
    let reads = 0;
    while (!written) {
      expect(await one("SELECT count(*) FROM t")).toBeTypeOf("number");
      reads++;
      await new Promise((done) => setImmediate(done));
    }
    await write;
    delay.disable();
    expect(reads).toBeGreaterThan(100);
    expect(delay.max / 1e6).toBeLessThanOrEqual(150);
    expect(await one("SELECT count(*) FROM t")).toBe(1);
    if (holder.exitCode === null) await once(holder, "exit");
    await engine.write([insert("b")]);
  });

  it("that is making the file just now, the file is opened once it is made", async () => {
    const made = `${path}.new`;
    await rivalOn(made, "hold", "400");
    const second = openFile(made, Math.random, Date.now);
    onTestFinished(() => second.close());
    await second.write([run("CREATE TABLE t (k text)")]);
    const mode = await second.read(run("PRAGMA journal_mode"));
    expect(mode.rows).toEqual([["wal"]]);
  });

  it("that never lets go, a write hears `busy` and has written nothing", async () => {
    const holder = await rival("hold", "60000");
    await expect(engine.write([insert("a")])).rejects.toMatchObject({ code: "busy" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await engine.write([insert("b")]);
    expect(await one("SELECT group_concat(k) FROM t")).toBe("b");
  });

  it("that kept a write out, what others commit is read, with no other write in between", async () => {
    const counted = "SELECT count(*) FROM t";
    const count = engine.prepareGet(counted);
    // Twice each: from the second time on the connection reads that a write was kept out of.
    for (const _ of [1, 2]) expect([count([]), await one(counted)]).toEqual([[0], 0]);
    const holder = await rival("hold", "60000");
    await expect(engine.write([insert("a")])).rejects.toMatchObject({ code: "busy" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const other = openFile(path, Math.random, Date.now);
    onTestFinished(() => other.close());
    for (const [many, key] of [
      [1, "b"],
      [2, "c"],
    ] as const) {
      await other.write([insert(key)]);
      expect([count([]), await one(counted)]).toEqual([[many], many]);
    }
  });

  it("that kept a statement out which was asked for one row, its next answer ends its old view", async () => {
    const native = new Libsql(path);
    onTestFinished(() => void native.close());
    native.exec("PRAGMA busy_timeout = 0");
    const count = new Compiled(native, "SELECT count(*) FROM t");
    const begin = new Compiled(native, "BEGIN IMMEDIATE");
    const holder = await rival("hold", "60000");
    expect(() => begin.get([])).toThrow("database is locked");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(count.get([])).toEqual([0]);
    await engine.write([insert("a")]);
    // As old as its first look: what failed is still in the middle of its step.
    expect(count.get([])).toEqual([0]);
    expect(() => native.exec("BEGIN IMMEDIATE")).toThrow("database is locked");
    native.exec("PRAGMA query_only = ON");
    expect(() => begin.get([])).toThrow("attempt to write a readonly database");
    native.exec("PRAGMA query_only = OFF");
    expect(count.get([])).toEqual([1]);
    expect(begin.get([])).toBeUndefined();
    native.exec("INSERT INTO t VALUES ('b'); COMMIT");
    expect(await one("SELECT count(*) FROM t")).toBe(2);
  });

  it("that closes the file, those who have read it ahead keep their locks, and with them the log", async () => {
    await engine.write([run("CREATE TABLE large AS SELECT zeroblob(?) AS words", 65 * 2 ** 20)]);
    await engine.close();
    engine = openFile(path, Math.random, Date.now);
    expect(await engine.readAhead()).toBe(statSync(path).size);
    expect(await engine.readAhead()).toBe(statSync(path).size);
    // Whoever closes a file as its last one takes its log away.
    expect(await once(await rival("hold", "20"), "exit")).toEqual([0, null]);
    expect(existsSync(`${path}-wal`)).toBe(true);
    await engine.write([insert("a")]);
    const other = openFile(path, Math.random, Date.now);
    onTestFinished(() => other.close());
    expect((await other.read(run("SELECT k FROM t"))).rows).toEqual([["a"]]);
  });

  it("both writing 500 batches, nothing is lost", async () => {
    const writers = await Promise.all([rival("write", "500", "x"), rival("write", "500", "y")]);
    for (const writer of writers) writer.stdin?.write("go\n");
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, "exit"))[0]));
    expect(codes).toEqual([0, 0]);
    expect(await one("SELECT count(*) FROM t")).toBe(1_000);
    expect(await one("SELECT n FROM total")).toBe(1_000);
    expect(await one("PRAGMA integrity_check")).toBe("ok");
  });
});

describe("a full disk", () => {
  const row = () => run("INSERT INTO t VALUES (hex(randomblob(2000)))");

  it("is told as `full`; reads go on, and writing does once there is room", async () => {
    const pages = Number(await one("PRAGMA page_count"));
    await engine.write([run(`PRAGMA max_page_count = ${pages + 4}`)]);
    const settled = await Promise.allSettled(
      Array.from({ length: 40 }, () => engine.write([row()])),
    );
    const refused = settled.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ reason: { code: "full" } });
    }
    const stored = settled.length - refused.length;
    expect(await one("SELECT count(*) FROM t")).toBe(stored);

    await engine.write([run("PRAGMA max_page_count = 1000000")]);
    await engine.write([row()]);
    expect(await one("SELECT count(*) FROM t")).toBe(stored + 1);
    expect(await one("PRAGMA integrity_check")).toBe("ok");
  });
});

describe("closing", () => {
  it("writes what waits first, leaves one whole file, and refuses what comes later", async () => {
    const last = engine.write([insert("last")]);
    const closing = engine.close();
    await expect(engine.write([insert("late")])).rejects.toMatchObject({ code: "unreachable" });
    await closing;
    await last;
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
    engine = openFile(path, Math.random, Date.now);
    expect(await one("SELECT group_concat(k) FROM t")).toBe("last");
  });

  it("settings belong to every connection, not to the file", async () => {
    expect(await one("PRAGMA journal_mode")).toBe("wal");
    expect(await one("PRAGMA foreign_keys")).toBe(1);
    expect(await one("PRAGMA synchronous")).toBe(2);
    const [writer] = await engine.write([run("PRAGMA synchronous")]);
    expect(writer?.rows).toEqual([[2]]);
  });
});
