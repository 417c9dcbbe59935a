// Makes a database with as many awards as asked for: real rows, real assertions, one organization.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Libsql from "libsql";
import type { Award } from "../src/db/awards.ts";
import type { Writable } from "../src/db/database.ts";
import { type Migration, migrate } from "../src/db/migrate.ts";
import { insertHostedAssertion } from "../src/db/published.ts";
import { hostedAssertion } from "../src/obv2/hosted.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { urls } from "../src/urls.ts";

export const BENCH_ORIGIN = "https://badges.example.org";
export const ORGANIZATION_ID = "01900000-0000-7000-8000-000000000001";
const BADGES = 500;
const AWARDS_PER_PERSON = 5;
const START = Date.UTC(2026, 0, 1);

/** Spreads an ordinal over 160 bits: hashes in no order, the same in every run. */
export function hashOf(ordinal: number): string {
  let text = "";
  let state = (ordinal + 1) >>> 0;
  for (let word = 0; word < 5; word++) {
    state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0;
    state = Math.imul(state ^ (state >>> 15) ^ (ordinal + word * 0x9e3779b9), 0x2c1b3c6d) >>> 0;
    text += ((state ^ (state >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return text;
}

const uuid = (kind: number, ordinal: number) =>
  `0190${kind.toString(16).padStart(4, "0")}-0000-7000-8000-${ordinal.toString(16).padStart(12, "0")}`;

export const badgeId = (ordinal: number) => uuid(2, ordinal % BADGES);
export const userId = (ordinal: number) => uuid(3, ordinal);
export const identityId = (ordinal: number) => uuid(4, ordinal);

/** One award's row as the rules would have written it. */
export function awardRow(ordinal: number): Award {
  const person = Math.floor(ordinal / AWARDS_PER_PERSON);
  const at = START + ordinal * 1000;
  return {
    id: uuid(5, ordinal),
    unique_hash: hashOf(ordinal),
    badge_id: badgeId(ordinal),
    user_id: userId(person),
    organization_id: ORGANIZATION_ID,
    award_slot: `r${ordinal % AWARDS_PER_PERSON}`,
    awarded_at: at,
    date_issued: at,
    date_expire: at + 3 * 365 * 86_400_000,
    awarded_by: "system",
    awarded_by_user_id: null,
    tier_level: null,
    progress_snapshot: null,
    evidence: [
      {
        id: `https://northside.example/evidence/${ordinal}`,
        name: "Coordinator's note",
        narrative:
          "Ran mentoring sessions in twelve consecutive weeks and wrote up what was learnt.",
      },
    ],
    narrative: "Went well beyond the threshold and helped two newcomers on the way.",
    visible: true,
    is_visible: true,
    claim_state: "unclaimed",
    claimed_at: null,
    revoked_at: null,
    revocation_reason: null,
    is_withheld: false,
    superseded_by: null,
    notification_sent: true,
    issuer_notified: null,
    recipient_identity_id: identityId(person),
    recipient_type: "email",
    recipient_identity: `person-${person}@example.org`,
    recipient_salt: hashOf(ordinal + 7_000_000).slice(0, 32),
    recipient_name: `Person ${person}`,
    revision: 1,
    created_at: at,
    updated_at: at,
  };
}

const GENERATED = new Set(["date_issued", "is_visible"]);

function insertAwards(columns: readonly string[]): string {
  return `INSERT INTO badge_issues (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}

function stored(value: unknown): string | number | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return JSON.stringify(value);
}

/**
 * Makes the file unless it is there; an interrupted run leaves nothing that looks finished. The last
 * migration is part of its name, and files of others are removed: what a migration has carried over
 * does not lie as what the program writes, which is what is to be measured.
 */
export async function filledDatabase(
  wanted: string,
  awards: number,
  migrations: readonly Migration[],
): Promise<string> {
  const stem = basename(wanted, ".db");
  const path = join(dirname(wanted), `${stem}-${migrations.at(-1)?.name}.db`);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  for (const file of readdirSync(dirname(path))) {
    if (file.startsWith(`${stem}.db`) || file.startsWith(`${stem}-0`)) {
      rmSync(join(dirname(path), file));
    }
  }
  const partial = `${path}.partial`;
  const engine = openFile(partial, Math.random, Date.now);
  await migrate(engine, migrations);
  await engine.close();
  await fill(partial, awards);
  for (const left of ["-wal", "-shm"]) rmSync(partial + left, { force: true });
  renameSync(partial, path);
  return path;
}

async function fill(path: string, awards: number): Promise<void> {
  const db = new Libsql(path);
  db.exec("PRAGMA synchronous = OFF");
  db.exec("PRAGMA cache_size = -1000000");
  db.exec("PRAGMA foreign_keys = OFF");
  db.exec("BEGIN");
  givenPeople(db, Math.ceil(awards / AWARDS_PER_PERSON));
  const columns = Object.keys(awardRow(0)).filter((name) => !GENERATED.has(name));
  const insert = db.prepare(insertAwards(columns));
  const prepared = new Map<string, ReturnType<typeof db.prepare>>();
  const run = (write: Writable) => {
    const { sql, params } = write.toSQL();
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    statement.run(params.map((value) => (typeof value === "number" ? BigInt(value) : value)));
  };
  const addresses = urls(BENCH_ORIGIN);
  for (let ordinal = 0; ordinal < awards; ordinal++) {
    const row = awardRow(ordinal);
    insert.run(columns.map((name) => stored(row[name as keyof Award])));
    const hosted = await hostedAssertion(row, { urls: addresses, bakedImage: "png" });
    for (const write of insertHostedAssertion(hosted)) run(write);
    if (ordinal % 50_000 === 49_999) {
      db.exec("COMMIT");
      db.exec("BEGIN");
      process.stderr.write(`  filled ${ordinal + 1} of ${awards}\n`);
    }
  }
  db.exec("COMMIT");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

function givenPeople(db: InstanceType<typeof Libsql>, people: number): void {
  db.prepare(
    "INSERT INTO organizations (id, slug, name, url, email, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
  ).run([
    ORGANIZATION_ID,
    "northside",
    "Northside",
    "https://northside.example",
    "a@northside.example",
    START,
  ]);
  const badge = db.prepare(
    "INSERT INTO badges (id, organization_id, name, description, status, criteria_narrative, eligibility_roles, tags, updated_at) VALUES (?, ?, ?, ?, 'active_locked', ?, '[\"member\"]', '[]', ?)",
  );
  for (let i = 0; i < BADGES; i++) {
    badge.run([
      badgeId(i),
      ORGANIZATION_ID,
      `Badge ${i}`,
      "What it is for.",
      "What was done.",
      START,
    ]);
  }
  const user = db.prepare("INSERT INTO users (id, name, updated_at) VALUES (?, ?, ?)");
  const identity = db.prepare(
    "INSERT INTO identities (id, user_id, type, identity, normalised) VALUES (?, ?, 'email', ?, ?)",
  );
  for (let i = 0; i < people; i++) {
    user.run([userId(i), `Person ${i}`, START]);
    identity.run([identityId(i), userId(i), `person-${i}@example.org`, `person-${i}@example.org`]);
  }
}
