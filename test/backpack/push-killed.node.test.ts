// Pushes by processes that are killed and stopped, to a host on a real socket.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROW_LEASE_MS } from "../../src/backpack/push.ts";
import { backpacks } from "../../src/db/backpacks.ts";
import { drain } from "../../src/jobs/drain.ts";
import { fetchOf } from "./host.ts";
import { PUSHING, type PushWorld, pushWorld } from "./push-world.ts";

/** More with `KILLS=1000 npm test -- push-killed`. */
const KILLS = Number(process.env.KILLS ?? 6);
const PROGRAM = new URL("./push-process.ts", import.meta.url).pathname;
/** Past every lease that a process which died could have left. */
const LATER_MS = ROW_LEASE_MS + 60_000;

interface Socketed {
  readonly world: PushWorld;
  /** Called with each request that was answered, before its answer leaves. */
  onAnswer: (method: string, send: () => void) => void;
  start(aheadMs: number): ChildProcess;
}

/** The world's host behind a socket of this machine. */
async function socketed(wish: Parameters<typeof pushWorld>[0]): Promise<Socketed> {
  const world = await pushWorld({ ...wish, now: Date.now() });
  const self: Socketed = {
    world,
    onAnswer: (_method, send) => send(),
    start(aheadMs) {
      const file = join(world.env.config.dataDir, "rosette.db");
      const child = spawn(process.execPath, [PROGRAM, file, origin, String(aheadMs)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => {
        child.kill("SIGKILL");
      });
      return child;
    },
  };
  const server = createServer((request, response) => {
    void relayed(world, self, request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { env } = world;
  await env.db.batch([
    env.db.orm.update(backpacks).set({ backpack_api_url: `${origin}/ims/ob/v2p1` }),
  ]);
  return self;
}

async function relayed(
  { host }: PushWorld,
  self: Socketed,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await host.dial({
    url: new URL(request.url ?? "/", host.origin),
    method: request.method === "POST" ? "POST" : "GET",
    headers: { authorization: request.headers.authorization ?? "" },
    body: Buffer.concat(chunks).toString(),
    signal: new AbortController().signal,
  });
  let body = "";
  for await (const chunk of answer.body) body += new TextDecoder().decode(chunk);
  self.onAnswer(request.method ?? "", () => {
    response.writeHead(answer.status, { "content-type": "application/json" }).end(body);
  });
}

const ended = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
};

describe("SIGKILL", () => {
  it(`in the gap between push and record, ${KILLS} times: 0 missing, 0 visible doubles`, async () => {
    const socket = await socketed({ awards: 0 });
    const { world } = socket;
    // The worst of hosts: each post is another badge to see.
    world.host.doubles = true;
    let ahead = 0;
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      for (let i = 0; i < 3; i++) await world.award();
      await world.plan();
      const child = socket.start(ahead);
      let posts = 0;
      socket.onAnswer = (method, send) => {
        if (method === "POST" && ++posts === 1 + (kill % 3)) {
          // It is kept there, and nobody will ever hear of it.
          child.kill("SIGKILL");
          killed++;
        } else send();
      };
      await ended(child);
      ahead += LATER_MS;
    }
    expect(killed).toBe(KILLS);
    socket.onAnswer = (_method, send) => send();
    for (let run = 0; run < 3; run++) {
      await ended(socket.start(ahead));
      ahead += LATER_MS;
    }
    const rows = await world.rows();
    expect(rows).toHaveLength(3 * KILLS);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["delivered"]));
    const shown = world.host.shown();
    expect(new Set(shown).size).toBe(3 * KILLS);
    expect(shown).toHaveLength(3 * KILLS);
  }, 3_600_000);
});

describe("SIGSTOP", () => {
  it("a worker paused past its lease cannot write", async () => {
    const socket = await socketed({ awards: 1 });
    const { world } = socket;
    const child = socket.start(0);
    const held = new Promise<() => void>((resolve) => {
      socket.onAnswer = (method, send) => (method === "POST" ? resolve(send) : send());
    });
    const answer = await held;
    child.kill("SIGSTOP");
    expect(await world.row()).toMatchObject({ state: "sending", fence: 1 });

    // Another one comes after the lease, by the same host; it looks, and finds it there.
    const { env } = world;
    await env.db.batch([
      env.db.orm.update(backpacks).set({ backpack_api_url: world.host.apiBase }),
    ]);
    const later = {
      ...env,
      now: () => Date.now() + LATER_MS,
      publicFetch: fetchOf(world.host),
    };
    await drain(later, PUSHING, { limit: 9 });
    const after = await world.row();
    expect(after).toMatchObject({ state: "delivered", fence: 2 });
    const events = await world.events();

    child.kill("SIGCONT");
    answer();
    await ended(child);
    expect(await world.row()).toEqual(after);
    expect(await world.events()).toEqual(events);
    expect(world.host.shown()).toHaveLength(1);
  }, 60_000);
});
