// The archive as programs read it that are not ours: Info-ZIP's unzip, and Python's zipfile.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_ENTRIES, zipPieces } from "../../src/recipient/zip.ts";
import { ownWorld } from "./own.ts";

/** Whether a program is there; where it is not, its tests are skipped, and say so. */
function isThere(program: string, ...args: string[]): boolean {
  const found = spawnSync(program, args).status === 0;
  if (!found) console.warn(`SKIPPED: an archive is not read with ${program}, which is not here`);
  return found;
}

const UNZIP = isThere("unzip", "-v");
const PYTHON = isThere("python3", "-c", "import zipfile");

/** Tests every checksum, and prints the names as it reads them. */
const READ = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([[each.filename, each.compress_type, each.file_size] for each in archive.infolist()]))
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unzip-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A downloaded archive of two badges, one with a name beyond ASCII. */
async function downloaded(): Promise<{ path: string; names: string[] }> {
  const w = await ownWorld();
  const { award: one } = await w.held("Ærøskøbing 徽章");
  const { award: two } = await w.held("First Session");
  const response = await w.browser.get("/me/badges.zip");
  const path = join(folder, "badges.zip");
  writeFileSync(path, new Uint8Array(await response.arrayBuffer()));
  const stems = [
    `First-Session-${two.unique_hash.slice(0, 8)}`,
    `Ærøskøbing-徽章-${one.unique_hash.slice(0, 8)}`,
  ];
  return { path, names: stems.flatMap((stem) => [`${stem}.svg`, `${stem}.json`]) };
}

describe("what was downloaded", () => {
  it.skipIf(!UNZIP)("unzip takes out every file, whole", async () => {
    const { path, names } = await downloaded();
    expect(spawnSync("unzip", ["-tq", path]).status).toBe(0);
    const out = join(folder, "out");
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    expect(spawnSync("unzip", ["-q", "-o", path, "-d", out], { env }).status).toBe(0);
    const found = readdirSync(out);
    expect(found.sort()).toEqual(names.sort());
    for (const name of found.filter((one) => one.endsWith(".json"))) {
      expect(JSON.parse(readFileSync(join(out, name), "utf8")).type).toBe("Assertion");
    }
  });

  it.skipIf(!PYTHON)("zipfile reads the names in UTF-8, and every checksum is right", async () => {
    const { path, names } = await downloaded();
    const read = spawnSync("python3", ["-c", READ, path], { encoding: "utf8" });
    expect(read.stderr).toBe("");
    const listed: [string, number, number][] = JSON.parse(read.stdout);
    expect(listed.map(([name]) => name)).toEqual(names);
    expect(listed.every(([, method, size]) => method === 0 && size > 0)).toBe(true);
  });

  it.skipIf(!PYTHON)("an archive with as many files as there can be is read whole", async () => {
    async function* many() {
      for (let i = 0; i < MAX_ENTRIES; i++) yield { name: `${i}`, bytes: new Uint8Array(1), at: 0 };
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of zipPieces(many())) pieces.push(piece);
    const path = join(folder, "many.zip");
    writeFileSync(path, Buffer.concat(pieces));
    const read = spawnSync("python3", ["-c", READ, path], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(read.stderr).toBe("");
    expect(JSON.parse(read.stdout)).toHaveLength(MAX_ENTRIES);
  });
});
