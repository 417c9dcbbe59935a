import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import type { Writable } from "../../src/db/database.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import { type Job, jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { GIVE_UP_MS, LEAST_ATTEMPTS } from "../../src/jobs/backoff.ts";
import { drain, LEASE_MS } from "../../src/jobs/drain.ts";
import { enqueue, type Handler, JobFailure, type NewJob } from "../../src/jobs/outbox.ts";
import { testApp } from "../app.ts";

const HOUR = 3_600_000;

async function put(env: Env, ...wanted: NewJob[]): Promise<void> {
  for (const job of wanted) await env.db.batch([enqueue(env, job)]);
}

const all = (env: Env): Promise<Job[]> => env.db.orm.select().from(jobs).orderBy(jobs.id);

async function only(env: Env): Promise<Job> {
  const rows = await all(env);
  expect(rows).toHaveLength(1);
  return rows[0] as Job;
}

/** Notes what it was given and does nothing else. */
function noting(): { ran: Job[]; handler: Handler } {
  const ran: Job[] = [];
  return {
    ran,
    handler: async (_env, job) => {
      ran.push(job);
      return [];
    },
  };
}

/** Something to wait for until the test lets it go on. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A write that can be seen afterwards: an audit entry. */
function trace(env: Env, action: string): Writable {
  return env.db.orm.insert(auditLog).values({
    id: newId(env),
    at: env.now(),
    actor_kind: "system",
    action,
    object_kind: "job",
    object_id: "any",
  });
}

async function traces(env: Env): Promise<string[]> {
  const rows = await env.db.orm.select({ action: auditLog.action }).from(auditLog);
  return rows.map(({ action }) => action);
}

describe("the outbox", () => {
  it("a job exists only together with its reason", async () => {
    const { env } = await testApp();
    const refused = { sql: "INSERT INTO jobs (id) VALUES (NULL)", params: [] };
    await expect(env.db.batch([enqueue(env, { kind: "a" }), refused])).rejects.toThrow();
    expect(await all(env)).toEqual([]);
  });

  it("writes down what is given, due now if nothing else is said", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a", payload: { award: "x" } });
    expect(await only(env)).toMatchObject({
      kind: "a",
      payload: { award: "x" },
      due_at: env.now(),
      created_at: env.now(),
      attempts: 0,
      fence: 0,
      lease_until: null,
      organization_id: null,
    });
  });

  it("one job waits for each key; the newer payload and the earlier time count", async () => {
    const { env } = await testApp();
    const later = env.now() + HOUR;
    await put(
      env,
      { kind: "a", dedupeKey: "k", payload: { n: 1 }, dueAt: later },
      { kind: "a", dedupeKey: "k", payload: { n: 2 }, dueAt: later - 1 },
      { kind: "a", dedupeKey: "k", payload: { n: 3 }, dueAt: later + 1 },
    );
    expect(await only(env)).toMatchObject({ payload: { n: 3 }, due_at: later - 1, fence: 0 });
  });

  it("other kinds, other keys and no key are jobs of their own", async () => {
    const { env } = await testApp();
    await put(
      env,
      { kind: "a", dedupeKey: "k" },
      { kind: "b", dedupeKey: "k" },
      { kind: "a", dedupeKey: "l" },
      { kind: "a" },
      { kind: "a" },
    );
    expect(await all(env)).toHaveLength(5);
  });

  it("a key is free again once its job is done or parked", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a", dedupeKey: "k" });
    await drain(env, { a: noting().handler }, { limit: 9 });
    await put(env, { kind: "a", dedupeKey: "k" });
    const park: Handler = async () => {
      throw new JobFailure("gone", { permanent: true });
    };
    await drain(env, { a: park }, { limit: 9 });
    await put(env, { kind: "a", dedupeKey: "k" });
    expect(await all(env)).toHaveLength(3);
  });
});

describe("draining", () => {
  it("takes jobs in the order they fell due, and none before its time", async () => {
    const { env, clock } = await testApp();
    const at = env.now();
    await put(
      env,
      { kind: "a", payload: { n: 3 }, dueAt: at - 1 },
      { kind: "a", payload: { n: 4 }, dueAt: at },
      { kind: "a", payload: { n: 1 }, dueAt: at - HOUR },
      { kind: "a", payload: { n: 5 }, dueAt: at + 1 },
      { kind: "a", payload: { n: 2 }, dueAt: at - 2 },
    );
    const { ran, handler } = noting();
    expect(await drain(env, { a: handler }, { limit: 9, concurrency: 1 })).toEqual({
      done: 4,
      failed: 0,
      parked: 0,
    });
    expect(ran.map(({ payload }) => payload.n)).toEqual([1, 2, 3, 4]);
    clock.advance(1);
    await drain(env, { a: handler }, { limit: 9 });
    expect(ran).toHaveLength(5);
  });

  it("hands the handler the job as it was leased", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a", dedupeKey: "k", payload: { deep: { list: [1, "two"] } } });
    const { ran, handler } = noting();
    await drain(env, { a: handler }, { limit: 1 });
    expect(ran[0]).toMatchObject({
      kind: "a",
      dedupe_key: "k",
      payload: { deep: { list: [1, "two"] } },
      attempts: 1,
      fence: 1,
      lease_until: env.now() + LEASE_MS,
    });
    expect(await only(env)).toMatchObject({ done_at: env.now(), lease_until: null });
  });

  it("stops at its limit", async () => {
    const { env } = await testApp();
    await put(env, ...Array.from({ length: 5 }, () => ({ kind: "a" })));
    const { ran, handler } = noting();
    expect((await drain(env, { a: handler }, { limit: 3 })).done).toBe(3);
    expect(ran).toHaveLength(3);
  });

  it("leaves a kind it does not know where it is", async () => {
    const { env } = await testApp();
    await put(env, { kind: "of a newer version" });
    expect(await drain(env, { a: noting().handler }, { limit: 9 })).toMatchObject({ done: 0 });
    expect(await only(env)).toMatchObject({ attempts: 0, lease_until: null, done_at: null });
  });

  it("with nothing due writes nothing", async () => {
    const { env } = await testApp();
    expect(await drain(env, {}, { limit: 9 })).toEqual({ done: 0, failed: 0, parked: 0 });
  });

  it("when the outbox cannot be written, says so once nothing is at work any more", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a" }, { kind: "a" }, { kind: "a" });
    let running = 0;
    let batches = 0;
    const db: Env["db"] = {
      ...env.db,
      batch: (writes) =>
        ++batches > 4 ? Promise.reject(new DatabaseError("unreachable")) : env.db.batch(writes),
    };
    const handler: Handler = async () => {
      running++;
      await env.db.read({ sql: "SELECT 1", params: [] });
      running--;
      return [];
    };
    const draining = drain({ ...env, db }, { a: handler }, { limit: 9 });
    await expect(draining).rejects.toMatchObject({ code: "unreachable" });
    expect(running).toBe(0);
  });

  it("begins no further job when it is to stop", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a" }, { kind: "a" }, { kind: "a" });
    const { ran, handler } = noting();
    const stopping = () => ran.length > 0;
    const drained = await drain(env, { a: handler }, { limit: 9, concurrency: 1, stopping });
    expect(drained.done).toBe(1);
  });

  it("one slow job holds back no other", async () => {
    const { env } = await testApp();
    await put(env, { kind: "slow" }, ...Array.from({ length: 6 }, () => ({ kind: "a" })));
    const others = gate();
    let left = 6;
    const handler: Handler = async () => {
      if (--left === 0) others.open();
      return [];
    };
    const slow: Handler = async () => {
      await others.opened;
      return [];
    };
    expect((await drain(env, { slow, a: handler }, { limit: 9, concurrency: 2 })).done).toBe(7);
  });

  it("two drainers at once run each job once", async () => {
    const { env } = await testApp();
    await put(env, ...Array.from({ length: 20 }, (_, n) => ({ kind: "a", payload: { n } })));
    const { ran, handler } = noting();
    const [one, two] = await Promise.all([
      drain(env, { a: handler }, { limit: 50 }),
      drain(env, { a: handler }, { limit: 50 }),
    ]);
    expect((one?.done ?? 0) + (two?.done ?? 0)).toBe(20);
    expect(new Set(ran.map(({ payload }) => payload.n)).size).toBe(20);
  });
});

describe("what a handler writes", () => {
  it("is committed with the completion", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a" });
    await drain(env, { a: async () => [trace(env, "did")] }, { limit: 1 });
    expect(await traces(env)).toEqual(["did"]);
  });

  it("that cannot be written is a failure, and the job is tried again", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    const twice = trace(env, "did");
    expect(await drain(env, { a: async () => [twice, twice] }, { limit: 1 })).toMatchObject({
      failed: 1,
    });
    expect(await traces(env)).toEqual([]);
    expect(await only(env)).toMatchObject({ last_error: "database_unique", done_at: null });
    clock.advance(HOUR);
    expect((await drain(env, { a: async () => [trace(env, "did")] }, { limit: 1 })).done).toBe(1);
    expect(await traces(env)).toEqual(["did"]);
  });
});

describe("a job that fails", () => {
  const failing: Handler = async () => {
    throw new Error("kim@example.org has a secret");
  };

  it("is tried again later and later, with a reason on record that holds nobody's data", async () => {
    const { env, clock, logged } = await testApp();
    await put(env, { kind: "a" });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect(await drain(env, { a: failing }, { limit: 9 })).toMatchObject({ failed: 1 });
      const job = await only(env);
      expect(job).toMatchObject({ attempts: attempt, last_error: "unexpected_Error" });
      expect(await drain(env, { a: failing }, { limit: 9 })).toMatchObject({ failed: 0 });
      waits.push(job.due_at - clock.now);
      clock.now = job.due_at;
    }
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(7_500 * 2 ** i);
      expect(wait).toBeLessThanOrEqual(15_000 * 2 ** i);
    }
    expect(JSON.stringify(logged)).not.toContain("kim@example.org");
    expect((await drain(env, { a: noting().handler }, { limit: 9 })).done).toBe(1);
    expect(await only(env)).toMatchObject({ last_error: null });
  });

  it("is tried no earlier than the other side asked", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a" });
    const retryAt = env.now() + HOUR;
    const asked: Handler = async () => {
      throw new JobFailure("backpack_busy", { retryAt });
    };
    await drain(env, { a: asked }, { limit: 1 });
    expect(await only(env)).toMatchObject({ last_error: "backpack_busy", due_at: retryAt });
  });

  it("is parked at once when trying again cannot help", async () => {
    const { env, logged } = await testApp();
    await put(env, { kind: "a" });
    const gone: Handler = async () => {
      throw new JobFailure("recipient_gone", { permanent: true });
    };
    expect(await drain(env, { a: gone }, { limit: 1 })).toMatchObject({ parked: 1 });
    expect(await only(env)).toMatchObject({ parked_at: env.now(), last_error: "recipient_gone" });
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "job.parked", code: "recipient_gone" }),
    );
  });

  it.each([
    ["just before 72 hours", GIVE_UP_MS - 1, LEAST_ATTEMPTS, "failed"],
    ["at 72 hours", GIVE_UP_MS, LEAST_ATTEMPTS, "parked"],
    ["late to its first tries after an outage", GIVE_UP_MS * 2, LEAST_ATTEMPTS - 1, "failed"],
  ])("%s is %s", async (_when, age, attempts, outcome) => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    await env.db.batch([env.db.orm.update(jobs).set({ attempts: attempts - 1 })]);
    clock.advance(age);
    expect(await drain(env, { a: failing }, { limit: 1 })).toMatchObject({ [outcome]: 1 });
    expect((await only(env)).parked_at).toBe(outcome === "parked" ? clock.now : null);
  });

  it("is parked, not dropped, after 72 hours of real back-off", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    const start = clock.now;
    for (let tries = 0; tries < 100; tries++) {
      const { parked } = await drain(env, { a: failing }, { limit: 1 });
      const job = await only(env);
      if (parked === 1) {
        expect(clock.now - start).toBeGreaterThanOrEqual(GIVE_UP_MS);
        expect(clock.now - start).toBeLessThan(GIVE_UP_MS + 6 * HOUR);
        return;
      }
      clock.now = job.due_at;
    }
    expect.unreachable("never parked");
  });
});

describe("a lease", () => {
  it("keeps others away until it ends", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    let second: Promise<unknown> | undefined;
    const { ran, handler } = noting();
    const first: Handler = async () => {
      clock.advance(LEASE_MS - 1);
      second = drain(env, { a: handler }, { limit: 1 });
      expect(await second).toMatchObject({ done: 0 });
      return [];
    };
    expect(await drain(env, { a: first }, { limit: 1 })).toMatchObject({ done: 1 });
    expect(second).toBeDefined();
    expect(ran).toEqual([]);
  });

  it("that ended lets another drainer finish, and who slept writes nothing", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    const sleeper: Handler = async () => {
      clock.advance(LEASE_MS);
      const other = await drain(env, { a: async () => [trace(env, "other")] }, { limit: 1 });
      expect(other).toMatchObject({ done: 1 });
      return [trace(env, "sleeper")];
    };
    expect(await drain(env, { a: sleeper }, { limit: 1 })).toMatchObject({ done: 0, failed: 1 });
    expect(await traces(env)).toEqual(["other"]);
    expect(await only(env)).toMatchObject({ done_at: clock.now, fence: 2, attempts: 2 });
  });

  it("that ended keeps a sleeper from failing or parking what another one has", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    const taken = gate();
    const finish = gate();
    const other: Handler = async () => {
      taken.open();
      await finish.opened;
      return [trace(env, "other")];
    };
    let others: Promise<unknown> | undefined;
    const sleeper: Handler = async () => {
      clock.advance(LEASE_MS);
      others = drain(env, { a: other }, { limit: 1 });
      await taken.opened;
      throw new JobFailure("too_late", { permanent: true });
    };
    expect(await drain(env, { a: sleeper }, { limit: 1 })).toEqual({
      done: 0,
      failed: 1,
      parked: 0,
    });
    expect(await only(env)).toMatchObject({
      fence: 2,
      lease_until: clock.now + LEASE_MS,
      parked_at: null,
      last_error: null,
    });
    finish.open();
    expect(await others).toMatchObject({ done: 1 });
    expect(await traces(env)).toEqual(["other"]);
  });

  it("of a process that died lets the job run again", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a" });
    // Leased and never heard of again.
    await env.db.batch([
      env.db.orm
        .update(jobs)
        .set({ lease_until: env.now() + LEASE_MS, fence: sql`fence + 1`, attempts: 1 }),
    ]);
    const { ran, handler } = noting();
    expect(await drain(env, { a: handler }, { limit: 1 })).toMatchObject({ done: 0 });
    clock.advance(LEASE_MS);
    expect(await drain(env, { a: handler }, { limit: 1 })).toMatchObject({ done: 1 });
    expect(ran[0]).toMatchObject({ attempts: 2, fence: 2 });
  });

  it("of a job that is asked for again while it runs: it runs once more", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a", dedupeKey: "k", payload: { n: 1 } });
    const seen: unknown[] = [];
    const asking: Handler = async (_env, job) => {
      seen.push(job.payload.n);
      if (seen.length === 1) await put(env, { kind: "a", dedupeKey: "k", payload: { n: 2 } });
      return [trace(env, `saw ${String(job.payload.n)}`)];
    };
    await drain(env, { a: asking }, { limit: 9, concurrency: 1 });
    expect(seen).toEqual([1, 2]);
    expect(await traces(env)).toEqual(["saw 2"]);
    expect(await only(env)).toMatchObject({ done_at: env.now() });
  });

  it("a handler that failed after it was asked for again is run at once", async () => {
    const { env } = await testApp();
    await put(env, { kind: "a", dedupeKey: "k" });
    let runs = 0;
    const asking: Handler = async () => {
      if (++runs > 1) return [];
      await put(env, { kind: "a", dedupeKey: "k" });
      throw new Error("failed");
    };
    expect(await drain(env, { a: asking }, { limit: 9, concurrency: 1 })).toMatchObject({
      done: 1,
      failed: 1,
    });
  });
});

describe("a handler that bears repetition", () => {
  it("is seen once, though it ran twice", async () => {
    const { env, clock } = await testApp();
    await put(env, { kind: "a", payload: { id: newId(env) } });
    const deed: Handler = async (_env, job) => {
      await env.db.batch([
        env.db.orm
          .insert(auditLog)
          .values({
            id: String(job.payload.id),
            at: env.now(),
            actor_kind: "system",
            action: "deed",
            object_kind: "job",
            object_id: job.id,
          })
          .onConflictDoNothing(),
      ]);
      return [];
    };
    // Dies between the deed and the completion: its lease runs out.
    await drain(
      env,
      {
        a: async (...given) => {
          await deed(...given);
          clock.advance(LEASE_MS);
          await drain(env, { a: deed }, { limit: 1 });
          return [];
        },
      },
      { limit: 1 },
    );
    const rows = await env.db.orm.select().from(auditLog).where(eq(auditLog.action, "deed"));
    expect(rows).toHaveLength(1);
    expect(await only(env)).toMatchObject({ attempts: 2, done_at: clock.now });
  });
});
