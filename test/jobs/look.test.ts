import { expect, it } from "vitest";
import { drain } from "../../src/jobs/drain.ts";
import { hasWork } from "../../src/jobs/look.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { ensureScheduled } from "../../src/jobs/schedule.ts";
import { SCHEDULE } from "../../src/recurring-work.ts";
import { HANDLERS } from "../../src/work.ts";
import { testApp } from "../app.ts";

it("an outbox has work while recurring work is not planned, then when a job is due", async () => {
  const { env } = await testApp();
  const now = env.now();
  const soonest = now + Math.min(...Object.values(SCHEDULE));
  expect(await hasWork(env.db, SCHEDULE, now)).toBe(true);
  await ensureScheduled(env, SCHEDULE);
  expect(await hasWork(env.db, SCHEDULE, now)).toBe(true);
  await drain(env, HANDLERS, { limit: 10 });
  expect(await hasWork(env.db, SCHEDULE, now)).toBe(false);
  expect(await hasWork(env.db, SCHEDULE, soonest - 1)).toBe(false);
  expect(await hasWork(env.db, SCHEDULE, soonest)).toBe(true);
});

it.each([
  ["due", {}, true],
  ["due later", { due_at: 1 }, false],
  ["leased", { lease_until: 1 }, false],
  ["leased once", { lease_until: 0 }, true],
  ["parked", { parked_at: 0 }, false],
  ["done", { done_at: 0 }, false],
])("a job that is %s", async (_name, over, work) => {
  const { env } = await testApp();
  const now = env.now();
  await env.db.batch([enqueue(env, { kind: "a" })]);
  for (const [column, later] of Object.entries(over)) {
    await env.db.batch([{ sql: `UPDATE jobs SET ${column} = ?`, params: [now + later] }]);
  }
  expect(await hasWork(env.db, {}, now)).toBe(work);
});
