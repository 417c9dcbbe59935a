// Brings a database to the schema this program was written for, or refuses to start on one it does not know.
import type { Engine, Statement } from "./database.ts";
import { DatabaseError } from "./errors.ts";

/** One file of `migrations/`; never edited once it ran anywhere. */
export interface Migration {
  /** The file's name without `.sql`; names sort in the order they are applied. */
  readonly name: string;
  readonly sql: string;
}

export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly code: "unknown_schema" | "changed_migration" | "contended";

  constructor(code: MigrationError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const LEDGER =
  "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY NOT NULL, checksum text NOT NULL, applied_at integer NOT NULL DEFAULT (cast(unixepoch('subsec') * 1000 as integer)))";

/** Two processes that start together both try; the one that comes second finds it done. */
const MAX_ROUNDS = 5;

export function statementsOf(migration: Migration): string[] {
  return migration.sql
    .split("--> statement-breakpoint")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

async function checksum(migration: Migration): Promise<string> {
  const bytes = new TextEncoder().encode(migration.sql.replaceAll("\r\n", "\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ledgerExists(engine: Engine): Promise<boolean> {
  const { rows } = await engine.read({
    sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
    params: [],
  });
  return rows.length > 0;
}

/** The names of the migrations that ran, in order; empty for a new database. */
export async function appliedMigrations(engine: Engine): Promise<string[]> {
  return [...(await readLedger(engine)).keys()];
}

/** A file of some other program is not ours to add tables to; a ledger by now is of who was faster. */
async function refuseForeign(engine: Engine): Promise<void> {
  const { rows } = await engine.read({
    sql: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND name NOT LIKE '\\_%' ESCAPE '\\'
      AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations') LIMIT 1`,
    params: [],
  });
  const [found] = rows;
  if (!found) return;
  throw new MigrationError(
    "unknown_schema",
    `the database holds a table named ${String(found[0])} and none of ours: it belongs to another program; choose an empty one`,
  );
}

async function readLedger(engine: Engine): Promise<Map<string, string>> {
  if (!(await ledgerExists(engine))) return new Map();
  const { rows } = await engine.read({
    sql: "SELECT name, checksum FROM schema_migrations ORDER BY name",
    params: [],
  });
  return new Map(rows.map(([name, sum]) => [String(name), String(sum)]));
}

/**
 * Applies what is missing, each migration in one transaction of its own.
 * Returns how many this call applied. Throws MigrationError `unknown_schema` when the database
 * holds a migration this program does not know, `changed_migration` when one was edited after it ran.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[]): Promise<number> {
  let count = 0;
  let seen = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const applied = await readLedger(engine);
    // Who is always second gets on all the same, by what the other applied.
    if (applied.size > seen) round = 0;
    seen = applied.size;
    if (applied.size === 0) await refuseForeign(engine);
    await refuseUnknown(applied, migrations);
    const next = migrations.find((migration) => !applied.has(migration.name));
    if (!next) return count;
    if (await apply(engine, next)) count++;
  }
  throw new MigrationError("contended", "another process keeps changing the schema; start again");
}

async function refuseUnknown(
  applied: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): Promise<void> {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const [name, sum] of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw new MigrationError(
        "unknown_schema",
        `the database was written by a newer version (migration ${name}); start that version, or restore a backup made before it`,
      );
    }
    if (sum !== (await checksum(migration))) {
      throw new MigrationError(
        "changed_migration",
        `migration ${name} is not the one that ran on this database; restore the file as it was released`,
      );
    }
  }
}

/** False when another process applied it first: its ledger row made ours fail as a whole. */
async function apply(engine: Engine, migration: Migration): Promise<boolean> {
  const steps: Statement[] = [
    { sql: LEDGER, params: [] },
    {
      sql: "INSERT INTO schema_migrations (name, checksum) VALUES (?, ?)",
      params: [migration.name, await checksum(migration)],
    },
    ...statementsOf(migration).map((sql) => ({ sql, params: [] })),
  ];
  try {
    await engine.write(steps);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && (error.code === "unique" || error.code === "busy")) {
      return false;
    }
    throw error;
  }
}
