// Signing keys over the API: rotated, revoked, shown without anything private, each to its own organization.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { asking } from "./ask.ts";

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];
const REASON = { reason: "A backup was stolen." };

async function own(scopes?: Parameters<typeof givenApiKey>[2]) {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return { t, organization, ask: asking(t, await givenApiKey(t.env, organization, scopes)) };
}

describe("POST /signing-keys", () => {
  it("makes the first key, then replaces it and retires it", async () => {
    const { t, organization, ask } = await own();
    const first = await ask("POST", "/signing-keys");
    expect(first.status).toBe(201);
    expect(first.headers.get("location")).toBe(`/api/v1/signing-keys/${first.json.id}`);
    expect(first.json).toMatchObject({
      organization: organization.id,
      status: "current",
      algorithm: "RS256",
      url: t.env.urls.key(first.json.id),
      retired_at: null,
      revoked_at: null,
      revocation_reason: null,
    });
    t.clock.advance(1_000);
    const second = await ask("POST", "/signing-keys");
    expect(second.json.id).not.toBe(first.json.id);
    const { data } = (await ask("GET", "/signing-keys")).json;
    expect(data.map(({ id, status }) => [id, status])).toEqual([
      [second.json.id, "current"],
      [first.json.id, "retired"],
    ]);
  });

  it("makes one key of a request that is sent twice with its Idempotency-Key", async () => {
    const { ask } = await own();
    const headers = { "idempotency-key": "rotate-1" };
    const first = await ask("POST", "/signing-keys", { headers });
    const again = await ask("POST", "/signing-keys", { headers });
    expect(again.text).toBe(first.text);
    expect((await ask("GET", "/signing-keys")).json.data).toHaveLength(1);
  });

  it("leaves one current key when many rotate at once", async () => {
    const { t, ask } = await own();
    const said = await Promise.all([1, 2, 3, 4].map(() => ask("POST", "/signing-keys")));
    expect(said.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const { data } = (await ask("GET", "/signing-keys")).json;
    expect(data.filter(({ status }) => status === "current")).toHaveLength(1);
    expect(data).toHaveLength(4);
    const { rows } = await t.env.db.read({
      sql: "SELECT action, count(*) FROM audit_log GROUP BY action ORDER BY action",
      params: [],
    });
    expect(rows).toEqual([
      ["signing_key.created", 1],
      ["signing_key.rotated", 3],
    ]);
  });

  it("of a site's key that names no organization makes the installation's own", async () => {
    const t = await testApp();
    const ask = asking(t, await givenApiKey(t.env, null));
    for (const _ of [1, 2]) {
      t.clock.advance(1_000);
      const made = await ask("POST", "/signing-keys");
      expect(made.json).toMatchObject({ organization: null, url: null, status: "current" });
      expect((await t.request(`/ob/v2/keys/${made.json.id}`)).status).toBe(404);
    }
    expect((await ask("GET", "/signing-keys")).json.data.map(({ status }) => status)).toEqual([
      "current",
      "retired",
    ]);
  });

  it("needs the scope keys:write", async () => {
    const { ask } = await own(["keys:read"]);
    expect((await ask("POST", "/signing-keys")).status).toBe(403);
    expect((await ask("GET", "/signing-keys")).status).toBe(200);
  });
});

describe("a signing key as it is shown", () => {
  it("OB20-K-04 holds nothing private, in any answer", async () => {
    const { ask } = await own();
    const made = await ask("POST", "/signing-keys");
    const path = `/signing-keys/${made.json.id}`;
    const said = [
      made,
      await ask("GET", "/signing-keys"),
      await ask("GET", path),
      await ask("POST", `${path}/revoke`, { body: REASON }),
    ];
    for (const { text } of said) {
      expect(text).not.toContain("PRIVATE");
      expect(text).not.toContain("sealed");
      for (const member of PRIVATE_MEMBERS) expect(text).not.toContain(`"${member}":`);
    }
  });

  it("answers If-None-Match, and 404 for what is not there", async () => {
    const { ask } = await own();
    const { json } = await ask("POST", "/signing-keys");
    const shown = await ask("GET", `/signing-keys/${json.id}`);
    const headers = { "if-none-match": shown.headers.get("etag") ?? "none" };
    expect((await ask("GET", `/signing-keys/${json.id}`, { headers })).status).toBe(304);
    expect((await ask("GET", "/signing-keys/none")).status).toBe(404);
    expect((await ask("POST", "/signing-keys/none/revoke", { body: REASON })).status).toBe(404);
  });
});

describe("POST /signing-keys/{id}/revoke", () => {
  it("revokes once; the reason of the first time stays", async () => {
    const { ask } = await own();
    const { json } = await ask("POST", "/signing-keys");
    const path = `/signing-keys/${json.id}/revoke`;
    const revoked = await ask("POST", path, { body: REASON });
    expect(revoked.status).toBe(200);
    expect(revoked.json).toMatchObject({
      status: "revoked",
      revocation_reason: REASON.reason,
    });
    const again = await ask("POST", path, { body: { reason: "Another." } });
    expect(again.json).toEqual(revoked.json);
  });

  it.each([
    ["no reason", {}],
    ["an empty reason", { reason: " " }],
    ["a member that is not known", { ...REASON, at: "now" }],
  ])("refuses %s", async (_name, body) => {
    const { ask } = await own();
    const { json } = await ask("POST", "/signing-keys");
    expect((await ask("POST", `/signing-keys/${json.id}/revoke`, { body })).status).toBe(422);
    expect((await ask("GET", `/signing-keys/${json.id}`)).json.status).toBe("current");
  });

  it("refuses when the key is another than If-Match names", async () => {
    const { ask } = await own();
    const { json } = await ask("POST", "/signing-keys");
    const stale = { body: REASON, headers: { "if-match": '"stale"' } };
    expect((await ask("POST", `/signing-keys/${json.id}/revoke`, stale)).status).toBe(412);
  });
});
