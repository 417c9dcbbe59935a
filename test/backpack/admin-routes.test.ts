// The site's backpacks for its administrators: every address, who may, and what the forms leave behind.
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { PERSONAL_SHOWN } from "../../src/backpack/admin/routes.ts";
import { auditLog } from "../../src/db/audit.ts";
import { authorizationServers, backpacks, connections } from "../../src/db/backpacks.ts";
import { deliveries } from "../../src/db/deliveries.ts";
import type { Env } from "../../src/env.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenDelivery, givenShelves, type Shelves } from "../pages/shelf-scenes.ts";
import { signedIn } from "../signed-in.ts";
import { BACKPACK_ORIGIN, twoSides } from "../simulator.ts";

const BROWSER = { accept: "text/html" };
const NOBODY = "00000000-0000-7000-8000-000000000000";
const LIST = "/admin/backpacks";
const DEEDS = ["probe", "settings", "client", "replay", "remove"] as const;

const pathOf = ({ id }: { readonly id: string }, rest = "") => `${LIST}/${id}${rest}`;

interface Scene {
  readonly app: TestApp;
  readonly env: Env;
  readonly shelves: Shelves;
  readonly ada: Awaited<ReturnType<typeof signedIn>>;
  readonly noor: Awaited<ReturnType<typeof signedIn>>;
}

async function scene(): Promise<Scene> {
  const app = await testApp();
  const shelves = await givenShelves(app.env);
  return {
    app,
    env: app.env,
    shelves,
    ada: await signedIn(app, shelves.administrator.user.id),
    noor: await signedIn(app, shelves.noor.user.id),
  };
}

async function administratorOf(app: TestApp) {
  const { user } = await givenPerson(app.env, await givenOrganization(app.env));
  await app.env.db.batch([
    { sql: "UPDATE users SET is_site_administrator = 1 WHERE id = ?", params: [user.id] },
  ]);
  return signedIn(app, user.id);
}

async function rowOf(env: Env, id: string) {
  const [row] = await env.db.orm.select().from(backpacks).where(eq(backpacks.id, id));
  return row;
}

describe("who may", () => {
  const ADDRESSES = [
    ["GET", LIST],
    ["POST", LIST],
    ["POST", `${LIST}/order`],
    ["GET", `${LIST}/${NOBODY}`],
    ["GET", `${LIST}/${NOBODY}/remove`],
    ...DEEDS.map((deed) => ["POST", `${LIST}/${NOBODY}/${deed}`] as const),
  ] as const;

  it.each(ADDRESSES)("%s %s: nobody who is not signed in", async (method, path) => {
    const { request } = await testApp();
    const browser = await request(path, { method, headers: BROWSER });
    expect(browser.status).toBe(303);
    expect(browser.headers.get("location")).toMatch(/^\/login/);
    expect((await request(path, { method })).status).toBe(401);
  });

  it("nobody who is no administrator, whatever the address", async () => {
    const { noor, shelves } = await scene();
    for (const [method, path] of [
      ...ADDRESSES,
      ["GET", pathOf(shelves.connected)],
      ["POST", pathOf(shelves.connected, "/remove")],
    ] as const) {
      const response = await (method === "GET" ? noor.get(path) : noor.post(path));
      expect(response.status, path).toBe(403);
      expect(await response.text()).not.toContain("Harbour");
    }
  });

  it.each(["", "/order", ...DEEDS.map((deed) => `/:id/${deed}`)])(
    "a form of another session changes nothing: POST …%s",
    async (rest) => {
      const { env, ada, noor, shelves } = await scene();
      const before = await env.db.orm.select().from(backpacks);
      const path = `${LIST}${rest.replace(":id", shelves.connected.id)}`;
      for (const form_token of ["", noor.formToken]) {
        expect((await ada.post(path, { form_token })).status).toBe(403);
      }
      expect(await env.db.orm.select().from(backpacks)).toEqual(before);
    },
  );

  it.each([
    ["PUT", LIST, "GET, HEAD, POST"],
    ["DELETE", `${LIST}/${NOBODY}`, "GET, HEAD"],
    ["PATCH", `${LIST}/${NOBODY}/remove`, "GET, HEAD, POST"],
    ["GET", `${LIST}/${NOBODY}/probe`, "POST"],
  ])("%s %s is another method", async (method, path, allow) => {
    const { request } = await testApp();
    const response = await request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
  });

  it("what is not there is not found", async () => {
    const { ada, shelves } = await scene();
    expect((await ada.get(`${LIST}/${NOBODY}`)).status).toBe(404);
    expect((await ada.get(`${LIST}/${NOBODY}/remove`)).status).toBe(404);
    expect((await ada.post(pathOf(shelves.connected, "/explode"))).status).toBe(404);
    for (const deed of DEEDS) {
      expect((await ada.post(`${LIST}/${NOBODY}/${deed}`)).status).toBe(404);
    }
    const order = { backpack: NOBODY, direction: "up" };
    expect((await ada.post(`${LIST}/order`, order)).status).toBe(404);
  });
});

describe("the list", () => {
  it("shows every backpack in order, with how it goes with each", async () => {
    const { ada, env, shelves } = await scene();
    await env.db.batch([
      {
        sql: `INSERT INTO outbound_hosts
            (host, consecutive_failures, open_until, last_success_at, updated_at)
          VALUES (?, 9, ?, ?, ?)`,
        params: [
          new URL(shelves.reconnect.backpack_api_url).host,
          env.now() + 60_000,
          env.now() - 3_600_000,
          env.now(),
        ],
      },
    ]);
    const response = await ada.get(LIST);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const html = await response.text();
    expect(html.match(/<li class="sheet pad">/g)).toHaveLength(6);
    for (const words of [
      "1 person connected",
      "0 people connected</strong>, 1 must reconnect",
      "1 given up, 1 refused",
      "Deliveries given up",
      "Does not answer",
      "Switched off",
      "Not offered to everybody",
      "In order",
    ]) {
      expect(html).toContain(words);
    }
    expect(html).not.toContain("<script>alert");
  });

  it("shows the newest of what people added for themselves, and how many there are", async () => {
    const { ada, env, shelves } = await scene();
    const count = PERSONAL_SHOWN + 10;
    await env.db.batch([
      {
        sql: `INSERT INTO badge_external_backpacks (id, name, api_version, backpack_api_url,
            backpack_web_url, sort_order, added_by_user_id, updated_at)
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          SELECT printf('own-%03d', i), printf('Own %03d', i), 'v2p1', 'https://a/' || i,
            'https://b/' || i, 100 + i, ?, 0 FROM n`,
        params: [count, shelves.kim.user.id],
      },
    ]);
    const html = await (await ada.get(LIST)).text();
    expect(html.match(/<li class="sheet pad">/g)).toHaveLength(5 + PERSONAL_SHOWN);
    expect(html).toContain(`Own ${String(count).padStart(3, "0")}`);
    expect(html).not.toContain("Own 001");
    expect(html).toContain(`Only the newest ${PERSONAL_SHOWN} of ${count + 1} are listed.`);
  });

  it("says so where there is none", async () => {
    const app = await testApp();
    const ada = await administratorOf(app);
    expect(await (await ada.get(LIST)).text()).toContain("There is none yet");
  });

  it("is put in order a step at a time, and ends do not move", async () => {
    const { ada, env, shelves } = await scene();
    const order = async () => {
      const rows = await env.db.orm.select().from(backpacks).orderBy(asc(backpacks.sort_order));
      return rows.map(({ id }) => id);
    };
    const move = (which: { readonly id: string }, direction: string) =>
      ada.post(`${LIST}/order`, { backpack: which.id, direction });
    const { connected, reconnect, offered, off, hostile, empty } = shelves;
    const ids = (...some: { readonly id: string }[]) => some.map(({ id }) => id);
    expect((await move(reconnect, "up")).headers.get("location")).toBe(`${LIST}?done=ordered`);
    expect(await order()).toEqual(ids(reconnect, connected, offered, off, empty, hostile));
    await move(reconnect, "up");
    await move(empty, "down");
    await move(connected, "down");
    expect(await order()).toEqual(ids(reconnect, offered, connected, off, empty, hostile));
    // What one person added has no place among them.
    expect((await move(hostile, "up")).status).toBe(404);
  });
});

describe("adding by address", () => {
  it("tries the backpack at once, and shows what works there", async () => {
    const { issuer } = await twoSides();
    const ada = await administratorOf(issuer);
    const fields = { address: "backpack.example.net", auto_sync_default: "1" };
    const response = await ada.post(LIST, fields);
    expect(response.status).toBe(303);
    const [row] = await issuer.env.db.orm.select().from(backpacks);
    expect(row).toMatchObject({
      backpack_web_url: BACKPACK_ORIGIN,
      added_by_user_id: null,
      auto_sync_default: true,
      is_enabled: true,
    });
    const page = response.headers.get("location") ?? "";
    expect(page).toBe(`${LIST}/${row?.id}?done=added`);
    const html = await (await ada.get(page)).text();
    expect(html).toContain("What works there is listed below.");
    expect(html).toMatch(/<dt>Connecting<\/dt><dd>works<\/dd>/);
    const [entry] = await issuer.env.db.orm
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, "backpack.added"));
    expect(entry).toMatchObject({ actor_kind: "user", object_id: row?.id });
    const again = await ada.post(LIST, fields);
    expect(again.headers.get("location")).toBe(`${LIST}/${row?.id}?done=known`);
  });

  it("says what is wrong with an address, and keeps it in the box", async () => {
    const { issuer } = await twoSides();
    const ada = await administratorOf(issuer);
    const response = await ada.post(LIST, { address: "https://nobody.example.net" });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('role="alert"');
    expect(html).toContain('value="https://nobody.example.net"');
  });
});

describe("one backpack", () => {
  it("shows what did not go through, to whom, and why", async () => {
    const { ada, shelves } = await scene();
    const html = await (await ada.get(pathOf(shelves.connected))).text();
    for (const words of [
      "Deliveries that did not go through",
      "Night Walk Guide",
      "Bridge Builder",
      "Noor Haddad",
      "Recipient does not match this account.",
      "It has not been tried yet.",
      "Rosette registers itself when the first person connects.",
    ]) {
      expect(html).toContain(words);
    }
    expect(html).not.toContain("noor@example.org");
  });

  it("names whoever has no name of their own by an address they have proven, and no other", async () => {
    const { ada, env, shelves } = await scene();
    await env.db.batch([{ sql: "UPDATE users SET name = NULL", params: [] }]);
    const html = async () => (await ada.get(pathOf(shelves.connected))).text();
    expect(await html()).toContain("<bdi>noor@example.org</bdi>");
    await env.db.batch([{ sql: "UPDATE identities SET verified_at = NULL", params: [] }]);
    expect(await html()).toContain("<bdi>Somebody without a name</bdi>");
  });

  it("is tried, and what was found stays", async () => {
    const { ada, env, shelves } = await scene();
    const response = await ada.post(pathOf(shelves.connected, "/probe"));
    expect(response.headers.get("location")).toBe(`${pathOf(shelves.connected)}?done=probed`);
    expect((await rowOf(env, shelves.connected.id))?.last_probe_at).toBe(env.now());
    const html = await (await ada.get(pathOf(shelves.connected))).text();
    expect(html).toContain("Does not work");
  });

  it("what another version found there is tried again", async () => {
    const { ada, env, shelves } = await scene();
    for (const kept of ['"a text"', "[]", "{}", '{"checks":1}']) {
      await env.db.batch([
        { sql: "UPDATE badge_external_backpacks SET last_probe = ?", params: [kept] },
      ]);
      const response = await ada.get(pathOf(shelves.connected));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("It has not been tried yet.");
    }
  });

  it("is switched off and on, and taken over for everybody", async () => {
    const { ada, env, shelves } = await scene();
    const path = pathOf(shelves.hostile, "/settings");
    expect((await ada.post(path)).headers.get("location")).toContain("done=saved");
    expect(await rowOf(env, shelves.hostile.id)).toMatchObject({
      is_enabled: false,
      auto_sync_default: false,
      added_by_user_id: shelves.noor.user.id,
    });
    await ada.post(path, { is_enabled: "1", auto_sync_default: "1", offer: "1" });
    expect(await rowOf(env, shelves.hostile.id)).toMatchObject({
      is_enabled: true,
      auto_sync_default: true,
      added_by_user_id: null,
    });
  });

  it("a client is entered by hand; its secret is sealed and never shown", async () => {
    const { ada, env, shelves } = await scene();
    const secret = "a-secret-of-the-backpack";
    const path = pathOf(shelves.connected, "/client");
    const response = await ada.post(path, { client_id: "rosette-1", client_secret: secret });
    expect(response.headers.get("location")).toContain("done=client");
    const [row] = await env.db.orm
      .select()
      .from(authorizationServers)
      .where(eq(authorizationServers.id, shelves.connected.oauth2_issuer_id ?? ""));
    expect(row).toMatchObject({ client_id: "rosette-1", registration: "entered" });
    expect(row?.client_secret_sealed).not.toContain(secret);
    const html = await (await ada.get(pathOf(shelves.connected))).text();
    expect(html).toContain("<code>rosette-1</code>, entered by hand");
    expect(html).not.toContain(secret);
    const bad = await ada.post(path, { client_id: "", client_secret: "" });
    expect(bad.status).toBe(422);
  });

  it("what was given up is tried again, one or all", async () => {
    const { ada, env, shelves } = await scene();
    const path = pathOf(shelves.connected, "/replay");
    const parked = shelves.deliveries.parked ?? "";
    const stateOf = async (id: string) => {
      const [row] = await env.db.orm.select().from(deliveries).where(eq(deliveries.id, id));
      return row?.state;
    };
    const one = await ada.post(path, { delivery: parked });
    expect(one.headers.get("location")).toContain("done=replayed");
    expect(await stateOf(parked)).not.toBe("parked");
    expect((await ada.post(path, { delivery: parked })).headers.get("location")).toContain("gone");

    const badge = await givenBadge(env, await givenOrganization(env));
    const award = await givenAward(env, badge, shelves.noor);
    const { connections: to } = shelves;
    const here = await givenDelivery(env, shelves.noor, to.connected, award, "parked");
    const elsewhere = await givenDelivery(env, shelves.noor, to.off, award, "parked");
    const all = await ada.post(path, { delivery: "parked" });
    expect(all.headers.get("location")).toContain("done=replayed");
    expect(await stateOf(here)).not.toBe("parked");
    expect(await stateOf(elsewhere)).toBe("parked");
    expect((await ada.post(path)).headers.get("location")).toContain("done=gone");
  });

  it("is removed in two steps, with everybody's connection; the primary one stays", async () => {
    const { ada, env, shelves } = await scene();
    const page = await ada.get(pathOf(shelves.reconnect, "/remove"));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("The connections of one person");
    expect((await ada.post(pathOf(shelves.connected, "/remove"))).status).toBe(422);
    const response = await ada.post(pathOf(shelves.reconnect, "/remove"));
    expect(response.headers.get("location")).toBe(`${LIST}?done=removed`);
    expect(await rowOf(env, shelves.reconnect.id)).toBeUndefined();
    const left = await env.db.orm
      .select()
      .from(connections)
      .where(eq(connections.external_backpack_id, shelves.reconnect.id));
    expect(left).toEqual([]);
    expect((await ada.get(pathOf(shelves.reconnect))).status).toBe(404);
  });
});
