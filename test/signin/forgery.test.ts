// Every form of signing in, sent from elsewhere: refused, with nothing changed.
import { describe, expect, it } from "vitest";
import { sessions } from "../../src/db/sessions.ts";
import type { TestApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { askForMail, count, hiddenFields, mailingApp, type Visitor, visitor } from "./visitor.ts";

const LOCAL = "http://localhost:8787";
const TABLES = ["sessions", "sign_in_links", "identities", "users", "rate_limits", "jobs"];

/** Somebody signed in, with a link in their mail, and the ids their forms name. */
async function scene() {
  const app = await mailingApp({
    publicUrl: LOCAL,
    override: ({ config }) => ({ config: { ...config, demo: true } }),
  });
  const organization = await givenOrganization(app.env);
  const { identity } = await givenPerson(app.env, organization, { email: "ada@northside.example" });
  const browser = visitor(app);
  const login = await browser.get("/login");
  const { link } = await askForMail(app, browser, "kim@example.org");
  await browser.get("/dev/as/ada");
  const page = await browser.get("/me/identities");
  const [session] = await app.env.db.orm.select().from(sessions);
  return {
    app,
    browser,
    /** Valid for the browser before anybody was signed in there. */
    browserToken: hiddenFields(login, "/login").form_token ?? "",
    sessionToken: hiddenFields(page, "/me/identities").form_token ?? "",
    link,
    session: session?.id ?? "",
    identity: identity.id,
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

const FORMS: readonly (readonly [
  name: string,
  path: (scene: Scene) => string,
  token: "browserToken" | "sessionToken",
])[] = [
  ["asking for a mail", () => "/login", "browserToken"],
  ["a code", () => "/login/code", "browserToken"],
  ["a link", ({ link }) => link, "browserToken"],
  ["a link again", ({ link }) => `${link}/again`, "browserToken"],
  ["a person of the demo", () => "/dev/as/ada", "browserToken"],
  ["signing out", () => "/logout", "sessionToken"],
  ["ending a session", ({ session }) => `/me/sessions/${session}/end`, "sessionToken"],
  ["ending all others", () => "/me/sessions/end-others", "sessionToken"],
  ["adding an address", () => "/me/identities", "sessionToken"],
  ["the code of an address", () => "/me/identities/code", "sessionToken"],
  ["a time zone", () => "/me/identities/time-zone", "sessionToken"],
  ["removing an address", ({ identity }) => `/me/identities/${identity}/remove`, "sessionToken"],
];

async function state(app: TestApp): Promise<string> {
  const rows = await Promise.all(
    TABLES.map(async (table) => {
      const read = await app.env.db.read({ sql: `SELECT * FROM ${table}`, params: [] });
      return read.rows;
    }),
  );
  return JSON.stringify(rows);
}

function send(
  { app }: Scene,
  browser: Visitor,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string>,
) {
  return app.request(path, {
    method: "POST",
    headers: { accept: "text/html", cookie: browser.cookies(), origin: LOCAL, ...headers },
    body: new URLSearchParams({ email: "kim@example.org", code: "000000", ...fields }),
  });
}

describe("forged forms", () => {
  it.each(FORMS)("%s", async (_name, pathOf, tokenName) => {
    const set = await scene();
    const { app, browser } = set;
    const path = pathOf(set);
    const token = { form_token: set[tokenName] };
    const other = tokenName === "browserToken" ? set.sessionToken : set.browserToken;
    const before = await state(app);
    const forgeries: [string, Record<string, string>, Record<string, string>][] = [
      ["another site's page", token, { origin: "https://evil.example" }],
      ["a page without an origin", token, { origin: "null" }],
      ["as the browser says", token, { "sec-fetch-site": "cross-site" }],
      ["no token", {}, {}],
      ["a made-up one", { form_token: "A".repeat(43) }, {}],
      ["the token of another kind of form", { form_token: other }, {}],
    ];
    for (const [what, fields, headers] of forgeries) {
      const answer = await send(set, browser, path, fields, headers);
      expect(answer.status, what).toBe(403);
    }
    // What SameSite=Lax makes of a form on another site: no cookie comes with it.
    const bare = await send(set, visitor(app), path, token, {});
    if (tokenName === "browserToken") expect(bare.status).toBe(403);
    else expect(bare.headers.get("location")).toMatch(/^\/login/);
    expect(await state(app)).toBe(before);
  });

  it("are told from real ones by nothing else", async () => {
    const set = await scene();
    const { app, browser, link, browserToken } = set;
    const real = await send(set, browser, link, { form_token: browserToken }, {});
    expect(real.status).toBe(303);
    expect(await count(app.env, "sessions", "ended_at is null")).toBe(1);
  });
});
