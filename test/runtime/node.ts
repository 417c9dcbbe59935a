// The environment tests run in on Node: an embedded database file of each test's own.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { type FileEngine, openFile } from "../../src/runtime/libsql-file.ts";
import { urls } from "../../src/urls.ts";
import { refuseAll, testConfig } from "./config.ts";
import { type OpenEngine, type OpenedEngine, openHrana } from "./engines.ts";

export interface TestDatabase {
  close(): Promise<void>;
}

export interface TestEnvOptions {
  readonly publicUrl: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly background: (work: Promise<unknown>) => void;
}

export { readMigrations } from "../hrana/migrations.ts";

/** The engines that exist here, each opened on a new database. */
export const engines: Readonly<Record<string, OpenEngine>> = {
  "embedded file": openEmbedded,
  "libSQL over HTTP from Node": openHrana,
};

async function openEmbedded({ empty }: { readonly empty: boolean }): Promise<OpenedEngine> {
  const { path, remove } = newFolder(empty);
  const opened = [openFile(path, Math.random, Date.now)];
  return {
    engine: opened[0] as FileEngine,
    again() {
      const engine = openFile(path, Math.random, Date.now);
      opened.push(engine);
      return engine;
    },
    async remove() {
      for (const engine of opened) await engine.close();
      remove();
    },
  };
}

/** A folder with a database that was migrated once for the whole run, or with none yet. */
function newFolder(empty: boolean): { folder: string; path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "rosette-test-"));
  const path = join(folder, "rosette.db");
  if (!empty) copyFileSync(inject("template"), path);
  return { folder, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function testEnv(
  options: TestEnvOptions,
): Promise<{ env: Env; database: TestDatabase }> {
  const { folder, path, remove } = newFolder(false);
  const db = createDatabase(openFile(path, Math.random, Date.now));
  const config = await testConfig({ publicUrl: options.publicUrl, dataDir: folder });
  const env: Env = {
    config,
    db,
    urls: urls(config.publicUrl),
    images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    log: createLog("debug", options.log, options.now),
    publicFetch: refuseAll,
    now: options.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    // Rivals get their turn, and no test waits for a clock.
    pause: () => new Promise((resolve) => setTimeout(resolve, 1)),
    background: options.background,
    readiness: async () => null,
  };
  return {
    env,
    database: {
      async close() {
        await db.close();
        remove();
      },
    },
  };
}
