// What the reference validators do with each case is known; here is what ours does.
import { exportSPKI, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { bakePng } from "../../src/bakery/bake-png.ts";
import type { Reason, Verdict } from "../../src/verify/result.ts";
import {
  ADDRESS,
  type Change,
  documents,
  faults,
  HASH,
  type Members,
  ORIGIN,
  otherPair,
  PIXEL,
  V2,
  verify,
  warnings,
} from "./world.ts";

type Case = [rule: string, name: string, change: Change, verdict: Verdict, reason?: Reason];

const recipient = (members: Members): Change => ({
  change: {
    assertion: {
      recipient: { type: "email", hashed: true, salt: "deadsea", identity: HASH, ...members },
    },
  },
});
const image = (value: unknown): Change => ({ change: { badge: { image: value } } });
const policy = (verification: Members): Change => ({ change: { issuer: { verification } } });
const JPEG = "data:image/jpeg;base64,/9j/4AAQ";
const PNG_URI = `data:image/png;base64,${btoa(String.fromCharCode(...PIXEL))}`;
const SVG_URI =
  "data:image/svg+xml;utf8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%2F%3E";

const HOSTED: Case[] = [
  ["OB20-VF-01", "a whole badge", {}, "valid"],
  [
    "OB20-P-01",
    "issuer without email",
    { change: { issuer: { email: undefined } } },
    "invalid",
    "property-missing",
  ],
  [
    "OB20-P-04",
    "issuer with a malformed email",
    { change: { issuer: { email: "bob" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-B-01",
    "badge class without type",
    { change: { badge: { type: undefined } } },
    "invalid",
    "type-missing",
  ],
  [
    "OB20-P-01",
    "issuer of a wrong type",
    { change: { issuer: { type: "Criteria" } } },
    "invalid",
    "type-unexpected",
  ],
  [
    "OB20-V-01",
    "verification of an unknown type",
    { change: { assertion: { verification: { type: "Trusted" } } } },
    "invalid",
    "verification-type-unknown",
  ],
  [
    "OB20-V-01",
    "verification of both types",
    { change: { assertion: { verification: { type: ["hosted", "signed"] } } } },
    "invalid",
    "verification-type-unknown",
  ],
  [
    "OB20-A-03",
    "assertion of two types",
    { change: { assertion: { type: ["Assertion", "https://a.example/Cool"] } } },
    "valid",
  ],
  [
    "OB20-A-13",
    "revoked with status 200",
    { change: { assertion: { revoked: true } } },
    "revoked",
    "revoked",
  ],
  [
    "OB20-A-13",
    "revoked in a way that says neither yes nor no",
    { change: { assertion: { revoked: "perhaps" } } },
    "invalid",
    "property-invalid",
  ],
  ["OB20-A-13", "not revoked", { change: { assertion: { revoked: false } } }, "valid"],
  [
    "OB20-H-06",
    "410 with little in it",
    { pages: { [ADDRESS.assertion]: { status: 410, body: JSON.stringify({ "@context": V2 }) } } },
    "revoked",
    "revoked",
  ],
  [
    "OB20-H-06",
    "410 without a body",
    { pages: { [ADDRESS.assertion]: { status: 410, body: "" } } },
    "revoked",
    "revoked",
  ],
  [
    "OB20-H-06",
    "410 with a page",
    { pages: { [ADDRESS.assertion]: { status: 410, body: "<html>" } } },
    "revoked",
    "revoked",
  ],
  [
    "OB20-H-08",
    "500",
    { pages: { [ADDRESS.assertion]: { status: 500, body: "" } } },
    "could-not-check",
    "status-refused",
  ],
  [
    "OB20-H-08",
    "a badge class that is gone",
    { pages: { [ADDRESS.badge]: { status: 410, body: "" } } },
    "could-not-check",
    "status-refused",
  ],
  [
    "OB20-B-05",
    "criteria as an empty object",
    { change: { badge: { criteria: {} } } },
    "invalid",
    "criteria-empty",
  ],
  [
    "OB20-B-05",
    "criteria as an address",
    { change: { badge: { criteria: "https://a.example/how" } } },
    "valid",
  ],
  [
    "OB20-B-04",
    "badge image 404",
    { pages: { [`${ORIGIN}/badge.png`]: { status: 404, body: "" } } },
    "invalid",
    "image-unreachable",
  ],
  [
    "OB20-B-04",
    "badge image that cannot be had",
    { pages: { [`${ORIGIN}/badge.png`]: null } },
    "could-not-check",
    "unreachable",
  ],
  ["OB20-B-01", "badge image missing", image(undefined), "invalid", "property-missing"],
  ["OB20-B-03", "badge image a JPEG data URI", image(JPEG), "invalid", "image-not-an-image"],
  [
    "OB20-B-03",
    "badge image a JPEG called PNG",
    image(JPEG.replace("jpeg", "png")),
    "invalid",
    "image-not-an-image",
  ],
  [
    "OB20-B-03",
    "badge image a JPEG at its address",
    { pages: { [`${ORIGIN}/badge.png`]: { body: new Uint8Array([0xff, 0xd8, 0xff, 0]) } } },
    "invalid",
    "image-not-an-image",
  ],
  ["OB20-B-03", "badge image a PNG data URI", image(PNG_URI), "valid"],
  ["OB20-B-03", "badge image an SVG data URI", image(SVG_URI), "valid"],
  ["OB20-I-01", "badge image with a caption", image({ id: PNG_URI, caption: "A dot" }), "valid"],
  [
    "OB20-I-01",
    "badge image without an id",
    image({ caption: "A dot" }),
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-A-10",
    "assertion image a data URI",
    { change: { assertion: { image: PNG_URI } } },
    "invalid",
    "image-data-uri",
  ],
  [
    "OB20-A-10",
    "assertion image a data URI in an object",
    { change: { assertion: { image: { id: PNG_URI } } } },
    "invalid",
    "image-data-uri",
  ],
  [
    "OB20-P-06",
    "a logo that is not there",
    { change: { issuer: { image: `${ORIGIN}/logo` } } },
    "valid",
  ],
  ["OB20-R-03", "hashed missing", recipient({ hashed: undefined }), "invalid", "property-missing"],
  ["OB20-R-03", "hashed as text", recipient({ hashed: "true" }), "invalid", "property-invalid"],
  ["OB20-R-02", "identity as a number", recipient({ identity: 7 }), "invalid", "property-invalid"],
  [
    "OB20-R-09",
    "hashed and plain",
    recipient({ identity: "nobody@example.org" }),
    "invalid",
    "hash-expected",
  ],
  [
    "OB20-R-09",
    "not hashed and a hash",
    recipient({ hashed: false }),
    "invalid",
    "hash-unexpected",
  ],
  [
    "OB20-R-06",
    "an unknown hash",
    recipient({ identity: `sha1$${"0".repeat(40)}` }),
    "invalid",
    "hash-expected",
  ],
  [
    "OB20-R-10",
    "an e-mail that is none",
    recipient({ hashed: false, identity: "bob" }),
    "invalid",
    "property-invalid",
  ],
  ["OB20-R-01", "an identity of an unknown type", recipient({ type: "nickname" }), "valid"],
  [
    "OB20-A-04",
    "recipient as text",
    { change: { assertion: { recipient: "kim@example.org" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-D-05",
    "two badges",
    { change: { assertion: { badge: [ADDRESS.badge, ADDRESS.issuer] } } },
    "invalid",
    "property-repeated",
  ],
  [
    "OB20-D-04",
    "one badge in a list",
    { change: { assertion: { badge: [ADDRESS.badge] } } },
    "valid",
  ],
  ["OB20-D-13", "expires null", { change: { assertion: { expires: null } } }, "valid"],
  [
    "OB20-D-13",
    "issuedOn null",
    { change: { assertion: { issuedOn: null } } },
    "invalid",
    "property-missing",
  ],
  [
    "OB20-D-06",
    "issuedOn without a zone",
    { change: { assertion: { issuedOn: "2026-01-01T00:00:00" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-D-06",
    "issuedOn as a number",
    { change: { assertion: { issuedOn: 1_700_000_000 } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-A-07",
    "issued tomorrow",
    { change: { assertion: { issuedOn: "2026-10-05T14:00:00Z" } } },
    "not-yet-valid",
    "not-yet-valid",
  ],
  [
    "OB20-A-07",
    "issued by a clock a little ahead",
    { change: { assertion: { issuedOn: "2026-10-04T14:05:00Z" } } },
    "valid",
  ],
  [
    "OB20-A-08",
    "expired",
    { change: { assertion: { expires: "2026-02-01T00:00Z" } } },
    "expired",
    "expired",
  ],
  [
    "OB20-A-08",
    "expires before it is issued",
    { change: { assertion: { expires: "2025-02-01T00:00Z" } } },
    "invalid",
    "expires-before-issued",
  ],
  ["OB20-V-04", "startsWith that fits", policy({ startsWith: `${ORIGIN}/` }), "valid"],
  [
    "OB20-V-04",
    "startsWith as a list of two",
    policy({ startsWith: [`${ORIGIN}/`, "https://b.example/"] }),
    "valid",
  ],
  [
    "OB20-V-04",
    "startsWith in other letters",
    policy({ startsWith: "https://ISSUER.example/" }),
    "invalid",
    "origin-outside-scope",
  ],
  [
    "OB20-V-09",
    "startsWith of another host alone",
    { change: { issuer: { verification: { startsWith: "https://b.example/" } } } },
    "invalid",
    "origin-outside-scope",
  ],
  [
    "OB20-V-06",
    "allowedOrigins that fits",
    policy({ allowedOrigins: ["issuer.example"] }),
    "valid",
  ],
  [
    "OB20-V-06",
    "allowedOrigins of another host",
    policy({ allowedOrigins: "b.example" }),
    "invalid",
    "origin-outside-scope",
  ],
  [
    "OB20-V-06",
    "allowedOrigins with a scheme",
    policy({ allowedOrigins: [ORIGIN] }),
    "invalid",
    "origin-outside-scope",
  ],
  [
    "OB20-V-07",
    "allowedOrigins with a port, an address and localhost",
    policy({ allowedOrigins: ["localhost", "127.0.0.1:8080", "issuer.example"] }),
    "valid",
  ],
  [
    "OB20-V-03",
    "another verificationProperty",
    policy({ verificationProperty: "name" }),
    "invalid",
    "property-invalid",
  ],
  ["OB20-V-03", "verificationProperty id", policy({ verificationProperty: "id" }), "valid"],
  [
    "OB20-V-02",
    "a policy of the wrong type",
    policy({ type: "HostedBadge" }),
    "invalid",
    "type-unexpected",
  ],
  [
    "OB20-D-08",
    "a did: issuer",
    { change: { badge: { issuer: "did:example:1" } } },
    "invalid",
    "id-scheme",
  ],
  [
    "OB20-P-03",
    "url of another scheme",
    { change: { issuer: { url: "mailto:a@b.example" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-D-15",
    "telephone with hyphens",
    { change: { issuer: { telephone: "617-555-1212" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-D-11",
    "a language that is none",
    { change: { badge: { "@language": "no such!" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-B-07",
    "alignment as an address",
    { change: { badge: { alignment: "https://a.example" } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-L-01",
    "alignment without a name",
    { change: { badge: { alignment: [{ targetUrl: "https://a.example" }] } } },
    "invalid",
    "property-missing",
  ],
  [
    "OB20-B-06",
    "two issuers",
    { change: { badge: { issuer: [ADDRESS.issuer, ADDRESS.endorser] } } },
    "invalid",
    "property-repeated",
  ],
  [
    "OB20-E-01",
    "evidence of a wrong kind",
    { change: { assertion: { evidence: [{ id: "https://a.example", name: 7 }] } } },
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-A-11",
    "evidence of three forms",
    {
      change: {
        assertion: {
          evidence: ["https://a.example", { id: "https://b.example" }, { narrative: "N" }],
        },
      },
    },
    "valid",
  ],
  [
    "OB20-D-12",
    "related, partly said",
    {
      change: { badge: { related: { id: "https://a.example/de", "@language": "de" }, version: 2 } },
    },
    "valid",
  ],
  [
    "OB20-D-01",
    "a linked document without a context",
    { change: { issuer: { "@context": undefined } } },
    "invalid",
    "context-missing",
  ],
  [
    "OB20-D-01",
    "a context that is not known beside one that is",
    { change: { assertion: { "@context": [V2, "https://a.example/terms"] } } },
    "could-not-check",
    "context-unknown",
  ],
  [
    "OB20-H-10",
    "a badge class that says it is another's",
    {
      pages: {
        "https://b.example/copy": {
          body: JSON.stringify({
            "@context": V2,
            type: "BadgeClass",
            id: ADDRESS.badge,
            name: "Forged",
          }),
        },
      },
      change: { assertion: { badge: "https://b.example/copy" } },
    },
    "valid",
  ],
  [
    "OB20-A-16",
    "an embedded badge class that says otherwise",
    { change: { assertion: { badge: { id: ADDRESS.badge, type: "BadgeClass", name: "Forged" } } } },
    "valid",
  ],
  [
    "OB20-RL-07",
    "on the issuer's list",
    {
      change: {
        issuer: { revocationList: ADDRESS.list },
        list: { revokedAssertions: ADDRESS.assertion },
      },
    },
    "revoked",
    "revoked",
  ],
  [
    "OB20-RL-06",
    "on a list of one entry, an object",
    {
      change: {
        issuer: { revocationList: ADDRESS.list },
        list: { revokedAssertions: { id: ADDRESS.assertion, revocationReason: "Mistake" } },
      },
    },
    "revoked",
    "revoked",
  ],
  [
    "OB20-RL-04",
    "on the list and spared",
    {
      change: {
        issuer: { revocationList: ADDRESS.list },
        list: { revokedAssertions: [{ id: ADDRESS.assertion, revoked: false }] },
      },
    },
    "valid",
  ],
  [
    "OB20-RL-08",
    "a list that cannot be had",
    { change: { issuer: { revocationList: ADDRESS.list } }, pages: { [ADDRESS.list]: null } },
    "could-not-check",
    "unreachable",
  ],
  [
    "OB20-RL-01",
    "a list without the list",
    {
      change: { issuer: { revocationList: ADDRESS.list }, list: { revokedAssertions: undefined } },
    },
    "could-not-check",
    "property-missing",
  ],
];

describe("OB20-VF-03 hosted badges", () => {
  it.each(HOSTED)("%s %s", async (_rule, _name, change, verdict, reason) => {
    const found = await verify(change);
    expect([found.verdict, found.reason, faults(found)]).toEqual([
      verdict,
      reason ?? null,
      verdict === "valid" ? [] : expect.anything(),
    ]);
    if (verdict !== "valid") expect(found.words.length).toBeGreaterThan(20);
  });

  it("OB20-H-07 a whole assertion with 410 is revoked, for the reason it gives", async () => {
    const { assertion } = await documents();
    const body = JSON.stringify({ ...assertion, revocationReason: "Awarded by mistake" });
    const found = await verify({ pages: { [ADDRESS.assertion]: { status: 410, body } } });
    expect(found).toMatchObject({ verdict: "revoked", reason: "revoked" });
    expect(found.words).toContain("Awarded by mistake");
  });

  it("OB20-H-08 a whole assertion with 404 is not valid", async () => {
    const { assertion } = await documents();
    const found = await verify({
      pages: { [ADDRESS.assertion]: { status: 404, body: JSON.stringify(assertion) } },
    });
    expect(found).toMatchObject({ verdict: "could-not-check", reason: "status-refused" });
  });

  it("JSON served as text/html is read for what it is", async () => {
    const { assertion } = await documents();
    const page = { contentType: "text/html", body: JSON.stringify(assertion) };
    expect((await verify({ pages: { [ADDRESS.assertion]: page } })).verdict).toBe("valid");
  });

  it("a page where a badge should be is called one", async () => {
    const page = { contentType: "text/html", body: "<!doctype html><p>Welcome" };
    const found = await verify({ pages: { [ADDRESS.assertion]: page } });
    expect(found).toMatchObject({ verdict: "invalid", reason: "not-json" });
  });

  it("OB20-H-09 pasted JSON is judged by the copy that is hosted", async () => {
    const { assertion } = await documents();
    const forged = {
      ...assertion,
      recipient: { type: "email", hashed: false, identity: "me@a.example" },
    };
    const found = await verify({
      given: JSON.stringify(forged),
      options: { recipient: ["me@a.example"] },
    });
    expect(found).toMatchObject({ verdict: "invalid", reason: "recipient-mismatch" });
    expect(found.badge?.recipient?.identity).toBe(HASH);
  });

  it("OB20-A-16 what is embedded is replaced by what is hosted", async () => {
    const badge = { id: ADDRESS.badge, type: "BadgeClass", name: "Forged" };
    expect((await verify({ change: { assertion: { badge } } })).badge?.name).toBe("Streak");
  });

  it("OB20-H-10 a document is not believed about an id of another origin", async () => {
    const forged = {
      "@context": V2,
      ...(await documents()).issuer,
      verification: { allowedOrigins: ["evil.example"] },
    };
    const evil = (path: string) => `https://evil.example/${path}`;
    const { assertion, badge } = await documents();
    const pages = {
      [evil("a")]: { body: JSON.stringify({ ...assertion, id: evil("a"), badge: evil("b") }) },
      [evil("b")]: { body: JSON.stringify({ ...badge, id: evil("b"), issuer: evil("i") }) },
      [evil("i")]: { body: JSON.stringify(forged) },
    };
    const found = await verify({ given: evil("a"), pages });
    expect(found).toMatchObject({ verdict: "invalid", reason: "origin-outside-scope" });
  });

  it("OB20-H-10 an id that leads to yet another is called a lie", async () => {
    const { badge } = await documents();
    const body = JSON.stringify({ ...badge, id: "https://issuer.example/third" });
    const pages = {
      [ADDRESS.badge]: { body: JSON.stringify({ ...badge, id: "https://issuer.example/second" }) },
      "https://issuer.example/second": { body },
    };
    expect(await verify({ pages })).toMatchObject({ verdict: "invalid", reason: "id-lies" });
  });

  it("OB20-H-03 a redirect to the address that a document names is followed once", async () => {
    const moved = "https://issuer.example/moved";
    const { assertion } = await documents();
    const page = { url: moved, body: JSON.stringify({ ...assertion, id: moved }) };
    const found = await verify({ pages: { [ADDRESS.assertion]: page } });
    expect(found.verdict).toBe("valid");
    expect(found.asked).not.toContain(moved);
  });

  it("OB20-V-08 an issuer on another port is another issuer", async () => {
    const issuer = "https://issuer.example:8443/issuer";
    const { issuer: document } = await documents();
    const pages = { [issuer]: { body: JSON.stringify({ ...document, id: issuer }) } };
    const found = await verify({ change: { badge: { issuer } }, pages });
    expect(found).toMatchObject({ verdict: "invalid", reason: "origin-outside-scope" });
  });

  it("OB20-R-07 OB20-R-11 OB20-R-13 the recipient is found in any letter case, hashed or not", async () => {
    const recipients = ["other@example.org", "Nobody@Example.org"];
    const upper = recipient({ identity: `sha256$${HASH.slice(7).toUpperCase()}` });
    expect(await verify({ ...upper, options: { recipient: recipients } })).toMatchObject({
      verdict: "valid",
      matched: "Nobody@Example.org",
    });
    const plain = recipient({ hashed: false, identity: "NOBODY@example.org" });
    expect((await verify({ ...plain, options: { recipient: recipients } })).verdict).toBe("valid");
    expect((await verify({ ...plain, options: { recipient: ["a@b.example"] } })).reason).toBe(
      "recipient-mismatch",
    );
    const strange = recipient({ type: "nickname" });
    expect((await verify({ ...strange, options: { recipient: recipients } })).verdict).toBe(
      "could-not-check",
    );
  });

  it("OB20-R-04 an unsalted md5 is accepted, with a warning", async () => {
    const md5 = recipient({ salt: undefined, identity: "md5$8ca470018e4c14b2ae2e1f1f17ee4e3a" });
    const found = await verify(md5);
    expect([found.verdict, warnings(found)]).toEqual(["valid", ["hash-weak"]]);
  });
});

type SignedCase = [
  rule: string,
  name: string,
  change: () => Promise<Change>,
  verdict: Verdict,
  reason?: Reason,
];
const fixed = (change: Change) => async () => change;
const signed = (change: Change = {}) => fixed({ sign: {}, ...change });

const SIGNED: SignedCase[] = [
  ["OB20-S-01", "a whole badge", signed(), "valid"],
  [
    "OB20-A-01",
    "an id that is a urn:uuid",
    signed({ change: { assertion: { id: "urn:uuid:52e4c6b3-8c13-4fa8-8482-a5cf34ef37a9" } } }),
    "valid",
  ],
  ["OB20-S-03", "RS512", fixed({ sign: { alg: "RS512" } }), "valid"],
  [
    "OB20-S-04",
    "extra members in the header",
    fixed({ sign: { header: { typ: "JWT", kid: "1" } } }),
    "valid",
  ],
  [
    "OB20-S-07",
    "a key in the header",
    fixed({ sign: { header: { jku: "https://evil.example/jwks", jwk: { kty: "RSA" } } } }),
    "valid",
  ],
  [
    "OB20-V-11",
    "no creator, and the issuer lists the key",
    signed({ change: { assertion: { verification: { type: "signed" } } } }),
    "valid",
  ],
  [
    "OB20-P-07",
    "an issuer with two keys",
    signed({ change: { issuer: { publicKey: [ADDRESS.key, "https://issuer.example/old"] } } }),
    "valid",
  ],
  [
    "OB20-K-02",
    "a key of another owner",
    signed({ change: { key: { owner: "https://b.example/issuer" } } }),
    "invalid",
    "key-owner-differs",
  ],
  [
    "OB20-V-10",
    "a key that the issuer does not list",
    signed({ change: { issuer: { publicKey: "https://issuer.example/other" } } }),
    "invalid",
    "key-not-listed",
  ],
  [
    "OB20-S-07",
    "an issuer without keys",
    signed({ change: { issuer: { publicKey: undefined } } }),
    "invalid",
    "key-missing",
  ],
  [
    "OB20-S-07",
    "signed by another key",
    fixed({ sign: { keys: otherPair } }),
    "invalid",
    "signature-wrong",
  ],
  [
    "OB20-V-10",
    "an embedded key object as creator",
    signed({
      change: {
        assertion: {
          verification: { type: "signed", creator: { id: ADDRESS.key, publicKeyPem: "…" } },
        },
      },
    }),
    "invalid",
    "property-invalid",
  ],
  [
    "OB20-S-08",
    "a key that cannot be had",
    signed({ pages: { [ADDRESS.key]: { status: 404, body: "" } } }),
    "could-not-check",
    "status-refused",
  ],
  [
    "OB20-RL-06",
    "on a list of one entry, a text",
    signed({ change: { list: { revokedAssertions: [ADDRESS.assertion] } } }),
    "revoked",
    "revoked",
  ],
  [
    "OB20-RL-06",
    "on a list of one entry, an object",
    signed({ change: { list: { revokedAssertions: [{ id: ADDRESS.assertion }] } } }),
    "revoked",
    "revoked",
  ],
  [
    "OB20-RL-05",
    "on a list of two entries",
    signed({
      change: {
        list: {
          revokedAssertions: [
            { id: "urn:uuid:52e4c6b3-8c13-4fa8-8482-a5cf34ef37a9" },
            ADDRESS.assertion,
          ],
        },
      },
    }),
    "revoked",
    "revoked",
  ],
  [
    "OB20-RL-08",
    "a list that cannot be had",
    signed({ pages: { [ADDRESS.list]: null } }),
    "could-not-check",
    "unreachable",
  ],
  [
    "OB20-RL-07",
    "gone at its own address",
    signed({ pages: { [ADDRESS.assertion]: { status: 410, body: "" } } }),
    "revoked",
    "revoked",
  ],
  [
    "OB20-A-08",
    "expired",
    signed({ change: { assertion: { expires: "2026-02-01T00:00:00Z" } } }),
    "expired",
    "expired",
  ],
  [
    "OB20-K-03",
    "an EC key",
    async () => {
      const { publicKey } = await generateKeyPair("ES256", { extractable: true });
      return { sign: {}, change: { key: { publicKeyPem: await exportSPKI(publicKey) } } };
    },
    "invalid",
    "key-unusable",
  ],
  [
    "OB20-K-03",
    "a private key",
    signed({
      change: {
        key: { publicKeyPem: "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----" },
      },
    }),
    "invalid",
    "key-unusable",
  ],
  [
    "OB20-S-02",
    "an EC signature",
    async () => ({ sign: { alg: "ES256", keys: generateKeyPair("ES256") } }),
    "invalid",
    "algorithm-refused",
  ],
  [
    "OB20-A-17",
    "an embedded issuer that lists the attacker's key",
    async () => {
      const { badge, issuer, key } = await documents();
      const id = "urn:uuid:52e4c6b3-8c13-4fa8-8482-a5cf34ef37a9";
      const publicKeyPem = await exportSPKI((await otherPair).publicKey);
      const own = { ...issuer, id, publicKey: { ...key, owner: id, publicKeyPem } };
      return {
        sign: { keys: otherPair },
        change: { assertion: { badge: { ...badge, issuer: own } } },
      };
    },
    "invalid",
    "key-missing",
  ],
  [
    "OB20-A-17",
    "an embedded issuer with the real one's id",
    async () => {
      const { badge, issuer, key } = await documents();
      const publicKeyPem = await exportSPKI((await otherPair).publicKey);
      const own = { ...issuer, publicKey: { ...key, publicKeyPem } };
      return {
        sign: { keys: otherPair },
        change: { assertion: { badge: { ...badge, issuer: own } } },
      };
    },
    "invalid",
    "signature-wrong",
  ],
  [
    "OB20-A-17",
    "an embedded badge class, signed by its issuer",
    async () => ({
      sign: {},
      change: { assertion: { badge: (await documents()).badge } },
    }),
    "valid",
  ],
];

describe("OB20-S-06 OB20-VF-03 signed badges", () => {
  it.each(SIGNED)("%s %s", async (_rule, _name, change, verdict, reason) => {
    const found = await verify(await change());
    expect([found.verdict, found.reason, faults(found)]).toEqual([
      verdict,
      reason ?? null,
      verdict === "valid" ? [] : expect.anything(),
    ]);
  });

  it("warns of what it tolerates", async () => {
    expect(warnings(await verify({ sign: { alg: "RS384" } }))).toEqual(["algorithm-unusual"]);
    const header = { jwk: { kty: "RSA" } };
    const found = await verify({ sign: { header } });
    expect(warnings(found)).toEqual(["header-key-ignored"]);
    expect(found.asked.some((url) => url.includes("evil"))).toBe(false);
  });

  it("OB20-PNG-03 OB20-PNG-04 reads what is baked", async () => {
    const hosted = await bakePng(PIXEL, JSON.stringify((await documents()).assertion));
    if (!hosted.ok) throw new Error("not baked");
    expect(await verify({ given: hosted.bytes })).toMatchObject({
      verdict: "valid",
      input: { kind: "png" },
    });
  });

  it("a JSON copy of a signed badge is asked for its signature", async () => {
    const { assertion } = await documents();
    const given = JSON.stringify({
      ...assertion,
      verification: { type: "signed", creator: ADDRESS.key },
    });
    expect(await verify({ given })).toMatchObject({
      verdict: "invalid",
      reason: "signature-missing",
    });
  });
});

describe("endorsements", () => {
  const endorsed: Change["change"] = { badge: { endorsement: ADDRESS.endorsement } };

  it.each<[string, string, Change, Verdict, Reason | null]>([
    ["OB20-N-03", "that stands", {}, "valid", null],
    ["OB20-N-05", "hosted by the endorser, elsewhere than the badge", {}, "valid", null],
    [
      "OB20-N-04",
      "that is gone",
      { pages: { [ADDRESS.endorsement]: { status: 410, body: "" } } },
      "revoked",
      "revoked",
    ],
    ["OB20-N-04", "revoked", { change: { endorsement: { revoked: true } } }, "revoked", "revoked"],
    [
      "OB20-N-02",
      "without a claim",
      { change: { endorsement: { claim: undefined } } },
      "invalid",
      "property-missing",
    ],
    [
      "OB20-N-02",
      "of something else",
      { change: { endorsement: { claim: { id: ADDRESS.issuer } } } },
      "invalid",
      "endorsement-does-not-stand",
    ],
    [
      "OB20-N-01",
      "without verification",
      { change: { endorsement: { verification: undefined } } },
      "invalid",
      "property-missing",
    ],
    [
      "OB20-N-05",
      "outside the endorser's scope",
      { change: { endorser: { verification: { allowedOrigins: "c.example" } } } },
      "invalid",
      "origin-outside-scope",
    ],
    [
      "OB20-N-04",
      "on the endorser's list",
      {
        change: {
          endorser: { revocationList: ADDRESS.list },
          list: { revokedAssertions: [ADDRESS.endorsement] },
        },
      },
      "revoked",
      "revoked",
    ],
    [
      "OB20-N-04",
      "that cannot be had",
      { pages: { [ADDRESS.endorsement]: null } },
      "could-not-check",
      "unreachable",
    ],
  ])("%s one %s is judged by itself", async (_rule, _name, change, verdict, reason) => {
    const found = await verify({ ...change, change: { ...endorsed, ...change.change } });
    expect(found.verdict).toBe("valid");
    expect(found.endorsements).toMatchObject([{ verdict, reason }]);
    expect(warnings(found)).toEqual(verdict === "valid" ? [] : ["endorsement-does-not-stand"]);
  });

  it("ten thousand are claimed and twenty are asked for", async () => {
    const endorsement = Array.from({ length: 10_000 }, (_, i) => `https://e.example/${i}`);
    const found = await verify({ change: { assertion: { endorsement } } });
    expect(found.verdict).toBe("valid");
    expect(found.endorsements.length).toBe(20);
    expect(found.asked.length).toBeLessThan(30);
    expect(warnings(found)).toContain("endorsements-not-all-checked");
  });
});

describe("OB20-X-02 OB20-X-05 extensions", () => {
  const context = "https://w3id.org/openbadges/extensions/geoCoordinatesExtension/context.json";
  const geo = {
    "@context": context,
    type: ["Extension", "extensions:GeoCoordinates"],
    description: "Here",
    geo: { latitude: 1, longitude: 2.5 },
  };

  it.each<[string, string, Members, Verdict, Reason | null]>([
    ["OB20-X-01", "whole", geo, "valid", null],
    [
      "OB20-X-03",
      "without a description",
      { ...geo, description: undefined },
      "invalid",
      "extension-invalid",
    ],
    [
      "OB20-X-03",
      "with a latitude in words",
      { ...geo, geo: { latitude: "north", longitude: 2 } },
      "invalid",
      "extension-invalid",
    ],
    [
      "OB20-X-04",
      "of a context nobody knows",
      { ...geo, "@context": "https://a.example/x" },
      "valid",
      null,
    ],
    [
      "OB20-X-04",
      "of a type nobody knows",
      { ...geo, type: ["Extension", "extensions:Other"] },
      "valid",
      null,
    ],
  ])("%s one %s", async (_rule, _name, extension, verdict, reason) => {
    const found = await verify({ change: { badge: { "extensions:location": extension } } });
    expect(found).toMatchObject({ verdict, reason });
    if (extension !== geo && verdict === "valid")
      expect(warnings(found)).toEqual(["extension-unknown"]);
    expect(found.asked.some((url) => url.includes("context") || url.includes("a.example"))).toBe(
      false,
    );
  });
});

describe("OB20-D-02 meaning, not names", () => {
  it.each<[string, Members]>([
    [
      "compact IRIs",
      {
        "obi:badge": { id: ADDRESS.badge },
        badge: undefined,
        "obi:issueDate": "2026-01-01T00:00:00Z",
        issuedOn: undefined,
      },
    ],
    [
      "whole IRIs",
      { "https://w3id.org/openbadges#badge": { "@id": ADDRESS.badge }, badge: undefined },
    ],
    [
      "terms of its own",
      {
        "@context": [V2, { pin: { "@id": "obi:badge", "@type": "@id" }, given: "issuedOn" }],
        pin: ADDRESS.badge,
        badge: undefined,
        given: "2026-01-01T00:00:00Z",
        issuedOn: undefined,
      },
    ],
    [
      "@id and @type",
      { "@id": ADDRESS.assertion, id: undefined, "@type": "Assertion", type: undefined },
    ],
    ["the alias verify", { verify: { type: "hosted" }, verification: undefined }],
    [
      "lists of one",
      {
        type: ["Assertion"],
        recipient: [{ type: ["email"], hashed: [true], salt: ["deadsea"], identity: [HASH] }],
        issuedOn: ["2026-01-01T00:00:00Z"],
      },
    ],
    ["keys that mean nothing", { madeUp: { deep: [1, 2, { deeper: true }] } }],
  ])("OB20-D-03 %s", async (_name, assertion) => {
    const found = await verify({ change: { assertion } });
    expect([found.verdict, faults(found)]).toEqual(["valid", []]);
    expect(found.badge).toMatchObject({ issuedOn: "2026-01-01T00:00:00.000Z", name: "Streak" });
  });

  it.each<[string, Members, string]>([
    ["takes the recipient's name away", { recipient: null }, "property-missing recipient"],
    [
      "gives the verification another meaning",
      { verification: "https://a.example/other" },
      "property-missing verification",
    ],
    [
      "makes the type mean another class",
      { Assertion: "https://a.example/Praise" },
      "type-unknown",
    ],
  ])("a context that %s is judged by what it then says", async (_name, local, fault) => {
    const found = await verify({ change: { assertion: { "@context": [V2, local] } } });
    expect(found.verdict).toBe("invalid");
    expect(faults(found).join("; ")).toContain(fault.replace("type-unknown", "type-unexpected"));
  });

  it("a context cannot make an unrevoked badge of a revoked one", async () => {
    const assertion = { "@context": [V2, { gone: "revoked" }], gone: true };
    expect((await verify({ change: { assertion } })).verdict).toBe("revoked");
  });
});

describe("1.x and 0.5", () => {
  const issuer = { name: "Northside", url: "https://northside.example" };
  const badge = {
    name: "Old",
    description: "D",
    image: `${ORIGIN}/badge.png`,
    criteria: "https://a.example",
    issuer: ADDRESS.issuer,
  };
  const assertion = {
    uid: "abc",
    recipient: { type: "email", hashed: true, salt: "deadsea", identity: HASH },
    badge: ADDRESS.badge,
    verify: { type: "hosted", url: ADDRESS.assertion },
    issuedOn: 1_400_000_000,
  };
  const page = (document: Members) => ({ body: JSON.stringify(document) });
  const old = (members: Members = {}, outer: Members = {}) => ({
    [ADDRESS.assertion]: page({ ...assertion, ...members }),
    [ADDRESS.badge]: page({ ...badge, ...outer }),
    [ADDRESS.issuer]: page(issuer),
  });

  it("1.0 is read by the rules of its time", async () => {
    const found = await verify({ pages: old(), options: { recipient: ["nobody@example.org"] } });
    expect([found.verdict, faults(found), warnings(found)]).toEqual(["valid", [], ["version-old"]]);
    expect(found).toMatchObject({
      version: "1.0",
      badge: { issuedOn: "2014-05-13T16:53:20.000Z" },
    });
  });

  it("OB20-L-04 1.1 is read by the rules of its time", async () => {
    const context = "https://w3id.org/openbadges/v1";
    const alignment = [{ name: "A", url: "https://a.example" }];
    const pages = {
      [ADDRESS.assertion]: page({
        ...assertion,
        "@context": context,
        type: "Assertion",
        id: ADDRESS.assertion,
      }),
      [ADDRESS.badge]: page({
        ...badge,
        "@context": context,
        type: "BadgeClass",
        id: ADDRESS.badge,
        alignment,
      }),
      [ADDRESS.issuer]: page({
        ...issuer,
        "@context": context,
        type: "Issuer",
        id: ADDRESS.issuer,
      }),
    };
    const found = await verify({ pages });
    expect([found.verdict, faults(found), found.version]).toEqual(["valid", [], "1.1"]);
  });

  it("1.0 pasted is asked for where it says that it is hosted", async () => {
    const found = await verify({ pages: old(), given: JSON.stringify(assertion) });
    expect(found).toMatchObject({ verdict: "valid", input: { url: ADDRESS.assertion } });
  });

  it("1.0 on another host than its issuer is nobody's", async () => {
    const pages = { ...old(), "https://evil.example/a": page(assertion) };
    const forged = page({
      ...assertion,
      verify: { type: "hosted", url: "https://evil.example/a" },
    });
    const found = await verify({
      pages: { ...pages, "https://evil.example/a": forged },
      given: "https://evil.example/a",
    });
    expect(found).toMatchObject({ verdict: "invalid", reason: "origin-outside-scope" });
  });

  it("1.0 cannot say that it is hosted elsewhere than where it was read", async () => {
    const found = await verify({
      pages: { ...old(), "https://evil.example/a": page(assertion) },
      given: "https://evil.example/a",
    });
    expect(found).toMatchObject({ verdict: "valid", badge: { id: ADDRESS.assertion } });
    expect(found.asked).toContain(ADDRESS.assertion);
  });

  it("1.0 signed is judged by the bare key on its issuer's host", async () => {
    const { key } = await documents();
    const pem = { body: String(key.publicKeyPem) };
    const keyed = (address: string): Change => ({
      sign: {},
      change: {
        assertion: {
          ...assertion,
          "@context": undefined,
          type: undefined,
          id: undefined,
          verification: undefined,
          verify: { type: "signed", url: address },
        },
      },
      pages: { ...old(), [address]: pem },
    });
    const found = await verify(keyed(`${ORIGIN}/key.pem`));
    expect([found.verdict, faults(found), found.verification]).toEqual(["valid", [], "signed"]);
    const foreign = await verify(keyed("https://evil.example/key.pem"));
    expect(foreign).toMatchObject({ verdict: "invalid", reason: "key-not-listed" });
    const listed = { ...issuer, revocationList: ADDRESS.list };
    const revoked = keyed(`${ORIGIN}/key.pem`);
    const pages = {
      ...revoked.pages,
      [ADDRESS.issuer]: page(listed),
      [ADDRESS.list]: page({ abc: "Mistake" }),
    };
    expect(await verify({ ...revoked, pages })).toMatchObject({ verdict: "revoked" });
  });

  it("1.0 lists are objects of uids", async () => {
    const pages = {
      ...old(),
      [ADDRESS.issuer]: page({ ...issuer, revocationList: ADDRESS.list }),
      [ADDRESS.list]: page({ abc: "Mistake" }),
    };
    expect(await verify({ pages })).toMatchObject({ verdict: "revoked", reason: "revoked" });
  });

  const half = {
    recipient: HASH,
    salt: "deadsea",
    issued_on: "2012-01-01",
    badge: {
      version: "0.5.0",
      name: "Old",
      description: "D",
      image: "/badge.png",
      criteria: "/how",
      issuer: { origin: ORIGIN, name: "Northside" },
    },
  };

  it("0.5 is recognised, and only its host vouches for it", async () => {
    const found = await verify({
      pages: { [ADDRESS.assertion]: page(half) },
      options: { recipient: ["nobody@example.org"] },
    });
    expect(found).toMatchObject({
      verdict: "valid",
      version: "0.5",
      matched: "nobody@example.org",
    });
    expect(warnings(found)).toEqual(["version-old"]);
    const elsewhere = await verify({
      given: "https://evil.example/a",
      pages: { "https://evil.example/a": page(half) },
    });
    expect(elsewhere).toMatchObject({ verdict: "invalid", reason: "origin-outside-scope" });
    const expired = await verify({
      pages: { [ADDRESS.assertion]: page({ ...half, expires: "2013-01-01" }) },
    });
    expect(expired.verdict).toBe("expired");
    const pasted = await verify({ given: JSON.stringify(half) });
    expect(pasted).toMatchObject({ verdict: "invalid", reason: "nowhere-hosted" });
  });
});
