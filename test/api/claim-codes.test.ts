// Claim codes over the API: shown once, in letters nobody mistakes, kept as a hash.
import { describe, expect, it } from "vitest";
import { claimCodeHash, plainCode } from "../../src/issuer/claim-code.ts";
import { TEST_NOW, type TestApp, testApp } from "../app.ts";
import { givenBadge, givenOrganization } from "../given.ts";
import { type Client, givenClient } from "./client.ts";

async function stage(): Promise<{ t: TestApp; client: Client; path: string; badge: string }> {
  const t = await testApp();
  const client = await givenClient(t);
  const { id } = await givenBadge(t.env, client.organization);
  return { t, client, path: `/badges/${id}/claim-codes`, badge: id };
}

const HOUR = 3_600_000;

describe("making one", () => {
  it("shows the code once, and keeps its hash", async () => {
    const { t, client, path, badge } = await stage();
    const made = await client.send("POST", path, { label: "Spring camp", max_claims: 30 });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      badge,
      label: "Spring camp",
      state: "open",
      max_claims: 30,
      claims: 0,
      expires_at: null,
    });
    const code = String(made.body.code);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    expect(made.body.url).toBe(`https://badges.example.org/claim/${code}`);
    expect(made.body.hint).toBe(code.slice(-4));

    const { rows } = await t.env.db.read({ sql: "select code_hash from claim_codes", params: [] });
    expect(rows).toEqual([[await claimCodeHash(code)]]);
    const read = await client.send("GET", `${path}/${made.body.id}`);
    expect(read.body).not.toHaveProperty("code");
    expect(read.headers.get("etag")).toMatch(/^"/);
    const listed = await client.send("GET", path);
    expect(listed.body.data).toEqual([read.body]);
  });

  it("the same request again shows the same code, from a sealed answer", async () => {
    const { t, client, path } = await stage();
    const key = { "idempotency-key": "once" };
    const first = await client.send("POST", path, {}, key);
    const second = await client.send("POST", path, {}, key);
    expect(second.body).toEqual(first.body);
    const { rows } = await t.env.db.read({ sql: "select body from idempotency_keys", params: [] });
    expect(String(rows[0]?.[0])).not.toContain(String(first.body.code));
  });

  it("takes a code of the organization's own, once in the whole installation", async () => {
    const { t, client, path } = await stage();
    const made = await client.send("POST", path, { code: "spring-camp-7f3k" });
    expect(made.body).toMatchObject({ code: "spring-camp-7f3k", hint: "7F3K" });
    const again = await client.send("POST", path, { code: "SPRING-CAMP-7F3K" });
    expect([again.status, again.body.code]).toEqual([409, "claim-code-taken"]);
    const other = await givenClient(t);
    const { id } = await givenBadge(t.env, other.organization);
    const theirs = await other.send("POST", `/badges/${id}/claim-codes`, {
      code: "springcamp7f3k",
    });
    expect(theirs.status).toBe(409);
  });

  it.each<[what: string, body: unknown, pointer: string, code: string]>([
    ["nobody", { max_claims: 0 }, "/max_claims", "max_claims_positive_integer"],
    ["fewer than nobody", { max_claims: -1 }, "/max_claims", "max_claims_positive_integer"],
    ["half a person", { max_claims: 1.5 }, "/max_claims", "max_claims_positive_integer"],
    [
      "a time that has passed",
      { expires_at: "2020-01-01T00:00:00Z" },
      "/expires_at",
      "expires_at_in_future",
    ],
    ["no time", { expires_at: "soon" }, "/expires_at", "time_format"],
    ["a code that is soon guessed", { code: "spring" }, "/code", "claim_code_format"],
    ["seven letters with hyphens", { code: "a-b-c-d-e-f-g" }, "/code", "claim_code_format"],
    ["a code that is no address", { code: "spring/camp 2027" }, "/code", "claim_code_format"],
    ["a code of 65 letters", { code: "a".repeat(65) }, "/code", "claim_code_format"],
    ["an empty label", { label: " " }, "/label", "label_bounded"],
    ["what it does not know", { maximum: 3 }, "/maximum", "unknown_field"],
  ])("refuses %s", async (_what, body, pointer, code) => {
    const { client, path } = await stage();
    const refused = await client.send("POST", path, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([expect.objectContaining({ pointer, code })]);
    expect((await client.send("GET", path)).body.data).toEqual([]);
  });

  it.each([["a".repeat(8)], ["a".repeat(64)]])("takes a code of the bounds", async (code) => {
    const { client, path } = await stage();
    expect((await client.send("POST", path, { code })).status).toBe(201);
  });

  it("is not for tiers, archived badges or badges of others", async () => {
    const { t, client } = await stage();
    const tiered = await givenBadge(t.env, client.organization);
    await t.env.db.batch([
      { sql: "insert into badge_tiers values (?, 1, 'Bronze', 1)", params: [tiered.id] },
    ]);
    const refused = await client.send("POST", `/badges/${tiered.id}/claim-codes`, {});
    expect(refused.body.errors[0]?.code).toBe("claim_code_without_tiers");
    const archived = await givenBadge(t.env, client.organization, { status: "archived" });
    expect((await client.send("POST", `/badges/${archived.id}/claim-codes`, {})).status).toBe(409);
    const foreign = await givenBadge(t.env, await givenOrganization(t.env));
    expect((await client.send("POST", `/badges/${foreign.id}/claim-codes`, {})).status).toBe(404);
    expect((await client.send("GET", `/badges/${foreign.id}/claim-codes`)).status).toBe(404);
  });

  it("needs the scope to award, and reading them the scope to read awards", async () => {
    const t = await testApp();
    const client = await givenClient(t, ["awards:read", "badges:write"]);
    const { id } = await givenBadge(t.env, client.organization);
    expect((await client.send("POST", `/badges/${id}/claim-codes`, {})).status).toBe(403);
    expect((await client.send("GET", `/badges/${id}/claim-codes`)).status).toBe(200);
  });
});

describe("its state", () => {
  it("is open till it expires", async () => {
    const { t, client, path } = await stage();
    const expires_at = new Date(TEST_NOW + HOUR).toISOString();
    const { body } = await client.send("POST", path, { expires_at });
    const state = async () => (await client.send("GET", `${path}/${body.id}`)).body.state;
    t.clock.advance(HOUR - 1);
    expect(await state()).toBe("open");
    t.clock.advance(1);
    expect(await state()).toBe("expired");
  });

  it("is revoked for good, and revoking it again changes nothing", async () => {
    const { client, path } = await stage();
    const { body } = await client.send("POST", path, {});
    const one = `${path}/${body.id}`;
    expect((await client.send("DELETE", one)).status).toBe(204);
    const revoked = await client.send("GET", one);
    expect(revoked.body).toMatchObject({ state: "revoked", revoked_at: expect.any(String) });
    expect((await client.send("DELETE", one)).status).toBe(204);
    expect((await client.send("GET", one)).body).toEqual(revoked.body);
    const stale = await client.send("DELETE", one, undefined, { "if-match": '"another"' });
    expect(stale.status).toBe(412);
  });
});

describe("a typed code", () => {
  it.each([
    ["K7QF-2M9X-4TBD", "K7QF2M9X4TBD"],
    ["k7qf 2m9x 4tbd", "K7QF2M9X4TBD"],
    [" k7qf2m9x–4tbd ", "K7QF2M9X4TBD"],
    ["OIL0-1lio", "01101110"],
  ])("%s is %s", (typed, plain) => {
    expect(plainCode(typed)).toBe(plain);
  });
});
