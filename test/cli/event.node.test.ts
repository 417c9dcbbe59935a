// `rosette event`: one event from options, and files of them, in batches, with every fault by its place.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-event-"));
  const made = await rosette(
    ..."organization create --name Northside --website https://northside.example --email a@northside.example".split(
      " ",
    ),
  );
  expect(made.code).toBe(0);
  await rosette("badge", "create", "--name", "First", "--description", "D", "--criteria", "C");
  await rosette("award", "First", "kim@example.org");
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

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const person = { type: "email", identity: "kim@example.org" };
const event = (id: string, over = {}) => ({ id, person, metric: "activity_count", ...over });

describe("rosette event", () => {
  it("counts one, and once under one id", async () => {
    const said = await rosette("event", "kim@example.org", "activity_count", "--id", "one");
    expect(said).toMatchObject({ code: 0, stdout: "Counted, as one\n" });
    const again = await rosette("event", "kim@example.org", "activity_count", "--id", "one");
    expect(again).toMatchObject({ code: 0, stdout: "Counted before, as one\n" });
  });

  it("gives each an id of its own where none is given", async () => {
    const ids = [];
    for (let i = 0; i < 2; i++) {
      const said = await rosette("event", "kim@example.org", "activity_count", "--json");
      const document = JSON.parse(said.stdout);
      expect(document).toMatchObject({ stored: 1, repeated: 0 });
      ids.push(document.id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it("takes facts, quantities, grades and times", async () => {
    const kim = "email:kim@example.org";
    for (const args of [
      ["activity_hours", "--quantity", "1.5", "--at", "2026-10-04T16:02:00+02:00"],
      ["course.completed", "--of", "12", "--grade", "90"],
      ["state.started", "--of", "certification_active", "--ends", "2099-01-01T00:00:00Z"],
    ]) {
      const said = await rosette("event", kim, ...args);
      expect([args, said.code, said.stderr]).toEqual([args, 0, ""]);
    }
  });

  it.each([
    [["kim@example.org"]],
    [[]],
    [["kim@example.org", "activity_count", "--quantity", "many"]],
    [["kim", "activity_count"]],
    [["kim@example.org", "activity_count", "--file", "x"]],
    [["--file", "x", "--id", "1"]],
  ])("is told to be used otherwise: %j", async (args) => {
    expect((await rosette("event", ...args)).code).toBe(2);
  });

  it("says what is wrong in the words of the API", async () => {
    const said = await rosette("event", "kim@example.org", "steps");
    expect(said.code).toBe(1);
    expect(said.stderr).toContain('counts nothing of the name "steps"');
  });
});

describe("rosette event --file", () => {
  const many = Array.from({ length: 2_500 }, (_, i) => event(`many-${i}`));

  it("sends thousands in batches, and the same again counts nothing", async () => {
    const path = file("many.ndjson", many.map((one) => JSON.stringify(one)).join("\n"));
    const said = await rosette("event", "--file", path);
    expect([said.code, said.stdout]).toEqual([0, "2500 counted, 0 counted before, 0 not stored\n"]);
    expect(said.stderr).toContain("0 of 2500 events");
    const again = await rosette("event", "--file", path, "--json");
    expect(JSON.parse(again.stdout)).toEqual({
      stored: 0,
      repeated: 2_500,
      not_stored: 0,
      refused: [],
    });
  });

  it.each<[string, string, number]>([
    ["an array", JSON.stringify([event("a-1"), event("a-2")]), 2],
    ["the API's envelope", JSON.stringify({ events: [event("b-1")] }), 1],
    ["one event over several lines", JSON.stringify(event("c-1"), null, 2), 1],
    ["lines that end as on Windows", `${JSON.stringify(event("d-1"))}\r\n\r\n`, 1],
    ["a byte order mark", `\uFEFF${JSON.stringify(event("e-1"))}\n`, 1],
  ])("reads %s", async (name, content, stored) => {
    const said = await rosette("event", "--file", file(`${name}.json`, content), "--json");
    expect(JSON.parse(said.stdout)).toMatchObject({ stored, not_stored: 0 });
  });

  it("stores the batches without fault, and names each row at fault by its line", async () => {
    const lines = many.map((_, i) => JSON.stringify(event(`later-${i}`)));
    lines[1_200] = JSON.stringify(event("later-1200", { metric: "steps" }));
    lines[1_500] = JSON.stringify(event("later-1500", { quantity: -1 }));
    const path = file("faults.ndjson", lines.join("\n"));
    const said = await rosette("event", "--file", path, "--json");
    expect(said.code).toBe(1);
    const document = JSON.parse(said.stdout);
    expect(document).toMatchObject({ stored: 1_500, not_stored: 1_000 });
    expect(document.refused).toMatchObject([
      { entry: 1_201, pointer: "/metric", code: "metric_unknown" },
      { entry: 1_501, pointer: "/quantity", code: "quantity_range" },
    ]);
    const plain = await rosette("event", "--file", path);
    expect(plain.stderr).toContain("1201: /metric");
    expect(plain.stdout).toContain("1500 counted before, 1000 not stored");
  });

  it("cuts batches where their bodies would be too long", async () => {
    const key = "k".repeat(200);
    const long = Array.from({ length: 3_000 }, (_, i) => ({
      id: `long-${i}`.padEnd(128, "x"),
      person,
      fact: "profile.set",
      key,
      occurred_at: "2026-10-04T16:02:00.000000000+02:00",
    }));
    const said = await rosette(
      "event",
      "--file",
      file("long.json", JSON.stringify(long)),
      "--json",
    );
    expect(JSON.parse(said.stdout)).toMatchObject({ stored: 3_000, not_stored: 0 });
  });

  it.each<[string, string | Uint8Array, string]>([
    ["no JSON", '{"id":"x"}\n{"id":', "Line 2 is not JSON"],
    ["nothing", " \n", "no events"],
    ["no UTF-8", new Uint8Array([0xff, 0xfe, 0x7b]), "not UTF-8"],
  ])("refuses %s", async (name, content, words) => {
    const said = await rosette("event", "--file", file(name, content));
    expect([said.code, said.stdout]).toEqual([1, ""]);
    expect(said.stderr).toContain(words);
  });

  it("says which file it cannot read", async () => {
    const said = await rosette("event", "--file", join(folder, "missing.json"));
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining("no such file")]);
  });
});
