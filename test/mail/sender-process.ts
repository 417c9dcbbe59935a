// One sender of mails in a process of its own, to be killed: `node sender-process.ts FILE PORT AHEAD_MS`.
import { createDatabase } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { createLog } from "../../src/log.ts";
import { planDigests } from "../../src/mail/digests.ts";
import { sendMails } from "../../src/mail/sender.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { createMail } from "../../src/runtime/mail.ts";
import { urls } from "../../src/urls.ts";
import { refuseAll, testConfig } from "../runtime/config.ts";

const [path = "", port = "", ahead = "0"] = process.argv.slice(2);

const config = await testConfig({ publicUrl: "https://badges.example.org", dataDir: "." });
const now = () => Date.now() + Number(ahead);
const smtp = { host: "127.0.0.1", port: Number(port), secure: false, user: null, password: null };
const env: Env = {
  config,
  db: createDatabase(openFile(path, Math.random, Date.now)),
  urls: urls(config.publicUrl),
  images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
  log: createLog("error", (line) => process.stderr.write(`${line}\n`), now),
  publicFetch: refuseAll,
  mail: createMail(smtp, config),
  now,
  pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  background: () => {},
  readiness: async () => null,
};

const handlers = { "mail.notify": sendMails, "mail.digests": planDigests };
await drain(env, handlers, { limit: 1_000 });
await env.db.close();
process.exit();
