// The same activity twice: in the plain tables of a reference, and as events would have left it in ours.
import { existsSync, renameSync, rmSync } from "node:fs";
import Libsql from "libsql";
import { type Migration, migrate } from "../src/db/migrate.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { identityId, ORGANIZATION_ID, userId } from "./fill.ts";

export const RULES = 20;
const METRICS = 10;
const ROWS_PER_PERSON = 20;
/** Thresholds of the first ten rules and of the others. */
const LOW = 5;
const HIGH = 12;

const DAYS = 60;
/** The day on which a row of `activity` happened, by its number. */
export const DAY_OF_ROW = `${Math.floor(Date.now() / 86_400_000)} - id % ${DAYS}`;

export const ruleBadge = (rule: number) =>
  `01910002-0000-7000-8000-${rule.toString(16).padStart(12, "0")}`;
const ruleCriterion = (rule: number, which: number) =>
  `0191000${3 + which}-0000-7000-8000-${rule.toString(16).padStart(12, "0")}`;

export interface SweepWorld {
  /** Plain tables: activity, rule, award. */
  readonly reference: string;
  /** Ours: people, badges, criteria and what was counted. */
  readonly ours: string;
}

/** Makes both files unless they are there. */
export async function sweepWorld(
  folder: string,
  people: number,
  migrations: readonly Migration[],
): Promise<SweepWorld> {
  const stem = `${folder}/sweep-${people}-${migrations.at(-1)?.name}`;
  const world = { reference: `${stem}-plain.db`, ours: `${stem}-ours.db` };
  if (existsSync(world.ours)) return world;
  for (const path of Object.values(world)) {
    for (const suffix of ["", "-wal", "-shm", ".partial"]) rmSync(path + suffix, { force: true });
  }
  fillReference(world.reference, people);
  const partial = `${world.ours}.partial`;
  const engine = openFile(partial, Math.random, Date.now);
  await migrate(engine, migrations);
  await engine.close();
  fillOurs(partial, world.reference, people);
  for (const left of ["-wal", "-shm"]) rmSync(partial + left, { force: true });
  renameSync(partial, world.ours);
  return world;
}

/** Opened as whoever wants the statement alone to be fast would open it. */
export function openPlain(path: string): InstanceType<typeof Libsql> {
  const db = new Libsql(path);
  for (const setting of [
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "cache_size = -262144",
    "mmap_size = 4294967296",
    "temp_store = MEMORY",
  ]) {
    db.exec(`PRAGMA ${setting}`);
  }
  return db;
}

function fillReference(path: string, people: number): void {
  const db = openPlain(path);
  db.exec(`CREATE TABLE activity (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, metric INTEGER NOT NULL, n INTEGER NOT NULL);
    CREATE TABLE rule (badge_id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, threshold INTEGER NOT NULL);
    CREATE TABLE award (badge_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (user_id, badge_id)) WITHOUT ROWID;`);
  const next = seeded(12_345);
  const insert = db.prepare("INSERT INTO activity (user_id, metric, n) VALUES (?, ?, ?)");
  db.exec("BEGIN");
  for (let i = 0; i < people * ROWS_PER_PERSON; i++) {
    insert.run([next(people), next(METRICS), 1 + next(5)]);
  }
  const rule = db.prepare("INSERT INTO rule VALUES (?, ?, ?)");
  for (let i = 0; i < RULES; i++) rule.run([i, i % METRICS, i < METRICS ? LOW : HIGH]);
  db.exec("COMMIT");
  db.exec("CREATE INDEX act_um ON activity (user_id, metric, n)");
  db.exec("ANALYZE");
  db.close();
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function fillOurs(path: string, reference: string, people: number): void {
  const db = new Libsql(path);
  db.exec("PRAGMA synchronous = OFF");
  db.exec("PRAGMA foreign_keys = OFF");
  db.exec("PRAGMA cache_size = -500000");
  db.prepare("ATTACH ? AS plain").run([reference]);
  db.exec("BEGIN");
  const metric = (i: number) => `counted_${i}`;
  db.prepare(
    "INSERT INTO organizations (id, slug, name, url, email, updated_at) VALUES (?, 'northside', 'Northside', 'https://northside.example', 'a@northside.example', 0)",
  ).run([ORGANIZATION_ID]);
  for (let i = 0; i < METRICS; i++) {
    db.prepare(
      "INSERT INTO metrics (organization_id, name, kind, label) VALUES (?, ?, 'sum', ?)",
    ).run([ORGANIZATION_ID, metric(i), metric(i)]);
  }
  for (let i = 0; i < RULES; i++) {
    db.prepare(
      "INSERT INTO badges (id, organization_id, name, description, status, max_awards_per_user, criteria_narrative, eligibility_roles, tags, updated_at) VALUES (?, ?, ?, 'A rule.', 'active', 1, 'Go on.', '[\"member\"]', '[]', 0)",
    ).run([ruleBadge(i), ORGANIZATION_ID, `Rule ${i}`]);
    for (const [which, type] of ["overall", "metric"].entries()) {
      db.prepare(
        "INSERT INTO badge_criterias (id, badge_id, criteria_type, method) VALUES (?, ?, ?, 1)",
      ).run([ruleCriterion(i, which), ruleBadge(i), type]);
    }
    db.prepare(
      "INSERT INTO badge_criteria_params (id, crit_id, name, value) VALUES (?, ?, ?, ?)",
    ).run([
      ruleCriterion(i, 2),
      ruleCriterion(i, 1),
      `metric_${metric(i % METRICS)}`,
      String(i < METRICS ? LOW : HIGH),
    ]);
  }
  givenPeople(db, people);
  db.prepare(
    `INSERT INTO metric_totals (organization_id, metric, user_id, count, total, updated_at, recent)
      SELECT ?, 'counted_' || metric, printf('01900003-0000-7000-8000-%012x', user_id),
        count(*), sum(n) * 1000, 0,
        group_concat('[' || (${DAY_OF_ROW}) || ',1,' || (n * 1000) || '],', '')
      FROM plain.activity GROUP BY metric, user_id ORDER BY 2, 3`,
  ).run([ORGANIZATION_ID]);
  // What would have been carried over is, by the trigger that does it.
  db.exec("UPDATE metric_totals SET recent = recent || '' WHERE length(recent) > 64");
  db.exec("COMMIT");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

function givenPeople(db: InstanceType<typeof Libsql>, people: number): void {
  const user = db.prepare("INSERT INTO users (id, name, updated_at) VALUES (?, ?, 0)");
  const identity = db.prepare(
    "INSERT INTO identities (id, user_id, type, identity, normalised, verified_at) VALUES (?, ?, 'email', ?, ?, 0)",
  );
  const membership = db.prepare(
    "INSERT INTO memberships (id, organization_id, user_id, name, roles, updated_at) VALUES (?, ?, ?, ?, '[\"member\"]', 0)",
  );
  for (let i = 0; i < people; i++) {
    const address = `person-${i}@example.org`;
    user.run([userId(i), `Person ${i}`]);
    identity.run([identityId(i), userId(i), address, address]);
    membership.run([identityId(i), ORGANIZATION_ID, userId(i), `Person ${i}`]);
  }
}
