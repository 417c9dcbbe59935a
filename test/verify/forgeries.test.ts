// Forgeries that once passed for true badges, each by the way it was made.
import { exportSPKI } from "jose";
import { describe, expect, it } from "vitest";
import { hashIdentity } from "../../src/obv2/identity.ts";
import { documents, type Members, ORIGIN, otherPair, V2, verify } from "./world.ts";

describe("a signature by anybody around a badge that says it is hosted", () => {
  it.each<[string, Members]>([
    ["under a name that is no address", { id: "urn:uuid:6b3ab0d4-9b0f-4c0a-8b0e-0d5a0a6a1a11" }],
    ["as a blank node", { id: "_:b0" }],
    [
      "as version 1.1 without an address",
      {
        "@context": "https://w3id.org/openbadges/v1",
        id: undefined,
        uid: "x",
        verify: { type: "hosted" },
        verification: undefined,
      },
    ],
  ])("%s", async (_, change) => {
    const assertion = { verification: { type: "HostedBadge" }, ...change };
    const found = await verify({ sign: { keys: otherPair }, change: { assertion } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "nowhere-hosted"]);
  });
});

describe("OB20-V-04 an address that leaves the prefix it starts with", () => {
  it.each(["/one/../two/a", "/one/%2e%2E/two/a", "/one/..\\two/a"])("%s", async (path) => {
    const id = `${ORIGIN}${path}`;
    const { assertion } = await documents();
    const found = await verify({
      given: `${ORIGIN}/two/a`,
      pages: { [`${ORIGIN}/two/a`]: { body: JSON.stringify({ ...assertion, id }) } },
      change: { issuer: { verification: { startsWith: `${ORIGIN}/one/` } } },
    });
    expect([found.verdict, found.reason]).toEqual(["invalid", "origin-outside-scope"]);
  });

  it("is not one that stays under it", async () => {
    const issuer = { verification: { startsWith: `${ORIGIN}/` } };
    expect(await verify({ change: { issuer } })).toMatchObject({ verdict: "valid" });
  });
});

it.each(["constructor", "toString", "hasOwnProperty"])(
  "a recipient's type that every object has a member of: %s",
  async (type) => {
    const recipient = { type, hashed: false, identity: "x" };
    const found = await verify({
      change: { assertion: { recipient } },
      options: { recipient: ["x"] },
    });
    expect([found.verdict, found.reason]).toEqual(["could-not-check", "recipient-not-comparable"]);
    expect(found.badge?.recipient?.type).toBe(type);
  },
);

describe("a signed badge under addresses of somebody else's site", () => {
  const elsewhere = "https://trusted.example/b";

  it("its own", async () => {
    const found = await verify({ sign: {}, change: { assertion: { id: elsewhere } } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "id-lies"]);
  });

  it("its badge's, which comes inside it", async () => {
    const { badge } = await documents();
    const change = { assertion: { badge: { ...badge, id: elsewhere } } };
    const found = await verify({ sign: {}, change });
    expect([found.verdict, found.reason]).toEqual(["invalid", "id-lies"]);
  });

  it("is valid where its issuer says that the site is its own", async () => {
    const verification = { allowedOrigins: ["issuer.example", "trusted.example"] };
    const change = { assertion: { id: elsewhere }, issuer: { verification } };
    expect(await verify({ sign: {}, change })).toMatchObject({ verdict: "valid" });
  });

  it("OB20-A-01 is valid under a name that is no address", async () => {
    const id = "urn:uuid:6b3ab0d4-9b0f-4c0a-8b0e-0d5a0a6a1a11";
    const found = await verify({ sign: {}, change: { assertion: { id } } });
    expect(found.verdict).toBe("valid");
  });
});

describe("a bare key of 1.x", () => {
  const V1 = "https://w3id.org/openbadges/v1";
  const at = `${ORIGIN}/uploads/key.txt`;
  const assertion = { "@context": [V1, V2], verification: { type: "SignedBadge", url: at } };
  const pem = async () => exportSPKI((await otherPair).publicKey);

  it("counts for no issuer that lists its keys", async () => {
    const pages = { [at]: { body: await pem() } };
    const found = await verify({ sign: { keys: otherPair }, pages, change: { assertion } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "key-not-listed"]);
  });

  it("counts from where it was read, not from where a redirect began", async () => {
    const change = { assertion, issuer: { publicKey: undefined } };
    const asked = { sign: { keys: otherPair }, change };
    const own = await verify({ ...asked, pages: { [at]: { body: await pem() } } });
    expect(own.verdict).toBe("valid");
    const led = { body: await pem(), url: "https://evil.example/key.txt" };
    const found = await verify({ ...asked, pages: { [at]: led } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "key-not-listed"]);
  });
});

it.each([
  ["nobody\u212a@example.org", "nobodyk@example.org"],
  ["nobodyk@example.org", "nobody\u212a@example.org"],
])("a letter that only looks like K makes another address: %s", async (identity, shown) => {
  const salt = "deadsea";
  for (const recipient of [
    { type: "email", hashed: false, identity },
    { type: "email", hashed: true, salt, identity: await hashIdentity(identity, salt) },
  ]) {
    const change = { change: { assertion: { recipient } } };
    const found = await verify({ ...change, options: { recipient: [shown] } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "recipient-mismatch"]);
    const own = await verify({ ...change, options: { recipient: [identity] } });
    expect(own.verdict).toBe("valid");
  }
});

describe("a list of revoked badges that says two things, or nothing", () => {
  it("OB20-RL-04 an entry is spared by nothing but false", async () => {
    const revokedAssertions = [{ id: `${ORIGIN}/assertion`, revoked: [true, false] }];
    const found = await verify({ sign: {}, change: { list: { revokedAssertions } } });
    expect(found.verdict).toBe("revoked");
  });

  it("an error in JSON with status 200 is no list of an issuer of 2.0", async () => {
    const pages = { [`${ORIGIN}/list`]: { body: '{"message":"Not found"}' } };
    const found = await verify({ sign: {}, pages });
    expect([found.verdict, found.reason]).toEqual(["could-not-check", "context-missing"]);
  });

  it("a list of 1.0 that names the badge takes it back from a later issuer too", async () => {
    const pages = { [`${ORIGIN}/list`]: { body: `{"${ORIGIN}/assertion":"By mistake."}` } };
    expect(await verify({ sign: {}, pages })).toMatchObject({ verdict: "revoked" });
  });
});
