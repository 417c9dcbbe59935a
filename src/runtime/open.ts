// Opens what a Node process needs at its start: settings, secret, database.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Config, readConfig } from "../config.ts";
import type { Engine } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import { type Migration, migrate } from "../db/migrate.ts";
import { createLog, type Log } from "../log.ts";
import type { FileEngine } from "./libsql-file.ts";
import { checkoutFolder, readMigrations } from "./migration-files.ts";
import { secretIn } from "./secret-file.ts";

/** Environment variables, as the process got them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A start that cannot go on, in words for the person at the terminal. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** Throws ConfigError naming every fault, and StartError where no secret can be kept. */
export function readSettings(variables: Variables): Promise<Config> {
  const dataDir = variables.DATA_DIR || join(checkoutFolder(), "data");
  return readConfig({ ...variables, DATA_DIR: dataDir }, keptSecret);
}

function keptSecret(dataDir: string): string {
  try {
    return secretIn(dataDir);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `No secret could be kept in ${dataDir} (${why}). Set DATA_DIR to a folder this user can write to, or set SECRET_KEY.`,
    );
  }
}

/** JSON lines on standard error: standard output is for what a person or a program asked for. */
export function standardLog(config: Pick<Config, "logLevel">): Log {
  return createLog(config.logLevel, (line) => process.stderr.write(`${line}\n`), Date.now);
}

/** Where the database is, as one would write it in DATABASE_URL; never with its token. */
export function databaseName(config: Config): string {
  return config.database.kind === "file" ? config.database.path : config.database.url;
}

export async function openEngine(config: Config): Promise<Engine> {
  const { database } = config;
  if (database.kind === "remote") {
    const { openRemote } = await import("./libsql-http.ts");
    return openRemote(database, (input, init) => fetch(input, init));
  }
  try {
    // For nobody else on the machine: what people were awarded is inside.
    mkdirSync(dirname(database.path), { recursive: true, mode: 0o700 });
    const { openFile } = await import("./libsql-file.ts");
    return openFile(database.path, Math.random, Date.now);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (/is not a database|malformed/.test(why)) {
      throw new StartError(
        `The file ${database.path} is damaged, or is no database (${why}). Restore the newest backup, or choose another with DATABASE_URL.`,
      );
    }
    throw new StartError(
      `The database ${database.path} could not be opened (${why}). Check that the folder is there and that this user may write to it.`,
    );
  }
}

/** Whether it is an embedded database, which can be asked without waiting. */
export function isFileEngine(engine: Engine): engine is FileEngine {
  return "prepareGet" in engine;
}

/** How many migrations this call applied. Throws MigrationError, and StartError with what to do. */
export async function bringUpToDate(
  engine: Engine,
  config: Config,
  migrations: readonly Migration[] = readMigrations(),
): Promise<number> {
  try {
    return await migrate(engine, migrations);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const where = databaseName(config);
    // The schema's statements hold nobody's data, so the driver's own words may be shown.
    const why = error.cause instanceof Error ? error.cause.message : error.code;
    throw new StartError(
      error.code === "other"
        ? `The database ${where} could not be brought up to date (${why}). If it is no Rosette database or is damaged, restore a backup or choose another with DATABASE_URL.`
        : `The database ${where} does not answer (${why}). Check DATABASE_URL, its token, and that no other program holds the file.`,
    );
  }
}

export interface OpenDatabase {
  readonly engine: Engine;
  /** How many migrations were applied; all of them for a new database. */
  readonly applied: number;
}

export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const engine = await openEngine(config);
  try {
    return { engine, applied: await bringUpToDate(engine, config) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Null when the database answers. */
export async function databaseReadiness(engine: Engine): Promise<string | null> {
  try {
    await engine.read({ sql: "SELECT 1", params: [] });
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return "database";
    throw error;
  }
}
