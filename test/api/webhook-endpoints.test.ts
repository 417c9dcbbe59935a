// Webhook endpoints over the API: every address that is refused, every status, and a secret shown once.
import { describe, expect, it } from "vitest";
import { WEBHOOK_EVENTS } from "../../src/issuer/announce.ts";
import { MAX_ENDPOINTS } from "../../src/webhooks/endpoint.ts";
import { givenApiKey } from "../given.ts";
import { type WebhookWorld, webhookWorld } from "../webhooks/receiver.ts";
import { asking, everything } from "./ask.ts";

const URL = "https://hooks.example.net/in";

async function refusedBy(w: WebhookWorld, method: string, path: string, body: unknown) {
  const before = await everything(w.t);
  const said = await w.ask(method, path, { body });
  expect(await everything(w.t)).toBe(before);
  return said;
}

describe("POST /webhook-endpoints", () => {
  it("adds one, and shows its secret once", async () => {
    const w = await webhookWorld();
    const body = { url: URL, description: "Course platform", events: ["award.created"] };
    const made = await w.ask("POST", "/webhook-endpoints", { body });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ ...body, enabled: true, disabled: null });
    const secret = String(made.json.secret);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/);
    expect(made.headers.get("location")).toBe(`/api/v1/webhook-endpoints/${made.json.id}`);
    await w.ask("POST", `/webhook-endpoints/${made.json.id}/ping`);
    await w.work();
    const [ping] = await w.deliveries();
    for (const path of [
      "/webhook-endpoints",
      `/webhook-endpoints/${made.json.id}`,
      `/webhook-endpoints/${made.json.id}/deliveries`,
      `/webhook-deliveries/${ping?.id}`,
    ]) {
      const said = await w.ask("GET", path);
      expect([path, said.status]).toEqual([path, 200]);
      expect(said.text).not.toContain(secret);
      expect(said.text).not.toContain('secret":');
    }
    expect(await everything(w.t)).not.toContain(secret.slice("whsec_".length));
    expect(JSON.stringify(w.t.logged)).not.toContain(secret.slice("whsec_".length));
  });

  it("is repeated with one Idempotency-Key, and keeps the secret sealed for that", async () => {
    const w = await webhookWorld();
    const asked = { body: { url: URL }, headers: { "idempotency-key": "one" } };
    const first = await w.ask("POST", "/webhook-endpoints", asked);
    const second = await w.ask("POST", "/webhook-endpoints", asked);
    expect(second.json.secret).toBe(first.json.secret);
    expect((await w.ask("GET", "/webhook-endpoints")).json.data).toHaveLength(1);
    expect(await everything(w.t)).not.toContain(String(first.json.secret).slice(6));
  });

  it.each([
    ["http://hooks.example.net/in", "webhook_not_https"],
    ["ftp://hooks.example.net/in", "webhook_not_https"],
    ["https://kim:pw@hooks.example.net/in", "webhook_credentials_in_url"],
    ["https://hooks.example.net:8443/in", "webhook_port_not_allowed"],
    ["hooks.example.net/in", "webhook_bad_url"],
    ["https://", "webhook_bad_url"],
    ["https://localhost/in", "webhook_address_not_public"],
    ["http://localhost/in", "webhook_not_https"],
    ["https://hooks/in", "webhook_address_not_public"],
    ["https://hooks.internal/in", "webhook_address_not_public"],
    ["https://printer.local/in", "webhook_address_not_public"],
    ["https://127.0.0.1/in", "webhook_address_not_public"],
    ["https://2130706433/in", "webhook_address_not_public"],
    ["https://0x7f.1/in", "webhook_address_not_public"],
    ["https://10.1.2.3/in", "webhook_address_not_public"],
    ["https://169.254.169.254/latest", "webhook_address_not_public"],
    ["https://192.168.1.1/in", "webhook_address_not_public"],
    ["https://[::1]/in", "webhook_address_not_public"],
    ["https://[::ffff:10.0.0.1]/in", "webhook_address_not_public"],
    ["https://[fd00::1]/in", "webhook_address_not_public"],
    [`https://hooks.example.net/${"x".repeat(2_048)}`, "too_large"],
    ["", "too_small"],
    [7, "wrong_type"],
    [undefined, "required"],
  ])("refuses the address %s", async (url, code) => {
    const w = await webhookWorld();
    const said = await refusedBy(w, "POST", "/webhook-endpoints", { url });
    expect([said.status, said.json.code]).toEqual([422, "invalid-request"]);
    expect(said.json.errors).toMatchObject([{ pointer: "/url", code }]);
    expect(said.json.errors[0]?.fix).not.toBe("");
  });

  it.each([
    [{ events: ["award.stolen"] }, "/events/0"],
    [{ events: "award.created" }, "/events"],
    [{ events: Array(WEBHOOK_EVENTS.length + 1).fill("ping") }, "/events"],
    [{ description: "x".repeat(501) }, "/description"],
    [{ secret: "whsec_mine" }, "/secret"],
  ])("refuses %j", async (more, pointer) => {
    const w = await webhookWorld();
    const said = await refusedBy(w, "POST", "/webhook-endpoints", { url: URL, ...more });
    expect(said.status).toBe(422);
    expect(said.json.errors.map((error) => error.pointer)).toEqual([pointer]);
  });

  it("takes an address of this very machine where the server is there itself", async () => {
    const loopbackOrigins = ["http://localhost:8080"];
    const w = await webhookWorld({ override: () => ({ loopbackOrigins }) });
    const near = await w.ask("POST", "/webhook-endpoints", {
      body: { url: "http://localhost:8080/in" },
    });
    expect(near.status).toBe(201);
    const other = await w.ask("POST", "/webhook-endpoints", {
      body: { url: "http://localhost:8081/in" },
    });
    expect(other.status).toBe(422);
  });

  it(`takes ${MAX_ENDPOINTS}, and one more once one is deleted`, async () => {
    const w = await webhookWorld();
    for (let i = 0; i < MAX_ENDPOINTS; i++) await w.add();
    const said = await refusedBy(w, "POST", "/webhook-endpoints", { url: URL });
    expect([said.status, said.json.code]).toEqual([409, "too-many-webhook-endpoints"]);
    const [first] = (await w.ask("GET", "/webhook-endpoints")).json.data;
    await w.ask("DELETE", `/webhook-endpoints/${first?.id}`);
    expect((await w.ask("POST", "/webhook-endpoints", { body: { url: URL } })).status).toBe(201);
  });

  it("of several at once takes no more than that", async () => {
    const w = await webhookWorld();
    const said = await Promise.all(
      Array.from({ length: MAX_ENDPOINTS + 5 }, () =>
        w.ask("POST", "/webhook-endpoints", { body: { url: URL } }),
      ),
    );
    const statuses = said.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(MAX_ENDPOINTS);
    expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  });
});

describe("who may", () => {
  it.each([
    ["GET", "/webhook-endpoints", "webhooks:read"],
    ["POST", "/webhook-endpoints", "webhooks:write"],
    ["GET", "/webhook-endpoints/x", "webhooks:read"],
    ["PATCH", "/webhook-endpoints/x", "webhooks:write"],
    ["DELETE", "/webhook-endpoints/x", "webhooks:write"],
    ["POST", "/webhook-endpoints/x/rotate-secret", "webhooks:write"],
    ["POST", "/webhook-endpoints/x/ping", "webhooks:write"],
    ["POST", "/webhook-endpoints/x/resend", "webhooks:write"],
    ["GET", "/webhook-endpoints/x/deliveries", "webhooks:read"],
    ["GET", "/webhook-deliveries/x", "webhooks:read"],
    ["POST", "/webhook-deliveries/x/resend", "webhooks:write"],
  ])("%s %s needs %s", async (method, path, scope) => {
    const w = await webhookWorld();
    const other = scope === "webhooks:read" ? "webhooks:write" : "webhooks:read";
    const key = await givenApiKey(w.env, w.organization, [other]);
    const asked = method === "GET" || method === "DELETE" ? {} : { body: {} };
    expect((await asking(w.t, key)(method, path, asked)).status).toBe(403);
    expect((await asking(w.t, null)(method, path, asked)).status).toBe(401);
  });
});

describe("PATCH /webhook-endpoints/{id}", () => {
  it("changes what is given, and nothing else", async () => {
    const w = await webhookWorld();
    const { id } = await w.add({ url: URL, events: ["ping"], description: "old" });
    const said = await w.ask("PATCH", `/webhook-endpoints/${id}`, {
      body: { description: "new", events: [] },
    });
    expect(said.json).toMatchObject({ url: URL, description: "new", events: [], enabled: true });
    const got = await w.ask("GET", `/webhook-endpoints/${id}`);
    expect(got.json).toEqual(said.json);
    expect(got.headers.get("etag")).toBe(said.headers.get("etag"));
  });

  it("refuses an address that is not asked, and a state that was changed meanwhile", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    const bad = await refusedBy(w, "PATCH", `/webhook-endpoints/${id}`, {
      url: "https://10.0.0.1/",
    });
    expect(bad.status).toBe(422);
    const path = `/webhook-endpoints/${id}`;
    const etag = (await w.ask("GET", path)).headers.get("etag") ?? "";
    await w.ask("PATCH", path, { body: { description: "mine" } });
    for (const [method, at] of [
      ["PATCH", path],
      ["DELETE", path],
      ["POST", `${path}/rotate-secret`],
    ] as const) {
      const late = await w.ask(method, at, {
        ...(method === "DELETE" ? {} : { body: {} }),
        headers: { "if-match": etag },
      });
      expect([at, late.status]).toEqual([at, 412]);
    }
  });

  it("disables: nothing is kept meanwhile, what waited is parked; enables again", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    const path = `/webhook-endpoints/${id}`;
    await w.ask("POST", `${path}/ping`);
    const off = await w.ask("PATCH", path, { body: { enabled: false } });
    expect(off.json).toMatchObject({ enabled: false, disabled: { reason: "by_hand" } });
    await w.work();
    expect(w.receiver.received).toEqual([]);
    const [row] = await w.deliveries(id);
    expect(row).toMatchObject({ state: "parked", last_error: "endpoint-disabled" });
    for (const at of [`${path}/ping`, `${path}/resend`, `/webhook-deliveries/${row?.id}/resend`]) {
      const said = await refusedBy(w, "POST", at, at.endsWith("/ping") ? undefined : {});
      expect([at, said.status, said.json.code]).toEqual([at, 409, "webhook-endpoint-disabled"]);
    }
    const on = await w.ask("PATCH", path, { body: { enabled: true } });
    expect(on.json).toMatchObject({ enabled: true, disabled: null });
    expect((await w.ask("POST", `${path}/ping`)).status).toBe(201);
    await w.work();
    expect(w.receiver.received).toHaveLength(1);
  });
});

describe("POST /webhook-endpoints/{id}/rotate-secret", () => {
  it.each([
    [{ overlap_hours: 168 }, 200],
    [{ overlap_hours: 169 }, 422],
    [{ overlap_hours: -1 }, 422],
    [{ overlap_hours: 1.5 }, 422],
    [{}, 200],
  ])("%j: %i", async (body, status) => {
    const w = await webhookWorld();
    const { id, secret } = await w.add();
    const said = await w.ask("POST", `/webhook-endpoints/${id}/rotate-secret`, { body });
    expect(said.status).toBe(status);
    expect(await everything(w.t)).not.toContain(secret.slice(6));
    if (status === 200) expect(said.json.previous_secret_until).not.toBeNull();
  });

  it("with no overlap ends the secret before at once", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    const said = await w.ask("POST", `/webhook-endpoints/${id}/rotate-secret`, {
      body: { overlap_hours: 0 },
    });
    expect(said.json.previous_secret_until).toBeNull();
    await w.ask("POST", `/webhook-endpoints/${id}/ping`);
    await w.work();
    expect(w.receiver.received[0]?.signatures).toHaveLength(1);
  });
});

describe("DELETE /webhook-endpoints/{id}", () => {
  it("takes it away with its log, and sends nothing more", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    const ping = await w.ask("POST", `/webhook-endpoints/${id}/ping`);
    expect((await w.ask("DELETE", `/webhook-endpoints/${id}`)).status).toBe(204);
    await w.work();
    expect(w.receiver.received).toEqual([]);
    for (const path of [
      `/webhook-endpoints/${id}`,
      `/webhook-endpoints/${id}/deliveries`,
      `/webhook-deliveries/${ping.json.id}`,
    ]) {
      expect([path, (await w.ask("GET", path)).status]).toEqual([path, 404]);
    }
    expect((await w.ask("GET", "/webhook-endpoints")).json.data).toEqual([]);
    expect((await w.ask("DELETE", `/webhook-endpoints/${id}`)).status).toBe(404);
  });
});

describe("GET /webhook-endpoints/{id}/deliveries", () => {
  it("shows the newest first, page by page, and those of one state", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    for (let i = 0; i < 5; i++) {
      await w.ask("POST", `/webhook-endpoints/${id}/ping`);
      w.t.clock.advance(1);
    }
    const all = await w.ask("GET", `/webhook-endpoints/${id}/deliveries?limit=3`);
    expect(all.json.data).toHaveLength(3);
    const rest = await w.ask(
      "GET",
      `/webhook-endpoints/${id}/deliveries?limit=3&cursor=${all.json.next_cursor}`,
    );
    expect(rest.json.data).toHaveLength(2);
    const ids = [...all.json.data, ...rest.json.data].map((row) => row.id);
    expect(ids).toEqual([...ids].sort().reverse());
    await w.work();
    const count = async (state: string) =>
      (await w.ask("GET", `/webhook-endpoints/${id}/deliveries?state=${state}`)).json.data.length;
    expect([await count("delivered"), await count("waiting"), await count("parked")]).toEqual([
      5, 0, 0,
    ]);
    const bad = await w.ask("GET", `/webhook-endpoints/${id}/deliveries?state=lost`);
    expect(bad.status).toBe(422);
  });

  it("shows the body as it was sent, and when it is tried again", async () => {
    const w = await webhookWorld();
    const { id } = await w.add();
    w.receiver.answer = () => ({ status: 502 });
    await w.ask("POST", `/webhook-endpoints/${id}/ping`);
    await w.work();
    const [row] = (await w.ask("GET", `/webhook-endpoints/${id}/deliveries`)).json.data;
    expect(row).toMatchObject({
      endpoint: id,
      type: "ping",
      state: "waiting",
      attempts: 1,
      last_status: 502,
      last_error: { code: "not-accepted", detail: expect.stringContaining("502") },
      webhook_id: w.receiver.received[0]?.id,
      body: w.receiver.received[0]?.body,
    });
    expect(Date.parse(String(row?.next_attempt_at))).toBeGreaterThan(w.t.clock.now);
  });
});
