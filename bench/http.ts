// Serving a hosted assertion: ours with ten thousand and a million awards, against bare servers.
import { statSync } from "node:fs";
import Libsql from "libsql";
import type { Migration } from "../src/db/migrate.ts";
import { BENCH_ORIGIN, filledDatabase, hashOf } from "./fill.ts";
import type { Traffic } from "./load.ts";
import { median, type Row } from "./measure.ts";
import {
  type Command,
  canPin,
  forget,
  hasRead,
  type Measured,
  measure,
  type Server,
  start,
} from "./servers.ts";
import { twoProcesses } from "./two-processes.ts";

export interface HttpBenchOptions {
  /** Built files: the server's entry, the bare servers, the load generator. */
  readonly entry: string;
  readonly limits: string;
  readonly load: string;
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** A server, started anew for each round, and what it is asked for there. */
interface Contender {
  readonly command: Command;
  /** A large file that the server reads ahead once the system has forgotten it. */
  readonly reads?: string;
  /** Under the names that the results go by. */
  readonly asked: Readonly<Record<string, Question>>;
}

interface Question {
  readonly what: Traffic;
  readonly expect: string;
  /** Done before it is measured; what it returns, afterwards. */
  readonly first?: () => () => void;
}

export function ours(entry: string, database: string, dataDir: string): Omit<Command, "name"> {
  return {
    args: [entry, "serve"],
    env: {
      PUBLIC_URL: BENCH_ORIGIN,
      HOST: "127.0.0.1",
      DATABASE_URL: `file:${database}`,
      DATA_DIR: dataDir,
      DEMO: "false",
      LOG_LEVEL: "error",
    },
  };
}

/**
 * How long a server is warmed up before it is measured, in rounds: for all the same, and so long that
 * one which maps a file of 2 GB page by page has touched what it is asked for.
 */
const WARM = 2;
/** So many of the documents are taken away: whoever asks for one has it put back, which is a commit. */
const TAKEN_AWAY = 1_000;
const PORT = 4_310;

const OK = "HTTP/1.1 200";
const NOT_MODIFIED = "HTTP/1.1 304";

async function entityTag(port: number, path: string): Promise<{ etag: string; size: number }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${body}`);
  return { etag: response.headers.get("etag") ?? "", size: body.length };
}

/**
 * Rows whose ratios are of processor time per request, pair by pair: what a rate is made of. Two
 * processes of one program can differ by a third for as long as they live, so each round has its own.
 */
export async function httpBench(options: HttpBenchOptions): Promise<Row[]> {
  const { folder, migrations, few, many } = options;
  const fewFile = await filledDatabase(`${folder}/${few}.db`, few, migrations);
  const manyFile = await filledDatabase(`${folder}/${many}.db`, many, migrations);
  const path = `/ob/v2/assertions/${hashOf(1)}`;
  // One core for whoever is asked, another one for what asks: they take nothing from each other.
  const pins = await canPin();
  const serving = async <T>(command: Command, work: (server: Server) => Promise<T>): Promise<T> => {
    const server = await start(command, PORT, pins ? 0 : undefined);
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  };
  const small: Command = { name: "ours", ...ours(options.entry, fewFile, folder) };
  const large: Command = { name: "ours", ...ours(options.entry, manyFile, folder) };
  const { etag, size } = await serving(large, ({ port }) => entityTag(port, path));
  const bare = (kind: string, env: Readonly<Record<string, string>> = {}): Command => ({
    name: kind,
    args: [options.limits, kind],
    env: { SIZE: String(size), ...env },
  });
  const fixed = (expect: string): Question => ({ what: { kind: "get", path }, expect });
  /** What is asked for by who has a copy: of the bare server in the same words, which it reads too. */
  const again: Traffic = { kind: "get", path, headers: { "if-none-match": etag } };
  const random = (awards: number): Question => ({
    what: { kind: "assertions", awards },
    expect: OK,
  });
  const contenders: readonly Contender[] = [
    { command: bare("node-http"), asked: { http: fixed(OK) } },
    { command: small, asked: { few: random(few) } },
    { command: bare("hono"), asked: { hono: fixed(OK) } },
    {
      command: large,
      reads: manyFile,
      asked: {
        many: random(many),
        ours304: { what: again, expect: NOT_MODIFIED },
        written: { ...random(many), first: () => takeAway(manyFile) },
      },
    },
    { command: bare("node-http-304"), asked: { http304: { what: again, expect: NOT_MODIFIED } } },
    { command: bare("hono", { KEEP_FAST: "1" }), asked: { honoKept: fixed(OK) } },
  ];
  const results: Record<string, Measured[]> = {};
  let howItLies = "as it was filled";
  for (let round = 0; round < options.rounds; round++) {
    for (const { command, reads, asked } of contenders) {
      // Once: a machine is started now and then, a server many times.
      const isForgotten = round === 0 && reads !== undefined && (await forget(reads));
      const measured = await serving(command, async (server) => {
        if (isForgotten && (await hasRead(server, statSync(reads).size))) {
          howItLies = "as the server has read it ahead";
        }
        return measureAll(server, asked, options, pins ? 1 : undefined);
      });
      for (const [name, one] of Object.entries(measured)) {
        results[name] ??= [];
        results[name].push(one);
      }
    }
  }
  const two = await serving(large, (first) =>
    twoProcesses({
      command: { name: "ours, second", ...ours(options.entry, manyFile, folder) },
      first,
      awards: many,
      folder,
      rounds: options.rounds,
      roundMs: options.roundMs,
    }),
  );
  return [...summarise(results, size, few, many, howItLies), ...two];
}

/** Takes documents away; those nobody asked for meanwhile are put back by what it returns. */
function takeAway(file: string): () => void {
  const db = new Libsql(file, { timeout: 5_000 });
  const taken = db
    .prepare(`DELETE FROM hosted_assertions WHERE key IN (SELECT key FROM hosted_assertions
      WHERE key >= abs(random() % ${2 ** 52}) LIMIT ${TAKEN_AWAY}) RETURNING *`)
    .raw(true)
    .all([]) as unknown[][];
  return () => {
    const back = db.prepare("INSERT OR IGNORE INTO hosted_assertions VALUES (?, ?, ?, ?, ?)");
    db.exec("BEGIN IMMEDIATE");
    for (const row of taken) back.run(row);
    db.exec("COMMIT");
    db.close();
  };
}

async function measureAll(
  server: Server,
  asked: Readonly<Record<string, Question>>,
  options: HttpBenchOptions,
  core: number | undefined,
): Promise<Record<string, Measured>> {
  const results: Record<string, Measured> = {};
  for (const [name, { what, expect, first }] of Object.entries(asked)) {
    const load = (milliseconds: number) =>
      measure(server, options.load, { connections: 32, milliseconds, what, expect }, core);
    await load(options.roundMs * WARM);
    // Loads the app beforehand, so that loading it is not measured.
    if (first) await fetch(`http://127.0.0.1:${server.port}/`).then((answer) => answer.text());
    const after = first?.();
    // What is done first is a commit of another process, which costs the server its map once.
    if (first) await load(options.roundMs);
    results[name] = await load(options.roundMs);
    after?.();
  }
  return results;
}

function summarise(
  results: Readonly<Record<string, Measured[]>>,
  size: number,
  few: number,
  many: number,
  howItLies: string,
): Row[] {
  const of = (name: string) => results[name] ?? [];
  const row = (label: string, name: string, limit: string, target?: number, note = ""): Row => {
    const own = of(name);
    const rates = own.map((m) => m.rate);
    const pairs = own.map((m, i) => (of(limit)[i]?.cpuPerRequest ?? Number.NaN) / m.cpuPerRequest);
    const p99 = median(own.map((m) => m.p99));
    return {
      name: label,
      ops: median(rates),
      min: Math.min(...rates),
      max: Math.max(...rates),
      ratio: median(pairs),
      ...(target === undefined ? {} : { target }),
      note: `${median(own.map((m) => m.cpuPerRequest)).toFixed(1)} µs CPU each, p99 ${p99.toFixed(1)} ms${note}`,
    };
  };
  const count = (n: number) => n.toLocaleString("en");
  const lies = `; the file is in memory ${howItLies}`;
  return [
    row(`node:http, a fixed string of ${size} bytes`, "http", "http"),
    row("Hono, the same string", "hono", "http"),
    row("Hono, its server kept fast as ours is", "honoKept", "http"),
    row(`assertion, random of ${count(few)}, to Hono`, "few", "hono"),
    row(`assertion, random of ${count(many)}, to Hono`, "many", "hono", 0.7, lies),
    row(`assertion, random of ${count(many)}, to Hono kept fast`, "many", "honoKept"),
    row(`assertion, random of ${count(many)}, to node:http`, "many", "http", 0.5),
    row(`${count(many)} awards to ${count(few)}`, "many", "few", 0.9),
    row(`${count(many)} awards while some are written, to when none is`, "written", "many"),
    row("304, to node:http answering 304", "ours304", "http304", 0.9),
  ];
}
