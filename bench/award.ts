// Awarding by the API, durable: against the same rows inserted through libSQL alone.

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import Libsql from "libsql";
import type { Migration } from "../src/db/migrate.ts";
import { filledDatabase, ORGANIZATION_ID } from "./fill.ts";
import { ours } from "./http.ts";
import { median, type Row } from "./measure.ts";
import { measure, start } from "./servers.ts";

export interface AwardBenchOptions {
  readonly entry: string;
  readonly load: string;
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly rounds: number;
  readonly roundMs: number;
}

/** Awards the API makes, one client and many, beside raw inserts of the very rows it wrote. */
export async function awardBench(options: AwardBenchOptions): Promise<Row[]> {
  const template = await filledDatabase(`${options.folder}/10000.db`, 10_000, options.migrations);
  const file = `${options.folder}/award-bench.db`;
  const raw = `${options.folder}/award-raw.db`;
  for (const path of [file, raw]) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
    copyFileSync(template, path);
  }
  const key = giveKey(file);
  const server = await start({ name: "ours", ...ours(options.entry, file, options.folder) }, 4390);
  const api = async (connections: number) =>
    (
      await measure(server, options.load, {
        connections,
        milliseconds: options.roundMs,
        what: { kind: "award", key },
        expect: "HTTP/1.1 201",
      })
    ).rate;
  try {
    await api(8);
    const limit = new RawInserts(raw, file);
    const one: number[] = [];
    const many: number[] = [];
    const rawOne: number[] = [];
    const rawMany: number[] = [];
    for (let round = 0; round < options.rounds; round++) {
      rawOne.push(limit.rate(1, options.roundMs));
      one.push(await api(1));
      rawMany.push(limit.rate(64, options.roundMs));
      many.push(await api(64));
    }
    limit.close();
    const ratio = (own: number[], than: number[]) =>
      median(own.map((r, i) => r / (than[i] ?? Number.NaN)));
    const row = (name: string, own: number[], than: number[], target?: number): Row => ({
      name,
      ops: median(own),
      min: Math.min(...own),
      max: Math.max(...own),
      ratio: ratio(own, than),
      ...(target === undefined ? {} : { target }),
    });
    return [
      row("raw libSQL, the rows of one award a transaction", rawOne, rawOne),
      row("award by API, one client", one, rawOne, 0.5),
      row("raw libSQL, 64 awards a transaction", rawMany, rawMany),
      row("awards by API, 64 clients at once", many, rawMany, 0.5),
    ];
  } finally {
    await server.stop();
  }
}

function giveKey(file: string): string {
  const key = `ros_${randomBytes(32).toString("base64url")}`;
  const db = new Libsql(file);
  db.prepare(
    "INSERT INTO api_keys (id, organization_id, name, prefix, key_hash, scopes) VALUES (?, ?, 'bench', 'ros_', ?, '[\"*\"]')",
  ).run([randomUUID(), ORGANIZATION_ID, createHash("sha256").update(key).digest("hex")]);
  db.close();
  return key;
}

/** Which rows one award by the API leaves behind, read from what it really wrote. */
const TABLES = [
  "users",
  "identities",
  "memberships",
  "badge_issues",
  "hosted_assertions",
  "audit_log",
];

class RawInserts {
  readonly #db: InstanceType<typeof Libsql>;
  readonly #inserts: { sql: string; values: unknown[]; columns: string[] }[];

  constructor(path: string, written: string) {
    this.#inserts = readLastRows(written);
    this.#db = new Libsql(path);
    this.#db.exec("PRAGMA journal_mode = WAL");
    this.#db.exec("PRAGMA synchronous = FULL");
    this.#db.exec("PRAGMA foreign_keys = ON");
  }

  /** Awards a second when each transaction holds that many. */
  rate(perTransaction: number, forMs: number): number {
    const prepared = this.#inserts.map(({ sql }) => this.#db.prepare(sql));
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < forMs) {
      this.#db.exec("BEGIN IMMEDIATE");
      for (let i = 0; i < perTransaction; i++) this.#insertOne(prepared);
      this.#db.exec("COMMIT");
      done += perTransaction;
    }
    return (done * 1000) / (performance.now() - start);
  }

  /** The same rows under new ids, so that constraints and indexes cost what they cost. */
  #insertOne(prepared: ReturnType<InstanceType<typeof Libsql>["prepare"]>[]): void {
    const renamed = new Map<unknown, string>();
    const rename = (value: unknown) => {
      let fresh = renamed.get(value);
      if (fresh === undefined) {
        fresh = String(value).length === 40 ? randomBytes(20).toString("hex") : randomUUID();
        renamed.set(value, fresh);
      }
      return fresh;
    };
    for (const [i, { columns, values }] of this.#inserts.entries()) {
      const row = values.map((value, at) =>
        isId(columns[at] ?? "") && value !== null ? rename(value) : value,
      );
      prepared[i]?.run(row);
    }
  }

  close(): void {
    this.#db.close();
  }
}

const FRESH = new Set(["id", "unique_hash", "user_id", "recipient_identity_id", "normalised"]);
const isId = (column: string) => FRESH.has(column);

function readLastRows(file: string): { sql: string; values: unknown[]; columns: string[] }[] {
  const db = new Libsql(file);
  const rows = TABLES.map((table) => {
    const columns = (db.prepare(`PRAGMA table_xinfo(${table})`).raw(true).all([]) as unknown[][])
      .filter((info) => info[6] === 0)
      .map((info) => String(info[1]));
    const values = db
      .prepare(`SELECT ${columns.join(", ")} FROM ${table} ORDER BY rowid DESC LIMIT 1`)
      .raw(true)
      .get([]) as unknown[];
    const marks = columns.map(() => "?").join(", ");
    return {
      sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`,
      values,
      columns,
    };
  });
  db.close();
  if (rows.some(({ values }) => values === undefined))
    throw new Error("an award wrote fewer tables than expected");
  return rows;
}
