// `rosette export`: the whole file or none, from here and over HTTP.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-export-"));
  await rosette(
    ...["organization", "create", "--name", "Northside", "--website", "https://northside.example"],
    ...["--email", "badges@northside.example"],
  );
  await rosette(
    ...["badge", "create", "--name", "Kind Ear", "--description", "Words.", "--criteria", "Deeds."],
  );
  await rosette("award", "Kind Ear", "kim@example.org");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rosette(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables: { DATA_DIR: folder, DEMO: "false" },
  });
  return { code, stdout, stderr };
}

describe("export", () => {
  it("writes a file whose last line counts its records", async () => {
    const file = join(folder, "northside.jsonl");
    const { code, stdout, stderr } = await rosette("export", file, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const last = JSON.parse(lines.at(-1) ?? "");
    expect(JSON.parse(stdout)).toEqual({ file, counts: last.counts });
    expect(last.counts).toMatchObject({ organization: 1, badge: 1, person: 1, award: 1 });
    const words = await rosette("export", file);
    expect(words.stdout).toContain(`records written to ${file}`);
  });

  it("leaves nothing where the file cannot be written", async () => {
    const { code, stderr } = await rosette("export", join(folder, "nowhere", "northside.jsonl"));
    expect([code, stderr]).toEqual([1, expect.stringContaining("could not be written")]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("needs the name of a file", async () => {
    expect((await rosette("export")).code).toBe(2);
  });
});
