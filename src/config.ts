// Environment strings become one typed Config, once; every fault is reported together.
import { isEmail } from "./email-address.ts";
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
  /** Null where no mail server is set. */
  readonly smtp: SmtpConfig | null;
  readonly mailFrom: Mailbox;
  /** Null where people sign in by mail only. */
  readonly oidc: OidcConfig | null;
}

/** Whether pages may lead to the demo's examples: nobody but the person at this machine reads them. */
export function isLocalDemo({ demo, publicUrlIsLocal }: Config): boolean {
  return demo && publicUrlIsLocal;
}

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on; otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
}

/** A name and an address, as in a From header. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Our client at an OpenID provider. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a client without one, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** What the button says. */
  readonly name: string;
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
    name: "SMTP_URL",
    meaning:
      "Mail server, `smtp://user:password@host:587` or `smtps://…:465`; sign-in links need it",
    fallback: "none; the demo keeps mails at /dev/mail",
  },
  {
    name: "MAIL_FROM",
    meaning: "Sender of mails, `address` or `Name <address>`",
    fallback: "no-reply@ the host of PUBLIC_URL",
  },
  {
    name: "OIDC_ISSUER",
    meaning: "OpenID provider that people may sign in with, by its issuer address",
    fallback: "none",
  },
  {
    name: "OIDC_CLIENT_ID",
    meaning: "Our client there; needed with OIDC_ISSUER",
    fallback: "none",
  },
  { name: "OIDC_CLIENT_SECRET", meaning: "Its secret, where it has one", fallback: "none" },
  {
    name: "OIDC_NAME",
    meaning: "What the provider is called on the sign-in page",
    fallback: "the host of OIDC_ISSUER",
  },
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

/** A setting that cannot be used; the message says what to write instead. */
class SettingFault extends Error {}

/** Throws SettingFault with `message` unless the rule holds. */
function must(holds: boolean, message: string): void {
  if (!holds) throw new SettingFault(message);
}

function toPublicUrl(text: string): URL {
  must(URL.canParse(text), "must be an address such as https://badges.example.org");
  const url = new URL(text);
  must(/^https?:$/.test(url.protocol), "must begin with https:// (or http:// on your own machine)");
  must(
    url.protocol === "https:" || isLocalHost(url.hostname),
    "must begin with https:// unless it is a local address",
  );
  must(
    url.pathname === "/" && url.search === "" && url.hash === "",
    "must be an origin: no path, query or fragment",
  );
  must(url.username === "" && url.password === "", "must not hold a user name or password");
  return url;
}

function toDatabaseUrl(text: string): string {
  must(
    /^(file:.+|(libsql|https|http):\/\/.+)$/.test(text),
    "must be a file: path, or a libsql:, https: or http: address",
  );
  return text;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    must(value >= least && value <= most, `must be a whole number from ${least} to ${most}`);
    return value;
  };
}

function oneOf<Word extends string>(words: readonly Word[], message: string) {
  return (text: string): Word => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new SettingFault(message);
    return word;
  };
}

const MIN_SECRET_LENGTH = 32;

function toSecret(text: string): string {
  must(
    text.length >= MIN_SECRET_LENGTH,
    `must have at least ${MIN_SECRET_LENGTH} characters; \`openssl rand -hex 32\` makes one`,
  );
  return text;
}

function toRetiredSecrets(text: string): string[] {
  const secrets = text.split(",").map((secret) => secret.trim());
  must(
    secrets.every((secret) => secret.length >= MIN_SECRET_LENGTH),
    `must be values of at least ${MIN_SECRET_LENGTH} characters, separated by commas`,
  );
  return secrets;
}

const SMTP_PORTS: Readonly<Record<string, number>> = { "smtp:": 587, "smtps:": 465 };

function toSmtp(text: string): SmtpConfig {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = SMTP_PORTS[url?.protocol ?? ""];
  if (url === null || port === undefined || url.hostname === "" || url.search !== "") {
    throw new SettingFault("must be an address such as smtp://user:password@mail.example.org:587");
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? port : Number(url.port),
    secure: url.protocol === "smtps:",
    user: url.username === "" ? null : decoded(url.username),
    password: url.password === "" ? null : decoded(url.password),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SettingFault("must have %25 where its user name or password has a percent sign");
  }
}

function toMailbox(text: string): Mailbox {
  const [, name = "", address = text] = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u.exec(text) ?? [];
  must(isEmail(address), "must be an address such as badges@example.org, or Name <address>");
  return { name: name.trim(), address };
}

function toIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const reached =
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK_HOST.test(url.hostname)));
  must(
    reached && url.search === "" && url.hash === "" && url.username === "",
    "must be the provider's issuer address, beginning with https://",
  );
  return text;
}

const LOOPBACK_HOST = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

const anyText = (text: string): string => text;

const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

/** What each variable says, undefined where it is not given. Throws ConfigError naming every fault. */
function readSettings(environment: Readonly<Record<string, unknown>>) {
  const faults: ConfigFault[] = [];
  function read<Value>(name: string, reader: (text: string) => Value): Value | undefined {
    const text = environment[name];
    // An empty string is how shells say "not given".
    if (typeof text !== "string" || text === "") return undefined;
    try {
      return reader(text);
    } catch (error) {
      if (!(error instanceof SettingFault)) throw error;
      faults.push({ name, message: error.message });
      return undefined;
    }
  }
  const settings = {
    PORT: read("PORT", wholeNumber(0, 65_535)),
    HOST: read("HOST", anyText),
    PUBLIC_URL: read("PUBLIC_URL", toPublicUrl),
    DATABASE_URL: read("DATABASE_URL", toDatabaseUrl),
    DATABASE_AUTH_TOKEN: read("DATABASE_AUTH_TOKEN", anyText),
    DATA_DIR: read("DATA_DIR", anyText),
    SECRET_KEY: read("SECRET_KEY", toSecret),
    SECRET_KEY_RETIRED: read("SECRET_KEY_RETIRED", toRetiredSecrets),
    LOG_LEVEL: read("LOG_LEVEL", oneOf(LEVELS, "must be debug, info, warn or error")),
    MAX_UPLOAD_BYTES: read("MAX_UPLOAD_BYTES", wholeNumber(1_024, 16_777_216)),
    MAX_BODY_BYTES: read("MAX_BODY_BYTES", wholeNumber(1_024, 16_777_216)),
    SMTP_URL: read("SMTP_URL", toSmtp),
    MAIL_FROM: read("MAIL_FROM", toMailbox),
    OIDC_ISSUER: read("OIDC_ISSUER", toIssuer),
    OIDC_CLIENT_ID: read("OIDC_CLIENT_ID", anyText),
    OIDC_CLIENT_SECRET: read("OIDC_CLIENT_SECRET", anyText),
    OIDC_NAME: read("OIDC_NAME", anyText),
    DEMO: read("DEMO", oneOf(["true", "false"], "must be true or false")),
  };
  if (settings.OIDC_ISSUER !== undefined && settings.OIDC_CLIENT_ID === undefined) {
    faults.push({ name: "OIDC_CLIENT_ID", message: "must be given with OIDC_ISSUER" });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

type Settings = ReturnType<typeof readSettings>;

function oidcOf(settings: Settings): OidcConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = settings;
  if (issuer === undefined || clientId === undefined) return null;
  const name = settings.OIDC_NAME ?? new URL(issuer).host;
  return { issuer, clientId, clientSecret: settings.OIDC_CLIENT_SECRET ?? null, name };
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
  const settings = readSettings(environment);
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
    smtp: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? { name: "Rosette", address: `no-reply@${url.hostname}` },
    oidc: oidcOf(settings),
  };
}

function databaseOf(url: string, authToken: string | undefined): DatabaseConfig {
  if (url.startsWith("file:")) return { kind: "file", path: url.slice("file:".length) };
  return { kind: "remote", url, authToken: authToken ?? null };
}
