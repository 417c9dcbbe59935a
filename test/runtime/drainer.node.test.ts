import { describe, expect, it, onTestFinished } from "vitest";
import { DatabaseError } from "../../src/db/errors.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { LEASE_MS } from "../../src/jobs/drain.ts";
import { enqueue, enqueueEach, type Handler } from "../../src/jobs/outbox.ts";
import { type Drainer, startDrainer, wakeOnEnqueue } from "../../src/runtime/drainer.ts";
import { testApp } from "../app.ts";

/** Long enough that the timer plays no part in a test. */
const NEVER_MS = 3_600_000;

function started(
  env: Env,
  handler: Handler,
  options: Partial<Parameters<typeof startDrainer>[2]> = {},
): Drainer {
  const drainer = startDrainer(
    env,
    { a: handler },
    { schedule: {}, everyMs: NEVER_MS, ...options },
  );
  onTestFinished(() => drainer.stop());
  return drainer;
}

/** Counts runs and lets a test wait for one of them. */
function counting(): { handler: Handler; reaches: (count: number) => Promise<void> } {
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let reached = () => {};
  return {
    handler: async () => {
      if (++count >= wanted) reached();
      return [];
    },
    reaches: (goal) =>
      new Promise((resolve) => {
        wanted = goal;
        reached = resolve;
        if (count >= goal) resolve();
      }),
  };
}

describe("the drainer of a process", () => {
  it("finds at its start what was left to do", async () => {
    const { env } = await testApp();
    await env.db.batch([enqueue(env, { kind: "a" })]);
    const { handler, reaches } = counting();
    started(env, handler);
    await reaches(1);
  });

  it("takes more jobs than one turn holds", async () => {
    const { env } = await testApp();
    await env.db.batch(Array.from({ length: 150 }, () => enqueue(env, { kind: "a" })));
    const { handler, reaches } = counting();
    started(env, handler);
    await reaches(150);
  });

  it("wakes when a job is written, and only then", async () => {
    const { env } = await testApp();
    let wakes = 0;
    const db = wakeOnEnqueue(env.db, () => wakes++);
    await db.batch([{ sql: "UPDATE jobs SET attempts = 0", params: [] }]);
    expect(wakes).toBe(0);
    await db.batch([enqueue(env, { kind: "a" })]);
    expect(wakes).toBe(1);
    const none = { sql: "SELECT id, id, '', payload FROM jobs WHERE false", params: [] };
    await db.batch([enqueueEach(env, "a", none)]);
    expect(wakes).toBe(1);
    await expect(
      db.batch([enqueue(env, { kind: "a" }), { sql: "not SQL", params: [] }]),
    ).rejects.toThrow();
    expect(wakes).toBe(1);
  });

  it("runs what was written while it was at work", async () => {
    const { env } = await testApp();
    const { handler, reaches } = counting();
    let drainer: Drainer | undefined;
    const db = wakeOnEnqueue(env.db, () => drainer?.wake());
    let more = 3;
    drainer = started({ ...env, db }, async (...given) => {
      if (more-- > 0) await db.batch([enqueue(env, { kind: "a" })]);
      return handler(...given);
    });
    await db.batch([enqueue(env, { kind: "a" })]);
    await reaches(4);
  });

  it("a stop lets the job at work end and takes no other", async () => {
    const { env } = await testApp();
    await env.db.batch([enqueue(env, { kind: "a" })]);
    let end = () => {};
    let begun = () => {};
    const began = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const drainer = started(env, async () => {
      begun();
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return [];
    });
    await began;
    const stopped = drainer.stop();
    await env.db.batch([enqueue(env, { kind: "a" })]);
    drainer.wake();
    end();
    await stopped;
    const rows = await env.db.orm.select().from(jobs);
    expect(rows.filter(({ done_at }) => done_at !== null)).toHaveLength(1);
  });

  it("a stop waits for no job for ever: it is another's when its lease ends", async () => {
    const { env, logged } = await testApp();
    await env.db.batch([enqueue(env, { kind: "a" })]);
    let begun = () => {};
    const began = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const drainer = started(
      env,
      () => {
        begun();
        return new Promise(() => {});
      },
      { stopMs: 5 },
    );
    await began;
    await drainer.stop();
    expect(logged).toContainEqual(expect.objectContaining({ event: "drain.cut_off" }));
    const [job] = await env.db.orm.select().from(jobs);
    expect(job).toMatchObject({ done_at: null, lease_until: env.now() + LEASE_MS });
  });

  it("plans the recurring work", async () => {
    const { env } = await testApp();
    const { handler, reaches } = counting();
    started(env, handler, { schedule: { a: NEVER_MS } });
    await reaches(1);
  });

  it("outlives a database that fails, and says so", async () => {
    const { env, logged } = await testApp();
    let failing = true;
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const failingDatabase: Env["db"] = {
      ...env.db,
      batch: (writes) =>
        failing ? Promise.reject(new DatabaseError("unreachable")) : env.db.batch(writes),
    };
    const log: Env["log"] = {
      ...env.log,
      error(event, fields) {
        env.log.error(event, fields);
        tell();
      },
    };
    const { handler, reaches } = counting();
    await env.db.batch([enqueue(env, { kind: "a" })]);
    const drainer = started({ ...env, db: failingDatabase, log }, handler);
    await told;
    expect(logged).toContainEqual(expect.objectContaining({ event: "drain.failed" }));
    failing = false;
    drainer.wake();
    await reaches(1);
  });
});
