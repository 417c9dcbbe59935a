// Sessions: how long they stand, who they are, and the forms that belong to them alone.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { sessions } from "../../src/db/sessions.ts";
import { FORM_TOKEN_FIELD } from "../../src/pages/account.tsx";
import { Problem } from "../../src/problem.ts";
import { cookieName } from "../../src/signin/cookies.ts";
import {
  ABSOLUTE_MS,
  FORM_TOKEN,
  findSession,
  IDLE_MS,
  MAX_FORM_BYTES,
  newSession,
  readForm,
  requireSiteAdministrator,
  SEEN_EVERY_MS,
} from "../../src/signin/session.ts";
import { TEST_ORIGIN, type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

async function someone(app: TestApp): Promise<SignedInBrowser> {
  const person = await givenPerson(app.env, await givenOrganization(app.env));
  return signedIn(app, person.user.id);
}

const asking = (cookie: string, url = `${TEST_ORIGIN}/me/sessions`) =>
  new Request(url, { headers: { cookie } });
const stands = async (app: TestApp, cookie: string) =>
  (await findSession(app.env, asking(cookie))) !== null;

describe("a session", () => {
  it("is its cookie's, whose random part is nowhere in the database", async () => {
    const app = await testApp();
    const { cookie, session } = await someone(app);
    expect(await findSession(app.env, asking(`a=b; ${cookie}; c=d`))).toEqual(session);
    const [row] = await app.env.db.orm.select().from(sessions);
    const token = cookie.split("=")[1] ?? "";
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(row?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it.each([
    [
      "https://badges.example.org",
      /^__Host-session=[^;]+; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure$/,
    ],
    ["http://localhost:8787", /^session=[^;]+; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/],
  ])("its cookie at %s is kept from scripts and other sites", async (publicUrl, form) => {
    const app = await testApp({ publicUrl });
    const person = await givenPerson(app.env, await givenOrganization(app.env));
    const { cookie } = await newSession(app.env, person.user.id, "link", new Request(publicUrl));
    expect(cookie).toMatch(form);
  });

  it("ends when nobody uses it for a fortnight", async () => {
    const app = await testApp();
    const { cookie } = await someone(app);
    app.clock.advance(IDLE_MS - 1);
    expect(await stands(app, cookie)).toBe(true);
    await app.settle();
    app.clock.advance(IDLE_MS - 1);
    expect(await stands(app, cookie)).toBe(true);
    await app.settle();
    app.clock.advance(IDLE_MS);
    expect(await stands(app, cookie)).toBe(false);
  });

  it("ends after ninety days, however much it is used", async () => {
    const app = await testApp();
    const { cookie } = await someone(app);
    const end = app.clock.now + ABSOLUTE_MS;
    while (app.clock.now + IDLE_MS / 2 < end) {
      app.clock.advance(IDLE_MS / 2);
      expect(await stands(app, cookie)).toBe(true);
      await app.settle();
    }
    app.clock.now = end - 1;
    expect(await stands(app, cookie)).toBe(true);
    app.clock.now = end;
    expect(await stands(app, cookie)).toBe(false);
  });

  it("is written to once in five minutes at most", async () => {
    const app = await testApp();
    const { cookie, session } = await someone(app);
    const seenAt = async () => {
      await stands(app, cookie);
      await app.settle();
      const rows = await app.env.db.orm.select().from(sessions).where(eq(sessions.id, session.id));
      return rows[0]?.last_seen_at;
    };
    app.clock.advance(SEEN_EVERY_MS - 1);
    expect(await seenAt()).toBe(session.startedAt);
    app.clock.advance(1);
    expect(await seenAt()).toBe(session.startedAt + SEEN_EVERY_MS);
  });

  it.each(["suspended", "deactivated"] as const)(
    "of a person who is %s is none",
    async (status) => {
      const app = await testApp();
      const { cookie } = await someone(app);
      await app.env.db.batch([{ sql: "UPDATE users SET status = ?", params: [status] }]);
      expect(await stands(app, cookie)).toBe(false);
      await app.env.db.batch([{ sql: "UPDATE users SET status = 'active'", params: [] }]);
      expect(await stands(app, cookie)).toBe(true);
    },
  );

  it.each([
    ["no cookie", () => ""],
    ["another name", (cookie: string) => cookie.replace("__Host-session", "session")],
    [
      "a changed token",
      (cookie: string) => `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`,
    ],
    ["a token cut short", (cookie: string) => cookie.slice(0, -1)],
    ["the hash for the token", () => `__Host-session=${"0".repeat(64)}`],
    ["two that differ", (cookie: string) => `${cookie}; __Host-session=${"A".repeat(43)}`],
    ["a header without end", (cookie: string) => `x=${"x".repeat(20_000)}; ${cookie}`],
  ])("is not found by %s", async (_what, change) => {
    const app = await testApp();
    const { cookie } = await someone(app);
    expect(await stands(app, change(cookie))).toBe(false);
  });
});

describe("who may see a page", () => {
  it("a browser is led to the sign-in page and told where to come back to", async () => {
    const app = await testApp();
    const browser = { headers: { accept: "text/html" } };
    const shown = await app.request("/me/sessions?a=1&b=%2F", browser);
    expect(shown.status).toBe(303);
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(shown.headers.get("location")).toBe("/login?next=%2Fme%2Fsessions%3Fa%3D1%26b%3D%252F");
    const sent = await app.request("/me/sessions/x/end", {
      method: "POST",
      headers: { accept: "text/html", referer: `${TEST_ORIGIN}/me/sessions` },
    });
    expect(sent.headers.get("location")).toBe("/login?next=%2Fme%2Fsessions");
    const elsewhere = await app.request("/me/sessions/x/end", {
      method: "POST",
      headers: { accept: "text/html", referer: "https://evil.example/login" },
    });
    expect(elsewhere.headers.get("location")).toBe("/login");
  });

  it("a program is told 401", async () => {
    const app = await testApp();
    const answer = await app.request("/me/sessions");
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "sign-in-required" });
  });

  it("an administrator's page is for administrators of the site", async () => {
    const app = await testApp();
    const { cookie } = await someone(app);
    const ask = () => requireSiteAdministrator(app.env, asking(cookie));
    await expect(ask()).rejects.toMatchObject({ code: "administrator-required", status: 403 });
    await expect(requireSiteAdministrator(app.env, asking(""))).rejects.toMatchObject({
      code: "sign-in-required",
    });
    await app.env.db.batch([{ sql: "UPDATE users SET is_site_administrator = 1", params: [] }]);
    expect((await ask()).user.is_site_administrator).toBe(true);
  });
});

describe("a form", () => {
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    new Request(`${TEST_ORIGIN}/me/x`, {
      method: "POST",
      headers: { origin: TEST_ORIGIN, ...headers },
      body: new URLSearchParams(fields),
    });
  const fault = async (work: Promise<unknown>) => {
    const error = await work.catch((reason: unknown) => reason);
    return error instanceof Problem ? `${error.status} ${error.code}` : "taken";
  };

  it("has one name for its token in pages and in what reads them", () => {
    expect(FORM_TOKEN_FIELD).toBe(FORM_TOKEN);
  });

  it("is taken from the session's own pages, under whichever name the server is asked by", async () => {
    const app = await testApp();
    const { session, formToken } = await someone(app);
    const read = await readForm(app.env, session, form({ form_token: formToken, a: "ü" }));
    expect(read.get("a")).toBe("ü");
    const local = new Request("http://127.0.0.1:1234/me/x", {
      method: "POST",
      headers: { origin: "http://127.0.0.1:1234", "sec-fetch-site": "same-origin" },
      body: new URLSearchParams({ form_token: formToken }),
    });
    await readForm(app.env, session, local);
    const parts = new FormData();
    parts.set("form_token", formToken);
    await readForm(
      app.env,
      session,
      new Request(`${TEST_ORIGIN}/me/x`, { method: "POST", body: parts }),
    );
  });

  it("is refused from elsewhere, or with another session's token", async () => {
    const app = await testApp();
    const { session, formToken } = await someone(app);
    const other = await someone(app);
    const own = { form_token: formToken };
    const cases: [string, Request][] = [
      ["no token", form({})],
      ["an empty token", form({ form_token: "" })],
      ["another session's", form({ form_token: other.formToken })],
      ["a token cut short", form({ form_token: formToken.slice(0, -1) })],
      ["a longer one", form({ form_token: `${formToken}A` })],
      ["another site", form(own, { origin: "https://evil.example" })],
      ["a neighbour", form(own, { origin: "https://x.badges.example.org" })],
      ["no origin to speak of", form(own, { origin: "null" })],
      ["plain http", form(own, { origin: "http://badges.example.org" })],
      ["what the browser calls cross-site", form(own, { "sec-fetch-site": "cross-site" })],
      ["what the browser calls same-site", form(own, { "sec-fetch-site": "same-site" })],
    ];
    for (const [what, request] of cases) {
      expect(await fault(readForm(app.env, session, request)), what).toBe("403 form-expired");
    }
  });

  it("is refused when it is no form, or too long", async () => {
    const app = await testApp();
    const { session, formToken } = await someone(app);
    const json = new Request(`${TEST_ORIGIN}/x`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ form_token: formToken }),
    });
    expect(await fault(readForm(app.env, session, json))).toBe("415 unsupported-media-type");
    const most = MAX_FORM_BYTES - `form_token=${formToken}&a=`.length;
    const filled = (length: number) => form({ form_token: formToken, a: "a".repeat(length) });
    expect(await fault(readForm(app.env, session, filled(most)))).toBe("taken");
    expect(await fault(readForm(app.env, session, filled(most + 1)))).toBe("413 body-too-large");
    const broken = form({}, { "content-type": "multipart/form-data; boundary=x" });
    expect(await fault(readForm(app.env, session, broken))).toBe("400 form-malformed");
  });
});

describe("/me/sessions", () => {
  it("ends one, all others, or this one", async () => {
    const app = await testApp();
    const person = await givenPerson(app.env, await givenOrganization(app.env));
    const [mine, second, third] = [
      await signedIn(app, person.user.id),
      await signedIn(app, person.user.id),
      await signedIn(app, person.user.id),
    ];
    const ended = await mine.post(`/me/sessions/${second.session.id}/end`);
    expect(ended.headers.get("location")).toBe("/me/sessions?done=ended");
    expect(await stands(app, second.cookie)).toBe(false);
    expect(await stands(app, third.cookie)).toBe(true);
    expect((await mine.post(`/me/sessions/${second.session.id}/end`)).status).toBe(404);
    await mine.post("/me/sessions/end-others");
    expect(await stands(app, third.cookie)).toBe(false);
    expect(await stands(app, mine.cookie)).toBe(true);
    const last = await mine.post(`/me/sessions/${mine.session.id}/end`);
    expect(last.headers.get("location")).toBe("/login?done=signed-out");
    expect(last.headers.get("set-cookie")).toMatch(/Max-Age=0/);
    expect(await stands(app, mine.cookie)).toBe(false);
  });

  it("ends nobody else's", async () => {
    const app = await testApp();
    const [mine, theirs] = [await someone(app), await someone(app)];
    expect((await mine.post(`/me/sessions/${theirs.session.id}/end`)).status).toBe(404);
    await mine.post("/me/sessions/end-others");
    expect(await stands(app, theirs.cookie)).toBe(true);
  });
});

describe("/logout", () => {
  it("ends the row, not only the cookie", async () => {
    const app = await testApp();
    const { post, cookie } = await someone(app);
    const answer = await post("/logout");
    expect(answer.status).toBe(303);
    expect(answer.headers.get("set-cookie")).toContain(`${cookieName(app.env, "session")}=;`);
    expect(await stands(app, cookie)).toBe(false);
    expect((await post("/logout")).headers.get("location")).toBe("/login");
    const shown = await app.request("/login?done=signed-out", { headers: { accept: "text/html" } });
    expect(await shown.text()).toContain("You are signed out.");
  });

  it("signs nobody out by another site's form", async () => {
    const app = await testApp();
    const { post, cookie } = await someone(app);
    expect((await post("/logout", { form_token: "x" })).status).toBe(403);
    expect(await stands(app, cookie)).toBe(true);
  });
});

describe("methods", () => {
  it.each([
    ["DELETE", "/login", "GET, HEAD, POST"],
    ["PUT", "/login/code", "GET, HEAD, POST"],
    ["DELETE", "/auth/x", "GET, HEAD, POST"],
    ["GET", "/auth/x/again", "POST"],
    ["GET", "/logout", "POST"],
    ["POST", "/me", "GET, HEAD"],
    ["POST", "/me/sessions", "GET, HEAD"],
    ["GET", "/me/sessions/end-others", "POST"],
    ["GET", "/me/sessions/x/end", "POST"],
    ["PUT", "/me/identities", "GET, HEAD, POST"],
    ["PUT", "/me/identities/code", "GET, HEAD, POST"],
    ["GET", "/me/identities/time-zone", "POST"],
    ["GET", "/me/identities/x/remove", "POST"],
  ])("%s %s: 405", async (method, path, allow) => {
    const app = await testApp();
    const answer = await app.request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("nothing stands below them", async () => {
    const app = await testApp();
    for (const path of ["/auth/x/y/z", "/me/sessions/x/y/z", "/me/identities/x", "/auth/"]) {
      expect((await app.request(path)).status, path).toBe(404);
    }
  });
});
