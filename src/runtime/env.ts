// Builds what the rooms are given on Node: the query builder, the clock, chance, the engines.
import type { Config } from "../config.ts";
import { createDatabase, type Engine } from "../db/database.ts";
import type { Env } from "../env.ts";
import { urls } from "../urls.ts";
import { createImageEngine, type NodeImageEngine } from "./images.ts";
import { openMail } from "./mail.ts";
import { databaseReadiness, standardLog } from "./open.ts";
import { pause } from "./pause.ts";
import { openPublicFetch } from "./public-fetch.ts";
import { systemRandom } from "./random.ts";
import { rs256 } from "./rs256.ts";
import { readRsaKey } from "./rsa-public-key.ts";

export interface Running {
  readonly env: Env;
  /** Waits for work that outlives its answers, then closes the database. */
  close(): Promise<void>;
}

export function createEnv(
  config: Config,
  engine: Engine,
  log = standardLog(config),
  readiness: Env["readiness"] = () => databaseReadiness(engine),
  neighbours: readonly string[] = [],
): Running {
  const pending = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>): void => {
    const watched = work
      .catch((error: unknown) => {
        log.error("background.failed", { error: error instanceof Error ? error.name : "unknown" });
      })
      .finally(() => pending.delete(watched));
    pending.add(watched);
  };
  const images = createImageEngine();
  const { publicFetch, loopbackOrigins, close } = openPublicFetch(config, neighbours);
  const db = createDatabase(engine);
  const random = systemRandom();
  const env: Env = {
    config,
    db,
    urls: urls(config.publicUrl),
    images,
    log,
    publicFetch,
    loopbackOrigins,
    now: Date.now,
    random,
    mail: openMail(config, db, { now: Date.now }),
    pause,
    rs256,
    readRsaKey,
    background,
    readiness,
  };
  return {
    env,
    async close() {
      await Promise.all(pending);
      await close();
      await endEngine(images);
      await engine.close();
    },
  };
}

/** Its idle processes keep nothing alive, so something must while their end is waited for. */
export async function endEngine(images: NodeImageEngine): Promise<void> {
  const alive = setInterval(() => {}, 1_000);
  await images.close();
  clearInterval(alive);
}
