import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { eq } from "drizzle-orm";
import { describe, expect, it, onTestFinished } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { createDatabase } from "../../src/db/database.ts";
import { putHostedAssertion } from "../../src/db/published.ts";
import { hostedAssertion } from "../../src/obv2/hosted.ts";
import { assertionDoor } from "../../src/runtime/assertion-door.ts";
import { type FileEngine, openFile } from "../../src/runtime/libsql-file.ts";
import { urls } from "../../src/urls.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A list of values goes out as a header for each. */
type SentHeaders = Readonly<Record<string, string | string[]>>;

function get(server: Server, path: string, headers: SentHeaders = {}, method = "GET") {
  const { port } = server.address() as AddressInfo;
  return new Promise<Got>((resolve, reject) => {
    const sent = httpRequest({ port, host: "127.0.0.1", path, headers, method }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

/** The app behind the door on one socket, without it on another, on one database. */
async function bothWays(test: TestApp) {
  const engine = openFile(join(test.env.config.dataDir, "rosette.db"), Math.random, Date.now);
  onTestFinished(() => engine.close());
  const asked: string[] = [];
  const answer = getRequestListener((request) => test.app.fetch(request));
  const rest = createServer((request, response) => void answer(request, response));
  const door = createServer(
    assertionDoor(engine, test.env.urls, (request, response) => {
      asked.push(request.url ?? "");
      void answer(request, response);
    }),
  );
  return { door: await listening(door), rest: await listening(rest), engine, asked };
}

async function givenStoredAward(test: TestApp, over: Parameters<typeof givenAward>[3] = {}) {
  const organization = await givenOrganization(test.env);
  const badge = await givenBadge(test.env, organization);
  const award = await givenAward(test.env, badge, await givenPerson(test.env, organization), over);
  const hosted = await hostedAssertion(award, { urls: test.env.urls, bakedImage: "svg" });
  await test.env.db.batch(putHostedAssertion(hosted, award.revision));
  return { award, etag: hosted.etag, path: `/ob/v2/assertions/${award.unique_hash}` };
}

/** What a server adds by itself. */
const OWN_HEADERS = new Set([
  "date",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
]);

function comparable({ status, headers, body }: Got) {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name));
  return { status, headers: Object.fromEntries(kept), body: withoutRequestId(body) };
}

const withoutRequestId = (body: string) => body.replace(/"request_id":"[^"]+"/, "");

describe("the door", () => {
  it("answers as the app does, whatever is asked", async () => {
    const test = await testApp();
    const { award, etag, path } = await givenStoredAward(test);
    const { path: unicode } = await givenStoredAward(test, { narrative: "Zürich, 三 ✓" });
    const { door, rest, asked } = await bothWays(test);
    const asks: [string, SentHeaders, string?][] = [
      [path, {}],
      [unicode, {}],
      [unicode, {}, "HEAD"],
      [path, { accept: "*/*" }],
      [path, { accept: "application/json" }],
      [path, { accept: "application/ld+json, application/json, image/png, image/svg+xml" }],
      [path, { accept: "text/html,application/xhtml+xml,*/*;q=0.8" }],
      [path, { accept: "image/png" }],
      [path, { "if-none-match": etag }],
      [path, { "if-none-match": `"other", W/${etag}` }],
      [path, { "if-none-match": "*" }],
      [path, { "if-none-match": '"other"' }],
      [path, { "if-none-match": etag, accept: "application/json" }],
      [path, { accept: ["text/html;q=0.1", "application/json"] }],
      [path, { "if-none-match": ['"other"', etag] }],
      [path, { "IF-None-Match": etag, ACCEPT: "image/png" }],
      [path, {}, "HEAD"],
      [path, {}, "OPTIONS"],
      [path, {}, "POST"],
      [`${path}?x=1`, {}],
      [path.toUpperCase(), {}],
      [`${path.slice(0, -1)}g`, {}],
      [`${path.slice(0, -1)}g`, { "if-none-match": etag }],
      [`/ob/v2/assertions/${"%".repeat(40)}`, { "if-none-match": "*" }],
      [`/ob/v2/assertions/${"0".repeat(40)}`, {}],
      [`${path}/image.svg`, {}],
    ];
    for (const [url, headers, method] of asks) {
      const through = comparable(await get(door, url, headers, method));
      expect(through, `${method ?? "GET"} ${url} ${JSON.stringify(headers)}`).toEqual(
        comparable(await get(rest, url, headers, method)),
      );
    }
    expect(asked).not.toContain(`/ob/v2/assertions/${award.unique_hash.slice(0, 39)}`);
    expect(asked.filter((url) => url === path)).toHaveLength(2);
  });

  it("looks up together what arrives together, and gives each its own", async () => {
    const test = await testApp();
    const { door, asked } = await bothWays(test);
    const stored = [];
    for (let i = 0; i < 40; i++) stored.push(await givenStoredAward(test));
    const unknown = `/ob/v2/assertions/${"f".repeat(40)}`;
    const paths = [...stored.map(({ path }) => path), unknown, stored[0]?.path ?? ""];
    const got = await Promise.all(paths.map((path) => get(door, path)));
    for (const [i, { body, status }] of got.entries()) {
      if (paths[i] === unknown) expect(status).toBe(404);
      else expect(JSON.parse(body).id).toBe(`${test.env.urls.base}${paths[i]}`);
    }
    expect(asked).toEqual([unknown]);
  });

  it("does not answer from an entity tag that was remembered before another process revoked", async () => {
    const test = await testApp();
    const { award, etag, path } = await givenStoredAward(test);
    const { door } = await bothWays(test);
    const ask = () => get(door, path, { "if-none-match": etag });
    expect((await ask()).status).toBe(304);
    expect((await ask()).status).toBe(304);

    const elsewhere = openFile(join(test.env.config.dataDir, "rosette.db"), Math.random, Date.now);
    onTestFinished(() => elsewhere.close());
    const db = createDatabase(elsewhere);
    await db.batch([
      db.orm.update(awards).set({ revoked_at: test.env.now() }).where(eq(awards.id, award.id)),
    ]);
    expect((await ask()).status).toBe(410);
  });

  it("does not answer from what it remembers when a look at the database failed before", async () => {
    const test = await testApp();
    const { award, etag, path } = await givenStoredAward(test);
    const file = openFile(join(test.env.config.dataDir, "rosette.db"), Math.random, Date.now);
    onTestFinished(() => file.close());
    let isFailing = false;
    const engine: FileEngine = {
      ...file,
      prepareGet(sql) {
        const get = file.prepareGet(sql);
        return (params) => {
          if (isFailing) throw new Error("unreadable");
          return get(params);
        };
      },
      version() {
        if (isFailing) throw new Error("unreadable");
        return file.version();
      },
    };
    const rest = getRequestListener((request) => test.app.fetch(request));
    const door = await listening(
      createServer(assertionDoor(engine, test.env.urls, (...both) => void rest(...both))),
    );
    const ask = () => get(door, path, { "if-none-match": etag });
    expect((await ask()).status).toBe(304);
    const { orm, batch } = test.env.db;
    await batch([
      orm.update(awards).set({ revoked_at: test.env.now() }).where(eq(awards.id, award.id)),
    ]);
    isFailing = true;
    expect((await ask()).status).toBe(410);
    isFailing = false;
    expect((await ask()).status).toBe(410);
  });

  it("hands on what was stored under another public address", async () => {
    const test = await testApp();
    const { award, path } = await givenStoredAward(test);
    const moved = { urls: urls("https://old.example.org"), bakedImage: "svg" } as const;
    const old = await hostedAssertion(award, moved);
    await test.env.db.batch(putHostedAssertion(old, award.revision));
    const { door, asked } = await bothWays(test);
    expect((await get(door, path)).status).toBe(200);
    expect(asked).toEqual([path]);
  });

  it("hands everything on while the database cannot be read", async () => {
    const test = await testApp();
    const { path } = await givenStoredAward(test);
    const engine = openFile(join(test.env.config.dataDir, "rosette.db"), Math.random, Date.now);
    const failing = {
      ...engine,
      prepareGet: () => () => {
        throw new Error("unreadable");
      },
      version: () => {
        throw new Error("unreadable");
      },
    };
    onTestFinished(() => engine.close());
    const handedOn: string[] = [];
    const door = await listening(
      createServer(
        assertionDoor(failing, test.env.urls, (request, response) => {
          handedOn.push(request.url ?? "");
          response.writeHead(503).end();
        }),
      ),
    );
    expect((await get(door, path)).status).toBe(503);
    expect(handedOn).toEqual([path]);
  });
});
