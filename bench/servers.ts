// Starts the servers that are compared, and says what they cost: rate and processor time.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import type { LoadOptions, LoadResult } from "./load.ts";

const run = promisify(execFile);
const LOOK_MS = 500;
const IDLE_LOOKS = 10;
/** Linux counts processor time in these. */
const TICK_US = 10_000;

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly processes: readonly ChildProcess[];
  stop(): Promise<void>;
}

export interface Command {
  readonly name: string;
  /** Arguments after `node`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function listening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function untilListening(port: number, child: ChildProcess, name: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`);
    if (await listening(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${name} did not listen on ${port}`);
}

/**
 * Has the system forget what it keeps in memory of a file, as it has after the machine was started:
 * how it came there, page by page as it was filled, would be measured too. True where it could be done.
 */
export function forget(file: string): Promise<boolean> {
  return run("dd", [`if=${file}`, "iflag=nocache", "count=0"]).then(
    () => true,
    () => false,
  );
}

/** Whether a server has read so many bytes; false once it has read nothing more for some seconds. */
export async function hasRead({ processes }: Server, bytes: number): Promise<boolean> {
  for (let [before, idle] = [0, 0]; ; ) {
    const io = readFileSync(`/proc/${processes[0]?.pid}/io`, "utf8");
    const read = Number(/rchar: (\d+)/.exec(io)?.[1]);
    // A disk that has much to write may let whoever reads wait for seconds; and who is idle reads a little.
    idle = read - before > 65_536 ? 0 : idle + 1;
    if (read >= bytes || idle === IDLE_LOOKS) return read >= bytes;
    before = read;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** `core` is the only one that the server and its threads may use, from the beginning. */
export async function start(command: Command, port: number, core?: number): Promise<Server> {
  const [program, args] =
    core === undefined
      ? [process.execPath, [...command.args]]
      : ["taskset", ["--cpu-list", String(core), process.execPath, ...command.args]];
  const child = spawn(program, args, {
    env: { ...process.env, PORT: String(port), ...command.env },
    stdio: ["ignore", "ignore", process.env["BENCH_VERBOSE"] ? "inherit" : "ignore"],
  });
  await untilListening(port, child, command.name);
  return {
    name: command.name,
    port,
    processes: [child],
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

/** User and system time of a process and its threads so far, in microseconds. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

export interface Measured extends LoadResult {
  readonly rate: number;
  readonly cpuPerRequest: number;
}

/** A server and all its threads stay on these cores, as taskset lists them. */
export async function pin({ processes }: Server, cores: string): Promise<void> {
  for (const { pid } of processes) {
    await run("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)]);
  }
}

/** Whether servers and what asks them can have cores of their own. */
export async function canPin(): Promise<boolean> {
  return availableParallelism() > 1 && (await exists("taskset"));
}

export function exists(program: string): Promise<boolean> {
  return run(program, ["--version"]).then(
    () => true,
    (error: { code?: unknown }) => error.code !== "ENOENT",
  );
}

/**
 * One burst of load against a running server; `loadScript` is the built load generator, `core` the
 * only one that it may use.
 */
export async function measure(
  server: Server,
  loadScript: string,
  options: Omit<LoadOptions, "port">,
  core?: number,
): Promise<Measured> {
  const pids = server.processes.flatMap((child) => (child.pid === undefined ? [] : [child.pid]));
  const before = pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const load = [loadScript, "--load", JSON.stringify({ ...options, port: server.port })];
  const { stdout } = await (core === undefined
    ? run(process.execPath, load)
    : run("taskset", ["--cpu-list", String(core), process.execPath, ...load]));
  const result = JSON.parse(stdout) as LoadResult;
  const spent = pids.reduce((sum, pid) => sum + cpuOf(pid), 0) - before;
  return {
    ...result,
    rate: result.requests / result.seconds,
    cpuPerRequest: spent / result.requests,
  };
}
