// Cold start: from starting the process to its first 200, and the memory it holds when nobody asks.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type Row } from "./measure.ts";

const ROUNDS = 11;
/** Long enough for what a start leaves to be collected. */
const IDLE_MS = 1_500;
const MAX_TIMES_HELLO = 1.6;
const MAX_IDLE_MIB = 80;

const entry = join(dirname(fileURLToPath(import.meta.url)), "../node.js");
const HELLO = [
  "--input-type=module",
  "-e",
  'import http from "node:http"; http.createServer((q, r) => r.end("hi")).listen(+process.env.PORT, "127.0.0.1");',
];

interface Start {
  readonly milliseconds: number;
  readonly mebibytes: number;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Whether the port answers a request with 200 now. */
function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    });
    socket.on("data", (chunk) => {
      socket.destroy();
      resolve(String(chunk).startsWith("HTTP/1.1 200"));
    });
    socket.on("error", () => resolve(false));
  });
}

async function start(args: readonly string[], path: string, dataDir: string): Promise<Start> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    env: { PATH: process.env.PATH, PORT: String(port), DATA_DIR: dataDir, DEMO: "false" },
    stdio: "ignore",
  });
  while (!(await answers(port, path))) await new Promise((resolve) => setTimeout(resolve, 1));
  const milliseconds = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const mebibytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  return { milliseconds, mebibytes };
}

function row(name: string, starts: readonly Start[], hello: readonly Start[]): Row {
  const rates = starts.map(({ milliseconds }) => 1_000 / milliseconds);
  const times = starts.map((one, i) => one.milliseconds / (hello[i]?.milliseconds ?? Number.NaN));
  const took = median(starts.map(({ milliseconds }) => milliseconds));
  const memory = median(starts.map(({ mebibytes }) => mebibytes));
  return {
    name,
    ops: median(rates),
    min: Math.min(...rates),
    max: Math.max(...rates),
    ratio: 1 / median(times),
    note: `${took.toFixed(0)} ms, ${median(times).toFixed(2)} × the bare server; ${memory.toFixed(0)} MiB when idle`,
  };
}

/** Starts a second; the ratio is the bare server's time to ours in the same round. */
export async function coldBench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "rosette-cold-"));
  try {
    const hello: Start[] = [];
    const ours: Start[] = [];
    // The first start makes the database and fills the cache of compiled code: it is not counted.
    await start([entry, "serve"], "/readyz", folder);
    for (let round = 0; round < ROUNDS; round++) {
      hello.push(await start(HELLO, "/", folder));
      ours.push(await start([entry, "serve"], "/readyz", folder));
    }
    const memory = median(ours.map(({ mebibytes }) => mebibytes));
    return [
      row("bare node:http, cold start", hello, hello),
      { ...row("Rosette, cold start", ours, hello), target: 1 / MAX_TIMES_HELLO },
      {
        name: "Rosette, idle memory in MiB",
        ops: memory,
        min: Math.min(...ours.map(({ mebibytes }) => mebibytes)),
        max: Math.max(...ours.map(({ mebibytes }) => mebibytes)),
        ratio: MAX_IDLE_MIB / memory,
        target: 1,
        note: `the ratio is ${MAX_IDLE_MIB} MiB to it`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
