// One grant and one registration among several processes on one file, with a host on a socket.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { expect, it, onTestFinished } from "vitest";
import { authorizationServers, backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { beginAuthorization } from "../../src/oauth/authorization.ts";
import { finishAuthorization } from "../../src/oauth/callback.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { LEASE_MS } from "../../src/oauth/token.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import type { Got, Wish } from "./rival-process.ts";
import { listening } from "./stock-server.ts";

/** More with `REFRESH_ROUNDS=1000 npm test -- oauth/rivals`. */
const ROUNDS = Number(process.env.REFRESH_ROUNDS ?? 10);
const PROCESSES = 4;
const CALLERS = 50;

/** A host on a socket that keeps a refresh token valid until its successor is used, and no longer. */
class SocketHost {
  origin = "";
  registrations = 0;
  refreshes = 0;
  /** Requests with a refresh token that was worth nothing. */
  dead = 0;
  /** Answers to drop after their request was carried out. */
  drops = 0;
  #grants = 0;
  #newest = "";
  #before = "";

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const [status, answer] = this.#answer(request.url ?? "", body);
        if (this.drops > 0 && request.url === "/token") {
          this.drops--;
          request.socket.destroy();
          return;
        }
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer));
      });
    });
    this.origin = await listening(server);
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }

  #answer(path: string, body: string): [number, unknown] {
    if (path === "/register") {
      const client_id = `client-${++this.registrations}`;
      const secret = { client_id, client_secret: "s", client_secret_expires_at: 0 };
      return [201, { ...JSON.parse(body), ...secret }];
    }
    const form = new URLSearchParams(body);
    if (form.get("grant_type") === "authorization_code") return [200, this.#issue("")];
    this.refreshes++;
    const presented = form.get("refresh_token") ?? "-";
    if (presented === this.#newest || presented === this.#before) {
      return [200, this.#issue(presented)];
    }
    this.dead++;
    return [400, { error: "invalid_grant" }];
  }

  #issue(before: string) {
    this.#before = before;
    this.#newest = `refresh-${++this.#grants}`;
    return {
      access_token: `access-${this.#grants}`,
      refresh_token: this.#newest,
      token_type: "Bearer",
      expires_in: 3_600,
    };
  }
}

interface Rival {
  readonly process: ChildProcess;
  ask(wish: Wish): Promise<Got>;
}

async function startRival(env: Env, origin: string): Promise<Rival> {
  const program = new URL("./rival-process.ts", import.meta.url).pathname;
  const path = join(env.config.dataDir, "rosette.db");
  const child = spawn(process.execPath, [program, path, origin], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<Got> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the process ended without a word");
    return JSON.parse(value) as Got;
  };
  await line();
  return {
    process: child,
    ask(wish) {
      child.stdin.write(`${JSON.stringify(wish)}\n`);
      return line();
    },
  };
}

/** A connection whose host is on a socket. */
async function scene() {
  const host = new SocketHost();
  await host.start();
  const { origin } = host;
  const { publicFetch, loopbackOrigins, close } = openPublicFetch(
    { publicUrl: "https://badges.example.org" },
    [origin],
  );
  onTestFinished(close);
  const test = await testApp({
    now: Date.now(),
    override: () => ({ publicFetch, loopbackOrigins }),
  });
  const { env } = test;
  const [serverId, backpackId] = [newId(env), newId(env)];
  await env.db.batch([
    env.db.orm.insert(authorizationServers).values({
      id: serverId,
      name: "Socket",
      authorization_url: `${origin}/authorize`,
      token_url: `${origin}/token`,
      registration_url: `${origin}/register`,
      scopes_offered: [SCOPES.create],
      updated_at: env.now(),
    }),
    env.db.orm.insert(backpacks).values({
      id: backpackId,
      name: "Socket",
      api_version: "v2p1",
      backpack_api_url: `${origin}/api`,
      backpack_web_url: origin,
      oauth2_issuer_id: serverId,
      updated_at: env.now(),
    }),
  ]);
  const rivals = await Promise.all(
    Array.from({ length: PROCESSES }, () => startRival(env, origin)),
  );
  return { test, env, host, serverId, backpackId, rivals };
}

type Standing = Awaited<ReturnType<typeof scene>>;

async function connect({ test, env, backpackId }: Standing): Promise<string> {
  const person = await givenPerson(env, await givenOrganization(env));
  const { session } = await signedIn(test, person.user.id);
  const begun = await beginAuthorization(env, session, backpackId, { autoSync: true });
  if (!begun.ok) throw new Error(begun.reason);
  const asked = new URL(begun.url).searchParams;
  const back = new URL(asked.get("redirect_uri") ?? "");
  back.search = new URLSearchParams({ code: "c", state: asked.get("state") ?? "" }).toString();
  const finished = await finishAuthorization(env, session, backpackId, back.href);
  if (!finished.ok) throw new Error(finished.reason);
  return finished.connectionId;
}

async function expire(env: Env): Promise<void> {
  await env.db.batch([env.db.orm.update(tokens).set({ expires: 1_000 })]);
}

const statusOf = async (env: Env, id: string) =>
  (await env.db.orm.select().from(connections).where(eq(connections.id, id)))[0]?.status;

it(`${CALLERS} callers in ${PROCESSES} processes refresh exactly once a round, ${ROUNDS} rounds`, async () => {
  const standing = await scene();
  const { env, host, rivals } = standing;
  const id = await connect(standing);
  const share = Math.ceil(CALLERS / PROCESSES);
  for (let round = 1; round <= ROUNDS; round++) {
    await expire(env);
    const got = await Promise.all(
      rivals.map((rival) => rival.ask({ what: "token", id, callers: share })),
    );
    expect(new Set(got.flat())).toEqual(new Set([`access-${round + 1}`]));
    expect(host.refreshes).toBe(round);
  }
  expect(host.dead).toBe(0);
  expect(await statusOf(env, id)).toBe("connected");
}, 600_000);

it(`an answer lost each time logs nobody out, ${ROUNDS} rounds in ${PROCESSES} processes`, async () => {
  const standing = await scene();
  const { env, host, rivals } = standing;
  const id = await connect(standing);
  for (let round = 1; round <= ROUNDS; round++) {
    await expire(env);
    host.drops = 1;
    const got = await Promise.all(
      rivals.map((rival) => rival.ask({ what: "token", id, callers: 3 })),
    );
    expect(new Set(got.flat())).toEqual(new Set([`access-${1 + 2 * round}`]));
  }
  expect(host.refreshes).toBe(2 * ROUNDS);
  expect(host.dead).toBe(0);
  expect(await statusOf(env, id)).toBe("connected");
}, 600_000);

it("SIGKILL between the host's answer and its storing: the next one goes on with the same token", async () => {
  const standing = await scene();
  const { env, host, rivals } = standing;
  const id = await connect(standing);
  await expire(env);
  const [first, second] = rivals;
  const killed = await first?.ask({ what: "token", id, callers: 1, dies: true });
  expect(killed).toEqual(["answered"]);
  first?.process.kill("SIGKILL");
  // Till the lease ends nobody else asks; afterwards whoever comes first does.
  const later = await second?.ask({ what: "token", id, callers: 9, ahead: LEASE_MS + 1_000 });
  expect(new Set(later)).toEqual(new Set(["access-3"]));
  expect(host.refreshes).toBe(2);
  expect(host.dead).toBe(0);
  expect(await statusOf(env, id)).toBe("connected");
}, 60_000);

it(`a new host is registered once, though ${PROCESSES} processes ask at once`, async () => {
  const { env, host, serverId, rivals } = await scene();
  for (let round = 1; round <= Math.min(ROUNDS, 50); round++) {
    await env.db.batch([env.db.orm.update(authorizationServers).set({ client_id: null })]);
    const got = await Promise.all(
      rivals.map((rival) => rival.ask({ what: "client", id: serverId, callers: 10 })),
    );
    expect(new Set(got.flat())).toEqual(new Set([`client-${round}`]));
    expect(host.registrations).toBe(round);
  }
}, 600_000);
