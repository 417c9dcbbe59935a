import { describe, expect, it } from "vitest";
import { Problem } from "../../src/problem.ts";
import { createTurns, MAX_AT_ONCE, MAX_IN_LINE, MAX_PER_CALLER } from "../../src/verify/turns.ts";

/** Work that ends when it is told to. */
function work() {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  return {
    started,
    end: (i: number) => ends[i]?.(),
    nth: (i: number) => () =>
      new Promise<number>((resolve) => {
        started.push(i);
        ends[i] = () => resolve(i);
      }),
  };
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? error.code : error),
  );

describe("turns", () => {
  it("are taken so many at once, the others in the order of asking", async () => {
    const turns = createTurns();
    const { started, end, nth } = work();
    const all = Array.from({ length: MAX_AT_ONCE + 2 }, (_, i) => turns.take(null, nth(i)));
    await settled();
    expect(started).toHaveLength(MAX_AT_ONCE);
    end(3);
    await all[3];
    await settled();
    expect(started.at(-1)).toBe(MAX_AT_ONCE);
    end(0);
    await all[0];
    await settled();
    expect(started.at(-1)).toBe(MAX_AT_ONCE + 1);
    for (let i = 0; i < all.length; i++) end(i);
    expect(await Promise.all(all)).toHaveLength(MAX_AT_ONCE + 2);
  });

  it("are refused at once when the line is full, and given again when it is not", async () => {
    const turns = createTurns();
    const { end, nth } = work();
    const all = Array.from({ length: MAX_AT_ONCE + MAX_IN_LINE }, (_, i) =>
      turns.take(null, nth(i)),
    );
    expect(await refusal(turns.take(null, nth(999)))).toBe("too-many-verifications");
    end(0);
    await all[0];
    await settled();
    const last = turns.take(null, nth(1000));
    for (let i = 1; i < all.length; i++) {
      end(i);
      await all[i];
      await settled();
    }
    end(1000);
    expect(await last).toBe(1000);
  });

  it("leave one caller no more than a share, and the others theirs", async () => {
    const turns = createTurns();
    const { end, nth } = work();
    const own = Array.from({ length: MAX_PER_CALLER }, (_, i) => turns.take("a", nth(i)));
    expect(await refusal(turns.take("a", nth(100)))).toBe("too-many-verifications");
    const other = turns.take("b", nth(50));
    await settled();
    end(50);
    expect(await other).toBe(50);
    end(0);
    await own[0];
    const again = turns.take("a", nth(60));
    await settled();
    end(60);
    expect(await again).toBe(60);
    for (let i = 1; i < own.length; i++) end(i);
    await Promise.all(own);
  });

  it("are given back by work that fails", async () => {
    const turns = createTurns();
    for (let i = 0; i < MAX_AT_ONCE + MAX_PER_CALLER; i++) {
      const failing = turns.take("a", () => Promise.reject(new RangeError("x")));
      await expect(failing).rejects.toThrow(RangeError);
    }
    expect(await turns.take("a", async () => "in")).toBe("in");
  });
});
