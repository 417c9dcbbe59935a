// Awards badges and delivers webhooks in a process of its own, to be killed: `node webhook-process.ts FILE ORIGIN AHEAD_MS ORGANIZATION BADGE AWARDS`.
import { createDatabase } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { drain } from "../../src/jobs/drain.ts";
import { createLog } from "../../src/log.ts";
import { createPublicFetch } from "../../src/net/public-fetch.ts";
import { deadlineIn } from "../../src/runtime/deadline.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { nameServer } from "../../src/runtime/name-server.ts";
import { connectSocket, createDialer } from "../../src/runtime/public-dispatcher.ts";
import { urls } from "../../src/urls.ts";
import { deliverWebhooks } from "../../src/webhooks/deliver.ts";
import { testConfig } from "../runtime/config.ts";

const [path = "", origin = "", ahead = "0", organization = "", badge = "", count = "0"] =
  process.argv.slice(2);

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

const deliver = () => drain(env, { "webhook.deliver": deliverWebhooks }, { limit: 1_000 });

/** Says the award's id once it is on disk. */
async function award(): Promise<void> {
  const identity = `${crypto.randomUUID()}@example.org`;
  const recipient = { type: "email", identity, name: "Durable Person" } as const;
  const actor = { kind: "operator", id: null } as const;
  const decision = await awardBadge(env, organization, { badge, recipient }, actor);
  await env.db.batch(decision.writes);
  console.log(decision.result.award.id);
}

const awarding = (async () => {
  for (let i = 0; i < Number(count); i++) await award();
})();
await Promise.all([awarding, deliver()]);
await deliver();
await env.db.close();
process.exit();
