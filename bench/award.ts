// Awarding by the API, durable: against the same rows inserted through libSQL alone.

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import Libsql from "libsql";
import type { Migration } from "../src/db/migrate.ts";
import { badgeId, filledDatabase, ORGANIZATION_ID } from "./fill.ts";
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
    const before = lastRows(file);
    await awardOnce(server.port, key);
    giveForms(file, raw);
    const limit = new RawInserts(raw, rowsSince(file, before));
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

async function awardOnce(port: number, key: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/awards`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      badge: badgeId(0),
      recipient: {
        type: "email",
        identity: `once-${randomUUID()}@example.org`,
        name: "New Person",
      },
    }),
  });
  if (response.status !== 201) throw new Error(`an award answered ${response.status}`);
}

/** Every table that an award to somebody new writes to, in the order of their references. */
const TABLES = [
  "users",
  "identities",
  "memberships",
  "badge_issues",
  "hosted_assertions",
  "audit_log",
];

/** A form of assertions is written with the first award that has it: raw inserts find it there too. */
function giveForms(from: string, to: string): void {
  const db = new Libsql(to);
  db.prepare("ATTACH ? AS known").run([from]);
  db.exec("INSERT OR IGNORE INTO main.assertion_forms SELECT * FROM known.assertion_forms");
  db.close();
}

interface Insert {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

class RawInserts {
  readonly #db: InstanceType<typeof Libsql>;
  readonly #inserts: readonly Insert[];

  constructor(path: string, inserts: readonly Insert[]) {
    this.#inserts = inserts;
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
        columns[at] === "key"
          ? randomBytes(6).readUIntBE(0, 6)
          : isId(columns[at] ?? "") && value !== null
            ? rename(value)
            : value,
      );
      prepared[i]?.run(row);
    }
  }

  close(): void {
    this.#db.close();
  }
}

const FRESH = new Set([
  "id",
  "unique_hash",
  "user_id",
  "recipient_identity_id",
  "normalised",
  "object_id",
]);
const isId = (column: string) => FRESH.has(column);

/** Where the newest row has not the highest rowid: stored assertions lie in the order of their key. */
const NEWEST: Readonly<Record<string, string>> = {
  hosted_assertions:
    "?1 >= 0 AND unique_hash = (SELECT unique_hash FROM badge_issues ORDER BY rowid DESC LIMIT 1)",
};

function lastRows(file: string): Map<string, number> {
  const db = new Libsql(file);
  const last = TABLES.map((table) => {
    const row = db.prepare(`SELECT coalesce(max(rowid), 0) FROM ${table}`).raw(true).get([]);
    return [table, Number((row as unknown as [number])[0])] as const;
  });
  db.close();
  return new Map(last);
}

/** The very rows one award left behind, several in some tables. */
function rowsSince(file: string, before: ReadonlyMap<string, number>): Insert[] {
  const db = new Libsql(file);
  const inserts = TABLES.flatMap((table) => {
    const columns = (db.prepare(`PRAGMA table_xinfo(${table})`).raw(true).all([]) as unknown[][])
      .filter((info) => info[6] === 0)
      .map((info) => String(info[1]));
    const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
    const rows = db
      .prepare(`SELECT ${columns.join(", ")} FROM ${table} WHERE ${NEWEST[table] ?? "rowid > ?1"}`)
      .raw(true)
      .all([before.get(table) ?? 0]) as unknown[][];
    if (rows.length === 0) throw new Error(`an award wrote nothing to ${table}`);
    return rows.map((values) => ({ sql, columns, values }));
  });
  db.close();
  return inserts;
}
