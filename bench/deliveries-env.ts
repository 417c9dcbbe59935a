// The environment of a process that pushes: real sockets, a real file, and a clock that can be moved ahead.
import { readConfig } from "../src/config.ts";
import { createDatabase } from "../src/db/database.ts";
import type { Env } from "../src/env.ts";
import { createLog } from "../src/log.ts";
import { createPublicFetch, userAgent } from "../src/net/public-fetch.ts";
import { deadlineIn } from "../src/runtime/deadline.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { nameServer } from "../src/runtime/name-server.ts";
import { pause } from "../src/runtime/pause.ts";
import { connectSocket, createDialer } from "../src/runtime/public-dispatcher.ts";
import { systemRandom } from "../src/runtime/random.ts";
import { urls } from "../src/urls.ts";
import { BENCH_ORIGIN } from "./fill.ts";

/** Of what is sealed in files that are measured. */
export const SECRET = "a secret for measuring alone, and long enough";

export interface PushingEnv {
  readonly env: Env;
  /** Moves the clock to a time, if that is ahead. */
  advanceTo(time: number): void;
}

/** `hosts` are origins on this machine that may be sent to. */
export async function pushingEnv(path: string, hosts: readonly string[]): Promise<PushingEnv> {
  const config = await readConfig(
    { PUBLIC_URL: BENCH_ORIGIN, DATA_DIR: ".", LOG_LEVEL: "error", DEMO: "false" },
    () => SECRET,
  );
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const dialer = createDialer({
    resolve: nameServer(),
    connect: connectSocket,
    loopbackOrigins: hosts,
  });
  return {
    env: {
      config,
      db: createDatabase(openFile(path, Math.random, Date.now)),
      urls: urls(config.publicUrl),
      images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
      log: createLog("error", (line) => process.stderr.write(`${line}\n`), now),
      publicFetch: createPublicFetch({
        dial: dialer.dial,
        deadline: deadlineIn,
        userAgent: userAgent(config.publicUrl),
        loopbackOrigins: hosts,
      }),
      now,
      pause,
      random: systemRandom(),
      background: () => {},
      readiness: async () => null,
    },
    advanceTo(time) {
      ahead = Math.max(ahead, time - Date.now());
    },
  };
}
