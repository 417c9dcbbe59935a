// The verbs about backpacks, on a database and a backpack that answers on a socket of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openHere } from "../../src/cli/here.ts";
import { run } from "../../src/cli/main.ts";
import type { Env } from "../../src/env.ts";
import type { Person } from "../given.ts";
import { givenShelves, type Shelves } from "../pages/shelf-scenes.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let variables: Record<string, string>;
let shelves: Shelves;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-cli-backpack-"));
  variables = { DATA_DIR: folder, DEMO: "false" };
  shelves = await withEnv(givenShelves);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withEnv<T>(work: (env: Env) => Promise<T>): Promise<T> {
  const { env, close } = await openHere(variables);
  try {
    return await work(env);
  } finally {
    await close();
  }
}

async function rosette(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables,
  });
  return { code, stdout, stderr };
}

/** What a verb says with --json, and how it ended. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await rosette(...args, "--json");
  return { code, said: JSON.parse(stdout === "" ? stderr : stdout) };
}

describe("command lines that are not understood end with 2", () => {
  it.each([
    [["backpack"]],
    [["backpack", "add"]],
    [["backpack", "probe"]],
    [["backpack", "add", "a.example", "b.example"]],
    [["deliveries", "list", "--state", "lost"]],
    [["deliveries", "list", "--limit", "0"]],
    [["deliveries", "list", "--limit", "10001"]],
    [["deliveries", "list", "--limit", "many"]],
    [["deliveries", "replay"]],
    [["deliveries", "replay", "some", "--parked"]],
    [["deliveries", "replay", "some", "--backpack", "one"]],
    [["administrator", "add", "kim"]],
    [["administrator", "add"]],
    [["sync", "--loud"]],
  ])("%j", async (args) => {
    const { code, stdout, stderr } = await rosette(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toContain("    at ");
  });
});

describe("backpack", () => {
  it("list shows them in order, with how it goes with each", async () => {
    const { code, said } = await json("backpack", "list");
    expect(code).toBe(0);
    expect(said.data).toHaveLength(6);
    expect(said.data[0]).toMatchObject({
      id: shelves.connected.id,
      name: "Harbour Backpack",
      api: "v2p1",
      state: "on",
      connected: 1,
      sent: 1,
      waiting: 3,
      parked: 1,
      refused: 1,
    });
    expect(said.data.map(({ state }: { state: string }) => state)).toEqual([
      "on",
      "on",
      "on",
      "off",
      "personal",
      "on",
    ]);
    expect(said.data[0]).toMatchObject({ problem: null, resting_until: null });
    const until = Date.now() + 600_000;
    await withEnv(({ db }) =>
      db.batch([
        {
          sql: `INSERT INTO outbound_hosts
              (host, consecutive_failures, open_until, last_problem, last_success_at, updated_at)
            VALUES (?, 9, ?, 'host_error', 1, 2)`,
          params: [new URL(shelves.connected.backpack_api_url).host, until],
        },
      ]),
    );
    const resting = { problem: "host_error", resting_until: new Date(until).toISOString() };
    expect((await json("backpack", "list")).said.data[0]).toMatchObject(resting);
    await withEnv(({ db }) => db.batch([{ sql: "DELETE FROM outbound_hosts", params: [] }]));
    const { stdout } = await rosette("backpack", "list");
    expect(stdout).toMatch(/^id +name +url +api +state/);
    expect(stdout).not.toContain("\u202e");
  });

  it.each([
    ["an address of this machine", "http://127.0.0.1:9/", "address-refused"],
    ["no address", "not an address", "address-malformed"],
    ["a name that is nobody's", "https://backpack.invalid", "address-refused"],
  ])("add refuses %s, and says why", async (_fault, address, reason) => {
    const { code, said } = await json("backpack", "add", address);
    expect(code).toBe(1);
    expect(said).toMatchObject({ code: reason, fix: expect.any(String) });
    const { stderr } = await rosette("backpack", "add", address);
    expect(stderr).toMatch(/^rosette: .+\n {2}\S/);
  });

  it("probe ends with 1 where nobody could connect, and keeps what it found of a known one", async () => {
    const { code, said } = await json("backpack", "probe", "https://backpack.invalid");
    expect(code).toBe(1);
    expect(said).toMatchObject({ works: { connect: "unknown" } });
    expect(said.checks[0]).toMatchObject({ id: "manifest", outcome: "failed" });
    const known = await rosette("backpack", "probe", shelves.connected.id);
    expect(known.code).toBe(1);
    expect(known.stdout).toContain("✘");
  });

  it("probe knows no backpack by another id", async () => {
    const id = "00000000-0000-7000-8000-000000000000";
    expect(await json("backpack", "probe", id)).toMatchObject({
      code: 1,
      said: { code: "not-found" },
    });
  });
});

describe("deliveries", () => {
  it("list shows the newest first, or those in a state", async () => {
    const all = await json("deliveries", "list");
    expect(all.code).toBe(0);
    expect(all.said.data).toHaveLength(8);
    const parked = await json("deliveries", "list", "--state", "parked");
    expect(parked.said.data).toMatchObject([
      {
        id: shelves.deliveries.parked,
        state: "parked",
        backpack: "Harbour Backpack",
        person: "Noor Haddad",
        badge: "Night Walk Guide",
        attempts: 31,
        problem: "unreachable",
      },
    ]);
    const two = await json("deliveries", "list", "--state", "parked", "--state", "refused");
    expect(two.said.data).toHaveLength(3);
    const there = await json("deliveries", "list", "--backpack", shelves.hostile.id);
    expect(there.said.data).toHaveLength(1);
  });

  it("list says so where there are more than it shows", async () => {
    const { code, stderr, stdout } = await rosette("deliveries", "list", "--limit", "2");
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    expect(stderr).toContain("There are more than 2");
  });

  it("replay puts one on its way again, once", async () => {
    const id = shelves.deliveries.refused ?? "";
    expect(await json("deliveries", "replay", id)).toEqual({ code: 0, said: { replayed: 1 } });
    expect(await json("deliveries", "replay", id)).toMatchObject({
      code: 1,
      said: { code: "not-found" },
    });
  });

  it("replay --parked puts all of them on their way again", async () => {
    const { off, connected } = shelves;
    expect(await json("deliveries", "replay", "--parked", "--backpack", off.id)).toEqual({
      code: 0,
      said: { replayed: 0 },
    });
    expect(await json("deliveries", "replay", "--parked", "--backpack", connected.id)).toEqual({
      code: 0,
      said: { replayed: 1 },
    });
    expect(await json("deliveries", "replay", "--parked")).toEqual({
      code: 0,
      said: { replayed: 0 },
    });
  });
});

describe("administrator", () => {
  it("is added, listed and removed by address", async () => {
    const email = "grace@example.org";
    expect(await json("administrator", "add", email)).toMatchObject({
      code: 0,
      said: { email, is_site_administrator: true, changed: true },
    });
    expect((await json("administrator", "add", email)).said).toMatchObject({ changed: false });
    const listed = await json("administrator", "list");
    expect(listed.said.data).toContainEqual(expect.objectContaining({ emails: [email] }));
    const removed = await rosette("administrator", "remove", email);
    expect(removed).toMatchObject({
      code: 0,
      stdout: `${email} is now no administrator of this site\n`,
    });
  });

  it("nobody is removed by an address that nobody has proven", async () => {
    expect(await json("administrator", "remove", "nobody@example.org")).toMatchObject({
      code: 1,
      said: { code: "not-found" },
    });
  });
});

describe("sync", () => {
  const noor: () => Person = () => shelves.noor;

  it("--dry-run says what would be sent, and sends nothing", async () => {
    const before = await json("deliveries", "list");
    const { code, stdout } = await rosette("sync", "--dry-run", "--user", "noor@example.org");
    expect(code).toBe(0);
    expect(stdout).toContain("Harbour Backpack");
    expect(stdout).toContain("Nothing was.");
    expect(stdout).not.toContain("Quiet Corner");
    expect(await json("deliveries", "list")).toEqual(before);
  });

  it("nobody is known by an address that nobody has proven", async () => {
    expect(await json("sync", "--user", "nobody@example.org")).toMatchObject({
      code: 1,
      said: { code: "not-found" },
    });
  });

  it("tries everything, and ends with 1 where something did not arrive", async () => {
    const { code, said } = await json("sync", "--user", noor().identity.identity);
    expect(code).toBe(1);
    const [first] = said.data;
    expect(first).toMatchObject({ backpack: "Harbour Backpack", not_sent: 0 });
  });
});
