// Deliveries to twenty backpacks: none lost and none seen twice among faults, none held up by a slow one, and how fast.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { promisify } from "node:util";
import Libsql from "libsql";
import { LANE_PREFIX, PUSH } from "../src/db/deliveries-plan.ts";
import { type Migration, migrate } from "../src/db/migrate.ts";
import { sealHeld } from "../src/oauth/grant.ts";
import { SCOPES } from "../src/oauth/scopes.ts";
import { hostedAssertion } from "../src/obv2/hosted.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { urls } from "../src/urls.ts";
import { pushingEnv } from "./deliveries-env.ts";
import type { Behaviour, HostCount } from "./deliveries-host.ts";
import type { Worked, WorkerOptions } from "./deliveries-worker.ts";
import { awardRow, BENCH_ORIGIN, filledDatabase, ORGANIZATION_ID, userId } from "./fill.ts";
import { median, type Row } from "./measure.ts";
import { start } from "./servers.ts";

const run = promisify(execFile);

export interface DeliveriesOptions {
  readonly hosts: string;
  readonly worker: string;
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly rounds: number;
  readonly deliveries: number;
}

const HOSTS = 20;
const FIRST_PORT = 4_410;
const PORTS = Array.from({ length: HOSTS }, (_, i) => FIRST_PORT + i);
const originOf = (port: number) => `http://127.0.0.1:${port}`;
const ORIGINS = PORTS.map(originOf);
const MIB = 1024 * 1024;
const AWARDS_EACH = 5;
/** Far below what one machine can push, so that only the slow host makes anybody wait. */
const STREAM_PER_SECOND = 60;
const SLOW_MS = 3_000;

export async function deliveriesBench(options: DeliveriesOptions): Promise<Row[]> {
  const server = await start(
    { name: "hosts", args: [options.hosts, "--hosts", JSON.stringify({ ports: PORTS })] },
    FIRST_PORT,
  );
  try {
    return [
      ...(await faulty(options)),
      ...(await slowOne(options)),
      ...(await throughput(options)),
    ];
  } finally {
    await server.stop();
  }
}

async function tell(behaviour: Behaviour): Promise<void> {
  await fetch(`${originOf(FIRST_PORT)}/`, { method: "PUT", body: JSON.stringify(behaviour) });
}

async function counted(): Promise<HostCount> {
  return (await (await fetch(`${originOf(FIRST_PORT)}/count`)).json()) as HostCount;
}

async function push(options: DeliveriesOptions, file: string, mode: WorkerOptions["mode"]) {
  const given: WorkerOptions = { file, hosts: ORIGINS, mode };
  const { stdout } = await run(process.execPath, [options.worker, "--push", JSON.stringify(given)]);
  return JSON.parse(stdout) as Worked;
}

interface Plan {
  readonly deliveries: number;
  readonly connections: number;
  readonly backpacks: number;
  /** Whether they are due at once; else they wait to be made so. */
  readonly due: boolean;
}

/** A database in which that many deliveries wait, spread over the connections and the backpacks. */
async function planned(options: DeliveriesOptions, name: string, plan: Plan): Promise<string> {
  const awards = options.deliveries;
  const template = await filledDatabase(
    `${options.folder}/deliveries-${awards}.db`,
    awards,
    options.migrations,
  );
  const file = `${options.folder}/deliveries-${name}.db`;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  copyFileSync(template, file);
  const engine = openFile(file, Math.random, Date.now);
  await migrate(engine, options.migrations);
  await engine.close();
  const { env } = await pushingEnv(file, ORIGINS);
  const db = new Libsql(file);
  db.exec("PRAGMA synchronous = OFF");
  db.exec("BEGIN");
  const backpacks = givenBackpacks(db, plan.backpacks);
  const connections: string[] = [];
  for (let i = 0; i < plan.connections; i++) {
    const backpack = backpacks[i % backpacks.length] ?? backpacks[0];
    if (backpack !== undefined) connections.push(await givenConnection(env, db, backpack, i));
  }
  const insert = db.prepare(
    "INSERT INTO deliveries (id, award_id, connection_id, organization_id, user_id, state, next_try_at, updated_at) VALUES (?, ?, ?, ?, ?, 'pending', ?, 0)",
  );
  for (let i = 0; i < plan.deliveries; i++) {
    const award = awardRow(i);
    const at = Math.floor(i / AWARDS_EACH) % connections.length;
    insert.run([
      randomUUID(),
      award.id,
      connections[at] ?? "",
      ORGANIZATION_ID,
      userId(at),
      plan.due ? 1 : null,
    ]);
  }
  if (plan.due) {
    const job = db.prepare(
      "INSERT INTO jobs (id, kind, dedupe_key, lane, payload, due_at) SELECT ?, ?, id, ? || external_backpack_id, json_object('connection_id', id), 1 FROM badge_backpacks WHERE id = ?",
    );
    for (const id of connections) job.run([randomUUID(), PUSH, LANE_PREFIX, id]);
  }
  db.exec("COMMIT");
  db.close();
  await env.db.close();
  return file;
}

interface Made {
  readonly id: string;
  readonly server: string;
}

function givenBackpacks(db: InstanceType<typeof Libsql>, count: number): Made[] {
  return PORTS.slice(0, count).map((port) => {
    const made = { id: randomUUID(), server: randomUUID() };
    db.prepare(
      "INSERT INTO oauth2_issuers (id, name, authorization_url, token_url, scopes_offered, updated_at) VALUES (?, 'Bench', ?, ?, '[]', 0)",
    ).run([made.server, `${originOf(port)}/authorize`, `${originOf(port)}/token`]);
    db.prepare(
      "INSERT INTO badge_external_backpacks (id, name, api_version, backpack_api_url, backpack_web_url, oauth2_issuer_id, updated_at) VALUES (?, 'Bench', 'v2p1', ?, ?, ?, 0)",
    ).run([made.id, `${originOf(port)}/ims/ob/v2p1`, originOf(port), made.server]);
    return made;
  });
}

async function givenConnection(
  env: Parameters<typeof sealHeld>[0],
  db: InstanceType<typeof Libsql>,
  backpack: Made,
  person: number,
): Promise<string> {
  const id = randomUUID();
  const token = randomUUID();
  const client = {
    clientId: "bench",
    clientSecret: "secret",
    tokenUrl: "http://127.0.0.1/token",
    revocationUrl: null,
    issuer: null,
  };
  const sealed = await sealHeld(env, token, {
    accessToken: `access-${person}`,
    refreshToken: null,
    client,
    afterRejection: false,
  });
  db.prepare(
    "INSERT INTO badge_backpacks (id, user_id, external_backpack_id, auto_sync, connected_at, updated_at) VALUES (?, ?, ?, 1, 0, 0)",
  ).run([id, userId(person), backpack.id]);
  db.prepare(
    "INSERT INTO badge_backpack_oauth2s (id, user_id, external_backpack_id, issuer_id, connection_id, token, refresh_token, scope, updated_at) VALUES (?, ?, ?, ?, ?, ?, '', ?, 0)",
  ).run([
    token,
    userId(person),
    backpack.id,
    backpack.server,
    id,
    sealed.token,
    [SCOPES.create, SCOPES.read].join(" "),
  ]);
  return id;
}

/** Hosts that know no doubles, so that a badge that is posted twice is seen twice. */
async function faulty(options: DeliveriesOptions): Promise<Row[]> {
  const { deliveries } = options;
  const file = await planned(options, "faulty", {
    deliveries,
    connections: deliveries / AWARDS_EACH,
    backpacks: HOSTS,
    due: true,
  });
  await tell({ faults: 0.3, slowMs: 0 });
  const warmUpJobs = deliveries / AWARDS_EACH / 10;
  const worked = await push(options, file, { kind: "all", warmUpJobs });
  const { shown, distinct, requests, faults } = await counted();
  const rate = deliveries / worked.seconds;
  const lost = deliveries - distinct;
  const twice = shown - distinct;
  const growth = worked.growth / MIB;
  const count = deliveries.toLocaleString("en");
  return [
    {
      name: `${count} deliveries to ${HOSTS} backpacks, 30 % of requests meet a fault`,
      ops: rate,
      min: rate,
      max: rate,
      ratio: (distinct - twice) / deliveries,
      target: 1,
      note: `${lost} lost, ${twice} seen twice; ${requests} requests, ${faults} faults of six kinds; the clock is moved on where all wait`,
    },
    {
      name: "memory they take, of 64 MiB",
      ops: rate,
      min: rate,
      max: rate,
      ratio: 64 / Math.max(growth, 1),
      target: 1,
      note: `in use, garbage included, ${growth.toFixed(1)} MiB more than after the first tenth, at most; ${(worked.resident / MIB).toFixed(0)} MiB resident at the end`,
    },
  ];
}

/** The 99th of a hundred, of what was delivered to others than the first backpack. */
function p99(worked: Worked, slow: string): number {
  const waits = worked.waits.filter(([backpack]) => backpack !== slow).map(([, ms]) => ms);
  waits.sort((a, b) => a - b);
  return waits[Math.floor(waits.length * 0.99)] ?? Number.NaN;
}

async function slowOne(options: DeliveriesOptions): Promise<Row[]> {
  const all: number[] = [];
  const one: number[] = [];
  const plan = { deliveries: 2_000, connections: 400, backpacks: HOSTS, due: false };
  for (let round = 0; round < options.rounds; round++) {
    for (const slowMs of round % 2 === 0 ? [0, SLOW_MS] : [SLOW_MS, 0]) {
      const file = await planned(options, "stream", plan);
      await tell({ faults: 0, slowMs });
      const db = new Libsql(file);
      const [slow] = db
        .prepare("SELECT id FROM badge_external_backpacks WHERE backpack_web_url = ?")
        .raw(true)
        .get([originOf(FIRST_PORT)]) as unknown as [string];
      db.close();
      const worked = await push(options, file, { kind: "stream", perSecond: STREAM_PER_SECOND });
      (slowMs === 0 ? all : one).push(p99(worked, slow));
    }
  }
  const rates = (values: number[]) => values.map((ms) => 1000 / ms);
  const row = (name: string, values: number[], ratio: number, note: string): Row => ({
    name,
    ops: median(rates(values)),
    min: Math.min(...rates(values)),
    max: Math.max(...rates(values)),
    ratio,
    note,
  });
  const ratio = median(all.map((ms, i) => ms / (one[i] ?? Number.NaN)));
  return [
    row(
      `p99 of ${STREAM_PER_SECOND} deliveries a second to ${HOSTS} quick backpacks`,
      all,
      1,
      `${median(all).toFixed(0)} ms from due to there`,
    ),
    {
      ...row(
        `the same of nineteen, while one takes ${SLOW_MS / 1000} s for each answer`,
        one,
        ratio,
        `${median(one).toFixed(0)} ms; 20 % more is 0.83`,
      ),
      target: 0.83,
    },
  ];
}

/** What the hosts take from a client that does nothing else, with so many requests under way. */
async function bare(count: number, underWay: number, bodies: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: underWay });
  let sent = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const body = bodies[sent % bodies.length] ?? "";
      sent++;
      const asked = request(
        `${originOf(FIRST_PORT)}/ims/ob/v2p1/assertions`,
        {
          agent,
          method: "POST",
          headers: { "content-type": "application/json", authorization: "Bearer access" },
        },
        (response) => response.resume().on("end", resolve),
      );
      asked.on("error", reject);
      asked.end(body);
    });
  const start = performance.now();
  await Promise.all(
    Array.from({ length: underWay }, async () => {
      while (sent < count) await one();
    }),
  );
  agent.destroy();
  return (count * 1000) / (performance.now() - start);
}

async function throughput(options: DeliveriesOptions): Promise<Row[]> {
  const deliveries = Math.min(options.deliveries, 4_000);
  const cases = [1, 8, 64];
  const limits: number[] = [];
  const rates = new Map<number, number[]>(cases.map((connections) => [connections, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const connections of cases) {
      const plan = { deliveries, connections, backpacks: 1, due: true };
      const file = await planned(options, "throughput", plan);
      if (connections === cases[0]) {
        await tell({ faults: 0, slowMs: 0 });
        limits.push(await bare(deliveries, 64, await bodies()));
      }
      await tell({ faults: 0, slowMs: 0 });
      const { seconds } = await push(options, file, { kind: "all", warmUpJobs: 0 });
      rates.get(connections)?.push(deliveries / seconds);
    }
  }
  const row = (name: string, own: number[], note: string): Row => ({
    name,
    ops: median(own),
    min: Math.min(...own),
    max: Math.max(...own),
    ratio: median(own.map((rate, i) => rate / (limits[i] ?? Number.NaN))),
    note,
  });
  return [
    row("one backpack, bare client, 64 requests under way", limits, "the host keeps it in memory"),
    ...cases.map((connections) =>
      row(
        `pushes to it, ${connections} connection${connections === 1 ? "" : "s"}`,
        rates.get(connections) ?? [],
        `claimed and recorded durably; at most ${connections === 1 ? 4 : 8} under way at one host`,
      ),
    ),
  ];
}

/** The very bodies that the pushes send. */
async function bodies(): Promise<string[]> {
  const addresses = urls(BENCH_ORIGIN);
  const some = Array.from({ length: 100 }, (_, i) =>
    hostedAssertion(awardRow(i), { urls: addresses, bakedImage: "png" }),
  );
  return (await Promise.all(some)).map(({ body }) => `{"assertion":${body}}`);
}
