// API keys over the API: shown once, never wider than their maker, gone when revoked.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { asking, everything } from "./ask.ts";

async function own(scopes?: Parameters<typeof givenApiKey>[2]) {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return { t, organization, ask: asking(t, await givenApiKey(t.env, organization, scopes)) };
}

const NEW = { name: "Course platform", scopes: ["users:read"] };

describe("POST /api-keys", () => {
  it("makes a key that works, for its maker's organization, and shows it once", async () => {
    const { t, organization, ask } = await own();
    const made = await ask("POST", "/api-keys", { body: NEW });
    expect(made.status).toBe(201);
    expect(made.json.key).toMatch(/^ros_[A-Za-z0-9_-]{43}$/);
    expect(made.json.key.startsWith(made.json.prefix)).toBe(true);
    expect(made.json).toMatchObject({ ...NEW, organization: organization.id, expires_at: null });
    expect(made.headers.get("location")).toBe(`/api/v1/api-keys/${made.json.id}`);
    const used = asking(t, made.json.key);
    expect((await used("GET", "/users")).status).toBe(200);
    expect((await used("GET", "/images")).status).toBe(403);
    for (const path of ["/api-keys", `/api-keys/${made.json.id}`]) {
      expect((await ask("GET", path)).text).not.toContain(made.json.key);
    }
    expect(await everything(t)).not.toContain(made.json.key);
    expect(JSON.stringify(t.logged)).not.toContain(made.json.key);
  });

  it("refuses scopes its maker lacks, one by one", async () => {
    const { t, ask } = await own(["keys:write", "users:read"]);
    const before = await everything(t);
    const body = { name: "k", scopes: ["users:read", "users:write", "*"] };
    const said = await ask("POST", "/api-keys", { body });
    expect([said.status, said.json.code]).toEqual([403, "insufficient-scope"]);
    expect(said.json.errors.map(({ pointer }) => pointer)).toEqual(["/scopes/1", "/scopes/2"]);
    expect(await everything(t)).toBe(before);
    const fit = await ask("POST", "/api-keys", { body: { name: "k", scopes: ["users:read"] } });
    expect(fit.status).toBe(201);
  });

  it("of a site's key makes one of the site, or of the organization that is named", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const ask = asking(t, await givenApiKey(t.env, null));
    const site = await ask("POST", "/api-keys", { body: NEW });
    expect(site.json.organization).toBeNull();
    const headers = { "rosette-organization": organization.slug };
    const named = await ask("POST", "/api-keys", { body: NEW, headers });
    expect(named.json.organization).toBe(organization.id);
    const listed = await ask("GET", "/api-keys", { headers });
    expect(listed.json.data.map(({ id }) => id)).toEqual([named.json.id]);
    expect((await ask("GET", "/api-keys")).json.data).toHaveLength(3);
    expect((await ask("GET", `/api-keys/${site.json.id}`, { headers })).status).toBe(404);
  });

  it("expires when it says", async () => {
    const { t, ask } = await own();
    const expires_at = new Date(t.env.now() + 1_000).toISOString();
    const made = await ask("POST", "/api-keys", { body: { ...NEW, expires_at } });
    expect(made.json.expires_at).toBe(expires_at);
    const used = asking(t, made.json.key);
    t.clock.advance(999);
    expect((await used("GET", "/users")).status).toBe(200);
    t.clock.advance(1);
    expect((await used("GET", "/users")).status).toBe(401);
  });

  it("outlived by none it makes: an expiring key cannot make one that expires later or never", async () => {
    const { t, ask } = await own();
    const end = t.env.now() + 60_000;
    const at = (moment: number) => ({ expires_at: new Date(moment).toISOString() });
    const scopes = ["keys:write", "users:read"];
    const expiring = await ask("POST", "/api-keys", { body: { name: "k", scopes, ...at(end) } });
    const asExpiring = asking(t, expiring.json.key);
    const before = await everything(t);
    for (const change of [{}, at(end + 1)]) {
      const said = await asExpiring("POST", "/api-keys", { body: { ...NEW, ...change } });
      expect([said.status, said.json.code]).toEqual([403, "insufficient-scope"]);
      const error = { pointer: "/expires_at", code: "outlives_its_maker" };
      expect(said.json.errors).toMatchObject([error]);
    }
    expect(await everything(t)).toBe(before);
    const fit = await asExpiring("POST", "/api-keys", { body: { ...NEW, ...at(end) } });
    expect(fit.status).toBe(201);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["no name", { name: undefined }, "/name", "required"],
    ["no scopes", { scopes: [] }, "/scopes", "too_small"],
    ["an unknown scope", { scopes: ["users:delete"] }, "/scopes/0", "invalid_value"],
    ["a day without time", { expires_at: "2027-01-01" }, "/expires_at", "time_format"],
    [
      "a moment that has passed",
      { expires_at: "2020-01-01T00:00:00Z" },
      "/expires_at",
      "expires_in_the_past",
    ],
    ["a key of one's own choice", { key: "ros_x" }, "/key", "unknown_field"],
  ])("refuses %s", async (_name, change, pointer, code) => {
    const { t, ask } = await own();
    const before = await everything(t);
    const said = await ask("POST", "/api-keys", { body: { ...NEW, ...change } });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ pointer, code, fix: expect.stringMatching(/.+/) }]);
    expect(await everything(t)).toBe(before);
  });
});

describe("DELETE /api-keys/{id}", () => {
  it("revokes at once and for good, says so in the list, and may be repeated", async () => {
    const { t, ask } = await own();
    const made = await ask("POST", "/api-keys", { body: NEW });
    const used = asking(t, made.json.key);
    expect((await used("GET", "/users")).status).toBe(200);
    const at = `/api-keys/${made.json.id}`;
    expect((await ask("DELETE", at, { headers: { "if-match": '"x"' } })).status).toBe(412);
    expect((await ask("DELETE", at)).status).toBe(204);
    expect((await used("GET", "/users")).status).toBe(401);
    const before = await everything(t);
    expect((await ask("DELETE", at)).status).toBe(204);
    expect(await everything(t)).toBe(before);
    expect((await ask("GET", at)).json.revoked_at).toBe(new Date(t.env.now()).toISOString());
  });
});
