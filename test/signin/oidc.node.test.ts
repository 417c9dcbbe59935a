// Signing in at an OpenID provider that nobody here wrote, over real sockets, with what a browser may bring back.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { OIDC_MS } from "../../src/signin/oidc.ts";
import { TEST_ORIGIN, type TestApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { CLIENT, type StockProvider, startStockProvider } from "./stock-provider.ts";
import { count, mailingApp, signInByLink, type Visitor, visitor } from "./visitor.ts";

let provider: StockProvider;

beforeAll(async () => {
  provider = await startStockProvider(`${TEST_ORIGIN}/login/oidc/callback`);
});
afterAll(() => provider.close());

async function appWith(issuer = provider.issuer): Promise<TestApp> {
  const oidc = { issuer, ...CLIENT, name: "Our School" };
  const { publicFetch, close } = openPublicFetch({ publicUrl: TEST_ORIGIN, oidc });
  onTestFinished(close);
  return mailingApp({ override: ({ config }) => ({ config: { ...config, oidc }, publicFetch }) });
}

/** Leaves for the provider; returns the address there. */
async function leave(browser: Visitor, next = ""): Promise<URL> {
  const left = await browser.get(`/login/oidc${next && `?next=${encodeURIComponent(next)}`}`);
  expect(left.status).toBe(303);
  return new URL(left.location ?? "");
}

const pathOf = (address: string) => address.replace(TEST_ORIGIN, "");

async function signInAs(app: TestApp, login: string, browser = visitor(app), next = "") {
  const back = await provider.goThrough((await leave(browser, next)).href, login);
  return { browser, back, page: await browser.get(pathOf(back)) };
}

describe("signing in at an OpenID provider", () => {
  it("is offered by its name, keeps where to go on to, and proves the address it vouches for", async () => {
    const app = await appWith();
    const login = await visitor(app).get("/login?next=%2Fme%2Fidentities");
    expect(login.text).toContain("Sign in with Our School");
    expect(login.html).toContain('href="/login/oidc?next=%2Fme%2Fidentities"');
    const { browser, page } = await signInAs(app, "kim", visitor(app), "/me/identities");
    expect(page).toMatchObject({ status: 303, location: "/me/identities" });
    expect((await browser.get("/me/identities")).text).toContain("Kim@example.org");
    expect((await browser.get("/me/sessions")).text).toContain("Signed in at another site");
  });

  it("sends a state, a nonce and a challenge, different each time, of which none is stored in clear", async () => {
    const app = await appWith();
    const browser = visitor(app);
    const [one, other] = [await leave(browser), await leave(browser)];
    const { rows } = await app.env.db.read({ sql: "SELECT * FROM oidc_sign_ins", params: [] });
    for (const name of ["state", "nonce", "code_challenge"]) {
      const value = one.searchParams.get(name) ?? "";
      expect(value.length).toBeGreaterThanOrEqual(43);
      expect(value).not.toBe(other.searchParams.get(name));
      expect(JSON.stringify(rows)).not.toContain(value);
    }
    expect(one.searchParams.get("code_challenge_method")).toBe("S256");
    expect(one.searchParams.get("scope")).toBe("openid email");
  });

  it("is the same person as by mail, and by its subject from then on", async () => {
    const app = await appWith();
    await signInByLink(app, "kim@example.org");
    await signInAs(app, "kim");
    await signInAs(app, "kim");
    expect(await count(app.env, "users")).toBe(1);
    expect(await count(app.env, "oidc_subjects")).toBe(1);
    await app.env.db.batch([{ sql: "UPDATE users SET status = 'suspended'", params: [] }]);
    const { page } = await signInAs(app, "kim");
    expect(page.status).toBe(403);
    expect(page.text).toContain("Signing in is switched off for you");
  });

  it("adds no address that somebody who is suspended is known by", async () => {
    const app = await appWith();
    await signInAs(app, "kim");
    const forget = { sql: "DELETE FROM identities", params: [] };
    await app.env.db.batch([forget]);
    const email = "kim@example.org";
    const { user } = await givenPerson(app.env, await givenOrganization(app.env), { email });
    await app.env.db.batch([
      { sql: "UPDATE users SET status = 'suspended' WHERE id = ?", params: [user.id] },
      // Recorded by an organization, and never proven.
      { sql: "UPDATE identities SET verified_at = NULL", params: [] },
    ]);
    const { page } = await signInAs(app, "kim");
    expect(page.status).toBe(303);
    const { rows } = await app.env.db.read({
      sql: "SELECT user_id, verified_at FROM identities",
      params: [],
    });
    expect(rows).toEqual([[user.id, null]]);
  });

  it("links a subject once, when two browsers finish at once", async () => {
    const app = await appWith();
    const browsers = [visitor(app), visitor(app)];
    const backs: string[] = [];
    for (const browser of browsers) {
      backs.push(await provider.goThrough((await leave(browser)).href, "kim"));
    }
    const pages = await Promise.all(
      browsers.map((browser, i) => browser.get(pathOf(backs[i] ?? ""))),
    );
    expect(pages.map(({ status }) => status)).toEqual([303, 303]);
    expect(await count(app.env, "users")).toBe(1);
  });

  it.each(["lee", "mo", "word", "nobody"])(
    "not with an address it does not vouch for: %s",
    async (login) => {
      const app = await appWith();
      const { page } = await signInAs(app, login);
      expect(page.status).toBe(403);
      expect(page.text).toContain("does not vouch for your address");
      for (const table of ["users", "identities", "sessions", "oidc_subjects"]) {
        expect(await count(app.env, table), table).toBe(0);
      }
    },
  );
});

describe("what a browser brings back", () => {
  it("counts once", async () => {
    const app = await appWith();
    const { browser, back } = await signInAs(app, "kim");
    const asked = provider.tokenRequests();
    const again = await browser.get(pathOf(back));
    expect(again.status).toBe(410);
    expect(provider.tokenRequests()).toBe(asked);
    expect(await count(app.env, "sessions")).toBe(1);
  });

  it("counts once, when it comes ten times at once", async () => {
    const app = await appWith();
    const browser = visitor(app);
    const back = await provider.goThrough((await leave(browser)).href, "kim");
    const asked = provider.tokenRequests();
    const pages = await Promise.all(Array.from({ length: 10 }, () => browser.get(pathOf(back))));
    expect(pages.map(({ status }) => status).toSorted()).toEqual([303, ...Array(9).fill(410)]);
    expect(provider.tokenRequests() - asked).toBe(1);
  });

  it("counts in the browser that left, for ten minutes, with a state that is known", async () => {
    const app = await appWith();
    const browser = visitor(app);
    const back = pathOf(await provider.goThrough((await leave(browser)).href, "kim"));
    const asked = provider.tokenRequests();
    const other = visitor(app);
    await other.get("/login");
    for (const stranger of [other, visitor(app)]) {
      const page = await stranger.get(back);
      expect(page.status).toBe(400);
      expect(page.text).toContain("not begun in this browser");
    }
    const changes = [
      back.replace(/state=[^&]+/, `state=${"A".repeat(43)}`),
      back.replace(/state=[^&]+/, "state="),
      back.replace(/&?state=[^&]+/, ""),
      "/login/oidc/callback",
    ];
    for (const path of changes) expect((await browser.get(path)).status, path).toBe(400);
    app.clock.advance(OIDC_MS);
    expect((await browser.get(back)).status).toBe(410);
    app.clock.advance(-1);
    expect(provider.tokenRequests()).toBe(asked);
    expect((await browser.get(back)).status).toBe(303);
  });

  it("is refused where its code, nonce or issuer is another's", async () => {
    const app = await appWith();
    const browser = visitor(app);
    const one = new URL(await provider.goThrough((await leave(browser)).href, "kim"));
    const other = new URL(await provider.goThrough((await leave(browser)).href, "kim"));
    const swapped = new URL(one);
    swapped.searchParams.set("state", other.searchParams.get("state") ?? "");
    const misled = await leave(browser);
    misled.searchParams.set("nonce", "B".repeat(43));
    const wrongNonce = await provider.goThrough(misled.href, "kim");
    one.searchParams.set("iss", "https://evil.example");
    for (const back of [swapped.href, wrongNonce, one.href]) {
      const page = await browser.get(pathOf(back));
      expect(page.status, back).toBe(502);
      expect(page.text).toContain("answer was refused");
    }
    expect(await count(app.env, "sessions")).toBe(0);
    expect(await count(app.env, "users")).toBe(0);
    expect(JSON.stringify(app.logged)).not.toContain(one.searchParams.get("code"));
  });

  it("says so where the person said no", async () => {
    const app = await appWith();
    const browser = visitor(app);
    const back = await provider.decline((await leave(browser)).href);
    const page = await browser.get(pathOf(back));
    expect(page.status).toBe(403);
    expect(page.text).toContain("You were not signed in there");
  });

  it("is not asked for by HEAD, which would use it up and show nothing", async () => {
    const app = await appWith();
    for (const path of ["/login/oidc", "/login/oidc/callback"]) {
      for (const method of ["HEAD", "POST"]) {
        expect((await app.request(path, { method })).status, `${method} ${path}`).toBe(405);
      }
    }
  });
});

describe("leaving for a provider", () => {
  it("is done a hundred and twenty times an hour by one caller", async () => {
    const app = await appWith();
    const bindings = { incoming: { socket: { remoteAddress: "93.184.215.14" } } };
    const ask = () => app.app.request(`${TEST_ORIGIN}/login/oidc`, {}, bindings);
    for (let i = 0; i < 120; i++) expect((await ask()).status).toBe(303);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "too-many-sign-ins" });
  });
});

describe("a provider", () => {
  it("that does not answer costs nothing but its own way in", async () => {
    const gone = await startStockProvider(`${TEST_ORIGIN}/x`);
    await gone.close();
    const app = await appWith(gone.issuer);
    const page = await visitor(app).get("/login/oidc");
    expect(page.status).toBe(503);
    expect(page.text).toContain("The other site does not answer");
    expect((await visitor(app).get("/login")).status).toBe(200);
    await signInByLink(app, "kim@example.org");
  });

  it("that is none is not there", async () => {
    const app = await mailingApp();
    expect((await visitor(app).get("/login")).text).not.toContain("Sign in with");
    for (const path of ["/login/oidc", "/login/oidc/callback?code=x&state=y"]) {
      expect((await visitor(app).get(path)).status).toBe(404);
    }
  });
});
