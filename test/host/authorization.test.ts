// How a person lets an app in: what is asked, what may be answered, and the tricks of those in between.
import { describe, expect, it } from "vitest";
import { authorizationRecords } from "../../src/db/hosted-badges.ts";
import { APPS_PATH } from "../../src/host/addresses.ts";
import { CONSENT_TTL } from "../../src/host/provider.ts";
import { AUTHORIZATIONS_BY_CALLER } from "../../src/host/routes.ts";
import {
  CREATE_ASSERTIONS,
  OFFLINE_ACCESS,
  READ_ASSERTIONS,
  READ_PROFILE,
} from "../../src/host/scopes.ts";
import { APPS_WORDS } from "../../src/pages/words/apps.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import {
  ALL_SCOPES,
  askAccess,
  authorizePath,
  CLIENT_ORIGIN,
  CookieJar,
  codeFor,
  decide,
  METADATA,
  openConsent,
  outcome,
  pkce,
  type RegisteredClient,
  redeem,
  registered,
} from "./client.ts";

const HTML = { accept: "text/html,*/*;q=0.8" };
const ALLOW = [
  ["decision", "allow"],
  ["scope", READ_ASSERTIONS],
] as const;

interface Scene {
  readonly app: TestApp;
  readonly browser: SignedInBrowser;
  readonly client: RegisteredClient;
  readonly challenge: string;
  readonly verifier: string;
}

async function scene(over: object = {}): Promise<Scene> {
  const app = await testApp();
  const person = await givenPerson(app.env, await givenOrganization(app.env));
  const browser = await signedIn(app, person.user.id);
  return { app, browser, client: await registered(app, over), ...(await pkce(app)) };
}

describe("the authorization request", () => {
  it.each(["response_type", "scope", "state", "code_challenge", "code_challenge_method"])(
    "OB21-Z-01 without %s it goes back to the app with an error",
    async (name) => {
      const { app, client, challenge } = await scene();
      const over = { [name]: "" };
      const { response, consent } = await askAccess(app, { client, challenge, over });
      expect(consent).toBeNull();
      const location = new URL(response.headers.get("location") ?? "");
      expect(location.origin + location.pathname).toBe(METADATA.redirect_uris[0]);
      expect(location.searchParams.get("error")).toMatch(/^invalid_(request|scope)$/);
      expect(location.searchParams.get("code")).toBeNull();
    },
  );

  it.each(["client_id", "redirect_uri"])(
    "OB21-Z-01 without %s there is nobody to send back to",
    async (name) => {
      const { app, client, challenge } = await scene();
      const { response } = await askAccess(app, { client, challenge, over: { [name]: "" } });
      expect([response.status, response.headers.get("location")]).toEqual([400, null]);
      expect(response.headers.get("content-type")).toContain("text/html");
    },
  );

  it.each([
    ["plain", { code_challenge_method: "plain" }],
    ["no challenge for S256", { code_challenge: "" }],
    ["a challenge without its method", { code_challenge_method: "" }],
    ["no PKCE at all", { code_challenge: "", code_challenge_method: "" }],
    ["a challenge that is no SHA-256", { code_challenge: "short" }],
    ["a token instead of a code", { response_type: "token" }],
    ["an ID token", { response_type: "id_token" }],
    ["a code and a token", { response_type: "code token" }],
  ])("OB21-Z-02 %s is refused", async (_what, over) => {
    const { app, client, challenge } = await scene();
    const { response, consent } = await askAccess(app, { client, challenge, over });
    expect(consent).toBeNull();
    const location = new URL(response.headers.get("location") ?? "");
    const said =
      location.hash === "" ? location.searchParams : new URLSearchParams(location.hash.slice(1));
    expect(said.get("error")).not.toBeNull();
    expect(location.href).not.toContain("code=");
  });

  it.each([
    ["another host", "https://mallory.example/callback"],
    ["another path", `${CLIENT_ORIGIN}/callback/more`],
    ["a query more", `${CLIENT_ORIGIN}/callback?next=https://mallory.example`],
    ["another case", `${CLIENT_ORIGIN}/Callback`],
    ["a port", `${CLIENT_ORIGIN}:443/callback`],
    ["a way up", `${CLIENT_ORIGIN}/x/../callback`],
    ["a fragment", `${CLIENT_ORIGIN}/callback#`],
    ["a name before the host", "https://issuer.example.net@mallory.example/callback"],
    ["a script", "javascript:alert(1)"],
  ])("OB21-Z-03 %s is no place to send anything to", async (_what, redirect_uri) => {
    const { app, client, challenge } = await scene();
    const { response } = await askAccess(app, { client, challenge, over: { redirect_uri } });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
    const page = await response.text();
    expect(page).toContain("Go back to the app");
    expect(page).not.toContain('href="javascript:');
  });

  it("OB21-Z-03 two redirect addresses in one request are refused", async () => {
    const { app, client, challenge } = await scene();
    const path = authorizePath({ client, challenge });
    const response = await app.request(`${path}&redirect_uri=https://mallory.example/`, {
      headers: HTML,
    });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });

  it("another app's redirect address is not this one's", async () => {
    const { app, client, challenge } = await scene();
    const origin = "https://other.example.net";
    const other = JSON.parse(JSON.stringify(METADATA).replaceAll(CLIENT_ORIGIN, origin));
    await registered(app, other);
    const over = { redirect_uri: `${origin}/callback` };
    const { response } = await askAccess(app, { client, challenge, over });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });

  it("OB21-R-10 scopes that mean nothing here are left out, and none at all is refused", async () => {
    const { app, client, challenge, browser } = await scene();
    const scope = `openid profile ${READ_ASSERTIONS}`;
    const asked = await askAccess(app, { client, challenge, scope });
    expect(await (await openConsent(app, browser, asked)).text()).toContain(
      APPS_WORDS.en["may-read"],
    );
    const nothing = await askAccess(app, { client, challenge, scope: "openid profile" });
    const location = new URL(nothing.response.headers.get("location") ?? "");
    expect(location.searchParams.get("error")).toBe("invalid_scope");
  });

  it("prompt=none is told that a person must be asked", async () => {
    const { app, client, challenge } = await scene();
    const { response } = await askAccess(app, { client, challenge, over: { prompt: "none" } });
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.searchParams.get("error")).toBe("consent_required");
  });
});

it("a flood of requests for access is answered 429, others go on", async () => {
  const { app, client, challenge } = await scene();
  const path = authorizePath({ client, challenge });
  const ask = (address: string) =>
    app.request(path, { headers: { ...HTML, "cf-connecting-ip": address } });
  expect((await ask("9.9.9.9")).status).toBe(303);
  await app.env.db.batch([
    {
      sql: "UPDATE rate_limits SET count = ? WHERE key LIKE 'authorizations-by:%'",
      params: [AUTHORIZATIONS_BY_CALLER.most - 1],
    },
  ]);
  expect((await ask("9.9.9.9")).status).toBe(303);
  const refused = await ask("9.9.9.9");
  expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, 3_600]);
  expect((await ask("1.1.1.1")).status).toBe(303);
});

describe("the consent page", () => {
  it("is for somebody who is signed in, and is come back to", async () => {
    const { app, client, challenge } = await scene();
    const { consent, jar } = await askAccess(app, { client, challenge });
    const response = await app.request(consent ?? "", {
      headers: { ...HTML, cookie: jar.header(consent ?? "") },
    });
    expect(response.status).toBe(303);
    const next = new URL(response.headers.get("location") ?? "", app.env.urls.base);
    expect([next.pathname, next.searchParams.get("next")]).toEqual(["/login", consent]);
  });

  it("OB21-Z-07 names the app, its host, what it asks for in words, its terms and its policy", async () => {
    const { app, client, challenge, browser } = await scene();
    const asked = await askAccess(app, { client, challenge });
    const response = await openConsent(app, browser, asked);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain("Northside Badges");
    expect(page).toContain("issuer.example.net");
    for (const may of ["read", "create", "profile", "update", "stay"] as const) {
      expect(page).toContain(APPS_WORDS.en[`may-${may}`]);
    }
    expect(page).toContain(`href="${METADATA.tos_uri}"`);
    expect(page).toContain(`href="${METADATA.policy_uri}"`);
    expect(page).toMatch(/<button[^>]*value="allow"/);
    expect(page).toMatch(/<button[^>]*value="deny"/);
    const consent = `${asked.consent}?lang=de`;
    const german = await (await openConsent(app, browser, { ...asked, consent })).text();
    expect(german).toContain("Darf <bdi>Northside Badges</bdi> Ihre Badges verwenden?");
    expect(german).toContain(APPS_WORDS.de["may-read"]);
  });

  it("stands in nobody's frame, loads nothing, is not stored, and leads to the app alone", async () => {
    const { app, client, challenge, browser } = await scene();
    const response = await openConsent(app, browser, await askAccess(app, { client, challenge }));
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`form-action 'self' ${CLIENT_ORIGIN};`);
    expect(policy).not.toContain("script-src");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("shows a name that is markup as the text it is", async () => {
    const client_name = `<script>alert(1)</script>"><img src=x onerror=alert(2)>'`;
    const { app, client, challenge, browser } = await scene({ client_name });
    const page = await (
      await openConsent(app, browser, await askAccess(app, { client, challenge }))
    ).text();
    expect(page).not.toContain("<script>");
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("&lt;script&gt;");
    const code = await codeFor(app, browser, client);
    expect(code.code).not.toBe("");
    await redeem(app, client, code);
    const apps = await (await browser.get(APPS_PATH)).text();
    expect(apps).toContain("&lt;script&gt;");
    expect(apps).not.toContain("<script>");
  });

  it("belongs to the browser that began it: nobody can be made to allow somebody else's request", async () => {
    const { app, client, challenge, browser } = await scene();
    const begun = await askAccess(app, { client, challenge });
    const elsewhere = { ...begun, jar: new CookieJar() };
    const page = await openConsent(app, browser, elsewhere);
    expect(page.status).toBe(400);
    const posted = await decide(app, browser, elsewhere, ALLOW);
    expect([posted.status, posted.headers.get("location")]).toEqual([400, null]);
    const grants = await app.env.db.orm.select().from(authorizationRecords);
    expect(grants.filter(({ kind }) => kind === "Grant")).toEqual([]);
  });

  it("a cookie of one request does not open another", async () => {
    const { app, client, challenge, browser } = await scene();
    const mine = await askAccess(app, { client, challenge });
    const other = await askAccess(app, { client, challenge });
    const [, pair = ""] = /(rosette_consent=[^;]+)/.exec(mine.jar.header(mine.consent ?? "")) ?? [];
    const cookie = `${browser.cookie}; ${pair}`;
    const page = await app.request(other.consent ?? "", { headers: { ...HTML, cookie } });
    expect(page.status).toBe(400);
  });

  it("takes no form without its token, or from another site", async () => {
    const { app, client, challenge, browser } = await scene();
    const asked = await askAccess(app, { client, challenge });
    const path = asked.consent ?? "";
    const cookie = `${browser.cookie}; ${asked.jar.header(path)}`;
    const send = (fields: Record<string, string>, headers = {}) =>
      app.request(path, {
        method: "POST",
        headers: { ...HTML, cookie, origin: app.env.urls.base, ...headers },
        body: new URLSearchParams({ decision: "allow", scope: READ_ASSERTIONS, ...fields }),
      });
    expect((await send({})).status).toBe(403);
    expect((await send({ form_token: "x".repeat(43) })).status).toBe(403);
    const token = { form_token: browser.formToken };
    expect((await send(token, { origin: "https://mallory.example" })).status).toBe(403);
    expect((await send(token)).status).toBe(303);
  });

  it("ends after its hour", async () => {
    const { app, client, challenge, browser } = await scene();
    const asked = await askAccess(app, { client, challenge });
    app.clock.advance(CONSENT_TTL * 1_000);
    expect((await openConsent(app, browser, asked)).status).toBe(400);
  });

  it("asks each time anew: no earlier grant answers for a person", async () => {
    const { app, client, browser } = await scene();
    await redeem(app, client, await codeFor(app, browser, client));
    const { challenge } = await pkce(app);
    const again = await askAccess(app, { client, challenge });
    expect(again.consent).not.toBeNull();
  });
});

describe("the decision", () => {
  it("OB21-Z-04 goes to the app with a code, its state unchanged, and who says so", async () => {
    const { app, client, browser, challenge } = await scene();
    const state = `a b+c&d=é"'<>%`;
    const asked = await askAccess(app, { client, challenge, over: { state } });
    const redirect = await outcome(app, asked, await decide(app, browser, asked, ALLOW));
    expect(redirect.origin + redirect.pathname).toBe(METADATA.redirect_uris[0]);
    expect(redirect.searchParams.get("state")).toBe(state);
    expect(redirect.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
    expect(redirect.searchParams.get("iss")).toBe(app.env.urls.base);
  });

  it("OB21-Z-04 keeps what the redirect address has of a query", async () => {
    const redirect_uri = `${CLIENT_ORIGIN}/callback?backpack=7&x=%20`;
    const { app, client, browser, challenge } = await scene({ redirect_uris: [redirect_uri] });
    const asked = await askAccess(app, { client, challenge, over: { redirect_uri } });
    const redirect = await outcome(app, asked, await decide(app, browser, asked, ALLOW));
    expect(redirect.searchParams.get("backpack")).toBe("7");
    expect(redirect.searchParams.get("x")).toBe(" ");
    expect(redirect.searchParams.get("code")).not.toBeNull();
  });

  it("OB21-Z-05 a refusal goes to the app as access_denied, with its state", async () => {
    const { app, client, browser, challenge } = await scene();
    const asked = await askAccess(app, { client, challenge });
    const denied = await decide(app, browser, asked, [["decision", "deny"]]);
    const redirect = await outcome(app, asked, denied);
    expect(Object.fromEntries(redirect.searchParams)).toMatchObject({
      error: "access_denied",
      state: "a state of the app's own",
      iss: app.env.urls.base,
    });
    expect(redirect.searchParams.has("code")).toBe(false);
  });

  it("can be less than what was asked for", async () => {
    const { app, client, browser } = await scene();
    const granted = [READ_ASSERTIONS, READ_PROFILE];
    const response = await redeem(app, client, await codeFor(app, browser, client, { granted }));
    const body = (await response.json()) as Record<string, unknown>;
    expect(body.scope).toBe(granted.join(" "));
    expect(body).not.toHaveProperty("refresh_token");
  });

  it("cannot be more than what was asked for, whatever the form says", async () => {
    const { app, client, browser } = await scene();
    const granted = [READ_ASSERTIONS, CREATE_ASSERTIONS, "openid", "admin"];
    const code = await codeFor(app, browser, client, { scope: READ_ASSERTIONS, granted });
    const body = (await (await redeem(app, client, code)).json()) as Record<string, unknown>;
    expect(body.scope).toBe(READ_ASSERTIONS);
  });

  it("with nothing ticked is asked for again", async () => {
    const { app, client, browser, challenge } = await scene();
    const asked = await askAccess(app, { client, challenge });
    for (const scopes of [[], [["scope", OFFLINE_ACCESS] as const]]) {
      const response = await decide(app, browser, asked, [["decision", "allow"], ...scopes]);
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('role="alert"');
    }
    expect((await decide(app, browser, asked, ALLOW)).status).toBe(303);
  });

  it("is for who is signed in then, whoever it was before", async () => {
    const { app, client, browser, challenge } = await scene();
    const other = await givenPerson(app.env, await givenOrganization(app.env));
    const asked = await askAccess(app, { client, challenge });
    await openConsent(app, browser, asked);
    const theirs = await signedIn(app, other.user.id);
    await outcome(app, asked, await decide(app, theirs, asked, ALLOW));
    const rows = await app.env.db.orm.select().from(authorizationRecords);
    const [grant] = rows.filter(({ kind }) => kind === "Grant");
    expect(grant?.user_id).toBe(other.user.id);
  });

  it("counts once: what it led to cannot be opened again", async () => {
    const { app, client, browser, challenge } = await scene();
    const asked = await askAccess(app, { client, challenge });
    const decided = await decide(app, browser, asked, ALLOW);
    const path = decided.headers.get("location") ?? "";
    const cookie = asked.jar.header(path);
    const first = await app.request(path, { headers: { ...HTML, cookie } });
    expect(first.status).toBe(303);
    const again = await app.request(path, { headers: { ...HTML, cookie } });
    expect([again.status, again.headers.get("location")]).toEqual([400, null]);
    const without = await app.request(path, { headers: HTML });
    expect([without.status, without.headers.get("location")]).toEqual([400, null]);
  });

  it("leaves nothing in the database that opens anything", async () => {
    const { app, client, browser } = await scene();
    const code = await codeFor(app, browser, client);
    const tokens = await (await redeem(app, client, code)).text();
    const { access_token, refresh_token } = JSON.parse(tokens) as Record<string, string>;
    const rows = JSON.stringify(await app.env.db.orm.select().from(authorizationRecords));
    for (const secret of [
      code.code,
      access_token ?? "-",
      refresh_token ?? "-",
      client.client_secret,
    ]) {
      expect(rows).not.toContain(secret);
    }
    expect(rows).toContain(client.client_id);
    expect(JSON.stringify(app.logged)).not.toContain(code.code);
    expect(ALL_SCOPES).toContain(OFFLINE_ACCESS);
  });
});
