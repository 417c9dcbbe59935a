// Two processes on one file, as behind a balancer, asked by wrk: a generator cheap enough for both.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { hashOf } from "./fill.ts";
import { median, type Row } from "./measure.ts";
import { type Command, canPin, exists, pin, type Server, start } from "./servers.ts";

const run = promisify(execFile);

export interface TwoProcessesOptions {
  /** Starts a server on the same file as `first`. */
  readonly command: Command;
  readonly first: Server;
  readonly awards: number;
  readonly folder: string;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Assertions a second from a server; `core` is the only one that this wrk may use. */
type Rate = (server: Server, core?: number) => Promise<number>;

const ASKED = 1.7;
const ALL_CORES = `0-${availableParallelism() - 1}`;
const SHARED: Pick<Row, "name" | "note"> = {
  name: "two processes on one file, to one (wall, nothing pinned)",
  note: "wrk and both processes share the cores: one process and its wrk use two already",
};
const PINNED: Pick<Row, "name" | "note"> = {
  name: "two processes on one file, each with its wrk on a core of its own, to one so (wall)",
  note: "core 0 has one server and the wrk that asks it, core 1 has nothing, and then the same",
};

/** No rows where there is no wrk; without taskset or a second core, only the shared one. */
export async function twoProcesses(options: TwoProcessesOptions): Promise<Row[]> {
  if (!(await exists("wrk"))) return [];
  const rate = rateBy(options);
  const second = await start(options.command, options.first.port + 50);
  const both = [options.first, second] as const;
  try {
    await rate(second);
    const pins = await canPin();
    // What was measured before may have left it on one core.
    if (pins) await pin(options.first, ALL_CORES);
    const shared = await compare(options, rate, both, []);
    if (!pins) {
      const note = `${SHARED.note}; no taskset or no second core here`;
      return [{ ...shared, ...SHARED, note, target: ASKED }];
    }
    await Promise.all(both.map((server, core) => pin(server, String(core))));
    const pinned = await compare(options, rate, both, [0, 1]);
    return [
      { ...shared, ...SHARED },
      { ...pinned, ...PINNED, target: ASKED },
    ];
  } finally {
    await second.stop();
  }
}

async function compare(
  { rounds }: TwoProcessesOptions,
  rate: Rate,
  [first, second]: readonly [Server, Server],
  cores: readonly number[],
): Promise<Omit<Row, "name">> {
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await rate(first, cores[0]));
    const rates = await Promise.all([rate(first, cores[0]), rate(second, cores[1])]);
    two.push(rates[0] + rates[1]);
  }
  return {
    ops: median(two),
    min: Math.min(...two),
    max: Math.max(...two),
    ratio: median(two.map((value, i) => value / (one[i] ?? Number.NaN))),
  };
}

function rateBy({ folder, awards, roundMs }: TwoProcessesOptions): Rate {
  const script = `${folder}/ids.lua`;
  writeFileSync(script, luaScript(awards));
  const seconds = Math.ceil(roundMs / 1000);
  return async ({ port }, core) => {
    const wrk = ["-t1", "-c32", `-d${seconds}s`, "-s", script, `http://127.0.0.1:${port}`];
    const [program, args] =
      core === undefined ? ["wrk", wrk] : ["taskset", ["-c", String(core), "wrk", ...wrk]];
    const { stdout } = await run(program, args);
    if (/Non-2xx/.test(stdout)) throw new Error(stdout);
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  };
}

function luaScript(awards: number): string {
  const step = Math.max(1, Math.floor(awards / 20_000));
  const hashes: string[] = [];
  for (let i = 0; i < awards; i += step) hashes.push(`"${hashOf(i)}"`);
  return `local ids = {${hashes.join(",")}}
request = function()
  return wrk.format("GET", "/ob/v2/assertions/" .. ids[math.random(#ids)])
end
`;
}
