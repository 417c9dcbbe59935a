// The write-ahead log is carried over beside the work, stays within bounds, and is whole again when the file is closed.
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { expect, it, onTestFinished } from "vitest";
import { checkpoints } from "../../src/runtime/checkpoints.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";

const MIB = 2 ** 20;
const ROW = "x".repeat(1_000);

function opened() {
  const folder = mkdtempSync(join(tmpdir(), "rosette-log-"));
  const path = join(folder, "test.db");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const engine = openFile(path, Math.random, Date.now);
  const count = async () =>
    Number((await engine.read({ sql: "SELECT count(*) FROM t", params: [] })).rows[0]?.[0]);
  return { path, engine, count, size: (suffix = "") => statSync(path + suffix).size };
}

const table = { sql: "CREATE TABLE t (text)", params: [] };
const rows = (count: number) => ({
  sql: "INSERT INTO t SELECT ? FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n)",
  params: [ROW, count],
});

it("is carried over long before the writer would have to", async () => {
  const { engine, size } = opened();
  await engine.write([table]);
  const before = size();
  await engine.write([rows(2_500)]);
  await expect.poll(() => size(), { timeout: 20_000 }).toBeGreaterThan(before + 2 * MIB);
  await engine.close();
});

it("stays within bounds under writes without a pause, and loses nothing", async () => {
  const { path, engine, count, size } = opened();
  await engine.write([table]);
  for (let i = 0; i < 150; i++) await engine.write([rows(1_000)]);
  expect(await count()).toBe(150_000);
  // Far below the last resort: 16,000 rows are 17 MiB of it, and some more come meanwhile.
  expect(size("-wal")).toBeLessThan(48 * MIB);
  await engine.close();
  const again = openFile(path, Math.random, Date.now);
  const { rows: found } = await again.read({ sql: "SELECT count(*) FROM t", params: [] });
  expect(Number(found[0]?.[0])).toBe(150_000);
  await again.close();
}, 120_000);

it("counts the pages of large values, whose rows are few", async () => {
  const { engine, size } = opened();
  await engine.write([{ sql: "CREATE TABLE t (text)", params: [] }]);
  const insert = { sql: "INSERT INTO t VALUES (?)", params: [new Uint8Array(MIB)] };
  for (let i = 0; i < 150; i++) await engine.write([insert]);
  expect(size("-wal")).toBeLessThan(120 * MIB);
  await engine.close();
}, 60_000);

it("carries over all there is while writes are held, and only then lets them go on", async () => {
  const { path, engine } = opened();
  await engine.write([table]);
  await engine.close();
  const writer = new Libsql(path);
  onTestFinished(() => void writer.close());
  writer.exec("PRAGMA wal_autocheckpoint = 0");
  let isHeld = false;
  const ends: [busy: number, log: number, carriedOver: number][] = [];
  const log = checkpoints(path, () => {
    isHeld = true;
    return () => {
      ends.push(writer.prepare("PRAGMA wal_checkpoint(PASSIVE)").raw(true).get([]) as never);
      isHeld = false;
    };
  });
  // Something is added during each pass, so that no pass by itself comes to the end.
  const insert = writer.prepare(rows(1).sql);
  while (ends.length < 3) {
    if (!isHeld) insert.run([ROW, 1_000]);
    if (!isHeld) log.committed(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await log.close();
  for (const [busy, frames, carriedOver] of ends) {
    expect(busy).toBe(0);
    expect(frames).toBeGreaterThan(0);
    expect(carriedOver).toBe(frames);
  }
  expect(writer.prepare("SELECT count(*) % 1000 FROM t").raw(true).get([])).toEqual([0]);
}, 60_000);

it("does every write that waits while it is closed", async () => {
  const { path, engine } = opened();
  await engine.write([table]);
  const writes = Array.from({ length: 40 }, () => engine.write([rows(1_000)]));
  await engine.close();
  await Promise.all(writes);
  const again = openFile(path, Math.random, Date.now);
  const { rows: found } = await again.read({ sql: "SELECT count(*) FROM t", params: [] });
  expect(Number(found[0]?.[0])).toBe(40_000);
  await again.close();
}, 60_000);

it("closes while it is carried over", async () => {
  const { path, engine } = opened();
  await engine.write([table]);
  await engine.write([rows(5_000)]);
  await engine.close();
  const left = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
  expect(left).toBe(0);
});
