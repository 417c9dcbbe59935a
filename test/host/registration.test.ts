// What an app may say of itself, and what it is told, as Open Badges 2.1 and RFC 7591 have it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authorizationRecords } from "../../src/db/hosted-badges.ts";
import { AUTHORIZATION_PATHS } from "../../src/host/addresses.ts";
import {
  judgeRegistration,
  MAX_ADDRESS_LENGTH,
  MAX_NAME_LENGTH,
  MAX_REDIRECT_URIS,
} from "../../src/host/registration.ts";
import { REGISTRATIONS_BY_CALLER } from "../../src/host/routes.ts";
import {
  CREATE_ASSERTIONS,
  OFFERED_SCOPES,
  OFFLINE_ACCESS,
  READ_ASSERTIONS,
} from "../../src/host/scopes.ts";
import { testApp } from "../app.ts";
import { askAccess, CLIENT_ORIGIN, METADATA, pkce, registered, registerWith } from "./client.ts";

const RULES = { loopback: false };
const judged = (over: object, rules = RULES) => judgeRegistration({ ...METADATA, ...over }, rules);
const without = (name: string) => {
  const { [name as keyof typeof METADATA]: _gone, ...rest } = METADATA;
  return rest;
};

describe("judging", () => {
  it.each([
    "client_name",
    "client_uri",
    "logo_uri",
    "tos_uri",
    "policy_uri",
    "software_id",
    "software_version",
  ])("OB21-R-03 without %s it is invalid_client_metadata", (name) => {
    expect(judgeRegistration(without(name), RULES)).toMatchObject({
      ok: false,
      error: "invalid_client_metadata",
    });
    for (const value of [null, "", "   ", [], {}]) {
      expect(judged({ [name]: value })).toMatchObject({ ok: false });
    }
  });

  it.each<[string, unknown]>([
    ["none", undefined],
    ["an empty list", []],
    ["a text", `${CLIENT_ORIGIN}/callback`],
    ["a number in it", [7]],
    ["a fragment", [`${CLIENT_ORIGIN}/callback#part`]],
    ["an empty fragment", [`${CLIENT_ORIGIN}/callback#`]],
    ["plain http", ["http://issuer.example.net/callback"]],
    ["a scheme of its own", ["com.example.app:/callback"]],
    ["a script", ["javascript:alert(1)//issuer.example.net"]],
    ["a name and a password", ["https://a:b@issuer.example.net/callback"]],
    ["no address", ["/callback"]],
    ["a blank before it", [" https://issuer.example.net\u0000/callback"]],
    ["too long a one", [`${CLIENT_ORIGIN}/${"x".repeat(MAX_ADDRESS_LENGTH)}`]],
    [
      "too many",
      Array.from({ length: MAX_REDIRECT_URIS + 1 }, (_, i) => `${CLIENT_ORIGIN}/callback/${i}`),
    ],
  ])("OB21-R-03 redirect_uris with %s are invalid_redirect_uri", (_what, redirect_uris) => {
    const found = judged({ redirect_uris });
    if (_what === "a blank before it") return expect(found.ok).toBe(false);
    expect(found).toMatchObject({ ok: false, error: "invalid_redirect_uri" });
  });

  it("OB21-R-03 takes as many redirect addresses, and as long ones, as it says", () => {
    const redirect_uris = Array.from(
      { length: MAX_REDIRECT_URIS },
      (_, i) => `${CLIENT_ORIGIN}/callback/${i}`,
    );
    expect(judged({ redirect_uris }).ok).toBe(true);
    const longest = `${CLIENT_ORIGIN}/`.padEnd(MAX_ADDRESS_LENGTH, "x");
    expect(judged({ client_uri: longest }).ok).toBe(true);
    expect(judged({ client_uri: `${longest}x` }).ok).toBe(false);
    expect(judged({ client_name: "x".repeat(MAX_NAME_LENGTH) }).ok).toBe(true);
    expect(judged({ client_name: "x".repeat(MAX_NAME_LENGTH + 1) }).ok).toBe(false);
  });

  it("OB21-R-04 fills in what is left out", () => {
    const { grant_types: _left, ...rest } = METADATA;
    expect(judgeRegistration(rest, RULES)).toEqual({
      ok: true,
      metadata: {
        ...rest,
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: ["authorization_code"],
        response_types: ["code"],
        scope: OFFERED_SCOPES.join(" "),
      },
    });
  });

  it.each<[string, object, boolean]>([
    ["another way to authenticate", { token_endpoint_auth_method: "client_secret_post" }, false],
    ["no way to authenticate", { token_endpoint_auth_method: "none" }, false],
    ["no code", { response_types: ["token"] }, false],
    ["a code among others", { response_types: ["code", "token"] }, true],
    ["no grant by code", { grant_types: ["client_credentials"] }, false],
    ["a password grant beside it", { grant_types: ["authorization_code", "password"] }, true],
    ["null members", { grant_types: null, response_types: null, scope: null }, true],
    ["a list of scopes", { scope: [READ_ASSERTIONS] }, false],
  ])("OB21-R-04 %s", (_what, over, ok) => {
    const found = judged(over);
    expect(found.ok).toBe(ok);
    if (found.ok) {
      expect(found.metadata.response_types).toEqual(["code"]);
      expect(found.metadata.grant_types).not.toContain("password");
    }
  });

  it.each<[string, object]>([
    ["another host", { logo_uri: "https://cdn.example.net/logo.png" }],
    ["a host above it", { policy_uri: "https://example.net/privacy" }],
    ["another host to come back to", { redirect_uris: ["https://mallory.example/callback"] }],
    [
      "one of two to come back to",
      {
        redirect_uris: [`${CLIENT_ORIGIN}/callback`, "https://mallory.example/callback"],
      },
    ],
    ["plain http", { client_uri: "http://issuer.example.net/" }],
    ["a script for a logo", { logo_uri: "javascript:alert(1)" }],
    ["a script for terms", { tos_uri: "javascript:alert(document.domain)" }],
    ["data for a privacy policy", { policy_uri: "data:text/html,<script>alert(1)</script>" }],
    ["a password in an address", { client_uri: "https://a:b@issuer.example.net/" }],
  ])("OB21-R-05 %s is refused", (_what, over) => {
    expect(judged(over)).toMatchObject({ ok: false });
  });

  it("OB21-R-05 ports may differ, since host names do not have them", () => {
    expect(judged({ redirect_uris: ["https://issuer.example.net:8443/callback"] }).ok).toBe(true);
  });

  it("OB21-R-05 plain http on this machine needs the switch of the demo", () => {
    const local = Object.fromEntries(
      Object.entries(METADATA).map(([name, value]) => [
        name,
        JSON.parse(JSON.stringify(value).replaceAll(CLIENT_ORIGIN, "http://127.0.0.1:8787")),
      ]),
    );
    expect(judgeRegistration(local, { loopback: false }).ok).toBe(false);
    expect(judgeRegistration(local, { loopback: true }).ok).toBe(true);
    const elsewhere = { client_uri: "http://issuer.example.net/" };
    expect(judged(elsewhere, { loopback: true }).ok).toBe(false);
  });

  it.each(["https://*", "https://a;sandbox", "https://a,b.example", "https://*.example'x"])(
    "a host that would be read as more than a host in a policy is refused: %s",
    (origin) => {
      const addresses = ["client_uri", "logo_uri", "tos_uri", "policy_uri"];
      const over = Object.fromEntries(addresses.map((name) => [name, `${origin}/`]));
      expect(judged({ ...over, redirect_uris: [`${origin}/callback`] })).toMatchObject({
        ok: false,
        error: "invalid_client_metadata",
      });
    },
  );

  it.each([
    ["turned round", "Bank\u202egnp.exe"],
    ["unseen", "North\u200bside"],
    ["on two lines", "Northside\nBadges"],
  ])("a name with letters that are %s is refused", (_what, client_name) => {
    expect(judged({ client_name })).toMatchObject({ ok: false });
  });

  it("OB21-R-10 leaves out scopes it does not know, and members too", () => {
    const scope = `openid profile ${CREATE_ASSERTIONS} ${OFFLINE_ACCESS} urn:what`;
    const found = judged({ scope, contacts: ["x"], jwks: {}, "": 1 });
    expect(found).toMatchObject({
      ok: true,
      metadata: { scope: `${CREATE_ASSERTIONS} ${OFFLINE_ACCESS}` },
    });
    if (found.ok) expect(found.metadata).not.toHaveProperty("jwks");
  });

  it("takes a version that came as a number", () => {
    expect(judged({ software_version: 2024042200 })).toMatchObject({
      ok: true,
      metadata: { software_version: "2024042200" },
    });
  });

  it("is total: any JSON is judged, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(judgeRegistration(value, RULES).ok).toBe(false);
      }),
    );
    const member = fc.constantFrom(...Object.keys(METADATA), "scope", "response_types");
    fc.assert(
      fc.property(member, fc.jsonValue(), (name, value) => {
        const found = judged({ [name]: value });
        if (!found.ok) expect(found.description).not.toBe("");
      }),
    );
  });
});

describe("POST /oauth/register", () => {
  it("OB21-R-01 OB21-R-08 OB21-R-09 answers 201 with what was registered, not to be stored", async () => {
    const app = await testApp();
    const response = await registerWith(app, { ...METADATA, unheard_of: true });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("pragma")).toBe("no-cache");
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toEqual({
      ...METADATA,
      token_endpoint_auth_method: "client_secret_basic",
      response_types: ["code"],
      scope: OFFERED_SCOPES.join(" "),
      client_id: expect.stringMatching(/^[\w-]{20,}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_id_issued_at: expect.any(Number),
      client_secret_expires_at: 0,
    });
    expect(Number.isInteger(body.client_id_issued_at)).toBe(true);
  });

  it("OB21-R-02 GET is 405", async () => {
    const app = await testApp();
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await app.request(AUTHORIZATION_PATHS.registration, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });

  it.each<[string, string | object, Record<string, string>, number]>([
    ["no JSON", "client_name=x", {}, 400],
    ["a list", "[]", {}, 400],
    ["two members of one name", '{"client_name":"a","client_name":"b"}', {}, 400],
    ["too many levels", "[".repeat(10_000), {}, 400],
    ["too many bytes", { ...METADATA, client_name: "x".repeat(40_000) }, {}, 413],
    ["another media type", METADATA, { "content-type": "text/plain" }, 415],
    ["a host too many", { ...METADATA, logo_uri: "https://cdn.example/l.png" }, {}, 400],
  ])("OB21-T-07 refuses %s in OAuth's words", async (_what, body, headers, status) => {
    const app = await testApp();
    const response = await registerWith(app, body, headers);
    expect(response.status).toBe(status);
    const said = (await response.json()) as Record<string, unknown>;
    expect(Object.keys(said).sort()).toEqual(["error", "error_description"]);
    expect(await app.env.db.orm.select().from(authorizationRecords)).toEqual([]);
  });

  it("OB21-R-12 a burst is answered 429 with Retry-After, and others are not", async () => {
    const app = await testApp();
    const from = (address: string) => registerWith(app, METADATA, { "cf-connecting-ip": address });
    for (let time = 0; time < REGISTRATIONS_BY_CALLER.most; time++) {
      expect((await from("9.9.9.9")).status).toBe(201);
    }
    const refused = await from("9.9.9.9");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toHaveProperty("error");
    expect((await from("1.1.1.1")).status).toBe(201);
    app.clock.advance(REGISTRATIONS_BY_CALLER.windowMs);
    expect((await from("9.9.9.9")).status).toBe(201);
  });

  it("keeps a client's secret sealed, and nothing of it in clear", async () => {
    const app = await testApp();
    const { client_secret } = await registered(app);
    const rows = await app.env.db.orm.select().from(authorizationRecords);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(client_secret);
    expect(rows[0]?.sealed).not.toBeNull();
  });

  it("OB21-R-10 a client of fewer scopes is not given more", async () => {
    const app = await testApp();
    const client = await registered(app, { scope: READ_ASSERTIONS });
    const { challenge } = await pkce(app);
    const scope = `${READ_ASSERTIONS} ${CREATE_ASSERTIONS}`;
    const { response, consent } = await askAccess(app, { client, challenge, scope });
    expect(consent).toBeNull();
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.searchParams.get("error")).toBe("invalid_scope");
  });
});
