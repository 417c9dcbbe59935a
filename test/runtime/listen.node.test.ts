// The end of a server's socket: whoever was promised an answer gets it, and nobody keeps the process after that.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect, it } from "vitest";
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
