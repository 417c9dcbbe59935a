// Everything of an organization in one file: whole, its own, without a secret, and written down.
import { getTableColumns, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import { SLICE_ROWS } from "../../src/db/export.ts";
import { TABLES_AFTER, TABLES_BEFORE } from "../../src/db/export-tables.ts";
import { nominations } from "../../src/db/nominations.ts";
import { apiKeys } from "../../src/db/organizations.ts";
import { webhookEndpoints } from "../../src/db/webhooks.ts";
import { newId } from "../../src/ids.ts";
import { TEST_ORIGIN } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenPerson,
  givenSvgImage,
  PLAIN_SVG,
} from "../given.ts";
import { countedQuietly, counts, givenRuled } from "../issuer/evaluation-world.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

const PATH = "/admin/export";

type Line = { readonly record: string } & Readonly<Record<string, unknown>>;

function linesOf(text: string): Line[] {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));
}

async function exported(world: DeskWorld): Promise<{ text: string; lines: Line[] }> {
  const text = await (await world.as.ada.post(PATH)).text();
  return { text, lines: linesOf(text) };
}

describe("who may", () => {
  it("administrators, by a form of ours", async () => {
    const world = await deskWorld();
    for (const who of ["cora", "noor"] as const) {
      expect((await world.as[who].get(PATH)).status).toBe(403);
      expect((await world.as[who].post(PATH)).status).toBe(403);
    }
    expect((await world.as.ada.post(PATH, { form_token: "forged" })).status).toBe(403);
    const foreign = { organization: world.organization.id };
    expect((await world.as.fritz.post(PATH, foreign)).status).toBe(404);
    const stranger = await world.request(PATH, { headers: { accept: "text/html" } });
    expect(stranger.status).toBe(303);
    expect(await world.env.db.orm.select().from(auditLog)).toEqual([]);
    const page = await world.as.ada.get(PATH);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("JSON Lines")]);
    const other = await world.request(PATH, { method: "DELETE" });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });

  it("keys that may read all of it", async () => {
    const world = await deskWorld();
    const { env, organization, request } = world;
    const some = await givenApiKey(env, organization, ["organizations:read", "users:read"]);
    const all = await givenApiKey(env, organization);
    const ask = (key: string) =>
      request("/api/v1/export", { headers: { authorization: `Bearer ${key}` } });
    const refused = await ask(some);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "insufficient-scope" });
    expect((await ask(all)).status).toBe(200);
  });
});

describe("the file", () => {
  it("begins with what it is and ends with how much there is, and is written down", async () => {
    const world = await deskWorld();
    const sent = await world.as.ada.post(PATH);
    expect(sent.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(sent.headers.get("content-disposition")).toBe(
      `attachment; filename="rosette-${world.organization.slug}-2026-10-04.jsonl"`,
    );
    const lines = linesOf(await sent.text());
    expect(lines[0]).toEqual({
      record: "export",
      organization: world.organization.id,
      version: 1,
      public_url: TEST_ORIGIN,
      exported_at: "2026-10-04T14:02:00.000Z",
    });
    const found: Record<string, number> = {};
    for (const { record } of lines.slice(1, -1)) found[record] = (found[record] ?? 0) + 1;
    expect(lines.at(-1)).toEqual({ record: "end", counts: found });
    expect(found).toEqual({ organization: 1, person: 3, audit: 1 });
    const [entry] = await world.env.db.orm.select().from(auditLog);
    expect(entry).toMatchObject({
      action: "organization.exported",
      actor_kind: "user",
      actor_id: world.ada.user.id,
      organization_id: world.organization.id,
    });
  });

  it("has awards, badges, pictures, people and what was counted, as others can read them", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    const badge = await givenRuled(env, organization, { rules: [counts(10)] });
    await countedQuietly(env, organization, noor.user.id, 7);
    await givenSvgImage(env, organization);
    const award = await givenAward(env, badge, noor, {
      evidence: [{ narrative: "Line\nbreak \u2028 and “quotes”." }],
      date_expire: Date.UTC(2027, 0, 31),
    });
    const { lines } = await exported(world);
    const one = (record: string) => lines.find((line) => line.record === record);
    expect(one("award")).toMatchObject({
      id: award.id,
      url: `${TEST_ORIGIN}/ob/v2/assertions/${award.unique_hash}`,
      awarded_at: "2026-10-04T14:02:00.000Z",
      date_expire: "2027-01-31T00:00:00.000Z",
      evidence: [{ narrative: "Line\nbreak \u2028 and “quotes”." }],
      visible: true,
      signed: null,
    });
    expect(one("badge")).toMatchObject({
      id: badge.id,
      url: `${TEST_ORIGIN}/ob/v2/badges/${badge.id}`,
      tags: ["mentoring"],
    });
    expect(lines.filter(({ record }) => record === "criterion_param")).not.toEqual([]);
    expect(one("metric_total")).toMatchObject({ user_id: noor.user.id });
    expect(one("metric_total")).not.toHaveProperty("recent");
    const pictures = lines.filter(({ record }) => record === "image");
    expect(pictures.map(({ base64 }) => atob(String(base64)))).toContain(PLAIN_SVG);
    expect(lines.find(({ name }) => name === "Noor Haddad")).toMatchObject({
      record: "person",
      roles: ["member"],
      identities: [{ type: "email", identity: noor.identity.identity, verified: true }],
    });
  });

  it("has nothing of another organization", async () => {
    const world = await deskWorld();
    const { env, foreign, noor } = world;
    const badge = await givenBadge(env, foreign, { name: "Elsewhere" });
    await givenAward(env, badge, noor);
    const { text } = await exported(world);
    for (const theirs of [foreign.id, badge.id, "Elsewhere", "Fritz", "Southside"]) {
      expect(text).not.toContain(theirs);
    }
  });

  it.each([SLICE_ROWS - 1, SLICE_ROWS, SLICE_ROWS + 1])(
    "has each of %s awards, and of as many nominations, once",
    async (count) => {
      const world = await deskWorld();
      const { env, organization, noor } = world;
      const badge = await givenBadge(env, organization);
      const award = await givenAward(env, badge, noor);
      const more = (table: string, columns: string, values: string, from: string) => ({
        sql: `INSERT INTO ${table} (${columns}) WITH RECURSIVE n(i) AS (
            SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
          SELECT ${values} FROM n, ${table} one WHERE one.id = '${from}'`,
        params: [],
      });
      const same =
        "badge_id, user_id, organization_id, awarded_at, awarded_by, recipient_identity_id, recipient_type, recipient_identity, recipient_salt, updated_at";
      const nomination = newId(env);
      const first = env.db.orm.insert(nominations).values({
        id: nomination,
        organization_id: organization.id,
        badge_id: badge.id,
        nominee_id: noor.user.id,
        reason: "Because.",
        state: "approved",
        updated_at: env.now(),
      });
      await env.db.batch([
        more(
          "badge_issues",
          `id, unique_hash, award_slot, ${same}`,
          `'a' || i, 'a' || i, 'r' || i, ${same}`,
          award.id,
        ),
        first,
        more(
          "nominations",
          "id, organization_id, badge_id, nominee_id, reason, state, updated_at",
          "'n' || i, organization_id, badge_id, nominee_id, reason, state, updated_at",
          nomination,
        ),
      ]);
      const { lines } = await exported(world);
      for (const record of ["award", "nomination"]) {
        const ids = lines.filter((line) => line.record === record).map(({ id }) => id);
        expect([record, ids.length, new Set(ids).size]).toEqual([record, count, count]);
      }
    },
  );

  it("is read through to the end where nobody waits for it, and let go where somebody stops", async () => {
    const world = await deskWorld();
    for (let i = 0; i < 3; i++) await givenPerson(world.env, world.organization);
    const sent = await world.as.ada.post(PATH);
    const reader = sent.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('"record":"export"');
    await reader?.cancel();
    expect((await world.as.ada.get("/admin")).status).toBe(200);
  });
});

describe("secrets", () => {
  it("are in no table's records: whatever is called like one is kept back", () => {
    const SECRET = /secret|token|hash|sealed|private|password|jwk|salt|cookie/;
    /** Public by what they are: the name of an award, a picture or a key. */
    const KNOWN = ["public_jwk", "public_pem"];
    const found = [...TABLES_BEFORE, ...TABLES_AFTER].flatMap(({ record, table, without = [] }) =>
      Object.keys(getTableColumns(table))
        .filter((name) => SECRET.test(name) && !KNOWN.includes(name))
        .filter((name) => !without.includes(name))
        .map((name) => `${record}.${name}`),
    );
    expect(found).toEqual([]);
  });

  it("are not in the file", async () => {
    const world = await deskWorld();
    const { env, organization } = world;
    const key = await givenApiKey(env, organization);
    const endpoint = env.db.orm.insert(webhookEndpoints).values({
      id: newId(env),
      organization_id: organization.id,
      url: "https://hooks.example/",
      events: [],
      secret: "sealed-webhook-secret",
      previous_secret: "sealed-former-secret",
      updated_at: env.now(),
    });
    await env.db.batch([endpoint]);
    const [row] = await env.db.orm.select().from(apiKeys).where(sql`organization_id is not null`);
    const { text, lines } = await exported(world);
    expect(lines.map(({ record }) => record)).toEqual(
      expect.arrayContaining(["api_key", "webhook_endpoint"]),
    );
    for (const secret of [key, row?.key_hash ?? "", "sealed-webhook", "sealed-former"]) {
      expect(secret).not.toBe("");
      expect(text).not.toContain(secret);
    }
    for (const browser of Object.values(world.as)) {
      expect(text).not.toContain(browser.cookie.split("=")[1]);
    }
  });
});
