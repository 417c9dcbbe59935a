// `evaluate` and `progress` on a database of their own: what they print, what they change.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openHere } from "../../src/cli/here.ts";
import { run } from "../../src/cli/main.ts";
import { findOrganization } from "../../src/db/organizations.ts";
import { countedQuietly, counts, givenRuled } from "../issuer/evaluation-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;

const variables = () => ({ DATA_DIR: folder, DEMO: "false" });

async function rosette(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables: variables(),
  });
  return { code, stdout, stderr };
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await rosette(...args, "--json");
  expect([stderr, code]).toEqual(["", 0]);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-evaluate-"));
  const { id } = await json(
    ...["organization", "create", "--name", "Northside", "--website", "https://northside.example"],
    ...["--email", "badges@northside.example"],
  );
  await json(
    ...["badge", "create", "--name", "Welcome", "--description", "Words.", "--criteria", "Come."],
  );
  const people: string[] = [];
  for (const name of ["kim", "noor", "ari"]) {
    const award = await json("award", "Welcome", `${name}@example.org`);
    people.push(String(award.user));
  }
  const { env, close } = await openHere(variables());
  const organization = await findOrganization(env.db, String(id));
  if (organization === null) throw new Error("the organization is gone");
  await givenRuled(env, organization, { rules: [counts(2)], over: { name: "Regular" } });
  await givenRuled(env, organization, { rules: [counts(3)], over: { name: "Constant" } });
  for (const [i, person] of people.entries()) {
    await countedQuietly(env, organization, person, i + 1);
  }
  await close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("progress", () => {
  it("says how far somebody is with each badge, and why not yet", async () => {
    const { code, stdout } = await rosette("progress", "kim@example.org");
    expect(code).toBe(0);
    expect(stdout).toContain("Regular\n");
    expect(stdout).toContain("metric_activity_count: 1 of 2");
    expect(stdout).toContain("not yet: What the badge asks for is not reached yet.");
  });

  it("with one badge", async () => {
    const { data } = await json("progress", "kim@example.org", "--badge", "Constant");
    expect(data).toMatchObject([
      { badge: { name: "Constant" }, not_yet: [{ code: "criteria_not_met" }] },
    ]);
  });

  it("fails for somebody who is not known", async () => {
    const { code, stderr } = await rosette("progress", "nobody@example.org");
    expect(code).toBe(1);
    expect(stderr).toContain("Nobody in this organization is known by nobody@example.org.");
  });
});

describe("evaluate", () => {
  it("--dry-run says who would get what, and awards nothing", async () => {
    const { code, stdout } = await rosette("evaluate", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("3 people looked at, 3 awards would be made. Nothing was.");
    const again = await json("evaluate", "--dry-run", "--badge", "Constant");
    expect(again).toMatchObject({ state: "done", found: 1, awarded: 0, foreseen: [{}] });
  });

  it("--user decides about one member at once", async () => {
    const dry = await rosette("evaluate", "--user", "noor@example.org", "--dry-run");
    expect(dry.stdout).toContain("Regular: would be awarded");
    const { stdout } = await rosette("evaluate", "--user", "noor@example.org");
    expect(stdout).toContain("Regular: awarded");
    expect(stdout).toContain("Constant: not awarded: What the badge asks for is not reached yet.");
    const after = await rosette("progress", "noor@example.org", "--badge", "Regular");
    expect(after.stdout).toContain("Regular, held\n");
  });

  it("everybody, until all is awarded", async () => {
    const done = await json("evaluate");
    expect(done).toMatchObject({ state: "done", people: 3, awarded: 2 });
    const { stdout } = await rosette("evaluate");
    expect(stdout).toBe("3 people looked at, 0 awards made\n");
  });
});
