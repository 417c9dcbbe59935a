// The verbs about backpacks of the older protocols, on a database of their own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openHere } from "../../src/cli/here.ts";
import { run } from "../../src/cli/main.ts";
import { backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import type { Env } from "../../src/env.ts";
import { givenOrganization, givenPerson } from "../given.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-cli-older-"));
  variables = { DATA_DIR: folder, DEMO: "false" };
  await withEnv(async (env) => {
    await givenPerson(env, await givenOrganization(env), { email: "kim@example.org" });
  });
  writeFileSync(join(folder, "token"), "planted-badgr-token\n");
  writeFileSync(join(folder, "words"), "two words");
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
  let text = "";
  const write = (more: string) => (text += more);
  const code = await run([...args, "--json"], {
    stdout: { write },
    stderr: { write },
    variables,
  });
  return { code, text };
}

const BADGR = ["backpack", "add-badgr", "https://api.eu.badgr.io/v2", "https://eu.badgr.io"];

describe("a Badgr server", () => {
  it("is added by its addresses, once", async () => {
    const added = await rosette(...BADGR, "--name", "Badgr EU");
    expect(added.code).toBe(0);
    expect(JSON.parse(added.text)).toMatchObject({ name: "Badgr EU", api_version: "v2" });
    const again = await rosette(...BADGR, "--name", "Another");
    expect(again.code).toBe(1);
    expect(JSON.parse(again.text)).toMatchObject({ code: "already-known" });
  });

  it("connects somebody by a token from a file, which is said nowhere", async () => {
    const [backpack] = await withEnv((env) => env.db.orm.select().from(backpacks));
    const token = (email: string, ...more: string[]) =>
      rosette("backpack", "token", backpack?.id ?? "", email, ...more);
    const file = (name: string) => ["--token-file", join(folder, name)];
    expect(await token("kim@example.org")).toMatchObject({ code: 2 });
    expect(await token("nobody@example.org", ...file("token"))).toMatchObject({ code: 1 });
    expect(await token("kim@example.org", ...file("none"))).toMatchObject({ code: 1 });
    expect((await token("kim@example.org", ...file("words"))).text).toContain("client-malformed");
    const connected = await token("Kim@Example.org ", ...file("token"));
    expect(connected.code).toBe(0);
    expect(connected.text).not.toContain("planted");
    await withEnv(async (env) => {
      expect(await env.db.orm.select().from(connections)).toHaveLength(1);
      expect(JSON.stringify(await env.db.orm.select().from(tokens))).not.toContain("planted");
    });
  });
});

describe("a displayer", () => {
  it("is added by its addresses; without a name it is not understood", async () => {
    const at = "https://backpack.example.org";
    expect(await rosette("backpack", "add-displayer", at, at)).toMatchObject({ code: 2 });
    expect(await rosette("backpack", "add-displayer", "here", at, "--name", "Old")).toMatchObject({
      code: 1,
    });
    const added = await rosette("backpack", "add-displayer", at, at, "--name", "Old");
    expect(JSON.parse(added.text)).toMatchObject({ name: "Old", api_version: "v1", url: at });
  });
});
