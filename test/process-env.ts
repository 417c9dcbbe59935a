// The environment of a process of its own, with real sockets and a real file, to be stopped and killed.
import { createDatabase } from "../src/db/database.ts";
import type { Env } from "../src/env.ts";
import { createLog } from "../src/log.ts";
import { createPublicFetch, userAgent } from "../src/net/public-fetch.ts";
import { deadlineIn } from "../src/runtime/deadline.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { nameServer } from "../src/runtime/name-server.ts";
import { connectSocket, createDialer } from "../src/runtime/public-dispatcher.ts";
import { urls } from "../src/urls.ts";
import { testConfig } from "./runtime/config.ts";

/** On the database at `path`; it may ask one host of this machine, and its clock is `ahead` ms. */
export async function processEnv(path: string, origin: string, ahead: number): Promise<Env> {
  const config = await testConfig({ publicUrl: "https://badges.example.org", dataDir: "." });
  const loopbackOrigins = [origin];
  const dialer = createDialer({ resolve: nameServer(), connect: connectSocket, loopbackOrigins });
  const now = () => Date.now() + ahead;
  return {
    config,
    db: createDatabase(openFile(path, Math.random, Date.now)),
    urls: urls(config.publicUrl),
    images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    log: createLog("error", (line) => process.stderr.write(`${line}\n`), now),
    publicFetch: createPublicFetch({
      dial: dialer.dial,
      deadline: deadlineIn,
      userAgent: userAgent(config.publicUrl),
      loopbackOrigins,
    }),
    now,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    background: () => {},
    readiness: async () => null,
  };
}
