// The Worker as it is deployed: built by wrangler, served by workerd, over libSQL by HTTP.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTestHarness, type TestHarness, unstable_readConfig } from "wrangler";
import { readMigrations, testEnv } from "#runtime";
import { createDatabase } from "../src/db/database.ts";
import { jobs } from "../src/db/jobs.ts";
import type { Env } from "../src/env.ts";
import { enqueue } from "../src/jobs/outbox.ts";
import { SCHEDULE } from "../src/recurring-work.ts";
import { openRemote } from "../src/runtime/libsql-http.ts";
import { MIGRATION_NAMES } from "../src/runtime/schema.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization, givenPerson } from "./given.ts";
import { refresh, registered, tokensFor } from "./host/client.ts";
import { signedIn } from "./signed-in.ts";
import { visitor } from "./signin/visitor.ts";

const ORIGIN = "https://badges.example.org";
const SECRET = "a secret that only tests know, long enough";
const ROOT = new URL("..", import.meta.url).pathname;
/** Well within every plan, and quick to start. */
const MOST_COMPRESSED_BYTES = 1024 * 1024;
/** What the bundle is made of, as esbuild writes it down. */
const METAFILE = "bundle-meta.json";

const authToken = crypto.randomUUID();
let folder: string;
let env: Env;
let harness: TestHarness;
let stopSeeding: () => Promise<void>;
const known = { organization: "", badge: "", valid: "", revoked: "" };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosette-worker-"));
  await promisify(execFile)(
    join(ROOT, "node_modules/.bin/wrangler"),
    ["deploy", "--dry-run", "--outdir", folder, "--metafile", join(folder, METAFILE)],
    { cwd: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" } },
  );
  await seed();
  harness = await serve({
    PUBLIC_URL: ORIGIN,
    DATABASE_URL: inject("hranaUrl"),
    SMTP_URL: `smtp://127.0.0.1:${inject("smtp").port}`,
  });
}, 120_000);

afterAll(async () => {
  await harness.close();
  await stopSeeding();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(
  vars: Record<string, string>,
  secrets: Record<string, string> = { SECRET_KEY: SECRET, DATABASE_AUTH_TOKEN: authToken },
): Promise<TestHarness> {
  const configPath = join(ROOT, "wrangler.toml");
  const server = createTestHarness({
    root: ROOT,
    workers: [{ configPath, prebuiltWorkerDir: folder, vars, secrets }],
  });
  await server.listen();
  return server;
}

async function seed(): Promise<void> {
  const built = await testEnv({
    publicUrl: ORIGIN,
    now: Date.now,
    log: () => {},
    background: () => {},
  });
  stopSeeding = () => built.database.close();
  const remote = openRemote({ url: inject("hranaUrl"), authToken }, fetch);
  env = { ...built.env, db: createDatabase(remote) };
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization);
  const valid = await givenAward(env, badge, await givenPerson(env, organization));
  const revoked = await givenAward(env, badge, await givenPerson(env, organization), {
    revoked_at: env.now(),
    revocation_reason: "Issued in error.",
  });
  known.organization = organization.id;
  known.badge = badge.id;
  known.valid = valid.unique_hash;
  known.revoked = revoked.unique_hash;
}

/** Which files of packages ask for something that the settings replace, and as what. */
function replacedImports(): string[] {
  const { alias = {} } = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  const made = JSON.parse(readFileSync(join(folder, METAFILE), "utf8")) as Metafile;
  const asked = Object.entries(made.inputs).flatMap(([path, { imports }]) =>
    imports.flatMap(({ original = "" }) => (original in alias ? [`${path}: ${original}`] : [])),
  );
  return asked.map((line) => line.replace("node_modules/", "")).sort();
}

interface Metafile {
  readonly inputs: Record<string, { readonly imports: { readonly original?: string }[] }>;
}

const get = (path: string, accept = "*/*", server = harness) =>
  server.fetch(`${ORIGIN}${path}`, { headers: { accept }, redirect: "manual" });

describe("the built Worker", () => {
  it("is small, and knows nothing of Node's native parts", () => {
    const script = readFileSync(join(folder, "worker.js"));
    const compressed = gzipSync(script).length;
    console.info(`worker: ${Math.round(compressed / 1024)} KiB compressed`);
    expect(compressed).toBeLessThan(MOST_COMPRESSED_BYTES);
    expect(script.toString()).not.toMatch(/@neon-rs\/load|detect-libc/);
  });

  it("is without tables that nothing reads, which only these ask for", () => {
    expect(replacedImports()).toEqual([
      "accepts/node_modules/mime-types/index.js: mime-db",
      "mime-types/index.js: mime-db",
      "nodemailer/dist/esm/mailer/index.js: ../mime-funcs/mime-types.js",
      "nodemailer/dist/esm/mime-funcs/index.js: ./mime-types.js",
      "zod/v4/classic/external.js: ../locales/index.js",
      "zod/v4/core/index.js: ../locales/index.js",
    ]);
  });

  it("was written for exactly the migrations there are", () => {
    expect(MIGRATION_NAMES).toEqual(readMigrations().map(({ name }) => name));
  });
});

describe("the URL map, served by workerd", () => {
  it.each<[string, () => string, number, string, string]>([
    ["the home page", () => "/", 200, "text/html", "text/html"],
    ["/healthz", () => "/healthz", 200, "*/*", "application/json"],
    ["/readyz", () => "/readyz", 200, "*/*", "application/json"],
    ["an issuer", () => `/ob/v2/issuers/${known.organization}`, 200, "*/*", "application/ld+json"],
    ["a badge class", () => `/ob/v2/badges/${known.badge}`, 200, "*/*", "application/ld+json"],
    ["its picture", () => `/ob/v2/badges/${known.badge}/image`, 200, "*/*", "image/svg+xml"],
    ["an assertion", () => `/ob/v2/assertions/${known.valid}`, 200, "*/*", "application/ld+json"],
    [
      "a baked picture",
      () => `/ob/v2/assertions/${known.valid}/image.svg`,
      200,
      "*/*",
      "image/svg+xml",
    ],
    [
      "a revoked assertion",
      () => `/ob/v2/assertions/${known.revoked}`,
      410,
      "*/*",
      "application/ld+json",
    ],
    [
      "an unknown assertion",
      () => `/ob/v2/assertions/${"0".repeat(40)}`,
      404,
      "*/*",
      "application/problem+json",
    ],
    ["a badge's page", () => `/b/${known.valid}`, 200, "text/html", "text/html"],
    ["OpenAPI", () => "/openapi.json", 200, "*/*", "application/json"],
    ["the API without a key", () => "/api/v1/badges", 401, "*/*", "application/problem+json"],
    ["a problem's page", () => "/problems/not-found", 200, "text/html", "text/html"],
    ["nothing", () => "/nothing/here", 404, "*/*", "application/problem+json"],
  ])("%s", async (_what, path, status, accept, type) => {
    const response = await get(path(), accept);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain(type);
  });

  it("says the assertion's own address and the person's hash", async () => {
    const response = await get(`/ob/v2/assertions/${known.valid}`);
    expect(await response.json()).toMatchObject({
      id: `${ORIGIN}/ob/v2/assertions/${known.valid}`,
      type: "Assertion",
      recipient: { type: "email", hashed: true },
    });
  });

  it("logs neither the secret nor the token", () => {
    const lines = harness.getLogs().map(({ message }) => message);
    expect(lines.join("\n")).not.toContain(SECRET);
    expect(lines.join("\n")).not.toContain(authToken);
  });
});

/** The harness's own requests and answers are other classes than those of this process. */
async function request(path: string, init?: RequestInit): Promise<Response> {
  const { method, headers, body } = new Request(new URL(path, ORIGIN), init);
  const text = body === null ? undefined : await new Response(body).text();
  const answer = await harness.fetch(new URL(path, ORIGIN).href, {
    method,
    headers: [...headers],
    redirect: "manual",
    ...(text === undefined ? {} : { body: text }),
  });
  return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), {
    status: answer.status,
    headers: [...answer.headers],
  });
}

describe("the authorization server, served by workerd", () => {
  it("registers an app, asks a person, redeems a code and refreshes", async () => {
    const reached = { env, request };
    const person = await givenPerson(env, await givenOrganization(env));
    const browser = await signedIn(reached, person.user.id);
    const client = await registered(reached);
    const tokens = await tokensFor(reached, browser, client);
    const again = await refresh(reached, client, tokens.refresh_token);
    expect(again.status).toBe(200);
    const { access_token: token } = (await again.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    const listed = await request("/ims/ob/v2p1/assertions", { headers });
    expect(await listed.json()).toMatchObject({ status: { statusText: "OK" } });
  });
});

describe("signing in, served by workerd", () => {
  it("sends the mail through its own sockets, with the request that asked for it", async () => {
    const browser = visitor({ env, request });
    const to = `kim@${crypto.randomUUID()}.example`;
    const page = await browser.get("/login?next=/me/sessions");
    const sent = await browser.send(page, "/login", { email: to });
    expect(sent).toMatchObject({ status: 303, location: "/login/code" });
    const arrived = await fetch(`${inject("smtp").inbox}?to=${to}&least=1`);
    const [mail = ""] = (await arrived.json()) as string[];
    const code = /^(\d{3}) (\d{3})\r$/m.exec(mail)?.slice(1).join("") ?? "";
    const done = await browser.send(await browser.get("/login/code"), "/login/code", { code });
    expect(done).toMatchObject({ status: 303, location: "/me/sessions" });
    expect((await browser.get("/me/sessions")).text).toContain(`Signed in as ${to}`);
  });
});

describe("the Cron Trigger", () => {
  it("drains a job that is due and makes the next appointment", async () => {
    await env.db.batch([enqueue(env, { kind: "housekeeping", dedupeKey: "recurring" })]);
    const result = await harness.getWorker().scheduled({ cron: "* * * * *" });
    expect(result.outcome).toBe("ok");
    const rows = await env.db.orm.select().from(jobs).where(eq(jobs.kind, "housekeeping"));
    expect(rows.filter((job) => job.done_at !== null)).toHaveLength(1);
    const [next] = rows.filter((job) => job.done_at === null);
    expect(next?.due_at).toBeGreaterThan(env.now());
  });

  it("plans the recurring work where none waits", async () => {
    await env.db.batch([{ sql: "DELETE FROM jobs", params: [] }]);
    expect((await harness.getWorker().scheduled({ cron: "* * * * *" })).outcome).toBe("ok");
    // Each kind was due at once, and has its next appointment.
    const rows = await env.db.orm.select().from(jobs);
    expect(rows).toHaveLength(2 * Object.keys(SCHEDULE).length);
  });
});

describe("what is left of replaced tables does its work, served by workerd", () => {
  it("says in the API's own words what is wrong with a body", async () => {
    const organization = await givenOrganization(env);
    const key = await givenApiKey(env, organization);
    const refused = await request("/api/v1/awards", posted(key, { badge: 7 }));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ detail: "This must be a string." }),
      ]),
    });
  });

  it("attaches the badge to the mail about it, by its name and type", async () => {
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const to = `kim@${crypto.randomUUID()}.example`;
    const recipient = { type: "email", identity: to, name: "Kim" };
    const key = await givenApiKey(env, organization);
    const made = await request("/api/v1/awards", posted(key, { badge: badge.id, recipient }));
    expect(made.status).toBe(201);
    expect((await harness.getWorker().scheduled({ cron: "* * * * *" })).outcome).toBe("ok");
    const arrived = await fetch(`${inject("smtp").inbox}?to=${to}&least=1`);
    const [mail = ""] = (await arrived.json()) as string[];
    expect(mail).toMatch(/^Content-Type: image\/svg\+xml; name=\S+\.svg\r$/m);
    expect(mail).toMatch(/^Content-Disposition: attachment; filename=\S+\.svg\r$/m);
  });
});

const posted = (key: string, body: unknown): RequestInit => ({
  method: "POST",
  headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("a Worker that cannot work says why", () => {
  const answerOf = async (...given: Parameters<typeof serve>) => {
    const server = await serve(...given);
    try {
      const response = await get("/readyz", "*/*", server);
      return { status: response.status, text: await response.text(), logs: server.getLogs() };
    } finally {
      await server.close();
    }
  };

  it("where the database does not answer", async () => {
    const { status, text } = await answerOf({
      PUBLIC_URL: ORIGIN,
      DATABASE_URL: "http://127.0.0.1:1",
    });
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ status: "unready", reason: "database" });
  });

  it("where the database was never migrated", async () => {
    const empty = `empty-${crypto.randomUUID()}`;
    const { status, text } = await answerOf(
      { PUBLIC_URL: ORIGIN, DATABASE_URL: inject("hranaUrl") },
      { SECRET_KEY: SECRET, DATABASE_AUTH_TOKEN: empty },
    );
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ status: "unready", reason: "schema" });
  });

  it("where a setting is missing, in the log alone", async () => {
    const { status, text, logs } = await answerOf(
      { PUBLIC_URL: ORIGIN, DATABASE_URL: inject("hranaUrl") },
      {},
    );
    expect(status).toBe(503);
    expect(text).not.toContain("SECRET_KEY");
    expect(logs.some(({ message }) => message.includes("SECRET_KEY"))).toBe(true);
  });
});
