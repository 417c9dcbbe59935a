import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { readAhead } from "../../src/runtime/read-ahead.ts";

const MIB = 2 ** 20;
const LARGE = 64 * MIB + 5;
const PLENTY = 1_000 * MIB;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rosette-ahead-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** A file with nothing in it but its size. */
function givenFile(bytes: number): string {
  const path = join(folder, "large");
  writeFileSync(path, "");
  truncateSync(path, bytes);
  return path;
}

async function read(path: string, available: number): Promise<number> {
  return readAhead(path, available).done;
}

describe("reading a file ahead", () => {
  it("reads a large one to its last byte", async () => {
    expect(await read(givenFile(LARGE), PLENTY)).toBe(LARGE);
  });

  it("leaves a smaller one to those who need it", async () => {
    expect(await read(givenFile(64 * MIB - 1), PLENTY)).toBe(0);
  });

  it("reads nothing where it would take more than half of the memory there is", async () => {
    const path = givenFile(LARGE);
    expect(await read(path, 2 * LARGE - 2)).toBe(0);
    expect(await read(path, 2 * LARGE)).toBe(LARGE);
  });

  it("is silent about a file that is not there", async () => {
    expect(await read(join(folder, "none"), PLENTY)).toBe(0);
  });

  it("ends when it is stopped", async () => {
    const ahead = readAhead(givenFile(900 * MIB), 10 * PLENTY);
    ahead.stop();
    expect(await ahead.done).toBeLessThanOrEqual(2 * MIB);
  });
});
