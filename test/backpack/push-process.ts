// One drainer of pushes in a process of its own, to be stopped and killed: `node push-process.ts FILE ORIGIN AHEAD_MS`.
import { connected } from "../../src/backpack/ledger.ts";
import { pushing } from "../../src/backpack/push.ts";
import { createDatabase } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { createLog } from "../../src/log.ts";
import { createPublicFetch } from "../../src/net/public-fetch.ts";
import { deadlineIn } from "../../src/runtime/deadline.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { nameServer } from "../../src/runtime/name-server.ts";
import { connectSocket, createDialer } from "../../src/runtime/public-dispatcher.ts";
import { urls } from "../../src/urls.ts";
import { testConfig } from "../runtime/config.ts";

const [path = "", origin = "", ahead = "0"] = process.argv.slice(2);

const config = await testConfig({ publicUrl: "https://badges.example.org", dataDir: "." });
const loopbackOrigins = [origin];
const dialer = createDialer({ resolve: nameServer(), connect: connectSocket, loopbackOrigins });
const now = () => Date.now() + Number(ahead);
const env: Env = {
  config,
  db: createDatabase(openFile(path, Math.random, Date.now)),
  urls: urls(config.publicUrl),
  images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
  log: createLog("error", (line) => process.stderr.write(`${line}\n`), now),
  publicFetch: createPublicFetch({
    dial: dialer.dial,
    deadline: deadlineIn,
    userAgent: "Rosette (+https://badges.example.org)",
    loopbackOrigins,
  }),
  now,
  pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  background: () => {},
  readiness: async () => null,
};

const handlers = { "backpack.push": pushing(512), "backpack.connected": connected };
const drained = await drain(env, handlers, { limit: 1_000 });
console.log(JSON.stringify(drained));
await env.db.close();
process.exit();
