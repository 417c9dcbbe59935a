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
  /** By host and by person, as the token names them: a list is its person's, and short. */
  readonly #shown = new Map<string, { id: string; text: string }[]>();
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
    const whose = `${port} ${request.headers.authorization}`;
    const text = request.method === "POST" ? this.#take(whose, body) : this.#list(whose);
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

  #take(whose: string, body: string): string {
    const { assertion } = JSON.parse(body) as { assertion: { id: string } };
    const shown = this.#shown.get(whose) ?? [];
    this.#shown.set(whose, shown);
    shown.push({ id: assertion.id, text: JSON.stringify(assertion) });
    return OK;
  }

  /** All of it, newest first. */
  #list(whose: string): string {
    const shown = (this.#shown.get(whose) ?? []).toReversed();
    return `{"status":{"error":null,"statusCode":200,"statusText":"OK"},"assertions":[${shown
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
