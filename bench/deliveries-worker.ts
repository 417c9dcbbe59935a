// Pushes in a process of their own, and says how long they took and what they held in memory.

import { woken } from "../src/backpack/ledger.ts";
import { pushing } from "../src/backpack/push.ts";
import type { Database } from "../src/db/database.ts";
import { PUSH, WAKEABLE } from "../src/db/deliveries-plan.ts";
import type { Env } from "../src/env.ts";
import { drain } from "../src/jobs/drain.ts";
import { startDrainer, wakeOnEnqueue } from "../src/runtime/drainer.ts";
import { pushingEnv } from "./deliveries-env.ts";

export interface WorkerOptions {
  readonly file: string;
  readonly hosts: readonly string[];
  /** All that is due and will be, with the clock moved on; or a stream of new ones for a time. */
  readonly mode:
    | { readonly kind: "all"; readonly warmUpJobs: number }
    | { readonly kind: "stream"; readonly perSecond: number };
}

export interface Worked {
  readonly seconds: number;
  /** Memory in use, grown since the warm-up, at most, in bytes; garbage that is not yet collected too. */
  readonly growth: number;
  /** Resident at the end, in bytes. */
  readonly resident: number;
  /** For each delivery of a stream: its backpack, and milliseconds from being due to being there. */
  readonly waits: readonly (readonly [backpack: string, milliseconds: number])[];
}

const STREAM_MS = 8_000;
const HANDLERS = { [PUSH]: pushing(512) };

async function nextJob(env: Env): Promise<number | null> {
  const { rows } = await env.db.read({
    sql: "SELECT min(max(due_at, coalesce(lease_until, 0))) FROM jobs WHERE done_at IS NULL AND parked_at IS NULL",
    params: [],
  });
  return rows[0]?.[0] === null || rows[0] === undefined ? null : Number(rows[0][0]);
}

/** Set by `--expose-gc`. */
const { gc: collect } = globalThis as { gc?: () => void };

/** On the heap and outside of it; not what the engine keeps for later, which is its own choice. */
function inUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function all(
  env: Env,
  advanceTo: (time: number) => void,
  warmUpJobs: number,
): Promise<Worked> {
  if (warmUpJobs > 0) await drain(env, HANDLERS, { limit: warmUpJobs });
  collect?.();
  const before = inUse();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, inUse());
  }, 20);
  const start = performance.now();
  for (;;) {
    await drain(env, HANDLERS, { limit: 1_000_000 });
    const due = await nextJob(env);
    if (due === null) break;
    advanceTo(due);
  }
  clearInterval(watch);
  return {
    seconds: (performance.now() - start) / 1000,
    growth: most - before,
    resident: process.memoryUsage().rss,
    waits: [],
  };
}

/** New deliveries at an even pace, each in a batch of its own, as awards make them. */
async function stream(env: Env, perSecond: number): Promise<Worked> {
  let drainer: ReturnType<typeof startDrainer> | undefined;
  const db: Database = wakeOnEnqueue(env.db, () => drainer?.wake());
  drainer = startDrainer({ ...env, db }, HANDLERS, { schedule: {} });
  const { rows: parked } = await db.read({
    sql: "SELECT id FROM deliveries WHERE next_try_at IS NULL AND state = 'pending' ORDER BY random() LIMIT ?",
    params: [(STREAM_MS / 1000) * perSecond],
  });
  const start = performance.now();
  for (const [i, row] of parked.entries()) {
    const wait = start + (i * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const now = env.now();
    const id = String(row[0]);
    await db.batch([
      {
        sql: "UPDATE deliveries SET next_try_at = ?, created_at = ? WHERE id = ?",
        params: [now, now, id],
      },
      woken(env, WAKEABLE.delivery(id)),
    ]);
  }
  await new Promise((done) => setTimeout(done, 1_500));
  await drainer.stop();
  const { rows } = await db.read({
    sql: `SELECT c.external_backpack_id, d.delivered_at - d.created_at FROM deliveries d
      JOIN badge_backpacks c ON c.id = d.connection_id
      WHERE d.id IN (SELECT value FROM json_each(?)) AND d.delivered_at IS NOT NULL`,
    params: [JSON.stringify(parked.map(([id]) => id))],
  });
  const waits = rows.map((row) => [String(row[0]), Number(row[1])] as const);
  return {
    seconds: (performance.now() - start) / 1000,
    growth: 0,
    resident: process.memoryUsage().rss,
    waits,
  };
}

if (process.argv[2] === "--push") {
  const options = JSON.parse(process.argv[3] ?? "{}") as WorkerOptions;
  const { env, advanceTo } = await pushingEnv(options.file, options.hosts);
  const { mode } = options;
  const worked =
    mode.kind === "all"
      ? await all(env, advanceTo, mode.warmUpJobs)
      : await stream(env, mode.perSecond);
  await env.db.close();
  process.stdout.write(JSON.stringify(worked));
  process.exit();
}
