import { describe, expect, it } from "vitest";
import { authorizationServers, authorizations, backpacks } from "../../src/db/backpacks.ts";
import { idempotencyKeys } from "../../src/db/idempotency.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { drain } from "../../src/jobs/drain.ts";
import {
  housekeeping,
  KEEP_DONE_JOBS_MS,
  KEEP_IMPORT_ROWS_MS,
  KEEP_WAYS_IN_MS,
  SWEEP_ROWS,
} from "../../src/jobs/housekeeping.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { ensureScheduled, recurring } from "../../src/jobs/schedule.ts";
import { SCHEDULE } from "../../src/recurring-work.ts";
import { LINK_MS, newLink } from "../../src/signin/link.ts";
import { MAILS_TO_ADDRESS, takeShares } from "../../src/signin/rate-limit.ts";
import { IDLE_MS } from "../../src/signin/session.ts";
import { HANDLERS } from "../../src/work.ts";
import { TEST_NOW, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";

const HOUR = 3_600_000;

async function keyThatExpires(env: Env, key: string, expires_at: number): Promise<void> {
  const row = {
    api_key_id: "any",
    key,
    method: "POST",
    path: "/",
    body_hash: "",
    status: 201,
    headers: {},
    body: "",
    expires_at,
  };
  await env.db.batch([env.db.orm.insert(idempotencyKeys).values(row)]);
}

const sweep = (env: Env) => drain(env, { housekeeping }, { limit: 1 });

async function doneJobs(env: Env, done_at: number, count = 1): Promise<void> {
  const writes = Array.from({ length: count }, () => enqueue(env, { kind: "old" }));
  await env.db.batch(writes);
  await env.db.batch([env.db.orm.update(jobs).set({ done_at })]);
}

describe("housekeeping", () => {
  it("takes away the rows of old imports, whose counts stay", async () => {
    const { env, clock } = await testApp();
    const organization = await givenOrganization(env);
    const imported = (id: string, finished: number | null) => ({
      sql: `INSERT INTO imports (id, organization_id, actor_kind, file_name, dry_run, state, reading, rows, awarded, finished_at)
        VALUES (?, ?, 'operator', 'people.csv', 0, 'done', '{}', 700, 700, ?)`,
      params: [id, organization.id, finished],
    });
    const rowsOf = (id: string, count: number) => ({
      sql: `WITH RECURSIVE lines (line) AS (SELECT 2 UNION ALL SELECT line + 1 FROM lines LIMIT ?)
        INSERT INTO import_rows (import_id, line, "values") SELECT ?, line, '{}' FROM lines`,
      params: [count, id],
    });
    const fileOf = (id: string) => ({
      sql: "INSERT INTO import_files (import_id, bytes) VALUES (?, x'1f8b')",
      params: [id],
    });
    await env.db.batch([
      imported("old", env.now()),
      imported("newer", env.now() + 1),
      imported("running", null),
      rowsOf("old", SWEEP_ROWS + 200),
      rowsOf("newer", 3),
      rowsOf("running", 2),
      fileOf("old"),
      fileOf("running"),
      enqueue(env, { kind: "housekeeping" }),
    ]);
    clock.advance(KEEP_IMPORT_ROWS_MS);
    await sweep(env);
    const { rows } = await env.db.read({
      sql: "SELECT import_id, count(*) FROM import_rows GROUP BY import_id ORDER BY 1",
      params: [],
    });
    expect(rows).toEqual([
      ["newer", 3],
      ["running", 2],
    ]);
    const files = await env.db.read({ sql: "SELECT import_id FROM import_files", params: [] });
    expect(files.rows).toEqual([["running"]]);
    const kept = await env.db.read({
      sql: "SELECT awarded FROM imports WHERE id = 'old'",
      params: [],
    });
    expect(kept.rows).toEqual([[700]]);
  });

  it("takes away idempotency keys from the moment they expire", async () => {
    const { env } = await testApp();
    await keyThatExpires(env, "past", env.now());
    await keyThatExpires(env, "future", env.now() + 1);
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await sweep(env);
    const rows = await env.db.orm.select({ key: idempotencyKeys.key }).from(idempotencyKeys);
    expect(rows).toEqual([{ key: "future" }]);
  });

  it("keeps finished jobs for 30 days, and others for ever", async () => {
    const { env, clock } = await testApp();
    await doneJobs(env, env.now());
    await env.db.batch([enqueue(env, { kind: "parked" })]);
    await env.db.batch([
      {
        sql: "UPDATE jobs SET parked_at = ? WHERE kind = 'parked'",
        params: [env.now()],
      },
    ]);
    clock.advance(KEEP_DONE_JOBS_MS - 1);
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await sweep(env);
    expect(await env.db.orm.select().from(jobs)).toHaveLength(3);
    clock.advance(1);
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await sweep(env);
    const kinds = (await env.db.orm.select({ kind: jobs.kind }).from(jobs)).map((j) => j.kind);
    expect(kinds.toSorted()).toEqual(["housekeeping", "housekeeping", "parked"]);
  });

  it("takes away more than one slice", async () => {
    const { env, clock, logged } = await testApp();
    await doneJobs(env, env.now(), SWEEP_ROWS + 1);
    clock.advance(KEEP_DONE_JOBS_MS);
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await sweep(env);
    expect(await env.db.orm.select().from(jobs)).toHaveLength(1);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "housekeeping.swept", jobs: SWEEP_ROWS + 1 }),
    );
  });
});

describe("what people signed in with", () => {
  const swept = async (env: Env) => {
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await sweep(env);
    const counts: Record<string, number> = {};
    for (const table of ["sessions", "sign_in_links", "oauth_authorizations", "rate_limits"]) {
      const { rows } = await env.db.read({ sql: `SELECT count(*) FROM ${table}`, params: [] });
      counts[table] = Number(rows[0]?.[0]);
    }
    return counts;
  };

  it("goes when it has ended, and ways in a day later", async () => {
    const app = await testApp();
    const { env, clock } = app;
    const person = await givenPerson(env, await givenOrganization(env));
    await signedIn(app, person.user.id);
    const wish = {
      purpose: "sign_in",
      userId: null,
      browserHash: "b",
      next: null,
      language: "en",
    } as const;
    await env.db.batch(await newLink(env, { ...wish, email: "kim@example.org" }));
    await takeShares(env, [[MAILS_TO_ADDRESS, "kim@example.org"]]);
    const all = { sessions: 1, sign_in_links: 1, oauth_authorizations: 0, rate_limits: 1 };
    clock.advance(MAILS_TO_ADDRESS.windowMs - 1);
    expect(await swept(env)).toEqual(all);
    clock.advance(1);
    expect(await swept(env)).toEqual({ ...all, rate_limits: 0 });
    clock.now = TEST_NOW + LINK_MS + KEEP_WAYS_IN_MS - 1;
    expect((await swept(env)).sign_in_links).toBe(1);
    clock.advance(1);
    expect((await swept(env)).sign_in_links).toBe(0);
    clock.now = TEST_NOW + IDLE_MS - 1;
    expect((await swept(env)).sessions).toBe(1);
    clock.advance(1);
    expect((await swept(env)).sessions).toBe(0);
  });

  it("a session stays while a way to a backpack that was begun in it is remembered", async () => {
    const app = await testApp();
    const { env, clock } = app;
    const person = await givenPerson(env, await givenOrganization(env));
    const { session } = await signedIn(app, person.user.id);
    await givenAuthorization(env, session.id, person.user.id, env.now() + IDLE_MS + 1);
    clock.advance(IDLE_MS);
    expect(await swept(env)).toMatchObject({ sessions: 1, oauth_authorizations: 1 });
    clock.advance(1);
    expect(await swept(env)).toMatchObject({ sessions: 0, oauth_authorizations: 0 });
  });
});

async function givenAuthorization(
  env: Env,
  session_id: string,
  user_id: string,
  expires_at: number,
): Promise<void> {
  const [issuer_id, external_backpack_id] = [newId(env), newId(env)];
  const address = "https://backpack.example.net/";
  await env.db.batch([
    env.db.orm.insert(authorizationServers).values({
      id: issuer_id,
      name: "A backpack",
      authorization_url: address,
      token_url: address,
      scopes_offered: [],
      updated_at: env.now(),
    }),
    env.db.orm.insert(backpacks).values({
      id: external_backpack_id,
      name: "A backpack",
      api_version: "v2p1",
      backpack_api_url: address,
      backpack_web_url: address,
      updated_at: env.now(),
    }),
    env.db.orm.insert(authorizations).values({
      id: newId(env),
      state_hash: "s",
      session_id,
      user_id,
      external_backpack_id,
      issuer_id,
      verifier_sealed: "v",
      scopes: [],
      redirect_uri: address,
      auto_sync: false,
      expires_at,
    }),
  ]);
}

describe("work that comes round", () => {
  it("is written down at the first start, once", async () => {
    const { env } = await testApp();
    await Promise.all([ensureScheduled(env, SCHEDULE), ensureScheduled(env, SCHEDULE)]);
    await ensureScheduled(env, SCHEDULE);
    const rows = await env.db.orm.select().from(jobs);
    expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(SCHEDULE));
  });

  it("every kind on the schedule has a handler", () => {
    expect(Object.keys(HANDLERS)).toEqual(expect.arrayContaining(Object.keys(SCHEDULE)));
  });

  it("makes its next appointment in the batch that completes it", async () => {
    const { env, clock } = await testApp();
    const hourly = {
      housekeeping: recurring("housekeeping", SCHEDULE.housekeeping, housekeeping),
    };
    await ensureScheduled(env, { housekeeping: SCHEDULE.housekeeping });
    for (let hour = 0; hour < 3; hour++) {
      expect(await drain(env, hourly, { limit: 9 })).toMatchObject({ done: 1 });
      expect(await drain(env, hourly, { limit: 9 })).toMatchObject({ done: 0 });
      clock.advance(HOUR);
    }
    const rows = await env.db.orm.select().from(jobs);
    expect(rows.filter(({ done_at }) => done_at === null)).toHaveLength(1);
  });

  it("a run that fails is tried again and makes no second appointment", async () => {
    const { env } = await testApp();
    await ensureScheduled(env, { sweep: HOUR });
    const failing = recurring("sweep", HOUR, async () => {
      throw new Error("no");
    });
    expect(await drain(env, { sweep: failing }, { limit: 9 })).toMatchObject({ failed: 1 });
    expect(await env.db.orm.select().from(jobs)).toHaveLength(1);
  });

  it("is written down anew after it was parked", async () => {
    const { env } = await testApp();
    await ensureScheduled(env, { sweep: HOUR });
    await env.db.batch([env.db.orm.update(jobs).set({ parked_at: env.now() })]);
    await ensureScheduled(env, { sweep: HOUR });
    expect(await env.db.orm.select().from(jobs)).toHaveLength(2);
  });
});
