// What a process loads when it is first needed: the app, its environment, and the drainer of the outbox.
import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type App, createApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { Engine } from "../db/database.ts";
import type { Env } from "../env.ts";
import type { Log } from "../log.ts";
import { SCHEDULE } from "../recurring-work.ts";
import { HANDLERS } from "../work.ts";
import { type Drainer, startDrainer, wakeOnEnqueue } from "./drainer.ts";
import { createEnv } from "./env.ts";

export interface Program {
  readonly env: Env;
  readonly app: App;
  /** Answers every request. */
  readonly listener: RequestListener;
  /** Does what is in the outbox, from now on. */
  startDraining(): void;
  /** Ends the work that is under way, then closes the database. */
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly config: Config;
  readonly engine: Engine;
  readonly log: Log;
  readonly readiness: Env["readiness"];
}

export function createProgram({ config, engine, log, readiness }: ProgramOptions): Program {
  const running = createEnv(config, engine, log, readiness);
  let drainer: Drainer | undefined;
  const env: Env = { ...running.env, db: wakeOnEnqueue(running.env.db, () => drainer?.wake()) };
  const app = createApp(env);
  return {
    env,
    app,
    listener: requestListener(app, config),
    startDraining() {
      drainer ??= startDrainer(env, HANDLERS, { schedule: SCHEDULE });
    },
    async close() {
      await drainer?.stop();
      await running.close();
    },
  };
}

function requestListener(app: App, config: Config): RequestListener {
  const answer = getRequestListener((request, bindings) => app.fetch(request, bindings), {
    // For clients of HTTP/1.0, which name no host.
    hostname: new URL(config.publicUrl).host,
  });
  return (request, response) => void answer(request, response);
}
