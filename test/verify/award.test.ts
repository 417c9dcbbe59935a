// What a room that keeps awards is told of one: the verdict, its id, and what its host served.
import { describe, expect, it } from "vitest";
import { verifyAward } from "../../src/verify/award.ts";
import { createMemory } from "../../src/verify/reading.ts";
import { ADDRESS, type Change, type Members, NOW, world } from "./world.ts";

const KIM = "nobody@example.org";

async function award(change: Change, given?: string | Uint8Array | object) {
  const made = await world(change);
  const what = given ?? made.token ?? ADDRESS.assertion;
  const env = { publicFetch: made.web.fetchPublic, now: () => NOW };
  return { ...(await verifyAward(env, what, change.options)), made };
}

describe("an award that will be kept", () => {
  it("is told with its id and its documents as they were served", async () => {
    const { verification, id, jws, documents, made } = await award({
      options: { recipient: ["kim@example.org", KIM] },
    });
    expect(verification).toMatchObject({ verdict: "valid", matched: KIM });
    expect({ id, jws }).toEqual({ id: ADDRESS.assertion, jws: null });
    const served = (name: "assertion" | "badge" | "issuer") => ({
      url: ADDRESS[name],
      embedded: false,
      json: made.documents[name],
    });
    expect(documents).toEqual({
      assertion: served("assertion"),
      badge: served("badge"),
      issuer: served("issuer"),
    });
  });

  it("OB20-H-09 is what its host serves, whatever was posted beside its id", async () => {
    const posted = {
      id: ADDRESS.assertion,
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      recipient: { type: "email", hashed: false, identity: "mallory@example.org" },
      badge: "https://mallory.example/badge",
      verification: { type: "HostedBadge" },
      issuedOn: "2026-01-01T00:00:00Z",
    };
    const { verification, id, documents, made } = await award(
      { options: { recipient: ["mallory@example.org"] } },
      posted,
    );
    expect(verification).toMatchObject({ verdict: "invalid", reason: "recipient-mismatch" });
    expect(id).toBe(ADDRESS.assertion);
    expect(documents.assertion?.json).toEqual(made.documents.assertion);
  });

  it("is called what the document says where its address serves another id", async () => {
    const moved = "https://issuer.example/moved";
    const page = { body: JSON.stringify((await world({})).documents.assertion) };
    const { verification, id, documents } = await award({ pages: { [moved]: page } }, moved);
    expect(verification.verdict).toBe("valid");
    expect(id).toBe(ADDRESS.assertion);
    expect(documents.assertion?.url).toBe(ADDRESS.assertion);
  });

  it("is its JWS, where it is signed, and the document inside it", async () => {
    const { verification, id, jws, documents, made } = await award({ sign: {} });
    expect(verification.verdict).toBe("valid");
    expect(id).toBe(ADDRESS.assertion);
    expect(jws).toBe(made.token);
    expect(documents.assertion).toEqual({
      url: null,
      embedded: true,
      json: made.documents.assertion,
    });
  });

  it("is no JWS, where a JWS says that it is hosted", async () => {
    const { verification, jws, documents } = await award({
      sign: {},
      change: { assertion: { verification: { type: "HostedBadge" } } },
      pages: {
        [ADDRESS.assertion]: { body: JSON.stringify((await world({})).documents.assertion) },
      },
    });
    expect(verification).toMatchObject({ verdict: "valid", verification: "hosted" });
    expect(jws).toBeNull();
    expect(documents.assertion).toMatchObject({ url: ADDRESS.assertion, embedded: false });
  });

  it("brings a badge that stands inside it as it stands there", async () => {
    const badge = { ...(await world({})).documents.badge, "@context": undefined, id: undefined };
    const inside = JSON.parse(JSON.stringify(badge)) as Members;
    const { documents } = await award({ change: { assertion: { badge: inside } } });
    expect(documents.badge).toEqual({ url: ADDRESS.assertion, embedded: true, json: inside });
  });

  it.each([
    ["410", { status: 410, body: "" }, "revoked"],
    ["503", { status: 503, body: "" }, "could-not-check"],
    ["a page", { body: "<p>Hello" }, "invalid"],
  ])("has the address that was asked for an id where %s answers", async (_, page, verdict) => {
    const { verification, id, documents } = await award({ pages: { [ADDRESS.assertion]: page } });
    expect(verification.verdict).toBe(verdict);
    expect(id).toBe(ADDRESS.assertion);
    expect(documents).toEqual({ assertion: null, badge: null, issuer: null });
  });

  it.each([
    ["an empty object", {}],
    ["a list", [1, 2]],
    ["a text", "hello"],
    ["a badge that is nowhere", { type: "Assertion", id: "urn:uuid:1" }],
  ])("is nothing in %s", async (_, given) => {
    const { verification, id, jws } = await award({}, given);
    expect(verification.verdict).not.toBe("valid");
    expect({ id, jws }).toEqual({ id: null, jws: null });
  });

  it("is the same with the memory of a batch", async () => {
    const memory = createMemory();
    const made = await world({});
    const env = { publicFetch: made.web.fetchPublic, now: () => NOW };
    const first = await verifyAward(env, ADDRESS.assertion, { memory });
    expect(await verifyAward(env, ADDRESS.assertion, { memory })).toEqual(first);
  });

  it("is none where a badge class was given", async () => {
    const { verification, documents } = await award({}, ADDRESS.badge);
    expect(verification).toMatchObject({ verdict: "invalid", reason: "not-an-assertion" });
    expect(documents.assertion).toBeNull();
    expect(documents.badge?.url).toBe(ADDRESS.badge);
  });
});
