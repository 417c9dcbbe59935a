// The end of a server's socket: whoever was promised an answer gets it, and nobody keeps the process after that.
import { once } from "node:events";
import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { expect, it, onTestFinished } from "vitest";
import { drainConnections, listen, portOf } from "../../src/runtime/listen.ts";

it("a kept connection answered during the stop does not hold it up: whole, and at once", async () => {
  let held: ServerResponse | undefined;
  const server = await listen(
    (_, response) => {
      held = response;
    },
    { host: "127.0.0.1", port: 0, orNext: false },
  );
  const client = connect(portOf(server), "127.0.0.1");
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(server, "request");
  const drained = drainConnections(server);
  while (server.listening) await new Promise((resolve) => setImmediate(resolve));
  const [ended, chunk] = [once(client, "close"), once(client, "data")];
  held?.end("answered");
  expect(String((await chunk)[0])).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*answered/);
  expect(await drained).toBe(true);
  await ended;
});

it("requests with a body and without one follow each other on one connection, each read to its end", async () => {
  const answer = getRequestListener(
    async (asked) => new Response(`${asked.method} ${await asked.text()}`),
  );
  const server = await listen((...both) => void answer(...both), {
    host: "127.0.0.1",
    port: 0,
    orNext: false,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let connections = 0;
  server.on("connection", () => connections++);
  onTestFinished(() => {
    agent.destroy();
    server.close();
  });
  const ask = async (method: string, body?: string): Promise<string> => {
    const asked = request({ port: portOf(server), host: "127.0.0.1", method, agent });
    asked.end(body);
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return String(Buffer.concat(await response.toArray()));
  };
  for (const [method, body] of [
    ["GET"],
    ["POST", "words"],
    ["POST"],
    ["DELETE"],
    ["POST", "x".repeat(100_000)],
    ["GET"],
  ] as const) {
    expect(await ask(method, body)).toBe(`${method} ${body ?? ""}`);
  }
  expect(connections).toBe(1);
});
