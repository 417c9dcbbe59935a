// A libSQL server over HTTP, on the same engine: enough of Hrana 2 for the real client to talk to.
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HranaError, type PipelineRequest, type WireRequest } from "./protocol.ts";
import { type Connection, connect, Stream } from "./stream.ts";

export interface HranaOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** The database of callers that send no token. */
  readonly file?: string;
  /** What a database that a token asks for starts from; without it, from nothing. */
  readonly template?: string;
  /** How long a statement waits for another stream's lock. */
  readonly lockWaitMs?: number;
}

export interface HranaServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A token names a database: one that begins thus starts empty, another one as the template. */
const EMPTY_PREFIX = "empty-";
const TOKEN = /^Bearer ([a-z0-9-]{1,64})$/;
const STREAM_IDLE_MS = 5_000;
const LOCK_WAIT_MS = 5_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** One database file and the connections to it that nobody uses just now. */
class Store {
  readonly path: string;
  readonly #idle: Connection[] = [];

  constructor(path: string) {
    this.path = path;
  }

  take(): Connection {
    return this.#idle.pop() ?? connect(this.path);
  }

  giveBack(connection: Connection): void {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    this.#idle.push(connection);
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }
}

interface Open {
  readonly store: Store;
  readonly stream: Stream;
  readonly timer: NodeJS.Timeout;
}

/** Starts listening on the loopback address. */
export async function startHrana(options: HranaOptions = {}): Promise<HranaServer> {
  const folder = mkdtempSync(join(tmpdir(), "rosette-hrana-"));
  const stores = new Map<string, Store>();
  const open = new Map<string, Open>();

  function storeFor(request: IncomingMessage): { name: string; store: Store } {
    const header = request.headers.authorization;
    const name = header === undefined ? "" : TOKEN.exec(header)?.[1];
    if (name === undefined || (name === "" && options.file === undefined)) {
      throw new HranaError("AUTH_JWT_INVALID", "the token names no database");
    }
    let store = stores.get(name);
    if (!store) {
      const path = name === "" ? String(options.file) : join(folder, `${name}.db`);
      if (name !== "" && !name.startsWith(EMPTY_PREFIX) && options.template) {
        if (!existsSync(path)) copyFileSync(options.template, path);
      }
      store = new Store(path);
      stores.set(name, store);
    }
    return { name, store };
  }

  function remember(store: Store, stream: Stream): string {
    const baton = randomUUID();
    const timer = setTimeout(() => {
      open.delete(baton);
      store.giveBack(stream.connection);
    }, STREAM_IDLE_MS);
    open.set(baton, { store, stream, timer: timer.unref() });
    return baton;
  }

  function resume(baton: string, store: Store): Stream {
    const known = open.get(baton);
    open.delete(baton);
    if (!known || known.store !== store) {
      throw new HranaError("BATON_INVALID", "Received an invalid baton");
    }
    clearTimeout(known.timer);
    return known.stream;
  }

  async function pipeline(store: Store, body: PipelineRequest): Promise<unknown> {
    const stream = body.baton
      ? resume(body.baton, store)
      : new Stream(store.take(), options.lockWaitMs ?? LOCK_WAIT_MS);
    const results: unknown[] = [];
    for (const request of body.requests) results.push(await answer(stream, request));
    const closed = body.requests.some((request) => request.type === "close");
    if (closed) store.giveBack(stream.connection);
    return { baton: closed ? null : remember(store, stream), base_url: null, results };
  }

  function drop(name: string): void {
    const store = stores.get(name);
    stores.delete(name);
    store?.close();
    if (!store || name === "") return;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(store.path + suffix, { force: true });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { name, store } = storeFor(request);
      if (request.method === "GET" && request.url === "/v2") return send(response, 200, {});
      if (request.method === "DELETE") return send(response, 200, drop(name) ?? {});
      if (request.method !== "POST" || request.url !== "/v2/pipeline") {
        return send(response, 404, { message: "not found", code: "NOT_FOUND" });
      }
      send(response, 200, await pipeline(store, await readJson(request)));
    } catch (error) {
      if (!(error instanceof HranaError)) throw error;
      send(response, error.code.startsWith("AUTH") ? 401 : 400, error.toWire());
    }
  }

  // A request on a connection that is closed for its idleness just then would find nobody.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    if (failOnPurpose(request, response)) return;
    respond(request, response).catch((error: unknown) => {
      send(response, 500, { message: String(error), code: "INTERNAL" });
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.port ?? 0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      for (const name of stores.keys()) drop(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Under these prefixes the server fails as servers do: silent, or falling silent half way. */
function failOnPurpose(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url?.startsWith("/never/")) return true;
  if (!request.url?.startsWith("/half/")) return false;
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"baton":null,');
  return true;
}

async function answer(stream: Stream, request: WireRequest): Promise<unknown> {
  try {
    return { type: "ok", response: await stream.answer(request) };
  } catch (error) {
    if (!(error instanceof HranaError)) throw error;
    return { type: "error", error: error.toWire() };
  }
}

async function readJson(request: IncomingMessage): Promise<PipelineRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new HranaError("HRANA_PROTO_ERROR", "body too large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as PipelineRequest;
  } catch {
    throw new HranaError("HRANA_PROTO_ERROR", "the body is not JSON");
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
