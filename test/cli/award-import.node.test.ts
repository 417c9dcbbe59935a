// `rosette award import`, on the database here and over HTTP: what it prints, writes and ends with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";
import { startServer, temporaryFolder } from "../setup/process.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-import-"));
  variables = { DATA_DIR: folder };
  expect((await rosette("seed", "--demo")).code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const BADGE = "First Activity";

describe("here", () => {
  it("says what would happen, awards, and awards nothing again", async () => {
    const path = file("spring.csv", "E-Mail;Name;Team\na@example.org;Ada;1\nb@example.org;Ben;2\n");
    const import_ = (...options: string[]) =>
      rosette("award", "import", path, "--badge", BADGE, ...options);
    const foreseen = await import_("--dry-run");
    expect(foreseen).toMatchObject({ code: 0 });
    expect(foreseen.stdout).toBe(
      "spring.csv: 2 rows, read as utf-8 with semicolons\nNot read: Team\n2 would be awarded, 0 held already, 0 would be refused\n",
    );
    expect(foreseen.stderr).toContain("0 of 2 rows …");
    const awarded = await import_();
    expect(awarded.stdout).toContain("2 awarded, 0 held already, 0 refused");
    const again = await import_("--json");
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(again.stdout)).toMatchObject({
      state: "done",
      awarded: 0,
      held: 2,
      refusals: [],
    });
  });

  it("names the rows that are refused, writes the result, and ends with 1", async () => {
    const path = file(
      "mixed.csv",
      `email,name,badge\nc@example.org,=1+1,${BADGE}\nnobody,X,${BADGE}\nd@example.org,Di,No Badge\n`,
    );
    const result = join(folder, "result.csv");
    const { code, stdout } = await rosette("award", "import", path, "--result", result);
    expect(code).toBe(1);
    expect(stdout).toContain("  line 3  email: This must be one e-mail address.");
    expect(stdout).toContain(
      "  line 4  badge: The organization has no badge with this id or name.",
    );
    expect(stdout).toContain("1 awarded, 0 held already, 2 refused");
    const written = readFileSync(result, "utf8");
    expect(
      written.startsWith(
        "\uFEFFemail,name,badge,outcome,code,reason,award\r\nc@example.org,'=1+1,",
      ),
    ).toBe(true);
    expect(written.trimEnd().split("\r\n")).toHaveLength(4);
    const asJson = await rosette("award", "import", path, "--json");
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      held: 1,
      refusals: [
        { line: 3, code: "email_format" },
        { line: 4, field: "badge" },
      ],
    });
  });

  it.each<[what: string, args: string[], code: number, words: string]>([
    ["a file that is not there", ["nowhere.csv", "--badge", BADGE], 1, "there is no such file"],
    ["no file", [], 2, "needs FILE"],
    ["two files", ["a.csv", "b.csv"], 2, "does not take"],
  ])("%s", async (_what, args, code, words) => {
    const said = await rosette("award", "import", ...args);
    expect([said.code, said.stderr]).toEqual([code, expect.stringContaining(words)]);
  });

  it("an unknown badge, and a file that cannot be read as one, in the words of the problem", async () => {
    const path = file("bare.csv", "kim@example.org\n");
    const unknown = await rosette("award", "import", path, "--badge", "No Such Badge");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("No Such Badge")]);
    const bare = await rosette("award", "import", path, "--badge", BADGE);
    expect([bare.code, bare.stderr]).toEqual([
      1,
      expect.stringContaining("Make the first line a heading"),
    ]);
  });
});

it("over HTTP a server does the work, and the command follows it", async () => {
  const here = { DATA_DIR: temporaryFolder(), PORT: "0" };
  const server = await startServer(here);
  const before = variables;
  variables = here;
  const { key } = JSON.parse((await rosette("keys", "create", "--json")).stdout);
  variables = { DATA_DIR: temporaryFolder(), ROSETTE_URL: server.origin, ROSETTE_KEY: String(key) };
  const lines = Array.from({ length: 300 }, (_, i) => `far-${i}@example.org\n`);
  const path = file("far.csv", `email\n${lines.join("")}`);
  const result = join(folder, "far-result.csv");
  const said = await rosette(
    "award",
    "import",
    path,
    "--badge",
    BADGE,
    "--json",
    "--result",
    result,
  );
  variables = before;
  expect(said.stderr).toBe("");
  expect(JSON.parse(said.stdout)).toMatchObject({ state: "done", awarded: 300, refused: 0 });
  expect(readFileSync(result, "utf8").trimEnd().split("\r\n")).toHaveLength(301);
});
