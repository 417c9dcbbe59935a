// Webhooks of processes that are killed, to a receiver on a real socket that checks signatures by itself.
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { webhookEndpoints } from "../../src/db/webhooks.ts";
import { LEASE_MS } from "../../src/jobs/drain.ts";
import { givenBadge } from "../given.ts";
import { webhookWorld } from "./receiver.ts";

/** More with `KILLS=200 npm test -- webhooks/killed`. */
const KILLS = Number(process.env.KILLS ?? 9);
const AWARDS = 12;
const PROGRAM = new URL("./webhook-process.ts", import.meta.url).pathname;
/** Past every lease that a process which died could have left, and every rest of an endpoint. */
const LATER_MS = LEASE_MS + 30 * 60_000;

/** What Standard Webhooks says of a receiver, and nothing of ours. */
function isGenuine(secret: string, request: IncomingMessage, body: string): boolean {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": given } = request.headers;
  const mac = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest();
  return String(given)
    .split(" ")
    .filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"))
    .some((one) => one.length === mac.length && timingSafeEqual(one, mac));
}

interface Message {
  readonly id: string;
  readonly genuine: boolean;
  readonly body: string;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function world() {
  const w = await webhookWorld({ now: Date.now() });
  const { id, secret } = await w.add({ events: ["award.created"] });
  const badge = await givenBadge(w.env, w.organization);
  const messages: Message[] = [];
  let onMessage = (_count: number, answer: () => void): void => answer();
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const genuine = isGenuine(secret, request, body);
    messages.push({ id: String(request.headers["webhook-id"]), genuine, body });
    onMessage(messages.length, () => response.writeHead(genuine ? 204 : 401).end());
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await w.env.db.batch([w.env.db.orm.update(webhookEndpoints).set({ url: `${origin}/in` })]);
  const acknowledged: string[] = [];
  return {
    w,
    id,
    messages,
    acknowledged,
    answering(how: typeof onMessage) {
      onMessage = how;
    },
    /** `onAward` is called with each award that the process said is on disk. */
    start(aheadMs: number, awards: number, onAward: (child: ChildProcess) => void = () => {}) {
      const file = join(w.env.config.dataDir, "rosette.db");
      const args = [file, origin, String(aheadMs), w.organization.id, badge.id, String(awards)];
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      createInterface({ input: child.stdout }).on("line", (line) => {
        acknowledged.push(line);
        onAward(child);
      });
      return child;
    },
  };
}

const ended = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
};

it(`SIGKILL, ${KILLS} times at any moment: no message of an award on disk is lost`, async () => {
  const run = await world();
  let ahead = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const before = run.messages.length;
    const after = 1 + (Math.floor((kill * 7) / 3) % AWARDS);
    const way = kill % 3;
    let awarded = 0;
    const child = run.start(ahead, AWARDS, (running) => {
      if (way === 2 && ++awarded === after) running.kill("SIGKILL");
    });
    run.answering((count, answer) => {
      const isTheOne = count - before === after;
      // It came in, and its sender never hears of it.
      if (way === 0 && isTheOne) child.kill("SIGKILL");
      else answer();
      // It was answered, and perhaps written down.
      if (way === 1 && isTheOne) setImmediate(() => child.kill("SIGKILL"));
    });
    await ended(child);
    expect([kill, child.signalCode]).toEqual([kill, "SIGKILL"]);
    ahead += LATER_MS;
  }
  run.answering((_count, answer) => answer());
  for (let i = 0; i < 2; i++) {
    await ended(run.start(ahead, 0));
    ahead += LATER_MS;
  }

  const { rows } = await run.w.env.db.read({ sql: "SELECT id FROM badge_issues", params: [] });
  const onDisk = rows.map(([id]) => String(id)).sort();
  expect(onDisk.length).toBeGreaterThan(KILLS);
  expect(run.acknowledged.filter((id) => !onDisk.includes(id))).toEqual([]);
  expect(run.messages.filter(({ genuine }) => !genuine)).toEqual([]);
  const idsOf = new Map<string, Set<string>>();
  for (const { id, body } of run.messages) {
    const { data } = JSON.parse(body) as { data: { award: string } };
    idsOf.set(data.award, (idsOf.get(data.award) ?? new Set()).add(id));
  }
  expect([...idsOf.keys()].sort()).toEqual(onDisk);
  // Sent again, a message has the id that it had.
  expect([...idsOf.values()].every((ids) => ids.size === 1)).toBe(true);
  const deliveries = await run.w.deliveries(run.id);
  expect(deliveries).toHaveLength(onDisk.length);
  expect(new Set(deliveries.map(({ state }) => state))).toEqual(new Set(["delivered"]));
}, 3_600_000);
