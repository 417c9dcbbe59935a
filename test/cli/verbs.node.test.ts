// Every verb, with --json and without: what it prints, what it changes, and the code it ends with.
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BRIDGE_SVG, moonPng } from "../../src/cli/demo-pictures.ts";
import { run, VERBS } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-cli-"));
  variables = { DATA_DIR: folder };
  const seeded = await rosette("seed", "--demo");
  expect(seeded).toMatchObject({ code: 0, stdout: expect.stringContaining("9 badges") });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function rosette(...args: string[]): Promise<Said> {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables,
  });
  return { code, stdout, stderr };
}

/** The document a verb prints with --json. */
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await rosette(...args, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe("help", () => {
  it.each(Object.keys(VERBS))("%s --help shows options, examples and exit codes", async (name) => {
    const { code, stdout } = await rosette(...name.split(" "), "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^usage: rosette ${name}`));
    for (const part of ["--json", "Examples", "Exit codes: 0"]) expect(stdout).toContain(part);
  });

  it.each([[["help"]], [["--help"]], [[]]])("%j lists every verb", async (args) => {
    const { code, stdout } = await rosette(...args);
    expect(code).toBe(0);
    for (const name of Object.keys(VERBS)) expect(stdout).toContain(`  ${name}`);
  });

  it.each([[["help"]], [["--help"]], [[]]])("%j with --json is a document", async (args) => {
    const { verbs, ...rest } = await json(...args);
    expect(verbs).toHaveLength(Object.keys(VERBS).length);
    expect(verbs).toContainEqual({ name: "migrate", operands: "", summary: expect.any(String) });
    expect(rest).toMatchObject({ exit_codes: expect.stringContaining("0 done") });
  });

  it.each(Object.keys(VERBS))("%s --help with --json is a document", async (name) => {
    const said = await json(...name.split(" "), "--help");
    expect(said).toMatchObject({ name, usage: expect.stringContaining(`rosette ${name}`) });
    expect(said.options).toContainEqual(expect.objectContaining({ name: "--help", short: "-h" }));
    expect(said.examples).not.toEqual([]);
  });

  it("of one group lists its verbs", async () => {
    const { verbs } = await json("keys", "--help");
    expect(verbs).toHaveLength(3);
  });

  it.each(Object.entries(VERBS))(
    "%s: no option of its own hides a common one",
    async (_name, load) => {
      const verb = await load();
      const common = ["json", "help", ...(verb.remote ? ["url", "key", "organization"] : [])];
      expect(common.filter((name) => Object.hasOwn(verb.options, name))).toEqual([]);
    },
  );
});

describe("command lines that are not understood end with 2", () => {
  it.each([
    ["an unknown verb", ["awrd"]],
    ["a group without a verb", ["badge"]],
    ["an unknown option", ["badge", "list", "--colour"]],
    ["a missing operand", ["award", "First Activity"]],
    ["an operand too many", ["badge", "list", "all"]],
    ["a recipient of no kind", ["award", "First Activity", "kim"]],
    ["one name for two", ["award", "First Activity", "a@x.example", "b@x.example", "--name", "A"]],
    ["a tier that is no number", ["award", "First Activity", "a@x.example", "--tier", "gold"]],
    ["a revocation without a reason", ["revoke", "0".repeat(40)]],
    ["a hash that is none", ["revoke", "abc", "--reason", "x"]],
    ["a correction of nothing", ["reissue", "0".repeat(40), "--reason", "x"]],
    ["a correction that names nobody", ["reissue", "0".repeat(40), "--name", "Kim"]],
    ["a correction of what is no award", ["reissue", "abc", "--narrative", "x"]],
    ["baking nothing", ["bake", "a.png", "-o", "b.png"]],
    ["baking to nowhere", ["bake", "a.png", "b.json"]],
    ["an address without a key", ["badge", "list", "--url", "https://badges.example.org"]],
    ["an organization without a name", ["organization", "create", "--email", "a@x.example"]],
    ["a port that is none", ["serve", "--port", "http"]],
  ])("%s", async (_fault, args) => {
    const { code, stdout, stderr } = await rosette(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toBe("");
    expect(stderr).not.toContain("    at ");
    const told = await rosette(...args, "--json");
    expect(told.code).toBe(2);
    expect(JSON.parse(told.stderr)).toMatchObject({ code: "usage" });
  });
});

describe("organizations", () => {
  it("are listed, and one alone need not be named", async () => {
    expect(await json("organization", "list")).toMatchObject({ data: [{ slug: "northside" }] });
    expect((await rosette("badge", "list")).code).toBe(0);
  });

  it("must be named when there are several", async () => {
    const other = mkdtempSync(join(folder, "several-"));
    const before = variables;
    variables = { DATA_DIR: other };
    for (const name of ["First", "Second"]) {
      const site = `https://${name.toLowerCase()}.example`;
      await json(
        "organization",
        "create",
        "--name",
        name,
        "--website",
        site,
        "--email",
        "a@b.example",
      );
    }
    const unnamed = await rosette("badge", "list");
    expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining("second, first") });
    expect(await json("badge", "list", "--organization", "first")).toMatchObject({ data: [] });
    variables = before;
  });

  it("come after the first key, which is the site's", async () => {
    const before = variables;
    variables = { DATA_DIR: mkdtempSync(join(folder, "new-")) };
    const missing = await rosette("badge", "list");
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("organization create"),
    });
    expect(await json("keys", "create")).toMatchObject({ organization: null });
    variables = before;
  });
});

describe("badges", () => {
  it("are made with a picture, shown and listed", async () => {
    const picture = join(folder, "moon.png");
    writeFileSync(picture, moonPng());
    const made = await json(
      ...["badge", "create", "--name", "Night Owl", "--description", "Stayed late."],
      ...[
        "--criteria",
        "Stay late.",
        "--category",
        "recognition",
        "--tag",
        "night",
        "--tag",
        "owl",
      ],
      ...["--image", picture],
    );
    expect(made).toMatchObject({ name: "Night Owl", tags: ["night", "owl"] });
    expect(await json("badge", "show", "Night Owl")).toMatchObject({ id: made.id });
    expect(await json("badge", "show", String(made.id))).toMatchObject({ name: "Night Owl" });
    expect((await rosette("badge", "list")).stdout).toContain("Night Owl");
  });

  it("take everything else from a file", async () => {
    const file = join(folder, "badge.json");
    const tiers = [{ level: 1, name: "Bronze", threshold: 5 }];
    writeFileSync(
      file,
      JSON.stringify({ name: "x", description: "d", criteria: { narrative: "c" }, tiers }),
    );
    const made = await json("badge", "create", "--from", file, "--name", "From a File");
    expect(made).toMatchObject({ name: "From a File", tiers });
  });

  it("that are refused say which field and how to mend it", async () => {
    const { code, stderr } = await rosette("badge", "create", "--name", "Nameless");
    expect(code).toBe(1);
    expect(stderr).toMatch(/\/description/);
    expect(stderr).toMatch(/\/criteria/);
    const asJson = await rosette("badge", "create", "--name", "Nameless", "--json");
    expect(JSON.parse(asJson.stderr)).toMatchObject({ code: "invalid-request", status: 422 });
  });

  it("are looked for by name with a hint", async () => {
    const { code, stderr } = await rosette("badge", "show", "first activity");
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "First Activity"?');
  });
});

describe("awards", () => {
  it("are made, told apart from what is held already, and repeated safely", async () => {
    const args = [
      "award",
      "First Activity",
      "Pat@Example.org",
      "--name",
      "Pat",
      "--narrative",
      "Well.",
    ];
    const made = await json(
      ...args,
      "--idempotency-key",
      "once",
      "--evidence",
      "https://e.example/1",
    );
    expect(made).toMatchObject({ status: "valid", recipient: { type: "email", name: "Pat" } });
    const again = await json(
      ...args,
      "--idempotency-key",
      "once",
      "--evidence",
      "https://e.example/1",
    );
    expect(again.hash).toBe(made.hash);
    const held = await rosette("award", "First Activity", "pat@example.org");
    expect(held).toMatchObject({ code: 0, stdout: expect.stringContaining("Not awarded again") });
  });

  it("go to people known by something else", async () => {
    for (const [named, type] of [
      ["did:web:pat.example", "did"],
      ["https://pat.example/me", "url"],
      ["telephone:+41445556677", "telephone"],
    ] as const) {
      expect(await json("award", "First Activity", named)).toMatchObject({ recipient: { type } });
    }
  });

  it("go to many, and fail for some without failing the others", async () => {
    const many = ["one@example.org", "two@", "three@example.org", "pat@example.org"];
    const { code, stdout, stderr } = await rosette("award", "First Activity", ...many);
    expect(code).toBe(1);
    expect(stdout).toBe("2 awarded, 1 held it already, 1 failed\n");
    expect(stderr).toContain("awarding 1 of 4");
    expect(stderr).toContain("two@: ");
  });

  it("take a tier and an end", async () => {
    const made = await json(
      ...["award", "Evening Host", "tier@example.org", "--tier", "1"],
      ...["--expires", "2099-01-01T00:00:00Z"],
    );
    expect(made).toMatchObject({ tier_level: 1, expires_at: "2099-01-01T00:00:00.000Z" });
  });

  it("are revoked by hash and by address, once", async () => {
    const made = await json("award", "First Activity", "gone@example.org");
    const revoked = await json("revoke", String(made.hash), "--reason", "A mistake.");
    expect(revoked).toMatchObject({ status: "revoked", revocation_reason: "A mistake." });
    const { page } = (await json("award", "First Activity", "gone2@example.org")).urls as {
      page: string;
    };
    expect((await rosette("revoke", page, "--reason", "A mistake.")).code).toBe(0);
    const unknown = await rosette("revoke", "0".repeat(40), "--reason", "x");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
  });

  it("are corrected by hash and by id, once", async () => {
    const made = await json("award", "First Activity", "worng@example.org");
    const { code, stdout } = await rosette(
      ...["reissue", String(made.hash), "--recipient", "wrong@example.org", "--name", "Wren"],
      ...["--reason", "The address was misspelt."],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Issued again\n {2}Page {2}http\S+\/b\/[0-9a-f]{40}\n$/);
    const again = await json("reissue", String(made.id), "--narrative", "Later.");
    expect(again).toMatchObject({
      reissued: false,
      award: { recipient: { name: "Wren" }, status: "valid" },
    });
    const { hash } = again.award as { hash: string };
    expect(
      await json("reissue", hash, "--narrative", "Later.", "--expires", "never"),
    ).toMatchObject({ narrative: "Later.", expires_at: null });
  });
});

describe("files", () => {
  const assertion =
    '{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://b.example/1"}';

  it.each([
    ["PNG", "png", () => moonPng()],
    ["SVG", "svg", () => new TextEncoder().encode(BRIDGE_SVG)],
  ])("a %s is baked and unbaked", async (_kind, extension, picture) => {
    const source = join(folder, `source.${extension}`);
    const payload = join(folder, "assertion.json");
    const baked = join(folder, `baked.${extension}`);
    writeFileSync(source, picture());
    writeFileSync(payload, assertion);
    expect((await rosette("bake", source, payload, "-o", baked)).code).toBe(0);
    expect((await rosette("unbake", baked)).stdout).toBe(`${assertion}\n`);
    expect(await json("unbake", baked)).toMatchObject({
      payload: { kind: "json", text: assertion },
    });
    const none = await rosette("unbake", source);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("carries no badge") });
    expect(readFileSync(source)).toEqual(Buffer.from(picture()));
  });

  it.each([
    ["a missing file", ["unbake", "nowhere.png"], "there is no such file", "file-not-read"],
    ["a text", ["unbake", "TEXT"], "neither a PNG nor an SVG", "not-a-picture"],
    ["a picture without a badge", ["unbake", "PNG"], "carries no badge", "no-badge"],
    [
      "a payload that is only an address",
      ["bake", "PNG", "ADDRESS", "-o", "out.png"],
      "only an address",
      "payload-is-address",
    ],
    [
      "a payload with a missing bracket",
      ["bake", "PNG", "BROKEN", "-o", "out.png"],
      "not one JSON document",
      "payload-not-json",
    ],
    [
      "a badge that is no object",
      ["badge", "create", "--from", "TEXT"],
      "one JSON object",
      "not-an-object",
    ],
    [
      "a badge's picture that is none",
      ["badge", "create", "--image", "TEXT"],
      "neither a PNG",
      "not-a-picture",
    ],
    [
      "a payload that is no assertion",
      ["bake", "PNG", "TEXT", "-o", "out.png"],
      "neither assertion",
      "payload-unrecognized",
    ],
    [
      "an address that does not answer",
      ["bake", "PNG", "--assertion", "http://127.0.0.1:9/", "-o", "o"],
      "does not answer",
      "unreachable",
    ],
  ])("%s is refused in words, and by a code", async (_fault, args, words, faultCode) => {
    const files: Record<string, string> = {
      TEXT: join(folder, "a.txt"),
      PNG: join(folder, "a.png"),
      ADDRESS: join(folder, "address.txt"),
      BROKEN: join(folder, "broken.json"),
    };
    writeFileSync(files.ADDRESS ?? "", "https://b.example/1");
    writeFileSync(files.BROKEN ?? "", '{"type":["Assertion"}');
    writeFileSync(files.TEXT ?? "", "some text");
    writeFileSync(files.PNG ?? "", moonPng());
    const line = args.map((arg) => files[arg] ?? arg);
    const { code, stderr } = await rosette(...line);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    const told = await rosette(...line, "--json");
    expect(told).toMatchObject({ code: 1, stdout: "" });
    expect(JSON.parse(told.stderr)).toMatchObject({ code: faultCode });
  });
});

describe("keys", () => {
  it("are made, listed without themselves, and revoked", async () => {
    const made = await json("keys", "create", "--name", "import", "--scope", "awards:write");
    expect(made).toMatchObject({ key: expect.stringMatching(/^ros_/), scopes: ["awards:write"] });
    const listed = await rosette("keys", "list", "--json");
    expect(listed.stdout).toContain(String(made.id));
    expect(listed.stdout).not.toContain(String(made.key));
    expect(await json("keys", "revoke", String(made.id))).toEqual({ id: made.id, revoked: true });
    expect((await rosette("keys", "create", "--scope", "everything")).code).toBe(1);
  });
});

describe("signing-keys", () => {
  it("are rotated, listed and revoked with a reason", async () => {
    const first = await json("signing-keys", "rotate");
    expect(first).toMatchObject({ status: "current", retired_at: null });
    const second = await rosette("signing-keys", "rotate");
    expect(second.stdout).toMatch(/^Signing with [0-9a-f-]{36}\n {2}Key {2}http/);
    const { data } = await json("signing-keys", "list");
    expect(data).toMatchObject([{ status: "current" }, { id: first.id, status: "retired" }]);
    const revoke = ["signing-keys", "revoke", String(first.id)];
    expect((await rosette(...revoke)).code).toBe(2);
    const revoked = await rosette(...revoke, "--reason", "A backup was stolen.");
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringContaining("no longer verify") });
    expect((await rosette("signing-keys", "list")).stdout).toContain("revoked");
    expect(await json("signing-keys", "rotate", "--site")).toMatchObject({ organization: null });
    expect((await rosette("signing-keys", "list", "--site")).stdout).toContain("current");
  });
});

describe("migrate, seed and doctor", () => {
  it("leave what is well alone", async () => {
    expect(await json("migrate")).toMatchObject({ applied: 0 });
    expect(await json("seed")).toMatchObject({ seeded: false });
    expect((await rosette("seed")).stdout).toContain("Left alone");
  });

  it("doctor finds a seeded installation well", async () => {
    const found = await json("doctor");
    expect(found).toMatchObject({ ok: true });
    const names = (found.checks as { name: string }[]).map(({ name }) => name);
    for (const name of [
      "node",
      "clock",
      "images",
      "address",
      "port",
      "data folder",
      "secret",
      "mail",
      "database",
      "schema",
      "issued as",
      "signing keys",
      "waiting work",
      "work given up",
      "failed mails",
    ]) {
      expect(names).toContain(name);
    }
  });

  it("jobs that were given up are listed, and done anew", async () => {
    expect((await rosette("jobs", "parked")).stdout).toContain("none yet");
    expect(await json("jobs", "retry")).toEqual({ retried: 0 });
  });

  it("doctor names each fault with a fix, and ends with 1", async () => {
    const before = variables;
    const broken = mkdtempSync(join(folder, "broken-"));
    writeFileSync(join(broken, "secret.key"), "damaged");
    writeFileSync(join(broken, "rosette.db"), "this is no database, and never was one");
    variables = { DATA_DIR: broken };
    const { code, stdout } = await rosette("doctor", "--json");
    variables = before;
    expect(code).toBe(1);
    const checks = JSON.parse(stdout).checks as { name: string; state: string; fix?: string }[];
    const failed = checks.filter(({ state }) => state === "fail");
    expect(failed.map(({ name }) => name)).toEqual(["secret", "database"]);
    for (const { fix } of failed) expect(fix).not.toBe("");
  });

  describe("doctor --whole", () => {
    const PAGE = 4_096;

    /** A backup of the seeded database in a folder of its own, and what becomes of it. */
    async function examined(spoil: (path: string) => void) {
      const before = variables;
      const copy = mkdtempSync(join(folder, "copy-"));
      const path = join(copy, "rosette.db");
      const origin = new Libsql(join(String(before.DATA_DIR), "rosette.db"));
      origin.prepare("VACUUM INTO ?").run([path]);
      origin.close();
      spoil(path);
      variables = { ...before, DATA_DIR: copy };
      try {
        return { plain: await rosette("doctor"), whole: await rosette("doctor", "--whole") };
      } finally {
        variables = before;
      }
    }

    function overwrite(path: string, table: string, type: "index" | "table"): void {
      const db = new Libsql(path);
      const [page] = db
        .prepare("SELECT rootpage FROM sqlite_schema WHERE type = ? AND tbl_name = ?")
        .raw(true)
        .get([type, table]) as unknown as [number];
      db.close();
      const file = openSync(path, "r+");
      writeSync(file, new Uint8Array(PAGE).fill(7), 0, PAGE, (page - 1) * PAGE);
      closeSync(file);
    }

    it("finds none in a backup that is whole", async () => {
      const { whole } = await examined(() => {});
      expect(whole.code).toBe(0);
      expect(whole.stdout).toMatch(/✔ +whole file +\d+ MiB read, no damage/);
    });

    it("finds damage that nothing else has met yet", async () => {
      const { plain, whole } = await examined((path) => overwrite(path, "audit_log", "index"));
      expect(plain.stdout).not.toContain("damaged");
      expect(whole.code).toBe(1);
      expect(whole.stdout).toMatch(/✘ +whole file +\S+rosette\.db is damaged: [^*\n]+\n/);
      expect(whole.stdout).toContain("Restore the newest backup");
    });

    it.each<[name: string, spoil: (path: string) => void, found: string]>([
      ["a table that every start reads", (path) => overwrite(path, "jobs", "table"), "is damaged"],
      ["one that breaks off", (path) => truncateSync(path, statSync(path).size / 2), "is damaged"],
      ["one that begins otherwise", (path) => writeFileSync(path, "not this"), "is damaged"],
      ["an empty one", (path) => truncateSync(path, 0), "there is nothing in it"],
      ["none at all", (path) => rmSync(path), "is not there"],
    ])("refuses a backup: %s", async (_name, spoil, found) => {
      const { whole } = await examined(spoil);
      expect(whole.code).toBe(1);
      expect(whole.stdout).toMatch(/✘ +whole file /);
      expect(whole.stdout).toContain(found);
    });

    it("says that it cannot read the file of a server", async () => {
      const before = variables;
      variables = { ...before, DATABASE_URL: "https://127.0.0.1:1", DATABASE_AUTH_TOKEN: "x" };
      const { stdout } = await rosette("doctor", "--whole");
      variables = before;
      expect(stdout).toContain("a libSQL server's file cannot be read from here");
    });
  });

  it("doctor says that a damaged file is one, and not that its folder is missing", async () => {
    const before = variables;
    const broken = mkdtempSync(join(folder, "no-database-"));
    writeFileSync(join(broken, "rosette.db"), "x".repeat(10_000));
    variables = { DATA_DIR: broken };
    const { stdout } = await rosette("doctor");
    variables = before;
    expect(stdout).toContain("is damaged, or is no database");
  });

  it("doctor says when nothing takes mails", async () => {
    const before = variables;
    variables = { ...variables, SMTP_URL: "smtp://127.0.0.1:1" };
    const { code, stdout } = await rosette("doctor");
    variables = before;
    expect(code).toBe(1);
    expect(stdout).toContain("127.0.0.1:1 mail-server-unreachable");
  });

  it("doctor names settings that cannot be used", async () => {
    const before = variables;
    variables = { DATA_DIR: folder, PORT: "x", LOG_LEVEL: "loud" };
    const { code, stdout } = await rosette("doctor");
    variables = before;
    expect(code).toBe(1);
    for (const name of ["PORT", "LOG_LEVEL"]) expect(stdout).toContain(name);
  });
});
