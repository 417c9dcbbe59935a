// /admin/mail: what became of mails, sending again, and their wording with preview and test.
import { describe, expect, it } from "vitest";
import { mailTemplates } from "../../src/db/notifications.ts";
import { LEAST_ATTEMPTS } from "../../src/jobs/backoff.ts";
import { testApp } from "../app.ts";
import { DOWN, type MailWorld, mailWorld, REFUSED } from "../mail/mailing.ts";
import { signedIn } from "../signed-in.ts";
import { administrating, textOf } from "./administrating.ts";

async function world(options: Parameters<typeof mailWorld>[1] = {}) {
  const w: MailWorld = await mailWorld({}, options);
  const browser = await signedIn(w.app, w.creator.user.id);
  const list = async (query = "") =>
    textOf(await (await browser.get(`/admin/mail${query}`)).text());
  return { ...w, browser, list };
}

const TEMPLATE = { kind: "award.created", language: "de" };
const WORDS = { subject: "Glückwunsch, %username%!", body: "Hallo **%username%**: %badgelink%" };

describe("failed mails", () => {
  it("are listed with what they are about and why, and one is sent again", async () => {
    const w = await world();
    w.server.answer = () => REFUSED;
    const award = await w.award({ to: "kim@example.org", name: "Kim Osei" });
    await w.send();
    const failed = await w.list("?state=parked");
    expect(failed).toContain(`${w.badge.name}: Kim Osei`);
    expect(failed).toContain("The mail server does not take it: the address may be wrong.");
    expect(await w.list("?state=sent")).toContain("There is no such mail.");
    w.server.answer = () => ({ ok: true });
    const again = await w.browser.post(`/admin/mail/award.created.${award.id}/resend`);
    expect(again.headers.get("location")).toBe("/admin/mail?done=resent");
    await w.send();
    expect(w.server.taken.map(({ to }) => to)).toEqual(["kim@example.org"]);
    expect(await w.list("?state=parked")).toContain("No mail has failed.");
    expect(await w.list("?state=sent")).toContain("Kim Osei");
  });

  it("are all sent again with one button", async () => {
    const w = await world();
    w.server.answer = () => REFUSED;
    for (let i = 0; i < 3; i++) await w.award();
    await w.send();
    w.server.answer = () => ({ ok: true });
    const done = await w.browser.post("/admin/mail/resend");
    expect(done.headers.get("location")).toBe("/admin/mail?state=parked&done=all-resent");
    await w.send();
    expect(w.server.taken).toHaveLength(3);
  });

  it("that could not be written are among them", async () => {
    let breaks = true;
    const w = await world({
      override: ({ urls }) => ({
        urls: {
          ...urls,
          claim(code) {
            if (breaks) throw new RangeError("no link can be made");
            return urls.claim(code);
          },
        },
      }),
    });
    const award = await w.award();
    for (let i = 0; i < LEAST_ATTEMPTS; i++) await w.pass(3_600_000);
    breaks = false;
    expect(await w.list("?state=parked")).toContain("It could not be written.");
    await w.browser.post(`/admin/mail/award.created.${award.id}/resend`);
    await w.send();
    expect(w.server.taken).toHaveLength(1);
  });

  it("of another organization are neither listed nor sent", async () => {
    const w = await world();
    w.server.answer = () => REFUSED;
    const award = await w.award();
    await w.send();
    const other = await administrating(w.app);
    const listed = textOf(await (await other.browser.get("/admin/mail?state=parked")).text());
    expect(listed).toContain("No mail has failed.");
    const path = `/admin/mail/award.created.${award.id}/resend`;
    expect((await other.browser.post(path)).status).toBe(404);
  });

  it("cannot be sent where no mail server is set up, which the page says", async () => {
    const app = await testApp();
    const { browser } = await administrating(app);
    const text = textOf(await (await browser.get("/admin/mail")).text());
    expect(text).toContain("no mail server is set up");
    expect((await browser.post("/admin/mail/resend")).status).toBe(409);
  });
});

describe("the wording", () => {
  it("is written in another language, begun with what would be sent, and removed again", async () => {
    const { browser, env } = await world();
    const begun = await (
      await browser.get("/admin/mail/template?kind=award.created&language=de")
    ).text();
    expect(begun).toContain("Guten Tag %username%");
    const french = await browser.get("/admin/mail/template?kind=award.created&language=fr");
    expect(await french.text()).toContain("Hello %username%");
    expect(textOf(begun)).toContain("the name of whom the mail is to");
    const saved = await browser.post("/admin/mail/template", {
      ...TEMPLATE,
      ...WORDS,
      deed: "save",
    });
    expect(saved.headers.get("location")).toBe(
      "/admin/mail/template?kind=award.created&language=de&done=saved",
    );
    const list = textOf(await (await browser.get("/admin/mail/templates")).text());
    expect(list).toContain("German (de)");
    expect(list).toContain("your own, since 4 October 2026");
    const reset = await browser.post("/admin/mail/template", { ...TEMPLATE, deed: "reset" });
    expect(reset.headers.get("location")).toBe("/admin/mail/templates?done=reset");
    expect(await env.db.orm.select().from(mailTemplates)).toEqual([]);
    expect(
      (await browser.post("/admin/mail/template", { ...TEMPLATE, deed: "reset" })).status,
    ).toBe(303);
  });

  it("is previewed as the recipient sees it, and nothing is kept or sent", async () => {
    const { browser, env, server } = await world();
    const shown = await browser.post("/admin/mail/template", {
      ...TEMPLATE,
      subject: WORDS.subject,
      body: `${WORDS.body}\n\n<script>alert(1)</script>`,
      deed: "preview",
    });
    const html = await shown.text();
    expect(shown.status).toBe(200);
    expect(textOf(html)).toContain("Glückwunsch, Noor Haddad!");
    expect(html).toContain("<strong>Noor Haddad</strong>");
    expect(html).toContain("&lt;script&gt;alert(1)");
    expect(html).not.toContain("<script>alert");
    expect(html).not.toMatch(/ style="/);
    expect(await env.db.orm.select().from(mailTemplates)).toEqual([]);
    expect(server.tried).toEqual([]);
  });

  it("is sent to oneself, and the page says what became of it", async () => {
    const { browser, server, creator } = await world();
    const send = () =>
      browser.post("/admin/mail/template", { ...TEMPLATE, ...WORDS, deed: "test" });
    const sent = textOf(await (await send()).text());
    expect(sent).toContain(`A test mail was sent to ${creator.identity.normalised}.`);
    expect(server.taken).toMatchObject([
      { to: creator.identity.normalised, subject: "Glückwunsch, Noor Haddad!", language: "de" },
    ]);
    server.answer = () => DOWN;
    const failed = textOf(await (await send()).text());
    expect(failed).toContain("was not sent.");
    expect(failed).toContain("The mail server does not answer.");
  });

  it("says so where no mail can be sent", async () => {
    const { browser } = await administrating(await testApp());
    const said = await browser.post("/admin/mail/template", {
      ...TEMPLATE,
      ...WORDS,
      deed: "test",
    });
    expect(said.status).toBe(409);
    expect(textOf(await said.text())).toContain("Set SMTP_URL");
  });

  it.each(["save", "preview", "test"])(
    "with a placeholder that means nothing is refused: %s",
    async (deed) => {
      const { browser, env, server } = await world();
      const said = await browser.post("/admin/mail/template", {
        ...TEMPLATE,
        subject: "Hi %name%",
        body: "x",
        deed,
      });
      const html = await said.text();
      expect(said.status).toBe(422);
      expect(html).toContain('href="#subject"');
      expect(html).toContain('value="Hi %name%"');
      expect(await env.db.orm.select().from(mailTemplates)).toEqual([]);
      expect(server.tried).toEqual([]);
    },
  );

  it("knows no other mails and no other languages", async () => {
    const { browser } = await world();
    const path = "/admin/mail/template";
    expect((await browser.get(`${path}?kind=nothing&language=de`)).status).toBe(404);
    const bad = await browser.get(`${path}?kind=award.created&language=not%20one`);
    expect(bad.status).toBe(422);
    expect(textOf(await bad.text())).toContain("This is no language tag.");
    const small = await (await browser.get(`${path}?kind=award.created&language=PT-br`)).text();
    expect(small).toContain('value="pt-BR"');
  });
});
