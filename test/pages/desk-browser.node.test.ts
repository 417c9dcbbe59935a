// Keys, webhooks, mail, audit and health in a real browser: both themes, the narrowest screen, the keyboard, without scripts.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { makeSiteAdministrator } from "../desk/administrating.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenNotification } from "../mail/given.ts";
import { signedIn } from "../signed-in.ts";
import { type WebhookWorld, webhookWorld } from "../webhooks/receiver.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  cutOff,
  keyboardWalk,
  NO_NARROW_FAULTS,
  narrowFaults,
} from "./walk.node.ts";

const TIMEOUT = 120_000;
const LONG =
  "A program whose name goes on and on, Donaudampfschifffahrtsgesellschaftskapitänsmütze";

let world: WebhookWorld;
let administrator: string;
let hash: string;
let paths: Readonly<Record<string, string>>;

const stage = browserStage(async () => {
  // On plain http, so that the session's cookie is one that this browser takes.
  world = await webhookWorld({ shared: true, publicUrl: "http://127.0.0.1" });
  const { t, env, organization, ask } = world;
  const ada = await givenPerson(env, organization, {
    name: "Ada Lovelace",
    roles: ["organization_administrator"],
  });
  await makeSiteAdministrator(env, ada);
  administrator = ada.user.id;
  const badge = await givenBadge(env, organization, { name: "Streak Champion" });
  const award = await givenAward(env, badge, await givenPerson(env, organization));
  hash = award.unique_hash;
  await givenNotification(env, award);
  await ask("POST", "/api-keys", { body: { name: LONG, scopes: ["badges:read", "events:write"] } });
  await ask("POST", "/event-sources", { body: { name: LONG } });
  await ask("POST", "/signing-keys");
  const key = await ask("POST", "/signing-keys");
  await ask("PUT", "/mail-templates/award.created/de", {
    body: { subject: "Glückwunsch", body: "x" },
  });
  const endpoint = await world.add({ description: LONG });
  world.receiver.answer = () => ({ status: 500 });
  const ping = await ask("POST", `/webhook-endpoints/${endpoint.id}/ping`);
  await world.work();
  await env.db.batch([
    {
      sql: `INSERT INTO jobs (id, kind, payload, due_at, attempts, last_error, parked_at)
        VALUES ('0193c0de-0000-7000-8000-000000000000', 'mail.sign_in', '{}', 0, 9, 'mail-refused', ?)`,
      params: [t.clock.now],
    },
  ]);
  const at = `/admin/webhooks/${endpoint.id}`;
  paths = {
    "signing keys": "/admin/keys?done=rotated",
    "before the key is changed": "/admin/keys/rotate",
    "before a key is revoked": `/admin/keys/${key.json.id}/revoke`,
    "API keys": "/admin/api-keys",
    webhooks: "/admin/webhooks",
    "one webhook": at,
    "before its secret is changed": `${at}/rotate`,
    "one message": `${at}/deliveries/${ping.json.id}?done=pinged`,
    "event sources": "/admin/event-sources",
    mail: "/admin/mail?state=parked",
    "the wording": "/admin/mail/templates",
    "one mail's wording": "/admin/mail/template?kind=award.created&language=de",
    audit: "/admin/audit",
    health: "/admin/health",
  };
  return t;
});

async function visit<T>(
  path: string,
  script: boolean,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const use = async (page: Page) => {
    const answer = await page.goto(stage.origin + path);
    expect([path, answer?.status()]).toEqual([path, 200]);
    return look(page);
  };
  const options = { bypassCSP: script, javaScriptEnabled: script };
  return stage.inContext(options, use, await signedIn(world.t, administrator));
}

inBrowser("every page", { timeout: TIMEOUT }, () => {
  it("has nothing that axe finds, and scrolls nowhere sideways", async () => {
    await visit("/admin/keys", true, async (page) => {
      for (const [name, path] of Object.entries(paths)) {
        const answer = await page.goto(stage.origin + path);
        expect([name, answer?.status()]).toEqual([name, 200]);
        expect([name, await axeEverywhere(page, name)]).toEqual([name, []]);
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
        expect([name, await cutOff(page)]).toEqual([name, []]);
      }
    });
  });

  it("that shows a secret once is one of them", async () => {
    await visit("/admin/api-keys", true, async (page) => {
      await page.getByLabel("Name").fill("Shown once");
      await page.getByLabel("Read badges").check();
      await page.getByRole("button", { name: "Make a key" }).click();
      await page.locator(".secret").waitFor();
      expect(await axeEverywhere(page, "a secret")).toEqual([]);
      expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
    });
  });

  it.each(["API keys", "one webhook", "one mail's wording", "audit"])(
    "%s: every link and control is reached in reading order, and shows its focus",
    async (name) => {
      await visit(paths[name] ?? "", true, async (page) => {
        const { reached, stops, unseen, skipLinkAt } = await keyboardWalk(page);
        expect(skipLinkAt).toBeGreaterThanOrEqual(0);
        expect(unseen).toEqual([]);
        expect(reached).toEqual([...reached].sort((one, other) => one - other));
        expect(reached.length).toBe(stops);
      });
    },
  );
});

inBrowser("with scripts off", { timeout: TIMEOUT }, () => {
  it("a key is made, and the API is called with it", async () => {
    await visit("/admin/api-keys", false, async (page) => {
      await page.getByLabel("Name").fill("Course platform");
      await page.getByLabel("Read badges").check();
      await page.getByRole("button", { name: "Make a key" }).click();
      const key = await page.locator(".secret").innerText();
      expect(page.url()).toBe(`${stage.origin}/admin/api-keys`);
      const asked = await fetch(`${stage.origin}/api/v1/badges`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const { data } = (await asked.json()) as { readonly data: readonly { name: string }[] };
      expect([asked.status, data.map(({ name }) => name)]).toEqual([200, ["Streak Champion"]]);
      await world.t.settle();
      await page.getByRole("link", { name: "Back to the keys" }).click();
      const row = page.getByRole("row", { name: "Course platform" });
      expect(await row.innerText()).toContain("4 October 2026 at 14:02 UTC");
      expect(await page.content()).not.toContain(key);
      await row.getByRole("link", { name: "Revoke" }).click();
      await page.getByRole("button", { name: "Revoke" }).click();
      expect(await page.getByRole("status").innerText()).toBe("The key is revoked.");
    });
  });

  it("a webhook is added, its test message fails, and is sent again", async () => {
    world.receiver.answer = () => ({ status: 503 });
    await visit("/admin/webhooks", false, async (page) => {
      await page.getByLabel("Address").fill("http://hooks.example.net/");
      await page.getByRole("button", { name: "Add an endpoint" }).click();
      await page.getByRole("link", { name: "Address" }).click();
      await page.getByLabel("Address").fill("https://new.example.net/in");
      await page.getByRole("button", { name: "Add an endpoint" }).click();
      expect(await page.locator(".secret").innerText()).toMatch(/^whsec_/);
      await page.getByRole("link", { name: "Back to the endpoint" }).click();
      await page.getByRole("button", { name: "Send a test message" }).click();
      await page.waitForURL("**?done=pinged");
      await world.t.settle();
      await page.reload();
      expect(await page.locator(".facts").innerText()).toContain("503");
      world.receiver.answer = () => undefined;
      await page.getByRole("button", { name: "Send again" }).click();
      await page.waitForURL("**?done=resent");
      await world.t.settle();
      await page.reload();
      expect(await page.locator(".facts").innerText()).toContain("delivered");
      await page.getByRole("link", { name: "Back to the endpoint" }).click();
      await page.getByRole("link", { name: "Delivered" }).click();
      expect(await page.getByRole("row", { name: "ping" }).innerText()).toContain("204");
    });
  });

  it("the signing key is changed, and an old badge still verifies", async () => {
    const url = `${stage.origin}/ob/v2/assertions/${hash}/signed`;
    const old = await (await fetch(url)).text();
    await visit("/admin/keys", false, async (page) => {
      await page.getByRole("link", { name: "Change the key" }).click();
      await page.getByRole("button", { name: "Change the key" }).click();
      expect(await page.getByRole("status").innerText()).toContain("Old badges still verify");
      expect(await (await fetch(url)).text()).not.toBe(old);
      const kid = JSON.parse(atob(old.split(".")[0] ?? "")).kid as string;
      const document = await fetch(`${stage.origin}/ob/v2/keys/${kid.split("/").at(-1)}`);
      expect(document.status).toBe(200);
      await page.goto(`${stage.origin}/verify`);
      await page.locator("textarea").first().fill(old);
      await page.getByRole("button", { name: "Verify" }).first().click();
      const heading = await page.locator("h1").first().innerText();
      expect(heading).not.toMatch(/revoked|invalid|tampered/i);
    });
  });

  it("a mail's wording is previewed, saved and set back", async () => {
    await visit("/admin/mail/templates", false, async (page) => {
      await page.getByRole("textbox", { name: "Language" }).fill("fr");
      await page.getByRole("button", { name: "Write" }).click();
      await page.getByLabel("Subject").fill("Bravo %username%");
      await page.getByRole("button", { name: "Preview" }).click();
      expect(await page.locator(".mail-sample").innerText()).toContain("Bravo Noor Haddad");
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.getByRole("status").innerText()).toBe("The words are saved.");
      await page.getByRole("button", { name: "Remove these words" }).click();
      expect(await page.getByRole("status").innerText()).toBe("Your words are removed.");
    });
  });

  it("the audit log is narrowed down, and work that was given up is done again", async () => {
    await visit("/admin/audit", false, async (page) => {
      await page.getByLabel("What was done").selectOption("api_key");
      await page.getByRole("button", { name: "Show", exact: true }).click();
      const rows = await page.getByRole("rowheader").allInnerTexts();
      expect(new Set(rows)).toEqual(new Set(["API key made", "API key revoked"]));
      await page.goto(`${stage.origin}/admin/health`);
      await page.getByRole("button", { name: "Do all of it again" }).click();
      expect(await page.getByRole("status").innerText()).toContain("being done again");
    });
  });
});
