import { describe, expect, it } from "vitest";
import { beginAuthorization } from "../../src/oauth/authorization.ts";
import { enterClient } from "../../src/oauth/entered-client.ts";
import { revokeAtHost } from "../../src/oauth/revoke.ts";
import { ASK_AGAIN_MS } from "../../src/oauth/server.ts";
import { freshToken } from "../../src/oauth/token.ts";
import { connected } from "./connecting.ts";
import {
  type Answering,
  givenScene,
  HOST,
  type Host,
  json,
  manifest,
  type Scene,
  serverOf,
} from "./host.ts";

const MINUTE = { "cache-control": "max-age=60" };
const tagged =
  (over: object = {}, etag = '"1"'): Answering =>
  ({ headers }) =>
    headers.get("if-none-match") === etag
      ? new Response(null, { status: 304, headers: MINUTE })
      : json(manifest({}, over), 200, { ...MINUTE, etag });

const connect = ({ env, browser, backpack }: Scene) =>
  beginAuthorization(env, browser.session, backpack.id, { autoSync: true });

const urlOf = async (scene: Scene) => {
  const began = await connect(scene);
  if (!began.ok) throw new Error(began.reason);
  return new URL(began.url);
};

describe("OB21-M-11 a manifest that is known", () => {
  const scene = () =>
    givenScene((host) => {
      host.answers.manifest = tagged();
    });

  it("is not asked for while it is fresh, then by its tag", async () => {
    const it = await scene();
    await connect(it);
    expect(it.host.at("manifest")).toHaveLength(0);
    it.test.clock.advance(60_000);
    await connect(it);
    expect(it.host.at("manifest").map(({ headers }) => headers.get("if-none-match"))).toEqual([
      '"1"',
    ]);
    await connect(it);
    expect(it.host.at("manifest")).toHaveLength(1);
  });

  it("without headers is asked for each time", async () => {
    const it = await givenScene();
    await connect(it);
    await connect(it);
    expect(it.host.at("manifest")).toHaveLength(2);
  });

  it.each<[string, Answering]>([
    ["is gone", () => new Response("no", { status: 404 })],
    ["cannot be had", () => new Response("down", { status: 503 })],
    ["became a page", () => new Response("<html>")],
    ["became hostile", () => json(manifest({}, { tokenUrl: "http://127.0.0.1/token" }))],
    ["offers another version", () => json(manifest({}, { version: "v3p0" }))],
  ])("goes on counting when it %s", async (_name, answering) => {
    const it = await scene();
    const before = await serverOf(it.env, it.backpack);
    it.test.clock.advance(60_000);
    it.host.answers.manifest = answering;
    expect(await connect(it)).toMatchObject({ ok: true });
    const after = await serverOf(it.env, it.backpack);
    expect(after.manifest).toEqual(before.manifest);
    expect(after.token_url).toBe(before.token_url);
    // And the host is not asked by each who comes.
    await connect(it);
    expect(it.host.at("manifest")).toHaveLength(1);
    it.test.clock.advance(ASK_AGAIN_MS);
    await connect(it);
    expect(it.host.at("manifest")).toHaveLength(2);
  });

  it("that says something else of scopes and pages is followed, with the same client", async () => {
    const it = await scene();
    await connect(it);
    it.test.clock.advance(60_000);
    it.host.answers.manifest = tagged(
      { name: "Renamed", authorizationUrl: `${HOST}/login` },
      '"2"',
    );
    const url = await urlOf(it);
    expect(url.pathname).toBe("/login");
    expect(url.searchParams.get("client_id")).toBe("client-1");
    expect((await serverOf(it.env, it.backpack)).name).toBe("Renamed");
  });
});

describe("endpoints that move", () => {
  const move = async (it: Scene, over: object) => {
    it.host.answers.manifest = tagged(over, '"2"');
  };
  const elsewhere = "https://elsewhere.example.net";

  it.each([
    ["the token endpoint", { tokenUrl: `${elsewhere}/token` }],
    ["the token endpoint at the same host", { tokenUrl: `${HOST}/oauth2/token` }],
    ["the host people consent at", { authorizationUrl: `${elsewhere}/login` }],
    ["the host tokens are revoked at", { tokenRevocationUrl: `${elsewhere}/revoke` }],
  ])("%s: the client is registered anew, and its secret goes nowhere new", async (_name, over) => {
    const it = await givenScene();
    await connect(it);
    await move(it, over);
    const url = await urlOf(it);
    expect(url.searchParams.get("client_id")).toBe("client-2");
    expect(it.host.asked.some(({ headers }) => headers.has("authorization"))).toBe(false);
    expect(it.test.logged.map(({ event }) => event)).toContain("oauth.server_moved");
  });

  it("a client that was entered must be entered again", async () => {
    const it = await givenScene();
    const server = await serverOf(it.env, it.backpack);
    await enterClient(it.env, server.id, { clientId: "by-hand", clientSecret: "hush" });
    await move(it, { tokenUrl: `${elsewhere}/token`, registrationUrl: null });
    expect(await connect(it)).toMatchObject({ ok: false, reason: "client-needed" });
    expect((await serverOf(it.env, it.backpack)).client_secret_sealed).toBeNull();
  });

  it("a grant of before is refreshed and revoked where it was made, with its own client", async () => {
    const it = await connected();
    await move(it, { tokenUrl: `${elsewhere}/token`, tokenRevocationUrl: `${elsewhere}/revoke` });
    await connect(it);
    it.host.asked.length = 0;
    it.test.clock.advance(3_600_000);
    expect(await freshToken(it.env, it.connectionId)).toMatchObject({ ok: true });
    await revokeAtHost(it.env, it.connectionId);
    expect(new Set(it.host.asked.map(({ url }) => new URL(url).origin))).toEqual(new Set([HOST]));
    const clients = it.host.asked.map(
      ({ headers }) => atob(headers.get("authorization")?.slice(6) ?? "").split(":")[0],
    );
    expect(new Set(clients)).toEqual(new Set(["client-1"]));
  });
});

describe("authorization server metadata (RFC 8414)", () => {
  const METADATA = {
    issuer: HOST,
    authorization_endpoint: `${HOST}/oauth/authorize`,
    token_endpoint: `${HOST}/oauth/token`,
    authorization_response_iss_parameter_supported: true,
  };
  const known = async (answering: Answering, prepare: (host: Host) => void = () => {}) => {
    const it = await givenScene((host) => {
      host.answers.metadata = answering;
      prepare(host);
    });
    const { issuer, iss_promised } = await serverOf(it.env, it.backpack);
    return { ...it, issuer, iss_promised };
  };

  it("that agrees with the manifest names the issuer and what it promises", async () => {
    expect(await known(() => json(METADATA))).toMatchObject({ issuer: HOST, iss_promised: true });
  });

  it("without the promise promises nothing", async () => {
    const { authorization_response_iss_parameter_supported: _, ...rest } = METADATA;
    expect(await known(() => json(rest))).toMatchObject({ issuer: HOST, iss_promised: false });
    expect(
      await known(() => json({ ...rest, authorization_response_iss_parameter_supported: "true" })),
    ).toMatchObject({ iss_promised: false });
  });

  it.each<[string, Answering]>([
    ["of another token endpoint", () => json({ ...METADATA, token_endpoint: `${HOST}/t` })],
    [
      "of another authorization endpoint",
      () => json({ ...METADATA, authorization_endpoint: `${HOST}/a` }),
    ],
    ["without endpoints", () => json({ issuer: HOST })],
    ["of another issuer", () => json({ ...METADATA, issuer: "https://evil.example" })],
    ["whose issuer is none", () => json({ ...METADATA, issuer: 7 })],
    ["that is a page", () => new Response("<html>")],
    ["that is not there", () => new Response("no", { status: 404 })],
  ])("%s is left aside: the manifest wins", async (_name, answering) => {
    expect(await known(answering)).toMatchObject({ issuer: null, iss_promised: false });
  });

  it("that cannot be had just now is as it was; gone, it is gone", async () => {
    const it = await known(() => json(METADATA));
    it.host.answers.metadata = () => new Response("down", { status: 503 });
    await connect(it);
    expect(await serverOf(it.env, it.backpack)).toMatchObject({ issuer: HOST, iss_promised: true });
    it.host.answers.metadata = undefined;
    await connect(it);
    expect(await serverOf(it.env, it.backpack)).toMatchObject({
      issuer: null,
      iss_promised: false,
    });
  });
});
