// The overview: who may see it, what waits, what a tile does that cannot be read, and the numbers as a file.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import type { Database } from "../../src/db/database.ts";
import { nominations } from "../../src/db/nominations.ts";
import { organizations } from "../../src/db/organizations.ts";
import { EXPIRING_WITHIN_MS, MOST_COUNTED } from "../../src/db/overview.ts";
import { webhookEndpoints } from "../../src/db/webhooks.ts";
import { newId } from "../../src/ids.ts";
import { TEST_ORIGIN } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenPerson } from "../given.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

const PATHS = [
  "/admin",
  "/admin/overview/expiring",
  "/admin/overview/not-sent",
  "/admin/overview/badges.csv",
];

async function textOf(response: Promise<Response>): Promise<string> {
  return (await response).text();
}

async function nominated({ env, organization, cora, noor }: DeskWorld): Promise<void> {
  const badge = await givenBadge(env, organization);
  const nomination = env.db.orm.insert(nominations).values({
    id: newId(env),
    organization_id: organization.id,
    badge_id: badge.id,
    nominee_id: noor.user.id,
    nominator_id: cora.user.id,
    reason: "Ran twelve sessions.",
    updated_at: env.now(),
  });
  await env.db.batch([nomination]);
}

describe("who sees it", () => {
  it.each(PATHS)("%s is for administrators", async (path) => {
    const world = await deskWorld();
    expect((await world.as.ada.get(path)).status).toBe(200);
    for (const who of ["cora", "noor"] as const) {
      expect((await world.as[who].get(path)).status).toBe(403);
    }
    const stranger = await world.request(path, { headers: { accept: "text/html" } });
    expect(stranger.status).toBe(303);
    expect(stranger.headers.get("location")).toBe(`/login?next=${encodeURIComponent(path)}`);
  });

  it.each(PATHS)("%s answers other methods 405", async (path) => {
    const world = await deskWorld();
    const response = await world.as.ada.post(path);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("a list that there is none of is 404", async () => {
    const world = await deskWorld();
    expect((await world.as.ada.get("/admin/overview/everything")).status).toBe(404);
  });
});

describe("what waits", () => {
  it("is nothing in a new organization, which sees its first steps", async () => {
    const { as } = await deskWorld();
    const text = await textOf(as.ada.get("/admin"));
    expect(text).toContain("Nothing waits for you.");
    expect(text).toContain("1 of 4 done.");
    for (const path of ["/admin/settings", "/admin/badges/new", "/admin/people/new", "/award"]) {
      expect(text).toContain(`href="${path}"`);
    }
  });

  it("has no first steps once all were taken", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    await givenAward(env, await givenBadge(env, organization), noor);
    const described = env.db.orm
      .update(organizations)
      .set({ description: "Students who help students." })
      .where(eq(organizations.id, organization.id));
    await env.db.batch([described]);
    expect(await textOf(world.as.ada.get("/admin"))).not.toContain("First steps");
  });

  it("is counted, each with a link to it, and of no other organization", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    await nominated(world);
    const badge = await givenBadge(env, organization);
    const soon = { date_expire: env.now() + EXPIRING_WITHIN_MS };
    await givenAward(env, badge, noor, soon);
    await givenAward(env, badge, await givenPerson(env, organization), { claim_state: "declined" });
    const disabled = { disabled_at: env.now(), disabled_reason: "failing" as const };
    const endpoint = env.db.orm.insert(webhookEndpoints).values({
      id: newId(env),
      organization_id: organization.id,
      url: "https://hooks.example/",
      events: [],
      secret: "sealed",
      updated_at: env.now(),
      ...disabled,
    });
    await env.db.batch([endpoint]);
    const text = await textOf(world.as.ada.get("/admin"));
    expect(text).toContain("1 nomination waits for a decision");
    expect(text).toContain('href="/award/nominations?show=pending"');
    expect(text).toContain("1 award expires within 30 days");
    expect(text).toContain("1 award was declined as somebody else’s");
    expect(text).toContain("1 webhook was switched off");
    const other = await textOf(world.as.fritz.get("/admin"));
    expect(other).toContain("Nothing waits for you.");
  });

  it.each([
    ["within 30 days", EXPIRING_WITHIN_MS, true],
    ["later than that", EXPIRING_WITHIN_MS + 1, false],
    ["now", 0, false],
  ])("an award that expires %s (%s milliseconds): listed is %s", async (_name, after, isListed) => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    const badge = await givenBadge(env, organization, { name: "Twelve Weeks" });
    await givenAward(env, badge, noor, { date_expire: env.now() + after });
    const text = await textOf(world.as.ada.get("/admin/overview/expiring"));
    expect(text.includes("Twelve Weeks")).toBe(isListed);
  });

  it("is listed a page at a time, each award once", async () => {
    const world = await deskWorld();
    const { env, organization } = world;
    const badge = await givenBadge(env, organization);
    const hashes: string[] = [];
    for (let i = 0; i < 27; i++) {
      const person = await givenPerson(env, organization);
      const date_expire = env.now() + 1_000 + (i % 3);
      const award = await givenAward(env, badge, person, { date_expire });
      hashes.push(award.unique_hash);
    }
    const first = await textOf(world.as.ada.get("/admin/overview/expiring"));
    const next = /href="([^"]+after=[^"]+)"/.exec(first)?.[1] ?? "";
    const second = await textOf(world.as.ada.get(next));
    const found = [...`${first}${second}`.matchAll(/href="\/b\/([0-9a-f]{40})"/g)];
    expect(found.map(([, hash]) => hash).sort()).toEqual([...hashes].sort());
    const odd = await textOf(world.as.ada.get("/admin/overview/expiring?after=%27%3B--"));
    expect(odd).toContain("/b/");
  });

  it("is counted up to a thousand", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    const badge = await givenBadge(env, organization);
    const one = await givenAward(env, badge, noor, { claim_state: "declined" });
    const copies = (name: string, last: number) => ({
      sql: `INSERT INTO badge_issues (id, unique_hash, badge_id, user_id, organization_id,
          award_slot, awarded_at, awarded_by, claim_state, recipient_identity_id, recipient_type,
          recipient_identity, recipient_salt, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
        SELECT ?1 || i, ?1 || i, badge_id, user_id, organization_id, ?1 || i,
          awarded_at, awarded_by, claim_state, recipient_identity_id, recipient_type,
          recipient_identity, recipient_salt, updated_at
        FROM n, badge_issues WHERE badge_issues.id = ?3`,
      params: [name, last, one.id],
    });
    await env.db.batch([copies("copy", MOST_COUNTED - 1)]);
    expect(await textOf(world.as.ada.get("/admin"))).toContain(">1,000 awards were declined");
    await env.db.batch([copies("last", 1)]);
    expect(await textOf(world.as.ada.get("/admin"))).toContain(
      "More than 1,000 awards were declined",
    );
  });
});

describe("how awards fare", () => {
  it("is counted step by step, without those that were revoked", async () => {
    const world = await deskWorld();
    const { env, organization, noor, cora, ada } = world;
    const badge = await givenBadge(env, organization, { name: '=Twelve "Weeks"' });
    await givenAward(env, badge, noor, { notification_sent: true, claim_state: "claimed" });
    await givenAward(env, badge, cora, { claim_state: "claimed", visible: false });
    await givenAward(env, badge, ada, { revoked_at: env.now() });
    const text = await textOf(world.as.ada.get("/admin"));
    const rows = [...text.matchAll(/<th scope="row"[^>]*>([^<]+)<\/th><td[^>]*>(\d+)<\/td>/g)];
    expect(rows.map(([, name, count]) => [name, count])).toEqual([
      ["Awarded", "2"],
      ["Told by mail", "1"],
      ["Accepted", "2"],
      ["Accepted and shown", "1"],
      ["In a backpack", "0"],
    ]);
    const csv = await world.as.ada.get("/admin/overview/badges.csv");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("content-disposition")).toContain(`badges-${organization.slug}.csv`);
    expect(await csv.text()).toBe(
      "badge_id,badge,status,awarded,mailed,accepted,shown,in_a_backpack,revoked\r\n" +
        `${badge.id},"'=Twelve ""Weeks""",active,2,1,2,1,0,1\r\n`,
    );
  });
});

describe("what happened last", () => {
  it("is named, with who did it", async () => {
    const world = await deskWorld();
    const { env, organization, ada } = world;
    const badge = await givenBadge(env, organization, { name: "Twelve <b>Weeks</b>" });
    const deed = (action: string, actor: "user" | "system") =>
      env.db.orm.insert(auditLog).values({
        id: newId(env),
        organization_id: organization.id,
        at: env.now(),
        actor_kind: actor,
        actor_id: actor === "user" ? ada.user.id : null,
        action,
        object_kind: "badge",
        object_id: badge.id,
      });
    await env.db.batch([deed("badge.created", "user"), deed("something.new", "system")]);
    const text = await textOf(world.as.ada.get("/admin"));
    expect(text).toContain("Badge made");
    expect(text).toContain("Twelve &lt;b&gt;Weeks");
    expect(text).toContain("<bdi>Ada Quist</bdi>");
    expect(text).toContain("Something else was done");
    expect(text).toContain("by a rule");
    expect(await textOf(world.as.fritz.get("/admin"))).not.toContain("Twelve");
  });
});

describe("a tile that cannot be read", () => {
  /** A database that fails to read one table. */
  function without(table: string) {
    const failing = (db: Database): Database => ({
      ...db,
      read: (statement) =>
        statement.sql.includes(table)
          ? Promise.reject(new Error("no such table"))
          : db.read(statement),
    });
    return { override: ({ db }: { db: Database }) => ({ db: failing(db) }) };
  }

  it.each([
    ["notifications WHERE", "Mails that could not be sent: this could not be read", "mails"],
    ["ORDER BY rowid DESC", "This could not be read just now", "funnel"],
    ["audit_log", "This could not be read just now", "activity"],
  ])("%s: says so alone", async (table, words, tile) => {
    const world = await deskWorld(without(table));
    const { env, organization, noor } = world;
    await nominated(world);
    await givenAward(env, await givenBadge(env, organization), noor);
    const response = await world.as.ada.get("/admin");
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text.split(words)).toHaveLength(2);
    expect(text).toContain("1 nomination waits");
    expect(world.logged).toContainEqual(
      expect.objectContaining({ event: "overview.tile_failed", tile }),
    );
  });
});

describe("an address that means this machine only", () => {
  it("is said above everything; a public one is not", async () => {
    const local = await deskWorld({ publicUrl: "http://localhost:8787" });
    expect(await textOf(local.as.ada.get("/admin"))).toContain("will not verify elsewhere");
    const open = await deskWorld({ publicUrl: TEST_ORIGIN });
    expect(await textOf(open.as.ada.get("/admin"))).not.toContain("will not verify elsewhere");
  });
});

describe("the same over the API", () => {
  it("counts what waits and how awards fare, for who may read the organization", async () => {
    const world = await deskWorld();
    const { env, organization, noor, request } = world;
    await nominated(world);
    await givenAward(env, await givenBadge(env, organization), noor, { claim_state: "claimed" });
    const ask = (key: string) =>
      request("/api/v1/overview", { headers: { authorization: `Bearer ${key}` } });
    const none = { count: 0, is_more: false };
    const said = await ask(await givenApiKey(env, organization, ["organizations:read"]));
    expect([said.status, await said.json()]).toEqual([
      200,
      {
        to_do: {
          nominations: { count: 1, is_more: false },
          not_mine: none,
          mails: none,
          not_sent: none,
          expiring: none,
          webhooks: none,
        },
        funnel: { awarded: 1, mailed: 0, accepted: 1, shown: 1, carried: 0 },
      },
    ]);
    expect((await ask(await givenApiKey(env, organization, ["awards:read"]))).status).toBe(403);
  });
});

describe("badges that reached no backpack", () => {
  it("are listed with what came of them, and what arrived is not", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    const sent = async (name: string, state: string) => {
      const award = await givenAward(env, await givenBadge(env, organization, { name }), noor);
      await env.db.batch([
        {
          sql: `INSERT INTO deliveries (id, award_id, connection_id, organization_id, user_id,
            state, updated_at) VALUES (?, ?, 'connection', ?, ?, ?, 0)`,
          params: [newId(env), award.id, organization.id, noor.user.id, state],
        },
      ]);
    };
    await env.db.batch([
      {
        sql: `INSERT INTO badge_external_backpacks (id, name, backpack_api_url, backpack_web_url,
          api_version, updated_at)
          VALUES ('backpack', 'Shelf', 'https://api.example', 'https://shelf.example', 'v2p1', 0)`,
        params: [],
      },
      {
        sql: `INSERT INTO badge_backpacks (id, user_id, external_backpack_id, connected_at,
          updated_at) VALUES ('connection', ?, 'backpack', 0, 0)`,
        params: [noor.user.id],
      },
    ]);
    await sent("Refused Badge", "refused");
    await sent("Parked Badge", "parked");
    await sent("Delivered Badge", "delivered");
    const text = await textOf(world.as.ada.get("/admin/overview/not-sent"));
    expect(text).toContain("Refused Badge");
    expect(text).toContain("The backpack refused it");
    expect(text).toContain("Given up after many tries");
    expect(text).not.toContain("Delivered Badge");
    expect(text).not.toContain("Shelf");
    expect(await textOf(world.as.ada.get("/admin"))).toContain("2 badges did not reach a backpack");
    expect(await textOf(world.as.fritz.get("/admin/overview/not-sent"))).not.toContain("Parked");
  });
});
