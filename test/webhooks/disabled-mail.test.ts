// Who is told that an endpoint was disabled by itself, and of what not.
import { expect, it } from "vitest";
import type { Mail, MailMessage } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { mailDisabled } from "../../src/webhooks/disabled-mail.ts";
import { HANDLERS, type WebhookWorld, webhookWorld } from "./receiver.ts";

async function world() {
  const mails: MailMessage[] = [];
  const mail: Mail = {
    send: async (message) => {
      mails.push(message);
      return { ok: true };
    },
  };
  const w = await webhookWorld({ override: () => ({ mail }) });
  w.receiver.answer = () => ({ status: 410 });
  return { w, mails };
}

const work = (w: WebhookWorld) =>
  drain(w.env, { ...HANDLERS, "webhook.disabled_mail": mailDisabled }, { limit: 100 });

async function ping(w: WebhookWorld, id: string): Promise<void> {
  expect((await w.ask("POST", `/webhook-endpoints/${id}/ping`)).status).toBe(201);
}

it("goes to the organization's address, once, and says how to go on", async () => {
  const { w, mails } = await world();
  const { id, url, secret } = await w.add({ url: "https://hooks.example.net/in?a=1&b=<2>" });
  await ping(w, id);
  await ping(w, id);
  await work(w);
  await work(w);
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  expect(mail?.to).toBe(w.organization.email);
  expect(mail?.subject).toBe("Webhooks to hooks.example.net are disabled");
  for (const word of [
    id,
    "410 Gone",
    "enabled: true",
    new URL(url).href,
    `/admin/webhooks/${id}`,
  ]) {
    expect(mail?.text).toContain(word);
  }
  expect(JSON.stringify(mail)).not.toContain(secret);
});

it("is not sent of what somebody disabled, enabled or deleted", async () => {
  const { w, mails } = await world();
  const byHand = await w.add();
  await w.ask("PATCH", `/webhook-endpoints/${byHand.id}`, { body: { enabled: false } });
  await work(w);
  const [enabled, deleted] = [await w.add(), await w.add()];
  for (const { id } of [enabled, deleted]) await ping(w, id);
  await w.work();
  expect((await w.endpoint(enabled.id)).disabled_reason).toBe("gone");
  await w.ask("PATCH", `/webhook-endpoints/${enabled.id}`, { body: { enabled: true } });
  await w.ask("DELETE", `/webhook-endpoints/${deleted.id}`);
  await work(w);
  expect(mails).toEqual([]);
});
