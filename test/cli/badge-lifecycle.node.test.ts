// What becomes of badges from the command line: copied, replaced, archived, deleted, purged; and awards renewed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;

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

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await rosette(...args, "--json");
  expect([stderr, code]).toEqual(["", 0]);
  return JSON.parse(stdout);
}

const badge = (name: string, ...more: string[]) =>
  json(
    ...["badge", "create", "--name", name, "--description", "Words."],
    "--criteria",
    "Do.",
    ...more,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-badge-"));
  await json(
    ...["organization", "create", "--name", "Northside", "--website", "https://northside.example"],
    ...["--email", "badges@northside.example"],
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("badge", () => {
  it("clone copies under a name of its own, or the one that is given", async () => {
    await badge("Copied");
    const { code, stdout } = await rosette("badge", "clone", "Copied");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^Copied as Copy of Copied\n {2}Id {2}[0-9a-f-]{36}\n$/),
    ]);
    const named = await json("badge", "clone", "Copied", "--name", "Another");
    expect(named).toMatchObject({ name: "Another", status: "inactive" });
  });

  it("version takes the place of a badge that was awarded, with changes from a file", async () => {
    const former = await badge("Versioned");
    const unlocked = await rosette("badge", "version", "Versioned");
    expect(unlocked.code).toBe(1);
    await json("award", "Versioned", "kim@example.org");
    const file = join(folder, "changes.json");
    writeFileSync(file, JSON.stringify({ description: "Other words." }));
    const version = await json("badge", "version", "Versioned", "--from", file, "--activate");
    expect(version).toMatchObject({
      name: "Versioned",
      version: "2",
      previous_version: former.id,
      description: "Other words.",
      status: "active",
    });
    expect(await json("badge", "show", String(former.id))).toMatchObject({ status: "archived" });
  });

  it("archive, and delete, which says what it came to", async () => {
    await badge("Archived");
    expect(await json("badge", "archive", "Archived")).toMatchObject({ status: "archived" });
    await badge("Deleted");
    expect((await rosette("badge", "delete", "Deleted")).stdout).toBe("Deleted Deleted\n");
    await badge("Held");
    await json("award", "Held", "kim@example.org");
    expect((await rosette("badge", "delete", "Held")).stdout).toMatch(
      /^Disabled Held: people hold/,
    );
  });

  it("purge needs the name once more, and leaves nothing", async () => {
    const { id } = await badge("Purged");
    const award = await json("award", "Purged", "kim@example.org");
    expect((await rosette("badge", "purge", "Purged")).code).toBe(2);
    const wrong = await rosette("badge", "purge", "Purged", "--confirm", "Another");
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("confirm")]);
    expect(await json("badge", "purge", "Purged", "--confirm", "Purged")).toEqual({
      id,
      purging: true,
    });
    expect((await rosette("badge", "show", String(id))).code).toBe(1);
    expect((await rosette("revoke", String(award.hash), "--reason", "x")).code).toBe(1);
  });
});

describe("renew and revoke", () => {
  it("renew says why there is nothing to renew", async () => {
    await badge("Lasting");
    const award = await json("award", "Lasting", "kim@example.org");
    const { code, stderr } = await rosette("renew", String(award.hash));
    expect([code, stderr]).toEqual([1, expect.stringContaining("Lasting")]);
  });

  it("revoke --reset-criteria lets rules award again", async () => {
    await badge("Reset");
    const award = await json("award", "Reset", "kim@example.org");
    const plain = await json("revoke", String(award.hash), "--reason", "x");
    expect(plain.is_withheld).toBe(true);
    const reset = await json("revoke", String(award.hash), "--reason", "x", "--reset-criteria");
    expect(reset.is_withheld).toBe(false);
  });
});
