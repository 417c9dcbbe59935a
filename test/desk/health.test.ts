// /admin/health and what it judges by: each fault with its fix, work that was given up, and doing it again.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import {
  checkAddress,
  checkClock,
  checkDatabase,
  checkImages,
  checkIssued,
  checkJobs,
  checkKeys,
  checkMail,
  checkSchema,
  LATE_MS,
} from "../../src/checkup.ts";
import type { Config } from "../../src/config.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import { jobs } from "../../src/db/jobs.ts";
import { unpark } from "../../src/db/jobs-look.ts";
import type { Env, Mail, MailFault } from "../../src/env.ts";
import { currentSigner } from "../../src/issuer/signing-key.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { HEALTH } from "../../src/pages/words/health.ts";
import { speaker } from "../../src/pages/words/speak.tsx";
import { TEST_NOW, type TestApp, type TestOptions, testApp } from "../app.ts";
import { administrating, makeSiteAdministrator, textOf } from "./administrating.ts";

async function world(options: TestOptions = {}) {
  const app = await testApp(options);
  const { browser, person } = await administrating(app);
  await makeSiteAdministrator(app.env, person);
  const page = async (query = "") =>
    textOf(await (await browser.get(`/admin/health${query}`)).text());
  return { app, browser, page };
}

const SMTP = { host: "mail.example.org", port: 587, secure: false, user: null, password: null };

function mailing(fault: MailFault | null): TestOptions["override"] {
  const mail: Mail = { send: async () => ({ ok: true }), check: async () => fault };
  return ({ config }) => ({ mail, config: { ...config, smtp: SMTP } });
}

async function given(app: TestApp, kind: string, parkedAt: number | null, key?: string) {
  const id = await app.env.db.batch([
    enqueue(app.env, { kind, ...(key === undefined ? {} : { dedupeKey: key }) }),
    {
      sql: `UPDATE jobs SET parked_at = ?, last_error = 'mail-refused', attempts = 9
        WHERE id = (SELECT max(id) FROM jobs) AND ? IS NOT NULL`,
      params: [parkedAt, parkedAt],
    },
  ]);
  app.clock.advance(1);
  return id;
}

describe("the page", () => {
  it("says that all is well, and what it looked at", async () => {
    const { page } = await world({ override: mailing(null) });
    const text = await page();
    for (const name of ["Database", "Signing keys", "Public address", "Mail", "Clock"]) {
      expect(text).toContain(name);
    }
    expect(text).toContain("mail.example.org:587");
  });

  it("says what is wrong, what to do, and the command to run", async () => {
    const { app, page } = await world({ override: mailing("mail-credentials-refused") });
    await given(app, "mail.notify", app.clock.now);
    const text = await page();
    expect(text).toContain("things need somebody.");
    expect(text).toContain("does not take the user name and password of SMTP_URL");
    expect(text).toContain("npx rosette jobs retry");
    expect(text).toContain("mail.notify");
    expect(text).toContain("mail-refused");
  });

  it("waits for no mail server that says nothing", async () => {
    const { page } = await world({
      override: (env) => ({
        ...mailing(null)?.(env),
        mail: { send: async () => ({ ok: true }), check: () => new Promise(() => {}) },
        pause: async () => {},
      }),
    });
    expect(await page()).toContain("mail-server-unreachable");
  });

  it("names a database that holds the tables of another version", async () => {
    const { page } = await world({ override: () => ({ readiness: async () => "schema" }) });
    expect(await page()).toContain("another version than this program’s");
  });

  it("has all that was given up done again, which is in the audit log", async () => {
    const { app, browser, page } = await world();
    await given(app, "mail.notify", app.clock.now);
    const done = await browser.post("/admin/health/retry");
    expect(done.headers.get("location")).toBe("/admin/health?done=retried");
    expect(await page("?done=retried")).toContain("It is being done again.");
    const [row] = await app.env.db.orm.select().from(jobs).where(eq(jobs.kind, "mail.notify"));
    expect(row).toMatchObject({ parked_at: null, attempts: 0, due_at: app.clock.now });
    const { rows } = await app.env.db.read({
      sql: "SELECT action, organization_id FROM audit_log ORDER BY id DESC LIMIT 1",
      params: [],
    });
    expect(rows[0]).toEqual(["job.retried", null]);
  });
});

it("of work that would do the same only one piece is done again", async () => {
  const app = await testApp();
  await given(app, "a", 1, "same");
  await given(app, "a", 2, "same");
  await given(app, "b", 1, "waits");
  await given(app, "b", null, "waits");
  await given(app, "c", 1);
  await app.env.db.batch([...unpark(app.clock.now)]);
  const rows = await app.env.db.orm.select().from(jobs);
  const open = rows.filter((one) => one.done_at === null && one.parked_at === null);
  expect(open.map(({ kind }) => kind).sort()).toEqual(["a", "b", "c"]);
  expect(rows.filter((one) => one.parked_at !== null && one.done_at === null)).toEqual([]);
});

describe("what is judged", () => {
  const config = async (over: Partial<Config> = {}) => ({
    ...(await testApp()).env.config,
    ...over,
  });

  it.each([
    [TEST_NOW, null, "ok"],
    [TEST_NOW, TEST_NOW + 300_000, "ok"],
    [TEST_NOW, TEST_NOW + 300_001, "warn"],
    [Date.UTC(2026, 0, 1), null, "ok"],
    [Date.UTC(2026, 0, 1) - 1, null, "fail"],
  ])("the clock: %d, last written %d: %s", (now, written, state) => {
    expect(checkClock(now, written).state).toBe(state);
  });

  it("the public address, and the one in badges", async () => {
    const local = await config({ publicUrl: "http://localhost:8787", publicUrlIsLocal: true });
    const own = await config({ publicUrl: "https://badges.example.org", publicUrlIsLocal: false });
    expect([checkAddress(local).state, checkAddress(own).state]).toEqual(["warn", "ok"]);
    expect(checkIssued(own, null).found).toBe("issued-none");
    expect(checkIssued(own, "https://badges.example.org").state).toBe("ok");
    expect(checkIssued(own, "https://old.example.org")).toMatchObject({
      state: "warn",
      command: "PUBLIC_URL=https://old.example.org npm start",
    });
  });

  it.each([
    ["none", null, "warn"],
    ["one that works", null, "ok"],
    ["one that is not there", "mail-server-unreachable", "fail"],
    ["one that fails somehow", "mail-failed", "fail"],
  ] as const)("the mail server: %s", async (name, fault, state) => {
    const smtp = name === "none" ? null : SMTP;
    const settings = await config({ smtp, demo: false });
    expect((await checkMail(settings, async () => fault)).state).toBe(state);
  });

  it("in the demo mails are kept", async () => {
    const settings = await config({ smtp: null, demo: true, publicUrlIsLocal: true });
    expect(await checkMail(settings, async () => null)).toMatchObject({
      state: "ok",
      found: "mail-demo",
    });
  });

  it.each([
    [["a", "b"], "ok", "schema"],
    [["a"], "warn", "schema-missing"],
    [["a", "b", "c"], "fail", "schema-unknown"],
  ] as const)("the tables: %s", (applied, state, found) => {
    expect(checkSchema(applied, ["a", "b"])).toMatchObject({ state, found });
  });

  it("a database that does not answer", async () => {
    const read: Env["db"]["read"] = () => Promise.reject(new DatabaseError("unreachable"));
    expect((await checkDatabase({ read }, "db.example.org", () => 0)).state).toBe("fail");
  });

  it("keys that another secret sealed", async () => {
    const app = await testApp();
    const { env } = app;
    const { organization } = await administrating(app);
    expect(await checkKeys(env.db, env.config)).toMatchObject({ values: { count: 0 } });
    await currentSigner(env, organization.id);
    expect(await checkKeys(env.db, env.config)).toMatchObject({
      state: "ok",
      values: { count: 1 },
    });
    const secretKey = new Uint8Array(32).fill(9);
    const other = { ...env.config, secretKey };
    expect(await checkKeys(env.db, other)).toMatchObject({
      state: "fail",
      values: { count: 1, all: 1 },
    });
    const retired = { ...other, retiredSecretKeys: [env.config.secretKey] };
    expect((await checkKeys(env.db, retired)).state).toBe("ok");
  });

  it("work that nobody does", async () => {
    const { env, clock } = await testApp();
    await env.db.batch([enqueue(env, { kind: "award.evaluate" })]);
    clock.advance(LATE_MS - 1);
    expect((await checkJobs(env.db, clock.now)).state).toBe("ok");
    clock.advance(1);
    expect(await checkJobs(env.db, clock.now)).toMatchObject({
      state: "warn",
      values: { count: 1, since: new Date(TEST_NOW).toISOString() },
    });
  });

  it.each([
    [false, { ok: false, reason: "unavailable" }, "warn", "images-absent"],
    [true, { ok: false, reason: "unavailable" }, "warn", "images-none"],
    [true, { ok: true, png: new Uint8Array() }, "ok", "images"],
  ] as const)("an image engine: %j %j", async (available, drawn, state, found) => {
    const judged = await checkImages({ available, rasterise: async () => drawn });
    expect(judged).toMatchObject({ state, found });
  });
});

it("every finding has its words in both languages", () => {
  for (const language of ["en", "de"] as const) {
    const t = speaker(language, HEALTH);
    for (const key of Object.keys(HEALTH.en) as (keyof typeof HEALTH.en)[]) {
      expect([key, t(key, { count: 1, all: 2 })]).not.toEqual([key, ""]);
    }
  }
});
