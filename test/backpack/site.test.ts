// The backpacks a site knows: added, ordered, switched off, given a client by hand, removed; and how they fare.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { pullConnection } from "../../src/backpack/pull.ts";
import {
  type Added,
  addBackpack,
  addOlderBackpack,
  changeBackpack,
  MAX_ADDED_BY_ONE,
  MAX_PICTURE_LENGTH,
  orderBackpacks,
} from "../../src/backpack/site.ts";
import { enterClient } from "../../src/backpack/site-client.ts";
import { backpackHealth } from "../../src/backpack/site-health.ts";
import { ENDED_AT_ONCE, removeBackpack, removeHandler } from "../../src/backpack/site-remove.ts";
import { auditLog } from "../../src/db/audit.ts";
import { authorizationServers, backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import { type DeliveryState, deliveries, outboundHosts } from "../../src/db/deliveries.ts";
import { externalBadges } from "../../src/db/externals.ts";
import { listBackpacks, putInOrder } from "../../src/db/site-backpacks.ts";
import { newId } from "../../src/ids.ts";
import { drain } from "../../src/jobs/drain.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenConnection } from "./host.ts";
import { json, type Members, pullWorld } from "./pull-world.ts";

const HOST = "https://new.example.net";
const CONTEXT = "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld";

function manifest(origin = HOST, over: Members = {}): Members {
  return {
    "@context": CONTEXT,
    id: `${origin}/.well-known/badgeconnect.json`,
    badgeConnectAPI: [
      {
        name: "New Backpack",
        apiBase: `${origin}/ims/ob/v2p1`,
        version: "v2p1",
        termsOfServiceUrl: `${origin}/terms`,
        privacyPolicyUrl: `${origin}/privacy`,
        image: `${origin}/logo.png`,
        scopesOffered: [SCOPES.create, SCOPES.read],
        registrationUrl: `${origin}/register`,
        authorizationUrl: `${origin}/authorize`,
        tokenUrl: `${origin}/token`,
        ...over,
      },
    ],
  };
}

async function siteWorld() {
  const world = await pullWorld();
  const { env, sites } = world;
  const offer = (origin: string, over: Members = {}) =>
    sites.set(origin, ({ url }) =>
      url.pathname === "/.well-known/badgeconnect.json"
        ? json(manifest(origin, over), { headers: { etag: '"1"', "cache-control": "max-age=60" } })
        : json({}, { status: 404 }),
    );
  offer(HOST);
  const audits = async () => {
    const rows = await env.db.orm.select().from(auditLog).orderBy(auditLog.id);
    return rows
      .filter(({ object_kind }) => object_kind === "backpack")
      .map(({ action, actor_kind, actor_id, organization_id }) => ({
        action,
        actor: [actor_kind, actor_id, organization_id],
      }));
  };
  return { ...world, offer, audits };
}

const added = (result: Added) => {
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.backpack;
};

describe("a backpack added by its address", () => {
  it.each([
    "new.example.net",
    `${HOST}/`,
    `${HOST}/some/page?x=1`,
    `${HOST}/.well-known/badgeconnect.json`,
  ])("%s: its manifest fills in the rest", async (address) => {
    const { env, audits, person } = await siteWorld();
    const actor = { kind: "user", id: person.user.id } as const;
    const backpack = added(await addBackpack(env, { address, autoSyncDefault: false, actor }));
    expect(backpack).toMatchObject({
      name: "New Backpack",
      api_version: "v2p1",
      backpack_api_url: `${HOST}/ims/ob/v2p1`,
      backpack_web_url: HOST,
      image_url: `${HOST}/logo.png`,
      sort_order: 1,
      is_enabled: true,
      auto_sync_default: false,
      added_by_user_id: null,
    });
    const servers = await env.db.orm.select().from(authorizationServers);
    expect(servers.find(({ id }) => id === backpack.oauth2_issuer_id)).toMatchObject({
      token_url: `${HOST}/token`,
      scopes_offered: [SCOPES.create, SCOPES.read],
      client_id: null,
    });
    expect(await audits()).toEqual([
      { action: "backpack.added", actor: ["user", person.user.id, null] },
    ]);
  });

  it("leads nobody to a stranger's manifest that says it is the same one", async () => {
    const { env, offer, organization, person } = await siteWorld();
    const addedBy = (await givenPerson(env, organization)).user.id;
    const evil = "https://new-backpack.evil.example";
    offer(evil, { apiBase: `${HOST}/ims/ob/v2p1` });
    const claimed = added(await addBackpack(env, { address: evil, addedBy }));
    for (const by of [person.user.id, null]) {
      const real = await addBackpack(env, { address: HOST, addedBy: by });
      expect(real).toMatchObject({ ok: false, reason: "claimed-elsewhere", backpackId: null });
      expect(real).toHaveProperty("detail", expect.stringContaining("new-backpack.evil.example"));
    }
    await removeBackpack(env, claimed.id);
    expect(await addBackpack(env, { address: HOST })).toMatchObject({ ok: true });
  });

  it("is refused in words where it is known already, by either of its addresses", async () => {
    const { env, offer } = await siteWorld();
    const first = added(await addBackpack(env, { address: HOST }));
    expect(await addBackpack(env, { address: `${HOST}/elsewhere` })).toMatchObject({
      ok: false,
      reason: "already-known",
      detail: "New Backpack is known here already.",
      backpackId: first.id,
    });
    offer("https://mirror.example.net", { apiBase: `${HOST}/ims/ob/v2p1/` });
    expect(await addBackpack(env, { address: "mirror.example.net" })).toMatchObject({
      reason: "already-known",
      backpackId: first.id,
    });
    await changeBackpack(env, first.id, { isEnabled: false });
    expect(await addBackpack(env, { address: HOST })).toMatchObject({ reason: "switched-off" });
  });

  it("by several at once is added once", async () => {
    const { env, audits } = await siteWorld();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => addBackpack(env, { address: HOST })),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(all.filter((one) => !one.ok && one.reason === "already-known")).toHaveLength(4);
    expect(await audits()).toHaveLength(1);
  });

  it.each([
    ["nothing", "", "address-malformed"],
    ["no address", "my backpack", "address-malformed"],
    ["plain http", "http://new.example.net", "address-refused"],
    ["this machine", "https://127.0.0.1", "address-refused"],
    ["a private name", "https://backpack.internal", "address-refused"],
    ["a port", "https://new.example.net:8443", "address-refused"],
    ["credentials", "https://me:pw@new.example.net", "address-refused"],
    ["nobody", "https://nobody.example", "manifest-unreachable"],
    ["a host without a manifest", "https://issuer.example", "manifest-missing"],
  ])("is refused for %s, and nothing is stored", async (_name, address, reason) => {
    const { env } = await siteWorld();
    const before = (await env.db.orm.select().from(authorizationServers)).length;
    const result = await addBackpack(env, { address });
    expect(result).toMatchObject({ ok: false, reason });
    if (result.ok) return;
    expect(result.fix.length).toBeGreaterThan(10);
    expect(await listBackpacks(env.db)).toHaveLength(1);
    expect(await env.db.orm.select().from(authorizationServers)).toHaveLength(before);
  });

  it.each([
    ["an endpoint on this machine", { tokenUrl: "https://127.0.0.1/token" }],
    ["an endpoint without https", { authorizationUrl: "http://new.example.net/authorize" }],
    ["a name that is no text", { name: ["x"] }],
    ["no token endpoint", { tokenUrl: null }],
    ["another version", { version: "v3p0" }],
  ])("is refused with %s in its manifest", async (_name, over) => {
    const { env, offer } = await siteWorld();
    offer(HOST, over);
    expect(await addBackpack(env, { address: HOST })).toMatchObject({ ok: false });
    expect(await listBackpacks(env.db)).toHaveLength(1);
  });

  it("is named as text, and its picture kept only where it is small", async () => {
    const { env, offer } = await siteWorld();
    const data = `data:image/png;base64,${"A".repeat(MAX_PICTURE_LENGTH)}`;
    offer(HOST, { name: "<script>alert(1)</script>\u202e", image: data });
    const backpack = added(await addBackpack(env, { address: HOST }));
    expect(backpack.name).toBe("<script>alert(1)</script>");
    expect(backpack.image_url).toBeNull();
  });

  it("by a person is theirs alone, and they may add only so many", async () => {
    const { env, offer, person } = await siteWorld();
    const mine = { addedBy: person.user.id, actor: { kind: "user", id: person.user.id } } as const;
    for (let i = 0; i < MAX_ADDED_BY_ONE; i++) {
      offer(`https://n${i}.example.net`);
      added(await addBackpack(env, { address: `n${i}.example.net`, ...mine }));
    }
    expect(await addBackpack(env, { address: HOST, ...mine })).toMatchObject({
      reason: "too-many",
    });
    const backpack = added(await addBackpack(env, { address: HOST }));
    const all = await listBackpacks(env.db);
    expect(all.filter((one) => one.added_by_user_id === person.user.id)).toHaveLength(
      MAX_ADDED_BY_ONE,
    );
    expect(all.at(-1)?.id).toBe(backpack.id);
    const theirs = all.find((one) => one.added_by_user_id !== null);
    await changeBackpack(env, theirs?.id ?? "", { offeredToAll: true });
    expect(
      (await listBackpacks(env.db)).filter((one) => one.added_by_user_id !== null),
    ).toHaveLength(MAX_ADDED_BY_ONE - 1);
  });
});

describe("several at the same time", () => {
  it("add as many for one person as they may, and of the one too many nothing stays", async () => {
    const { env, offer, person } = await siteWorld();
    const mine = { addedBy: person.user.id, actor: { kind: "user", id: person.user.id } } as const;
    const hosts = Array.from({ length: MAX_ADDED_BY_ONE + 1 }, (_, i) => `n${i}.example.net`);
    for (const host of hosts) offer(`https://${host}`);
    const last = hosts.slice(MAX_ADDED_BY_ONE - 1);
    for (const address of hosts.slice(0, MAX_ADDED_BY_ONE - 1)) {
      added(await addBackpack(env, { address, ...mine }));
    }
    const told = await Promise.all(last.map((address) => addBackpack(env, { address, ...mine })));
    expect(told.filter(({ ok }) => ok)).toHaveLength(1);
    expect(told.find(({ ok }) => !ok)).toMatchObject({ reason: "too-many" });
    const all = await listBackpacks(env.db);
    const theirs = all.filter((one) => one.added_by_user_id === person.user.id);
    expect(theirs).toHaveLength(MAX_ADDED_BY_ONE);
    const servers = await env.db.orm.select().from(authorizationServers);
    const known = new Set(servers.map(({ manifest_url }) => manifest_url));
    expect(
      last.filter((host) => known.has(`https://${host}/.well-known/badgeconnect.json`)),
    ).toHaveLength(1);
  });
});

describe("a backpack of an older protocol", () => {
  const badgr = {
    version: "v2",
    name: "Badgr",
    apiUrl: "https://api.badgr.io/v2/",
    webUrl: "https://badgr.io",
  } as const;

  it("is told by hand; Badgr's places to sign in are known", async () => {
    const { env } = await siteWorld();
    const backpack = added(await addOlderBackpack(env, badgr));
    expect(backpack).toMatchObject({
      api_version: "v2",
      backpack_api_url: "https://api.badgr.io/v2",
      provider: "badgr",
    });
    const servers = await env.db.orm.select().from(authorizationServers);
    expect(servers.find(({ id }) => id === backpack.oauth2_issuer_id)).toMatchObject({
      manifest_url: null,
      token_url: "https://api.badgr.io/o/token",
      authorization_url: "https://badgr.io/auth/oauth2/authorize",
      scopes_offered: ["rw:backpack", "r:profile"],
    });
    expect(await addOlderBackpack(env, badgr)).toMatchObject({ reason: "already-known" });
    const eu = { ...badgr, apiUrl: "https://api.eu.badgr.io/v2", webUrl: "https://eu.badgr.io" };
    expect(await addOlderBackpack(env, eu)).toMatchObject({ ok: true });
  });

  it("of the displayer's has nowhere to sign in", async () => {
    const { env } = await siteWorld();
    const backpack = added(await addOlderBackpack(env, { ...badgr, version: "v1" }));
    expect(backpack.oauth2_issuer_id).toBeNull();
    expect(await enterClient(env, backpack.id, { clientId: "a", clientSecret: "b" })).toMatchObject(
      {
        reason: "no-authorization",
      },
    );
  });

  it.each([
    ["no name", { name: "  " }, "name-needed"],
    ["no API", { apiUrl: "" }, "address-needed"],
    ["an API without https", { apiUrl: "http://api.badgr.io/v2" }, "address-needed"],
    ["a site on this machine", { webUrl: "https://localhost" }, "address-needed"],
    ["a token endpoint that is none", { tokenUrl: "token" }, "address-needed"],
  ])("is refused with %s", async (_name, over, reason) => {
    const { env } = await siteWorld();
    expect(await addOlderBackpack(env, { ...badgr, ...over })).toMatchObject({ ok: false, reason });
  });
});

describe("the order of backpacks", () => {
  it("begins with those that are named; the others stay behind them in theirs", async () => {
    const { env, offer, backpackId, audits } = await siteWorld();
    offer("https://third.example.net");
    const second = added(await addBackpack(env, { address: HOST }));
    const third = added(await addBackpack(env, { address: "third.example.net" }));
    const ids = async () => (await listBackpacks(env.db)).map(({ id }) => id);
    expect(await ids()).toEqual([backpackId, second.id, third.id]);
    expect(await orderBackpacks(env, [third.id, third.id])).toEqual({ ok: true });
    expect(await ids()).toEqual([third.id, backpackId, second.id]);
    expect(await orderBackpacks(env, [second.id, "unknown"])).toMatchObject({
      reason: "unknown-backpack",
    });
    expect(await orderBackpacks(env, await ids())).toEqual({ ok: true });
    expect((await audits()).filter(({ action }) => action === "backpack.ordered")).toHaveLength(1);
    await env.db.batch([putInOrder([], env.now())]);
    expect(await ids()).toEqual([third.id, backpackId, second.id]);
  });
});

describe("a backpack that is changed", () => {
  it("keeps what is not named, and the change is on record without its words", async () => {
    const { env, backpackId } = await siteWorld();
    const before = added(await changeBackpack(env, backpackId, {}));
    const after = added(
      await changeBackpack(env, backpackId, { name: " Ours ", autoSyncDefault: false }),
    );
    expect(after).toEqual({
      ...before,
      name: "Ours",
      auto_sync_default: false,
      updated_at: env.now(),
    });
    expect(await changeBackpack(env, backpackId, { name: " " })).toMatchObject({
      reason: "name-needed",
    });
    expect(await changeBackpack(env, "none", { isEnabled: false })).toMatchObject({
      reason: "unknown-backpack",
    });
    const [entry] = await env.db.orm.select().from(auditLog);
    expect(entry?.detail).toEqual({ changed: ["name", "auto_sync_default"] });
  });
});

describe("a client entered by hand", () => {
  it("is sealed, and the address that must be registered for it is told", async () => {
    const { env, backpackId, audits } = await siteWorld();
    const entered = await enterClient(env, backpackId, {
      clientId: "our-id",
      clientSecret: "planted-secret",
    });
    expect(entered).toEqual({
      ok: true,
      redirectUris: [`https://badges.example.org/oauth/callback/${backpackId}`],
    });
    const [server] = await env.db.orm.select().from(authorizationServers);
    expect(server).toMatchObject({ client_id: "our-id", registration: "entered" });
    expect(JSON.stringify(server)).not.toContain("planted-secret");
    expect(JSON.stringify(await env.db.orm.select().from(auditLog))).not.toContain(
      "planted-secret",
    );
    expect((await audits()).at(-1)?.action).toBe("backpack.client_entered");
  });

  it.each([
    ["an empty id", "", "x"],
    ["a line break", "a\nb", "x"],
    ["no ASCII", "ä", "x"],
    ["a secret that is too long", "a", "x".repeat(5_000)],
  ])("is refused with %s", async (_name, clientId, clientSecret) => {
    const { env, backpackId } = await siteWorld();
    expect(await enterClient(env, backpackId, { clientId, clientSecret })).toMatchObject({
      reason: "client-malformed",
    });
    expect(await enterClient(env, "none", { clientId: "a", clientSecret: null })).toMatchObject({
      reason: "unknown-backpack",
    });
  });
});

describe("a backpack that is removed", () => {
  it("is not the primary one, unless another is put first", async () => {
    const { env, backpackId } = await siteWorld();
    const second = added(await addBackpack(env, { address: HOST }));
    expect(await removeBackpack(env, backpackId)).toMatchObject({ reason: "primary-stays" });
    expect(await removeBackpack(env, "none")).toMatchObject({ reason: "unknown-backpack" });
    await orderBackpacks(env, [second.id]);
    expect(await removeBackpack(env, backpackId)).toEqual({ ok: true, finished: true });
    expect((await listBackpacks(env.db)).map(({ id }) => id)).toEqual([second.id]);
  });

  it("takes everybody's connection with it, and its secrets", async () => {
    const { env, backpackId, issuer, hold, connectionId, audits } = await siteWorld();
    hold(await issuer.award("one"));
    await pullConnection(env, connectionId);
    const second = added(await addBackpack(env, { address: HOST }));
    await orderBackpacks(env, [second.id]);
    await enterClient(env, backpackId, { clientId: "a", clientSecret: "b" });
    expect(await removeBackpack(env, backpackId)).toMatchObject({ finished: true });
    for (const table of [connections, tokens, externalBadges]) {
      expect(await env.db.orm.select().from(table)).toEqual([]);
    }
    const servers = await env.db.orm.select().from(authorizationServers);
    expect(servers.map(({ id }) => id)).toEqual([second.oauth2_issuer_id]);
    expect((await audits()).map(({ action }) => action)).toContain("backpack.removed");
  });

  it("with many people goes on by jobs, lets nobody in meanwhile, and ends with the last", async () => {
    const { env, organization } = await siteWorld();
    const backpack = added(await addBackpack(env, { address: HOST }));
    for (let i = 0; i < 2 * ENDED_AT_ONCE + 1; i++) {
      const { user } = await givenPerson(env, organization);
      await givenConnection(env, backpack, user.id);
    }
    const left = async () => {
      const rows = await env.db.orm.select().from(connections);
      return rows.filter((row) => row.external_backpack_id === backpack.id).length;
    };
    expect(await removeBackpack(env, backpack.id)).toEqual({ ok: true, finished: false });
    expect(await left()).toBe(ENDED_AT_ONCE + 1);
    expect((await listBackpacks(env.db)).find(({ id }) => id === backpack.id)?.is_enabled).toBe(
      false,
    );
    await drain(env, { "backpack.remove": removeHandler }, { limit: 10 });
    expect(await left()).toBe(0);
    expect(await listBackpacks(env.db)).toHaveLength(1);
  });

  it("that somebody switched on again meanwhile stays", async () => {
    const { env, organization } = await siteWorld();
    const backpack = added(await addBackpack(env, { address: HOST }));
    for (let i = 0; i < ENDED_AT_ONCE + 1; i++) {
      const { user } = await givenPerson(env, organization);
      await givenConnection(env, backpack, user.id);
    }
    await removeBackpack(env, backpack.id);
    await changeBackpack(env, backpack.id, { isEnabled: true });
    await drain(env, { "backpack.remove": removeHandler }, { limit: 10 });
    expect((await listBackpacks(env.db)).map(({ id }) => id)).toContain(backpack.id);
  });
});

describe("how it goes with a backpack", () => {
  it("is nothing yet, for one that nobody uses", async () => {
    const { env } = await siteWorld();
    const backpack = added(await addBackpack(env, { address: HOST }));
    expect((await backpackHealth(env.db, env.now())).get(backpack.id)).toEqual({
      connected: 0,
      reconnect: 0,
      waiting: 0,
      parked: 0,
      refused: 0,
      delivered: 0,
      pullProblems: 0,
      lastSuccessAt: null,
      pausedUntil: null,
      failures: 0,
      lastProblem: null,
    });
  });

  it("counts connections and deliveries, and says whether its host rests", async () => {
    const { env, organization, person, backpackId, connectionId } = await siteWorld();
    const badge = await givenBadge(env, organization, { max_awards_per_user: null });
    const states: DeliveryState[] = [
      "pending",
      "sending",
      "unknown",
      "parked",
      "refused",
      "delivered",
      "withdrawn",
    ];
    for (const [i, state] of states.entries()) {
      const award = await givenAward(env, badge, person, { award_slot: `r${i}` });
      const row = {
        id: newId(env),
        award_id: award.id,
        connection_id: connectionId,
        organization_id: organization.id,
        user_id: person.user.id,
        state,
        delivered_at: state === "delivered" ? 5_000 : null,
        updated_at: env.now(),
      };
      await env.db.batch([env.db.orm.insert(deliveries).values(row)]);
    }
    const { user } = await givenPerson(env, organization);
    const [backpack] = await env.db.orm
      .select()
      .from(backpacks)
      .where(eq(backpacks.id, backpackId));
    if (backpack === undefined) throw new Error("no backpack");
    const other = await givenConnection(env, backpack, user.id);
    const where = eq(connections.id, other);
    const change = { status: "reconnect" as const, last_pull_problem: "unreachable" };
    const host = {
      host: "backpack.example.net",
      consecutive_failures: 6,
      open_until: env.now() + 30_000,
      last_problem: "unreachable",
      last_success_at: 9_000,
      updated_at: env.now(),
    };
    await env.db.batch([
      env.db.orm.update(connections).set(change).where(where),
      env.db.orm.insert(outboundHosts).values(host),
    ]);
    const at = async (now: number) => (await backpackHealth(env.db, now)).get(backpackId);
    expect(await at(env.now())).toEqual({
      connected: 1,
      reconnect: 1,
      waiting: 3,
      parked: 1,
      refused: 1,
      delivered: 1,
      pullProblems: 1,
      lastSuccessAt: 9_000,
      pausedUntil: env.now() + 30_000,
      failures: 6,
      lastProblem: "unreachable",
    });
    expect(await at(env.now() + 30_000)).toMatchObject({ pausedUntil: null, failures: 6 });
  });
});
