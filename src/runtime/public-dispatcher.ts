// The dial on Node: a connector that resolves a name once, judges every address, and dials only those.
import { isIP } from "node:net";
import { setImmediate } from "node:timers/promises";
import { Agent, buildConnector } from "undici";
import { isLoopbackAddress, isPublicAddress } from "../net/addresses.ts";
import { type Answer, type Dial, DialFailure, type DialRequest } from "../net/dial.ts";
import { isLoopbackHost, isNamedLoopback } from "../net/public-url.ts";
import { decoded } from "./decoded-body.ts";
import { toDialFailure } from "./dial-errors.ts";
import { exchange, type Head } from "./exchange.ts";
import type { Resolve } from "./name-server.ts";

export interface DialerParts {
  readonly resolve: Resolve;
  /** Opens the socket to the address it is given as `hostname`, and to no other. */
  readonly connect: buildConnector.connector;
  /** Origins on this machine that may be dialled too. */
  readonly loopbackOrigins: readonly string[];
}

export interface Dialer {
  readonly dial: Dial;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

/** For one address; the next of the name's addresses is tried after it. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** A name with more is tried at the first of them only, but judged by all. */
export const MOST_ADDRESSES_TRIED = 4;
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_CONNECTIONS_PER_ORIGIN = 16;
/** A body that nobody reads is read up to here, so that the connection can be used again. */
const DISCARDED_BYTES = 16 * 1024;
/** Whatever the other side would like. */
const KEEP_ALIVE_MS = 10_000;

/**
 * A dial through keep-alive pools, one for each origin, so that a connection is only ever used for
 * the name its address was judged for.
 */
export function createDialer(parts: DialerParts): Dialer {
  const agent = new Agent({
    connect: guardedConnector(parts),
    connections: MAX_CONNECTIONS_PER_ORIGIN,
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // The deadline of public-fetch covers these, whatever part of the time they take.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    dial: (request) => dialOnce(agent, request).catch((error) => again(agent, request, error)),
    close: () => agent.destroy(),
  };
}

/** A kept connection may have been closed at the moment it was used; a GET is simply sent again. */
function again(agent: Agent, request: DialRequest, error: unknown): Promise<Answer> {
  const lost = error instanceof DialFailure && error.code === "connection-lost";
  if (!lost || request.method !== "GET" || request.signal.aborted) throw error;
  return dialOnce(agent, request);
}

async function dialOnce(agent: Agent, request: DialRequest): Promise<Answer> {
  const { url, method, headers, body, signal } = request;
  // A connection is free again one turn after its answer ended; asked sooner, undici makes another.
  await setImmediate();
  try {
    const head = await exchange(
      agent,
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { ...headers, "accept-encoding": "gzip, br" },
        body,
      },
      signal,
    );
    return toAnswer(head);
  } catch (error) {
    throw toDialFailure(error, "connection-lost");
  }
}

function toAnswer({ status, headers, body }: Head): Answer {
  const header = (name: string): string | null => {
    const value = headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  return {
    status,
    header,
    body: decoded(body, header("content-encoding")),
    discard() {
      if (Number(header("content-length")) > DISCARDED_BYTES) void body.return();
      else body.discard(DISCARDED_BYTES);
    },
  };
}

/**
 * undici asks its `lookup` for names only, never for addresses, so the guard stands where a socket
 * is made. One address that is not public refuses the whole name: no public site has such a one.
 * What was judged is what is dialled; there is no second resolution to answer differently.
 */
export function guardedConnector(parts: DialerParts): buildConnector.connector {
  return (options, callback) => {
    judgedAddresses(parts, options)
      .then((addresses) => dialFirst(parts.connect, options, addresses))
      .then(
        (socket) => callback(null, socket),
        (error) => callback(toDialFailure(error, "unreachable"), null),
      );
  };
}

async function judgedAddresses(
  { resolve, loopbackOrigins }: DialerParts,
  { protocol, host, hostname }: buildConnector.Options,
): Promise<readonly string[]> {
  const own = isNamedLoopback(new URL(`${protocol}//${host ?? hostname}`), loopbackOrigins);
  const addresses = await addressesOf(hostname, own, resolve);
  if (addresses.length === 0) throw new DialFailure("name-not-found");
  const allowed = own ? isLoopbackAddress : isPublicAddress;
  if (!addresses.every((address) => allowed(address))) throw new DialFailure("address-not-public");
  return addresses;
}

async function addressesOf(
  hostname: string,
  own: boolean,
  resolve: Resolve,
): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  // Never asked of a name server: RFC 6761 section 6.3.
  if (isLoopbackHost(hostname)) return own ? ["127.0.0.1", "::1"] : [];
  return resolve(hostname);
}

type Socket = NonNullable<Parameters<buildConnector.Callback>[1]>;

async function dialFirst(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  addresses: readonly string[],
): Promise<Socket> {
  let failure = new DialFailure("unreachable");
  for (const address of addresses.slice(0, MOST_ADDRESSES_TRIED)) {
    try {
      return await dialAddress(connect, options, address);
    } catch (error) {
      failure = toDialFailure(error, "unreachable");
      if (failure.code === "tls") break;
    }
  }
  throw failure;
}

/** The certificate is asked for the name that was written, at the address that was judged. */
function dialAddress(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  address: string,
): Promise<Socket> {
  const { hostname } = options;
  const secureName =
    options.protocol === "https:" && isIP(hostname) === 0
      ? { servername: hostname.replace(/\.$/, "") }
      : { servername: undefined };
  return new Promise((resolve, reject) => {
    connect({ ...options, ...secureName, hostname: address }, (error, socket) => {
      if (socket) resolve(socket);
      else reject(error);
    });
  });
}

/** Sockets as they are made outside of tests. */
export const connectSocket: buildConnector.connector = buildConnector({
  timeout: CONNECT_TIMEOUT_MS,
  allowH2: false,
  minVersion: "TLSv1.2",
  // Also where the environment says otherwise.
  rejectUnauthorized: true,
});
