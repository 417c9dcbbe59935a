// Keeps one of Node's own objects alive, so that the code that makes them all stays fast.
import { executionAsyncResource } from "node:async_hooks";

/** What `process.nextTick` has made; one is enough. */
const kept: object[] = [];

/**
 * Every request goes through `process.nextTick` several times, and each time Node makes an object
 * with computed names for it. The engine compiles that well as long as all of them have one shape,
 * which lives no longer than the objects that have it. A full garbage collection that finds none
 * removes the shape, the next object gets a new one, and from then on each is made by a slow way,
 * for good: a third of a server's time. One object that stays keeps the shape.
 */
export function keepTickShape(): void {
  if (kept.length > 0) return;
  process.nextTick(() => {
    if (kept.length === 0) kept.push(executionAsyncResource());
  });
}

/** The object that is kept; undefined until the turn after `keepTickShape`. */
export function keptTick(): object | undefined {
  return kept[0];
}
