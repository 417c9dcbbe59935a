// Our client against an authorization server that nobody here wrote, over real sockets on both sides.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import type { Env } from "../../src/env.ts";
import { revokeAtHost } from "../../src/oauth/revoke.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { freshToken, tokenRejected } from "../../src/oauth/token.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { givenBackpack, serverOf } from "./host.ts";
import { listening, type StockServer, startStockServer } from "./stock-server.ts";

/** A browser as far as it is needed: cookies by origin, redirects one by one, forms. */
class Browser {
  readonly #jar = new Map<string, Map<string, string>>();

  setCookie(origin: string, cookie: string): void {
    const [pair = ""] = cookie.split(";");
    const at = pair.indexOf("=");
    const jar = this.#jar.get(origin) ?? new Map<string, string>();
    jar.set(pair.slice(0, at), pair.slice(at + 1));
    this.#jar.set(origin, jar);
  }

  async open(url: string, form?: Record<string, string>): Promise<Response> {
    const { origin } = new URL(url);
    const cookie = [...(this.#jar.get(origin) ?? [])].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie, accept: "text/html", ...(form ? { origin } : {}) },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const one of response.headers.getSetCookie()) this.setCookie(origin, one);
    return response;
  }

  /** Follows redirects as long as they stay at that origin, or until an answer is none. */
  async follow(url: string, until: string): Promise<{ url: string; response: Response | null }> {
    for (let at = url; ; ) {
      if (at.startsWith(until)) return { url: at, response: null };
      const response = await this.open(at);
      const location = response.headers.get("location");
      if (location === null) return { url: at, response };
      at = new URL(location, at).href;
    }
  }
}

let stock: StockServer;
let test: TestApp;
let env: Env;
let origin: string;
let person: SignedInBrowser;
let browser: Browser;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  closing = [];
  stock = await startStockServer();
  const server = createServer();
  origin = await listening(server);
  const { publicFetch, loopbackOrigins, close } = openPublicFetch({ publicUrl: origin }, [
    stock.origin,
  ]);
  test = await testApp({
    publicUrl: origin,
    now: Date.now(),
    shared: true,
    override: () => ({ publicFetch, loopbackOrigins }),
  });
  const listener = getRequestListener((request) => test.app.fetch(request));
  server.on("request", (request, response) => void listener(request, response));
  env = test.env;
  const given = await givenPerson(env, await givenOrganization(env));
  person = await signedIn(test, given.user.id);
  browser = new Browser();
  browser.setCookie(origin, person.cookie);
  closing.push(
    async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    close,
    test.close,
    stock.close,
  );
});

afterEach(async () => {
  for (const close of closing) await close();
});

/** Presses “Connect”, signs in over there, and decides; returns the answer of our callback. */
async function consent(backpackId: string, decide: "allow" | "abort" = "allow") {
  const left = await browser.open(`${origin}/me/backpacks/${backpackId}/connect`, {
    form_token: person.formToken,
    auto_sync: "1",
  });
  expect(left.status).toBe(200);
  const there = left.headers.get("refresh")?.replace("0; url=", "") ?? "";
  let at = await browser.follow(there, `${origin}/oauth/callback`);
  for (let page = 0; at.response !== null && page < 4; page++) {
    const html = await at.response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
    if (prompt === undefined) throw new Error(`no form: ${html.slice(0, 400)}`);
    const next =
      decide === "abort" && prompt === "consent"
        ? await browser.open(`${at.url}/abort`)
        : await browser.open(at.url, { prompt, login: "noor", password: "any" });
    at = await browser.follow(
      new URL(next.headers.get("location") ?? "", at.url).href,
      `${origin}/oauth/callback`,
    );
  }
  return { callback: at.url, response: await browser.open(at.url) };
}

const api = (token: string) =>
  fetch(`${stock.origin}/ims/ob/v2p1/assertions`, {
    headers: { authorization: `Bearer ${token}` },
  });

const given = () => givenBackpack(env, {}, stock.origin);

async function connect(): Promise<{ backpackId: string; connectionId: string }> {
  const { id: backpackId } = await given();
  const { response } = await consent(backpackId);
  expect(response.status).toBe(303);
  const [row] = await env.db.orm.select().from(connections);
  return { backpackId, connectionId: row?.id ?? "" };
}

describe("a stock authorization server", () => {
  it("OB21-M-01 OB21-R-01 OB21-Z-01 OB21-T-01 discovery, registration, consent, token: connected", async () => {
    const backpack = await given();
    // It also has metadata of its own, which agrees with the manifest and promises `iss`.
    expect(await serverOf(env, backpack)).toMatchObject({
      issuer: stock.origin,
      iss_promised: true,
      registration: null,
    });
    const { response, callback } = await consent(backpack.id);
    expect(new URL(callback).searchParams.get("iss")).toBe(stock.origin);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`/me/backpacks/${backpack.id}?done=connected`);
    expect(await serverOf(env, backpack)).toMatchObject({ registration: "dynamic" });
    const [token] = await env.db.orm.select().from(tokens);
    // The profile scope was offered in the manifest, and the server did not know it.
    expect(token?.scope).toBe(`${SCOPES.create} ${SCOPES.read} ${SCOPES.offline}`);
    const fresh = await freshToken(env, token?.connection_id ?? "");
    expect(fresh.ok).toBe(true);
    const answer = await api(fresh.ok ? fresh.token : "");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ account: "noor" });
    expect(stock.asked.filter((one) => one === "POST /reg").length).toBeLessThanOrEqual(2);
  });

  it("OB21-T-06 refreshes with rotation, and the old refresh token is worth nothing", async () => {
    const { connectionId } = await connect();
    const seen = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const fresh = await freshToken(env, connectionId);
      if (!fresh.ok) throw new Error(fresh.reason);
      seen.add(fresh.token);
      expect((await api(fresh.token)).status).toBe(200);
      test.clock.advance(3_600_000);
    }
    expect(seen.size).toBe(5);
    expect(stock.asked.filter((one) => one === "POST /token")).toHaveLength(5);
  });

  it("fifty callers at once refresh once", async () => {
    const { connectionId } = await connect();
    test.clock.advance(3_600_000);
    const patient = { ...env, pause: (ms: number) => new Promise<void>((r) => setTimeout(r, ms)) };
    const all = await Promise.all(
      Array.from({ length: 50 }, () => freshToken(patient, connectionId)),
    );
    expect(new Set(all.map((one) => (one.ok ? one.token : one.reason))).size).toBe(1);
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(stock.asked.filter((one) => one === "POST /token")).toHaveLength(2);
  });

  it("OB21-V-02 a grant that its owner ended leads to “reconnect”, and connecting again mends it", async () => {
    const { backpackId, connectionId } = await connect();
    const fresh = await freshToken(env, connectionId);
    if (!fresh.ok) throw new Error(fresh.reason);
    const found = await stock.provider.AccessToken.find(fresh.token);
    const grant = await stock.provider.Grant.find(found?.grantId ?? "");
    await grant?.destroy();
    await tokenRejected(env, connectionId, fresh.generation);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: false, reason: "reconnect" });
    expect((await consent(backpackId)).response.status).toBe(303);
    expect(await env.db.orm.select().from(connections)).toMatchObject([
      { id: connectionId, status: "connected", problem: null },
    ]);
    const again = await freshToken(env, connectionId);
    expect((await api(again.ok ? again.token : "")).status).toBe(200);
  });

  it("OB21-V-03 OB21-V-04 tokens are revoked there", async () => {
    const { connectionId } = await connect();
    const fresh = await freshToken(env, connectionId);
    const token = fresh.ok ? fresh.token : "";
    expect((await api(token)).status).toBe(200);
    await revokeAtHost(env, connectionId);
    expect((await api(token)).status).toBe(401);
    expect(stock.asked.filter((one) => one === "POST /token/revocation")).toHaveLength(2);
    test.clock.advance(3_600_000);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
  });

  it("OB21-Z-05 a person who says no is told so, and nothing is stored", async () => {
    const { id } = await given();
    const { response } = await consent(id, "abort");
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Access was not granted");
    expect(await env.db.orm.select().from(connections)).toEqual([]);
    expect(stock.asked).not.toContain("POST /token");
  });

  it("OB21-Z-06 a replayed answer is refused here, before the server is asked", async () => {
    const { id } = await given();
    const { callback } = await consent(id);
    const before = stock.asked.length;
    const again = await browser.open(callback);
    expect(again.status).toBe(400);
    expect(await again.text()).toContain("state-used");
    expect(stock.asked).toHaveLength(before);
  });

  it("a client the server forgot is registered anew for the next connection", async () => {
    const { backpackId, connectionId } = await connect();
    const [known] = await env.db.orm.select().from(backpacks);
    if (!known) throw new Error("no backpack");
    const first = (await serverOf(env, known)).client_id ?? "";
    await Reflect.get(stock.provider.Client, "adapter").destroy(first);
    test.clock.advance(3_600_000);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect(await serverOf(env, known)).toMatchObject({ client_id: null });
    expect((await consent(backpackId)).response.status).toBe(303);
    expect((await serverOf(env, known)).client_id).not.toBe(first);
  });
});
