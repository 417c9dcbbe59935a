// The Worker as it is deployed: built by wrangler, served by workerd, over libSQL by HTTP.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { readMigrations, testEnv } from "#runtime";
import { createDatabase } from "../src/db/database.ts";
import { jobs } from "../src/db/jobs.ts";
import type { Env } from "../src/env.ts";
import { enqueue } from "../src/jobs/outbox.ts";
import { SCHEDULE } from "../src/recurring-work.ts";
import { openRemote } from "../src/runtime/libsql-http.ts";
import { MIGRATION_NAMES } from "../src/runtime/schema.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "./given.ts";
import { refresh, registered, tokensFor } from "./host/client.ts";
import { signedIn } from "./signed-in.ts";
import { visitor } from "./signin/visitor.ts";

const ORIGIN = "https://badges.example.org";
const SECRET = "a secret that only tests know, long enough";
const ROOT = new URL("..", import.meta.url).pathname;
/** Well within every plan, and quick to start. */
const MOST_COMPRESSED_BYTES = 1024 * 1024;

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
    ["deploy", "--dry-run", "--outdir", folder],
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
