// Servers on this machine that stand for the Internet, and a connector that tells which addresses were dialled.
import { once } from "node:events";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { buildConnector } from "undici";
import { onTestFinished } from "vitest";
import { createPublicFetch, type PublicFetch, userAgent } from "../../src/net/public-fetch.ts";
import type { Resolve } from "../../src/runtime/name-server.ts";
import { createDialer, type Dialer } from "../../src/runtime/public-dispatcher.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.ts";

/** Public addresses that the connector leads to a server here; all others are dialled for real. */
export const PUBLIC_4 = "93.184.215.14";
export const PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c";

export interface Dialled {
  readonly address: string;
  readonly port: string;
  readonly servername: string | undefined;
}

/** Leads what is dialled at a public address to a port of this machine, and notes every dial. */
export function recordingConnector(port: number): {
  readonly connect: buildConnector.connector;
  readonly dialled: Dialled[];
} {
  const dialled: Dialled[] = [];
  const real = buildConnector({ ca: CERTIFICATE, allowH2: false });
  return {
    dialled,
    connect(options, callback) {
      dialled.push({
        address: options.hostname,
        port: options.port,
        servername: options.servername,
      });
      if (options.hostname !== PUBLIC_4 && options.hostname !== PUBLIC_6) {
        callback(new Error(`${options.hostname} must not be dialled`), null);
        return;
      }
      real({ ...options, hostname: "127.0.0.1", port: String(port) }, callback);
    },
  };
}

/**
 * A site under every name of the certificate: `/to?u=ADDRESS` redirects there, `&close` on a
 * connection of its own; everything else answers with the host it was asked for.
 */
export async function openSite(): Promise<{
  readonly port: number;
  readonly connections: () => number;
  close(): Promise<void>;
}> {
  let connections = 0;
  const server = createSecureServer(
    { cert: CERTIFICATE, key: CERTIFICATE_KEY },
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "https://site.example.org");
      const to = searchParams.get("u");
      if (searchParams.has("close")) response.setHeader("connection", "close");
      if (pathname === "/to" && to !== null) {
        // As it comes, whatever it is: a header of bytes.
        response.writeHead(302, { location: Buffer.from(to).toString("latin1") }).end();
      } else response.end(request.headers.host);
    },
  );
  server.on("secureConnection", () => connections++);
  return {
    port: await listening(server),
    connections: () => connections,
    close: () => ended(server),
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function ended(server: Server & { closeAllConnections?(): void }): Promise<void> {
  server.closeAllConnections?.();
  server.close();
  await once(server, "close");
}

export interface Peer {
  readonly origin: string;
  readonly port: number;
  /** Sockets that were ever opened to it. */
  readonly sockets: Socket[];
}

/** A bare TCP server that says to each request what `answer` writes; gone with its test. */
export async function openPeer(answer: (socket: Socket, request: string) => void): Promise<Peer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => answer(socket, bytes.toString("latin1")));
  });
  const port = await listening(server);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await ended(server);
  });
  return { origin: `http://127.0.0.1:${port}`, port, sockets };
}

/** Resolves when every socket to the peer is closed, by whomever. */
export async function hungUp(peer: Peer): Promise<void> {
  for (const socket of peer.sockets) {
    if (!socket.closed) await new Promise((resolve) => socket.on("close", resolve));
  }
}

/** No test asks a name server. */
export const noNames: Resolve = async () => [];

export interface Asking {
  readonly publicFetch: PublicFetch;
  readonly dialer: Dialer;
  /** Ends the time of every call so far. */
  expire(): void;
}

/** A public fetch over the real dial. Its deadlines come when the test says so. */
export function asking(parts: {
  readonly connect: buildConnector.connector;
  readonly resolve?: Resolve;
  readonly loopbackOrigins?: readonly string[];
}): Asking {
  const loopbackOrigins = parts.loopbackOrigins ?? [];
  const dialer = createDialer({
    resolve: parts.resolve ?? noNames,
    connect: parts.connect,
    loopbackOrigins,
  });
  const deadlines: AbortController[] = [];
  return {
    dialer,
    publicFetch: createPublicFetch({
      dial: dialer.dial,
      deadline() {
        const controller = new AbortController();
        deadlines.push(controller);
        return { signal: controller.signal, forget() {} };
      },
      userAgent: userAgent("https://badges.example.org"),
      loopbackOrigins,
    }),
    expire() {
      for (const controller of deadlines.splice(0)) controller.abort();
    },
  };
}
