// How many badges are verified at once, how many wait, and that one person is not all of them.
import { expect, it } from "vitest";
import { createGate, MAX_AT_ONCE, MAX_IN_LINE, MAX_PER_PERSON } from "../../src/host/gate.ts";

function held() {
  let open = () => {};
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { until, open: () => open() };
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

it("lets so many in, has so many wait, and refuses the next with a time", async () => {
  const gate = createGate();
  const { until, open } = held();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await until;
    inside--;
  };
  const all = Array.from({ length: MAX_AT_ONCE + MAX_IN_LINE }, (_, i) => gate.take(`p${i}`, work));
  await settle();
  expect(inside).toBe(MAX_AT_ONCE);
  await expect(gate.take("late", work)).rejects.toMatchObject({
    status: 429,
    statusText: null,
    headers: { "retry-after": "5" },
  });
  open();
  await Promise.all(all);
  expect([inside, most]).toEqual([0, MAX_AT_ONCE]);
  await gate.take("late", work);
});

it("gives one person a share, and the rest to others", async () => {
  const gate = createGate();
  const { until, open } = held();
  const mine = Array.from({ length: MAX_PER_PERSON }, () => gate.take("kim", () => until));
  await expect(gate.take("kim", () => until)).rejects.toMatchObject({ status: 429 });
  expect(await gate.take("other", async () => "through")).toBe("through");
  open();
  await Promise.all(mine);
  expect(await gate.take("kim", async () => "again")).toBe("again");
});

it("gives a place back also where the work fails", async () => {
  const gate = createGate();
  for (let time = 0; time < 3 * MAX_AT_ONCE; time++) {
    await expect(gate.take("kim", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  expect(await gate.take("kim", async () => 7)).toBe(7);
});
