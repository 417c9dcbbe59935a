// The way in and a person's own pages in German: as the browser asks, as the address says, as the person chose.
import { describe, expect, it } from "vitest";
import { users } from "../../src/db/organizations.ts";
import { LINK_MS } from "../../src/signin/link.ts";
import type { TestApp } from "../app.ts";
import { lastMail, mailingApp, signInByLink, type Visitor, visitor } from "./visitor.ts";

const GERMAN = { "accept-language": "de-AT,de;q=0.9,en;q=0.5" };

async function chosen(app: TestApp): Promise<string | null | undefined> {
  const rows = await app.env.db.orm.select({ language: users.language }).from(users);
  return rows[0]?.language;
}

async function choose(browser: Visitor, language: string) {
  const page = await browser.get("/me/identities");
  return browser.send(page, "/me/identities/language", { language });
}

describe("the way in", () => {
  it("speaks as the browser asks, and the mail with it", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const page = await browser.get("/login", GERMAN);
    expect(page.html).toContain('<html lang="de">');
    expect(page.text).toContain("Link zusenden");
    const refused = await browser.send(page, "/login", { email: "niemand" });
    expect(refused.text).toContain("This is not an e-mail address.");
    const inGerman = await browser.get("/login?lang=de");
    const faulty = await browser.send(inGerman, "/login?lang=de", { email: "niemand" });
    expect(faulty).toMatchObject({ status: 422 });
    expect(faulty.text).toContain("Das ist keine E-Mail-Adresse.");
    const sent = await browser.send(faulty, "/login?lang=de", { email: "kim@example.org" });
    expect(sent.location).toBe("/login/code?lang=de");
    expect(await lastMail(app)).toMatchObject({ subject: "Anmeldung bei badges.example.org" });
    const code = await browser.get("/login/code?lang=de");
    expect(code.text).toContain("Falls kim@example.org erreichbar ist");
    expect(code.text).toMatch(/Beides gilt bis \d+\. \p{L}+ \d+ um \d\d:\d\d UTC/u);
    const wrong = await browser.send(code, "/login/code?lang=de", { code: "000000" });
    expect(wrong.text).toContain("Sie haben noch 4 Versuche.");
  });

  it("says why it ended, and how long to wait", async () => {
    const app = await mailingApp();
    const browser = visitor(app);
    const page = await browser.get("/login?lang=de");
    for (let i = 0; i < 5; i++)
      await browser.send(page, "/login?lang=de", { email: "k@x.example" });
    const waiting = await browser.send(page, "/login?lang=de", { email: "k@x.example" });
    expect(waiting).toMatchObject({ status: 429 });
    expect(waiting.text).toContain("In 60 Minuten können Sie wieder eine anfordern.");
    const { link } = await lastMail(app);
    app.clock.advance(LINK_MS);
    const ended = await browser.get(link, GERMAN);
    expect(ended).toMatchObject({ status: 410 });
    expect(ended.text).toContain("Dieser Link ist abgelaufen");
    expect(ended.text).toContain("Neue E-Mail senden");
  });
});

it("another language leads on to where the person was led from", async () => {
  const page = await visitor(await mailingApp()).get("/login?next=%2Fme%2Fapps&lang=de");
  expect(page.html).toContain('href="?next=%2Fme%2Fapps&amp;lang=en"');
  expect(page.html).toContain('<input type="hidden" name="next" value="/me/apps"');
});

describe("the language a person chose", () => {
  it("is kept, spoken whatever the browser asks, and taken back", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    expect((await kim.get("/me/identities", GERMAN)).text).toContain("Ihre Adressen");
    expect(await choose(kim, "de")).toMatchObject({ location: "/me/identities?done=language" });
    expect(await chosen(app)).toBe("de");
    const said = await kim.get("/me/identities?done=language");
    expect(said.text).toContain("Diese Seiten erscheinen von nun an in dieser Sprache.");
    expect(said.html).toContain('<option value="de" selected="">Deutsch');
    const sessions = await kim.get("/me/sessions", { "accept-language": "en" });
    expect(sessions.text).toContain("Firefox unter Linux (dieser hier)");
    expect(sessions.text).toContain("Angemeldet mit einem Link in einer E-Mail am");
    const added = await kim.send(said, "/me/identities", { email: "kim@work.example" });
    expect(added.location).toBe("/me/identities/code");
    const mail = await lastMail(app);
    expect(mail.subject).toBe("Ihre Adresse für badges.example.org bestätigen");
    expect((await kim.get(mail.link)).text).toContain("Adresse bestätigen");
    expect(await choose(kim, "")).toMatchObject({ status: 303 });
    expect(await chosen(app)).toBeNull();
    expect((await kim.get("/me/sessions")).text).toContain("Where you are signed in");
  });

  it("is one that is spoken here, or the one it was", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const refused = await choose(kim, "tlh");
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.text).toContain("These pages do not speak this language.");
    expect(await chosen(app)).toBeNull();
    await app.env.db.batch([{ sql: "UPDATE users SET language = 'fr'", params: [] }]);
    expect((await kim.get("/me/identities")).html).toContain('<option value="fr" selected="">fr');
    expect(await choose(kim, "fr")).toMatchObject({ status: 303 });
    expect(await chosen(app)).toBe("fr");
  });

  it("is asked for by the session's own form only", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const eve = await signInByLink(app, "eve@example.org");
    const page = await eve.get("/me/identities");
    const forged = await kim.send(page, "/me/identities/language", { language: "de" });
    expect(forged).toMatchObject({ status: 403 });
    expect(await app.request("/me/identities/language")).toMatchObject({ status: 405 });
  });

  it("speaks German of what a form could not do", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    await choose(kim, "de");
    const page = await kim.get("/me/identities");
    const zone = await kim.send(page, "/me/identities/time-zone", { time_zone: "Mars/Olympus" });
    expect(zone.text).toContain("Eine Zeitzone dieses Namens gibt es nicht.");
    const again = await kim.send(page, "/me/identities", { email: "Kim@example.org" });
    expect(again.text).toContain("Diese Adresse gehört Ihnen schon.");
  });
});
