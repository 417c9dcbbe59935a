// The verbs of nominations, on a database of their own: what they print, what they change, and the code they end with.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-nominations-"));
  await json(
    ...["organization", "create", "--name", "Northside", "--website", "https://northside.example"],
    ...["--email", "badges@northside.example"],
  );
  for (const name of ["Kind Ear", "Mentor of the Year", "First Session"]) {
    await json(
      ...["badge", "create", "--name", name, "--description", "Words.", "--criteria", "Deeds."],
    );
  }
  // Somebody becomes a member by being awarded another badge.
  for (const person of ["kim", "noor", "ari"]) {
    await json("award", "First Session", `${person}@example.org`);
  }
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

interface Listed {
  readonly data: readonly Record<string, unknown>[];
}

async function json(...args: string[]): Promise<Record<string, unknown> & Listed> {
  const { code, stdout, stderr } = await rosette(...args, "--json");
  expect([stderr, code]).toEqual(["", 0]);
  return JSON.parse(stdout);
}

const because = ["--reason", "Took over the Tuesday group."];

describe("nominate, nominations, approve, decline", () => {
  it("a nomination is listed until it is approved, which awards the badge", async () => {
    const made = await json(
      ...["nominate", "Mentor of the Year", "kim@example.org", ...because],
      ...["--evidence", "https://example.org/report"],
    );
    expect(made).toMatchObject({ state: "pending", nominator: null });
    const listed = await rosette("nominations", "--badge", "Mentor of the Year");
    expect(listed.stdout).toContain(String(made.id));
    const approved = await json("approve", String(made.id), "--note", "Well deserved.");
    expect(approved).toMatchObject({ state: "approved", decision_note: "Well deserved." });
    expect(approved.award).toMatch(/^[0-9a-f-]{36}$/);
    // Again changes nothing, and is no failure.
    expect(await json("approve", String(made.id))).toEqual(approved);
    expect((await json("nominations", "--badge", "Mentor of the Year")).data).toEqual([]);
    expect((await json("nominations", "--state", "approved")).data).toHaveLength(1);
  });

  it("a nomination is declined with a note", async () => {
    const made = await json("nominate", "Kind Ear", "noor@example.org", ...because);
    const said = await rosette("decline", String(made.id), "--note", "After the term.");
    expect(said).toMatchObject({ code: 0, stdout: "Declined\n" });
    const { data } = await json("nominations", "--state", "all", "--badge", "Kind Ear");
    expect(data).toMatchObject([{ state: "declined", decision_note: "After the term." }]);
  });

  it("a person may be named by a user's id, and the same key nominates once", async () => {
    const { data } = await json("nominations", "--state", "all");
    const user = String(data[0]?.user);
    const ask = ["nominate", "Kind Ear", user, ...because, "--idempotency-key", "one"];
    const [first, again] = [await json(...ask), await json(...ask)];
    expect(again).toEqual(first);
    const second = await rosette("nominate", "Kind Ear", user, ...because);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(first.id));
  });

  it("prints what is wrong, and ends with 1", async () => {
    const stranger = await rosette("nominate", "Kind Ear", "new@example.org", ...because);
    expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining("/recipient") });
    const held = await rosette("nominate", "First Session", "kim@example.org", ...because);
    expect(held).toMatchObject({ code: 1, stderr: expect.stringContaining("holds the badge") });
    const none = await rosette("approve", "0193c0de-0000-7000-8000-000000000000");
    expect(none.code).toBe(1);
  });

  it.each([
    [["nominate", "Kind Ear", "kim@example.org"]],
    [["nominate", "Kind Ear"]],
    [["nominate", "Kind Ear", "kim", ...because]],
    [["approve", "not-an-id"]],
    [["approve", "0193c0de-0000-7000-8000-000000000000", "--tier", "0"]],
    [["decline", "0193c0de-0000-7000-8000-000000000000"]],
    [["nominations", "--state", "decided"]],
    [["nominations", "extra"]],
  ])("%j is a mistake in the command line: 2", async (args) => {
    const { code, stderr } = await rosette(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe("");
  });
});
