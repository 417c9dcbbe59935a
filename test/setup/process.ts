// Starts the built program as a person would, and waits for what it says.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTRY = join(ROOT, "dist/node.js");

let built: Promise<unknown> | undefined;

/** Once for each test file; a lock keeps files that run at the same time apart. */
export function build(): Promise<unknown> {
  built ??= import(join(ROOT, "tools/build.mjs")).then((tools: { buildIfStale(): unknown }) =>
    tools.buildIfStale(),
  );
  return built;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rosette setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type Variables = Readonly<Record<string, string>>;

/** Nothing of the machine's own settings reaches the program under test. */
function environment(variables: Variables): Record<string, string> {
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...variables };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], variables: Variables) {
    this.child = spawn(process.execPath, [ENTRY, ...args], { env: environment(variables) });
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => {
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** The entries of the log so far, those of one event. */
  logged(event: string): Record<string, unknown>[] {
    return this.stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .flatMap((line) => {
        const entry: Record<string, unknown> = JSON.parse(line);
        return entry.event === event ? [entry] : [];
      });
  }
}

export interface Server {
  readonly program: Program;
  /** Where it listens, whatever its public address is. */
  readonly origin: string;
  readonly publicUrl: string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Resolves when the server says it is started; rejects with what it said when it ends instead. */
export async function startServer(
  variables: Variables,
  args: readonly string[] = [],
): Promise<Server> {
  await build();
  const program = new Program(["serve", ...args], variables);
  onTestFinished(() => {
    program.child.kill("SIGKILL");
  });
  const started = await Promise.race([said(program, "server.started"), program.ended]);
  if ("code" in started) throw new Error(`ended with ${started.code}: ${started.stderr}`);
  return {
    program,
    origin: `http://127.0.0.1:${started.port}`,
    publicUrl: String(started.public_url),
    stop(signal = "SIGTERM") {
      program.child.kill(signal);
      return program.ended;
    },
  };
}

function said(program: Program, event: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const look = () => {
      const [entry] = program.logged(event);
      if (entry) resolve(entry);
    };
    program.child.stderr?.on("data", look);
  });
}

/** Runs one command line to its end. */
export async function rosette(args: readonly string[], variables: Variables): Promise<Ended> {
  await build();
  return new Program(args, variables).ended;
}
