// The environment tests run in inside workerd: a fresh database of each test's own, over HTTP.
import { inject } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import type { Migration } from "../../src/db/migrate.ts";
import type { Env } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { urls } from "../../src/urls.ts";
import { refuseAll, testConfig } from "./config.ts";
import { type OpenEngine, openHrana } from "./engines.ts";
import type { TestDatabase, TestEnvOptions } from "./node.ts";

export function readMigrations(): Migration[] {
  return inject("migrations");
}

/** The engines that exist here, each opened on a new database. */
export const engines: Readonly<Record<string, OpenEngine>> = {
  "libSQL over HTTP from workerd": openHrana,
};

export async function testEnv(
  options: TestEnvOptions,
): Promise<{ env: Env; database: TestDatabase }> {
  const opened = await openHrana({ empty: false });
  const config = await testConfig({ publicUrl: options.publicUrl, dataDir: "./data" });
  const env: Env = {
    config,
    db: createDatabase(opened.engine),
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
  return { env, database: { close: opened.remove } };
}
