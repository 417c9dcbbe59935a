// Mails by SMTP, over real sockets, on Node and in workerd.
import { describe, expect, inject, it } from "vitest";
import type { SmtpConfig } from "../../src/config.ts";
import type { MailMessage } from "../../src/env.ts";
import { createMail, mailServerFault, openMail } from "../../src/runtime/mail.ts";
import { testApp } from "../app.ts";

const { port, inbox } = inject("smtp");
const SERVER: SmtpConfig = { host: "127.0.0.1", port, secure: false, user: null, password: null };
const SENDER = {
  publicUrl: "https://badges.example.org",
  mailFrom: { name: "Northside", address: "badges@example.org" },
};

let ordinal = 0;
/** A recipient nobody else writes to. */
const fresh = (local = "kim") => `${local}@${crypto.randomUUID()}-${++ordinal}.example`;

const message = (to: string, over: Partial<MailMessage> = {}): MailMessage => ({
  to,
  subject: "Sign in",
  text: "Hello\n\nthere",
  html: "<p>Hello</p>",
  id: "one",
  ...over,
});

const send = (mail: MailMessage, over: Partial<SmtpConfig> = {}) =>
  createMail({ ...SERVER, ...over }, SENDER).send(mail);

async function received(to: string): Promise<string[]> {
  const answer = await fetch(`${inbox}?to=${encodeURIComponent(to)}`);
  return (await answer.json()) as string[];
}

describe("a mail by SMTP", () => {
  it("arrives once, as text and HTML, with what says who sent it and that nobody need answer", async () => {
    const to = fresh();
    expect(await send(message(to))).toEqual({ ok: true });
    const [mail = "", ...more] = await received(to);
    expect(more).toEqual([]);
    const [head = ""] = mail.split("\r\n\r\n");
    for (const line of [
      "From: Northside <badges@example.org>",
      `To: ${to}`,
      "Subject: Sign in",
      "Message-ID: <one@badges.example.org>",
      "Auto-Submitted: auto-generated",
    ]) {
      expect(head.split("\r\n")).toContain(line);
    }
    expect(mail).toContain("Content-Type: text/plain; charset=utf-8");
    expect(mail).toContain("Content-Type: text/html; charset=utf-8");
  });

  it("keeps to one recipient and to its own headers, whatever is in its subject", async () => {
    const to = fresh();
    await send(message(to, { subject: "Hello\r\nBcc: eve@example.org\r\n\r\nGoods" }));
    const [mail = ""] = await received(to);
    const [head = ""] = mail.split("\r\n\r\n");
    expect(head).not.toMatch(/^bcc:/im);
    expect(head).toMatch(/^Subject: Hello/m);
  });

  it("takes letters of any script", async () => {
    const to = fresh();
    await send(message(to, { subject: "Grüße an Åsa 🎖" }));
    const [mail = ""] = await received(to);
    expect(mail).toMatch(/^Subject: =\?UTF-8\?/m);
  });

  it.each([
    ["refused", "mail-refused", true],
    ["later", "mail-deferred", false],
    ["hangup", "mail-server-unreachable", false],
  ])("to %s: %s", async (local, reason, permanent) => {
    const to = fresh(local);
    expect(await send(message(to))).toEqual({ ok: false, reason, permanent });
    expect(await received(to)).toEqual([]);
  });

  it("shows a password that is right", async () => {
    const to = fresh();
    const sent = await send(message(to), { user: "kim", password: "right" });
    expect(sent).toEqual({ ok: true });
    expect(await received(to)).toHaveLength(1);
  });

  it("says when the password is wrong, when nobody listens, and when there is no TLS", async () => {
    const wrong = await send(message(fresh()), { user: "kim", password: "wrong" });
    expect(wrong).toMatchObject({ ok: false, reason: "mail-credentials-refused" });
    const nobody = await send(message(fresh()), { port: 1 });
    expect(nobody).toMatchObject({ ok: false, reason: "mail-server-unreachable" });
    const plain = await send(message(fresh()), { secure: true });
    expect(plain).toMatchObject({ ok: false, permanent: false });
  });
});

describe("many mails in a row", () => {
  it("are taken each by itself, and each has its own fate", async () => {
    const line = createMail(SERVER, SENDER).open?.();
    const all = [fresh(), fresh("refused"), fresh(), fresh("hangup"), fresh()];
    const results = [];
    for (const to of all) results.push(await line?.send(message(to)));
    line?.close();
    expect(results.map((result) => result?.ok)).toEqual([true, false, true, false, true]);
    for (const [i, to] of all.entries()) {
      expect(await received(to)).toHaveLength(results[i]?.ok ? 1 : 0);
    }
  });

  it("say of each that nobody listens", async () => {
    const line = createMail({ ...SERVER, port: 1 }, SENDER).open?.();
    for (let i = 0; i < 2; i++) {
      expect(await line?.send(message(fresh()))).toMatchObject({
        ok: false,
        reason: "mail-server-unreachable",
      });
    }
    line?.close();
  });
});

describe("a mail server that is only looked at", () => {
  it("is well, or has a name for what is not", async () => {
    expect(await mailServerFault(SERVER)).toBe(null);
    expect(await mailServerFault({ ...SERVER, user: "kim", password: "right" })).toBe(null);
    const wrong = await mailServerFault({ ...SERVER, user: "kim", password: "wrong" });
    expect(wrong).toBe("mail-credentials-refused");
    expect(await mailServerFault({ ...SERVER, port: 1 })).toBe("mail-server-unreachable");
  });
});

describe("where mails go", () => {
  it("to the server that is set, else to the demo's mailbox at a local address, else nowhere", async () => {
    const { env } = await testApp();
    const opened = (over: Partial<typeof env.config>) =>
      openMail({ ...env.config, smtp: null, ...over }, env.db, env);
    expect(opened({ demo: false, publicUrlIsLocal: true })).toBe(undefined);
    expect(opened({ demo: true, publicUrlIsLocal: false })).toBe(undefined);
    const kept = opened({ demo: true, publicUrlIsLocal: true });
    const to = fresh();
    expect(await kept?.send(message(to))).toEqual({ ok: true });
    expect(await received(to)).toEqual([]);
    const sent = opened({ demo: true, publicUrlIsLocal: true, smtp: SERVER });
    expect(await sent?.send(message(to))).toEqual({ ok: true });
    expect(await received(to)).toHaveLength(1);
  });
});
