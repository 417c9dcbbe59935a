// Codes and tokens: redeemed once, refreshed in turn, taken back with all that came of them.
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { authorizationRecords } from "../../src/db/hosted-badges.ts";
import { API_PATH, APPS_PATH, AUTHORIZATION_PATHS } from "../../src/host/addresses.ts";
import { ACCESS_TOKEN_TTL, CODE_TTL, REFRESH_TOKEN_TTL } from "../../src/host/provider.ts";
import {
  CREATE_ASSERTIONS,
  OFFLINE_ACCESS,
  READ_ASSERTIONS,
  READ_PROFILE,
} from "../../src/host/scopes.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import {
  ALL_SCOPES,
  askToken,
  basicOf,
  codeFor,
  METADATA,
  pkce,
  type RegisteredClient,
  redeem,
  refresh,
  registered,
  type Tokens,
  tokensFor,
} from "./client.ts";

interface Scene {
  readonly app: TestApp;
  readonly browser: SignedInBrowser;
  readonly client: RegisteredClient;
}

async function scene(): Promise<Scene> {
  const app = await testApp();
  const person = await givenPerson(app.env, await givenOrganization(app.env));
  return { app, browser: await signedIn(app, person.user.id), client: await registered(app) };
}

async function opens(app: TestApp, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return (await app.request(`${API_PATH}/assertions`, { headers })).status === 200;
}

const errorOf = async (response: Response) => {
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).not.toHaveProperty("status");
  return [response.status, body.error];
};

describe("a code", () => {
  it("OB21-T-02 OB21-T-04 gives a bearer token, its end and its scope, not to be stored", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const response = await redeem(app, client, code, { scope: ALL_SCOPES });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("pragma")).toBe("no-cache");
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: "Bearer",
      expires_in: ACCESS_TOKEN_TTL,
      scope: ALL_SCOPES,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it("OB21-T-02 more scope than was asked for is refused, also where less was granted", async () => {
    const { app, browser, client } = await scene();
    const scope = `${READ_ASSERTIONS} ${READ_PROFILE}`;
    const options = { scope, granted: [READ_ASSERTIONS] };
    const wider = await codeFor(app, browser, client, options);
    const refused = await redeem(app, client, wider, { scope: `${scope} ${CREATE_ASSERTIONS}` });
    expect(await errorOf(refused)).toEqual([400, "invalid_scope"]);
    const same = await codeFor(app, browser, client, options);
    const given = (await (await redeem(app, client, same, { scope })).json()) as Tokens;
    expect(given.scope).toBe(READ_ASSERTIONS);
  });

  it.each<[string, Record<string, string>, string]>([
    ["without the verifier", { code_verifier: "" }, "invalid_grant"],
    ["with another verifier", { code_verifier: "x".repeat(43) }, "invalid_grant"],
    [
      "with another redirect address",
      { redirect_uri: `${METADATA.client_uri}other` },
      "invalid_grant",
    ],
    ["without the redirect address", { redirect_uri: "" }, "invalid_request"],
    ["that was never given", { code: "x".repeat(43) }, "invalid_grant"],
    ["for another kind of grant", { grant_type: "password" }, "unsupported_grant_type"],
    ["for an implicit grant", { grant_type: "implicit" }, "unsupported_grant_type"],
    ["for the client itself", { grant_type: "client_credentials" }, "unsupported_grant_type"],
  ])("OB21-T-03 OB21-T-07 %s gives nothing", async (_what, over, error) => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const response = await redeem(app, client, code, over);
    expect(await errorOf(response)).toEqual([400, error]);
  });

  it("OB21-Z-06 is good once; a second use takes back what came of the first", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const tokens = (await (await redeem(app, client, code)).json()) as Tokens;
    expect(await opens(app, tokens.access_token)).toBe(true);
    expect(await errorOf(await redeem(app, client, code))).toEqual([400, "invalid_grant"]);
    expect(await opens(app, tokens.access_token)).toBe(false);
    const refreshed = await refresh(app, client, tokens.refresh_token);
    expect(await errorOf(refreshed)).toEqual([400, "invalid_grant"]);
  });

  it("OB21-Z-06 is good for a minute", async () => {
    const { app, browser, client } = await scene();
    const inTime = await codeFor(app, browser, client);
    app.clock.advance(CODE_TTL * 1_000 - 1);
    expect((await redeem(app, client, inTime)).status).toBe(200);
    const late = await codeFor(app, browser, client);
    app.clock.advance(CODE_TTL * 1_000);
    expect(await errorOf(await redeem(app, client, late))).toEqual([400, "invalid_grant"]);
  });

  it("OB21-Z-06 is good for the app it was given to, and stays good for it", async () => {
    const { app, browser, client } = await scene();
    const other = await registered(app);
    const code = await codeFor(app, browser, client);
    expect(await errorOf(await redeem(app, other, code))).toEqual([400, "invalid_grant"]);
    expect((await redeem(app, client, code)).status).toBe(200);
  });

  it("OB21-Z-06 given to six at once goes to one", async () => {
    const { app, browser, client } = await scene();
    for (let round = 0; round < 5; round++) {
      const code = await codeFor(app, browser, client);
      const answers = await Promise.all(Array.from({ length: 6 }, () => redeem(app, client, code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });
});

describe("the client's own credentials", () => {
  it.each<[string, (client: RegisteredClient) => Record<string, string>, Record<string, string>]>([
    ["none", () => ({}), {}],
    ["a wrong secret", ({ client_id }) => ({ client_id, client_secret: "x".repeat(43) }), {}],
    ["an unknown client", ({ client_secret }) => ({ client_id: "nobody", client_secret }), {}],
    ["no secret", ({ client_id }) => ({ client_id, client_secret: "" }), {}],
    ["a bearer token", () => ({}), { authorization: "Bearer abc" }],
    ["no Base64", () => ({}), { authorization: "Basic %%%" }],
    ["no colon", () => ({}), { authorization: `Basic ${btoa("nobody")}` }],
  ])("OB21-T-01 %s is 401 invalid_client", async (_what, credentials, headers) => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const { client_id, client_secret } = credentials(client);
    const basic: Record<string, string> =
      client_id === undefined || client_secret === undefined
        ? {}
        : { authorization: basicOf({ client_id, client_secret }) };
    const response = await app.request(AUTHORIZATION_PATHS.token, {
      method: "POST",
      headers: { ...basic, ...headers },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: code.code,
        redirect_uri: METADATA.redirect_uris[0] ?? "",
        code_verifier: code.verifier,
      }),
    });
    expect(response.headers.get("www-authenticate")).toContain("Basic");
    expect(await errorOf(response)).toEqual([401, "invalid_client"]);
    expect((await redeem(app, client, code)).status).toBe(200);
  });

  it("OB21-T-01 in the body they redeem no code", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const fields = { grant_type: "authorization_code", code: code.code, ...client };
    const rest = { redirect_uri: METADATA.redirect_uris[0] ?? "", code_verifier: code.verifier };
    const response = await askToken(app, null, { ...fields, ...rest });
    expect(await errorOf(response)).toEqual([401, "invalid_client"]);
    const both = await redeem(app, client, code, { client_secret: client.client_secret });
    expect(both.status).toBe(401);
  });

  it("OB21-R-11 whose secret cannot be opened any more are unknown, so that it registers again", async () => {
    const { app, browser, client } = await scene();
    const tokens = await tokensFor(app, browser, client);
    await app.env.db.batch([
      {
        sql: "UPDATE authorization_records SET sealed = 'x.x.x.x.x' WHERE kind = 'Client'",
        params: [],
      },
    ]);
    const response = await refresh(app, client, tokens.refresh_token);
    expect(await errorOf(response)).toEqual([401, "invalid_client"]);
  });

  it("each part is form-encoded before it is joined, as RFC 6749 has it", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const odd = { ...client, client_secret: `${client.client_secret}%` };
    expect(await errorOf(await redeem(app, odd, code))).toEqual([401, "invalid_client"]);
    expect((await redeem(app, client, code)).status).toBe(200);
  });

  it("OB21-T-07 what is no form, or too long a one, is refused in OAuth's words", async () => {
    const { app, client } = await scene();
    const send = (body: string, type: string) =>
      app.request(AUTHORIZATION_PATHS.token, {
        method: "POST",
        headers: { authorization: basicOf(client), "content-type": type },
        body,
      });
    const form = "application/x-www-form-urlencoded";
    expect(await errorOf(await send("{}", "application/json"))).toEqual([400, "invalid_request"]);
    expect(await errorOf(await send("a".repeat(20_000), form))).toEqual([413, "invalid_request"]);
    const twice = "grant_type=authorization_code&grant_type=refresh_token";
    expect(await errorOf(await send(twice, form))).toEqual([400, "invalid_request"]);
    expect((await app.request(AUTHORIZATION_PATHS.token)).status).toBe(405);
  });
});

describe("a refresh token", () => {
  it("OB21-S-05 OB21-T-05 is given for offline_access alone", async () => {
    const { app, browser, client } = await scene();
    const without = await tokensFor(app, browser, client, { scope: READ_ASSERTIONS });
    expect(without).not.toHaveProperty("refresh_token");
    const scope = `${READ_ASSERTIONS} ${OFFLINE_ACCESS}`;
    expect(await tokensFor(app, browser, client, { scope })).toHaveProperty("refresh_token");
    const once = await registered(app, { grant_types: ["authorization_code"] });
    expect(await tokensFor(app, browser, once, { scope })).not.toHaveProperty("refresh_token");
  });

  it("OB21-T-06 gives a new token and a new refresh token, of the same scope", async () => {
    const { app, browser, client } = await scene();
    const first = await tokensFor(app, browser, client);
    app.clock.advance(ACCESS_TOKEN_TTL * 1_000);
    expect(await opens(app, first.access_token)).toBe(false);
    const second = (await (await refresh(app, client, first.refresh_token)).json()) as Tokens;
    expect(second.scope).toBe(first.scope);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await opens(app, second.access_token)).toBe(true);
  });

  it("is taken by a process whose clock is behind that of the one that gave it out", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    const anHourAhead = sql`json_set(payload, '$.iat', json_extract(payload, '$.iat') + 3600)`;
    const ahead = app.env.db.orm.update(authorizationRecords).set({ payload: anHourAhead });
    await app.env.db.batch([ahead]);
    const redeemed = await redeem(app, client, code);
    expect(redeemed.status).toBe(200);
    await app.env.db.batch([ahead]);
    const { refresh_token } = (await redeemed.json()) as Tokens;
    expect((await refresh(app, client, refresh_token)).status).toBe(200);
  });

  it("OB21-T-06 may be asked for less, and not for more", async () => {
    const { app, browser, client } = await scene();
    const scope = `${READ_ASSERTIONS} ${READ_PROFILE} ${OFFLINE_ACCESS}`;
    const tokens = await tokensFor(app, browser, client, { scope });
    const ask = (wanted: string) =>
      askToken(app, client, {
        grant_type: "refresh_token",
        refresh_token: tokens.refresh_token ?? "",
        scope: wanted,
      });
    expect(await errorOf(await ask(CREATE_ASSERTIONS))).toEqual([400, "invalid_scope"]);
    const less = (await (await ask(READ_PROFILE)).json()) as Tokens;
    expect(less.scope).toBe(READ_PROFILE);
    expect(await opens(app, less.access_token)).toBe(false);
  });

  it("OB21-T-06 the one before is good until its successor is used; then its use ends them all", async () => {
    const { app, browser, client } = await scene();
    const first = await tokensFor(app, browser, client);
    const second = (await (await refresh(app, client, first.refresh_token)).json()) as Tokens;
    expect((await refresh(app, client, first.refresh_token)).status).toBe(200);
    const third = await refresh(app, client, second.refresh_token);
    expect(third.status).toBe(200);
    const { access_token, refresh_token } = (await third.json()) as Tokens;
    expect(await errorOf(await refresh(app, client, first.refresh_token))).toEqual([
      400,
      "invalid_grant",
    ]);
    expect(await opens(app, access_token)).toBe(false);
    expect(await errorOf(await refresh(app, client, refresh_token))).toEqual([
      400,
      "invalid_grant",
    ]);
  });

  it("of two that were given for one, the use of the second after the first ends them all", async () => {
    const { app, browser, client } = await scene();
    const first = await tokensFor(app, browser, client);
    const mine = (await (await refresh(app, client, first.refresh_token)).json()) as Tokens;
    const stolen = (await (await refresh(app, client, first.refresh_token)).json()) as Tokens;
    const next = (await (await refresh(app, client, mine.refresh_token)).json()) as Tokens;
    expect(await errorOf(await refresh(app, client, stolen.refresh_token))).toEqual([
      400,
      "invalid_grant",
    ]);
    expect(await opens(app, next.access_token)).toBe(false);
    expect((await refresh(app, client, next.refresh_token)).status).toBe(400);
  });

  it("whose answer is lost time and again logs nobody out", async () => {
    const { app, browser, client } = await scene();
    let { refresh_token } = await tokensFor(app, browser, client);
    for (let time = 0; time < 30; time++) {
      // The answer is made, and never arrives.
      expect((await refresh(app, client, refresh_token)).status).toBe(200);
      if (time % 10 !== 9) continue;
      const arrived = (await (await refresh(app, client, refresh_token)).json()) as Tokens;
      expect(await opens(app, arrived.access_token)).toBe(true);
      refresh_token = arrived.refresh_token;
    }
  });

  it("lost more often than are kept, still logs nobody out", async () => {
    const { app, browser, client } = await scene();
    const { refresh_token } = await tokensFor(app, browser, client);
    for (let time = 0; time < 130; time++) await refresh(app, client, refresh_token);
    const rows = await app.env.db.orm.select().from(authorizationRecords);
    expect(rows.filter(({ kind }) => kind === "RefreshToken").length).toBeLessThan(110);
    const last = (await (await refresh(app, client, refresh_token)).json()) as Tokens;
    expect((await refresh(app, client, last.refresh_token)).status).toBe(200);
  });

  it("is another app's to no use, and stays good for its own", async () => {
    const { app, browser, client } = await scene();
    const { refresh_token } = await tokensFor(app, browser, client);
    const other = await registered(app);
    expect(await errorOf(await refresh(app, other, refresh_token))).toEqual([400, "invalid_grant"]);
    expect((await refresh(app, client, refresh_token)).status).toBe(200);
  });

  it("of a person who is suspended gives nothing, and goes on afterwards", async () => {
    const { app, browser, client } = await scene();
    const { refresh_token } = await tokensFor(app, browser, client);
    const become = (status: string) =>
      app.env.db.batch([{ sql: "UPDATE users SET status = ?", params: [status] }]);
    await become("suspended");
    expect(await errorOf(await refresh(app, client, refresh_token))).toEqual([
      400,
      "invalid_grant",
    ]);
    await become("active");
    expect((await refresh(app, client, refresh_token)).status).toBe(200);
  });

  it("lasts from its last use", async () => {
    const { app, browser, client } = await scene();
    let { refresh_token } = await tokensFor(app, browser, client);
    for (let time = 0; time < 3; time++) {
      app.clock.advance(REFRESH_TOKEN_TTL * 1_000 - 1);
      const response = await refresh(app, client, refresh_token);
      expect(response.status).toBe(200);
      refresh_token = ((await response.json()) as Tokens).refresh_token;
    }
    app.clock.advance(REFRESH_TOKEN_TTL * 1_000);
    expect((await refresh(app, client, refresh_token)).status).toBe(400);
  });
});

describe("what is taken back", () => {
  it.each(["access_token", "refresh_token"] as const)(
    "OB21-V-02 OB21-V-03 the %s by its app, and all that belongs to it",
    async (which) => {
      const { app, browser, client } = await scene();
      const tokens = await tokensFor(app, browser, client);
      const fields = { token: tokens[which] ?? "", token_type_hint: which };
      const revoke = AUTHORIZATION_PATHS.revocation;
      expect((await askToken(app, client, fields, revoke)).status).toBe(200);
      expect(await opens(app, tokens.access_token)).toBe(false);
      expect((await refresh(app, client, tokens.refresh_token)).status).toBe(400);
      expect((await askToken(app, client, fields, revoke)).status).toBe(200);
    },
  );

  it("OB21-V-03 an unknown token is as good as revoked", async () => {
    const { app, client } = await scene();
    for (const token of ["x".repeat(43), "not one", "a.b.c"]) {
      const fields = { token, token_type_hint: "access_token" };
      const response = await askToken(app, client, fields, AUTHORIZATION_PATHS.revocation);
      expect(response.status, token).toBeLessThan(401);
    }
  });

  it("OB21-V-04 needs the app's own credentials, and touches no other's token", async () => {
    const { app, browser, client } = await scene();
    const { access_token: token } = await tokensFor(app, browser, client);
    const revoke = AUTHORIZATION_PATHS.revocation;
    expect(await errorOf(await askToken(app, null, { token }, revoke))).toEqual([
      401,
      "invalid_client",
    ]);
    const other = await registered(app);
    expect((await askToken(app, other, { token }, revoke)).status).toBe(200);
    expect(await opens(app, token)).toBe(true);
  });

  it("OB21-V-01 OB21-V-02 by the person, from the page that lists apps: at once", async () => {
    const { app, browser, client } = await scene();
    const granted = [READ_ASSERTIONS, OFFLINE_ACCESS];
    const tokens = await tokensFor(app, browser, client, { granted });
    expect(await opens(app, tokens.access_token)).toBe(true);
    await app.settle();
    const page = await (await browser.get(APPS_PATH)).text();
    expect(page).toContain(METADATA.client_name);
    expect(page).toContain("issuer.example.net");
    expect(page).toContain("See your badges");
    expect(page).not.toContain("Add badges to your collection");
    expect(page).toContain("Allowed on <time");
    expect(page).toContain("Last used on <time");
    const path = `${APPS_PATH}/${client.client_id}/revoke`;
    const cross = await browser.post(path, { form_token: "x" });
    expect(cross.status).toBe(403);
    expect(await opens(app, tokens.access_token)).toBe(true);
    const response = await browser.post(path);
    expect([response.status, response.headers.get("location")]).toEqual([
      303,
      `${APPS_PATH}?ended`,
    ]);
    expect(await opens(app, tokens.access_token)).toBe(false);
    expect((await refresh(app, client, tokens.refresh_token)).status).toBe(400);
    expect(await (await browser.get(APPS_PATH)).text()).not.toContain(METADATA.client_name);
  });

  it("OB21-V-01 ends one app's access for one person, nobody else's", async () => {
    const { app, browser, client } = await scene();
    const other = await registered(app);
    const stranger = await givenPerson(app.env, await givenOrganization(app.env));
    const theirs = await signedIn(app, stranger.user.id);
    const [mine, ofOther, ofStranger] = [
      await tokensFor(app, browser, client),
      await tokensFor(app, browser, other),
      await tokensFor(app, theirs, client),
    ];
    await browser.post(`${APPS_PATH}/${client.client_id}/revoke`);
    const opened = [mine, ofOther, ofStranger].map((one) => opens(app, one.access_token));
    expect(await Promise.all(opened)).toEqual([false, true, true]);
  });

  it("OB21-V-01 needs somebody who is signed in", async () => {
    const { app } = await scene();
    const response = await app.request(APPS_PATH, { headers: { accept: "text/html" } });
    expect(response.status).toBe(303);
    expect((await app.request(`${APPS_PATH}/x/revoke`, { method: "POST" })).status).toBe(401);
  });

  it("a code that is still on its way then gives nothing", async () => {
    const { app, browser, client } = await scene();
    const code = await codeFor(app, browser, client);
    await browser.post(`${APPS_PATH}/${client.client_id}/revoke`);
    expect(await errorOf(await redeem(app, client, code))).toEqual([400, "invalid_grant"]);
  });

  it("an app whose access has run out is listed no more", async () => {
    const { app, browser, client } = await scene();
    await tokensFor(app, browser, client, { scope: READ_ASSERTIONS });
    expect(await (await browser.get(APPS_PATH)).text()).toContain(METADATA.client_name);
    app.clock.advance(ACCESS_TOKEN_TTL * 1_000);
    expect(await (await browser.get(APPS_PATH)).text()).not.toContain(METADATA.client_name);
    expect((await pkce(app)).verifier).toHaveLength(43);
  });
});
