// Everybody evaluated: against one plain INSERT … SELECT over the same activity, and beside people who are served meanwhile.
import { execFile } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import Libsql from "libsql";
import type { Migration } from "../src/db/migrate.ts";
import { ORGANIZATION_ID, userId } from "./fill.ts";
import { ours } from "./http.ts";
import { median, type Row } from "./measure.ts";
import { measure, type Server, start } from "./servers.ts";
import type { SweepWork, Swept } from "./sweep-worker.ts";
import { openPlain, RULES, sweepWorld } from "./sweep-world.ts";

const run = promisify(execFile);

export interface SweepBenchOptions {
  readonly entry: string;
  readonly load: string;
  readonly sweeper: string;
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly rounds: number;
  readonly roundMs: number;
  readonly people: number;
  /** How many times as many people the same is done with, to see that it grows no faster than they. */
  readonly times: number;
}

const AWARD_MS = 10_000;
const CONNECTIONS = 8;
const PORT = 4_395;
/** At most 1.3 times as long as the reference takes. */
const ASKED = 1 / 1.3;

export async function sweepBench(options: SweepBenchOptions): Promise<Row[]> {
  const few = await compared(options, options.people, options.rounds);
  const many = await compared(options, options.people * options.times, 1);
  const grown = many.rates.map((rate) => rate / median(few.rates));
  const people = (count: number) => count.toLocaleString("en");
  const last = few.swept.at(-1);
  const large = many.swept.at(-1);
  const made = few.swept.find(({ awards }) => awards > 0);
  const madeRate = made === undefined ? 0 : (made.awards * 1000) / made.awardMs;
  return [
    row(`plain INSERT … SELECT, ${people(options.people)} people × ${RULES}`, few.plain, [1]),
    {
      ...row("sweep, people looked at", few.rates, few.ratios, ASKED),
      note: `${last?.mets} criteria met, ${last?.found} people marked, ${last?.slices} slices of at most ${last?.longestMs.toFixed(0)} ms`,
    },
    {
      ...row(
        `sweep of ${people(options.people * options.times)} people, to the one before`,
        many.rates,
        grown,
        0.8,
      ),
      note: `memory of its own ${large?.early.toFixed(0)} MiB early, ${large?.most.toFixed(0)} MiB at most; to its plain statement ${median(many.ratios).toFixed(2)}`,
    },
    {
      ...row("awards made afterwards, one by one in batches", [madeRate], [1]),
      note: "durable: signed-for documents, log, outbox and deliveries of each included; not in the sweep's time",
    },
    ...(await served(options)),
  ];
}

interface Compared {
  /** People a second, round by round. */
  readonly plain: readonly number[];
  readonly rates: readonly number[];
  readonly ratios: readonly number[];
  readonly swept: readonly Swept[];
}

async function compared(
  { folder, migrations, sweeper }: SweepBenchOptions,
  people: number,
  rounds: number,
): Promise<Compared> {
  const world = await sweepWorld(folder, people, migrations);
  const plain: number[] = [];
  const rates: number[] = [];
  const swept: Swept[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push((people * 1000) / plainMs(world.reference));
    const file = copied(world.ours, `${folder}/sweep-run.db`);
    const work: SweepWork = { file, awardMs: round === 0 && rounds > 1 ? AWARD_MS : 0 };
    const { stdout } = await run(process.execPath, [sweeper, "--sweep", JSON.stringify(work)]);
    const one = JSON.parse(stdout) as Swept;
    swept.push(one);
    rates.push((people * 1000) / one.ms);
  }
  const ratios = rates.map((rate, i) => rate / (plain[i] ?? Number.NaN));
  return { plain, rates, ratios, swept };
}

/** What one statement takes that counts and awards everything at once, in plain tables. */
function plainMs(path: string): number {
  const db = openPlain(path);
  db.exec("DELETE FROM award");
  const start = performance.now();
  db.exec(`INSERT OR IGNORE INTO award SELECT r.badge_id, t.user_id, 1
    FROM (SELECT user_id, metric, SUM(n) total FROM activity GROUP BY user_id, metric) t
    JOIN rule r ON r.metric = t.metric AND t.total >= r.threshold ORDER BY t.user_id, r.badge_id`);
  const took = performance.now() - start;
  db.close();
  return took;
}

function copied(from: string, to: string): string {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(to + suffix, { force: true });
  copyFileSync(from, to);
  return to;
}

function row(
  name: string,
  rates: readonly number[],
  ratios: readonly number[],
  target?: number,
): Row {
  return {
    name,
    ops: median(rates),
    min: Math.min(...rates),
    max: Math.max(...rates),
    ratio: median(ratios),
    ...(target === undefined ? {} : { target }),
  };
}

interface Measured {
  readonly rate: number;
  readonly p99: number;
}

/** Hosted reads by another process: quiet, while the same server sweeps, and while it awards. */
async function served(options: SweepBenchOptions): Promise<Row[]> {
  const { folder, migrations, people, entry } = options;
  const world = await sweepWorld(folder, people, migrations);
  const file = copied(world.ours, `${folder}/sweep-served.db`);
  const key = giveKey(file);
  const server = await start({ name: "ours", ...ours(entry, file, folder) }, PORT);
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${PORT}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  try {
    const hash = await someAward(api);
    const path = `/ob/v2/assertions/${hash}`;
    const burst = () => reads(server, options, path);
    await burst();
    const quiet = [await burst(), await burst(), await burst()];
    const { id } = await api("POST", "/evaluations", {});
    const during: Record<string, Measured[]> = { sweeping: [], awarding: [] };
    while ((during.awarding ?? []).length < 3) {
      const { state: before } = await api("GET", `/evaluations/${id}`);
      const one = await burst();
      if (before === "done") break;
      during[before === "awarding" ? "awarding" : "sweeping"]?.push(one);
    }
    const p99 = median(quiet.map((each) => each.p99));
    const beside = (name: string, bursts: readonly Measured[]): Row => ({
      ...row(
        name,
        bursts.map(({ rate }) => rate),
        bursts.map((each) => p99 / each.p99),
        0.5,
      ),
      note: `p99 ${median(bursts.map((each) => each.p99)).toFixed(1)} ms, quiet ${p99.toFixed(1)} ms`,
    });
    return [
      beside("hosted reads, quiet; ratios are of their p99", quiet),
      beside("hosted reads while everybody is looked at", during.sweeping ?? []),
      beside("hosted reads while awards are made by rule", during.awarding ?? []),
    ];
  } finally {
    await server.stop();
  }
}

type Api = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** The hash of an award that a rule made, of the first person who gets one. */
async function someAward(api: Api): Promise<string> {
  for (let i = 0; i < 100; i++) await api("POST", "/evaluations", { user: userId(i) });
  const { data } = await api("GET", "/awards?limit=1");
  const [award] = Array.isArray(data) ? (data as { hash: string }[]) : [];
  if (award === undefined) throw new Error("no rule awarded anything");
  return award.hash;
}

async function reads(server: Server, options: SweepBenchOptions, path: string): Promise<Measured> {
  return measure(server, options.load, {
    connections: CONNECTIONS,
    milliseconds: options.roundMs,
    what: { kind: "get", path },
    expect: "HTTP/1.1 200",
  });
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
