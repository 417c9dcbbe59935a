// Starts a server with the demo on loopback and has the reference validator judge its badges.
//
// Valid awards must be found valid by address, as baked PNG and as baked SVG; the expired and the
// revoked ones must not. Skips, and says so, without the published contexts or without Python.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasSpecData, specFolder } from "../../test/spec-data.ts";
import { entry, serveDemo } from "../serve-demo.mjs";

const here = dirname(fileURLToPath(import.meta.url));
/** setup.sh ends with this where there is no usable Python. */
const NO_PYTHON = 3;

function run(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

async function rosette(args, variables) {
  const { code, stdout, stderr } = await run(process.execPath, [entry, ...args, "--json"], {
    env: variables,
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function allAwards(url, key) {
  const response = await fetch(`${url}/api/v1/awards?limit=100`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (!response.ok) throw new Error(`the list of awards answers ${response.status}`);
  return (await response.json()).data;
}

async function download(address, file) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  return file;
}

/** What the validator is given, and the verdict it must come to. */
async function casesOf(award, folder) {
  const { hash, status, urls } = award;
  if (status !== "valid")
    return [{ name: `${status}, by address`, input: urls.assertion, valid: false }];
  return [
    { name: "valid, by address", input: urls.assertion, valid: true },
    {
      name: "valid, PNG",
      input: await download(urls.png, join(folder, `${hash}.png`)),
      valid: true,
    },
    {
      name: "valid, SVG",
      input: await download(urls.svg, join(folder, `${hash}.svg`)),
      valid: true,
    },
    {
      name: "valid, signed PNG",
      input: await download(`${urls.png}?signed`, join(folder, `${hash}-signed.png`)),
      valid: true,
    },
    {
      name: "valid, signed SVG",
      input: await download(`${urls.svg}?signed`, join(folder, `${hash}-signed.svg`)),
      valid: true,
    },
  ];
}

function judged(cases, lines) {
  let failures = 0;
  for (const [i, { name, input, valid }] of cases.entries()) {
    const verdict = JSON.parse(lines[i] ?? "{}");
    const right = verdict.valid === valid && (verdict.refused ?? []).length === 0;
    console.log(`${right ? "ok " : "BAD"} ${name}`);
    if (right) continue;
    failures++;
    console.log(`    ${input}\n    ${JSON.stringify(verdict.messages ?? verdict)}`);
  }
  return failures;
}

async function check(python) {
  const folder = mkdtempSync(join(tmpdir(), "rosette-reference-"));
  const variables = { PATH: process.env.PATH, DATA_DIR: folder, PORT: "0" };
  const { child, url } = await serveDemo(variables);
  try {
    const { key } = await rosette(["keys", "create"], variables);
    const awards = await allAwards(url, key);
    const cases = (await Promise.all(awards.map((award) => casesOf(award, folder)))).flat();
    const contexts = fileURLToPath(specFolder("ob20/contexts"));
    const { stdout, stderr } = await run(python, [
      join(here, "validate.py"),
      ...["--contexts", contexts],
      ...cases.map(({ input }) => input),
    ]);
    const failures = judged(cases, stdout.trim().split("\n"));
    const kinds = new Set(awards.map(({ status }) => status));
    const missing = ["valid", "expired", "revoked"].filter((status) => !kinds.has(status));
    for (const status of missing) console.log(`BAD the demo has no ${status} award`);
    if (failures > 0) process.stderr.write(stderr);
    return failures + missing.length;
  } finally {
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  if (!hasSpecData) return 0;
  const setup = await run("bash", [join(here, "setup.sh")]);
  if (setup.code === NO_PYTHON) {
    console.log(`skipped: ${setup.stderr.trim()}`);
    return 0;
  }
  if (setup.code !== 0) {
    process.stderr.write(setup.stderr);
    return 1;
  }
  return (await check(setup.stdout.trim())) === 0 ? 0 : 1;
}

process.exitCode = await main();
