// Work shared among threads: every answer in its place, and nothing left hanging when a thread fails.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { inOrder, partsOf } from "../../src/cli/in-order.ts";
import { openThreads, type Threads } from "../../src/cli/threads.ts";

const source = new URL("../../src/cli/threads.ts", import.meta.url).href;
/** Doubles what it is given; some words are told to do otherwise. */
const THREAD = `
import { workerData } from "node:worker_threads";
import { answerInThread } from ${JSON.stringify(source)};
answerInThread(async (word) => {
  if (word === "throw") throw new Error("a fault of its own");
  if (word === "exit") process.exit(7);
  if (word === "hang") await new Promise(() => setInterval(() => {}, 1000));
  return word + workerData.between + word;
});`;

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rosette-threads-"));
  file = join(folder, "thread.mjs");
  writeFileSync(file, THREAD);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let open: Threads<string, string>[] = [];
afterEach(async () => {
  await Promise.all(open.map((threads) => threads.close()));
  open = [];
});

function start(count = 2): Threads<string, string> {
  const threads = openThreads<string, string>(file, count, { between: "-" });
  open.push(threads);
  return threads;
}

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of given) found.push(one);
  return found;
}

it("answers each question in its place, some of them by the main thread", async () => {
  const words = Array.from({ length: 500 }, (_, i) => `${i}`);
  const here = async (word: string) => `${word}-${word}`;
  const answers = await all(inOrder(words, [here, ...start().hands]));
  expect(answers).toEqual(words.map((word) => `${word}-${word}`));
});

it.each([
  ["throw", "a fault of its own"],
  ["exit", "A thread ended with code 7"],
])("a thread told to %s fails what was asked of it, then and later", async (word, message) => {
  const [hand] = start(1).hands;
  expect(await hand?.("a")).toBe("a-a");
  const asked = await Promise.allSettled([hand?.(word), hand?.("b")]);
  for (const other of [...asked, ...(await Promise.allSettled([hand?.("c")]))]) {
    expect(other).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining(message) },
    });
  }
});

it("a failure is thrown in its turn, whoever else is ready", async () => {
  const told: number[] = [];
  const hand = async (item: number) => {
    if (item === 1) throw new Error("the second");
    return item;
  };
  const telling = async () => {
    for await (const one of inOrder([0, 1, 2, 3], [hand, hand])) told.push(one);
  };
  await expect(telling()).rejects.toThrow("the second");
  expect(told).toEqual([0]);
});

it("closing ends a thread that hangs", async () => {
  const threads = start(1);
  const hanging = expect(threads.hands[0]?.("hang")).rejects.toThrow("A thread ended");
  await threads.close();
  await hanging;
});

it("a file that is none fails what is asked", async () => {
  const threads = openThreads<string, string>(join(folder, "none.mjs"), 1, {});
  await expect(threads.hands[0]?.("a")).rejects.toThrow("none.mjs");
  await threads.close();
});

it.each([
  [0, []],
  [1, [1]],
  [3, [3]],
  [4, [3, 1]],
  [7, [3, 3, 1]],
])("%i items in parts of three", (count, sizes) => {
  const items = Array.from({ length: count }, (_, i) => i);
  const parts = [...partsOf(items, 3)];
  expect(parts.map((part) => part.length)).toEqual(sizes);
  expect(parts.flat()).toEqual(items);
});

it("no hand runs far ahead of a result that is late", async () => {
  let release = () => {};
  const late = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun: number[] = [];
  const hand = async (item: number) => {
    begun.push(item);
    if (item === 0) await late;
    return item;
  };
  const items = Array.from({ length: 1_000 }, (_, i) => i);
  const told = inOrder(items, [hand, hand]);
  const first = told.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toHaveLength(16);
  release();
  expect([(await first).value, ...(await all(told))]).toEqual(items);
});
