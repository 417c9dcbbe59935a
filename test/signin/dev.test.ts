// The demo's own ways in: open on the machine of the demo, and shut everywhere else.
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config.ts";
import { isDemoVisitor } from "../../src/signin/demo-door.ts";
import { MAX_DEMO_MAILS } from "../../src/signin/demo-mail.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenScenes } from "../pages/scenes.ts";
import { askForMail, count, mailingApp, visitor } from "./visitor.ts";

const LOCAL = "http://localhost:8787";

async function demo(over: Partial<Config> = {}, publicUrl = LOCAL): Promise<TestApp> {
  const app = await mailingApp({
    publicUrl,
    override: ({ config }) => ({
      config: { ...config, demo: true, publicUrlIsLocal: true, ...over },
    }),
  });
  const organization = await givenOrganization(app.env);
  await givenPerson(app.env, organization, {
    name: "Ada Lindqvist",
    email: "ada@northside.example",
  });
  await givenPerson(app.env, organization, { name: "Noor Haddad", email: "noor@example.org" });
  return app;
}

const sessions = (app: TestApp) => count(app.env, "sessions");

describe("/dev/as/:name", () => {
  it("signs in at a click in the terminal, and goes on", async () => {
    const app = await demo();
    const browser = visitor(app);
    const entered = await browser.get("/dev/as/ada", { "sec-fetch-site": "none" });
    expect(entered).toMatchObject({ status: 303, location: "/me" });
    expect((await browser.get("/me/sessions")).text).toContain("Signed in as Ada Lindqvist");
    const next = await browser.get("/dev/as/noor?next=/me/sessions", {
      "sec-fetch-site": "same-origin",
    });
    expect(next.location).toBe("/me/sessions");
    expect((await browser.get("/me/sessions")).text).toContain("Signed in as Noor Haddad");
    expect(await count(app.env, "sessions", "ended_at is null")).toBe(1);
    expect((await visitor(app).get("/dev/as/noor?next=//evil.example")).location).toBe("/me");
  });

  it("is offered on the sign-in page, and goes on to where the person was led from", async () => {
    const app = await demo();
    const page = await (await app.request("/login?next=/me/apps")).text();
    expect(page).toContain('href="/dev/as/noor?next=%2Fme%2Fapps"');
    expect(page).toContain("Ada Lindqvist");
    // Nobody of this name is in this database.
    expect(page).not.toContain("/dev/as/cora");
  });

  it("is not offered where it does not exist", async () => {
    const app = await testApp();
    expect(await (await app.request("/login")).text()).not.toContain("/dev/as/");
  });

  it.each([
    ["127.0.0.1", true],
    ["::ffff:127.0.0.1", true],
    ["::1", true],
    ["192.168.1.9", false],
    ["::ffff:192.168.1.9", false],
    ["203.0.113.7", false],
    ["fe80::1%eth0", false],
    ["", false],
  ])("from %s, whatever name the caller gives this machine: %s", async (address, open) => {
    const app = await demo();
    const request = new Request(`${LOCAL}/dev/as/ada`);
    expect(isDemoVisitor(app.env, { request, from: address })).toBe(open);
    const headers = { "cf-connecting-ip": address };
    for (const path of ["/dev/as/ada", "/dev/mail"]) {
      expect((await app.request(path, { headers })).status === 404).toBe(!open);
    }
    expect((await (await app.request("/login", { headers })).text()).includes("/dev/as/")).toBe(
      open,
    );
  });

  it("asks first where another site leads here", async () => {
    const app = await demo();
    for (const site of ["cross-site", "same-site"]) {
      const browser = visitor(app);
      const page = await browser.get("/dev/as/ada", { "sec-fetch-site": site });
      expect(page.status).toBe(200);
      expect(await sessions(app)).toBe(0);
      const forged = await app.request("/dev/as/ada", {
        method: "POST",
        headers: { origin: "https://evil.example", cookie: browser.cookies() },
        body: new URLSearchParams({}),
      });
      expect(forged.status).toBe(403);
      expect(await sessions(app)).toBe(0);
      expect((await browser.send(page, "/dev/as/ada")).status).toBe(303);
      await app.env.db.batch([{ sql: "DELETE FROM sessions", params: [] }]);
    }
  });

  it.each(["nobody", "ADA", "ad", "a%25", "%2A", "ada@northside.example"])(
    "knows no %s",
    async (name) => {
      const app = await demo();
      expect((await visitor(app).get(`/dev/as/${name}`)).status).toBe(404);
    },
  );

  it("knows nobody whose address could be real, whom nobody proved, or who is suspended", async () => {
    const app = await demo();
    const organization = await givenOrganization(app.env);
    await givenPerson(app.env, organization, { email: "kim@real.org" });
    await givenPerson(app.env, organization, { email: "sam@example.org", status: "suspended" });
    await givenPerson(app.env, organization, { email: "lee@example.org" });
    await app.env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE normalised = 'lee@example.org'",
        params: [],
      },
    ]);
    for (const name of ["kim", "sam", "lee"]) {
      expect((await visitor(app).get(`/dev/as/${name}`)).status, name).toBe(404);
    }
  });

  it.each(["HEAD", "PUT"])("takes no %s", async (method) => {
    const app = await demo();
    expect((await app.request("/dev/as/ada", { method })).status).toBe(405);
    expect(await sessions(app)).toBe(0);
  });
});

describe("/dev/mail", () => {
  it("shows what would have been sent, with links that work", async () => {
    const app = await demo();
    const browser = visitor(app);
    expect((await browser.get("/dev/mail")).text).toContain("There is no mail yet");
    const { link } = await askForMail(app, browser, "noor@example.org");
    const list = await browser.get("/dev/mail");
    expect(list.text).toContain("Sign in to localhost:8787");
    expect(list.text).toContain("To noor@example.org");
    const path = /href="(\/dev\/mail\/[^"]+)"/.exec(list.html)?.[1] ?? "";
    const mail = await browser.get(path);
    expect(mail.html).toContain(`href="${link}"`);
    expect((await browser.get(link)).status).toBe(200);
    expect((await browser.get("/dev/mail/x")).status).toBe(404);
  });

  it("shows what is attached, and gives it to whoever opens it", async () => {
    const app = await demo();
    const bytes = Uint8Array.from({ length: 3_000 }, (_, i) => i % 251);
    const name = "Streak-Champion-Ångström.png";
    const mail = { to: "noor@example.org", subject: "A badge", text: "Look", html: "<p>Look</p>" };
    const attachments = [{ name, mediaType: "image/png", bytes }];
    await app.env.mail?.send({ ...mail, id: "award.created.1", attachments });
    // The same mail again is there already.
    await app.env.mail?.send({ ...mail, id: "award.created.1", attachments });
    expect(await count(app.env, "demo_mails")).toBe(1);
    const page = await visitor(app).get("/dev/mail/award.created.1");
    expect(page.text).toContain(name);
    expect(page.text).toContain("3 KB");
    const path = /href="(\/dev\/mail\/[^"]+\/attachments\/0)"/.exec(page.html)?.[1] ?? "";
    const file = await app.request(path);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect(file.headers.get("content-type")).toBe("image/png");
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; /);
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
    for (const other of ["1", "x", "-1", "0x0"]) {
      expect((await app.request(path.replace(/0$/, other))).status).toBe(404);
    }
  });

  it("is shown the way to by the page that asks for the code, where it is all there is", async () => {
    const app = await demo();
    const browser = visitor(app);
    await askForMail(app, browser, "noor@example.org");
    expect((await browser.get("/login/code")).html).toContain('href="/dev/mail"');
    const proxied = await browser.get("/login/code", { "x-forwarded-for": "203.0.113.7" });
    expect(proxied.html).not.toContain("/dev/mail");
    const elsewhere = await demo({ demo: false });
    const other = visitor(elsewhere);
    await askForMail(elsewhere, other, "noor@example.org");
    expect((await other.get("/login/code")).html).not.toContain("/dev/mail");
  });

  it("keeps the newest hundred", async () => {
    const app = await demo();
    for (let i = 0; i <= MAX_DEMO_MAILS; i++) {
      await app.env.mail?.send({
        to: "a@example.org",
        subject: `${i}`,
        text: "",
        html: "",
        id: `x${i}`,
      });
    }
    expect(await count(app.env, "demo_mails")).toBe(MAX_DEMO_MAILS);
    expect(await count(app.env, "demo_mails", "subject = '0'")).toBe(0);
    expect(await count(app.env, "demo_mails", `subject = '${MAX_DEMO_MAILS}'`)).toBe(1);
  });
});

describe("/dev/badges/:verdict", () => {
  it("leads to an award of the demo of each verdict, and to none of anybody else's", async () => {
    const app = await mailingApp({
      publicUrl: LOCAL,
      override: ({ config }) => ({ config: { ...config, demo: true, publicUrlIsLocal: true } }),
    });
    const scenes = await givenScenes(app.env);
    const { hash } = await othersAward(app);
    const examples = {
      valid: [scenes.valid],
      expired: [scenes.expired],
      revoked: [scenes.revoked, scenes.replaced],
    };
    for (const [verdict, hashes] of Object.entries(examples)) {
      const said = await app.request(`/dev/badges/${verdict}`);
      expect(said.status).toBe(303);
      expect(hashes.map((one) => `/b/${one}`)).toContain(said.headers.get("location"));
      expect(said.headers.get("location")).not.toContain(hash);
    }
    for (const path of ["/dev/badges/hidden", "/dev/badges/x"]) {
      expect((await app.request(path)).status).toBe(404);
    }
    const posted = await app.request("/dev/badges/valid", { method: "POST" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  /** Older than all of the demo's. */
  async function othersAward({ env }: TestApp) {
    const organization = await givenOrganization(env, { slug: "others" });
    const badge = await givenBadge(env, organization);
    const person = await givenPerson(env, organization);
    const award = await givenAward(env, badge, person, { awarded_at: 1 });
    return { hash: award.unique_hash };
  }
});

describe("elsewhere than at the demo's own machine there is nothing", () => {
  const PATHS = [
    "/dev/as/ada",
    "/dev/badges/valid",
    "/dev/mail",
    "/dev/mail/x",
    "/dev/mail/x/attachments/0",
  ];

  async function nothing(app: TestApp, headers: Record<string, string> = {}, origin = LOCAL) {
    for (const path of PATHS) {
      const answer = await app.app.request(`${origin}${path}`, { headers });
      expect(answer.status, path).toBe(404);
    }
    const sent = await app.app.request(`${origin}/dev/as/ada`, { method: "POST", headers });
    expect(sent.status).toBe(404);
    expect(await sessions(app)).toBe(0);
  }

  it("without the demo", async () => nothing(await demo({ demo: false })));
  it("at a public address", async () => nothing(await demo({ publicUrlIsLocal: false })));
  it.each(["http://badges.example.org", "http://192.168.1.7:8787", "http://box.local"])(
    "asked by the name %s",
    async (origin) => nothing(await demo(), {}, origin),
  );
  it.each(["x-forwarded-for", "forwarded", "x-forwarded-host", "x-real-ip", "via"])(
    "behind a proxy that says %s",
    async (name) => nothing(await demo(), { [name]: "203.0.113.7" }),
  );
  it("and no mailbox takes mails where nobody could read them", async () => {
    const app = await testApp({ publicUrl: LOCAL });
    expect(app.env.mail).toBe(undefined);
  });
});
