// How an answer is read on Node: as fast as its reader and no faster, to its end or dropped.
import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { DialFailure } from "../../src/net/dial.ts";
import {
  exchange,
  type Head,
  MAX_DISCARD_MS,
  MAX_WAITING_BYTES,
} from "../../src/runtime/exchange.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function asking(answer: RequestListener) {
  let connections = 0;
  const server: Server = createServer(answer).on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ connections: 1 });
  closing.push(async () => {
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    connections: () => connections,
    ask: (signal = new AbortController().signal): Promise<Head> =>
      exchange(agent, { origin, path: "/", method: "GET" }, signal),
  };
}

async function lengthOf(body: Head["body"]): Promise<number> {
  let length = 0;
  for await (const chunk of body) length += chunk.length;
  return length;
}

/** Ends when the other side takes no more, or everything was taken; answers how much that was. */
async function pour(response: ServerResponse, megabytes: number): Promise<number> {
  const megabyte = new Uint8Array(1_048_576);
  let taken = 0;
  for (; taken < megabytes && !response.destroyed; taken++) {
    if (!response.write(megabyte)) await once(response, "drain");
  }
  response.end();
  return taken;
}

it("tells the head before the body is there, and what came before the head not at all", async () => {
  let finish = () => {};
  const { ask } = await asking((_, response) => {
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    response.writeHead(203, { "x-a": "1", "set-cookie": ["a=1", "b=2"] }).flushHeaders();
    finish = () => response.end("late");
  });
  const { status, headers, body } = await ask();
  expect([status, headers["x-a"], headers["set-cookie"]]).toEqual([203, "1", ["a=1", "b=2"]]);
  finish();
  expect(await lengthOf(body)).toBe(4);
  expect((await body.next()).done).toBe(true);
});

it("keeps the other side waiting while nobody reads", async () => {
  let held = new Promise<void>(() => {});
  let poured = Promise.resolve(0);
  const { ask } = await asking((_, response) => {
    held = new Promise((resolve) => response.once("drain", resolve));
    // More than the sockets of both sides hold.
    poured = pour(response, 64);
  });
  const { body } = await ask();
  const first = await body.next();
  expect(first.done).toBe(false);
  await held;
  let done = false;
  void poured.then(() => {
    done = true;
  });
  // Its side of the connection has no more room, however long one waits.
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  expect(done).toBe(false);
  const rest = await lengthOf(body);
  expect((first.value?.length ?? 0) + rest).toBe(64 * 1_048_576);
  expect(await poured).toBe(64);
});

it("drops the connection when its reader stops early", async () => {
  let gone: Promise<unknown> = Promise.resolve();
  const { ask } = await asking((_, response) => {
    gone = once(response, "close");
    void pour(response, 64);
  });
  const { body } = await ask();
  for await (const _ of body) break;
  await gone;
  expect((await body.next()).done).toBe(true);
});

it("uses the connection again after a body that was let go by, if it was short", async () => {
  const { ask, connections } = await asking((_, response) => {
    response.end(new Uint8Array(MAX_WAITING_BYTES));
  });
  (await ask()).body.discard(MAX_WAITING_BYTES);
  await lengthOf((await ask()).body);
  expect(connections()).toBe(1);
  (await ask()).body.discard(MAX_WAITING_BYTES - 1);
  await lengthOf((await ask()).body);
  expect(connections()).toBe(2);
});

it("lets go of a body that does not end, when its time is over and not before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let gone: Promise<unknown> = Promise.resolve();
  let closed = false;
  const { ask } = await asking((_, response) => {
    gone = once(response, "close").then(() => {
      closed = true;
    });
    response.write("a");
  });
  (await ask()).body.discard(MAX_WAITING_BYTES);
  vi.advanceTimersByTime(MAX_DISCARD_MS - 1);
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  expect(closed).toBe(false);
  vi.advanceTimersByTime(1);
  await gone;
});

it("ends with its signal before it began, before the head, and in the body", async () => {
  const { ask, connections } = await asking((_, response) => {
    response.writeHead(200).flushHeaders();
    response.write("a");
  });
  await expect(ask(AbortSignal.abort())).rejects.toThrow();
  const { body } = await ask();
  const queued = new AbortController();
  const waiting = ask(queued.signal);
  queued.abort();
  await expect(waiting).rejects.toThrow();
  expect(connections()).toBe(1);
  await body.return();

  const during = new AbortController();
  const begun = await ask(during.signal);
  expect((await begun.body.next()).done).toBe(false);
  const next = begun.body.next();
  during.abort();
  await expect(next).rejects.toBeInstanceOf(DialFailure);
  expect((await begun.body.next()).done).toBe(true);
});

it("says that a body broke off, after what was read of it", async () => {
  const { ask } = await asking((_, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("abc", () => response.destroy());
  });
  const { body } = await ask();
  expect((await body.next()).value?.length).toBe(3);
  await expect(body.next()).rejects.toMatchObject({ code: "truncated" });
});
