// Events in, one by one and by the thousand: against plain rows inserted and counted through libSQL alone.
import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import Libsql from "libsql";
import { createApp } from "../src/app.ts";
import { LOCAL_PRINCIPAL, type Principal } from "../src/auth.ts";
import type { Migration } from "../src/db/migrate.ts";
import type { Env } from "../src/env.ts";
import type { EventInput } from "../src/issuer/event.ts";
import { MAX_EVENTS, storeEvents } from "../src/issuer/events.ts";
import { pushingEnv } from "./deliveries-env.ts";
import { BENCH_ORIGIN, ORGANIZATION_ID, userId } from "./fill.ts";
import { median, type Row } from "./measure.ts";
import { DAY_OF_ROW, openPlain, RULES, sweepWorld } from "./sweep-world.ts";

export interface EventsBenchOptions {
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly rounds: number;
  readonly roundMs: number;
  readonly people: number;
}

const METRICS = 10;
const AT_ONCE = 64;
const DAY_MS = 86_400_000;
const DAYS = 60;

/** Events a second of one way to take them. */
type Rate = (forMs: number) => number | Promise<number>;

/** Every case in turn, round by round; each ratio is to the reference of the same round. */
export async function eventsBench(options: EventsBenchOptions): Promise<Row[]> {
  const { folder, people, rounds, roundMs } = options;
  const world = await filled(options);
  const files = { plain: `${folder}/events-plain.db`, ours: `${folder}/events-ours.db` };
  for (const name of ["plain", "ours"] as const) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(files[name] + suffix, { force: true });
    copyFileSync(world[name], files[name]);
  }
  const plain = plainCounts(files.plain, people);
  const { env } = await pushingEnv(files.ours, []);
  const ours = ourCounts(env, people);
  const cases: Readonly<Record<string, Rate>> = {
    "plain one": (ms) => plain.rate(1, ms),
    one: (ms) => ours.store(1, 1, ms),
    "one by API": (ms) => ours.api(1, 1, ms),
    "plain many": (ms) => plain.rate(AT_ONCE, ms),
    many: (ms) => ours.store(1, AT_ONCE, ms),
    "many by API": (ms) => ours.api(1, AT_ONCE, ms),
    "plain thousand": (ms) => plain.rate(MAX_EVENTS, ms),
    thousand: (ms) => ours.store(MAX_EVENTS, 1, ms),
    "thousand by API": (ms) => ours.api(MAX_EVENTS, 1, ms),
    "loose one": (ms) => plain.loosely(() => plain.rate(1, ms)),
    "loose thousand": (ms) => plain.loosely(() => plain.rate(MAX_EVENTS, ms)),
  };
  const rates = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  // Once before it counts: caches are filled, statements compiled.
  for (let round = -1; round < rounds; round++) {
    for (const [name, rate] of Object.entries(cases)) {
      const found = await rate(round < 0 ? Math.min(roundMs, 500) : roundMs);
      if (round >= 0) rates.get(name)?.push(found);
      await ours.settle();
      plain.settle();
    }
  }
  plain.close();
  await env.db.close();
  const row = (title: string, name: string, than: string, target?: number, note?: string): Row => {
    const own = rates.get(name) ?? [];
    const limit = rates.get(than) ?? [];
    return {
      name: title,
      ops: median(own),
      min: Math.min(...own),
      max: Math.max(...own),
      ratio: median(own.map((rate, i) => rate / (limit[i] ?? Number.NaN))),
      ...(target === undefined ? {} : { target }),
      ...(note === undefined ? {} : { note }),
    };
  };
  const size = `${people.toLocaleString("en")} people, ${RULES} definitions`;
  const same = "the same durability: a flush to the disk each";
  const loose =
    "what the reference was first measured with: nothing is flushed to the disk when it is told";
  return [
    row("plain, one a transaction, synchronous=FULL", "plain one", "plain one", undefined, size),
    row("one by one, storing alone", "one", "plain one", 0.7, same),
    row("one by one, by API in process", "one by API", "plain one", 0.7, same),
    row(`plain, ${AT_ONCE} a transaction, synchronous=FULL`, "plain many", "plain many"),
    row(
      `one by one from ${AT_ONCE} senders, storing alone`,
      "many",
      "plain many",
      undefined,
      "each with its own answer, together in few flushes",
    ),
    row(
      `one by one from ${AT_ONCE} senders, by API in process, to plain one a transaction`,
      "many by API",
      "plain one",
      undefined,
      "what is taken in where events come one by one, of many at once",
    ),
    row("plain, 1,000 a transaction, synchronous=FULL", "plain thousand", "plain thousand"),
    row("by 1,000, storing alone", "thousand", "plain thousand", 0.7),
    row("by 1,000, by API in process", "thousand by API", "plain thousand", 0.7),
    row("plain, one a transaction, synchronous=NORMAL", "loose one", "loose one", undefined, loose),
    row(`ours from ${AT_ONCE} senders, to it`, "many", "loose one"),
    row(
      "plain, 1,000 a transaction, synchronous=NORMAL",
      "loose thousand",
      "loose thousand",
      undefined,
      loose,
    ),
    row("ours by 1,000, to it", "thousand", "loose thousand", 0.7),
  ];
}

/** An activity, its counter, and a look at the thresholds the counter has passed. */
function plainCounts(path: string, people: number) {
  const db = openPlain(path);
  db.exec("PRAGMA synchronous = FULL");
  const rules = db
    .prepare("SELECT badge_id, metric, threshold FROM rule")
    .raw(true)
    .all() as number[][];
  const insert = db.prepare("INSERT INTO activity (user_id, metric, n) VALUES (?, ?, ?)");
  const count = db
    .prepare(
      "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total RETURNING total",
    )
    .raw(true);
  const award = db.prepare("INSERT OR IGNORE INTO award VALUES (?, ?, ?)");
  const byMetric = Array.from({ length: METRICS }, (_, metric) =>
    rules.filter(([, of]) => of === metric),
  );
  const one = () => {
    const [user, metric, n] = [below(people), below(METRICS), 1 + below(5)];
    insert.run([user, metric, n]);
    const [total = 0] = count.get([user, metric, n]) as unknown as number[];
    for (const [badge, , threshold = 0] of byMetric[metric] ?? []) {
      if (total >= threshold && total - n < threshold) award.run([badge, user, Date.now()]);
    }
  };
  return {
    rate(perTransaction: number, forMs: number): number {
      const start = performance.now();
      let done = 0;
      while (performance.now() - start < forMs) {
        db.exec("BEGIN");
        for (let i = 0; i < perTransaction; i++) one();
        db.exec("COMMIT");
        done += perTransaction;
      }
      return (done * 1000) / (performance.now() - start);
    },
    loosely(measured: () => number): number {
      db.exec("PRAGMA synchronous = NORMAL");
      const rate = measured();
      db.exec("PRAGMA synchronous = FULL");
      return rate;
    },
    settle: () => void db.exec("PRAGMA wal_checkpoint(TRUNCATE)"),
    close: () => void db.close(),
  };
}

const OPERATOR: Principal = {
  kind: "operator",
  id: "bench",
  organizationId: ORGANIZATION_ID,
  scopes: ["*"],
};

function ourCounts(env: Env, people: number) {
  const app = createApp(env);
  const run = Date.now().toString(36);
  // What a sender does is no part of what is measured: its words are made before.
  const users = Array.from({ length: people }, (_, i) => userId(i));
  const names = Array.from({ length: METRICS }, (_, i) => `counted_${i}`);
  const times = Array.from({ length: DAYS }, (_, i) =>
    new Date(Date.now() - i * DAY_MS).toISOString(),
  );
  let made = 1_000_000_000;
  const event = (): EventInput => ({
    id: `event-${run}-${made++}`,
    user: users[below(people)] ?? "",
    metric: names[below(METRICS)] ?? "",
    quantity: 1 + below(5),
    occurred_at: times[below(DAYS)] ?? "",
  });
  const some = (size: number) => Array.from({ length: size }, event);
  const store = async (size: number) => {
    const placed = some(size).map((input, i) => ({ pointer: `/events/${i}`, input }));
    const { stored } = await storeEvents(env, ORGANIZATION_ID, placed);
    if (stored !== size) throw new Error(`${stored} of ${size} events were stored`);
  };
  const ask = async (size: number) => {
    const body = size === 1 ? event() : { events: some(size) };
    const answer = await app.request(
      `${BENCH_ORIGIN}/api/v1/events`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      },
      { [LOCAL_PRINCIPAL]: OPERATOR },
    );
    if (answer.status !== 200) throw new Error(await answer.text());
    await answer.arrayBuffer();
  };
  const rate = (send: (size: number) => Promise<void>) => {
    return async (size: number, atOnce: number, forMs: number): Promise<number> => {
      const start = performance.now();
      let done = 0;
      const sender = async () => {
        while (performance.now() - start < forMs) {
          await send(size);
          done += size;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, sender));
      return (done * 1000) / (performance.now() - start);
    };
  };
  return {
    store: rate(store),
    api: rate(ask),
    /** Whoever is to be looked at has been, and was awarded what they have come to. */
    settle: () =>
      env.db.batch([
        { sql: `${EARNED} WHERE ${IS_DUE}`, params: [] },
        { sql: "DELETE FROM evaluations_due", params: [] },
      ]),
  };
}

/** Whoever has come to a threshold has met it, and holds the badge. */
const EARNED = `INSERT OR IGNORE INTO badge_criteria_mets
    (crit_id, user_id, organization_id, date_met, issued_id)
  SELECT param.crit_id, counted.user_id, counted.organization_id, 0, 'award'
  FROM badge_criteria_params param CROSS JOIN metric_totals counted
    ON counted.organization_id = '${ORGANIZATION_ID}'
    AND counted.metric = substr(param.name, length('metric_') + 1)
    AND counted.total >= param.value * 1000`;
const IS_DUE = `counted.user_id IN (SELECT user_id FROM evaluations_due)`;

/** The same activity in both: rows, what they add up to, and who has earned something by it. */
async function filled({ folder, people, migrations }: EventsBenchOptions) {
  const from = await sweepWorld(folder, people, migrations);
  const stem = `${folder}/events-earned-${people}-${migrations.at(-1)?.name}`;
  const world = { plain: `${stem}-plain.db`, ours: `${stem}-ours.db` };
  if (existsSync(world.ours)) return world;
  copyFileSync(from.reference, world.plain);
  const plain = openPlain(world.plain);
  plain.exec(`CREATE TABLE counter (user_id INTEGER, metric INTEGER, total INTEGER NOT NULL,
      PRIMARY KEY (user_id, metric)) WITHOUT ROWID;
    INSERT INTO counter SELECT user_id, metric, sum(n) FROM activity GROUP BY user_id, metric;
    PRAGMA wal_checkpoint(TRUNCATE);`);
  plain.close();
  const partial = `${world.ours}.partial`;
  copyFileSync(from.ours, partial);
  fillEvents(partial, world.plain);
  renameSync(partial, world.ours);
  return world;
}

function fillEvents(path: string, plain: string): void {
  const db = new Libsql(path);
  db.exec("PRAGMA synchronous = OFF");
  db.exec("PRAGMA cache_size = -500000");
  db.prepare("ATTACH ? AS plain").run([plain]);
  db.exec("BEGIN");
  // In the order they came in, which leaves pages as full as events leave them; and as much before
  // that days are carried over as often as they will be, though nothing more was reached by it.
  db.exec("DELETE FROM metric_totals");
  for (const [ago, total] of [
    [2, "0"],
    [1, "0"],
    [0, "n * 1000"],
  ] as const) {
    db.exec(`INSERT INTO metric_totals
      (organization_id, metric, user_id, count, total, updated_at, recent)
      SELECT '${ORGANIZATION_ID}', 'counted_' || metric,
        printf('01900003-0000-7000-8000-%012x', user_id), 1, ${total}, 0,
        '[' || (${DAY_OF_ROW} - ${ago * DAYS}) || ',1,' || (${total}) || '],'
      FROM plain.activity WHERE true ORDER BY id
      ON CONFLICT DO UPDATE SET count = count + 1, total = total + excluded.total,
        recent = recent || excluded.recent`);
  }
  // From none to four days beside each: every fifth event carries them over, as it will ever after.
  const four = "[20601,1,1500],[20602,1,1500],[20603,1,1500],[20604,1,1500],";
  db.exec(`UPDATE metric_totals SET recent = substr('${four}', 1, 15 * (abs(random()) % 5))`);
  db.exec(`INSERT INTO events
    (organization_id, event_id, user_id, kind, name, quantity, occurred_at, day, created_at)
    SELECT '${ORGANIZATION_ID}', printf('before-%012d', id),
      printf('01900003-0000-7000-8000-%012x', user_id), 'metric', 'counted_' || metric, n * 1000,
      (${DAY_OF_ROW}) * ${DAY_MS}, ${DAY_OF_ROW}, 0 FROM plain.activity`);
  db.exec(`${EARNED} ORDER BY param.crit_id, counted.user_id`);
  db.exec("COMMIT");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
