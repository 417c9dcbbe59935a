// Mails about signing in: what they say, when they are sent again, and when they are not.
import { describe, expect, it } from "vitest";
import type { Env, MailMessage, MailResult } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { LINK_JOB, LINK_MS } from "../../src/signin/link.ts";
import { mailLink } from "../../src/signin/mail-job.ts";
import { confirmMail, signInMail, suspendedMail } from "../../src/signin/mail-text.ts";
import { type TestApp, testApp } from "../app.ts";
import { count, visitor } from "./visitor.ts";

/** A mail server that answers as it is told; the last answer stays. */
function scripted(...answers: MailResult[]) {
  const sent: MailMessage[] = [];
  const send = async (message: MailMessage): Promise<MailResult> => {
    sent.push(message);
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? { ok: true };
  };
  return { sent, mail: { send } };
}

async function asked(app: TestApp, email = "kim@example.org"): Promise<void> {
  const browser = visitor(app);
  await browser.send(await browser.get("/login"), "/login", { email });
  await app.settle();
}

const handlers = { [LINK_JOB]: mailLink };
const parked = (env: Env) => count(env, "jobs", "parked_at is not null");
const DEFERRED: MailResult = { ok: false, reason: "mail-deferred", permanent: false };
const REFUSED: MailResult = { ok: false, reason: "mail-refused", permanent: true };

describe("the job that mails a link", () => {
  it("sends the same mail again where the server asked to wait, and never after it was taken", async () => {
    const { sent, mail } = scripted(DEFERRED, { ok: true });
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    expect(sent).toHaveLength(1);
    app.clock.advance(LINK_MS / 2);
    expect(await drain(app.env, handlers, { limit: 9 })).toMatchObject({ done: 1 });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    app.clock.advance(1);
    expect(await drain(app.env, handlers, { limit: 9 })).toMatchObject({ done: 0, failed: 0 });
    expect(sent).toHaveLength(2);
  });

  it("is not tried again where the server refused the address for good", async () => {
    const { sent, mail } = scripted(REFUSED);
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    expect(await parked(app.env)).toBe(1);
    app.clock.advance(LINK_MS / 2);
    await drain(app.env, handlers, { limit: 9 });
    expect(sent).toHaveLength(1);
    expect(app.logged).toContainEqual(
      expect.objectContaining({ event: "job.parked", kind: LINK_JOB, code: "mail-refused" }),
    );
  });

  it("sends nothing that has expired or was used meanwhile", async () => {
    const { sent, mail } = scripted(DEFERRED);
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    app.clock.advance(LINK_MS);
    expect(await drain(app.env, handlers, { limit: 9 })).toMatchObject({ done: 1 });
    expect(sent).toHaveLength(1);
    await asked(app);
    await app.env.db.batch([{ sql: "UPDATE sign_in_links SET consumed_at = 1", params: [] }]);
    app.clock.advance(LINK_MS / 2);
    expect(await drain(app.env, handlers, { limit: 9 })).toMatchObject({ done: 1 });
    expect(sent).toHaveLength(2);
  });

  it("carries the link's id and the language, and nothing else", async () => {
    const { mail } = scripted({ ok: true });
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    const { rows } = await app.env.db.read({ sql: "SELECT payload FROM jobs", params: [] });
    const links = await app.env.db.read({ sql: "SELECT id FROM sign_in_links", params: [] });
    expect(rows).toEqual([[JSON.stringify({ link: links.rows[0]?.[0], language: "en" })]]);
  });

  it("makes the link again after the secret was changed, and parks it where the old one is forgotten", async () => {
    const { sent, mail } = scripted(DEFERRED);
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    const secretKey = crypto.getRandomValues(new Uint8Array(32));
    const rotated = (retiredSecretKeys: readonly Uint8Array<ArrayBuffer>[]): Env => ({
      ...app.env,
      config: { ...app.env.config, secretKey, retiredSecretKeys },
    });
    app.clock.advance(LINK_MS / 4);
    await drain(rotated([app.env.config.secretKey]), handlers, { limit: 9 });
    expect(sent[1]).toEqual(sent[0]);
    app.clock.advance(LINK_MS / 4);
    await drain(rotated([]), handlers, { limit: 9 });
    expect(sent).toHaveLength(2);
    expect(await parked(app.env)).toBe(1);
  });

  it("waits where mail was set up when it was asked for and is not any more", async () => {
    const { mail } = scripted(DEFERRED);
    const app = await testApp({ override: () => ({ mail }) });
    await asked(app);
    app.clock.advance(LINK_MS / 2);
    const drained = await drain({ ...app.env, mail: undefined }, handlers, { limit: 9 });
    expect(drained).toMatchObject({ failed: 1 });
    expect(await parked(app.env)).toBe(0);
  });
});

describe("the words", () => {
  const mail = {
    site: "badges.example.org",
    address: "https://badges.example.org/auth/x",
    code: "012345",
    minutes: 30,
  };

  it.each([
    ["to sign in", signInMail(mail, "en")],
    ["to confirm", confirmMail(mail, "en")],
  ])("%s hold the link, the code and how long, as text and as HTML", (_what, words) => {
    for (const body of [words.text, words.html]) {
      expect(body).toContain(mail.address);
      expect(body).toContain("012 345");
      expect(body).toContain("30 minutes");
      expect(body).toContain("If it was not you");
    }
    expect(words.html).toContain('<html lang="en">');
  });

  it.each([
    ["to sign in", signInMail(mail, "de")],
    ["to confirm", confirmMail(mail, "de")],
  ])("%s hold the same in German", (_what, { subject, text, html }) => {
    for (const body of [text, html]) {
      expect(body).toContain(mail.address);
      expect(body).toContain("012 345");
      expect(body).toContain("30 Minuten");
      expect(body).toContain("Wenn Sie das nicht waren");
    }
    expect(subject).toMatch(/^(Anmeldung bei|Ihre Adresse für) badges/);
    expect(html).toContain('<html lang="de">');
  });

  it("let nothing into the HTML but text", () => {
    const hostile = { ...mail, site: `<img src=x onerror=alert(1)>"'&` };
    const mails = (["en", "de"] as const).flatMap((language) =>
      [signInMail, confirmMail, suspendedMail].map((write) => write(hostile, language)),
    );
    for (const { html } of mails) {
      expect(html).not.toContain("<img");
      expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
    }
  });
});
