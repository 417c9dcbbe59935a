// `rosette doctor`: looks at everything a server needs, and says what to do about what is not well.
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Config, ConfigError } from "../config.ts";
import type { Engine } from "../db/database.ts";
import { appliedMigrations, type Migration } from "../db/migrate.ts";
import type { MailFault } from "../env.ts";
import { endEngine } from "../runtime/env.ts";
import { createImageEngine } from "../runtime/images.ts";
import { issuedAddress } from "../runtime/issued-address.ts";
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
/** No badge was issued before the program was written: a clock before that is wrong. */
const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);
const MARKS = { ok: "✔", warn: "!", fail: "✘" } as const;

export const doctor: Verb = {
  operands: "",
  summary: "Check what a server needs, with a fix for each fault",
  about: "Exit code 1 when something must be fixed before the server can work.",
  options: {},
  examples: ["doctor", "doctor --json"],
  remote: false,
  async run({ variables, out }) {
    const checks = await examine(variables);
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

async function examine(variables: Variables): Promise<Check[]> {
  const general = [nodeVersion(), clock(Date.now()), await imageEngine()];
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
  return [
    ...general,
    publicAddress(config),
    await port(config),
    writable(config),
    secret(config, variables),
    await mail(config),
    ...(await database(config)),
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

function clock(now: number): Check {
  const found = new Date(now).toISOString();
  if (now >= EARLIEST_CLOCK) return { name: "clock", state: "ok", found };
  return failed("clock", found, "Set the machine's clock: awards would be dated in the past.");
}

/** A square that every SVG engine can draw. */
const PROBE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8H0z"/></svg>';

async function imageEngine(): Promise<Check> {
  const engine = createImageEngine();
  try {
    const bytes = new TextEncoder().encode(PROBE);
    const drawn = await engine.rasterise({ mediaType: "image/svg+xml", bytes }, 8);
    if (drawn.ok) return { name: "images", state: "ok", found: "draws PNG from SVG" };
    return {
      name: "images",
      state: "warn",
      found: drawn.reason,
      fix: "Badges with SVG art will have no PNG. Run `npm ci` on this machine: the drawing library is made for each system.",
    };
  } finally {
    await endEngine(engine);
  }
}

async function mail({ smtp, demo, publicUrlIsLocal }: Config): Promise<Check> {
  const name = "mail";
  if (smtp === null) {
    if (demo && publicUrlIsLocal) return { name, state: "ok", found: "kept at /dev/mail" };
    return {
      name,
      state: "warn",
      found: "not set up",
      fix: "Nobody can sign in by mail. Set SMTP_URL to the address of a mail server.",
    };
  }
  const found = `${smtp.host}:${smtp.port}`;
  const fault = await mailServerFault(smtp);
  if (fault === null) return { name, state: "ok", found };
  return failed(name, `${found} ${fault}`, MAIL_FIXES[fault] ?? "Check SMTP_URL.");
}

const MAIL_FIXES: Partial<Record<MailFault, string>> = {
  "mail-server-unreachable":
    "Nothing takes mails there. Check host and port of SMTP_URL, and that this machine may reach them.",
  "mail-credentials-refused":
    "The server does not take the user name and password of SMTP_URL. Signs such as @ in them are written as %40.",
  "mail-tls-failed":
    "The server offers no TLS that can be trusted, and a password is not sent without. Use smtps:// or another port.",
};

function publicAddress(config: Config): Check {
  const name = "address";
  const found = config.publicUrl;
  if (!config.publicUrlIsLocal) return { name, state: "ok", found };
  return {
    name,
    state: "warn",
    found,
    fix: "This address is local: badges verify on this machine only. Set PUBLIC_URL to the public https address before issuing real ones.",
  };
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

async function database(config: Config): Promise<Check[]> {
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
    const matching = schema(applied, readMigrations());
    const checks: Check[] = [{ name, state: "ok", found: where }, matching];
    return matching.state === "ok" ? [...checks, await issued(engine, config)] : checks;
  } catch {
    const fix = "Check DATABASE_URL and its token; a damaged file must be restored from a backup.";
    return [failed(name, `${where} does not answer`, fix)];
  } finally {
    await engine.close();
  }
}

function schema(applied: readonly string[], migrations: readonly Migration[]): Check {
  const name = "schema";
  const known = migrations.map((migration) => migration.name);
  const unknown = applied.filter((migration) => !known.includes(migration));
  if (unknown.length > 0) {
    const fix = "A newer version wrote this database: start that version, or restore a backup.";
    return failed(name, `unknown migration ${unknown.join(", ")}`, fix);
  }
  const missing = known.length - applied.length;
  if (missing === 0) return { name, state: "ok", found: `${applied.at(-1)}` };
  return {
    name,
    state: "warn",
    found: `${missing} migrations are missing`,
    fix: "The next start applies them; for Workers run `rosette migrate`.",
  };
}

async function issued(engine: Engine, config: Config): Promise<Check> {
  const name = "issued as";
  const address = await issuedAddress(engine);
  if (address === null) return { name, state: "ok", found: "nothing issued yet" };
  if (address.base === config.publicUrl) return { name, state: "ok", found: address.base };
  return {
    name,
    state: "warn",
    found: address.base,
    fix: `Badges say ${address.base}, the settings say ${config.publicUrl}. Ids are for ever: set PUBLIC_URL=${address.base}, or keep that address leading here.`,
  };
}
