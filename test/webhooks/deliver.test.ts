// How messages reach an endpoint: signed, at least once, tried again, given up and sent again.
import { describe, expect, it } from "vitest";
import { jobs } from "../../src/db/jobs.ts";
import { webhookEndpoints } from "../../src/db/webhooks.ts";
import { announce, type WebhookEvent } from "../../src/issuer/announce.ts";
import { GIVE_UP_MS, LEAST_ATTEMPTS } from "../../src/jobs/backoff.ts";
import { drain } from "../../src/jobs/drain.ts";
import { AT_ONCE, DISABLE_AFTER_MS, LONGEST_REST_MS } from "../../src/webhooks/deliver.ts";
import { MAX_ANSWER_BYTES } from "../../src/webhooks/send.ts";
import { everything } from "../api/ask.ts";
import { TEST_NOW } from "../app.ts";
import { givenOrganization } from "../given.ts";
import { HANDLERS, signatureOf, type WebhookWorld, webhookWorld } from "./receiver.ts";

const HOUR = 3_600_000;

async function tell(w: WebhookWorld, times = 1, type: WebhookEvent = "award.created") {
  for (let i = 0; i < times; i++) {
    await w.env.db.batch(
      announce(w.env, { organizationId: w.organization.id, type, data: { award: `a${i}` } }),
    );
  }
}

describe("a message", () => {
  it("is posted as JSON with ids only, signed for its id, its time and its body", async () => {
    const w = await webhookWorld();
    const { url, secret, id } = await w.add();
    await tell(w);
    await w.work();
    const [got] = w.receiver.received;
    if (got === undefined) throw new Error("nothing came");
    expect(got.headers).toMatchObject({ ":method": "POST", "content-type": "application/json" });
    expect(got.url).toBe(url);
    expect(got.timestamp).toBe(Math.floor(TEST_NOW / 1_000));
    expect(JSON.parse(got.body)).toEqual({
      type: "award.created",
      timestamp: new Date(TEST_NOW).toISOString(),
      data: { organization: w.organization.id, award: "a0" },
    });
    expect(got.signatures).toEqual([signatureOf(secret, got)]);
    expect(got.id).toMatch(/^[\w-]+$/);
    expect(await w.deliveries(id)).toMatchObject([
      { state: "delivered", message_id: got.id, attempts: 1, last_status: 204, last_error: null },
    ]);
  });

  it("has one id at every endpoint that listens to its type, and comes to no other", async () => {
    const w = await webhookWorld();
    const [all, some] = [
      await w.add(),
      await w.add({ events: ["award.revoked", "award.created"] }),
    ];
    const other = await w.add({ events: ["badge.created"] });
    await tell(w);
    await w.work();
    expect(w.receiver.received.map(({ url }) => url).sort()).toEqual([all.url, some.url].sort());
    expect(new Set(w.receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(await w.deliveries(other.id)).toEqual([]);
    for (const got of w.receiver.received) {
      const { secret } = got.url === all.url ? all : some;
      expect(got.signatures).toEqual([signatureOf(secret, got)]);
    }
  });

  it("has the same id for every try, and the time of that try", async () => {
    const w = await webhookWorld();
    await w.add();
    w.receiver.answer = () => (w.receiver.received.length === 1 ? { status: 500 } : undefined);
    await tell(w);
    await w.work();
    w.t.clock.advance(60_000);
    await w.work();
    const [first, second] = w.receiver.received;
    expect(w.receiver.received).toHaveLength(2);
    expect(second?.id).toBe(first?.id);
    expect(second?.body).toBe(first?.body);
    expect(second?.timestamp).toBe((first?.timestamp ?? 0) + 60);
    expect(second?.signatures).not.toEqual(first?.signatures);
  });

  it("is signed with both secrets while they are changed", async () => {
    const w = await webhookWorld();
    const old = await w.add();
    const rotated = await w.ask("POST", `/webhook-endpoints/${old.id}/rotate-secret`, {
      body: { overlap_hours: 2 },
    });
    const secret = String(rotated.json.secret);
    expect(secret).not.toBe(old.secret);
    await tell(w);
    await w.work();
    w.t.clock.advance(2 * HOUR);
    await tell(w);
    await w.work();
    const [during, after] = w.receiver.received;
    if (during === undefined || after === undefined) throw new Error("nothing came");
    expect(during.signatures).toEqual([
      signatureOf(secret, during),
      signatureOf(old.secret, during),
    ]);
    expect(after.signatures).toEqual([signatureOf(secret, after)]);
  });

  it("is not so much as written down where nobody listens", async () => {
    const w = await webhookWorld();
    await w.add({ events: ["badge.created"] });
    const elsewhere = await givenOrganization(w.env);
    const before = await everything(w.t);
    await tell(w);
    await w.env.db.batch(
      announce(w.env, { organizationId: elsewhere.id, type: "badge.created", data: {} }),
    );
    expect(await everything(w.t)).toBe(before);
  });
});

describe("what counts as accepted", () => {
  it.each([200, 201, 202, 204, 299])("%i", async (status) => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status, body: "thanks" });
    await tell(w);
    await w.work();
    expect(await w.deliveries(id)).toMatchObject([{ state: "delivered", last_status: status }]);
  });

  it.each([
    [{ status: 301, headers: { location: "https://elsewhere.example/" } }, "redirect-not-followed"],
    [{ status: 307, headers: { location: "https://elsewhere.example/" } }, "redirect-not-followed"],
    [{ status: 304 }, "not-accepted"],
    [{ status: 400 }, "not-accepted"],
    [{ status: 401 }, "not-accepted"],
    [{ status: 404 }, "not-accepted"],
    [{ status: 429 }, "rate-limited"],
    [{ status: 500 }, "not-accepted"],
    [{ status: 503 }, "not-accepted"],
    [{ status: 200, body: "x".repeat(MAX_ANSWER_BYTES + 1) }, "too-large"],
    ["address-not-public", "address-not-public"],
    ["name-not-found", "name-not-found"],
    ["unreachable", "unreachable"],
    ["tls", "tls"],
    ["connection-lost", "connection-lost"],
    ["bad-answer", "bad-answer"],
  ] as const)("not %j: %s", async (told, code) => {
    const w = await webhookWorld();
    const { id, url } = await w.add();
    w.receiver.answer = () => told;
    await tell(w);
    await w.work();
    const [row] = await w.deliveries(id);
    expect(row).toMatchObject({ state: "waiting", attempts: 1, last_error: code });
    expect(w.receiver.received.map((one) => one.url)).toEqual([url]);
    const shown = await w.ask("GET", `/webhook-deliveries/${row?.id}`);
    expect(shown.json.last_error).toEqual({ code, detail: expect.stringMatching(/\w.*\.$/) });
  });

  it("an answer of the longest kind that is read", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 200, body: "x".repeat(MAX_ANSWER_BYTES) });
    await tell(w);
    await w.work();
    expect(await w.deliveries(id)).toMatchObject([{ state: "delivered" }]);
  });
});

describe("an endpoint that fails", () => {
  it("rests, is tried by one message, and is given all that waits once it works", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => "unreachable";
    await tell(w, 20);
    await w.work();
    const first = w.receiver.received.length;
    expect(first).toBe(AT_ONCE);
    expect(await w.endpoint(id)).toMatchObject({ failures: 1, failing_since: TEST_NOW });
    w.t.clock.advance(60_000);
    await w.work();
    expect(w.receiver.received).toHaveLength(first + 1);
    w.t.clock.advance(120_000);
    w.receiver.answer = () => undefined;
    await w.work();
    const rows = await w.deliveries(id);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["delivered"]));
    expect(await w.endpoint(id)).toMatchObject({
      failures: 0,
      failing_since: null,
      rests_until: null,
    });
  });

  it("is tried again within the longest rest, for three days, then what waits is parked", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 500 });
    await tell(w, 12);
    const asked: number[] = [];
    while (w.t.clock.now < TEST_NOW + GIVE_UP_MS - HOUR) {
      await w.work();
      asked.push(w.receiver.received.length);
      w.t.clock.advance(LONGEST_REST_MS);
    }
    // Each look finds the rest over, and something due unless all of the few wait for longer.
    expect(asked.at(-1)).toBeGreaterThan(50);
    const before = await w.deliveries(id);
    expect(new Set(before.map(({ state }) => state))).toEqual(new Set(["waiting"]));
    for (let i = 0; i < 40; i++) {
      await w.work();
      w.t.clock.advance(LONGEST_REST_MS);
    }
    const rows = await w.deliveries(id);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["parked"]));
    const codes = new Set(rows.map(({ last_error }) => last_error));
    expect([...codes].sort()).toEqual(["endpoint-failing", "not-accepted"]);
    expect((await w.endpoint(id)).disabled_at).toBeNull();
  });

  it("a message that came to its first try late is tried often enough before it is parked", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    await tell(w);
    w.receiver.answer = () => ({ status: 500 });
    w.t.clock.advance(2 * GIVE_UP_MS);
    for (let i = 1; i < LEAST_ATTEMPTS; i++) {
      await w.work();
      expect(await w.deliveries(id)).toMatchObject([{ state: "waiting", attempts: i }]);
      w.t.clock.advance(HOUR);
    }
    await w.work();
    expect(await w.deliveries(id)).toMatchObject([{ state: "parked", attempts: LEAST_ATTEMPTS }]);
  });

  it("is disabled when it accepted nothing for days, and says so", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 500 });
    await tell(w);
    await w.work();
    w.t.clock.advance(DISABLE_AFTER_MS - 1);
    await tell(w);
    await w.work();
    expect((await w.endpoint(id)).disabled_at).toBeNull();
    w.t.clock.advance(6 * HOUR);
    await w.work();
    expect(await w.endpoint(id)).toMatchObject({ disabled_reason: "failing" });
    expect((await w.deliveries(id)).map(({ state }) => state)).toEqual(["parked", "parked"]);
    const shown = await w.ask("GET", `/webhook-endpoints/${id}`);
    expect(shown.json).toMatchObject({
      enabled: false,
      disabled: { reason: "failing", fix: expect.stringContaining("enabled: true") },
    });
    const asked = w.receiver.received.length;
    await tell(w);
    await w.work();
    expect(w.receiver.received).toHaveLength(asked);
    expect(await w.deliveries(id)).toHaveLength(2);
  });

  it("is disabled at once by 410 Gone, and what waits is parked", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = ({ body }) => (body.includes('"a3"') ? { status: 410 } : { status: 500 });
    await tell(w, 12);
    await w.work();
    expect(await w.endpoint(id)).toMatchObject({ disabled_reason: "gone", disabled_at: TEST_NOW });
    const rows = await w.deliveries(id);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["parked"]));
    expect(rows.filter(({ last_error }) => last_error === "gone")).toHaveLength(1);
  });

  it.each([
    [429, "1200"],
    [503, "1200"],
    [503, new Date(TEST_NOW + 1_200_000).toUTCString()],
  ])("%i with Retry-After: %s is left alone until then", async (status, value) => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status, headers: { "retry-after": value } });
    await tell(w, 2);
    await w.work();
    const asked = w.receiver.received.length;
    w.t.clock.now = TEST_NOW + 1_199_000;
    await tell(w);
    await w.work();
    expect(w.receiver.received).toHaveLength(asked);
    w.t.clock.now = TEST_NOW + 1_200_000;
    w.receiver.answer = () => undefined;
    await w.work();
    expect((await w.deliveries(id)).map(({ state }) => state)).toEqual(Array(3).fill("delivered"));
  });

  it("with some messages only, goes on with the others", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = ({ body }) => (body.includes('"a0"') ? { status: 500 } : undefined);
    await tell(w, 30);
    await w.work();
    const rows = await w.deliveries(id);
    expect(rows.filter(({ state }) => state === "delivered")).toHaveLength(29);
    expect(await w.endpoint(id)).toMatchObject({ failures: 0, failing_since: null });
  });

  it("holds back no other endpoint", async () => {
    const w = await webhookWorld();
    const [slow, quick] = [await w.add(), await w.add()];
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    w.receiver.answer = async ({ url }) => {
      if (url === slow.url) await held;
      return undefined;
    };
    await tell(w, 30);
    const working = w.work();
    while (w.receiver.at(quick.url).length < 30) await w.env.pause(1);
    expect(w.receiver.at(slow.url)).toHaveLength(AT_ONCE);
    free();
    await working;
    expect(w.receiver.at(slow.url)).toHaveLength(30);
    expect(w.receiver.mostUnderWay).toBeLessThanOrEqual(2 * AT_ONCE);
  });

  it("has its secrets sealed anew when SECRET_KEY was changed, and is signed for as before", async () => {
    const w = await webhookWorld();
    const { id, secret } = await w.add();
    const rotated = await w.ask("POST", `/webhook-endpoints/${id}/rotate-secret`, { body: {} });
    const { config } = w.env;
    const secretKey = new Uint8Array(32).fill(9);
    const changed = { ...config, secretKey, retiredSecretKeys: [config.secretKey] };
    const forgotten = { ...changed, retiredSecretKeys: [] };
    await tell(w);
    await drain({ ...w.env, config: changed }, HANDLERS, { limit: 10 });
    await tell(w);
    await drain({ ...w.env, config: forgotten }, HANDLERS, { limit: 10 });
    expect(w.receiver.received).toHaveLength(2);
    for (const got of w.receiver.received) {
      expect(got.signatures).toEqual([
        signatureOf(String(rotated.json.secret), got),
        signatureOf(secret, got),
      ]);
    }
  });

  it("whose secret cannot be opened keeps its messages", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    await w.env.db.batch([w.env.db.orm.update(webhookEndpoints).set({ secret: "broken" })]);
    await tell(w);
    await w.work();
    expect(w.receiver.received).toEqual([]);
    expect(await w.deliveries(id)).toMatchObject([{ state: "waiting", attempts: 0 }]);
    const waiting = await w.env.db.orm.select().from(jobs);
    expect(waiting.map(({ last_error }) => last_error)).toContain("webhook_secret_unreadable");
    const rotated = await w.ask("POST", `/webhook-endpoints/${id}/rotate-secret`, { body: {} });
    expect([rotated.status, rotated.json.previous_secret_until]).toEqual([200, null]);
    w.t.clock.advance(60_000);
    await w.work();
    expect(await w.deliveries(id)).toMatchObject([{ state: "delivered" }]);
  });
});

describe("sending again", () => {
  it("one that was delivered, under its id", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    await tell(w);
    await w.work();
    const [row] = await w.deliveries(id);
    const said = await w.ask("POST", `/webhook-deliveries/${row?.id}/resend`);
    expect([said.status, said.json.state]).toEqual([200, "waiting"]);
    await w.work();
    expect(w.receiver.received.map((one) => one.id)).toEqual([row?.message_id, row?.message_id]);
    expect(await w.deliveries(id)).toMatchObject([{ state: "delivered" }]);
  });

  it("all that is parked of events since a moment, at once, even while the endpoint rests", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 410 });
    await tell(w, 3);
    await w.work();
    const enabled = await w.ask("PATCH", `/webhook-endpoints/${id}`, { body: { enabled: true } });
    expect(enabled.json.disabled).toBeNull();
    w.receiver.answer = () => ({ status: 500 });
    w.t.clock.advance(1_000);
    await tell(w);
    await w.work();
    expect((await w.endpoint(id)).rests_until).not.toBeNull();
    w.receiver.answer = () => undefined;
    const later = new Date(TEST_NOW + 1).toISOString();
    const none = await w.ask("POST", `/webhook-endpoints/${id}/resend`, { body: { since: later } });
    expect(none.json.resent).toBe(0);
    const all = await w.ask("POST", `/webhook-endpoints/${id}/resend`, { body: {} });
    expect(all.json.resent).toBe(3);
    await w.work();
    expect((await w.deliveries(id)).map(({ state }) => state)).toEqual(Array(4).fill("delivered"));
  });

  it("what was parked has its three days anew", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 410 });
    await tell(w);
    await w.work();
    w.t.clock.advance(10 * 24 * HOUR);
    await w.ask("PATCH", `/webhook-endpoints/${id}`, { body: { enabled: true } });
    w.receiver.answer = () => ({ status: 500 });
    await w.ask("POST", `/webhook-endpoints/${id}/resend`, { body: {} });
    for (let i = 0; i < LEAST_ATTEMPTS + 2; i++) {
      await w.work();
      w.t.clock.advance(HOUR);
    }
    expect(await w.deliveries(id)).toMatchObject([{ state: "waiting" }]);
  });
});

it("an address that was corrected is tried at once", async () => {
  const w = await webhookWorld();
  const { id } = await w.add();
  w.receiver.answer = ({ url }) => (url.includes("right") ? undefined : { status: 404 });
  await tell(w, 3);
  await w.work();
  const url = "https://right.example.net/in";
  await w.ask("PATCH", `/webhook-endpoints/${id}`, { body: { url } });
  await w.work();
  expect(w.receiver.at(url)).toHaveLength(3);
});

it("when too much is under way here, a message waits and no try is counted", async () => {
  const w = await webhookWorld({
    override: () => ({
      publicFetch: async () => ({ ok: false, reason: "busy", detail: "Too much." }),
    }),
  });
  const { id } = await w.add();
  await tell(w);
  await w.work();
  expect(await w.deliveries(id)).toMatchObject([
    { state: "waiting", attempts: 0, due_at: TEST_NOW + 1_000 },
  ]);
  expect(await w.endpoint(id)).toMatchObject({ failures: 0 });
});
