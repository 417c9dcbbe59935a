// Pages of those who look after keys, webhooks, mail and the site: who may see and send what, and by which methods.
import { describe, expect, it } from "vitest";
import { everything } from "../api/ask.ts";
import { testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { administrating, makeSiteAdministrator } from "./administrating.ts";

const NOBODY = "0193c0de-0000-7000-8000-000000000000";

const READ = [
  "/admin/keys",
  "/admin/keys/rotate",
  "/admin/api-keys",
  "/admin/webhooks",
  "/admin/event-sources",
  "/admin/mail",
  "/admin/mail/templates",
  "/admin/mail/template?kind=award.created&language=en",
  "/admin/audit",
  "/admin/audit.csv",
];
const READ_ONE = [
  `/admin/keys/${NOBODY}/revoke`,
  `/admin/api-keys/${NOBODY}/revoke`,
  `/admin/webhooks/${NOBODY}`,
  `/admin/webhooks/${NOBODY}/rotate`,
  `/admin/webhooks/${NOBODY}/delete`,
  `/admin/webhooks/${NOBODY}/deliveries/${NOBODY}`,
  `/admin/event-sources/${NOBODY}/rotate`,
  `/admin/event-sources/${NOBODY}/revoke`,
];
const SEND = [
  "/admin/keys/rotate",
  "/admin/api-keys",
  "/admin/webhooks",
  "/admin/event-sources",
  "/admin/mail/resend",
  "/admin/mail/template",
];
const SEND_ONE = [
  `/admin/keys/${NOBODY}/revoke`,
  `/admin/api-keys/${NOBODY}/revoke`,
  `/admin/webhooks/${NOBODY}`,
  ...["enable", "disable", "ping", "resend", "rotate", "delete"].map(
    (deed) => `/admin/webhooks/${NOBODY}/${deed}`,
  ),
  `/admin/webhooks/${NOBODY}/deliveries/${NOBODY}/resend`,
  `/admin/event-sources/${NOBODY}/rotate`,
  `/admin/event-sources/${NOBODY}/revoke`,
  "/admin/mail/award.created.none/resend",
];
const SITE = [
  ["GET", "/admin/health"],
  ["POST", "/admin/health/retry"],
] as const;
const ALL = [
  ...[...READ, ...READ_ONE].map((path) => ["GET", path] as const),
  ...[...SEND, ...SEND_ONE].map((path) => ["POST", path] as const),
  ...SITE,
];

describe("who may", () => {
  it("nobody who is not signed in", async () => {
    const { request } = await testApp();
    for (const [method, path] of ALL) {
      const answer = await request(path, { method, headers: { accept: "text/html" } });
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.get("location")).toMatch(/^\/login/);
      expect([path, (await request(path, { method })).status]).toEqual([path, 401]);
    }
  });

  it.each([["member"], ["coordinator"]])("nobody who is %s", async (role) => {
    const app = await testApp();
    const { organization } = await administrating(app);
    const { user } = await givenPerson(app.env, organization, { roles: [role] });
    const browser = await signedIn(app, user.id);
    for (const [method, path] of ALL) {
      const fields = { organization: organization.id, kind: "award.created", language: "en" };
      const answer = method === "GET" ? await browser.get(path) : await browser.post(path, fields);
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  it("an administrator of the organization, but for what is the site's", async () => {
    const app = await testApp();
    const { browser, person } = await administrating(app);
    for (const path of READ) expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
    for (const path of READ_ONE) {
      expect([path, (await browser.get(path)).status]).toEqual([path, 404]);
    }
    expect((await browser.get("/admin/health")).status).toBe(403);
    expect((await browser.post("/admin/health/retry")).status).toBe(403);
    await makeSiteAdministrator(app.env, person);
    expect((await browser.get("/admin/health")).status).toBe(200);
  });

  it("nobody with what another organization has, which is as unknown as what does not exist", async () => {
    const app = await testApp();
    const own = await administrating(app);
    const other = await administrating(app);
    const made = await other.browser.post("/admin/webhooks", {
      url: "https://hooks.example.net/in",
    });
    const [, id] = /\/admin\/webhooks\/([0-9a-f-]{36})/.exec(await made.text()) ?? [];
    expect((await other.browser.get(`/admin/webhooks/${id}`)).status).toBe(200);
    const before = await everything(app);
    for (const rest of ["", "/rotate", "/delete"]) {
      expect((await own.browser.get(`/admin/webhooks/${id}${rest}`)).status).toBe(404);
    }
    for (const rest of ["/disable", "/ping", "/resend", "/rotate", "/delete"]) {
      expect((await own.browser.post(`/admin/webhooks/${id}${rest}`)).status).toBe(404);
    }
    expect(await everything(app)).toBe(before);
  });

  it("nobody in an organization that does not know them, whatever the form says", async () => {
    const app = await testApp();
    const own = await administrating(app);
    const other = await administrating(app);
    const before = await everything(app);
    for (const path of SEND) {
      const answer = await own.browser.post(path, { organization: other.organization.id });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(await everything(app)).toBe(before);
  });
});

it("no other site's form and none without its token changes anything", async () => {
  const app = await testApp();
  const { browser, person } = await administrating(app);
  await makeSiteAdministrator(app.env, person);
  const before = await everything(app);
  for (const path of [...SEND, ...SEND_ONE, "/admin/health/retry"]) {
    const forged = await browser.post(path, { form_token: "forged", name: "x" });
    expect([path, forged.status]).toEqual([path, 403]);
    const elsewhere = await app.request(path, {
      method: "POST",
      headers: { cookie: browser.cookie, origin: "https://evil.example" },
      body: new URLSearchParams({ form_token: browser.formToken, name: "x" }),
    });
    expect([path, elsewhere.status]).toEqual([path, 403]);
  }
  expect(await everything(app)).toBe(before);
});

it.each([
  ["/admin/keys", "GET, HEAD"],
  ["/admin/keys/rotate", "GET, HEAD, POST"],
  ["/admin/api-keys", "GET, HEAD, POST"],
  ["/admin/webhooks", "GET, HEAD, POST"],
  [`/admin/webhooks/${NOBODY}`, "GET, HEAD, POST"],
  [`/admin/webhooks/${NOBODY}/ping`, "POST"],
  [`/admin/webhooks/${NOBODY}/deliveries/${NOBODY}`, "GET, HEAD"],
  [`/admin/webhooks/${NOBODY}/deliveries/${NOBODY}/resend`, "POST"],
  ["/admin/event-sources", "GET, HEAD, POST"],
  ["/admin/mail", "GET, HEAD"],
  ["/admin/mail/resend", "POST"],
  ["/admin/mail/templates", "GET, HEAD"],
  ["/admin/mail/template", "GET, HEAD, POST"],
  ["/admin/audit", "GET, HEAD"],
  ["/admin/audit.csv", "GET, HEAD"],
  ["/admin/health", "GET, HEAD"],
  ["/admin/health/retry", "POST"],
])("%s answers %s alone, and HEAD like GET", async (path, allow) => {
  const app = await testApp();
  const { browser, person } = await administrating(app);
  await makeSiteAdministrator(app.env, person);
  const wrong = await app.request(path, { method: "DELETE", headers: { cookie: browser.cookie } });
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, allow]);
  if (!allow.startsWith("GET") || path.includes(NOBODY)) return;
  const head = await app.request(
    path.replace(/template$/, "template?kind=award.created&language=en"),
    {
      method: "HEAD",
      headers: { cookie: browser.cookie },
    },
  );
  expect([head.status, await head.text()]).toEqual([200, ""]);
});
