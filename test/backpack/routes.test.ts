// A person's backpacks: every address, every status it can answer with, and what its forms leave behind.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { EVENTS_SHOWN, PULLED_SHOWN, ROWS_PER_PAGE } from "../../src/backpack/shelf.ts";
import { auditLog } from "../../src/db/audit.ts";
import { backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import { backpackEvents, deliveries } from "../../src/db/deliveries.ts";
import { externalBadges } from "../../src/db/externals.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import {
  givenBackpack,
  givenConnection,
  givenManyDeliveries,
  givenShelves,
  type Shelves,
} from "../pages/shelf-scenes.ts";
import { signedIn } from "../signed-in.ts";
import { BACKPACK_ORIGIN, twoSides } from "../simulator.ts";

const BROWSER = { accept: "text/html" };
const NOBODY = "00000000-0000-7000-8000-000000000000";

interface Scene {
  readonly app: TestApp;
  readonly env: Env;
  readonly shelves: Shelves;
  readonly noor: Awaited<ReturnType<typeof signedIn>>;
  readonly kim: Awaited<ReturnType<typeof signedIn>>;
}

async function scene(): Promise<Scene> {
  const app = await testApp();
  const shelves = await givenShelves(app.env);
  return {
    app,
    env: app.env,
    shelves,
    noor: await signedIn(app, shelves.noor.user.id),
    kim: await signedIn(app, shelves.kim.user.id),
  };
}

const pathOf = ({ id }: { readonly id: string }, rest = "") => `/me/backpacks/${id}${rest}`;
const rowsIn = (html: string) => html.match(/<img class="thumb"/g)?.length ?? 0;

describe("nobody is signed in", () => {
  it.each([
    ["GET", "/me/backpacks"],
    ["POST", "/me/backpacks"],
    ["GET", `/me/backpacks/${NOBODY}`],
    ["GET", `/me/backpacks/${NOBODY}/disconnect`],
    ...["send", "pull", "auto-sync", "disconnect", "show", "remove"].map((deed) => [
      "POST",
      `/me/backpacks/${NOBODY}/${deed}`,
    ]),
  ])("%s %s leads a browser to sign in, and refuses a program", async (method, path) => {
    const { request } = await testApp();
    const browser = await request(path, { method, headers: BROWSER });
    expect(browser.status).toBe(303);
    expect(browser.headers.get("location")).toMatch(/^\/login/);
    const program = await request(path, { method });
    expect(program.status).toBe(401);
    expect(await program.json()).toMatchObject({ code: "sign-in-required" });
  });
});

describe("another method", () => {
  it.each([
    ["PUT", "/me/backpacks", "GET, HEAD, POST"],
    ["POST", `/me/backpacks/${NOBODY}`, "GET, HEAD"],
    ["DELETE", `/me/backpacks/${NOBODY}/disconnect`, "GET, HEAD, POST"],
    ["GET", `/me/backpacks/${NOBODY}/send`, "POST"],
  ])("%s %s is refused with those that are answered", async (method, path, allow) => {
    const { request } = await testApp();
    const response = await request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
  });

  it("and what does not exist is not found", async () => {
    const { noor, shelves } = await scene();
    expect((await noor.post(pathOf(shelves.connected, "/explode"))).status).toBe(404);
    expect((await noor.get(pathOf(shelves.connected, "/send/more"))).status).toBe(404);
  });
});

describe("GET /me/backpacks", () => {
  it("lists what is offered and what is connected, in the administrators' order", async () => {
    const { noor } = await scene();
    const response = await noor.get("/me/backpacks");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-security-policy")).toContain("form-action 'self'");
    const html = await response.text();
    const names = [...html.matchAll(/<h2 dir="auto"><a[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(names.map((name) => name?.slice(0, 16))).toEqual([
      "Harbour Backpack",
      "Learners’ Locker",
      "City Badge Shelf",
      "Old Portfolio",
      "Donaudampfschiff",
      "Quiet Corner",
    ]);
    expect(html).toMatch(/1 sent, 3 waiting, 2 not accepted, 2 not sent/);
    expect(html).toContain('name="auto_sync" value="1" checked');
  });

  it("offers nobody what is switched off, or what another person added", async () => {
    const { kim } = await scene();
    const html = await (await kim.get("/me/backpacks")).text();
    expect(html).toContain("City Badge Shelf");
    expect(html).not.toContain("Old Portfolio");
    expect(html).not.toContain("Donaudampfschiff");
  });

  it("counts nothing that was not sent where nothing can be sent", async () => {
    const { env, noor, shelves } = await scene();
    const displayer = await givenBackpack(env, { name: "Old Displayer", api_version: "v1" });
    await givenConnection(env, shelves.noor, displayer);
    const html = await (await noor.get("/me/backpacks")).text();
    const card = html.slice(html.indexOf("Old Displayer"), html.indexOf("Harbour Backpack"));
    expect(card).toContain("Badges there can be seen here; none are sent.");
    expect(card).not.toContain("not sent,");
    expect(card).not.toContain("0 sent");
  });

  it("says so where there is none", async () => {
    const app = await testApp();
    const { user } = await givenPerson(app.env, await givenOrganization(app.env));
    const html = await (await (await signedIn(app, user.id)).get("/me/backpacks")).text();
    expect(html).toContain("No backpack is set up here yet");
    expect(html).not.toContain("Manage backpacks");
  });

  it("shows administrators the way to theirs", async () => {
    const { app, shelves } = await scene();
    const ada = await signedIn(app, shelves.administrator.user.id);
    const html = await (await ada.get("/me/backpacks")).text();
    expect(html).toContain('href="/admin/backpacks"');
  });
});

describe("POST /me/backpacks", () => {
  it("adds a backpack by its address, for that person alone", async () => {
    const { issuer } = await twoSides();
    const organization = await givenOrganization(issuer.env);
    const noor = await givenPerson(issuer.env, organization);
    const kim = await givenPerson(issuer.env, organization);
    const browser = await signedIn(issuer, noor.user.id);
    const response = await browser.post("/me/backpacks", { address: " backpack.example.net " });
    expect(response.status).toBe(303);
    const [row] = await issuer.env.db.orm.select().from(backpacks);
    expect(row).toMatchObject({
      backpack_web_url: BACKPACK_ORIGIN,
      added_by_user_id: noor.user.id,
      is_enabled: true,
    });
    expect(response.headers.get("location")).toBe(`/me/backpacks/${row?.id}?done=added`);
    const entries = await issuer.env.db.orm
      .select()
      .from(auditLog)
      .where(eq(auditLog.object_kind, "backpack"));
    expect(entries).toMatchObject([{ actor_kind: "user", actor_id: noor.user.id }]);

    expect(await (await browser.get("/me/backpacks")).text()).toContain("only you are offered it");
    const other = await signedIn(issuer, kim.user.id);
    expect(await (await other.get("/me/backpacks")).text()).toContain("No backpack is set up");
    const known = await other.post("/me/backpacks", { address: BACKPACK_ORIGIN });
    const led = known.headers.get("location") ?? "";
    expect(led).toMatch(new RegExp(`^/me/backpacks/${row?.id}\\?done=known&given=`));
    // A stranger's link to what they added would show it with a name of the stranger's choice.
    expect((await other.get(`/me/backpacks/${row?.id}`)).status).toBe(404);
    const lee = await givenPerson(issuer.env, organization);
    expect((await (await signedIn(issuer, lee.user.id)).get(led)).status).toBe(404);
    const page = await other.get(led);
    expect(await page.text()).toContain("Connect it");
    const leaving = await other.post(`/me/backpacks/${row?.id}/connect`, { auto_sync: "1" });
    expect(leaving.status).toBe(200);
    expect(leaving.headers.get("refresh") ?? (await leaving.text())).toContain(BACKPACK_ORIGIN);
  });

  it.each([
    ["nothing", ""],
    ["no address", "not an address"],
    ["an address of this machine", "http://127.0.0.1:9/"],
    ["a host that is not there", "https://nobody.example.net"],
    ["too long an address", `https://${"a".repeat(5_000)}.example`],
  ])("%s is refused in words, and stands in the box again", async (_fault, address) => {
    const { issuer } = await twoSides();
    const { user } = await givenPerson(issuer.env, await givenOrganization(issuer.env));
    const response = await (await signedIn(issuer, user.id)).post("/me/backpacks", { address });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('role="alert"');
    expect(html).toContain(`value="${address}"`);
    expect(await issuer.env.db.orm.select().from(backpacks)).toEqual([]);
  });

  it("is asked twenty times an hour by one person, and no more", async () => {
    const { app, noor, kim } = await scene();
    for (let i = 0; i < 20; i++) {
      expect((await noor.post("/me/backpacks", { address: "" })).status).toBe(422);
    }
    expect((await noor.post("/me/backpacks", { address: "" })).status).toBe(429);
    expect((await kim.post("/me/backpacks", { address: "" })).status).toBe(422);
    app.clock.advance(3_600_001);
    expect((await noor.post("/me/backpacks", { address: "" })).status).toBe(422);
  });
});

describe("forms that were not made for this session", () => {
  const DEEDS = ["send", "pull", "auto-sync", "disconnect", "show", "remove"];

  it.each(["", ...DEEDS.map((deed) => `/${deed}`)])("change nothing: POST …%s", async (rest) => {
    const { app, env, shelves, noor, kim } = await scene();
    const path = rest === "" ? "/me/backpacks" : pathOf(shelves.connected, rest);
    const before = await everything(env);
    for (const token of ["", "wrong", kim.formToken]) {
      const response = await noor.post(path, { form_token: token, award: "all", on: "0" });
      expect(response.status).toBe(403);
    }
    const elsewhere = await app.request(path, {
      method: "POST",
      headers: { ...BROWSER, cookie: noor.cookie, origin: "https://evil.example" },
      body: new URLSearchParams({ form_token: noor.formToken }),
    });
    expect(elsewhere.status).toBe(403);
    expect(await everything(env)).toEqual(before);
  });
});

async function everything({ db }: Env) {
  return Promise.all(
    [backpacks, connections, deliveries, jobs].map((table) =>
      db.orm.select().from(table as typeof jobs),
    ),
  );
}

describe("GET /me/backpacks/:backpack", () => {
  it("shows each badge with its state, its reason and what can be done", async () => {
    const { noor, shelves } = await scene();
    const response = await noor.get(pathOf(shelves.connected));
    expect(response.status).toBe(200);
    const html = await response.text();
    for (const words of [
      "Sent",
      "Waiting",
      "Being checked",
      "Refused",
      "Given up for now",
      "Being sent",
      "Revoked",
      "Not sent",
      "The badge is made out to an address that the backpack does not know you by.",
      "try again once the backpack works",
      "The backpack said: “<bdi>Recipient does not match this account.</bdi>”",
      "after 3 tries",
      "Send the 4 that are missing",
    ]) {
      expect(html).toContain(words);
    }
    expect(html).toContain('data-live="waiting"');
    expect(html.match(/Try again</g)).toHaveLength(2);
  });

  it("is said to be well only while nothing was turned away", async () => {
    const { noor, kim, shelves } = await scene();
    const band = async (by: typeof noor, backpack: typeof shelves.empty) =>
      /class="verdict (\w+)"/.exec(await (await by.get(pathOf(backpack))).text())?.[1];
    expect(await band(noor, shelves.connected)).toBe("expired");
    expect(await band(kim, shelves.empty)).toBe("valid");
  });

  it("shows what is there from elsewhere, each with its verdict", async () => {
    const { noor, shelves } = await scene();
    const html = await (await noor.get(pathOf(shelves.connected))).text();
    for (const words of ["Valid", "Expired", "Revoked", "Could not check", "Not valid"]) {
      expect(html).toMatch(new RegExp(`</svg>${words}</span>`));
    }
    expect(html).toContain(
      `/verify?input=${encodeURIComponent("https://elsewhere-0.example/assertions/0")}`,
    );
  });

  it("asks for a new grant where it is gone, and sends nothing meanwhile", async () => {
    const { noor, shelves } = await scene();
    const html = await (await noor.get(pathOf(shelves.reconnect))).text();
    expect(html).toContain("Reconnect: the permission is gone");
    expect(html).toContain(`action="${pathOf(shelves.reconnect, "/connect")}"`);
    expect(html).not.toContain('value="all"');
  });

  it("says that it was switched off", async () => {
    const { noor, kim, shelves } = await scene();
    expect(await (await noor.get(pathOf(shelves.off))).text()).toContain("Switched off by an");
    expect((await kim.get(pathOf(shelves.off))).status).toBe(404);
  });

  it("tells what was offered and not allowed", async () => {
    const { noor, shelves } = await scene();
    const html = await (await noor.get(pathOf(shelves.hostile))).text();
    expect(html).toContain(
      "You did not allow Rosette to put badges there, nor to see your name and address there.",
    );
    expect(html).not.toContain(`action="${pathOf(shelves.hostile, "/send")}"`);
  });

  it("keeps everybody's words as words", async () => {
    const { noor, shelves } = await scene();
    const html = await (await noor.get(pathOf(shelves.hostile))).text();
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain('href="javascript:');
    expect(html).not.toContain("tracker.example");
    expect(html).toContain("&lt;b&gt;valid&lt;/b&gt;");
  });

  it("is not found for an id that is none, and shows nothing of anybody else's", async () => {
    const { noor, kim, shelves } = await scene();
    for (const id of [NOBODY, shelves.connections.empty, "x"]) {
      expect((await noor.get(pathOf({ id }))).status).toBe(404);
    }
    const html = await (await kim.get(pathOf(shelves.connected))).text();
    expect(html).toContain("Connect it");
    expect(html).not.toContain("Streak Champion");
    expect(html).not.toContain("Open Water Swimmer");
  });

  it.each([
    ["attention", ["Bridge Builder", "Night Walk Guide"]],
    ["waiting", ["First Aid at Events", "Hundred Hours", "Warm Welcome"]],
    ["sent", ["Streak Champion"]],
    ["unsent", ["First Session"]],
  ])("?show=%s shows those alone", async (show, names) => {
    const { noor, shelves } = await scene();
    const html = await (await noor.get(`${pathOf(shelves.connected)}?show=${show}`)).text();
    for (const name of names) expect(html).toContain(`>${name}</a>`);
    expect(rowsIn(html)).toBe(show === "unsent" ? 2 : names.length);
  });

  it("awards of an identity that nobody has proven are nobody's", async () => {
    const { app, env, shelves } = await scene();
    const organization = await givenOrganization(env);
    const [stranger, badge] = [
      await givenPerson(env, organization, { email: "unproven@example.org" }),
      await givenBadge(env, organization, { name: "Unproven" }),
    ];
    await givenAward(env, badge, stranger);
    await env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE id = ?",
        params: [stranger.identity.id],
      },
    ]);
    await givenConnection(env, stranger, shelves.offered);
    const browser = await signedIn(app, stranger.user.id);
    const html = await (await browser.get(pathOf(shelves.offered))).text();
    expect(html).not.toContain("Unproven");
    expect(html).toContain("You have no badge from here yet");
  });
});

describe("ten thousand deliveries", () => {
  it("make a page of fifty, and each page leads to the next", async () => {
    const { env, noor, shelves } = await scene();
    const { empty } = shelves;
    const connection = await givenConnection(env, shelves.noor, empty);
    await givenManyDeliveries(env, shelves.noor, connection, 10_000);
    const first = await (await noor.get(pathOf(empty))).text();
    expect(first).toContain("10,000 sent, 0 waiting");
    expect(rowsIn(first)).toBe(ROWS_PER_PAGE);
    expect(first.length).toBeLessThan(100_000);
    const older = /href="([^"]*after=[^"]*)#awards"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    const second = await (await noor.get(older ?? "")).text();
    expect(rowsIn(second)).toBe(ROWS_PER_PAGE);
    const hashes = (html: string) => html.match(/\/b\/[0-9a-f]{40}/g) ?? [];
    expect(new Set([...hashes(first), ...hashes(second)]).size).toBe(2 * ROWS_PER_PAGE);
    const sent = await (await noor.get(`${pathOf(empty)}?show=sent&after=many-000003`)).text();
    expect(rowsIn(sent)).toBe(2);
    expect(sent).not.toContain("Older badges");
  });

  it("nor do events or badges from elsewhere make it longer", async () => {
    const { env, noor, shelves } = await scene();
    const connection = shelves.connections.connected;
    const number = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)";
    await env.db.batch([
      {
        sql: `INSERT INTO backpack_events (id, connection_id, kind)
          ${number} SELECT printf('event-%03d', i), ?, 'connected' FROM n`,
        params: [connection],
      },
      {
        sql: `INSERT INTO badge_externals (id, backpack_id, entity_id, assertion, canonical_id,
            verdict, is_theirs, checked_at, updated_at)
          ${number} SELECT 'x' || i, ?, i, '{}', 'https://e.example/' || i, 'valid', 1, 0, 0 FROM n`,
        params: [connection],
      },
    ]);
    const html = await (await noor.get(pathOf(shelves.connected))).text();
    expect(html.match(/Connected\.<\/span>/g)).toHaveLength(EVENTS_SHOWN);
    expect(html.match(/Check again/g)).toHaveLength(PULLED_SHOWN);
    expect(html).toContain(`Only the newest ${PULLED_SHOWN} are shown.`);
  });
});

describe("POST /me/backpacks/:backpack/send", () => {
  it("puts one award on its way, and says so", async () => {
    const { env, noor, shelves } = await scene();
    const response = await noor.post(pathOf(shelves.connected, "/send"), { award: shelves.unsent });
    expect(response.status).toBe(303);
    const page = response.headers.get("location") ?? "";
    expect(page).toBe(`${pathOf(shelves.connected)}?done=sending`);
    expect(await (await noor.get(page)).text()).toContain("It will be sent in a moment.");
    const rows = await env.db.orm
      .select()
      .from(deliveries)
      .where(eq(deliveries.award_id, shelves.unsent));
    expect(rows).toMatchObject([
      { state: "pending", connection_id: shelves.connections.connected },
    ]);
  });

  it("tries one again that was given up", async () => {
    const { env, noor, shelves } = await scene();
    const id = shelves.deliveries.parked ?? "";
    const [before] = await env.db.orm.select().from(deliveries).where(eq(deliveries.id, id));
    await noor.post(pathOf(shelves.connected, "/send"), { award: before?.award_id ?? "" });
    const [after] = await env.db.orm.select().from(deliveries).where(eq(deliveries.id, id));
    expect(["pending", "unknown"]).toContain(after?.state);
    expect(after?.next_try_at).not.toBeNull();
  });

  it("sends all that are missing", async () => {
    const { noor, shelves } = await scene();
    const response = await noor.post(pathOf(shelves.connected, "/send"), { award: "all" });
    expect(response.headers.get("location")).toContain("done=sending-all");
    const html = await (await noor.get(pathOf(shelves.connected))).text();
    expect(html).not.toContain("that are missing");
  });

  it("sends nobody else's award", async () => {
    const { env, noor, shelves } = await scene();
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const foreign = await givenAward(env, badge, shelves.kim);
    const response = await noor.post(pathOf(shelves.connected, "/send"), { award: foreign.id });
    expect(response.headers.get("location")).toContain("done=nothing");
    const rows = await env.db.orm
      .select()
      .from(deliveries)
      .where(eq(deliveries.award_id, foreign.id));
    expect(rows).toEqual([]);
  });

  it("needs to know which, and a connection", async () => {
    const { noor, kim, shelves } = await scene();
    expect((await noor.post(pathOf(shelves.connected, "/send"))).status).toBe(422);
    const fields = { award: "all" };
    expect((await kim.post(pathOf(shelves.connected, "/send"), fields)).status).toBe(404);
    expect((await noor.post(pathOf({ id: NOBODY }, "/send"), fields)).status).toBe(404);
  });
});

describe("the other forms of a backpack's page", () => {
  it("says that badges are on their way where they are sent, and only there", async () => {
    const { noor, shelves } = await scene();
    const words = async () =>
      (await (await noor.get(pathOf(shelves.connected, "?done=connected"))).text()).replaceAll(
        /\s+/g,
        " ",
      );
    expect(await words()).toContain("Your badges are on their way.");
    await noor.post(pathOf(shelves.connected, "/auto-sync"), { on: "0" });
    const quiet = await words();
    expect(quiet).toMatch(/role="status"[^>]*>Connected\.</);
    expect(quiet).not.toContain("on their way");
  });

  it("auto-sync is switched off and on", async () => {
    const { env, noor, kim, shelves } = await scene();
    const path = pathOf(shelves.connected, "/auto-sync");
    const state = async () => {
      const [row] = await env.db.orm
        .select()
        .from(connections)
        .where(eq(connections.id, shelves.connections.connected));
      return row?.auto_sync;
    };
    expect((await noor.post(path, { on: "0" })).headers.get("location")).toContain("auto-sync-off");
    expect(await state()).toBe(false);
    expect((await noor.post(path, { on: "1" })).headers.get("location")).toContain("auto-sync-on");
    expect(await state()).toBe(true);
    expect((await kim.post(path, { on: "0" })).status).toBe(404);
    expect(await state()).toBe(true);
  });

  it("a look at what is there is put down as a job, once", async () => {
    const { env, noor, kim, shelves } = await scene();
    const path = pathOf(shelves.connected, "/pull");
    for (let i = 0; i < 2; i++) {
      expect((await noor.post(path)).headers.get("location")).toContain("done=looking");
    }
    const waiting = await env.db.orm.select().from(jobs).where(eq(jobs.kind, "backpack.pull"));
    expect(waiting).toMatchObject([{ dedupe_key: shelves.connections.connected }]);
    expect((await kim.post(path)).status).toBe(404);
  });

  it("disconnecting is explained first, then leaves nothing behind", async () => {
    const { env, noor, kim, shelves } = await scene();
    const path = pathOf(shelves.connected, "/disconnect");
    const before = await noor.get(path);
    expect(before.status).toBe(200);
    const html = await before.text();
    for (const words of [
      "the 5 badges there from elsewhere",
      "3 that still wait",
      "The badge that you have there",
    ]) {
      expect(html).toContain(words);
    }
    expect((await kim.get(path)).status).toBe(404);
    expect((await kim.post(path)).status).toBe(404);
    const response = await noor.post(path);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/me/backpacks?done=disconnected");
    const id = shelves.connections.connected;
    const { orm } = env.db;
    for (const rows of [
      await orm.select().from(connections).where(eq(connections.id, id)),
      await orm.select().from(tokens).where(eq(tokens.connection_id, id)),
      await orm.select().from(deliveries).where(eq(deliveries.connection_id, id)),
      await orm.select().from(externalBadges).where(eq(externalBadges.backpack_id, id)),
      await orm.select().from(backpackEvents).where(eq(backpackEvents.connection_id, id)),
    ]) {
      expect(rows).toEqual([]);
    }
    expect((await noor.post(path)).status).toBe(404);
  });

  it("a backpack of one's own is taken off the list while nobody is connected to it", async () => {
    const { env, noor, kim, shelves } = await scene();
    const path = pathOf(shelves.hostile, "/remove");
    expect((await kim.post(path)).status).toBe(404);
    expect((await noor.post(pathOf(shelves.offered, "/remove"))).status).toBe(404);
    expect((await noor.post(path)).status).toBe(422);
    await noor.post(pathOf(shelves.hostile, "/disconnect"));
    expect(await (await noor.get(pathOf(shelves.hostile))).text()).toContain(
      "Take it off the list",
    );
    expect((await noor.post(path)).headers.get("location")).toBe("/me/backpacks?done=removed");
    const rows = await env.db.orm
      .select()
      .from(backpacks)
      .where(eq(backpacks.id, shelves.hostile.id));
    expect(rows).toEqual([]);
  });

  it("only a backpack that shows badges is connected to by an address", async () => {
    const { env, noor, shelves } = await scene();
    const identity = shelves.noor.identity.id;
    const refused = await noor.post(pathOf(shelves.offered, "/show"), { identity });
    expect(refused.status).toBe(422);
    const displayer = await givenBackpack(env, { name: "Old Displayer", api_version: "v1" });
    const html = await (await noor.get(pathOf(displayer))).text();
    expect(html).toContain(`<option value="${identity}">noor@example.org</option>`);
    const foreign = await noor.post(pathOf(displayer, "/show"), { identity: newId(env) });
    expect(foreign.status).toBe(422);
    expect(await foreign.text()).toContain("Choose an e-mail address that you have confirmed here");
  });
});
