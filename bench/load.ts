// A small HTTP load generator on raw sockets, in a process of its own: not what is measured.
import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { badgeId, hashOf } from "./fill.ts";

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  readonly what: Traffic;
  /** Every answer must begin with this status line, or the run is void. */
  readonly expect: string;
}

export type Traffic =
  | {
      readonly kind: "get";
      readonly path: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Assertions in random order among that many. */
  | { readonly kind: "assertions"; readonly awards: number }
  /** A new award for a new person each time. */
  | { readonly kind: "award"; readonly key: string };

const HEAD = "host: badges.example.org\r\naccept: application/ld+json\r\n";

/** The whole request, head and body; called once for each one sent. */
function requests(what: Traffic): () => string {
  if (what.kind === "get") {
    const extra = Object.entries(what.headers ?? {}).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const text = `GET ${what.path} HTTP/1.1\r\n${HEAD}${extra.join("")}\r\n`;
    return () => text;
  }
  if (what.kind === "assertions") {
    return () => {
      const hash = hashOf(Math.floor(Math.random() * what.awards));
      return `GET /ob/v2/assertions/${hash} HTTP/1.1\r\n${HEAD}\r\n`;
    };
  }
  let ordinal = 0;
  return () => {
    const body = JSON.stringify({
      badge: badgeId(ordinal++),
      recipient: { type: "email", identity: `new-${randomUUID()}@example.org`, name: "New Person" },
    });
    return `POST /api/v1/awards HTTP/1.1\r\n${HEAD}authorization: Bearer ${what.key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const HEAD_END = "\r\n\r\n";

/** Bytes of the first whole response in `text`, or 0 when it is not all here yet. */
function responseLength(text: string): number {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return 0;
  const match = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head));
  return head + HEAD_END.length + Number(match?.[1] ?? 0);
}

function drive(
  socket: Socket,
  options: LoadOptions,
  until: number,
  latencies: number[],
): Promise<void> {
  const next = requests(options.what);
  return new Promise((resolve, reject) => {
    let buffered = "";
    let sentAt = 0;
    const send = () => {
      if (performance.now() >= until) {
        socket.destroy();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(next(), "latin1");
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      buffered = buffered === "" ? String(chunk) : buffered + String(chunk);
      const length = responseLength(buffered);
      if (length === 0 || buffered.length < length) return;
      if (!buffered.startsWith(options.expect)) {
        socket.destroy();
        reject(new Error(`unexpected answer: ${buffered.slice(0, 300)}`));
        return;
      }
      buffered = "";
      latencies.push(performance.now() - sentAt);
      send();
    });
    socket.on("error", reject);
    send();
  });
}

/** Keeps `connections` busy, one request in flight on each, for the time given. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const sockets = await Promise.all(
    Array.from(
      { length: options.connections },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(options.port, "127.0.0.1", () => resolve(socket));
          socket.setNoDelay(true);
          socket.once("error", reject);
        }),
    ),
  );
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + options.milliseconds;
  await Promise.all(sockets.map((socket) => drive(socket, options, until, latencies)));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (quantile: number) => latencies[Math.floor(latencies.length * quantile)] ?? 0;
  return { requests: latencies.length, seconds, p50: at(0.5), p99: at(0.99) };
}

/** The process `bench/servers.ts` starts: takes options, answers with the result. */
if (process.argv[2] === "--load") {
  const options = JSON.parse(process.argv[3] ?? "{}") as LoadOptions;
  const result = await load(options);
  process.stdout.write(JSON.stringify(result));
}
