import { describe, expect, it } from "vitest";
import type { Job } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { createCrew, drain, LEASE_MS } from "../../src/jobs/drain.ts";
import { LANE_WORKERS, lease } from "../../src/jobs/lease.ts";
import { enqueue, enqueueEach, type Handler, type NewJob } from "../../src/jobs/outbox.ts";
import { testApp } from "../app.ts";

async function put(env: Env, ...wanted: NewJob[]): Promise<void> {
  for (const job of wanted) await env.db.batch([enqueue(env, job)]);
}

const times = (count: number, job: NewJob) => Array.from({ length: count }, () => job);

/** Leases until nothing more is to be had; the lanes of what was. */
async function takeAll(env: Env, kinds = ["a"]): Promise<string[]> {
  const lanes: string[] = [];
  for (;;) {
    const job = await lease(env, kinds, LEASE_MS);
    if (job === null) return lanes;
    lanes.push(job.lane);
  }
}

describe("lanes", () => {
  it("a lane holds so many workers and no more, and no lane has no bound", async () => {
    const { env } = await testApp();
    await put(env, ...times(5, { kind: "a", lane: "slow" }), ...times(5, { kind: "a" }));
    const lanes = await takeAll(env);
    expect(lanes.filter((lane) => lane === "slow")).toHaveLength(LANE_WORKERS);
    expect(lanes.filter((lane) => lane === "")).toHaveLength(5);
  });

  it("a full lane is stepped over, whatever fell due first in it", async () => {
    const { env } = await testApp();
    const at = env.now();
    await put(
      env,
      ...times(50, { kind: "a", lane: "slow", dueAt: at - 9 }),
      { kind: "a", lane: "b", dueAt: at - 1 },
      { kind: "a", lane: "c", dueAt: at - 2 },
      { kind: "a", dueAt: at },
    );
    expect(await takeAll(env)).toEqual(["slow", "slow", "c", "b", ""]);
  });

  it("a lane has room again when a job is done, and when a lease has ended", async () => {
    const { env, clock } = await testApp();
    await put(env, ...times(6, { kind: "a", lane: "slow" }));
    expect(await takeAll(env)).toHaveLength(2);
    clock.advance(LEASE_MS);
    const [first] = await takeJobs(env, 1);
    expect(first?.attempts).toBe(2);
    const done = await drain(env, { a: async () => [] }, { limit: 9, concurrency: 1 });
    expect(done.done).toBe(5);
  });

  it("kinds without a handler hold back nobody in their lane", async () => {
    const { env } = await testApp();
    await put(env, { kind: "newer", lane: "x" }, { kind: "a", lane: "x" });
    expect(await takeAll(env)).toEqual(["x"]);
  });

  it("two drainers together keep to the bound", async () => {
    const { env } = await testApp();
    await put(env, ...times(40, { kind: "a", lane: "slow" }));
    let now = 0;
    let most = 0;
    const handler: Handler = async () => {
      most = Math.max(most, ++now);
      await env.db.read({ sql: "SELECT 1", params: [] });
      now--;
      return [];
    };
    const both = await Promise.all([
      drain(env, { a: handler }, { limit: 99 }),
      drain(env, { a: handler }, { limit: 99 }),
    ]);
    expect(both[0].done + both[1].done).toBe(40);
    expect(most).toBeLessThanOrEqual(LANE_WORKERS);
  });

  it("a job that is asked for again stays in its lane", async () => {
    const { env } = await testApp();
    const job = { kind: "a", dedupeKey: "k", lane: "x" };
    await put(env, job, job);
    expect(await takeAll(env)).toEqual(["x"]);
  });
});

async function takeJobs(env: Env, count: number): Promise<(Job | null)[]> {
  const jobs: (Job | null)[] = [];
  for (let i = 0; i < count; i++) jobs.push(await lease(env, ["a"], LEASE_MS));
  return jobs;
}

describe("as many jobs as a search finds", () => {
  const found = (ids: readonly string[]) => ({
    sql: `SELECT value, 'k' || value, 'x', json_object('n', value) FROM json_each(?)`,
    params: [JSON.stringify(ids)],
  });

  it("are written in one statement, each with its key", async () => {
    const { env } = await testApp();
    await env.db.batch([enqueueEach(env, "a", found(["1", "2"]))]);
    await env.db.batch([enqueueEach(env, "a", found(["3"]))]);
    const ran: unknown[] = [];
    const handler: Handler = async (_env, job) => {
      ran.push(job.payload.n);
      return [];
    };
    await drain(env, { a: handler }, { limit: 9 });
    expect(ran).toEqual(["1", "2", "3"]);
  });

  it("are none where it finds none, and one where one waits", async () => {
    const { env } = await testApp();
    const [none] = await env.db.batch([enqueueEach(env, "a", found([]))]);
    expect(none?.rowsAffected).toBe(0);
    await put(env, { kind: "a", dedupeKey: "k1", lane: "x", dueAt: env.now() + 1 });
    await env.db.batch([enqueueEach(env, "a", found(["1"]))]);
    expect(await takeAll(env)).toEqual(["x"]);
  });

  it("asked for while it runs, it runs once more", async () => {
    const { env } = await testApp();
    await env.db.batch([enqueueEach(env, "a", found(["1"]))]);
    let runs = 0;
    const handler: Handler = async () => {
      if (++runs === 1) await env.db.batch([enqueueEach(env, "a", found(["1"]))]);
      return [];
    };
    await drain(env, { a: handler }, { limit: 9 });
    expect(runs).toBe(2);
  });
});

describe("a crew", () => {
  it("finds what is written while others are at work, however long they take", async () => {
    const { env } = await testApp();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let quickly = () => {};
    const quick = new Promise<void>((resolve) => {
      quickly = resolve;
    });
    const handlers: Record<string, Handler> = {
      slow: () => finished.then(() => []),
      quick: async () => {
        quickly();
        return [];
      },
    };
    const crew = createCrew(env, handlers, {
      failed: (fault) => {
        throw fault;
      },
    });
    await put(env, { kind: "slow" });
    crew.call();
    // The second worker has looked and found nothing by then.
    for (let i = 0; i < 20; i++) await env.db.read({ sql: "SELECT 1", params: [] });
    await put(env, { kind: "quick" });
    crew.call();
    await quick;
    finish();
    await crew.idle();
  });

  it("a call that comes while the last worker is looking is not lost", async () => {
    const { env } = await testApp();
    let ran = 0;
    const handler: Handler = async () => {
      ran++;
      return [];
    };
    const crewOf = (db: Env["db"]) =>
      createCrew({ ...env, db }, { a: handler }, { concurrency: 1, failed: () => {} });
    let looked = false;
    const crew = crewOf({
      ...env.db,
      async batch(writes) {
        const results = await env.db.batch(writes);
        if (!looked) {
          looked = true;
          await put(env, { kind: "a" });
          crew.call();
        }
        return results;
      },
    });
    crew.call();
    await crew.idle();
    expect(ran).toBe(1);
  });
});
