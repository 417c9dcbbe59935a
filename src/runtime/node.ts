// The entry on Node: takes the settings to a serving process, and that process to a clean end.
import type { RequestListener, Server } from "node:http";
import type { Config } from "../config.ts";
import type { Engine } from "../db/database.ts";
import { hasWork } from "../jobs/look.ts";
import type { Log } from "../log.ts";
import { SCHEDULE } from "../recurring-work.ts";
import { urls } from "../urls.ts";
import { assertionDoor } from "./assertion-door.ts";
import { healthDoor } from "./health-door.ts";
import { answersThere, type IssuedAddress, issuedAddress, localPort } from "./issued-address.ts";
import { drainConnections, listen, portOf } from "./listen.ts";
import {
  databaseReadiness,
  isFileEngine,
  openDatabase,
  readSettings,
  standardLog,
  type Variables,
} from "./open.ts";
import type { Program } from "./program.ts";
import { listenerWhenNeeded, whenNeeded } from "./when-needed.ts";
import { type WorkWatch, watchForWork } from "./work-watch.ts";

export interface Serving {
  readonly config: Config;
  readonly log: Log;
  readonly server: Server;
  /** How many migrations this start applied. */
  readonly applied: number;
  /** The port that was wanted, where it was taken and another one had to do. */
  readonly portTaken: number | null;
  /** Where badges of this database say they are, when that is not where this process serves. */
  readonly issuedElsewhere: IssuedAddress | null;
  /** Another process already serves this database under the address in its badges. */
  readonly joined: boolean;
  /** The app and its environment; loaded with the first request or job that needs them, or by this. */
  program(): Promise<Program>;
  /** Lets requests in, which wait at the door until now. */
  open(): void;
  /** Finishes what was accepted, then closes everything; false when some had to be cut off. */
  stop(): Promise<boolean>;
}

/** Whoever connects before the start is over waits; nobody is turned away. */
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

/** What a server is besides its settings: the two of a demo know one another. */
export interface Role {
  /** Origins on this machine that may be asked too; read when the app is loaded. */
  readonly neighbours?: readonly string[];
  /** A backpack for trying things out: it misbehaves when told to. */
  readonly simulator?: boolean;
  /** The host name in its public address, and the port to take if it is free. */
  readonly at?: { readonly hostname: string; readonly port: number };
}

/**
 * Opens the database and takes a port. Requests are answered after `open()`.
 * Throws ConfigError, MigrationError or StartError, with nothing left open.
 */
export async function prepare(variables: Variables, role: Role = {}): Promise<Serving> {
  const wanted = await readSettings(variables);
  const { engine, applied } = await openDatabase(wanted);
  const gate = door();
  try {
    const issued = await issuedAddress(engine);
    const wantedPort =
      (wanted.portIsDefault ? localPort(issued) : null) ?? role.at?.port ?? wanted.port;
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
      ...(role.at ? { PUBLIC_URL: `http://${role.at.hostname}:${port}` } : {}),
      ...(joined ? { PUBLIC_URL: issued.base } : {}),
    });
    return {
      ...assemble(config, engine, server, gate.open, role),
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

/** Counts connections, not requests: those who are served every time pay nothing for it. */
function visitorsOf(server: Server): () => boolean {
  let connected = 0;
  server.on("connection", (socket) => {
    connected++;
    socket.once("close", () => connected--);
  });
  return () => connected > 0;
}

type Assembled = Pick<Serving, "config" | "log" | "server" | "program" | "open" | "stop">;

/** At its start a process can serve stored assertions and say how it is; the rest is loaded later. */
function assemble(
  config: Config,
  engine: Engine,
  server: Server,
  open: (answer: RequestListener) => void,
  role: Role,
): Assembled {
  const log = standardLog(config);
  let state: "closed" | "open" | "stopping" = "closed";
  let watch: WorkWatch | undefined;
  let loaded: Program | undefined;
  const isVisited = visitorsOf(server);
  const readiness = async () =>
    state === "stopping" ? "stopping" : await databaseReadiness(engine);
  const program = whenNeeded(async () => {
    const { createProgram } = await import("./program.ts");
    loaded = createProgram({ config, engine, log, readiness, isVisited, role });
    if (state === "open") loaded.startDraining();
    void watch?.stop();
    return loaded;
  });
  const rest = listenerWhenNeeded(async () => (await program.load()).listener, log);
  return {
    config,
    log,
    server,
    program: program.load,
    open() {
      state = "open";
      open(healthDoor(readiness, assertionDoor(engine, urls(config.publicUrl), rest)));
      if (isFileEngine(engine)) void engine.readAhead();
      if (loaded) loaded.startDraining();
      else {
        const look = () => hasWork(engine, SCHEDULE, Date.now());
        watch = watchForWork({ look, found: program.load, log });
      }
    },
    async stop() {
      state = "stopping";
      const whole = await drainConnections(server);
      await watch?.stop();
      await ((await program.ifAsked()) ?? engine).close();
      return whole;
    },
  };
}

/** One press of Ctrl+C reaches a process once from the terminal and again from those above it. */
const SAME_PRESS_MS = 500;

/** Resolves to the exit code once a signal has asked for the end and everything is closed. */
export function untilStopped(serving: Pick<Serving, "log" | "stop">): Promise<number> {
  const { log } = serving;
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
