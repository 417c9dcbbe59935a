// Signing in by the link of a mail: opened any number of times, followed once, in one browser's hands.
import { describe, expect, it } from "vitest";
import { CODE_TRIES, LINK_MS } from "../../src/signin/link.ts";
import { testApp } from "../app.ts";
import {
  askForMail,
  count,
  hiddenFields,
  lastMail,
  mailingApp,
  mails,
  signInByLink,
  visitor,
} from "./visitor.ts";

const sessionsIn = (app: Awaited<ReturnType<typeof mailingApp>>) => count(app.env, "sessions");

describe("the link of a mail", () => {
  it("is shown to whoever opens it, signs in whoever presses the button, and goes on", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const mail = await askForMail(app, browser, " Kim@Example.org ", "/me/sessions?done=ended");
    expect(mail).toMatchObject({ to: "kim@example.org", subject: "Sign in to badges.example.org" });
    for (const scanner of [visitor(app), visitor(app), browser]) {
      const opened = await scanner.get(mail.link);
      expect(opened.status).toBe(200);
      expect(opened.text).toContain("Continue as K…@Example.org");
      expect(opened.html).not.toContain("Kim@Example.org");
    }
    expect(await sessionsIn(app)).toBe(0);
    expect(await count(app.env, "users")).toBe(0);
    const done = await browser.send(await browser.get(mail.link), mail.link);
    expect(done).toMatchObject({ status: 303, location: "/me/sessions?done=ended" });
    const page = await browser.get("/me/sessions");
    expect(page.text).toContain("Signed in as Kim@Example.org");
    expect(page.text).toContain("Firefox on Linux (this one)");
    expect(page.text).toContain("Signed in by a link in a mail");
  });

  it("works once", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { link } = await askForMail(app, browser, "kim@example.org");
    const page = await browser.get(link);
    expect((await browser.send(page, link)).status).toBe(303);
    for (const again of [browser, visitor(app)]) {
      expect(await again.get(link)).toMatchObject({ status: 410 });
    }
    const second = await browser.send(page, link);
    expect(second.status).toBe(410);
    expect(second.text).toContain("This link was used already");
    expect(await sessionsIn(app)).toBe(1);
  });

  it("signs in one of ten that press at once", async () => {
    const app = await mailingApp();
    const asked = visitor(app);
    const { link } = await askForMail(app, asked, "kim@example.org");
    const others = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const browser = visitor(app);
        return { browser, page: await browser.get(link) };
      }),
    );
    const answers = await Promise.all(others.map(({ browser, page }) => browser.send(page, link)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, ...Array(9).fill(410)]);
    expect(await sessionsIn(app)).toBe(1);
    expect(await count(app.env, "users")).toBe(1);
    expect(await count(app.env, "identities")).toBe(1);
  });

  it("works until it expires, not at that moment, and a new mail can be had in place", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { link } = await askForMail(app, browser, "kim@example.org", "/me/identities");
    app.clock.advance(LINK_MS - 1);
    const page = await browser.get(link);
    expect(page.status).toBe(200);
    app.clock.advance(1);
    expect((await browser.send(page, link)).status).toBe(410);
    expect(await sessionsIn(app)).toBe(0);
    const expired = await browser.get(link);
    expect(expired.text).toContain("This link has expired");
    expect(expired.html).not.toContain("kim@example.org");
    const again = await browser.send(expired, `${link}/again`);
    expect(again).toMatchObject({ status: 303, location: "/login/code" });
    const second = await lastMail(app);
    expect(second.link).not.toBe(link);
    const done = await browser.send(await browser.get(second.link), second.link);
    expect(done).toMatchObject({ status: 303, location: "/me/identities" });
  });

  it.each(["x", "A".repeat(43), "a".repeat(5_000)])("%s is not known", async (token) => {
    const app = await mailingApp();
    const page = await visitor(app).get(`/auth/${token}`);
    expect(page.status).toBe(404);
    const browser = visitor(app);
    const login = await browser.get("/login");
    const sent = await browser.send(login, "/login", { email: "kim@example.org" });
    expect(sent.status).toBe(303);
    const fields = hiddenFields(login, "/login");
    for (const path of [`/auth/${token}`, `/auth/${token}/again`]) {
      const form = { ...login, html: login.html.replaceAll('action="/login"', `action="${path}"`) };
      expect((await browser.send(form, path, fields)).status).toBe(404);
    }
  });

  it("is in no row of the database, and neither is its code", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { link, code } = await askForMail(app, browser, "kim@example.org");
    expect(code).toMatch(/^\d{6}$/);
    const token = link.slice("/auth/".length);
    for (const table of ["sign_in_links", "jobs", "rate_limits"]) {
      const { rows } = await app.env.db.read({ sql: `SELECT * FROM ${table}`, params: [] });
      expect(rows.length).toBeGreaterThan(0);
      const text = JSON.stringify(rows);
      expect(text).not.toContain(token);
      expect(text).not.toContain(`"${code}"`);
      if (table !== "sign_in_links") expect(text).not.toContain("kim@example.org");
    }
    expect(JSON.stringify(app.logged)).not.toContain("kim@");
  });
});

describe("the code beside the link", () => {
  it("signs in the browser that asked, with blanks in it or without", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { code, link } = await askForMail(app, browser, "kim@example.org", "/me/sessions");
    const page = await browser.get("/login/code");
    expect(page.text).toContain("If kim@example.org can be reached");
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`;
    const done = await browser.send(page, "/login/code", { code: typed });
    expect(done).toMatchObject({ status: 303, location: "/me/sessions" });
    expect((await browser.get("/me/sessions")).text).toContain("Signed in by a code in a mail");
    expect((await visitor(app).get(link)).status).toBe(410);
    expect(await browser.get("/login/code")).toMatchObject({ status: 303, location: "/login" });
  });

  it("does nothing in another browser", async () => {
    const app = await mailingApp();
    const { code } = await askForMail(app, visitor(app), "kim@example.org");
    const other = visitor(app);
    const login = await other.get("/login");
    const form = { ...login, html: login.html.replaceAll('"/login"', '"/login/code"') };
    const answer = await other.send(form, "/login/code", { code });
    expect(answer).toMatchObject({ status: 303, location: "/login" });
    expect(await sessionsIn(app)).toBe(0);
  });

  it("is refused after five wrong ones, the right one too, until another mail is asked for", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { code, link } = await askForMail(app, browser, "kim@example.org");
    const wrong = code === "000000" ? "000001" : "000000";
    let page = await browser.get("/login/code");
    for (let left = CODE_TRIES - 1; left > 0; left--) {
      page = await browser.send(page, "/login/code", { code: wrong });
      expect(page.status).toBe(422);
      expect(page.text).toContain(left === 1 ? "one more try" : `${left} more tries`);
    }
    page = await browser.send(page, "/login/code", { code: wrong });
    expect(page.status).toBe(410);
    page = await browser.send(page, "/login/code", { code });
    expect(page.status).toBe(410);
    expect(await sessionsIn(app)).toBe(0);
    const again = await browser.send(page, "/login");
    expect(again).toMatchObject({ status: 303, location: "/login/code" });
    const second = await lastMail(app);
    expect(second.link).not.toBe(link);
    const typed = await browser.get("/login/code");
    expect((await browser.send(typed, "/login/code", { code: second.code })).status).toBe(303);
  });

  it("five tries are five, however many are sent at once", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const { code } = await askForMail(app, browser, "kim@example.org");
    const page = await browser.get("/login/code");
    const wrong = Array.from({ length: 20 }, (_, i) => String((Number(code) + 1 + i) % 1_000_000));
    await Promise.all(
      wrong.map((one) => browser.send(page, "/login/code", { code: one.padStart(6, "0") })),
    );
    expect(await count(app.env, "sign_in_links", `attempts = ${CODE_TRIES}`)).toBe(1);
    expect((await browser.send(page, "/login/code", { code })).status).not.toBe(303);
  });

  it("ten wrong ones a day are all, over any number of mails; links go on working", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    for (let mail = 0; mail < 2; mail++) {
      const { code } = await askForMail(app, browser, "kim@example.org");
      const page = await browser.get("/login/code");
      const wrong = code === "000000" ? "000001" : "000000";
      for (let i = 0; i < 5; i++) await browser.send(page, "/login/code", { code: wrong });
    }
    const { code, link } = await askForMail(app, browser, "kim@example.org");
    const page = await browser.get("/login/code");
    const refused = await browser.send(page, "/login/code", { code });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain("Use the link in the mail");
    expect((await browser.send(await browser.get(link), link)).status).toBe(303);
    app.clock.advance(24 * 3_600_000);
    const later = visitor(app);
    const fresh = await askForMail(app, later, "kim@example.org");
    const typed = await later.get("/login/code");
    expect((await later.send(typed, "/login/code", { code: fresh.code })).status).toBe(303);
  });

  it.each(["", "12345", "1234567", "abcdef", "１２３４５６"])("%j is wrong", async (code) => {
    const app = await mailingApp();
    const browser = visitor(app);
    await askForMail(app, browser, "kim@example.org");
    const page = await browser.get("/login/code");
    expect((await browser.send(page, "/login/code", { code })).status).toBe(422);
  });
});

describe("asking for a mail", () => {
  it("is answered the same whether or not anybody has the address", async () => {
    const app = await mailingApp();
    await signInByLink(app, "known@example.org");
    const answers = [];
    for (const email of ["known@example.org", "nobody@example.org"]) {
      const browser = visitor(app);
      const sent = await browser.send(await browser.get("/login"), "/login", { email });
      const next = await browser.get(sent.location ?? "");
      answers.push([sent.status, sent.location, next.text.replaceAll(email, "")]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect((await mails(app)).map(({ to }) => to)).toContain("nobody@example.org");
  });

  it.each([
    ["", 422],
    ["kim", 422],
    ["kim@example.org, eve@example.org", 422],
    ["kim@example.org\r\nBcc: eve@example.org", 422],
    ["Kim <kim@example.org>", 422],
    [`${"k".repeat(65)}@example.org`, 422],
    [`k@${"e".repeat(260)}.org`, 422],
    ["jürgen@exämple.org", 303],
  ])("of %j: %d", async (email, status) => {
    const app = await mailingApp();
    const browser = visitor(app);
    const sent = await browser.send(await browser.get("/login"), "/login", { email });
    expect(sent.status).toBe(status);
    expect(await count(app.env, "sign_in_links")).toBe(status === 303 ? 1 : 0);
  });

  it("five times an hour for one address, however it is written; then the wait is said", async () => {
    const app = await mailingApp();
    for (const email of [
      "kim@example.org",
      "KIM@example.org",
      "kim@Example.org",
      " kim@example.org",
    ]) {
      await askForMail(app, visitor(app), email);
    }
    app.clock.advance(10 * 60_000);
    await askForMail(app, visitor(app), "kim@example.org");
    const browser = visitor(app);
    const login = await browser.get("/login");
    const refused = await browser.send(login, "/login", { email: "kim@example.org" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe(String(50 * 60));
    expect(refused.text).toContain("You can ask again in 50 minutes");
    expect(await mails(app)).toHaveLength(5);
    await askForMail(app, visitor(app), "another@example.org");
    app.clock.advance(50 * 60_000);
    await askForMail(app, visitor(app), "kim@example.org");
  });

  it("sixty times an hour for one caller, to whatever addresses; others are not held up", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const fields = hiddenFields(await browser.get("/login"), "/login");
    const ask = async (remoteAddress: string, ordinal: number) => {
      const init = {
        method: "POST",
        headers: { cookie: browser.cookies(), accept: "text/html" },
        body: new URLSearchParams({ ...fields, email: `kim${ordinal}@example.org` }),
      };
      const bindings = { incoming: { socket: { remoteAddress } } };
      return app.app.request(`${app.env.config.publicUrl}/login`, init, bindings);
    };
    for (let i = 0; i < 60; i++) expect((await ask("93.184.215.14", i)).status).toBe(303);
    const refused = await ask("93.184.215.14", 60);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("3600");
    expect((await ask("93.184.215.15", 61)).status).toBe(303);
    // Behind a proxy on this machine nobody can be told from anybody else.
    expect((await ask("127.0.0.1", 62)).status).toBe(303);
    const { rows } = await app.env.db.read({ sql: "SELECT key FROM rate_limits", params: [] });
    expect(JSON.stringify(rows)).not.toMatch(/93\.184|example\.org/);
  });

  it("is impossible, and says so to page and log, where no mail server is set", async () => {
    const app = await testApp();
    const browser = visitor(app);
    const page = await browser.get("/login");
    expect(page.status).toBe(200);
    expect(page.text).toContain("This server cannot send mail yet");
    expect(page.html).not.toContain('name="email"');
    const form = page.html.replace("<main", '<form action="/login"></form><main');
    const token = await tokenOf(app, browser);
    const sent = await browser.send({ ...page, html: form }, "/login", {
      email: "kim@example.org",
      form_token: token,
    });
    expect(sent.status).toBe(503);
    expect(app.logged).toContainEqual(
      expect.objectContaining({ event: "mail.not_set_up", setting: "SMTP_URL" }),
    );
  });

  it("tells a suspended person by mail, and lets them in by nothing", async () => {
    const app = await mailingApp();
    await signInByLink(app, "kim@example.org");
    await app.env.db.batch([{ sql: "UPDATE users SET status = 'suspended'", params: [] }]);
    const mail = await askForMail(app, visitor(app), "kim@example.org");
    expect(mail.subject).toBe("Signing in to badges.example.org is switched off");
    expect(mail.link).toBe("");
  });
});

async function tokenOf(
  app: Awaited<ReturnType<typeof testApp>>,
  browser: ReturnType<typeof visitor>,
) {
  const { browserOf } = await import("../../src/signin/browser.ts");
  const headers = { cookie: browser.cookies() };
  return (await browserOf(app.env, new Request("https://x.example/", { headers }))).formToken;
}
