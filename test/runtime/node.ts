// The environment tests run in on Node: an embedded database file of each test's own.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase } from "../../src/db/database.ts";
import { type Migration, migrate } from "../../src/db/migrate.ts";
import type { Env } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { urls } from "../../src/urls.ts";
import { testConfig } from "./config.ts";

export interface TestDatabase {
  close(): Promise<void>;
}

export interface TestEnvOptions {
  readonly publicUrl: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly background: (work: Promise<unknown>) => void;
}

const MIGRATIONS = new URL("../../migrations/", import.meta.url);

export function readMigrations(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({
      name: file.slice(0, -".sql".length),
      sql: readFileSync(new URL(file, MIGRATIONS), "utf8"),
    }));
}

/** Migrated once per worker, copied for each test. */
let template: Promise<string> | undefined;

async function makeTemplate(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "rosette-template-")), "rosette.db");
  const engine = openFile(path, Math.random, Date.now);
  await migrate(engine, readMigrations());
  await engine.close();
  return path;
}

export async function testEnv(
  options: TestEnvOptions,
): Promise<{ env: Env; database: TestDatabase }> {
  template ??= makeTemplate();
  const folder = mkdtempSync(join(tmpdir(), "rosette-test-"));
  const path = join(folder, "rosette.db");
  copyFileSync(await template, path);
  const db = createDatabase(openFile(path, Math.random, Date.now));
  const config = await testConfig({ publicUrl: options.publicUrl, dataDir: folder });
  const env: Env = {
    config,
    db,
    urls: urls(config.publicUrl),
    images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    log: createLog("debug", options.log, options.now),
    now: options.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    background: options.background,
    readiness: async () => null,
  };
  return {
    env,
    database: {
      async close() {
        await db.close();
        rmSync(folder, { recursive: true, force: true });
      },
    },
  };
}
