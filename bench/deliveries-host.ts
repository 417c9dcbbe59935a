// Twenty backpacks in a process of their own: as little as can answer, with faults, one of them slow if it is told so.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface HostOptions {
  readonly ports: readonly number[];
}

/** What the hosts are told while they run, by PUT to any of them. */
export interface Behaviour {
  /** Of all requests so many, from 0 to 1, meet a fault. */
  readonly faults: number;
  /** The first host takes so long for each answer. */
  readonly slowMs: number;
}

export interface HostCount {
  /** Badges shown: one for each post that was taken in, since these hosts do not know doubles. */
  readonly shown: number;
  readonly distinct: number;
  readonly requests: number;
  readonly faults: number;
}

const FAULTS = ["500", "429", "lost", "dropped", "html", "truncated"] as const;

class Hosts {
  #behaviour: Behaviour = { faults: 0, slowMs: 0 };
  readonly #shown = new Map<number, { id: string; at: number; text: string }[]>();
  #requests = 0;
  #faults = 0;
  #ordinal = 0;

  async answer(port: number, first: number, request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (request.method === "PUT") return this.#told(body, response);
    if (request.url === "/count") return response.end(JSON.stringify(this.#count()));
    this.#requests++;
    if (port === first && this.#behaviour.slowMs > 0) {
      await new Promise((done) => setTimeout(done, this.#behaviour.slowMs));
    }
    const fault = this.#fault();
    if (fault === "lost") return response.destroy();
    if (fault === "500" || fault === "429") return status(response, Number(fault));
    const text = request.method === "POST" ? this.#take(port, body) : this.#list(port, request);
    if (fault === "dropped") return response.destroy();
    if (fault === "html") return response.end("<!doctype html><p>Welcome back</p>");
    response.setHeader("content-type", "application/json");
    response.end(fault === "truncated" ? text.slice(0, text.length / 2) : text);
  }

  /** Every other kind in turn, as often as it is to be. */
  #fault(): (typeof FAULTS)[number] | null {
    if (Math.random() >= this.#behaviour.faults) return null;
    this.#faults++;
    return FAULTS[this.#ordinal++ % FAULTS.length] ?? null;
  }

  #told(body: string, response: ServerResponse) {
    this.#behaviour = JSON.parse(body) as Behaviour;
    this.#shown.clear();
    this.#requests = 0;
    this.#faults = 0;
    response.end();
  }

  #take(port: number, body: string): string {
    const { assertion } = JSON.parse(body) as { assertion: { id: string } };
    const shown = this.#shown.get(port) ?? [];
    this.#shown.set(port, shown);
    shown.push({ id: assertion.id, at: shown.length, text: JSON.stringify(assertion) });
    return OK;
  }

  /** Newest first; `since` is not known to these hosts. */
  #list(port: number, request: IncomingMessage): string {
    const url = new URL(request.url ?? "", "http://host.example");
    const shown = this.#shown.get(port) ?? [];
    const limit = Number(url.searchParams.get("limit") ?? 100);
    const page = shown.slice(-limit).reverse();
    return `{"status":{"error":null,"statusCode":200,"statusText":"OK"},"assertions":[${page
      .map(({ text }) => text)
      .join(",")}]}`;
  }

  #count(): HostCount {
    const all = [...this.#shown.values()].flatMap((list) => list.map(({ id }) => id));
    return {
      shown: all.length,
      distinct: new Set(all).size,
      requests: this.#requests,
      faults: this.#faults,
    };
  }
}

const OK = JSON.stringify({ status: { error: null, statusCode: 200, statusText: "OK" } });

function status(response: ServerResponse, code: number) {
  const headers = {
    "content-type": "application/json",
    ...(code === 429 ? { "retry-after": "5" } : {}),
  };
  response.writeHead(code, headers);
  response.end(JSON.stringify({ status: { error: "Not now.", statusCode: code } }));
}

if (process.argv[2] === "--hosts") {
  const { ports } = JSON.parse(process.argv[3] ?? "{}") as HostOptions;
  const hosts = new Hosts();
  const [first = 0] = ports;
  for (const port of ports) {
    createServer((request, response) => {
      hosts.answer(port, first, request, response).catch(() => response.destroy());
    }).listen(port, "127.0.0.1");
  }
}
