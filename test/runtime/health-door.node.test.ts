import { createServer, request as httpRequest, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../../src/app.ts";
import { healthDoor } from "../../src/runtime/health-door.ts";
import { testApp } from "../app.ts";

/** What a server adds by itself. */
const OWN_HEADERS = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

async function serving(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function ask(port: number, method: string, path: string) {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, method, path }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => {
        const headers = Object.entries(response.headers).filter(
          ([name]) => !OWN_HEADERS.has(name) && !(method === "HEAD" && name === "content-length"),
        );
        resolve({
          status: response.statusCode,
          headers: Object.fromEntries(headers),
          body: body.replace(/"request_id":"[^"]+"/, ""),
        });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** How ready a server says it is, and which requests its door may not answer then. */
const STATES: [string, () => Promise<string | null>, readonly string[]][] = [
  ["ready", async () => null, []],
  ["stopping", async () => "stopping", []],
  ["without its database", async () => "database", []],
  [
    "unable to tell",
    () => Promise.reject(new Error("unforeseen")),
    ["GET /readyz", "HEAD /readyz"],
  ],
];

it.each(STATES)("a server that is %s says so as the app does", async (_name, readiness, left) => {
  const { env } = await testApp();
  const app = createApp({ ...env, readiness });
  const answer = getRequestListener((request) => app.fetch(request));
  const rest = await serving((request, response) => void answer(request, response));
  const handedOn: string[] = [];
  const door = await serving(
    healthDoor(readiness, (request, response) => {
      handedOn.push(`${request.method} ${request.url}`);
      void answer(request, response);
    }),
  );
  const others = ["POST /readyz", "OPTIONS /healthz", "GET /readyz?x", "GET /healthz/", "GET /b"];
  const own = ["GET /healthz", "HEAD /healthz", "GET /readyz", "HEAD /readyz"];
  for (const line of [...own, ...others]) {
    const [method = "", path = ""] = line.split(" ");
    expect(await ask(door, method, path), line).toEqual(await ask(rest, method, path));
  }
  expect(handedOn).toEqual([...left, ...others]);
});
