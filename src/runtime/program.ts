// What a process loads when it is first needed: the app, its environment, and the drainer of the outbox.
import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type App, createApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { Engine } from "../db/database.ts";
import type { Env } from "../env.ts";
import type { Log } from "../log.ts";
import { SCHEDULE } from "../recurring-work.ts";
import { type Answering, Misbehaviour } from "../simulator/misbehaviour.ts";
import { HANDLERS } from "../work.ts";
import { type Drainer, startDrainer, wakeOnEnqueue } from "./drainer.ts";
import { createEnv } from "./env.ts";
import type { Role } from "./node.ts";

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
  readonly isVisited?: () => boolean;
  readonly role?: Role;
}

export function createProgram(options: ProgramOptions): Program {
  const { config, engine, log, readiness, isVisited, role = {} } = options;
  const running = createEnv(config, engine, log, readiness, role.neighbours);
  const misbehaviour = role.simulator ? simulated() : undefined;
  let drainer: Drainer | undefined;
  const env: Env = {
    ...running.env,
    db: wakeOnEnqueue(running.env.db, () => drainer?.wake()),
    ...(misbehaviour && { misbehaviour }),
    ...(isVisited && { isVisited }),
  };
  const app = createApp(env);
  const answering: Answering = (request, bindings) => app.fetch(request, bindings);
  return {
    env,
    app,
    listener: requestListener(misbehaviour?.around(answering) ?? answering, config),
    startDraining() {
      drainer ??= startDrainer(env, HANDLERS, { schedule: SCHEDULE });
    },
    async close() {
      await drainer?.stop();
      await running.close();
    },
  };
}

function simulated(): Misbehaviour {
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
  return new Misbehaviour({ now: Date.now, chance: Math.random, wait });
}

function requestListener(answering: Answering, config: Config): RequestListener {
  const answer = getRequestListener((request, bindings) => answering(request, bindings), {
    // For clients of HTTP/1.0, which name no host.
    hostname: new URL(config.publicUrl).host,
  });
  return (request, response) => void answer(request, response);
}
