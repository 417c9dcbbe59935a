// The shape of what process.nextTick makes outlives a full garbage collection.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const MODULE = fileURLToPath(new URL("../../src/runtime/kept-shape.ts", import.meta.url));

/**
 * In a process whose engine says which objects share a shape: of the object a tick has before a full
 * collection a weak reference is left, and whatever a later tick has is compared with what is kept.
 */
const SCRIPT = `
import { executionAsyncResource } from "node:async_hooks";
import { keepTickShape, keptTick } from ${JSON.stringify(MODULE)};
const later = () => new Promise((resolve) => setTimeout(resolve, 5));
const tick = () => new Promise((resolve) => process.nextTick(() => resolve(executionAsyncResource())));
keepTickShape();
keepTickShape();
await later();
let gone = 0;
const watch = new FinalizationRegistry(() => gone++);
for (let i = 0; i < 50; i++) watch.register(await tick(), null);
await later();
gc();
await later();
const after = await tick();
console.log(JSON.stringify({
  isTick: typeof keptTick().callback === "function",
  collected: gone > 0,
  same: %HaveSameMap(keptTick(), after),
}));
`;

it("keeps one object of each tick's shape while others are collected", async () => {
  const flags = ["--expose-gc", "--allow-natives-syntax", "--input-type=module", "--eval", SCRIPT];
  const { stdout } = await run(process.execPath, flags);
  expect(JSON.parse(stdout)).toEqual({ isTick: true, collected: true, same: true });
});
