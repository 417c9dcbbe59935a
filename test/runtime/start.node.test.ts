import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SCHEDULE } from "../../src/recurring-work.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { prepare } from "../../src/runtime/node.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `rosette serve` on a file loads before anybody asks it for anything. */
const AT_START = [
  "src/cli/start.ts",
  "src/cli/main.ts",
  "src/cli/serve.ts",
  "src/runtime/libsql-file.ts",
];

/** Packages that are imported, not merely importable later, by the bundled parts of a start. */
async function packagesAtStart(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: AT_START,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "not-written",
    write: false,
    metafile: true,
  });
  const { outputs } = metafile;
  const waiting = Object.keys(outputs).filter((path) =>
    AT_START.includes(outputs[path]?.entryPoint ?? ""),
  );
  expect(waiting).toHaveLength(AT_START.length);
  const known = new Set(waiting);
  const packages = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { path: target, kind, external } of outputs[path]?.imports ?? []) {
      if (kind !== "import-statement" || target.startsWith("node:")) continue;
      if (external) packages.add(target);
      else if (!known.has(target)) waiting.push(target);
      known.add(target);
    }
  }
  return [...packages].sort();
}

async function started() {
  const folder = mkdtempSync(join(tmpdir(), "rosette-start-"));
  const serving = await prepare({ DATA_DIR: folder, PORT: "0", LOG_LEVEL: "error" });
  const look = openFile(join(folder, "rosette.db"), Math.random, Date.now);
  onTestFinished(async () => {
    await look.close();
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { serving, look };
}

/** Of work that comes round; each is due at once in a new database. */
const KINDS = Object.keys(SCHEDULE).length;

describe("a start", () => {
  it("loads the database and hashing, and no other package", async () => {
    expect(await packagesAtStart()).toEqual([
      "@noble/hashes/legacy.js",
      "@noble/hashes/sha2.js",
      "libsql",
    ]);
  });

  it("does the work that waits, though nobody asks it for anything", async () => {
    const { serving, look } = await started();
    serving.open();
    const done = { sql: "SELECT count(*) FROM jobs WHERE done_at IS NOT NULL", params: [] };
    await vi.waitFor(async () => expect((await look.read(done)).rows).toEqual([[KINDS]]), 10_000);
  });

  it("of which the app was loaded before the doors opened does its work all the same", async () => {
    const { serving, look } = await started();
    await serving.program();
    serving.open();
    const done = { sql: "SELECT count(*) FROM jobs WHERE done_at IS NOT NULL", params: [] };
    await vi.waitFor(async () => expect((await look.read(done)).rows).toEqual([[KINDS]]), 10_000);
  });

  it("answers first requests that come together, each by the app", async () => {
    const { serving } = await started();
    serving.open();
    const asks = ["/", "/api/v1/organizations", "/nowhere", "/readyz", "/openapi.json"];
    const answers = await Promise.all(asks.map((path) => fetch(serving.config.publicUrl + path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 200, 200]);
  });

  it("can be stopped before anybody asked", async () => {
    const { serving } = await started();
    serving.open();
    expect((await fetch(`${serving.config.publicUrl}/readyz`)).status).toBe(200);
  });
});
