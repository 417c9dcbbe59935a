// The mail about an award sent once more from the command line.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { run } from "../../src/cli/main.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;
let hash: string;

async function rosette(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    variables: { DATA_DIR: folder, DEMO: "false", ...more },
  });
  return { code, stdout, stderr };
}

/** A server that nobody asks: mails are written down, and sent by another process. */
const MAIL = { SMTP_URL: "smtp://127.0.0.1:9" };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-resend-"));
  const organization = ["--website", "https://northside.example", "--email", "b@northside.example"];
  await rosette(["organization", "create", "--name", "Northside", ...organization]);
  const badge = ["--name", "Lasting", "--description", "Words.", "--criteria", "Do."];
  await rosette(["badge", "create", ...badge]);
  const { stdout } = await rosette(["award", "Lasting", "kim@example.org", "--json"]);
  hash = String(JSON.parse(stdout).hash);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("says so where no mail can be sent", async () => {
  const { code, stderr } = await rosette(["resend", hash]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("can send no mail")]);
});

it("has it sent, and the same again right after", async () => {
  const { code, stdout } = await rosette(["resend", hash], MAIL);
  expect([code, stdout]).toEqual([0, "It will be sent\n"]);
  const again = await rosette(["resend", hash, "--json"], MAIL);
  expect(JSON.parse(again.stdout)).toMatchObject({ kind: "award.resent", state: "waiting" });
});

it("knows what is no award", async () => {
  expect((await rosette(["resend", "Lasting"], MAIL)).code).toBe(2);
  expect((await rosette(["resend", "0".repeat(40)], MAIL)).code).toBe(1);
});
