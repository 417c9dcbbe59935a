// Serving a hosted assertion: ours with ten thousand and a million awards, against bare servers.
import type { Migration } from "../src/db/migrate.ts";
import { BENCH_ORIGIN, filledDatabase, hashOf } from "./fill.ts";
import type { Traffic } from "./load.ts";
import { median, type Row } from "./measure.ts";
import { type Command, canPin, type Measured, measure, type Server, start } from "./servers.ts";
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

interface Contender {
  readonly server: Server;
  readonly what: Traffic;
  readonly expect: string;
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

/** Rounds of warming up before a million rows in random order are served from memory. */
const MAPPING_ROUNDS = 6;

const OK = "HTTP/1.1 200";
const NOT_MODIFIED = "HTTP/1.1 304";

async function entityTag(port: number, path: string): Promise<{ etag: string; size: number }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${body}`);
  return { etag: response.headers.get("etag") ?? "", size: body.length };
}

/** Rows whose ratios are of processor time per request, pair by pair: what a rate is made of. */
export async function httpBench(options: HttpBenchOptions): Promise<Row[]> {
  const { folder, migrations, few, many } = options;
  const fewFile = await filledDatabase(`${folder}/${few}.db`, few, migrations);
  const manyFile = await filledDatabase(`${folder}/${many}.db`, many, migrations);
  const path = `/ob/v2/assertions/${hashOf(1)}`;
  const servers: Server[] = [];
  // One core for whoever is asked, another one for what asks: they take nothing from each other.
  const pins = await canPin();
  const up = async (command: Command) => {
    const server = await start(command, 4310 + servers.length, pins ? 0 : undefined);
    servers.push(server);
    return server;
  };
  try {
    const small = await up({ name: "ours", ...ours(options.entry, fewFile, folder) });
    const large = await up({ name: "ours", ...ours(options.entry, manyFile, folder) });
    const { etag, size } = await entityTag(large.port, path);
    const bare = (kind: string) =>
      up({ name: kind, args: [options.limits, kind], env: { SIZE: String(size) } });
    const fixed: Traffic = { kind: "get", path };
    const contenders: Record<string, Contender> = {
      http: { server: await bare("node-http"), what: fixed, expect: OK },
      hono: { server: await bare("hono"), what: fixed, expect: OK },
      http304: { server: await bare("node-http-304"), what: fixed, expect: NOT_MODIFIED },
      few: { server: small, what: { kind: "assertions", awards: few }, expect: OK },
      many: { server: large, what: { kind: "assertions", awards: many }, expect: OK },
      ours304: {
        server: large,
        what: { kind: "get", path, headers: { "if-none-match": etag } },
        expect: NOT_MODIFIED,
      },
    };
    const results = await rounds(contenders, options, pins ? 1 : undefined);
    return [
      ...summarise(results, size, few, many),
      ...(await twoProcesses({
        command: { name: "ours, second", ...ours(options.entry, manyFile, folder) },
        first: large,
        awards: many,
        folder,
        rounds: options.rounds,
        roundMs: options.roundMs,
      })),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function rounds(
  contenders: Readonly<Record<string, Contender>>,
  options: HttpBenchOptions,
  core: number | undefined,
): Promise<Record<string, Measured[]>> {
  const results: Record<string, Measured[]> = {};
  for (let round = -1; round < options.rounds; round++) {
    for (const [name, { server, what, expect }] of Object.entries(contenders)) {
      // A process maps a file of 2 GB page by page: so long until it has touched what it is asked for.
      const warms = round < 0 && what.kind === "assertions" && what.awards === options.many;
      const milliseconds = options.roundMs * (warms ? MAPPING_ROUNDS : 1);
      const asked = { connections: 32, milliseconds, what, expect };
      const measured = await measure(server, options.load, asked, core);
      // The first round warms everybody up and is not counted.
      if (round >= 0) {
        results[name] ??= [];
        results[name].push(measured);
      }
    }
  }
  return results;
}

function summarise(
  results: Readonly<Record<string, Measured[]>>,
  size: number,
  few: number,
  many: number,
): Row[] {
  const of = (name: string) => results[name] ?? [];
  const row = (label: string, name: string, limit: string, target?: number): Row => {
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
      note: `${median(own.map((m) => m.cpuPerRequest)).toFixed(1)} µs CPU each, p99 ${p99.toFixed(1)} ms`,
    };
  };
  const count = (n: number) => n.toLocaleString("en");
  return [
    row(`node:http, a fixed string of ${size} bytes`, "http", "http"),
    row("Hono, the same string", "hono", "http"),
    row(`assertion, random of ${count(few)}, to Hono`, "few", "hono"),
    row(`assertion, random of ${count(many)}, to Hono`, "many", "hono", 0.7),
    row(`assertion, random of ${count(many)}, to node:http`, "many", "http", 0.5),
    row(`${count(many)} awards to ${count(few)}`, "many", "few", 0.9),
    row("304, to node:http answering 304", "ours304", "http304", 0.9),
  ];
}
