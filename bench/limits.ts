// The bare servers that ours is compared with: as little as can answer at all.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { keepTickShape } from "../src/runtime/kept-shape.ts";

const port = Number(process.env["PORT"]);
const size = Number(process.env["SIZE"] ?? "1500");
/** As `src/runtime/listen.ts` does it. */
const isKeptFast = Boolean(process.env["KEEP_FAST"]);
const body = JSON.stringify({ fixed: "x".repeat(Math.max(0, size - 12)) });
const headers = {
  "content-type": "application/ld+json",
  "content-length": String(Buffer.byteLength(body)),
};

const LIMITS = {
  "node-http": () =>
    createServer((_request, response) => {
      response.writeHead(200, headers);
      response.end(body);
    }),
  "node-http-304": () =>
    createServer((_request, response) => {
      response.writeHead(304, { etag: '"x"' });
      response.end();
    }),
  hono: () => {
    const app = new Hono();
    app.get("/ob/v2/assertions/:hash", (c) => c.body(body, 200, headers));
    const answer = getRequestListener(app.fetch);
    const options = { optimizeEmptyRequests: isKeptFast };
    return createServer(options, (request, response) => void answer(request, response));
  },
  /** As many bytes as the path says. */
  "hono-pages": () => {
    const pages = new Map<string, string>();
    const app = new Hono();
    app.get("/:size", (c) => {
      const wanted = c.req.param("size");
      const page = pages.get(wanted) ?? "x".repeat(Number(wanted));
      pages.set(wanted, page);
      return c.body(page, 200, { "content-type": "text/html; charset=utf-8" });
    });
    const answer = getRequestListener(app.fetch);
    return createServer((request, response) => void answer(request, response));
  },
} as const;

if (isKeptFast) keepTickShape();
const kind = process.argv[2] as keyof typeof LIMITS;
LIMITS[kind]().listen(port, "127.0.0.1");
