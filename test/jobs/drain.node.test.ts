// The outbox among processes that are stopped, killed and many.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { drain, LEASE_MS } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { testApp } from "../app.ts";

const PROGRAM = new URL("./drainer-process.ts", import.meta.url).pathname;

interface Drainer {
  readonly process: ChildProcess;
  line(): Promise<string>;
}

function startProcess(env: Env, mode: string): Drainer {
  const path = join(env.config.dataDir, "rosette.db");
  const child = spawn(process.execPath, [PROGRAM, path, mode], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error("the process ended without a word");
      return value;
    },
  };
}

async function put(env: Env, count: number): Promise<void> {
  await env.db.batch(Array.from({ length: count }, () => enqueue(env, { kind: "work" })));
}

const deeds = async (env: Env) =>
  (await env.db.orm.select({ action: auditLog.action }).from(auditLog)).map((row) => row.action);

describe("among processes", () => {
  it("one that was stopped past its lease writes nothing when it wakes", async () => {
    const { env } = await testApp({ now: Date.now() });
    await put(env, 1);
    const sleeper = startProcess(env, "sleeps");
    expect(await sleeper.line()).toBe("at work");
    sleeper.process.kill("SIGSTOP");

    const later = { ...env, now: () => Date.now() + LEASE_MS };
    expect(await drain(later, { work: async () => [] }, { limit: 1 })).toMatchObject({ done: 1 });

    sleeper.process.kill("SIGCONT");
    sleeper.process.stdin?.write("go on\n");
    expect(JSON.parse(await sleeper.line())).toEqual({ done: 0, failed: 1, parked: 0 });
    expect(await deeds(env)).toEqual([]);
    const [job] = await env.db.orm.select().from(jobs);
    expect(job).toMatchObject({ fence: 2, attempts: 2, last_error: null, parked_at: null });
  });

  it("one that was killed between deed and completion leaves the job to another", async () => {
    const { env } = await testApp({ now: Date.now() });
    await put(env, 1);
    const dying = startProcess(env, "dies");
    expect(await dying.line()).toBe("at work");
    dying.process.kill("SIGKILL");
    await once(dying.process, "exit");
    expect(await deeds(env)).toEqual(["dies"]);

    expect(await drain(env, { work: async () => [] }, { limit: 1 })).toMatchObject({ done: 0 });
    const next = startProcess({ ...env }, "counts");
    // Its own clock says that the lease still runs.
    expect(JSON.parse(await next.line())).toEqual({ done: 0, failed: 0, parked: 0 });

    const later = { ...env, now: () => Date.now() + LEASE_MS };
    let ran = 0;
    const again = async () => {
      ran++;
      return [];
    };
    expect(await drain(later, { work: again }, { limit: 1 })).toMatchObject({ done: 1 });
    expect(ran).toBe(1);
    expect(await deeds(env)).toEqual(["dies"]);
  });

  it("two at once do each job once, and all of them", async () => {
    const { env } = await testApp({ now: Date.now() });
    await put(env, 200);
    const drained = await Promise.all(
      [startProcess(env, "counts"), startProcess(env, "counts")].map(async (drainer) =>
        JSON.parse(await drainer.line()),
      ),
    );
    expect(drained[0].done + drained[1].done).toBe(200);
    expect(drained[0].failed + drained[1].failed).toBe(0);
    expect(await deeds(env)).toHaveLength(200);
  });
});

describe("many jobs", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heapAfterGc = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };

  it("1,000 are drained with memory flat", async () => {
    const { env } = await testApp();
    const round = async (count: number) => {
      await put(env, count);
      const { done } = await drain(env, { work: async () => [] }, { limit: count });
      expect(done).toBe(count);
      return heapAfterGc();
    };
    const before = await round(100);
    const after = await round(1_000);
    expect(after - before).toBeLessThan(2 * 1024 * 1024);
  });
});
