import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import {
  authorizationServers,
  authorizations,
  backpacks,
  connections,
  tokens,
} from "../../src/db/backpacks.ts";
import { backpackEvents } from "../../src/db/deliveries.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import { jobs } from "../../src/db/jobs.ts";
import { findServer } from "../../src/db/oauth-servers.ts";
import type { Env } from "../../src/env.ts";
import { newId, sha256, toBase64url } from "../../src/ids.ts";
import { drain } from "../../src/jobs/drain.ts";
import { housekeeping } from "../../src/jobs/housekeeping.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { AUTHORIZATION_MS, beginAuthorization, MOST_OPEN } from "../../src/oauth/authorization.ts";
import {
  finishAuthorization,
  MAX_CALLBACK_LENGTH,
  MAX_CODE_LENGTH,
} from "../../src/oauth/callback.ts";
import { enterClient } from "../../src/oauth/entered-client.ts";
import { MAX_TOKEN_LENGTH } from "../../src/oauth/grant.ts";
import { callbackOf } from "../../src/oauth/registration.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { type Begun, beganIn, begun, connected } from "./connecting.ts";
import { type Answering, givenScene, HOST, json, manifest, serverOf } from "./host.ts";

const count = async (env: Env, table: typeof tokens | typeof connections) =>
  (await env.db.orm.select().from(table)).length;

/** Nothing of a refused attempt may stay. */
async function nothingStored(env: Env) {
  expect(await count(env, tokens)).toBe(0);
  expect(await count(env, connections)).toBe(0);
}

describe("sending the browser to the backpack", () => {
  it("OB21-Z-01 with all seven parameters", async () => {
    const { env, asked, backpack } = await begun();
    expect(Object.fromEntries(asked)).toEqual({
      response_type: "code",
      client_id: "client-1",
      redirect_uri: callbackOf(env, backpack.id),
      scope: [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline].join(" "),
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge_method: "S256",
      prompt: "consent",
    });
  });

  it("OB21-Z-02 the challenge is the hash of a verifier only the token request shows", async () => {
    const { asked, finish, host } = await begun();
    await finish();
    const verifier = host.at("token")[0]?.form.get("code_verifier") ?? "";
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43,128}$/);
    const digest = await sha256(new TextEncoder().encode(verifier));
    expect(toBase64url(digest)).toBe(asked.get("code_challenge"));
  });

  it("each time with another state and another challenge", async () => {
    const scene = await givenScene();
    const seen = new Set<string | null>();
    for (let i = 0; i < 5; i++) {
      const { asked } = await beganIn(scene);
      seen.add(asked.get("state")).add(asked.get("code_challenge"));
    }
    expect(seen.size).toBe(10);
  });

  it("keeps what the authorization endpoint's own address asks for", async () => {
    const { env, backpack, browser } = await givenScene((host) => {
      host.answers.manifest = () =>
        json(manifest({}, { authorizationUrl: `${HOST}/login?tenant=7&state=theirs` }));
    });
    const began = await beginAuthorization(env, browser.session, backpack.id, { autoSync: false });
    const url = new URL(began.ok ? began.url : "");
    expect(url.searchParams.get("tenant")).toBe("7");
    expect(url.searchParams.getAll("state")).not.toContain("theirs");
  });

  it("stores neither state nor verifier in clear", async () => {
    const { env, state, finish, host } = await begun();
    const [row] = await env.db.orm.select().from(authorizations);
    await finish();
    const verifier = host.at("token")[0]?.form.get("code_verifier") ?? "-";
    expect(JSON.stringify(row)).not.toContain(state);
    expect(JSON.stringify(row)).not.toContain(verifier);
  });

  it("OB21-M-07 OB21-S-01 OB21-S-05 asks for what is offered and needed, and for lasting access", async () => {
    const { asked } = await begun((host) => {
      const scopesOffered = [SCOPES.read, "https://example.net/scope/everything"];
      host.answers.manifest = () => json(manifest({}, { scopesOffered }));
    });
    expect(asked.get("scope")).toBe(`${SCOPES.read} offline_access`);
  });

  it("OB21-R-10 asks for no more than was registered", async () => {
    const { asked } = await begun((host) => {
      host.answers.register = (request) => {
        const answer = JSON.parse(request.text);
        return json(
          {
            ...answer,
            client_id: "c",
            client_secret: "s",
            client_secret_expires_at: 0,
            scope: SCOPES.create,
          },
          201,
        );
      };
    });
    expect(asked.get("scope")).toBe(SCOPES.create);
  });

  it.each<[string, object]>([
    ["backpack-disabled", { is_enabled: false }],
    ["backpack-without-oauth", { api_version: "v1" }],
    ["backpack-without-oauth", { oauth2_issuer_id: null }],
    ["backpack-gone", { id: "gone" }],
  ])("goes nowhere: %s", async (reason, change) => {
    const { env, backpack, browser, host } = await givenScene();
    await env.db.batch([env.db.orm.update(backpacks).set(change).where(sql`true`)]);
    expect(
      await beginAuthorization(env, browser.session, backpack.id, { autoSync: true }),
    ).toMatchObject({ ok: false, reason });
    expect(host.asked).toHaveLength(0);
    expect(await env.db.orm.select().from(authorizations)).toHaveLength(0);
  });

  it("goes nowhere where nothing that is needed is offered", async () => {
    const { env, backpack, browser } = await givenScene((host) => {
      host.answers.manifest = () =>
        json(manifest({}, { scopesOffered: ["https://example.net/scope/other"] }));
    });
    expect(
      await beginAuthorization(env, browser.session, backpack.id, { autoSync: true }),
    ).toMatchObject({ reason: "scopes-not-offered" });
  });

  it("begins for whoever gave the address, the one who added it and those after them", async () => {
    const { env, test, backpack, browser } = await givenScene();
    const other = await givenPerson(env, await givenOrganization(env));
    const owned = { added_by_user_id: other.user.id };
    await env.db.batch([env.db.orm.update(backpacks).set(owned).where(sql`true`)]);
    const owner = await signedIn(test, other.user.id);
    for (const { session } of [owner, browser]) {
      expect(await beginAuthorization(env, session, backpack.id, { autoSync: true })).toMatchObject(
        { ok: true },
      );
    }
  });
});

describe("coming back granted", () => {
  it("stores connection, sealed tokens, event and job together", async () => {
    const { env, finish, browser, backpack, test } = await begun();
    const finished = await finish();
    expect(finished).toEqual({
      ok: true,
      connectionId: expect.any(String),
      scopes: [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline],
      missing: [],
    });
    const id = finished.ok ? finished.connectionId : "";
    expect(await env.db.orm.select().from(connections)).toMatchObject([
      {
        id,
        user_id: browser.session.user.id,
        external_backpack_id: backpack.id,
        auto_sync: true,
        status: "connected",
        problem: null,
        connected_at: test.clock.now,
        password: null,
      },
    ]);
    const [token] = await env.db.orm.select().from(tokens);
    expect(token).toMatchObject({
      connection_id: id,
      generation: 1,
      expires: test.clock.now + 3_600_000,
      refresh_lease_until: null,
    });
    expect(JSON.stringify(token)).not.toMatch(/access-1|refresh-1|secret 1/);
    expect(await env.db.orm.select().from(backpackEvents)).toMatchObject([
      { connection_id: id, kind: "connected", detail: { again: false, missing: [] } },
    ]);
    const waiting = await env.db.orm.select().from(jobs);
    expect(waiting.filter(({ kind }) => kind === "backpack.connected")).toMatchObject([
      { dedupe_key: id, payload: { connection_id: id } },
    ]);
  });

  it("OB21-T-01 OB21-T-02 asks for the token by Basic, as a form, with the scope", async () => {
    const { env, backpack, finish, host, asked } = await begun();
    await finish();
    const [request] = host.at("token");
    expect(request?.method).toBe("POST");
    expect(request?.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    // Each half is form-encoded before it is joined (RFC 6749, section 2.3.1).
    const basic = atob(request?.headers.get("authorization")?.replace("Basic ", "") ?? "");
    expect(basic).toBe("client-1:secret+1%3A+with+signs");
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: "authorization_code",
      code: "a-code",
      redirect_uri: callbackOf(env, backpack.id),
      scope: asked.get("scope"),
      code_verifier: expect.any(String),
    });
  });

  it("OB21-R-10 OB21-T-04 says which of what it asked was not granted", async () => {
    const { finish, env } = await begun((host) => {
      host.answers.token = () =>
        json({ access_token: "a", token_type: "bearer", scope: `${SCOPES.read} more` });
    });
    expect(await finish()).toMatchObject({
      ok: true,
      scopes: [SCOPES.read],
      missing: [SCOPES.create, SCOPES.profile, SCOPES.offline],
    });
    const [token] = await env.db.orm.select().from(tokens);
    expect(token).toMatchObject({ scope: SCOPES.read, refresh_token: "", expires: null });
    const [event] = await env.db.orm.select().from(backpackEvents);
    expect(event?.detail).toMatchObject({
      missing: [SCOPES.create, SCOPES.profile, SCOPES.offline],
    });
  });

  it("OB21-T-05 a refresh token is lasting access, whatever the scope calls it", async () => {
    const { finish } = await begun((host) => {
      host.answers.token = () =>
        json({
          access_token: "a",
          refresh_token: "r",
          token_type: "Bearer",
          scope: `${SCOPES.create} ${SCOPES.read} ${SCOPES.profile}`,
        });
    });
    expect(await finish()).toMatchObject({ missing: [] });
  });

  it("OB21-CT-03 survives every optional member absent or null", async () => {
    for (const value of [null, undefined]) {
      const { finish } = await begun((host) => {
        host.answers.token = () =>
          json({
            access_token: "a",
            token_type: "Bearer",
            expires_in: value,
            refresh_token: value,
            scope: value,
            id_token: value,
          });
      });
      expect(await finish()).toMatchObject({ ok: true, missing: [SCOPES.offline] });
    }
  });

  it("connecting again keeps the connection's row, and its token counts on", async () => {
    const { env, finish, connectionId, row, ...scene } = await connected();
    const before = await row();
    await env.db.batch([
      env.db.orm.update(connections).set({ status: "reconnect", problem: "grant-gone" }),
    ]);
    const again = await beganIn({ env, ...scene });
    expect(await again.finish()).toMatchObject({ ok: true, connectionId });
    expect(await env.db.orm.select().from(connections)).toMatchObject([
      { id: connectionId, status: "connected", problem: null },
    ]);
    expect((await row()).generation).toBe(before.generation + 1);
    const events = await env.db.orm.select().from(backpackEvents);
    expect(events.map(({ detail }) => detail?.again)).toEqual([false, true]);
  });

  it("two answers at once make one connection", async () => {
    const scene = await givenScene();
    const all = await Promise.all(Array.from({ length: 6 }, () => beganIn(scene)));
    const finished = await Promise.all(all.map((one) => one.finish()));
    expect(finished.every(({ ok }) => ok)).toBe(true);
    expect(await count(scene.env, connections)).toBe(1);
    expect(await count(scene.env, tokens)).toBe(1);
  });

  it.each([
    ["busy", 2, true],
    ["busy", 3, false],
    ["unreachable", 2, true],
  ] as const)("a database that is %s %i times: stored, %s", async (code, times, stored) => {
    const scene = await begun();
    const { env, browser, backpack, returns, host } = scene;
    let left = times;
    const failing: Env = {
      ...env,
      db: {
        ...env.db,
        batch: (writes) =>
          writes.length > 3 && left-- > 0
            ? Promise.reject(new DatabaseError(code))
            : env.db.batch(writes),
      },
    };
    const finishing = finishAuthorization(failing, browser.session, backpack.id, returns());
    if (stored) expect(await finishing).toMatchObject({ ok: true });
    else await expect(finishing).rejects.toThrow(DatabaseError);
    expect(await count(env, tokens)).toBe(stored ? 1 : 0);
    // What could not be kept is given back.
    expect(host.at("revoke")).toHaveLength(stored ? 0 : 2);
  });

  it("the same code goes with the client it was asked with, though another was registered meanwhile", async () => {
    const scene = await begun();
    const { env, backpack, finish, host } = scene;
    const server = await serverOf(env, backpack);
    await enterClient(env, server.id, { clientId: "another", clientSecret: "x" });
    expect(await finish()).toMatchObject({ ok: true });
    const basic = atob(host.at("token")[0]?.headers.get("authorization")?.slice(6) ?? "");
    expect(basic).toMatch(/^client-1:/);
  });
});

/** Each is refused before anything is asked of the host. */
const BEFORE: readonly (readonly [string, string, (scene: Begun) => Promise<unknown>])[] = [
  ["no state", "state-missing", ({ finish }) => finish({ state: null })],
  ["an empty state", "state-missing", ({ finish }) => finish({ state: "" })],
  ["a state nobody gave", "state-unknown", ({ finish }) => finish({ state: "A".repeat(43) })],
  ["half a state", "state-unknown", ({ finish, state }) => finish({ state: state.slice(0, 42) })],
  ["a state and more", "state-unknown", ({ finish, state }) => finish({ state: `${state}A` })],
  [
    "a state that is SQL",
    "state-unknown",
    ({ finish }) => finish({ state: "' or state_hash is not null --" }),
  ],
  [
    "two states",
    "callback-malformed",
    ({ env, browser, backpack, returns, state }) =>
      finishAuthorization(env, browser.session, backpack.id, `${returns()}&state=${state}`),
  ],
  [
    "two codes",
    "callback-malformed",
    ({ env, browser, backpack, returns }) =>
      finishAuthorization(env, browser.session, backpack.id, `${returns()}&code=another`),
  ],
  [
    "an address beyond measure",
    "callback-malformed",
    ({ finish }) => finish({ more: "x".repeat(MAX_CALLBACK_LENGTH) }),
  ],
  [
    "a replay",
    "state-used",
    async ({ finish, env, host }) => {
      await finish();
      await env.db.batch([env.db.orm.delete(tokens), env.db.orm.delete(backpackEvents)]);
      await env.db.batch([env.db.orm.delete(connections)]);
      host.asked.length = 0;
      return finish();
    },
  ],
  [
    "ten minutes later",
    "state-expired",
    ({ finish, test }) => {
      test.clock.advance(AUTHORIZATION_MS);
      return finish();
    },
  ],
  [
    "another person's session",
    "state-foreign",
    async ({ env, test, backpack, returns }) => {
      const other = await givenPerson(env, await givenOrganization(env));
      const { session } = await signedIn(test, other.user.id);
      return finishAuthorization(env, session, backpack.id, returns());
    },
  ],
  [
    "a session that is another person's meanwhile",
    "state-foreign",
    async ({ env, browser, backpack, returns }) => {
      const { user } = await givenPerson(env, await givenOrganization(env));
      return finishAuthorization(env, { ...browser.session, user }, backpack.id, returns());
    },
  ],
  [
    "another session of the same person",
    "state-foreign",
    async ({ env, test, browser, backpack, returns }) => {
      const { session } = await signedIn(test, browser.session.user.id);
      return finishAuthorization(env, session, backpack.id, returns());
    },
  ],
  [
    "another backpack's address",
    "state-swapped",
    async ({ env, browser, backpack, returns }) => {
      const other = { ...backpack, id: "other", backpack_api_url: "a", backpack_web_url: "b" };
      await env.db.batch([env.db.orm.insert(backpacks).values(other)]);
      return finishAuthorization(env, browser.session, "other", returns());
    },
  ],
  ["no code", "code-missing", ({ finish }) => finish({ code: null })],
  ["an empty code", "code-missing", ({ finish }) => finish({ code: "" })],
  ["a code of two lines", "code-missing", ({ finish }) => finish({ code: "a\r\nb" })],
  [
    "a code beyond measure",
    "code-missing",
    ({ finish }) => finish({ code: "x".repeat(MAX_CODE_LENGTH + 1) }),
  ],
  [
    "OB21-Z-05 no",
    "denied",
    ({ finish }) => finish({ code: null, error: "access_denied", error_description: "<b>no</b>" }),
  ],
  ["a refusal with a code", "denied", ({ finish }) => finish({ error: "access_denied" })],
  [
    "another error",
    "authorization-refused",
    ({ finish }) => finish({ code: null, error: "invalid_scope" }),
  ],
  ["the wrong iss", "issuer-wrong", ({ finish }) => finish({ iss: "https://evil.example" })],
  ["an iss that is no address", "issuer-wrong", ({ finish }) => finish({ iss: "backpack" })],
  ["an empty iss", "issuer-wrong", ({ finish }) => finish({ iss: "" })],
  [
    "a token in the address",
    "callback-malformed",
    ({ finish }) => finish({ token: "a", id_token: "b" }),
  ],
  ["a signed answer", "callback-malformed", ({ finish }) => finish({ response: "a.b.c" })],
];

describe("OB21-Z-08 answers that are refused before a token is asked for", () => {
  it.each(BEFORE)("%s: %s", async (_name, reason, act) => {
    const scene = await begun();
    expect(await act(scene)).toMatchObject({ ok: false, reason });
    expect(scene.host.asked).toEqual([]);
    await nothingStored(scene.env);
  });

  it("a refused answer counts: it cannot be corrected and sent again", async () => {
    const { finish, host, env } = await begun();
    await finish({ iss: "https://evil.example" });
    expect(await finish()).toMatchObject({ reason: "state-used" });
    expect(host.asked).toEqual([]);
    await nothingStored(env);
  });

  it("somebody else cannot use up the answer of whoever began", async () => {
    const { env, test, backpack, returns, finish } = await begun();
    const other = await givenPerson(env, await givenOrganization(env));
    const { session } = await signedIn(test, other.user.id);
    await finishAuthorization(env, session, backpack.id, returns());
    expect(await finish()).toMatchObject({ ok: true });
  });

  it("one answer sent ten times at once is redeemed once", async () => {
    const { finish, host } = await begun();
    const all = await Promise.all(Array.from({ length: 10 }, () => finish()));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(host.at("token")).toHaveLength(1);
  });
});

const METADATA = {
  issuer: HOST,
  authorization_endpoint: `${HOST}/oauth/authorize`,
  token_endpoint: `${HOST}/oauth/token`,
  authorization_response_iss_parameter_supported: true,
};

describe("iss (RFC 9207)", () => {
  const promised = () =>
    begun((host) => {
      host.answers.metadata = () => json(METADATA);
    });

  it.each([
    ["missing", null, "issuer-missing"],
    ["of another server", "https://evil.example", "issuer-wrong"],
    ["almost the same", `${HOST}/`, "issuer-wrong"],
  ])("promised and %s is refused before a token is asked for", async (_name, iss, reason) => {
    const { finish, host, env } = await promised();
    expect(await finish({ iss })).toMatchObject({ reason });
    expect(host.asked).toEqual([]);
    await nothingStored(env);
  });

  it("promised and right is taken", async () => {
    const { finish } = await promised();
    expect(await finish({ iss: HOST })).toMatchObject({ ok: true });
  });

  it("unpromised is taken from where the code is sent", async () => {
    const { finish } = await begun();
    expect(await finish({ iss: `${HOST}/tenant/7` })).toMatchObject({ ok: true });
  });

  it("a manifest that sends people to an honest server gets no code of it (RFC 9700, section 4.4)", async () => {
    const honest = "https://honest.example.net";
    const { finish, host, env } = await begun((evil) => {
      evil.answers.manifest = () =>
        json(manifest({}, { authorizationUrl: `${honest}/oauth/authorize` }));
    });
    expect(await finish({ iss: honest })).toMatchObject({ reason: "issuer-wrong" });
    expect(host.asked).toEqual([]);
    await nothingStored(env);
  });

  it("an error with the wrong iss says nothing of the backpack", async () => {
    const { finish } = await promised();
    expect(
      await finish({ code: null, error: "access_denied", iss: "https://evil.example" }),
    ).toMatchObject({ reason: "issuer-wrong" });
  });
});

const good = { access_token: "a", token_type: "Bearer", expires_in: 60 };

describe("answers to the request for a token that are refused", () => {
  it.each<[string, string, Answering]>([
    ["no token", "token-malformed", () => json({ token_type: "Bearer" })],
    ["a token that is a number", "token-malformed", () => json({ ...good, access_token: 7 })],
    ["a token that is a list", "token-malformed", () => json({ ...good, access_token: ["a"] })],
    ["an empty token", "token-malformed", () => json({ ...good, access_token: "" })],
    ["a token of two lines", "token-malformed", () => json({ ...good, access_token: "a\r\nb: c" })],
    [
      "a token beyond measure",
      "token-malformed",
      () => json({ ...good, access_token: "x".repeat(MAX_TOKEN_LENGTH + 1) }),
    ],
    ["no type", "token-malformed", () => json({ ...good, token_type: undefined })],
    ["a type we do not speak", "token-malformed", () => json({ ...good, token_type: "mac" })],
    ["a type that is bound", "token-malformed", () => json({ ...good, token_type: "DPoP" })],
    ["a type that is none", "token-malformed", () => json({ ...good, token_type: {} })],
    ["a lifetime in words", "token-malformed", () => json({ ...good, expires_in: "soon" })],
    ["a negative lifetime", "token-malformed", () => json({ ...good, expires_in: -1 })],
    ["a lifetime that is a list", "token-malformed", () => json({ ...good, expires_in: {} })],
    ["a refresh token that is none", "token-malformed", () => json({ ...good, refresh_token: 7 })],
    [
      "a refresh token of two lines",
      "token-malformed",
      () => json({ ...good, refresh_token: "a\nb" }),
    ],
    ["a scope that is a list", "token-malformed", () => json({ ...good, scope: [SCOPES.read] })],
    ["nothing granted", "scopes-none", () => json({ ...good, scope: "" })],
    ["something else granted", "scopes-none", () => json({ ...good, scope: "email" })],
    ["a page", "token-malformed", () => new Response("<html>", { status: 200 })],
    ["half an answer", "token-malformed", () => new Response('{"access_token":"a')],
    [
      "a name twice",
      "token-malformed",
      () => new Response('{"access_token":"a","access_token":"b","token_type":"Bearer"}'),
    ],
    ["a list", "token-malformed", () => json([good])],
    ["nothing", "token-malformed", () => new Response(null, { status: 204 })],
    ["invalid_grant", "code-refused", () => json({ error: "invalid_grant" }, 400)],
    ["unauthorized_client", "token-refused", () => json({ error: "unauthorized_client" }, 400)],
    [
      "invalid_client with a challenge",
      "client-forgotten",
      () => json({ error: "invalid_client" }, 401, { "www-authenticate": "Basic" }),
    ],
    ["a page of 403", "token-malformed", () => new Response("<html>", { status: 403 })],
    ["429", "token-unavailable", () => json({}, 429, { "retry-after": "9" })],
    ["503", "token-unavailable", () => new Response("down", { status: 503 })],
    ["a redirect", "token-unreachable", () => Response.redirect(`${HOST}/oauth/token`, 307)],
    ["more than is read", "token-unreachable", () => new Response("x".repeat(70_000))],
    [
      "no answer",
      "token-unreachable",
      () => {
        throw new TypeError("reset");
      },
    ],
  ])("%s: %s, and nothing is stored", async (_name, reason, answering) => {
    const { env, finish, host, test } = await begun((one) => {
      one.answers.token = answering;
    });
    expect(await finish()).toMatchObject({ ok: false, reason });
    await test.settle();
    expect(host.at("token")).toHaveLength(1);
    await nothingStored(env);
    expect(await finish()).toMatchObject({ reason: "state-used" });
  });

  it("a grant of nothing is given back", async () => {
    const { finish, host } = await begun((one) => {
      one.answers.token = () => json({ ...good, scope: "email" });
    });
    await finish();
    expect(host.at("revoke")[0]?.form.get("token")).toBe("a");
  });

  it("a client that a stranger's manifest names in vain stays registered where it belongs", async () => {
    const { env, backpack, finish } = await begun((host) => {
      host.answers.token = () => json({ error: "invalid_client" }, 401);
    });
    const own = await serverOf(env, backpack);
    const theirs = { ...own, id: newId(env), manifest_url: "https://other.example.net/manifest" };
    await env.db.batch([env.db.orm.insert(authorizationServers).values(theirs)]);
    expect(await finish()).toMatchObject({ reason: "client-forgotten" });
    expect((await serverOf(env, backpack)).client_id).toBeNull();
    expect(await findServer(env.db, theirs.id)).toMatchObject({ client_id: own.client_id });
  });

  it("a client the host forgot is registered anew for the next try", async () => {
    let forgotten = true;
    const scene = await begun((host) => {
      host.answers.token = () => (forgotten ? json({ error: "invalid_client" }, 401) : undefined);
    });
    expect(await scene.finish()).toMatchObject({ reason: "client-forgotten" });
    forgotten = false;
    const again = await beganIn(scene);
    expect(again.asked.get("client_id")).toBe("client-2");
    expect(await again.finish()).toMatchObject({ ok: true });
  });
});

it("requests that can no longer come back are swept away with the next one", async () => {
  const scene = await begun();
  await beganIn(scene);
  expect(await scene.env.db.orm.select().from(authorizations)).toHaveLength(2);
  scene.test.clock.advance(AUTHORIZATION_MS);
  await beganIn(scene);
  expect(await scene.env.db.orm.select().from(authorizations)).toHaveLength(1);
});

it("a session has ten requests open at once, and the oldest gives way", async () => {
  const scene = await begun();
  const open = [scene];
  while (open.length < MOST_OPEN) open.push(await beganIn(scene));
  expect(await scene.env.db.orm.select().from(authorizations)).toHaveLength(MOST_OPEN);
  const [oldest, second] = open;
  await beganIn(scene);
  expect(await scene.env.db.orm.select().from(authorizations)).toHaveLength(MOST_OPEN);
  expect(await oldest?.finish()).toMatchObject({ reason: "state-unknown" });
  expect(await second?.finish()).toMatchObject({ ok: true });
});

it("and by the site's housekeeping, where nobody connects any more", async () => {
  const { env, test } = await begun();
  const sweep = async () => {
    await env.db.batch([enqueue(env, { kind: "housekeeping" })]);
    await drain(env, { housekeeping }, { limit: 1 });
    return (await env.db.orm.select().from(authorizations)).length;
  };
  test.clock.advance(AUTHORIZATION_MS - 1);
  expect(await sweep()).toBe(1);
  test.clock.advance(1);
  expect(await sweep()).toBe(0);
});
