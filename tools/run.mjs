// Runs the project's commands on a machine with nothing but Node.js 20 and npm: installs, builds, starts.
//
//   node tools/run.mjs serve|rosette|test|build|lint|bench|exec [argument …]
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildBench, buildIfStale } from "./build.mjs";
import { packages, root, runtime, SetupError } from "./install.mjs";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Starts a program, passes signals on, and resolves to the exit code a shell would show. */
function start(command, args, node, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", env: environment(node), ...options });
  const pass = (signal) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      for (const name of FORWARDED) process.off(name, pass);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** The chosen Node.js first, so that every program started from here finds that one. */
function environment(node) {
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  return { ...process.env, PATH: path.join(delimiter) };
}

/** A program of an installed package, by the name it has on the command line. */
function exec(node, name, args, cwd = root) {
  const windows = process.platform === "win32";
  const file = join(root, "node_modules", ".bin", windows ? `${name}.cmd` : name);
  if (!existsSync(file)) throw new SetupError(`no installed package has a command named ${name}`);
  return start(windows ? `"${file}"` : file, args, node, { cwd, shell: windows });
}

/** Where the person stood: npm changes to the project's folder before it runs a script. */
function callersFolder() {
  return process.env.INIT_CWD ?? process.cwd();
}

async function rosette(node, args, cwd) {
  await buildIfStale();
  return start(node, [join(root, "dist", "node.js"), ...args], node, { cwd });
}

const RESULTS = join(root, ".rosette", "test-results.json");

/** Runs the tests, then says the counts once more in one plain line for whoever only reads the end. */
async function test(node, args) {
  await buildIfStale();
  mkdirSync(dirname(RESULTS), { recursive: true });
  rmSync(RESULTS, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`];
  const code = await exec(node, "vitest", ["run", ...reporters, ...args]);
  if (!existsSync(RESULTS)) return code === 0 ? 1 : code;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(RESULTS, "utf8"),
  );
  const skipped = numPendingTests + numTodoTests;
  console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed, ${skipped} skipped`);
  return code;
}

/** Both always run: one list of everything to correct is worth more than half of it sooner. */
async function lint(node, args) {
  const places = args.length > 0 ? args : ["."];
  const style = await exec(node, "biome", ["check", ...places]);
  const promises = await exec(node, "oxlint", ["--type-aware", "--deny-warnings", "src", "test"]);
  return style || promises;
}

async function bench(node, args) {
  await buildIfStale();
  await buildBench();
  return start(node, [join(root, "dist", "bench", "main.js"), ...args], node, { cwd: root });
}

const COMMANDS = {
  serve: (node, args) => rosette(node, ["serve", ...args], root),
  rosette: (node, args) => rosette(node, args, callersFolder()),
  test,
  build: async () => {
    console.log((await buildIfStale()) ? "built dist/" : "dist/ is up to date");
    return 0;
  },
  lint,
  bench,
  exec: (node, [name = "", ...args]) =>
    name === "node" ? start(node, args, node, { cwd: root }) : exec(node, name, args),
};

async function run([name = "", ...args]) {
  const command = COMMANDS[name];
  if (!command) {
    console.error(`usage: node tools/run.mjs ${Object.keys(COMMANDS).join("|")} [argument …]`);
    return 2;
  }
  const node = await runtime();
  await packages();
  return command(node, args);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  // A failure of the set-up itself is said without a stack.
  console.error(error instanceof SetupError ? `rosette: ${error.message}` : error);
  process.exitCode = 1;
}
