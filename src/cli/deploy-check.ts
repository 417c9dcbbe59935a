// `rosette deploy check`: what a deployment to Cloudflare Workers still needs, before it is made.
import { existsSync, readFileSync } from "node:fs";
import { type Config, ConfigError, readConfig } from "../config.ts";
import { appliedMigrations } from "../db/migrate.ts";
import { openEngine, type Variables } from "../runtime/open.ts";
import { MIGRATION_NAMES } from "../runtime/schema.ts";
import { columns } from "./out.ts";
import { EXIT, type Verb } from "./verb.ts";

interface Need {
  readonly name: string;
  /** `unseen`: it is set where this command cannot look. */
  readonly state: "ok" | "unseen" | "missing" | "note";
  readonly found: string;
  readonly fix?: string;
}

const MARKS = { ok: "✔", unseen: "?", missing: "✘", note: "!" } as const;
const WRANGLER = "wrangler.toml";
/** Nobody can have an address there: RFC 2606, sections 2 and 3. */
const EXAMPLE = /(^|\.)example(\.(com|net|org))?$/;

export const deployCheck: Verb = {
  operands: "",
  summary: "List what Cloudflare Workers need before a deployment",
  about:
    "Looks at the variables here and at [vars] in wrangler.toml. Secrets that Workers hold cannot be seen\n" +
    "from here; give them as variables to have them checked too. Exit code 1 when something is missing.",
  options: {},
  examples: ["deploy check", "deploy check --json"],
  remote: false,
  async run({ variables, out }) {
    const needs = await needsOf({ ...declared(), ...variables });
    for (const line of columns(needs.map((one) => [MARKS[one.state], one.name, one.found]))) {
      out.line(line);
    }
    for (const { name, fix } of needs) if (fix !== undefined) out.line(`\n${name}: ${fix}`);
    const missing = needs.some(({ state }) => state === "missing");
    out.document({ ok: !missing, needs });
    return missing ? EXIT.failed : EXIT.done;
  },
};

/** The plain values of [vars]; nothing else of the file matters here. */
function declared(): Record<string, string> {
  if (!existsSync(WRANGLER)) return {};
  const [, vars = ""] =
    /^\[vars\]$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(readFileSync(WRANGLER, "utf8")) ?? [];
  const lines = vars.matchAll(/^([A-Z][A-Z0-9_]*) *= *"([^"\\]*)" *$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

async function needsOf(variables: Variables): Promise<Need[]> {
  const database = databaseNeed(variables.DATABASE_URL);
  return [
    addressNeed(variables.PUBLIC_URL),
    database,
    secretNeed("DATABASE_AUTH_TOKEN", variables, "the libSQL server's token"),
    ...(database.state === "ok" ? [await schemaNeed(variables)] : []),
    secretNeed("SECRET_KEY", variables, "at least 32 characters; `openssl rand -hex 32` makes one"),
    secretNeed(
      "SMTP_URL",
      variables,
      "the mail server that sign-in links go through, on port 465 or 587",
    ),
    {
      name: "images",
      state: "note",
      found: "Workers have no engine that draws",
      fix: "Upload square PNGs there. Badges with SVG or drawn art have no PNG, and links to them no wide picture.",
    },
  ];
}

function addressNeed(given: string | undefined): Need {
  const name = "PUBLIC_URL";
  const url = given !== undefined && URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol === "https:" && !EXAMPLE.test(url.hostname)) {
    return { name, state: "ok", found: url.origin };
  }
  const fix = `Set it in ${WRANGLER}, under [vars], to the https:// origin that badges are to name for ever.`;
  return { name, state: "missing", found: given ?? "not set", fix };
}

function databaseNeed(given: string | undefined): Need {
  const name = "DATABASE_URL";
  const host = given !== undefined && URL.canParse(given) ? new URL(given).hostname : "";
  if (given !== undefined && /^(libsql|https):/.test(given) && !EXAMPLE.test(host)) {
    return { name, state: "ok", found: given };
  }
  const fix = `Set it in ${WRANGLER}, under [vars], to the libsql:// address of a libSQL server such as Turso: Workers have no files.`;
  return { name, state: "missing", found: given ?? "not set", fix };
}

function secretNeed(name: string, variables: Variables, what: string): Need {
  if (variables[name]) return { name, state: "ok", found: "given here" };
  const fix = `npx wrangler secret put ${name} (${what})`;
  return { name, state: "unseen", found: "cannot be seen from here", fix };
}

const UNUSED_SECRET = "-".repeat(32);

async function schemaNeed(variables: Variables): Promise<Need> {
  const name = "schema";
  let config: Config;
  try {
    config = await readConfig({ SECRET_KEY: UNUSED_SECRET, ...variables }, () => null);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const found = error.faults.map((fault) => `${fault.name} ${fault.message}`).join("; ");
    return { name, state: "missing", found, fix: "Put these settings right." };
  }
  const engine = await openEngine(config);
  try {
    const applied = await appliedMigrations(engine);
    if (applied.join() === MIGRATION_NAMES.join())
      return { name, state: "ok", found: "up to date" };
    const found = `${applied.length} of ${MIGRATION_NAMES.length} migrations`;
    return { name, state: "missing", found, fix: "npx rosette migrate, with the same variables" };
  } catch {
    const fix = "Check the address and DATABASE_AUTH_TOKEN.";
    return { name, state: "missing", found: "the database does not answer", fix };
  } finally {
    await engine.close();
  }
}
