// A drainer in a process of its own, to be stopped and killed: `node drainer-process.ts FILE MODE`.
import { auditLog } from "../../src/db/audit.ts";
import { createDatabase } from "../../src/db/database.ts";
import type { Job } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import type { Handler } from "../../src/jobs/outbox.ts";
import { createLog } from "../../src/log.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { urls } from "../../src/urls.ts";
import { refuseAll, testConfig } from "../runtime/config.ts";

const [path = "", mode = ""] = process.argv.slice(2);

const config = await testConfig({ publicUrl: "https://badges.example.org", dataDir: "." });
const env: Env = {
  config,
  db: createDatabase(openFile(path, Math.random, Date.now)),
  urls: urls(config.publicUrl),
  images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
  log: createLog("error", () => {}, Date.now),
  publicFetch: refuseAll,
  now: Date.now,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  background: () => {},
  readiness: async () => null,
};

/** One entry for each job, made once however often it is written. */
const deed = (job: Job) =>
  env.db.orm
    .insert(auditLog)
    .values({
      id: job.id,
      at: env.now(),
      actor_kind: "system",
      action: mode,
      object_kind: "job",
      object_id: job.id,
    })
    .onConflictDoNothing();

const HANDLERS: Readonly<Record<string, Handler>> = {
  /** Says that it holds the lease, goes on when told, and writes with the completion. */
  async sleeps(_env, job) {
    console.log("at work");
    await new Promise((done) => process.stdin.once("data", done));
    return [deed(job)];
  },
  /** Does the deed and never comes to complete it. */
  async dies(_env, job) {
    await env.db.batch([deed(job)]);
    console.log("at work");
    await new Promise((done) => process.stdin.once("data", done));
    return [];
  },
  /** Fails its completion where another process did the same job. */
  async counts(_env, job) {
    return [
      env.db.orm.insert(auditLog).values({
        id: job.id,
        at: env.now(),
        actor_kind: "system",
        action: mode,
        object_kind: "job",
        object_id: job.id,
      }),
    ];
  },
};

const drained = await drain(env, { work: HANDLERS[mode] as Handler }, { limit: 1_000 });
await env.db.close();
console.log(JSON.stringify(drained));
process.exit();
