// Installs what is missing: the locked packages, and a Node.js to run on where the machine's own is older.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The release the project is developed, tested and shipped on. */
const WANTED = [24, 0];
/** The oldest that runs it, for systems that have no prebuilt one in tools/node. */
const OLDEST = [22, 19];

/** A holder that lives touches its lock more often than this. */
const LOCK_STALE_MS = 30_000;
const LOCK_TOUCH_MS = 5_000;
const LOCK_POLL_MS = 250;

/** A failure with nothing more to say than its message. */
export class SetupError extends Error {}

function atLeast(version, [major, minor]) {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Prebuilt ones are made for glibc; a system without it needs a Node.js of its own. */
function prebuiltPackage() {
  if (process.platform === "linux") {
    const { glibcVersionRuntime } = process.report.getReport().header;
    if (glibcVersionRuntime === undefined) return null;
  }
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const { optionalDependencies } = readJson(join(root, "tools/node/package.json"));
  return name in optionalDependencies ? name : null;
}

/** Path of the Node.js to run on: this one where it is new enough, else the locked one. */
export async function runtime() {
  if (atLeast(process.versions.node, WANTED)) return process.execPath;
  const name = prebuiltPackage();
  if (name === null) {
    if (atLeast(process.versions.node, OLDEST)) return process.execPath;
    throw new SetupError(
      `Node.js ${process.versions.node} is too old, and no newer one comes prebuilt for ` +
        `${process.platform} ${process.arch}. Install Node.js ${OLDEST.join(".")} or newer, ` +
        "then run this command again.",
    );
  }
  const folder = join(root, "tools/node");
  await install(folder, "Node.js 24", name);
  const file = process.platform === "win32" ? "node.exe" : "node";
  return join(folder, "node_modules", name, "bin", file);
}

export function packages() {
  return install(root, "packages", `@esbuild/${process.platform}-${process.arch}`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What an installation depends on: the lock, and the system its prebuilt parts are for. */
function stampOf(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const system = `${process.platform} ${process.arch}`;
  return createHash("sha256").update(lock).update(system).digest("hex");
}

const stampFile = (folder) => join(folder, "node_modules", ".rosette-stamp");

function isInstalled(folder, prebuilt) {
  try {
    if (readFileSync(stampFile(folder), "utf8") === stampOf(folder)) return true;
  } catch {
    // No stamp: npm may have been run by hand.
  }
  if (!npmInstalledAll(folder, prebuilt)) return false;
  writeFileSync(stampFile(folder), stampOf(folder));
  return true;
}

/** npm writes down what it installed when it is done; a broken-off run leaves no such file. */
function npmInstalledAll(folder, prebuilt) {
  const record = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  if (!(`node_modules/${prebuilt}` in installed)) return false;
  const wanted = readJson(join(folder, "package-lock.json")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.integrity === entry.integrity : entry.optional === true;
  });
}

async function install(folder, what, prebuilt) {
  if (isInstalled(folder, prebuilt)) return;
  await locked("install", `waiting for another start to install ${what}`, async () => {
    if (isInstalled(folder, prebuilt)) return;
    const started = Date.now();
    const done = progress(`installing ${what}`);
    await npmCi(folder);
    writeFileSync(stampFile(folder), stampOf(folder));
    done(`installed ${what} in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/** One line that is rewritten on a terminal, one line at the start and one at the end elsewhere. */
function progress(text) {
  const { stderr } = process;
  if (!stderr.isTTY) {
    stderr.write(`rosette: ${text} …\n`);
    return (result) => stderr.write(`rosette: ${result}\n`);
  }
  const started = Date.now();
  const draw = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    stderr.write(`\r\x1b[Krosette: ${text} … ${seconds} s`);
  };
  draw();
  const timer = setInterval(draw, 1000);
  timer.unref();
  return (result) => {
    clearInterval(timer);
    stderr.write(`\r\x1b[Krosette: ${result}\n`);
  };
}

/** Shows npm's own words only when it fails. */
async function npmCi(folder) {
  const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional"];
  args.push("--no-fund", "--no-audit", "--no-progress", "--loglevel=error");
  const env = npmEnvironment();
  // Below `npm start`, npm says where it is; else the machine finds it by name.
  const cli = process.env.npm_execpath;
  const child = cli?.endsWith(".js")
    ? spawn(process.execPath, [cli, ...args], { cwd: folder, env })
    : spawn("npm", args, { cwd: folder, env, shell: process.platform === "win32" });
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const problem = await new Promise((resolve) => {
    child.on("error", (error) =>
      resolve(
        error.code === "ENOENT" ? "npm was not found; install it beside Node.js" : error.message,
      ),
    );
    child.on("close", (code) =>
      resolve(code === 0 ? null : `npm ci failed with exit code ${code}`),
    );
  });
  if (problem === null) return;
  process.stderr.write(`\n${Buffer.concat(output)}`);
  throw new SetupError(`${problem} in ${folder}. Correct what npm says above, then start again.`);
}

/** What the outer `npm start` says of itself would make the inner npm work in the wrong folder. */
function npmEnvironment() {
  const own =
    /^npm_(package_|lifecycle_|command$|node_execpath$|config_(local_prefix|workspaces?)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/**
 * Runs `work` while no other process runs one under the same name. The lock is a folder, which only
 * one can make; one that nobody touched for a while belonged to a process that was killed.
 */
export async function locked(name, waitingText, work) {
  const folder = join(root, ".rosette", `${name}.lock`);
  mkdirSync(dirname(folder), { recursive: true });
  for (let told = false; !tryLock(folder); told = true) {
    if (!told) process.stderr.write(`rosette: ${waitingText} …\n`);
    await new Promise((done) => setTimeout(done, LOCK_POLL_MS));
  }
  const timer = setInterval(() => utimesSync(folder, new Date(), new Date()), LOCK_TOUCH_MS);
  const release = () => removeLock(folder);
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.off("exit", release);
    release();
  }
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    if (Date.now() - statSync(folder).mtimeMs > LOCK_STALE_MS) removeLock(folder);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  return false;
}

function removeLock(folder) {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
