// The HTTP server's socket: its limits, the port it gets, and how it stops without breaking an answer.
import { createServer, type RequestListener, type Server } from "node:http";
import { keepTickShape } from "./kept-shape.ts";
import { StartError } from "./open.ts";

/** A client that takes longer over its headers, or over a whole request, is not served. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the minute after which load balancers drop idle connections: they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
/** How many ports after the default one are tried. */
const PORTS_TRIED = 20;

/** While `/readyz` already says 503, requests that are on their way are still taken. */
const DRAIN_MS = 500;
/** How many connections the system keeps waiting for us: what Node asks it for. */
const BACKLOG = 511;
/** How often, while the last answers are finished, connections that fell silent are closed. */
const SWEEP_MS = 50;
/** Past this, connections that are still busy are cut: less than the 10 s supervisors wait. */
const GIVE_UP_MS = 9_000;

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Whether a taken port may be left for the next free one. */
  readonly orNext: boolean;
}

/** Resolves once connections are accepted. Throws StartError when the address cannot be had. */
export async function listen(listener: RequestListener, address: Address): Promise<Server> {
  keepTickShape();
  const last = address.orNext ? address.port + PORTS_TRIED : address.port;
  for (let port = address.port; port <= last; port++) {
    const server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
        // A request without a body has none to wait for: a fourteenth of an answer's time.
        optimizeEmptyRequests: true,
      },
      listener,
    );
    const refused = await tryPort(server, address.host, port);
    if (refused === null) return server;
    if (refused.code !== "EADDRINUSE") throw refusal(refused, address.host, port);
  }
  throw new StartError(
    address.orNext
      ? `Ports ${address.port} to ${last} are all taken. Stop a program that holds one, or set PORT.`
      : `Port ${address.port} is taken by another program. Stop it, or set PORT to a free one.`,
  );
}

function tryPort(
  server: Server,
  host: string,
  port: number,
): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off("error", resolve);
      resolve(null);
    });
  });
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): StartError {
  if (error.code === "EACCES") {
    return new StartError(`Port ${port} needs rights this user has not. Set PORT above 1023.`);
  }
  return new StartError(
    `The address ${host} port ${port} cannot be listened on (${error.code ?? error.message}). Check HOST and PORT.`,
  );
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Stops without breaking an answer: every answer from now on closes its connection, so that no
 * client sends its next request on one that is being closed; then the socket closes, and what was
 * accepted is finished. Resolves to false when some had to be cut off after all.
 */
export async function drainConnections(server: Server): Promise<boolean> {
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
  await untilNobodyKnocks(server);
  return new Promise((resolve) => {
    // A request that had begun before the stop was promised a connection that stays.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const timer = setTimeout(() => {
      server.closeAllConnections();
      resolve(false);
    }, GIVE_UP_MS - DRAIN_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve(true);
    });
  });
}

/**
 * Connections that the system made for us wait to be taken, one in each turn of the event loop;
 * closing the socket would break them, though their requests may have arrived already.
 */
async function untilNobodyKnocks(server: Server): Promise<void> {
  let knocked = true;
  let taken = 0;
  const knock = () => {
    knocked = true;
    taken++;
  };
  server.on("connection", knock);
  while (knocked && taken < BACKLOG) {
    knocked = false;
    // Two, since the first may come before this turn has looked at the socket.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  server.off("connection", knock);
}
