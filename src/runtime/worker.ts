// The entry on Cloudflare Workers: the app over a libSQL server, and the Cron Trigger that drains the outbox.
import { waitUntil } from "cloudflare:workers";
import { type App, createApp } from "../app.ts";
import { ConfigError, readConfig } from "../config.ts";
import { createDatabase, type Engine } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import { appliedMigrations } from "../db/migrate.ts";
import type { Env } from "../env.ts";
import { drain } from "../jobs/drain.ts";
import { ensureScheduled } from "../jobs/schedule.ts";
import { createLog } from "../log.ts";
import { createPublicFetch, userAgent } from "../net/public-fetch.ts";
import { ownLoopbackOrigins } from "../net/public-url.ts";
import { SCHEDULE } from "../recurring-work.ts";
import { urls } from "../urls.ts";
import { HANDLERS } from "../work.ts";
import { deadlineIn } from "./deadline.ts";
import { fetchDial } from "./fetch-dial.ts";
import { openRemote } from "./libsql-http.ts";
import { openMail } from "./mail.ts";
import { MIGRATION_NAMES } from "./schema.ts";

type Bindings = Readonly<Record<string, unknown>>;

interface Program {
  readonly env: Env;
  readonly app: App;
}

/** Keeps one run within what an invocation may call; the Cron Trigger comes again in a minute. */
const JOBS_PER_RUN = 100;

/** Shared by the isolate's requests: nothing in it belongs to one of them. */
let program: Program | undefined;

async function start(bindings: Bindings): Promise<Program> {
  const config = await readConfig(bindings, () => null);
  if (config.database.kind === "file") {
    throw new ConfigError([
      {
        name: "DATABASE_URL",
        message: "must be the address of a libSQL server: there are no files here",
      },
    ]);
  }
  const engine = openRemote(config.database, (input, init) => fetch(input, init));
  const loopbackOrigins = ownLoopbackOrigins(config.publicUrl);
  const db = createDatabase(engine);
  const random: Env["random"] = (length) => crypto.getRandomValues(new Uint8Array(length));
  const env: Env = {
    config,
    db,
    urls: urls(config.publicUrl),
    images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    log: createLog(config.logLevel, (line) => console.log(line), Date.now),
    publicFetch: createPublicFetch({
      dial: fetchDial((input, init) => fetch(input, init)),
      deadline: deadlineIn,
      userAgent: userAgent(config.publicUrl),
      loopbackOrigins,
    }),
    loopbackOrigins,
    now: Date.now,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random,
    mail: openMail(config, db, { now: Date.now }),
    background: waitUntil,
    readiness: () => readiness(engine),
  };
  return { env, app: createApp(env) };
}

/** Null when the database answers and has exactly the schema this program was written for. */
async function readiness(engine: Engine): Promise<string | null> {
  try {
    const applied = await appliedMigrations(engine);
    return applied.join() === MIGRATION_NAMES.join() ? null : "schema";
  } catch (error) {
    if (error instanceof DatabaseError) return "database";
    throw error;
  }
}

/**
 * Starts once per isolate. What is kept is the program and not the promise of it, which would end
 * with the request that began it; two first requests may both start, and the first one's stays.
 */
async function started(bindings: Bindings): Promise<Program> {
  if (program) return program;
  const made = await start(bindings);
  program ??= made;
  return program;
}

/** Says in the log which settings to correct; a stranger is told only that nothing works yet. */
function refuse(error: unknown): Response {
  if (!(error instanceof ConfigError)) throw error;
  const log = createLog("error", (line) => console.log(line), Date.now);
  for (const fault of error.faults) {
    log.error("config.refused", { setting: fault.name, message: fault.message });
  }
  return new Response("This server is not configured yet; its log says what is missing.\n", {
    status: 503,
    headers: { "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" },
  });
}

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    let running: Program;
    try {
      running = await started(bindings);
    } catch (error) {
      return refuse(error);
    }
    return running.app.fetch(request);
  },

  /**
   * Cron Trigger. Jobs are leased rows, so overlapping runs and other drainers do no harm. A Queue
   * would bring each job to its own invocation; the outbox has only the site's housekeeping in it,
   * and a queue is one more thing to create in the account before the first deploy.
   */
  async scheduled(_event: unknown, bindings: Bindings): Promise<void> {
    const { env } = await started(bindings);
    await ensureScheduled(env, SCHEDULE);
    const { done, failed, parked } = await drain(env, HANDLERS, { limit: JOBS_PER_RUN });
    if (done + failed + parked > 0) env.log.info("jobs.drained", { done, failed, parked });
  },
};
