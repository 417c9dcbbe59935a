// The made secret: once, for its owner alone, the same for all who start together.
import { execFile } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { SECRET_FILE, secretIn } from "../../src/runtime/secret-file.ts";
import { ROOT, temporaryFolder } from "./process.ts";

const run = promisify(execFile);

describe("the secret beside the data", () => {
  it("is made once, with its folder, and readable by its owner alone", () => {
    const folder = join(temporaryFolder(), "new");
    const secret = secretIn(folder);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secretIn(folder)).toBe(secret);
    expect(readdirSync(folder)).toEqual([SECRET_FILE]);
    expect(statSync(join(folder, SECRET_FILE)).mode & 0o777).toBe(0o600);
  });

  it("is the same one for processes that race for it", async () => {
    const folder = temporaryFolder();
    const module = join(ROOT, "src/runtime/secret-file.ts");
    const program = `import { secretIn } from ${JSON.stringify(module)}; console.log(secretIn(process.argv[1]));`;
    const racers = Array.from({ length: 6 }, () =>
      run(process.execPath, ["--input-type=module", "-e", program, folder]),
    );
    const secrets = new Set((await Promise.all(racers)).map(({ stdout }) => stdout.trim()));
    expect([...secrets]).toEqual([secretIn(folder)]);
    expect(readdirSync(folder)).toEqual([SECRET_FILE]);
  });

  it.each([
    ["empty", ""],
    ["cut short", "0123"],
    ["something else", "hello\n"],
  ])("is never replaced when the file is %s", (_fault, content) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, SECRET_FILE), content);
    expect(() => secretIn(folder)).toThrow(/damaged/);
  });
});
