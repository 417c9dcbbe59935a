// Every setting with values that are taken and values that are not.
import { describe, expect, it } from "vitest";
import { type Config, ConfigError, readConfig, SETTINGS } from "../../src/config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const read = (environment: Record<string, string>) => readConfig(environment, () => SECRET);

const GOOD: [name: string, value: string, pick: (config: Config) => unknown, becomes: unknown][] = [
  ["PORT", "0", (c) => c.port, 0],
  ["PORT", "65535", (c) => c.port, 65_535],
  ["HOST", "::1", (c) => c.host, "::1"],
  ["PUBLIC_URL", "https://badges.example.org", (c) => c.publicUrl, "https://badges.example.org"],
  ["PUBLIC_URL", "https://badges.example.org/", (c) => c.publicUrl, "https://badges.example.org"],
  ["PUBLIC_URL", "http://127.0.0.1:99", (c) => c.publicUrl, "http://127.0.0.1:99"],
  ["PUBLIC_URL", "https://badges.example.org", (c) => c.publicUrlIsLocal, false],
  ["PUBLIC_URL", "http://box.local", (c) => c.publicUrlIsLocal, true],
  ["PUBLIC_URL", "https://badges.example.org", (c) => c.host, "0.0.0.0"],
  ["PUBLIC_URL", "https://badges.example.org", (c) => c.demo, false],
  ["DATABASE_URL", "file:/a/b.db", (c) => c.database, { kind: "file", path: "/a/b.db" }],
  [
    "DATABASE_URL",
    "libsql://db.example.org",
    (c) => c.database,
    { kind: "remote", url: "libsql://db.example.org", authToken: null },
  ],
  ["DATA_DIR", "/srv/rosette", (c) => c.dataDir, "/srv/rosette"],
  ["DATA_DIR", "/srv/r", (c) => c.database, { kind: "file", path: "/srv/r/rosette.db" }],
  ["SECRET_KEY", "x".repeat(32), (c) => c.secretKey.length, 32],
  ["SECRET_KEY_RETIRED", "x".repeat(32), (c) => c.retiredSecretKeys.length, 1],
  [
    "SECRET_KEY_RETIRED",
    `${"x".repeat(32)}, ${"y".repeat(40)}`,
    (c) => c.retiredSecretKeys.map((key) => key.length),
    [32, 32],
  ],
  ["SECRET_KEY_RETIRED", "", (c) => c.retiredSecretKeys, []],
  ["LOG_LEVEL", "debug", (c) => c.logLevel, "debug"],
  ["MAX_UPLOAD_BYTES", "1024", (c) => c.maxUploadBytes, 1_024],
  ["MAX_BODY_BYTES", "16777216", (c) => c.maxBodyBytes, 16_777_216],
  [
    "SMTP_URL",
    "smtp://mail.example.org",
    (c) => c.smtp,
    { host: "mail.example.org", port: 587, secure: false, user: null, password: null },
  ],
  [
    "SMTP_URL",
    "smtps://kim%40example.org:p%2Fw@[::1]:2465",
    (c) => c.smtp,
    { host: "::1", port: 2_465, secure: true, user: "kim@example.org", password: "p/w" },
  ],
  ["SMTP_URL", "smtps://mail.example.org", (c) => c.smtp?.port, 465],
  ["SMTP_URL", "", (c) => c.smtp, null],
  [
    "MAIL_FROM",
    "Northside Badges <badges@example.org>",
    (c) => c.mailFrom,
    { name: "Northside Badges", address: "badges@example.org" },
  ],
  ["MAIL_FROM", "b@example.org", (c) => c.mailFrom, { name: "", address: "b@example.org" }],
  ["MAIL_FROM", "", (c) => c.mailFrom, { name: "Rosette", address: "no-reply@localhost" }],
  ["OIDC_ISSUER", "https://id.example.org/realm", (c) => c.oidc?.name, "id.example.org"],
  ["OIDC_ISSUER", "http://127.0.0.1:9000", (c) => c.oidc?.issuer, "http://127.0.0.1:9000"],
  ["OIDC_ISSUER", "https://id.example.org/", (c) => c.oidc?.clientSecret, null],
  ["OIDC_CLIENT_ID", "rosette", (c) => c.oidc?.clientId, "rosette"],
  ["OIDC_CLIENT_SECRET", "hush", (c) => c.oidc?.clientSecret, "hush"],
  ["OIDC_NAME", "Our School", (c) => c.oidc?.name, "Our School"],
  ["DEMO", "false", (c) => c.demo, false],
  ["DEMO", "", (c) => c.demo, true],
];

const BAD: [name: string, value: string][] = [
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PORT", "80a"],
  ["PUBLIC_URL", "badges.example.org"],
  ["PUBLIC_URL", "http://badges.example.org"],
  ["PUBLIC_URL", "https://badges.example.org/below"],
  ["PUBLIC_URL", "https://badges.example.org/?q"],
  ["PUBLIC_URL", "https://user:word@badges.example.org"],
  ["PUBLIC_URL", "ftp://badges.example.org"],
  ["DATABASE_URL", "postgres://db"],
  ["DATABASE_URL", "file:"],
  ["SECRET_KEY", "x".repeat(31)],
  ["SECRET_KEY_RETIRED", "x".repeat(31)],
  ["SECRET_KEY_RETIRED", `${"x".repeat(32)},`],
  ["LOG_LEVEL", "loud"],
  ["MAX_UPLOAD_BYTES", "1023"],
  ["MAX_UPLOAD_BYTES", "16777217"],
  ["MAX_BODY_BYTES", "1e6"],
  ["SMTP_URL", "mail.example.org"],
  ["SMTP_URL", "https://mail.example.org"],
  ["SMTP_URL", "smtp://mail.example.org?pool=true"],
  ["SMTP_URL", "smtp://user:100%@mail.example.org"],
  ["MAIL_FROM", "Northside"],
  ["MAIL_FROM", "a@example.org, b@example.org"],
  ["MAIL_FROM", "Name <a@example.org>\r\nBcc: <b@example.org>"],
  ["OIDC_ISSUER", "id.example.org"],
  ["OIDC_ISSUER", "http://id.example.org"],
  ["OIDC_ISSUER", "https://id.example.org?x"],
  ["DEMO", "yes"],
];

/** What a setting is of no use without. */
const BESIDE: Readonly<Record<string, Record<string, string>>> = {
  OIDC_ISSUER: { OIDC_CLIENT_ID: "rosette" },
  OIDC_CLIENT_ID: { OIDC_ISSUER: "https://id.example.org" },
  OIDC_CLIENT_SECRET: { OIDC_ISSUER: "https://id.example.org", OIDC_CLIENT_ID: "rosette" },
  OIDC_NAME: { OIDC_ISSUER: "https://id.example.org", OIDC_CLIENT_ID: "rosette" },
};

async function faults(environment: Record<string, string>): Promise<string[]> {
  const refused = await read(environment).catch((error: unknown) => error);
  if (!(refused instanceof ConfigError)) throw new Error("the settings were taken");
  return [...new Set(refused.faults.map(({ name }) => name))];
}

describe("settings", () => {
  it.each(GOOD)("%s takes %j", async (name, value, pick, becomes) => {
    expect(pick(await read({ ...BESIDE[name], [name]: value }))).toEqual(becomes);
  });

  it.each(BAD)("%s refuses %j", async (name, value) => {
    expect(await faults({ ...BESIDE[name], [name]: value })).toEqual([name]);
  });

  it("an OpenID provider needs a client there", async () => {
    expect(await faults({ OIDC_ISSUER: "https://id.example.org" })).toEqual(["OIDC_CLIENT_ID"]);
    expect((await read({ OIDC_CLIENT_ID: "rosette" })).oidc).toBe(null);
  });

  it("says all that is wrong at once", async () => {
    const wrong = { PORT: "x", PUBLIC_URL: "x", DATABASE_URL: "x", SECRET_KEY: "x", DEMO: "x" };
    expect(await faults(wrong)).toEqual(Object.keys(wrong));
  });

  it("reads nothing from a setting that the table does not name", () => {
    const tested = new Set([...GOOD, ...BAD].map(([name]) => name));
    const named = SETTINGS.map(({ name }) => name).filter((name) => name !== "DATABASE_AUTH_TOKEN");
    expect([...tested].sort()).toEqual(named.sort());
  });

  it("keeps the token of the database out of what can be printed", async () => {
    const refused = await read({ DATABASE_AUTH_TOKEN: "tell-nobody", PORT: "x" }).catch(String);
    expect(refused).not.toContain("tell-nobody");
  });

  it("needs a secret where none can be made", async () => {
    const refused = await readConfig({}, () => null).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
  });
});
