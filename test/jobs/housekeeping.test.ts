import { describe, expect, it } from "vitest";
import { idempotencyKeys } from "../../src/db/idempotency.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { housekeeping, KEEP_DONE_JOBS_MS, SWEEP_ROWS } from "../../src/jobs/housekeeping.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { ensureScheduled, recurring } from "../../src/jobs/schedule.ts";
import { SCHEDULE } from "../../src/recurring-work.ts";
import { HANDLERS } from "../../src/work.ts";
import { testApp } from "../app.ts";

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
    await ensureScheduled(env, SCHEDULE);
    for (let hour = 0; hour < 3; hour++) {
      expect(await drain(env, HANDLERS, { limit: 9 })).toMatchObject({ done: 1 });
      expect(await drain(env, HANDLERS, { limit: 9 })).toMatchObject({ done: 0 });
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
