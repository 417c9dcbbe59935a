// The entry on Node: takes the settings to a serving process, and that process to a clean end.
import type { RequestListener, Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type App, createApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { Engine } from "../db/database.ts";
import type { Env } from "../env.ts";
import { HANDLERS, SCHEDULE } from "../work.ts";
import { assertionDoor } from "./assertion-door.ts";
import { type Drainer, startDrainer, wakeOnEnqueue } from "./drainer.ts";
import { answersThere, type IssuedAddress, issuedAddress, localPort } from "./issued-address.ts";
import { drainConnections, listen, portOf } from "./listen.ts";
import { createEnv, openDatabase, type Running, readSettings, type Variables } from "./open.ts";

export interface Serving {
  readonly env: Env;
  readonly app: App;
  readonly server: Server;
  /** How many migrations this start applied. */
  readonly applied: number;
  /** The port that was wanted, where it was taken and another one had to do. */
  readonly portTaken: number | null;
  /** Where badges of this database say they are, when that is not where this process serves. */
  readonly issuedElsewhere: IssuedAddress | null;
  /** Another process already serves this database under the address in its badges. */
  readonly joined: boolean;
  /** Lets requests in, which wait at the door until now. */
  open(): void;
  /** Finishes what was accepted, then closes everything; false when some had to be cut off. */
  stop(): Promise<boolean>;
}

/** Whoever connects before the app is ready waits; nobody is turned away. */
function door(): { listener: RequestListener; open(answer: RequestListener): void } {
  let open: (answer: RequestListener) => void = () => {};
  let answer: RequestListener | undefined;
  const opened = new Promise<RequestListener>((resolve) => {
    open = resolve;
  });
  return {
    listener(request, response) {
      if (answer) answer(request, response);
      else void opened.then((later) => later(request, response));
    },
    open(now) {
      answer = now;
      open(now);
    },
  };
}

/**
 * Opens the database, takes a port and builds the app. Requests are answered after `open()`.
 * Throws ConfigError, MigrationError or StartError, with nothing left open.
 */
export async function prepare(variables: Variables): Promise<Serving> {
  const wanted = await readSettings(variables);
  const { engine, applied } = await openDatabase(wanted);
  const gate = door();
  try {
    const issued = await issuedAddress(engine);
    const wantedPort = (wanted.portIsDefault ? localPort(issued) : null) ?? wanted.port;
    const server = await listen(gate.listener, {
      host: wanted.host,
      port: wantedPort,
      orNext: wanted.portIsDefault,
    });
    const port = portOf(server);
    const moved = wantedPort !== 0 && port !== wantedPort;
    const joined = moved && issued !== null && (await answersThere(issued));
    const config = await readSettings({
      ...variables,
      PORT: String(port),
      ...(joined ? { PUBLIC_URL: issued.base } : {}),
    });
    const running = createEnv(config, engine);
    return {
      ...assemble(running, engine, server, gate.open),
      applied,
      portTaken: moved ? wantedPort : null,
      issuedElsewhere: issued !== null && issued.base !== config.publicUrl ? issued : null,
      joined,
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

type Assembled = Pick<Serving, "env" | "app" | "server" | "open" | "stop">;

function assemble(
  running: Running,
  engine: Engine,
  server: Server,
  open: (answer: RequestListener) => void,
): Assembled {
  let drainer: Drainer | undefined;
  const env: Env = { ...running.env, db: wakeOnEnqueue(running.env.db, () => drainer?.wake()) };
  const app = createApp(env);
  return {
    env,
    app,
    server,
    open() {
      open(assertionDoor(engine, env.urls, requestListener(app, env.config)));
      drainer = startDrainer(env, HANDLERS, { schedule: SCHEDULE });
    },
    async stop() {
      running.stopping();
      const whole = await drainConnections(server);
      await drainer?.stop();
      await running.close();
      return whole;
    },
  };
}

/** Every request of the process comes through here. */
function requestListener(app: App, config: Config): RequestListener {
  const answer = getRequestListener((request, bindings) => app.fetch(request, bindings), {
    // For clients of HTTP/1.0, which name no host.
    hostname: new URL(config.publicUrl).host,
  });
  return (request, response) => void answer(request, response);
}

/** One press of Ctrl+C reaches a process once from the terminal and again from those above it. */
const SAME_PRESS_MS = 500;

/** Resolves to the exit code once a signal has asked for the end and everything is closed. */
export function untilStopped(serving: Serving): Promise<number> {
  const { log } = serving.env;
  return new Promise((resolve) => {
    let asked: number | null = null;
    const stop = (signal: NodeJS.Signals) => {
      if (asked !== null) {
        if (performance.now() - asked > SAME_PRESS_MS) process.exit(1);
        return;
      }
      asked = performance.now();
      log.info("server.stopping", { signal });
      serving.stop().then(
        (whole) => {
          log.info("server.stopped", { whole });
          resolve(0);
        },
        (error: unknown) => {
          log.error("server.stop_failed", {
            error: error instanceof Error ? error.name : "unknown",
          });
          resolve(1);
        },
      );
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
  });
}
