import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findHostedAssertion } from "../../src/db/published.ts";
import { matchIdentity } from "../../src/obv2/identity.ts";
import { type Client, givenClient } from "../api/client.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey } from "../given.ts";
import * as shapes from "./shapes.ts";

let t: TestApp;
let client: Client;
let badge: string;

const DEFINITION = {
  description: "Ran mentoring sessions in twelve consecutive weeks.",
  criteria: { narrative: "Run a session in each of twelve consecutive weeks." },
};

beforeAll(async () => {
  t = await testApp({ shared: true });
  client = await givenClient(t);
  const defined = await client.send("POST", "/badges", { name: "Streak", ...DEFINITION });
  expect(defined.status).toBe(201);
  badge = defined.body.id;
});
afterAll(() => t.close());

const award = (identity: string, over: object = {}) =>
  client.send("POST", "/awards", { badge, recipient: { type: "email", identity }, ...over });

const fetchJson = async (address: string) => (await t.request(address)).json();

describe("an award made over the API", () => {
  it("OB20-A-01 OB20-A-05 OB20-B-06 leads from assertion to badge class to issuer", async () => {
    const { status, body } = await award("kim@example.org");
    expect(status).toBe(201);
    const assertion = shapes.assertion.parse(await fetchJson(t.env.urls.assertion(body.hash)));
    const badgeClass = shapes.badgeClass.parse(await fetchJson(assertion.badge));
    const issuer = shapes.issuer.parse(await fetchJson(badgeClass.issuer));
    expect(badgeClass.name).toBe("Streak");
    expect(issuer.id).toBe(t.env.urls.issuer(client.organization.id));
    expect(assertion.issuedOn).toBe(new Date(t.env.now()).toISOString());
  });

  it("is stored as it is served before anyone has asked", async () => {
    const { body } = await award("early@example.org");
    const stored = await findHostedAssertion(t.env.db, body.hash);
    const response = await t.request(t.env.urls.assertion(body.hash));
    expect(stored?.body).toBe(await response.text());
  });

  it("OB20-R-10 OB20-R-11 is made out to the address trimmed and in lower case", async () => {
    const { body } = await award("  Pat.Doe@Example.ORG ");
    const { recipient } = shapes.assertion.parse(await fetchJson(t.env.urls.assertion(body.hash)));
    const match = (address: string) => matchIdentity(recipient, [address]);
    expect((await match("pat.doe@example.org")).ok).toBe(true);
    expect((await match("Pat.Doe@Example.ORG")).ok).toBe(true);
    expect((await match("pat@example.org")).ok).toBe(false);
    expect((await award("bob")).status).toBe(422);
  });

  it("OB20-A-09 names a baked file that answers, with the assertion inside", async () => {
    const { body } = await award("file@example.org");
    const { image } = shapes.assertion.parse(await fetchJson(t.env.urls.assertion(body.hash)));
    const response = await t.request(image ?? "none");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^image\//);
    expect(await response.text()).toContain(t.env.urls.assertion(body.hash));
  });

  it("OB20-A-08 cannot expire before it is issued, and may expire later", async () => {
    const before = { expires_at: new Date(t.env.now() - 1_000).toISOString() };
    const refused = await award("expired@example.org", before);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]?.pointer).toBe("/expires_at");
    const after = { expires_at: new Date(t.env.now() + 1_000).toISOString() };
    const { body } = await award("expires@example.org", after);
    const assertion = shapes.assertion.parse(await fetchJson(t.env.urls.assertion(body.hash)));
    expect(assertion.expires).toBe(after.expires_at);
  });

  it("OB20-A-07 cannot be given a time of its own", async () => {
    const awarded_at = new Date(t.env.now() + 86_400_000).toISOString();
    expect((await award("future@example.org", { awarded_at })).status).toBe(422);
  });

  it("OB20-A-15 is refused to whoever does not own the badge", async () => {
    const other = await givenClient(t);
    const recipient = { type: "email", identity: "kim@example.org" };
    expect((await other.send("POST", "/awards", { badge, recipient })).status).toBe(404);
  });

  it("OB20-H-05 OB20-RL-07 answers 410 once it is revoked, and is on the list with its reason", async () => {
    const { body } = await award("revoked@example.org");
    const reason = "Awarded by mistake";
    const revoked = await client.send("POST", `/awards/${body.id}/revoke`, { reason });
    expect(revoked.status).toBe(200);
    const response = await t.request(t.env.urls.assertion(body.hash));
    expect(response.status).toBe(410);
    expect(shapes.revokedAssertion.parse(await response.json()).revocationReason).toBe(reason);
    const list = t.env.urls.revocationList(client.organization.id);
    expect(shapes.revocationList.parse(await fetchJson(list)).revokedAssertions).toContainEqual({
      id: t.env.urls.assertion(body.hash),
      revocationReason: reason,
    });
  });

  it("OB20-B-09 keeps its badge class from being deleted", async () => {
    const defined = await client.send("POST", "/badges", { name: "Kept", ...DEFINITION });
    const recipient = { type: "email", identity: "kim@example.org" };
    await client.send("POST", "/awards", { badge: defined.body.id, recipient });
    await client.send("DELETE", `/badges/${defined.body.id}`);
    expect((await t.request(t.env.urls.badgeClass(defined.body.id))).status).toBe(200);
  });
});

describe("what must not be published is refused where it is entered", () => {
  const FAULTS: [string, string, unknown][] = [
    ["OB20-P-03", "url", "mailto:badges@northside.example"],
    ["OB20-P-03", "url", "ftp://northside.example"],
    ["OB20-P-03", "url", "northside.example"],
    ["OB20-P-04", "email", "badges northside.example"],
    ["OB20-P-04", "email", "a@b@northside.example"],
    ["OB20-P-04", "email", "badges @northside.example"],
    ["OB20-D-15", "telephone", "617-555-1212"],
    ["OB20-D-15", "telephone", "+1 617 555 1212"],
    ["OB20-D-11", "language", "en_US!"],
    ["OB20-V-05", "verification_starts_with", "https://badges.example.org/ob"],
    ["OB20-V-06", "verification_allowed_origins", ["http://example.org"]],
    ["OB20-V-07", "verification_allowed_origins", ["localhost"]],
    ["OB20-V-07", "verification_allowed_origins", ["example.org:8080"]],
    ["OB20-V-07", "verification_allowed_origins", ["127.0.0.1"]],
  ];

  it.each(FAULTS)("%s organization, %s: %j", async (_rule, member, value) => {
    const key = await givenApiKey(t.env, null);
    const organization = {
      name: "Northside",
      url: "https://northside.example",
      email: "badges@northside.example",
      [member]: value,
    };
    const response = await t.request("/api/v1/organizations", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(organization),
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`/${member}`);
  });

  it.each([
    ["a name", { target_url: "https://skills.example" }],
    ["an address", { target_name: "Leads" }],
    ["an address on the web", { target_name: "Leads", target_url: "urn:skills:1" }],
  ])("OB20-L-01 an alignment without %s", async (_name, alignment) => {
    const response = await client.send("POST", `/badges/${badge}/alignments`, alignment);
    expect(response.status).toBe(422);
  });

  it("OB20-C-01 OB20-B-01 a badge without a name, a description or criteria", async () => {
    for (const member of ["name", "description", "criteria"]) {
      const definition = { name: "Whole", ...DEFINITION, [member]: undefined };
      expect((await client.send("POST", "/badges", definition)).status).toBe(422);
    }
  });

  it("OB20-E-01 evidence that leads to nothing", async () => {
    expect((await award("e@example.org", { evidence: [{ name: "A" }] })).status).toBe(422);
  });
});
