// Stopping under load: what was accepted is answered, what was acknowledged is kept.
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { rosette, type Server, startServer, temporaryFolder } from "./process.ts";

const IN_FLIGHT = 100;
const RESTARTS = 3;

interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Sent {
  readonly reply: Promise<Reply>;
  /** The request is on its way on an open connection. */
  readonly sent: Promise<void>;
}

function post(server: Server, key: string, body: object, agent: Agent): Sent {
  const payload = JSON.stringify(body);
  const outgoing = request(`${server.origin}/api/v1/awards`, {
    method: "POST",
    agent,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(payload),
    },
  });
  const sent = new Promise<void>((resolve, reject) => {
    outgoing.on("finish", resolve);
    outgoing.on("error", reject);
  });
  const reply = new Promise<Reply>((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      let text = "";
      incoming.on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      incoming.on("error", reject);
    });
  });
  outgoing.end(payload);
  return { reply, sent };
}

async function given(variables: Record<string, string>): Promise<{ key: string; badge: string }> {
  await rosette(["seed", "--demo"], variables);
  const key = await rosette(["keys", "create", "--json"], variables);
  const badge = await rosette(["badge", "show", "Warm Welcome", "--json"], variables);
  return { key: JSON.parse(key.stdout).key, badge: JSON.parse(badge.stdout).id };
}

/** Whole processes start here, on machines that are busy with other tests too. */
vi.setConfig({ testTimeout: 60_000 });

describe("SIGTERM under load", () => {
  it(`answers ${IN_FLIGHT} awards in flight and keeps them, ${RESTARTS} times over`, async () => {
    const variables = { DATA_DIR: temporaryFolder(), PORT: "0" };
    const { key, badge } = await given(variables);
    const acknowledged: string[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      const server = await startServer(variables);
      const agent = new Agent({ keepAlive: true });
      const flying = Array.from({ length: IN_FLIGHT }, (_, i) => {
        const recipient = { type: "email", identity: `person-${restart}-${i}@example.org` };
        return post(server, key, { badge, recipient }, agent);
      });
      await Promise.all(flying.map(({ sent }) => sent));
      // One answer shows that the server has begun; the others are with it or in its socket.
      await Promise.race(flying.map(({ reply }) => reply));
      const ended = server.stop();
      const replies = await Promise.all(flying.map(({ reply }) => reply));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
      acknowledged.push(...replies.map(({ body }) => String(JSON.parse(body).hash)));
      expect((await ended).code).toBe(0);
      agent.destroy();
    }
    const server = await startServer(variables);
    const statuses = await Promise.all(
      acknowledged.map(async (hash) => {
        const response = await fetch(`${server.origin}/ob/v2/assertions/${hash}`);
        await response.arrayBuffer();
        return response.status;
      }),
    );
    expect(statuses).toEqual(acknowledged.map(() => 200));
  });

  it("says it is not ready first, closes kept connections, and ends with 0", async () => {
    const server = await startServer({ DATA_DIR: temporaryFolder(), PORT: "0", DEMO: "false" });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    const ended = server.stop();
    const seen: { status: number; connection: string | null }[] = [];
    for (;;) {
      const response = await fetch(`${server.origin}/readyz`).catch(() => null);
      if (response === null) break;
      await response.arrayBuffer();
      seen.push({ status: response.status, connection: response.headers.get("connection") });
    }
    expect(seen).toContainEqual({ status: 503, connection: "close" });
    expect(await ended).toMatchObject({ code: 0 });
  });

  it("ends at once when it is asked a second time, later", async () => {
    const server = await startServer({ DATA_DIR: temporaryFolder(), PORT: "0", DEMO: "false" });
    // A request whose headers never end keeps the first stop waiting.
    const hanging = connect(Number(new URL(server.origin).port), "127.0.0.1");
    hanging.on("error", () => {});
    await new Promise<void>((resolve) => hanging.write("GET / HTTP/1.1\r\n", () => resolve()));
    const ended = server.stop("SIGINT");
    let over = false;
    const again = async () => {
      while (!over) {
        server.program.child.kill("SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const pressing = again();
    const { code } = await ended;
    over = true;
    await pressing;
    hanging.destroy();
    expect(code).toBe(1);
  });
});
