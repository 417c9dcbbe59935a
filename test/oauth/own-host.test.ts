// The client against the backpack that Rosette is itself: both sides whole, and misbehaving on request.
import { describe, expect, it } from "vitest";
import { connections, tokens } from "../../src/db/backpacks.ts";
import { beginAuthorization } from "../../src/oauth/authorization.ts";
import { finishAuthorization } from "../../src/oauth/callback.ts";
import { revokeAtHost } from "../../src/oauth/revoke.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { freshToken, tokenRejected } from "../../src/oauth/token.ts";
import { doDeed } from "../../src/simulator/deeds.ts";
import type { Fault, Place } from "../../src/simulator/faults.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { type Asked, CookieJar, decide, outcome } from "../host/client.ts";
import { signedIn } from "../signed-in.ts";
import { BACKPACK_ORIGIN, twoSides } from "../simulator.ts";
import { givenBackpack, serverOf } from "./host.ts";

const HOUR_MS = 3_600_000;
const ALL = [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline];

async function scene() {
  const sides = await twoSides();
  const { issuer, backpack: host, misbehaviour } = sides;
  const { env } = issuer;
  const here = await givenPerson(env, await givenOrganization(env));
  const person = await signedIn(issuer, here.user.id);
  const there = await givenPerson(host.env, await givenOrganization(host.env));
  const owner = await signedIn(host, there.user.id);
  const backpack = await givenBackpack(env, {}, BACKPACK_ORIGIN);

  /** To the host and back, allowing these scopes or nothing. */
  async function callback(granted: readonly string[] | null = ALL): Promise<string> {
    const begun = await beginAuthorization(env, person.session, backpack.id, { autoSync: true });
    if (!begun.ok) throw new Error(`${begun.reason}: ${begun.detail}`);
    const { pathname, search } = new URL(begun.url);
    const jar = new CookieJar();
    const response = await host.request(`${pathname}${search}`, {
      headers: { accept: "text/html" },
    });
    jar.keep(response);
    const consent = new URL(response.headers.get("location") ?? "", BACKPACK_ORIGIN).pathname;
    const asked: Asked = { jar, response, consent };
    const fields: [string, string][] =
      granted === null
        ? [["decision", "deny"]]
        : [["decision", "allow"], ...granted.map((one): [string, string] => ["scope", one])];
    const misbehaving = misbehaviour.around((request) => host.app.fetch(request));
    const inFront: typeof host = {
      ...host,
      request: async (path, init) => misbehaving(new Request(`${BACKPACK_ORIGIN}${path}`, init)),
    };
    const decided = await decide(inFront, owner, asked, fields);
    return (await outcome(host, asked, decided)).href;
  }
  const finishAt = (url: string) => finishAuthorization(env, person.session, backpack.id, url);
  const finish = async (granted?: readonly string[] | null) => finishAt(await callback(granted));
  return {
    ...sides,
    env,
    host,
    backpack,
    finish,
    finishAt,
    callback,
    misbehave: (place: Place, fault: Fault, times: number | null = 1) =>
      misbehaviour.set({
        faults: [fault],
        place,
        share: 1,
        times,
        delayMs: 0,
        retryAfterSeconds: 30,
      }),
    async connect() {
      const finished = await finish();
      if (!finished.ok) throw new Error(`${finished.reason}: ${finished.detail}`);
      return finished.connectionId;
    },
    api: (token: string) =>
      host.request("/ims/ob/v2p1/profile", { headers: { authorization: `Bearer ${token}` } }),
  };
}

describe("a backpack of our own kind", () => {
  it("registers, grants, is asked, refreshes and forgets", async () => {
    const { env, finish, backpack, api, issuer } = await scene();
    expect(await serverOf(env, backpack)).toMatchObject({
      issuer: BACKPACK_ORIGIN,
      iss_promised: true,
    });
    const finished = await finish();
    expect(finished).toMatchObject({ ok: true, missing: [] });
    const id = finished.ok ? finished.connectionId : "";
    const seen = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const fresh = await freshToken(env, id);
      if (!fresh.ok) throw new Error(fresh.reason);
      seen.add(fresh.token);
      expect((await api(fresh.token)).status).toBe(200);
      issuer.clock.advance(HOUR_MS);
    }
    expect(seen.size).toBe(3);
    const last = await freshToken(env, id);
    await revokeAtHost(env, id);
    expect((await api(last.ok ? last.token : "")).status).toBe(401);
  });

  it("may grant less", async () => {
    const { finish } = await scene();
    expect(await finish([SCOPES.read])).toMatchObject({
      ok: true,
      scopes: [SCOPES.read],
      missing: [SCOPES.create, SCOPES.profile, SCOPES.offline],
    });
  });

  it("may grant less than the person allowed, and is connected to for that", async () => {
    const { finish, misbehave } = await scene();
    misbehave("api", "fewer-scopes", null);
    expect(await finish()).toMatchObject({
      ok: true,
      scopes: [SCOPES.read],
      missing: [SCOPES.create, SCOPES.profile, SCOPES.offline],
    });
  });

  it("may say no", async () => {
    const { env, finish, exchanged } = await scene();
    expect(await finish(null)).toMatchObject({ ok: false, reason: "denied" });
    expect(exchanged.some(({ url }) => url.endsWith("/oauth/token"))).toBe(false);
    expect(await env.db.orm.select().from(connections)).toEqual([]);
  });

  it("that revokes every token leads to “reconnect”, and connecting again mends it", async () => {
    const { env, host, connect } = await scene();
    const id = await connect();
    await doDeed(host.env, "revoke-tokens");
    await tokenRejected(env, id, 1);
    expect(await freshToken(env, id)).toMatchObject({ reason: "reconnect" });
    expect(await connect()).toBe(id);
    expect(await freshToken(env, id)).toMatchObject({ ok: true });
  });

  it("that forgets its clients is registered with anew", async () => {
    const { env, host, issuer, backpack, connect } = await scene();
    const id = await connect();
    const before = (await serverOf(env, backpack)).client_id;
    await doDeed(host.env, "forget-clients");
    issuer.clock.advance(HOUR_MS);
    expect(await freshToken(env, id)).toMatchObject({ reason: "reconnect" });
    expect(await connect()).toBe(id);
    expect((await serverOf(env, backpack)).client_id).not.toBe(before);
  });
});

describe("its faults", () => {
  it.each<[Fault, string]>([
    ["rate-limited", "token-unavailable"],
    ["server-error", "token-unavailable"],
    ["html", "token-malformed"],
    ["truncated-json", "token-malformed"],
    ["dropped-answer", "token-unreachable"],
    ["unauthorized", "client-forgotten"],
  ])("%s when a code is redeemed: %s, and nothing is stored", async (fault, reason) => {
    const { env, callback, finishAt, misbehave } = await scene();
    const url = await callback();
    misbehave("token", fault);
    expect(await finishAt(url)).toMatchObject({ ok: false, reason });
    expect(await env.db.orm.select().from(connections)).toEqual([]);
    expect(await env.db.orm.select().from(tokens)).toEqual([]);
  });

  it.each<[Fault, boolean]>([
    ["html", true],
    ["truncated-json", true],
    ["dropped-answer", true],
    ["rate-limited", false],
    ["server-error", false],
  ])("%s when a token is refreshed logs nobody out", async (fault, atOnce) => {
    const { env, issuer, connect, misbehave, api } = await scene();
    const id = await connect();
    issuer.clock.advance(HOUR_MS);
    misbehave("token", fault);
    const first = await freshToken(env, id);
    expect(first.ok).toBe(atOnce);
    issuer.clock.advance(60_000);
    const fresh = await freshToken(env, id);
    expect(fresh).toMatchObject({ ok: true });
    expect((await api(fresh.ok ? fresh.token : "")).status).toBe(200);
    expect(await env.db.orm.select().from(tokens)).toHaveLength(1);
  });

  it.each<[Fault, string]>([
    ["rate-limited", "registration-limited"],
    ["server-error", "registration-unavailable"],
    ["html", "registration-malformed"],
    ["truncated-json", "registration-malformed"],
    ["dropped-answer", "registration-unreachable"],
  ])("%s when we register: %s, and the next try goes on", async (fault, reason) => {
    const { callback, misbehave, issuer, finish } = await scene();
    misbehave("registration", fault);
    await expect(callback()).rejects.toThrow(reason);
    issuer.clock.advance(60_000);
    expect(await finish()).toMatchObject({ ok: true });
  });
});
