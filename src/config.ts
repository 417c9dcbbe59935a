// Environment strings become one typed Config, once; every fault is reported together.
import { z } from "zod";
import type { Level } from "./log.ts";

/** What a server needs to know; derived once, then the environment is forgotten. */
export interface Config {
  /** The origin in every public id, without a trailing slash. */
  readonly publicUrl: string;
  /** Badges issued under a loopback or private address verify on this machine only. */
  readonly publicUrlIsLocal: boolean;
  readonly host: string;
  readonly port: number;
  /** True when nobody chose the port, so that a taken one may be left for the next. */
  readonly portIsDefault: boolean;
  readonly database: DatabaseConfig;
  /** Where the embedded database and the made secret live. */
  readonly dataDir: string;
  /** 32 bytes. */
  readonly secretKey: Uint8Array<ArrayBuffer>;
  /** Secrets of before, 32 bytes each: what they sealed can still be opened. */
  readonly retiredSecretKeys: readonly Uint8Array<ArrayBuffer>[];
  readonly logLevel: Level;
  readonly maxUploadBytes: number;
  readonly maxBodyBytes: number;
  /** Demo data, and what only makes sense on a machine of one's own. */
  readonly demo: boolean;
}

export type DatabaseConfig =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "remote"; readonly url: string; readonly authToken: string | null };

/** One variable: what it is for and what it is when not given; the README's table is made of these. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  readonly fallback: string;
}

export const DEFAULT_PORT = 8787;

export const SETTINGS: readonly Setting[] = [
  { name: "PORT", meaning: "Port to listen on", fallback: "8787, or the next free one" },
  {
    name: "HOST",
    meaning: "Address to listen on",
    fallback: "127.0.0.1 (0.0.0.0 when PUBLIC_URL is not local)",
  },
  {
    name: "PUBLIC_URL",
    meaning: "Origin in every public id; choose it before the first badge is issued",
    fallback: "http://localhost:PORT",
  },
  {
    name: "DATABASE_URL",
    meaning: "`file:` path, or the `libsql:`, `https:` or `http:` address of a libSQL server",
    fallback: "file:DATA_DIR/rosette.db",
  },
  { name: "DATABASE_AUTH_TOKEN", meaning: "Token for the libSQL server", fallback: "none" },
  {
    name: "DATA_DIR",
    meaning: "Folder of the embedded database and the made secret",
    fallback: "./data",
  },
  {
    name: "SECRET_KEY",
    meaning: "At least 32 characters; seals what must not be read from a copy of the database",
    fallback: "made once, kept in DATA_DIR/secret.key",
  },
  {
    name: "SECRET_KEY_RETIRED",
    meaning: "Earlier values of SECRET_KEY, separated by commas; they open what they sealed",
    fallback: "none",
  },
  { name: "LOG_LEVEL", meaning: "debug, info, warn or error", fallback: "info" },
  {
    name: "MAX_UPLOAD_BYTES",
    meaning: "Largest picture that may be uploaded",
    fallback: "2097152",
  },
  { name: "MAX_BODY_BYTES", meaning: "Largest JSON body", fallback: "1048576" },
  {
    name: "DEMO",
    meaning: "`true` fills an empty database with a small demo",
    fallback: "true for a new database on a local address",
  },
];

/** A fault in one variable, in words that say what to write instead. */
export interface ConfigFault {
  readonly name: string;
  readonly message: string;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((fault) => `${fault.name}: ${fault.message}`).join("\n"));
    this.faults = faults;
  }
}

const PRIVATE_HOST =
  /^(localhost|.*\.localhost|.*\.local|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[f[cd][0-9a-f]*:.*\]|\[fe80:.*\])$/i;

/** Whether a host name can only mean this machine or this network. */
export function isLocalHost(hostname: string): boolean {
  return PRIVATE_HOST.test(hostname);
}

const publicUrl = z
  .string()
  .refine((text) => URL.canParse(text), "must be an address such as https://badges.example.org")
  .transform((text) => new URL(text))
  .refine(
    (url) => /^https?:$/.test(url.protocol),
    "must begin with https:// (or http:// on your own machine)",
  )
  .refine(
    (url) => url.protocol === "https:" || isLocalHost(url.hostname),
    "must begin with https:// unless it is a local address",
  )
  .refine(
    (url) => url.pathname === "/" && url.search === "" && url.hash === "",
    "must be an origin: no path, query or fragment",
  )
  .refine(
    (url) => url.username === "" && url.password === "",
    "must not hold a user name or password",
  );

const databaseUrl = z
  .string()
  .refine(
    (text) => /^(file:.+|(libsql|https|http):\/\/.+)$/.test(text),
    "must be a file: path, or a libsql:, https: or http: address",
  );

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

const MIN_SECRET_LENGTH = 32;

const schema = z.object({
  PORT: wholeNumber(0, 65_535).optional(),
  HOST: z.string().optional(),
  PUBLIC_URL: publicUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_AUTH_TOKEN: z.string().optional(),
  DATA_DIR: z.string().optional(),
  SECRET_KEY: z
    .string()
    .min(
      MIN_SECRET_LENGTH,
      `must have at least ${MIN_SECRET_LENGTH} characters; \`openssl rand -hex 32\` makes one`,
    )
    .optional(),
  SECRET_KEY_RETIRED: z
    .string()
    .transform((text) => text.split(",").map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= MIN_SECRET_LENGTH),
      `must be values of at least ${MIN_SECRET_LENGTH} characters, separated by commas`,
    )
    .optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error")
    .optional(),
  MAX_UPLOAD_BYTES: wholeNumber(1_024, 16_777_216).optional(),
  MAX_BODY_BYTES: wholeNumber(1_024, 16_777_216).optional(),
  DEMO: z.enum(["true", "false"], "must be true or false").optional(),
});

/** An empty string is how shells say "not given". */
function given(environment: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.keys(schema.shape).flatMap((name) => {
    const value = environment[name];
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Stretches a secret of any length to 32 bytes. */
async function toKey(secret: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}

/**
 * Reads the settings from environment variables. `secretKey` is used where SECRET_KEY is not set:
 * the runtime makes one and keeps it beside the data. Throws ConfigError naming every fault.
 */
export async function readConfig(
  environment: Readonly<Record<string, unknown>>,
  secretKey: (dataDir: string) => string | null,
): Promise<Config> {
  const parsed = schema.safeParse(given(environment));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({
        name: String(issue.path[0] ?? "environment"),
        message: issue.message,
      })),
    );
  }
  const settings = parsed.data;
  const dataDir = settings.DATA_DIR ?? "./data";
  const port = settings.PORT ?? DEFAULT_PORT;
  const url = settings.PUBLIC_URL ?? new URL(`http://localhost:${port}`);
  const local = isLocalHost(url.hostname);
  const secret = settings.SECRET_KEY ?? secretKey(dataDir);
  if (secret === null) {
    throw new ConfigError([
      {
        name: "SECRET_KEY",
        message: "must be set here: this runtime has no folder to keep a made one in",
      },
    ]);
  }
  return {
    publicUrl: url.origin,
    publicUrlIsLocal: local,
    host: settings.HOST ?? (local ? "127.0.0.1" : "0.0.0.0"),
    port,
    portIsDefault: settings.PORT === undefined && settings.PUBLIC_URL === undefined,
    database: databaseOf(
      settings.DATABASE_URL ?? `file:${dataDir}/rosette.db`,
      settings.DATABASE_AUTH_TOKEN,
    ),
    dataDir,
    secretKey: await toKey(secret),
    retiredSecretKeys: await Promise.all((settings.SECRET_KEY_RETIRED ?? []).map(toKey)),
    logLevel: settings.LOG_LEVEL ?? "info",
    maxUploadBytes: settings.MAX_UPLOAD_BYTES ?? 2_097_152,
    maxBodyBytes: settings.MAX_BODY_BYTES ?? 1_048_576,
    demo: settings.DEMO === undefined ? local : settings.DEMO === "true",
  };
}

function databaseOf(url: string, authToken: string | undefined): DatabaseConfig {
  if (url.startsWith("file:")) return { kind: "file", path: url.slice("file:".length) };
  return { kind: "remote", url, authToken: authToken ?? null };
}
