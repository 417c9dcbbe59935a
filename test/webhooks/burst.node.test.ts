// A burst of events: delivered with a bounded number of messages in memory, however many wait.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { announce } from "../../src/issuer/announce.ts";
import { AT_ONCE } from "../../src/webhooks/deliver.ts";
import { webhookWorld } from "./receiver.ts";

const EVENTS = 5_000;
const MEBIBYTE = 1_048_576;
/** The list of what came included; the rows of all messages would be more. */
const BEARABLE_BYTES = 8 * MEBIBYTE;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

it(`${EVENTS} events: each once, ${AT_ONCE} at a time, memory flat`, async () => {
  const w = await webhookWorld();
  await w.add();
  const writes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) =>
      announce(w.env, {
        organizationId: w.organization.id,
        type: "award.created",
        data: { award: `a${from + i}` },
      }),
    ).flat();
  for (let i = 0; i < EVENTS; i += 500) await w.env.db.batch(writes(i, i + 500));
  const { rows } = await w.env.db.read({ sql: "SELECT count(*) FROM jobs", params: [] });
  // However many events, one job an endpoint.
  expect(Number(rows[0]?.[0])).toBe(1);

  const seen = new Map<string, number>();
  const start = heap();
  let most = 0;
  w.receiver.answer = async ({ id }) => {
    await w.env.pause(1);
    seen.set(id, (seen.get(id) ?? 0) + 1);
    w.receiver.received.length = 0;
    if (seen.size % 500 === 0) most = Math.max(most, heap() - start);
    return undefined;
  };
  await w.work();
  expect(seen.size).toBe(EVENTS);
  expect(new Set(seen.values())).toEqual(new Set([1]));
  expect(w.receiver.mostUnderWay).toBe(AT_ONCE);
  expect(most).toBeLessThan(BEARABLE_BYTES);
}, 120_000);
