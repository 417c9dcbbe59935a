// Badges verified from the command line: the code it ends with, what it prints, receipts, and what it leaves alone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { seedDemo } from "../../src/cli/demo.ts";
import { moonPng } from "../../src/cli/demo-pictures.ts";
import { run } from "../../src/cli/main.ts";
import { printable } from "../../src/cli/printable.ts";
import { MIN_FOR_THREADS } from "../../src/cli/verify-many.ts";
import type { Env } from "../../src/env.ts";
import { callerOf } from "../../src/net/caller.ts";
import { prepare, type Serving } from "../../src/runtime/node.ts";
import { MAX_PER_CALLER, TURNS } from "../../src/verify/turns.ts";
import { build, Program } from "../setup/process.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let folder: string;
let serving: Serving;
let env: Env;
/** Addresses of pages of the demo, by what they are. */
let pages: Readonly<Record<"valid" | "expired" | "revoked", string>>;
/** Files of the valid one. */
let files: Readonly<Record<"png" | "svg" | "json" | "jwt" | "signedPng" | "signedSvg", string>>;
let holder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-verify-"));
  serving = await prepare({ DATA_DIR: folder, PORT: "0", LOG_LEVEL: "error" });
  serving.open();
  env = (await serving.program()).env;
  await seedDemo(env, () => {});
  const home = await (await fetch(`${env.urls.base}/`)).text();
  const [valid = "", expired = "", revoked = ""] = (home.match(/\/b\/[0-9a-f]{40}/g) ?? []).map(
    (path) => `${env.urls.base}${path}`,
  );
  pages = { valid, expired, revoked };
  const record = valid.replace("/b/", "/ob/v2/assertions/");
  files = {
    png: await saved(`${record}/image.png`, "badge.png"),
    svg: await saved(`${record}/image.svg`, "badge.svg"),
    json: await saved(record, "badge.json"),
    jwt: await saved(`${record}/signed`, "badge.jwt"),
    signedPng: await saved(`${record}/image.png?signed`, "signed.png"),
    signedSvg: await saved(`${record}/image.svg?signed`, "signed.svg"),
  };
  const { rows } = await env.db.read({
    sql: "select recipient_identity from badge_issues where unique_hash = ?",
    params: [valid.slice(-40)],
  });
  holder = String(rows[0]?.[0]);
});

afterAll(async () => {
  await serving?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function saved(url: string, name: string): Promise<string> {
  const response = await fetch(url, { headers: { accept: "application/ld+json" } });
  expect(response.status).toBe(200);
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(await response.arrayBuffer()));
  return path;
}

/** The signed badge with another date under the same signature. */
function changedToken(): string {
  const [header, payload, signature] = readFileSync(files.jwt, "utf8").trim().split(".");
  const body = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
  body.issuedOn = "2020-01-01T00:00:00Z";
  const changed = Buffer.from(JSON.stringify(body)).toString("base64url");
  const path = join(folder, "changed.jwt");
  writeFileSync(path, `${header}.${changed}.${signature}`);
  return path;
}

async function verify(...args: string[]) {
  return verifyIn({ DATA_DIR: folder }, ...args);
}

async function verifyIn(variables: Record<string, string>, ...args: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await run(["verify", ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables,
  });
  return { code, stdout, stderr };
}

/** Each line that --json prints. */
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("the code it ends with says the verdict", () => {
  it.each([
    ["valid", 0],
    ["expired", 3],
    ["revoked", 4],
  ] as const)("%s: %i", async (standing, expected) => {
    const { code, stdout, stderr } = await verify(pages[standing]);
    expect({ code, stderr }).toEqual({ code: expected, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^[✔✘] ${standing}: `));
  });

  it.each(["png", "svg", "json", "jwt", "signedPng", "signedSvg"] as const)(
    "a valid %s file: 0",
    async (kind) => {
      const { code, stdout } = await verify(files[kind]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("✔ valid: ") });
    },
  );

  it("5 for somebody else's, 0 for the holder's", async () => {
    expect((await verify(files.svg, "--recipient", "eve@example.org")).code).toBe(5);
    const own = ["--recipient", "eve@example.org", "--recipient", holder.toUpperCase()];
    const found = await verify(files.svg, ...own);
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining(holder.toUpperCase()) });
  });

  it("5 for a token that was changed", async () => {
    expect((await verify(changedToken())).code).toBe(5);
  });

  it.each([
    ["what does not answer", () => "https://badges.invalid/a"],
    ["another service on this machine", () => "http://127.0.0.1:9/a"],
    ["a picture without a badge", () => picture()],
    ["a file that is not there", () => join(folder, "nowhere.png")],
    ["a folder", () => folder],
  ])("6 for %s", async (_what, input) => {
    const { code, stdout } = await verify(input());
    expect({ code, stdout }).toEqual({ code: 6, stdout: expect.stringMatching(/^\? could not/) });
  });

  function picture(): string {
    const path = join(folder, "picture.png");
    writeFileSync(path, moonPng());
    return path;
  }

  it.each([
    ["nothing named", []],
    ["an option nobody knows", ["--color"]],
    ["a receipt of several", ["a", "b", "--receipt", "r"]],
    ["keys without a receipt", ["a", "--jwks", "k"]],
    ["a badge beside a receipt", ["a", "--check-receipt", "r"]],
  ])("2 for %s", async (_fault, args) => {
    const { code, stdout, stderr } = await verify(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^rosette: /);
  });
});

describe("several", () => {
  it("are told in their order, with progress and a summary", async () => {
    const { code, stdout, stderr } = await verify(pages.valid, files.png, pages.expired, "no.png");
    expect(stdout.split("\n").map((line) => line.slice(0, 4))).toEqual([
      "✔ va",
      "✔ va",
      "✘ ex",
      "? co",
      "",
      "2 va",
      "",
    ]);
    expect(stdout).toContain("2 valid, 1 expired, 1 not to be checked\n");
    expect(stderr).toContain("verifying 1 of 4");
    expect(code).toBe(3);
  });

  it.each([
    [["valid", "unread"], 6],
    [["unread", "expired"], 3],
    [["expired", "revoked"], 4],
    [["revoked", "changed", "unread"], 5],
    [["valid", "valid"], 0],
  ] as const)("%j end with %i", async (which, expected) => {
    const given = { ...pages, unread: "nowhere.png", changed: changedToken() };
    const { code } = await verify(...which.map((name) => given[name]));
    expect(code).toBe(expected);
  });

  it("are a line of JSON each", async () => {
    const { code, stdout, stderr } = await verify(pages.revoked, "no.png", "--json");
    expect(code).toBe(4);
    expect(lines(stdout)).toMatchObject([
      { input: pages.revoked, exit: 4, verification: { verdict: "revoked" } },
      { input: "no.png", exit: 6, verification: null, error: expect.stringContaining("no such") },
    ]);
    expect(stderr).not.toContain("    at ");
  });
});

describe.each([
  ["few for threads", MIN_FOR_THREADS - 1],
  ["enough for threads", MIN_FOR_THREADS],
])("many, %s", (_, count) => {
  /** Every so many a file that is there; each takes its time. */
  const given = () => {
    const kinds = [files.jwt, changedToken(), files.signedPng, files.jwt];
    return Array.from({ length: count }, (_, i) =>
      i % 60 === 7 ? (kinds[((i - 7) / 60) % 4] ?? "") : `no-${i}.png`,
    );
  };

  it("are a line of JSON each, in their order", async () => {
    const changed = changedToken();
    const exitOf = (input: string) => (input === changed ? 5 : input.startsWith("no-") ? 6 : 0);
    const { code, stdout } = await verify(...given(), "--json");
    const expected = given().map((input) => ({ input, exit: exitOf(input) }));
    expect(lines(stdout).map(({ input, exit }) => ({ input, exit }))).toEqual(expected);
    expect(code).toBe(5);
  });

  it("are compared with whom they should have been awarded to, and summed up", async () => {
    const changed = changedToken();
    const some = given().filter((path) => path !== changed);
    const ours = some.filter((path) => !path.startsWith("no-")).length;
    const all = [...some, ...Array.from({ length: count - some.length }, () => "no.png")];
    const own = await verify(...all, "--recipient", holder);
    expect(own.code).toBe(6);
    expect(own.stdout.endsWith(`\n\n${ours} valid, ${count - ours} not to be checked\n`)).toBe(
      true,
    );
    expect(own.stderr).toContain(`verifying 51 of ${count}`);
    const other = await verify(...all, "--recipient", "eve@example.org");
    expect(other.code).toBe(5);
    expect(other.stdout).toContain(`\n\n${ours} not valid, ${count - ours} not to`);
  });
});

describe("many in the program as it is built", () => {
  it("end as they should, and leave no thread behind", async () => {
    await build();
    const given = Array.from({ length: MIN_FOR_THREADS }, (_, i) =>
      i % 60 === 7 ? files.jwt : "no.png",
    );
    const program = new Program(["verify", ...given], { DATA_DIR: folder });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stderr]).toEqual([6, expect.stringContaining("verifying 1 of")]);
    const valid = given.filter((path) => path === files.jwt).length;
    expect(stdout).toContain(`\n${valid} valid, ${MIN_FOR_THREADS - valid} not to be checked\n`);
  });

  it("one from standard input among them", async () => {
    await build();
    const given = Array.from({ length: MIN_FOR_THREADS }, () => "no.png");
    const program = new Program(["verify", ...given, "-", "--json"], { DATA_DIR: folder });
    program.child.stdin?.end(readFileSync(files.png));
    const { code, stdout } = await program.ended;
    expect(code).toBe(6);
    expect(lines(stdout).at(-1)).toMatchObject({ input: "-", exit: 0 });
  });

  it("stop at once when they are interrupted", async () => {
    await build();
    const given = Array.from({ length: MIN_FOR_THREADS }, () => files.jwt);
    const program = new Program(["verify", ...given], { DATA_DIR: folder });
    program.child.stdout?.once("data", () => program.child.kill("SIGINT"));
    const { code, stdout } = await program.ended;
    expect([code, program.child.signalCode]).toEqual([null, "SIGINT"]);
    expect(stdout).not.toContain(`\n${given.length} valid\n`);
  });
});

describe("receipts", () => {
  it("are written, and are genuine here, with the keys as a file, and at their address", async () => {
    const receipt = join(folder, "receipt.jwt");
    const made = await verify(files.png, "--recipient", holder, "--receipt", receipt);
    expect(made.code).toBe(0);
    expect(readFileSync(receipt, "utf8")).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const address = `${env.urls.base}/.well-known/jwks.json`;
    const keys = await saved(address, "keys.json");
    for (const jwks of [[], ["--jwks", keys], ["--jwks", address]]) {
      const { code, stdout } = await verify("--check-receipt", receipt, ...jwks);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^✔ genuine/) });
      expect(stdout).toContain(env.urls.base);
    }
    const { stdout } = await verify("--check-receipt", receipt, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      genuine: true,
      claims: { verdict: "valid", recipient_matched: true, iss: env.urls.base },
    });
    expect(stdout).not.toContain(holder);
  });

  it("of a revoked badge are genuine, too", async () => {
    const receipt = join(folder, "revoked.jwt");
    expect((await verify(pages.revoked, "--receipt", receipt)).code).toBe(4);
    const checked = await verify("--check-receipt", receipt);
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining("revoked: ") });
  });

  it("that were changed, or are something else, end with 5", async () => {
    const changed = join(folder, "forged.jwt");
    await verify(files.png, "--receipt", changed);
    const text = readFileSync(changed, "utf8").trim();
    writeFileSync(changed, `${text.slice(0, -4)}${text.endsWith("AAAA") ? "BBBB" : "AAAA"}`);
    for (const file of [changed, files.jwt, files.json]) {
      const { code, stdout } = await verify("--check-receipt", file, "--json");
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 5, genuine: false });
    }
    expect((await verify("--check-receipt", changed)).stdout).toMatch(/^✘ not genuine/);
  });

  it("whose keys cannot be read end with 1 and say why", async () => {
    const none = await verify("--check-receipt", files.jwt, "--jwks", files.json);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("no JWK Set") });
    const away = await verify("--check-receipt", files.jwt, "--jwks", "https://10.0.0.1/k");
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining("public Internet") });
  });
});

describe("over a real connection", () => {
  it("a caller is known by the connection, not by what a header says", async () => {
    const caller = callerOf("93.184.216.34");
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const holding = Array.from({ length: MAX_PER_CALLER }, () => TURNS.take(caller, () => ended));
    const response = await fetch(`${env.urls.base}/api/v1/verifications`, {
      method: "POST",
      headers: { "content-type": "application/json", "cf-connecting-ip": "93.184.216.34" },
      body: JSON.stringify({ input: pages.valid }),
    });
    end();
    await Promise.all(holding);
    expect(response.status).toBe(200);
  });
});

describe("what it leaves alone", () => {
  it("makes no folder, no secret and no database", async () => {
    const nowhere = join(folder, "nowhere");
    expect((await verifyIn({ DATA_DIR: nowhere }, files.jwt)).code).not.toBe(0);
    for (const args of [
      ["--check-receipt", files.jwt],
      [files.jwt, "--receipt", "r.jwt"],
    ]) {
      const { code, stderr } = await verifyIn({ DATA_DIR: nowhere }, ...args);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("--jwks") });
    }
    expect(existsSync(nowhere)).toBe(false);
  });

  it("a badge's text cannot rewrite the terminal", () => {
    expect(printable("a\x1b[2Kb\nc\u202ed\u2028e\x07")).toBe("a [2Kb c d e");
  });

  it("reads one from standard input", async () => {
    await build();
    const program = new Program(["verify", "-", "--json"], { DATA_DIR: folder });
    program.child.stdin?.end(readFileSync(files.png));
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(lines(stdout)).toMatchObject([{ input: "-", verification: { verdict: "valid" } }]);
  });
});

it("the verdict is the exit code also where nobody reads what is printed", async () => {
  await build();
  const program = new Program(["verify", "no.png", "--json"], { DATA_DIR: folder });
  program.child.stdout?.destroy();
  const { code, stderr } = await program.ended;
  expect([code, stderr]).toEqual([6, ""]);
});
