// /admin/webhooks: endpoints, their log, what failed and is sent again.
import { describe, expect, it } from "vitest";
import { webhookDeliveries, webhookEndpoints } from "../../src/db/webhooks.ts";
import { givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { webhookWorld } from "../webhooks/receiver.ts";
import { fieldOf, textOf } from "./administrating.ts";

const URL_IN = "https://hooks.example.net/in";

async function world() {
  const w = await webhookWorld();
  const ada = await givenPerson(w.env, w.organization, { roles: ["organization_administrator"] });
  const browser = await signedIn(w.t, ada.user.id);
  const { id, secret } = await w.add({ url: URL_IN });
  const path = `/admin/webhooks/${id}`;
  return {
    ...w,
    browser,
    id,
    path,
    secret,
    page: async (rest = "") => textOf(await (await browser.get(`${path}${rest}`)).text()),
    /** A test message as the page sends it, and where its own page is. */
    async ping() {
      const sent = await browser.post(`${path}/ping`);
      await w.t.settle();
      return (sent.headers.get("location") ?? "").split("?")[0] ?? "";
    },
  };
}

describe("a test message", () => {
  it("goes at once, and its page says how it went", async () => {
    const { browser, receiver, ping, page } = await world();
    const delivery = await ping();
    expect(receiver.at(URL_IN)).toHaveLength(1);
    const html = await (await browser.get(`${delivery}?done=pinged`)).text();
    const text = textOf(html);
    expect(text).toContain("The message was delivered.");
    expect(text).toContain("204");
    expect(html).toContain("&quot;type&quot;:&quot;ping&quot;");
    expect(await page()).toContain("ping");
  });

  it("that fails says why, and is sent again under the same id", async () => {
    const { browser, receiver, ping, page, t, env } = await world();
    receiver.answer = () => ({ status: 500 });
    const delivery = await ping();
    const failed = textOf(await (await browser.get(`${delivery}?done=pinged`)).text());
    expect(failed).toContain("The message was not accepted. It is tried again by itself");
    expect(failed).toContain("The receiver answered 500; only 200 to 299 accepts a message.");
    expect(await page("?state=waiting")).toContain("500");
    expect(await page("?state=delivered")).toContain("There is none like that.");
    receiver.answer = () => undefined;
    const again = await browser.post(`${delivery}/resend`);
    expect(again.headers.get("location")).toBe(`${delivery}?done=resent`);
    await t.settle();
    const ids = receiver.at(URL_IN).map((one) => one.id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    const [row] = await env.db.orm.select().from(webhookDeliveries);
    expect(row).toMatchObject({ state: "delivered", last_status: 204 });
  });

  it("counts once when its button is pressed twice, and is another from the same page later", async () => {
    const { browser, receiver, path, t } = await world();
    const once = fieldOf(await (await browser.get(path)).text(), "once");
    const press = async () => {
      const sent = await browser.post(`${path}/ping`, { once });
      await t.settle();
      return sent.headers.get("location");
    };
    const first = await press();
    t.clock.advance(10_000);
    expect(await press()).toBe(first);
    t.clock.advance(1_000);
    const second = await press();
    expect(second).not.toBe(first);
    expect(await press()).toBe(second);
    expect(receiver.at(URL_IN)).toHaveLength(2);
  });

  it("of another endpoint is not found beneath this one", async () => {
    const { add, browser, ping, path } = await world();
    const other = await add();
    const [, delivery = ""] = (await ping()).split("/deliveries/");
    expect((await browser.get(`${path}/deliveries/${delivery}`)).status).toBe(200);
    const wrong = `/admin/webhooks/${other.id}/deliveries/${delivery}`;
    expect((await browser.get(wrong)).status).toBe(404);
    expect((await browser.post(`${wrong}/resend`)).status).toBe(404);
  });
});

it("all that failed is sent again", async () => {
  const { browser, receiver, ping, path, t, env, id } = await world();
  receiver.answer = () => ({ status: 500 });
  await ping();
  await ping();
  await env.db.batch([{ sql: "UPDATE webhook_deliveries SET state = 'parked'", params: [] }]);
  receiver.answer = () => undefined;
  const done = await browser.post(`${path}/resend`);
  expect(done.headers.get("location")).toBe(`/admin/webhooks/${id}?done=all-resent`);
  await t.settle();
  const rows = await env.db.orm.select().from(webhookDeliveries);
  expect(rows.map(({ state }) => state)).toEqual(["delivered", "delivered"]);
});

describe("an endpoint", () => {
  it("is changed, disabled, enabled and deleted, and each is in the audit log", async () => {
    const { browser, path, page, id, env } = await world();
    const changed = await browser.post(path, {
      url: "https://hooks.example.net/other",
      description: "Course <platform>",
      events: "award.created",
    });
    expect(changed.headers.get("location")).toBe(`${path}?done=saved`);
    expect(await page()).toContain("https://hooks.example.net/other");
    expect((await browser.post(`${path}/disable`)).headers.get("location")).toBe(
      `${path}?done=disabled`,
    );
    const disabled = await page("?done=disabled");
    expect(disabled).toContain("Somebody disabled it.");
    expect(disabled).not.toContain("Send a test message");
    const list = await (await browser.get("/admin/webhooks?state=disabled")).text();
    expect(list).toContain("Course &lt;platform&gt;");
    expect((await browser.post(`${path}/ping`)).status).toBe(409);
    await browser.post(`${path}/enable`);
    expect(textOf(await (await browser.get("/admin/webhooks?state=disabled")).text())).toContain(
      "No endpoint is disabled.",
    );
    expect(await page("/delete")).toContain("This cannot be taken back.");
    expect((await browser.post(`${path}/delete`)).headers.get("location")).toBe(
      "/admin/webhooks?done=removed",
    );
    expect((await browser.get(path)).status).toBe(404);
    const audit = textOf(await (await browser.get(`/admin/audit?object=${id}`)).text());
    for (const deed of ["Webhook added", "Webhook changed", "Webhook deleted"]) {
      expect(audit).toContain(deed);
    }
    const [row] = await env.db.orm.select().from(webhookEndpoints);
    expect(row?.secret).toBe("");
  });

  it.each([
    ["http://hooks.example.net/in", "#url"],
    ["https://127.0.0.1/in", "#url"],
    ["nothing", "#url"],
  ])("is not added at %s, and the form keeps what was typed", async (url, link) => {
    const { browser, env } = await world();
    const said = await browser.post("/admin/webhooks", { url, description: "kept" });
    const html = await said.text();
    expect(said.status).toBe(422);
    expect(html).toContain(`href="${link}"`);
    expect(html).toContain(`value="${url}"`);
    expect(html).toContain('value="kept"');
    expect(await env.db.orm.select().from(webhookEndpoints)).toHaveLength(1);
  });

  it("is refused in its reader's language", async () => {
    const { browser } = await world();
    const said = await browser.post("/admin/webhooks?lang=de", {
      url: "http://hooks.example.net/",
    });
    expect(textOf(await said.text())).toContain(
      "Geben Sie eine Adresse an, die mit https:// beginnt.",
    );
  });

  it("says in its reader's language why a message failed", async () => {
    const { browser, receiver, ping } = await world();
    receiver.answer = () => ({ status: 404 });
    const delivery = await ping();
    const text = textOf(await (await browser.get(`${delivery}?lang=de`)).text());
    expect(text).toContain("Der Empfänger hat mit 404 geantwortet");
  });

  it("has a log that is read page by page", async () => {
    const { browser, env, path, id, organization, t } = await world();
    await env.db.batch([
      {
        sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
          INSERT INTO webhook_deliveries (id, endpoint_id, organization_id, message_id, type, data,
            occurred_at, state, attempts, due_at, created_at)
          SELECT printf('0193c0de-0000-7000-8000-%012d', i), ?, ?, 'm' || i, 'award.created', '{}',
            ?, 'delivered', 1, ?, ? FROM n`,
        params: [id, organization.id, t.clock.now, t.clock.now, t.clock.now],
      },
    ]);
    const seen: string[] = [];
    let next: string | null = `${path}?state=delivered`;
    while (next !== null) {
      const html: string = await (await browser.get(next)).text();
      seen.push(...[...html.matchAll(/deliveries\/([0-9a-f-]{36})"/g)].map(([, one = ""]) => one));
      next = /href="([^"#]*)[^"]*" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? null;
    }
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
  });
});
