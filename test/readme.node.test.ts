// Runs what the README tells a newcomer to type, in a fresh copy of the project, word for word.
//
// Blocks marked `sh` run; those marked `console` only show. The one thing that is changed is the
// address http://localhost:8787, to wherever the copy's server found a free port.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SETTINGS } from "../src/config.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const DOCUMENTED_ORIGIN = "http://localhost:8787";
const START = "npm start";

const BLOCKS = [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) =>
  text.trim(),
);

/** What a clone has, and nothing that an earlier run left. */
const COPIED = ["src", "migrations", "tools", "package.json", "package-lock.json", ".npmrc"];
/** Installed once for the original; installing again would only take time. */
const INSTALLED = ["node_modules", "tools/node/node_modules"];

let folder: string;
let server: ChildProcess;
let origin = "";
let printed = "";

function environment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, npm_config_update_notifier: "false" };
}

function shell(block: string): Promise<string> {
  const script = block.replaceAll(DOCUMENTED_ORIGIN, origin);
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: environment() };
    execFile("bash", ["-euo", "pipefail", "-c", script], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${script}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** The address after a word in what a command printed, where the copy's server answers. */
async function statusAt(output: string, word: string): Promise<number> {
  const address = new RegExp(`${word}\\s+(http\\S+)`).exec(output)?.[1];
  if (address === undefined) throw new Error(`no ${word} in: ${output}`);
  expect(address.startsWith(`${origin}/`)).toBe(true);
  const accept = word === "Page" ? "text/html" : "*/*";
  return (await fetch(address, { headers: { accept } })).status;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-readme-"));
  for (const name of COPIED) {
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (path) => basename(path) !== "node_modules",
    });
  }
  for (const name of INSTALLED) symlinkSync(join(ROOT, name), join(folder, name));
  server = spawn("bash", ["-c", `exec ${START}`], {
    cwd: folder,
    env: { ...environment(), PORT: "0" },
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on("data", (chunk) => {
      printed += chunk;
      origin = /Rosette\s+(http:\/\/localhost:\d+)\//.exec(printed)?.[1] ?? "";
      if (printed.includes("Ctrl+C")) resolve();
    });
    server.stderr?.on("data", (chunk) => {
      printed += chunk;
    });
    server.on("exit", (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  });
}, 120_000);

afterAll(async () => {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  // The whole group: what a terminal does with Ctrl+C.
  if (server.pid !== undefined) process.kill(-server.pid, "SIGINT");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe("README", () => {
  it("starts with what this is, the two commands, and a first award", () => {
    const first = README.split("\n").slice(0, 60).join("\n");
    for (const text of [START, "npm test", "npx rosette award", "/api/v1/awards"]) {
      expect(first).toContain(text);
    }
    expect(readFileSync(join(ROOT, ".ci/run"), "utf8")).toMatch(/^npm test\b/m);
  });

  it("lists every setting as the program knows it", () => {
    const rows = SETTINGS.map(
      ({ name, meaning, fallback }) => `| \`${name}\` | ${meaning} | ${fallback} |`,
    );
    const table = README.split("\n").filter((line) => /^\| `[A-Z_]+` \|/.test(line));
    expect(table).toEqual(rows);
  });

  it("has blocks for the start, for four ways to award, and for verifying", () => {
    expect(BLOCKS).toHaveLength(6);
    expect(BLOCKS[0]).toBe(START);
  });

  it("npm start serves the demo and says where", async () => {
    expect(printed).toContain("demo data");
    expect((await fetch(`${origin}/dev/badges/valid`)).status).toBe(200);
    expect((await fetch(`${origin}/`, { headers: { accept: "text/html" } })).status).toBe(200);
  });

  it("awards a first badge from the command line", async () => {
    const output = await shell(BLOCKS[1] ?? "");
    for (const word of ["Page", "Assertion", "PNG", "SVG"]) {
      expect(await statusAt(output, word)).toBe(200);
    }
  }, 60_000);

  it("awards a badge to a whole list", async () => {
    const output = await shell(BLOCKS[2] ?? "");
    expect(output).toContain("people.csv: 2 rows, read as utf-8 with semicolons");
    expect(output).toContain("2 awarded, 0 held already, 0 refused");
    expect(readFileSync(join(folder, "outcome.csv"), "utf8")).toContain("awarded");
  }, 60_000);

  it("awards a first badge with curl", async () => {
    const block = BLOCKS[3] ?? "";
    const output = await shell(block);
    expect(output).toMatch(/^HTTP\/1\.1 201 /);
    const page = /"page":"([^"]+)"/.exec(output)?.[1] ?? "";
    expect((await fetch(page, { headers: { accept: "text/html" } })).status).toBe(200);
  }, 60_000);

  it("starts without the demo", async () => {
    const output = await shell(BLOCKS[4] ?? "");
    expect(output).toContain("Made Harbour Youth Council");
    expect(await statusAt(output, "Page")).toBe(200);
  }, 60_000);

  it("verifies a badge and keeps a receipt", async () => {
    const output = await shell(BLOCKS[5] ?? "");
    expect(output).toMatch(/^✔ valid: /);
    expect(output).toContain("robin@example.org");
    expect(output).toContain("✔ genuine");
    expect(output).toContain('"verdict":"valid"');
  }, 60_000);
});
