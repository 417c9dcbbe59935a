// `rosette doctor`: looks at everything a server needs, and says what to do about what is not well.
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  checkAddress,
  checkClock,
  checkImages,
  checkIssued,
  checkJobs,
  checkKeys,
  checkMail,
  checkMails,
  checkParked,
  checkSchema,
  type Check as Judged,
} from "../checkup.ts";
import { type Config, ConfigError } from "../config.ts";
import type { Engine } from "../db/database.ts";
import { lastWritten, parkedJobs } from "../db/jobs-look.ts";
import { appliedMigrations } from "../db/migrate.ts";
import { HEALTH } from "../pages/words/health.ts";
import { speaker } from "../pages/words/speak.tsx";
import { endEngine } from "../runtime/env.ts";
import { createImageEngine } from "../runtime/images.ts";
import { issuedAddress } from "../runtime/issued-address.ts";
import { damageIn } from "../runtime/libsql-file.ts";
import { mailServerFault } from "../runtime/mail.ts";
import { readMigrations } from "../runtime/migration-files.ts";
import { databaseName, openEngine, readSettings, type Variables } from "../runtime/open.ts";
import { SECRET_FILE, secretIn } from "../runtime/secret-file.ts";
import { columns } from "./out.ts";
import { EXIT, type Verb } from "./verb.ts";

interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  readonly found: string;
  readonly fix?: string;
}

/** What the release runs on; older ones that still start are named. */
const NODE_MAJOR = 24;
const MARKS = { ok: "✔", warn: "!", fail: "✘" } as const;

export const doctor: Verb = {
  operands: "",
  summary: "Check what a server needs, with a fix for each fault",
  about: "Exit code 1 when something must be fixed before the server can work.",
  options: {
    whole: {
      type: "boolean",
      help: "Also read the database file to its end and look for damage, which takes a while",
    },
  },
  examples: ["doctor", "doctor --json", "doctor --whole"],
  remote: false,
  async run({ variables, options, out }) {
    const checks = await examine(variables, options.flag("whole"));
    for (const line of columns(
      checks.map((check) => [MARKS[check.state], check.name, check.found]),
    )) {
      out.line(line);
    }
    for (const { name, fix } of checks) if (fix !== undefined) out.line(`\n${name}: ${fix}`);
    const failed = checks.some(({ state }) => state === "fail");
    out.document({ ok: !failed, checks });
    return failed ? EXIT.failed : EXIT.done;
  },
};

async function examine(variables: Variables, isWhole: boolean): Promise<Check[]> {
  const general = [nodeVersion(), said(checkClock(Date.now(), null)), await imageEngine()];
  let config: Config;
  try {
    // Looking makes nothing: the secret is made by the first start.
    config = await readSettings({
      ...variables,
      SECRET_KEY: variables.SECRET_KEY || UNUSED_SECRET,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      ...general,
      ...error.faults.map((fault) => failed("settings", fault.name, fault.message)),
    ];
  }
  const file = isWhole ? [wholeFile(config)] : [];
  return [
    ...general,
    said(checkAddress(config)),
    await port(config),
    writable(config),
    secret(config, variables),
    said(await checkMail(config, async () => (config.smtp ? mailServerFault(config.smtp) : null))),
    ...file,
    // What is asked of a damaged file is answered with the same damage, in other words.
    ...(file.some(({ state }) => state === "fail") ? [] : await database(config, variables)),
  ];
}

const UNUSED_SECRET = "-".repeat(32);

function failed(name: string, found: string, fix: string): Check {
  return { name, state: "fail", found, fix };
}

function nodeVersion(): Check {
  const found = process.versions.node;
  const name = "node";
  if (Number(found.split(".")[0]) >= NODE_MAJOR) return { name, state: "ok", found };
  return {
    name,
    state: "warn",
    found,
    fix: `Node.js ${NODE_MAJOR} is what this is tested on; install it.`,
  };
}

/** In the words of the page that says the same. */
function said({ name, state, found, fix, values }: Judged): Check {
  const t = speaker("en", HEALTH);
  return {
    name: NAMES[name] ?? name,
    state,
    found: t(`found-${found}`, values),
    ...(fix === null ? {} : { fix: t(`fix-${fix}`, values) }),
  };
}

/** Those that are called otherwise in a terminal. */
const NAMES: Partial<Record<Judged["name"], string>> = {
  issued: "issued as",
  mails: "failed mails",
  parked: "work given up",
  jobs: "waiting work",
  keys: "signing keys",
};

async function imageEngine(): Promise<Check> {
  const engine = createImageEngine();
  try {
    return said(await checkImages(engine));
  } finally {
    await endEngine(engine);
  }
}

function port(config: Config): Promise<Check> {
  const name = "port";
  const found = String(config.port);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      resolve({
        name,
        state: "warn",
        found: `${found} ${taken ? "is taken" : (error.code ?? "refused")}`,
        fix: taken
          ? "Fine if that is a running Rosette; else stop the program that holds it, or set PORT."
          : "Set PORT above 1023 and HOST to an address of this machine.",
      });
    });
    probe.listen({ host: config.host, port: config.port }, () => {
      probe.close(() => resolve({ name, state: "ok", found: `${found} is free` }));
    });
  });
}

function writable(config: Config): Check {
  const name = "data folder";
  const probe = join(config.dataDir, `.doctor-${process.pid}`);
  if (!existsSync(config.dataDir)) {
    return { name, state: "ok", found: `${config.dataDir} (made at the first start)` };
  }
  try {
    writeFileSync(probe, "");
    rmSync(probe);
    return { name, state: "ok", found: config.dataDir };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "not writable";
    return failed(
      name,
      `${config.dataDir} (${why})`,
      "Give this user write access, or set DATA_DIR.",
    );
  }
}

function secret(config: Config, variables: Variables): Check {
  const name = "secret";
  if (variables.SECRET_KEY) return { name, state: "ok", found: "from SECRET_KEY" };
  const path = join(config.dataDir, SECRET_FILE);
  if (!existsSync(path)) return { name, state: "ok", found: `${path} (made at the first start)` };
  try {
    secretIn(config.dataDir);
  } catch (error) {
    return failed(name, path, error instanceof Error ? error.message : "It cannot be read.");
  }
  const open = process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0;
  if (!open) return { name, state: "ok", found: path };
  return { name, state: "warn", found: `${path} can be read by others`, fix: `chmod 600 ${path}` };
}

async function database(config: Config, variables: Variables): Promise<Check[]> {
  const name = "database";
  const where = databaseName(config);
  const { database } = config;
  if (database.kind === "file" && !existsSync(database.path)) {
    return [{ name, state: "ok", found: `${where} (made at the first start)` }];
  }
  let engine: Engine;
  try {
    engine = await openEngine(config);
  } catch (error) {
    return [failed(name, where, error instanceof Error ? error.message : "could not be opened")];
  }
  try {
    const applied = await appliedMigrations(engine);
    const known = readMigrations().map((migration) => migration.name);
    const matching = said(checkSchema(applied, known));
    const checks: Check[] = [{ name, state: "ok", found: where }, matching];
    return matching.state === "ok"
      ? [...checks, ...(await inside(engine, config, variables))]
      : checks;
  } catch {
    const fix = "Check DATABASE_URL and its token; a damaged file must be restored from a backup.";
    return [failed(name, `${where} does not answer`, fix)];
  } finally {
    await engine.close();
  }
}

function wholeFile({ database }: Config): Check {
  const name = "whole file";
  if (database.kind === "remote") {
    const found = "a libSQL server's file cannot be read from here";
    return { name, state: "warn", found, fix: "Look for damage where the server keeps it." };
  }
  const { path } = database;
  if (!existsSync(path)) {
    return failed(name, `${path} is not there`, "Set DATA_DIR to the folder it is in.");
  }
  const found = damageIn(path);
  if (found !== null) {
    return failed(
      name,
      `${path} is damaged: ${found}`,
      "Restore the newest backup in which `rosette doctor --whole` finds no damage, with the server stopped.",
    );
  }
  const mib = Math.ceil(statSync(path).size / 2 ** 20);
  return { name, state: "ok", found: `${mib} MiB read, no damage to the structure of the file` };
}

/** What only a database of this very version can be asked. */
async function inside(engine: Engine, config: Config, variables: Variables): Promise<Check[]> {
  const now = Date.now();
  const own = await withItsSecret(config, variables);
  const written = checkClock(now, await lastWritten(engine));
  return [
    said(checkIssued(config, (await issuedAddress(engine))?.base ?? null)),
    ...(written.state === "ok" ? [] : [said(written)]),
    ...(own === null ? [] : [said(await checkKeys(engine, own))]),
    said(await checkJobs(engine, now)),
    said(checkParked(await parkedJobs(engine))),
    said(await checkMails(engine)),
  ];
}

/** The settings with the secret a start would take; null where there is none yet, or it is damaged. */
async function withItsSecret(config: Config, variables: Variables): Promise<Config | null> {
  if (variables.SECRET_KEY) return config;
  if (!existsSync(join(config.dataDir, SECRET_FILE))) return null;
  try {
    return await readSettings({ ...variables, SECRET_KEY: secretIn(config.dataDir) });
  } catch {
    return null;
  }
}
