// Signing in at an OpenID provider whose every answer the test holds: what of an answer must be true, on both runtimes.
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { Fetched, PublicFetch } from "../../src/net/public-fetch.ts";
import { refused } from "../../src/net/public-fetch.ts";
import { TEST_ORIGIN, type TestApp } from "../app.ts";
import { count, mailingApp, type Page, visitor } from "./visitor.ts";

const ISSUER = "https://id.example.net";
const SECRET = "the client's secret";

let key: CryptoKey;
let jwk: object;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  key = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), alg: "RS256", use: "sig", kid: "one" };
});

interface Told {
  /** Changes to the claims of the ID token; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** In place of the ID token. */
  readonly idToken?: string | null;
  /** In place of what the token address answers. */
  readonly answer?: Partial<Extract<Fetched, { ok: true }>> | "unreachable";
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly path: string;
  readonly headers: Headers;
  readonly body: URLSearchParams;
}

function json(url: string, body: unknown): Extract<Fetched, { ok: true }> {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return { ok: true, url, status: 200, contentType: "application/json", bytes, redirects: [] };
}

/** `nonce` is read from where the browser was sent, as a provider does. */
function provider(told: Told, seen: { nonce: string; asked: Asked[] }): PublicFetch {
  return async (url, options = {}) => {
    const { pathname } = new URL(url);
    const body = new URLSearchParams(String(options.body ?? ""));
    seen.asked.push({ path: pathname, headers: new Headers(options.headers), body });
    if (pathname === "/.well-known/openid-configuration") {
      return json(url, {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        jwks_uri: `${ISSUER}/jwks`,
        ...told.metadata,
      });
    }
    if (pathname === "/jwks") return json(url, { keys: [jwk] });
    if (told.answer === "unreachable") return refused("unreachable", url);
    // The library asks the real clock.
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: ISSUER,
      aud: "rosette",
      sub: "kim-7",
      iat: now,
      exp: now + 60,
      nonce: seen.nonce,
      email: "kim@example.org",
      email_verified: true,
      ...told.claims,
    };
    const signed = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .sign(key);
    const idToken = told.idToken === undefined ? signed : told.idToken;
    const good = json(url, {
      access_token: "opaque",
      token_type: "Bearer",
      ...(idToken === null ? {} : { id_token: idToken }),
    });
    return { ...good, ...told.answer };
  };
}

async function signInWith(told: Told): Promise<{ app: TestApp; page: Page; asked: Asked[] }> {
  const seen = { nonce: "", asked: [] as Asked[] };
  const app = await mailingApp({
    override: ({ config }) => ({
      publicFetch: provider(told, seen),
      config: {
        ...config,
        oidc: { issuer: ISSUER, clientId: "rosette", clientSecret: SECRET, name: "School" },
      },
    }),
  });
  const browser = visitor(app);
  const left = new URL((await browser.get("/login/oidc?next=/me/sessions")).location ?? "");
  seen.nonce = left.searchParams.get("nonce") ?? "";
  const state = left.searchParams.get("state") ?? "";
  const page = await browser.get(`/login/oidc/callback?code=c&state=${state}`);
  return { app, page, asked: seen.asked };
}

describe("a provider's answer", () => {
  it("signs in, and is asked for with our secret, our address and the verifier", async () => {
    const { page, asked } = await signInWith({});
    expect(page).toMatchObject({ status: 303, location: "/me/sessions" });
    const token = asked.find(({ path }) => path === "/token");
    expect(token?.headers.get("authorization")).toMatch(/^Basic /);
    expect(token?.body.get("redirect_uri")).toBe(`${TEST_ORIGIN}/login/oidc/callback`);
    expect(token?.body.get("code_verifier")).toMatch(/^[\w-]{43}$/);
    expect(token?.body.get("client_secret")).toBe(null);
  });

  it("is asked for with the secret in the form where the provider wants it so", async () => {
    const metadata = { token_endpoint_auth_methods_supported: ["client_secret_post"] };
    const { page, asked } = await signInWith({ metadata });
    expect(page.status).toBe(303);
    const token = asked.find(({ path }) => path === "/token");
    expect(token?.body.get("client_secret")).toBe(SECRET);
    expect(token?.headers.get("authorization")).toBe(null);
  });

  const PAST = 1_000_000_000;
  it.each<[string, Told]>([
    ["another issuer", { claims: { iss: "https://evil.example" } }],
    ["another client's token", { claims: { aud: "someone-else" } }],
    ["a token for two clients, without saying who asked", { claims: { aud: ["rosette", "x"] } }],
    ["no nonce", { claims: { nonce: undefined } }],
    ["another nonce", { claims: { nonce: "A".repeat(43) } }],
    ["a token that has expired", { claims: { iat: PAST, exp: PAST + 60 } }],
    ["a token without an end", { claims: { exp: undefined } }],
    ["no subject", { claims: { sub: undefined } }],
    ["a subject that is no text", { claims: { sub: 7 } }],
    ["no ID token", { idToken: null }],
    ["an ID token that is none", { idToken: "a.b.c" }],
    [
      "a page in place of JSON",
      { answer: { contentType: "text/html", bytes: new TextEncoder().encode("<!doctype html>") } },
    ],
    ["half a document", { answer: { bytes: new TextEncoder().encode('{"access_token":') } }],
    ["an error with 200", { answer: { bytes: new TextEncoder().encode('{"error":"no"}') } }],
    ["an error", { answer: { status: 400 } }],
    ["a fault of its own", { answer: { status: 500 } }],
    ["a redirect", { answer: { status: 307 } }],
    ["no answer", { answer: "unreachable" }],
  ])("is refused: %s", async (_what, told) => {
    const { app, page } = await signInWith(told);
    expect(page.status).toBe(502);
    expect(page.text).toContain("answer was refused");
    for (const table of ["sessions", "users", "identities", "oidc_subjects"]) {
      expect(await count(app.env, table), table).toBe(0);
    }
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["unverified", { email_verified: false }],
    ["perhaps verified", { email_verified: "true" }],
    ["not said to be verified", { email_verified: undefined }],
    ["no text", { email: 7 }],
    ["missing", { email: null }],
    ["no address", { email: "kim" }],
    ["two", { email: "kim@example.org, eve@example.org" }],
  ])("proves no address that is %s", async (_what, claims) => {
    const { app, page } = await signInWith({ claims });
    expect(page.status).toBe(403);
    expect(await count(app.env, "identities")).toBe(0);
  });

  it("that describes itself as somebody else is not believed", async () => {
    const app = await mailingApp({
      override: ({ config }) => ({
        publicFetch: provider(
          { metadata: { issuer: "https://evil.example" } },
          { nonce: "", asked: [] },
        ),
        config: {
          ...config,
          oidc: { issuer: ISSUER, clientId: "rosette", clientSecret: null, name: "School" },
        },
      }),
    });
    expect((await visitor(app).get("/login/oidc")).status).toBe(503);
  });
});
