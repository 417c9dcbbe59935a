// Secrets made on pages: shown once, in no address and no cache, not again when the form is sent again.
import { describe, expect, it } from "vitest";
import { USED_EVERY_MS } from "../../src/auth.ts";
import { apiKeys } from "../../src/db/organizations.ts";
import { webhookEndpoints } from "../../src/db/webhooks.ts";
import { asking, everything } from "../api/ask.ts";
import { type TestApp, testApp } from "../app.ts";
import { signedIn } from "../signed-in.ts";
import { type Administrating, administrating, fieldOf, textOf } from "./administrating.ts";

interface World extends Administrating {
  readonly app: TestApp;
}

async function world(): Promise<World> {
  const app = await testApp();
  return { app, ...(await administrating(app)) };
}

/** So long a second press of the same button is the same press. */
const ONE_PRESS_MS = 10_000;

const SECRETS = {
  "an API key": {
    list: "/admin/api-keys",
    fields: { name: "Course platform", scopes: "badges:read", expiry: "30" },
    changed: { name: "Another" },
    form: /ros_[A-Za-z0-9_-]{43}/,
  },
  "a webhook's secret": {
    list: "/admin/webhooks",
    fields: { url: "https://hooks.example.net/in", description: "", events: "award.created" },
    changed: { url: "https://hooks.example.net/other" },
    form: /whsec_[A-Za-z0-9+/=]{20,}/,
  },
  "an event source's secret": {
    list: "/admin/event-sources",
    fields: { name: "Course platform" },
    changed: { name: "Another" },
    form: /whsec_[A-Za-z0-9+/=]{20,}/,
  },
} as const;

describe.each(Object.entries(SECRETS))("%s", (_name, { list, fields, changed, form }) => {
  it("is shown when it is made, kept by no cache and in no address", async () => {
    const { app, browser } = await world();
    const once = fieldOf(await (await browser.get(list)).text(), "once");
    expect(once).toMatch(/^[0-9a-f-]{36}$/);
    const made = await browser.post(list, { ...fields, once });
    expect([made.status, made.headers.get("cache-control")]).toEqual([201, "no-store"]);
    expect(made.headers.get("location")).toBeNull();
    const [secret] = form.exec(await made.text()) ?? [""];
    expect(secret).not.toBe("");
    expect(await everything(app)).not.toContain(secret);
    expect(JSON.stringify(app.logged)).not.toContain(secret);
    for (const path of [list, "/admin/audit", "/admin/audit.csv"]) {
      expect(await (await browser.get(path)).text()).not.toContain(secret);
    }
  });

  it("is not shown again, nor another made, when the same form is sent again", async () => {
    const { app, browser } = await world();
    const once = fieldOf(await (await browser.get(list)).text(), "once");
    await browser.post(list, { ...fields, once });
    app.clock.advance(ONE_PRESS_MS + 1_000);
    const before = textOf(await (await browser.get(list)).text());
    const again = await browser.post(list, { ...fields, once });
    const html = await again.text();
    expect(again.status).toBe(200);
    expect(html).not.toMatch(form);
    expect(textOf(html)).toContain("is shown once only");
    expect(textOf(await (await browser.get(list)).text())).toBe(before);
  });

  it("pressed twice it is one secret, and either answer shows it: a browser shows the later", async () => {
    const { app, browser } = await world();
    const once = fieldOf(await (await browser.get(list)).text(), "once");
    const press = () => browser.post(list, { ...fields, once });
    const both = await Promise.all([press(), press()]);
    app.clock.advance(ONE_PRESS_MS);
    const shown = await Promise.all([...both, await press()].map((each) => each.text()));
    expect(new Set(shown.map((html) => form.exec(html)?.[0] ?? "none")).size).toBe(1);
    expect(shown[0]).toMatch(form);
  });

  it("is another one for a form that was changed before it was sent again", async () => {
    const { app, browser } = await world();
    const once = fieldOf(await (await browser.get(list)).text(), "once");
    const first = await browser.post(list, { ...fields, once });
    const second = await browser.post(list, { ...fields, ...changed, once });
    expect(second.status).toBe(201);
    app.clock.advance(ONE_PRESS_MS + 1_000);
    const [one, other] = [form.exec(await first.text()), form.exec(await second.text())];
    expect(one?.[0]).not.toBe(other?.[0]);
    const again = await browser.post(list, { ...fields, ...changed, once });
    expect([again.status, form.test(await again.text())]).toEqual([200, false]);
  });
});

describe("API keys", () => {
  it("work with the rights that were ticked, until the day that was chosen", async () => {
    const { app, browser, organization, person } = await world();
    const made = await browser.post("/admin/api-keys", {
      name: "Course platform",
      scopes: "badges:read",
      expiry: "30",
    });
    const [key = ""] = /ros_[A-Za-z0-9_-]{43}/.exec(await made.text()) ?? [];
    const ask = asking(app, key);
    expect((await ask("GET", "/badges")).status).toBe(200);
    expect((await ask("GET", "/users")).status).toBe(403);
    const [row] = await app.env.db.orm.select().from(apiKeys);
    expect(row).toMatchObject({ organization_id: organization.id, scopes: ["badges:read"] });
    expect(new Date(row?.expires_at ?? 0).toISOString()).toBe("2026-11-04T00:00:00.000Z");
    app.clock.advance(32 * 86_400_000);
    expect((await ask("GET", "/badges")).status).toBe(401);
    // The session has ended by then.
    const later = await signedIn(app, person.user.id);
    expect(textOf(await (await later.get("/admin/api-keys")).text())).toContain("expired");
  });

  it("say when they were used last, within some minutes, and what that costs is one write", async () => {
    const { app, browser } = await world();
    const made = await browser.post("/admin/api-keys", {
      name: "k",
      scopes: "*",
      expiry: "never",
    });
    const [key = ""] = /ros_[A-Za-z0-9_-]{43}/.exec(await made.text()) ?? [];
    const usedAt = async () => {
      await app.settle();
      return (await app.env.db.orm.select().from(apiKeys))[0]?.last_used_at;
    };
    expect(textOf(await (await browser.get("/admin/api-keys")).text())).toContain("never");
    const ask = asking(app, key);
    const first = app.clock.now;
    await ask("GET", "/badges");
    expect(await usedAt()).toBe(first);
    app.clock.advance(USED_EVERY_MS - 1);
    await ask("GET", "/badges");
    expect(await usedAt()).toBe(first);
    app.clock.advance(1);
    await ask("GET", "/badges");
    expect(await usedAt()).toBe(first + USED_EVERY_MS);
    expect(textOf(await (await browser.get("/admin/api-keys")).text())).toContain(
      "4 October 2026 at 14:07 UTC",
    );
  });

  it("open nothing once they are revoked, which is asked about first", async () => {
    const { app, browser } = await world();
    const made = await browser.post("/admin/api-keys", { name: "k", scopes: "*", expiry: "never" });
    const [key = ""] = /ros_[A-Za-z0-9_-]{43}/.exec(await made.text()) ?? [];
    const [row] = await app.env.db.orm.select().from(apiKeys);
    const path = `/admin/api-keys/${row?.id}/revoke`;
    const sure = await browser.get(path);
    expect(textOf(await sure.text())).toContain("Revoke the key k?");
    expect((await asking(app, key)("GET", "/badges")).status).toBe(200);
    const done = await browser.post(path);
    expect(done.headers.get("location")).toBe("/admin/api-keys?done=revoked");
    expect((await asking(app, key)("GET", "/badges")).status).toBe(401);
    const list = textOf(await (await browser.get("/admin/api-keys?done=revoked")).text());
    expect(list).toContain("The key is revoked.");
    expect(list).toContain("revoked");
  });

  it.each([
    ["no name", { name: " ", scopes: "*" }, "#name"],
    ["a name that is too long", { name: "n".repeat(101), scopes: "*" }, "#name"],
    ["no rights", { name: "k" }, "#scopes"],
    ["a right there is not", { name: "k", scopes: "all:read" }, "#scopes"],
  ])("are not made of %s, and the form says why at its field", async (_name, fields, link) => {
    const { app, browser } = await world();
    const said = await browser.post("/admin/api-keys", { expiry: "30", ...fields });
    expect(said.status).toBe(422);
    const html = await said.text();
    expect(html).toContain(`href="${link}"`);
    expect(html).toContain(`value="${fields.name.trim()}"`);
    expect(await app.env.db.orm.select().from(apiKeys)).toEqual([]);
  });
});

describe("rotating", () => {
  it("gives a webhook another secret, once, while the one before signs as well", async () => {
    const { app, browser } = await world();
    const made = await browser.post("/admin/webhooks", { url: "https://hooks.example.net/in" });
    const first = /whsec_[A-Za-z0-9+/=]+/.exec(await made.text())?.[0];
    const [row] = await app.env.db.orm.select().from(webhookEndpoints);
    const path = `/admin/webhooks/${row?.id}/rotate`;
    const once = fieldOf(await (await browser.get(path)).text(), "once");
    const rotated = await browser.post(path, { overlap: "168", once });
    expect(rotated.headers.get("cache-control")).toBe("no-store");
    const second = /whsec_[A-Za-z0-9+/=]+/.exec(await rotated.text())?.[0];
    expect(second).not.toBe(first);
    app.clock.advance(ONE_PRESS_MS + 1_000);
    expect(await (await browser.post(path, { overlap: "168", once })).text()).not.toContain(second);
    const one = textOf(await (await browser.get(`/admin/webhooks/${row?.id}`)).text());
    expect(one).toContain("Both secrets sign until 11 October 2026 at 14:02 UTC");
  });

  it("gives an event source another secret, and ends one", async () => {
    const { browser } = await world();
    await browser.post("/admin/event-sources", { name: "Course platform" });
    const list = await (await browser.get("/admin/event-sources")).text();
    const [, path = ""] = /href="(\/admin\/event-sources\/[^"]*\/rotate)"/.exec(list) ?? [];
    const rotated = await browser.post(path, { overlap: "24" });
    expect(await rotated.text()).toMatch(/whsec_/);
    const both = textOf(await (await browser.get("/admin/event-sources")).text());
    expect(both).toContain("both secrets are accepted until 5 October 2026 at 14:02 UTC");
    const end = path.replace("rotate", "revoke");
    expect(textOf(await (await browser.get(end)).text())).toContain("Revoke Course platform?");
    expect((await browser.post(end)).status).toBe(303);
    expect((await browser.post(path, { overlap: "24" })).status).toBe(409);
    expect(textOf(await (await browser.get("/admin/event-sources")).text())).toContain("revoked");
  });
});
