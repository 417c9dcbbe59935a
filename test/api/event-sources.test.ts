// Signed event webhooks: who may send, secrets that are shown once and changed at leisure, and what is refused.
import { describe, expect, it } from "vitest";
import { MAX_EVENT_SOURCES } from "../../src/issuer/event-source.ts";
import { newWebhookSecret, sign, TOLERANCE_SECONDS } from "../../src/standard-webhooks.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenPerson } from "../given.ts";
import { asking, everything } from "./ask.ts";

const HOUR_MS = 3_600_000;

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization));
  const { user } = await givenPerson(t.env, organization);
  const made = await ask("POST", "/event-sources", { body: { name: "Course platform" } });
  expect(made.status).toBe(201);
  const at = `/event-sources/${made.json.id}`;
  const event = { id: "a", user: user.id, metric: "activity_count" };
  return { t, organization, ask, at, secret: String(made.json.secret), made, event };
}

/** Sends a body signed with the secrets; what is given over it comes after signing. */
async function send(
  t: TestApp,
  at: string,
  secrets: readonly string[],
  body: unknown,
  over: { headers?: Record<string, string>; body?: string; timestamp?: number } = {},
) {
  const text = JSON.stringify(body);
  const timestamp = over.timestamp ?? Math.floor(t.env.now() / 1000);
  const bytes = new TextEncoder().encode(text);
  const signed = await sign(secrets, { id: "msg_1", timestamp, body: bytes });
  return asking(t, null)("POST", `${at}/events`, {
    raw: over.body ?? text,
    headers: { "content-type": "application/json", ...signed, ...over.headers },
  });
}

const REFUSED = {
  status: 401,
  code: "webhook-refused",
  detail: "This message is not signed by a sender known here.",
};

describe("signed events", () => {
  it("need no key, and are their source's organization's", async () => {
    const { t, ask, at, secret, made, event } = await world();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.json.url).toBe(`https://badges.example.org/api/v1${at}/events`);
    const said = await send(t, at, [secret], event);
    expect([said.status, said.json]).toEqual([200, { stored: 1, repeated: 0 }]);
    const again = await send(t, at, [secret], { events: [event, { ...event, id: "b" }] });
    expect(again.json).toEqual({ stored: 1, repeated: 1 });
    expect((await ask("GET", at)).json.last_event_at).toBe(new Date(t.env.now()).toISOString());
  });

  it("name their faults as those with a key do, and store nothing", async () => {
    const { t, at, secret, event } = await world();
    const before = await everything(t);
    const events = [event, { ...event, id: "b", metric: "steps" }, { ...event, id: "" }];
    const said = await send(t, at, [secret], { events });
    expect(said.status).toBe(422);
    expect(said.json.errors.map(({ pointer }) => pointer)).toEqual([
      "/events/1/metric",
      "/events/2/id",
    ]);
    expect((await send(t, at, [secret], "no event")).status).toBe(422);
    expect(await everything(t)).toBe(before);
    await send(t, at, [secret], event);
    const other = await send(t, at, [secret], { ...event, quantity: 2 });
    expect([other.status, other.json.code]).toEqual([409, "event-conflict"]);
  });

  it("know nobody of another organization", async () => {
    const { t, at, secret, event } = await world();
    const stranger = await givenPerson(t.env, await givenOrganization(t.env));
    const said = await send(t, at, [secret], { ...event, user: stranger.user.id });
    expect(said.json.errors).toMatchObject([{ code: "user_id_must_exist" }]);
  });

  it.each<[string, Parameters<typeof send>[4]]>([
    ["another body", { body: JSON.stringify({ id: "b" }) }],
    ["no JSON", { body: "{" }],
    ["another id", { headers: { "webhook-id": "msg_2" } }],
    ["no signature", { headers: { "webhook-signature": "" } }],
    ["another's signature", { headers: { "webhook-signature": "v1,AAAA" } }],
    ["another time", { headers: { "webhook-timestamp": "1" } }],
  ])("are refused with %s, all alike", async (_name, over) => {
    const { t, at, secret, event } = await world();
    const before = await everything(t);
    const said = await send(t, at, [secret], event, over);
    expect(said.json).toMatchObject(REFUSED);
    expect(await everything(t)).toBe(before);
  });

  it("are refused of an unknown or revoked source, a wrong secret or another time, word for word alike", async () => {
    const { t, ask, at, secret, event } = await world();
    const now = Math.floor(t.env.now() / 1000);
    const said = [
      await send(t, "/event-sources/0193c0de-0000-7000-8000-000000000000", [secret], event),
      await send(t, at, [newWebhookSecret(t.env)], event),
      await send(t, at, [secret], event, { timestamp: now - TOLERANCE_SECONDS - 1 }),
      await send(t, at, [secret], event, { timestamp: now + TOLERANCE_SECONDS + 1 }),
    ];
    expect((await ask("DELETE", at)).status).toBe(204);
    said.push(await send(t, at, [secret], event));
    const words = said.map(({ status, json }) => ({ ...json, status, request_id: undefined }));
    expect(new Set(words.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(words[0]).toMatchObject(REFUSED);
  });

  it("are taken at the edge of five minutes", async () => {
    const { t, at, secret, event } = await world();
    const timestamp = Math.floor(t.env.now() / 1000) - TOLERANCE_SECONDS;
    expect((await send(t, at, [secret], event, { timestamp })).status).toBe(200);
  });

  it("must be JSON, and no longer than any body", async () => {
    const { t, at, secret, event } = await world();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await send(t, at, [secret], event, { headers: form })).status).toBe(415);
    const long = { ...event, id: "x".repeat(t.env.config.maxBodyBytes) };
    expect((await send(t, at, [secret], long)).status).toBe(413);
  });
});

describe("secrets of event sources", () => {
  it("are stored sealed and shown once", async () => {
    const { t, ask, at, secret } = await world();
    const bare = secret.slice("whsec_".length);
    expect(await everything(t)).not.toContain(bare);
    for (const path of [at, "/event-sources"]) {
      expect((await ask("GET", path)).text).not.toContain("whsec_");
    }
    expect(JSON.stringify(t.logged)).not.toContain(bare);
  });

  it("are changed at leisure: for a while either will do", async () => {
    const { t, ask, at, secret, event } = await world();
    const said = await ask("POST", `${at}/rotate-secret`, { body: { overlap_hours: 2 } });
    expect(said.status).toBe(200);
    const next = String(said.json.secret);
    expect(said.json.previous_secret_until).toBe(new Date(t.env.now() + 2 * HOUR_MS).toISOString());
    expect(next).not.toBe(secret);
    for (const one of [secret, next]) expect((await send(t, at, [one], event)).status).toBe(200);
    t.clock.advance(2 * HOUR_MS - 1);
    expect((await send(t, at, [secret], event)).status).toBe(200);
    t.clock.advance(1);
    expect((await send(t, at, [secret], event)).status).toBe(401);
    expect((await send(t, at, [next], event)).status).toBe(200);
    expect((await ask("GET", at)).json.previous_secret_until).toBeNull();
  });

  it("end at once where they are known to others", async () => {
    const { t, ask, at, secret, event } = await world();
    const said = await ask("POST", `${at}/rotate-secret`, { body: { overlap_hours: 0 } });
    expect((await send(t, at, [secret], event)).status).toBe(401);
    expect((await send(t, at, [String(said.json.secret)], event)).status).toBe(200);
  });

  it("of many changes at once one after the other stands", async () => {
    const { t, ask, at, event } = await world();
    const said = await Promise.all(
      Array.from({ length: 4 }, () => ask("POST", `${at}/rotate-secret`, { body: {} })),
    );
    expect(said.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const answers = await Promise.all(
      said.map(({ json }) => send(t, at, [String(json.secret)], event)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  it("are none of a revoked source", async () => {
    const { ask, at } = await world();
    await ask("DELETE", at);
    expect((await ask("DELETE", at)).status).toBe(204);
    const said = await ask("POST", `${at}/rotate-secret`, { body: {} });
    expect([said.status, said.json.code]).toEqual([409, "event-source-revoked"]);
    expect((await ask("GET", at)).json.revoked_at).not.toBeNull();
  });

  it("are given to so many sources, and no more", async () => {
    const { t, ask, at } = await world();
    const body = { name: "Another" };
    for (let i = 1; i < MAX_EVENT_SOURCES; i++) {
      expect((await ask("POST", "/event-sources", { body })).status).toBe(201);
    }
    const before = await everything(t);
    const over = await ask("POST", "/event-sources", { body });
    expect([over.status, over.json.code]).toEqual([409, "too-many-event-sources"]);
    expect(await everything(t)).toBe(before);
    await ask("DELETE", at);
    expect((await ask("POST", "/event-sources", { body })).status).toBe(201);
  });

  it("open with a retired secret of the installation, and are sealed anew", async () => {
    const { t, at, secret, event } = await world();
    const { config } = t.env;
    const later = await testApp({
      override: () => ({
        db: t.env.db,
        config: {
          ...config,
          secretKey: new Uint8Array(32).fill(9),
          retiredSecretKeys: [config.secretKey],
        },
      }),
    });
    const stored = async () =>
      (await t.env.db.read({ sql: "select secret from event_sources", params: [] })).rows;
    const before = await stored();
    expect((await send(later, at, [secret], event)).status).toBe(200);
    await later.settle();
    expect(await stored()).not.toEqual(before);
    expect((await send(later, at, [secret], event)).status).toBe(200);
    const closed = await send(t, at, [secret], event);
    expect([closed.status, closed.json.code]).toEqual([503, "temporarily-unavailable"]);
  });
});
