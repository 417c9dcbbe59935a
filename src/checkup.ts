// What a site needs to be well, looked at and judged: one source for `rosette doctor` and the page /admin/health.
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import { DatabaseError } from "./db/errors.ts";
import { countParkedMails, lateJobs, type ParkedJobs } from "./db/jobs-look.ts";
import type { ImageEngine, MailFault } from "./env.ts";
import type { HEALTH } from "./pages/words/health.ts";
import { SealError, unseal } from "./seal.ts";

type Word = keyof typeof HEALTH.en;
type After<Prefix extends string> = Word extends infer W
  ? W extends `${Prefix}${infer Rest}`
    ? Rest
    : never
  : never;

export interface Check {
  readonly name: After<"name-">;
  readonly state: "ok" | "warn" | "fail";
  /** Which words say what was found. */
  readonly found: After<"found-">;
  /** Which words say what to do; null where nothing is to be done. */
  readonly fix: After<"fix-"> | null;
  /** What stands in both. */
  readonly values: Readonly<Record<string, string | number>>;
  /** To be typed in a terminal. */
  readonly command?: string;
}

type Reads = Pick<Database, "read">;

/** No badge was issued before the program was written: a clock before that is wrong. */
const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);
/** Clocks of several machines differ by less. */
const CLOCK_SLACK_MS = 5 * 60_000;
/** Work that waits for so long waits for somebody who does it. */
export const LATE_MS = 15 * 60_000;
/** Keys that are tried: where one opens, the others of that secret do. */
const KEYS_TRIED = 20;

function well(name: Check["name"], values: Check["values"] = {}): Check {
  return { name, state: "ok", found: name, fix: null, values };
}

/** `now` in milliseconds since 1970; `written` is when anything was last written down. */
export function checkClock(now: number, written: number | null): Check {
  const values = { now: new Date(now).toISOString() };
  if (now < EARLIEST_CLOCK) {
    return { name: "clock", state: "fail", found: "clock-wrong", fix: "clock-wrong", values };
  }
  if (written === null || written <= now + CLOCK_SLACK_MS) return well("clock", values);
  return {
    name: "clock",
    state: "warn",
    found: "clock-behind",
    fix: "clock-behind",
    values: { ...values, written: new Date(written).toISOString() },
  };
}

/** A square that every SVG engine can draw. */
const PROBE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8H0z"/></svg>';

export async function checkImages(
  engine: Pick<ImageEngine, "available" | "rasterise">,
): Promise<Check> {
  // Of this runtime, and nothing to be mended: Workers have none.
  if (!engine.available) {
    const code = "images-absent";
    return { name: "images", state: "warn", found: code, fix: code, values: {} };
  }
  const bytes = new TextEncoder().encode(PROBE);
  const drawn = await engine.rasterise({ mediaType: "image/svg+xml", bytes }, 8);
  if (drawn.ok) return well("images");
  return {
    name: "images",
    state: "warn",
    found: "images-none",
    fix: "images-none",
    values: { reason: drawn.reason },
    command: "npm ci",
  };
}

export function checkAddress({ publicUrl, publicUrlIsLocal }: Config): Check {
  const values = { address: publicUrl };
  if (!publicUrlIsLocal) return well("address", values);
  return {
    name: "address",
    state: "warn",
    found: "address-local",
    fix: "address-local",
    values,
    command: "PUBLIC_URL=https://… npm start",
  };
}

/** `base` is the origin in the ids of badges that were issued; null where none was. */
export function checkIssued({ publicUrl }: Config, base: string | null): Check {
  if (base === null) {
    return { name: "issued", state: "ok", found: "issued-none", fix: null, values: {} };
  }
  if (base === publicUrl) return well("issued", { address: base });
  return {
    name: "issued",
    state: "warn",
    found: "issued-other",
    fix: "issued-other",
    values: { address: base, own: publicUrl },
    command: `PUBLIC_URL=${base} npm start`,
  };
}

const MAIL_FIXES: Partial<Record<MailFault, After<"fix-">>> = {
  "mail-server-unreachable": "mail-server-unreachable",
  "mail-credentials-refused": "mail-credentials-refused",
  "mail-tls-failed": "mail-tls-failed",
};

/** `check` asks the mail server, and sends nothing. */
export async function checkMail(
  { smtp, demo, publicUrlIsLocal }: Config,
  check: () => Promise<MailFault | null>,
): Promise<Check> {
  const name = "mail";
  if (smtp === null) {
    if (demo && publicUrlIsLocal) {
      return { name, state: "ok", found: "mail-demo", fix: null, values: {} };
    }
    const command = "SMTP_URL=smtps://… npm start";
    return { name, state: "warn", found: "mail-none", fix: "mail-none", values: {}, command };
  }
  const server = `${smtp.host}:${smtp.port}`;
  const fault = await check();
  if (fault === null) return well(name, { server });
  const fix = MAIL_FIXES[fault] ?? "mail-fault";
  return { name, state: "fail", found: "mail-fault", fix, values: { server, fault } };
}

/** `where` names the database; `clock` is in milliseconds. Never rejects. */
export async function checkDatabase(db: Reads, where: string, clock: () => number): Promise<Check> {
  const before = clock();
  try {
    await db.read({ sql: "SELECT count(*) FROM organizations", params: [] });
    return well("database", { where, milliseconds: clock() - before });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const code = "database-silent";
    return { name: "database", state: "fail", found: code, fix: code, values: { where } };
  }
}

/** What was applied to the database, and what this program was written for. */
export function checkSchema(applied: readonly string[], known: readonly string[]): Check {
  const name = "schema";
  const unknown = applied.filter((migration) => !known.includes(migration));
  if (unknown.length > 0) {
    const values = { names: unknown.join(", ") };
    return { name, state: "fail", found: "schema-unknown", fix: "schema-unknown", values };
  }
  const count = known.length - applied.length;
  if (count === 0) return well(name, { name: applied.at(-1) ?? "" });
  const command = "npx rosette migrate";
  const values = { count };
  return { name, state: "warn", found: "schema-missing", fix: "schema-missing", values, command };
}

/** Whether the secret at hand opens the keys that badges are signed with. */
export async function checkKeys(db: Reads, config: Config): Promise<Check> {
  const name = "keys";
  const { rows } = await db.read({
    sql: `SELECT id, private_jwk_sealed FROM signing_keys
      WHERE retired_at is null and revoked_at is null LIMIT ${KEYS_TRIED}`,
    params: [],
  });
  const opened = await Promise.all(
    rows.map(([id, sealed]) => opens(config, String(id), String(sealed))),
  );
  const count = opened.filter((one) => !one).length;
  if (count === 0) return well(name, { count: rows.length });
  const values = { count, all: rows.length };
  const command = "npx rosette signing-keys rotate";
  return { name, state: "fail", found: "keys-sealed", fix: "keys-sealed", values, command };
}

async function opens(config: Config, row: string, sealed: string): Promise<boolean> {
  try {
    await unseal(config, { table: "signing_keys", row, column: "private_jwk_sealed" }, sealed);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

/** Whether anybody does the work that is due. `now` in milliseconds since 1970. */
export async function checkJobs(db: Reads, now: number): Promise<Check> {
  const { count, since } = await lateJobs(db, now - LATE_MS, now);
  if (since === null) return well("jobs");
  return {
    name: "jobs",
    state: "warn",
    found: "jobs-late",
    fix: "jobs-late",
    values: { count, since: new Date(since).toISOString() },
    command: "npm start",
  };
}

export function checkParked(parked: readonly ParkedJobs[]): Check {
  const count = parked.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return well("parked");
  const command = "npx rosette jobs retry";
  const values = { count };
  const code = "parked-some";
  return { name: "parked", state: "warn", found: code, fix: code, values, command };
}

export async function checkMails(db: Reads): Promise<Check> {
  const count = await countParkedMails(db);
  if (count === 0) return well("mails");
  const code = "mails-parked";
  return { name: "mails", state: "warn", found: code, fix: code, values: { count } };
}
