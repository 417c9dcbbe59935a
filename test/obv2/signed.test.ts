// Signed badges as they are served, and what becomes of them when the award or the key changes.
import {
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  importSPKI,
  type JWK,
} from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { unbakePng } from "../../src/bakery/bake-png.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { findPublicAward } from "../../src/db/published.ts";
import { findSignedAssertion } from "../../src/db/signing-keys.ts";
import { signAward } from "../../src/issuer/signed-award.ts";
import { revokeSigningKey, rotateSigningKey } from "../../src/issuer/signing-key.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import * as shapes from "./shapes.ts";
import { givenWorld, revoke, type World } from "./world.ts";

const OPERATOR = { kind: "operator", id: "operator" } as const;
const NEVER = "01a10738-b7c0-7000-8000-00000000dead";

let t: TestApp;
let world: World;
let path: string;

beforeEach(async () => {
  t = await testApp();
  world = await givenWorld(t.env);
  path = `/ob/v2/assertions/${world.award.unique_hash}`;
});

async function signed(at = path): Promise<string> {
  const response = await t.request(`${at}/signed`);
  expect(response.status).toBe(200);
  await t.settle();
  return new TextDecoder().decode(await response.arrayBuffer());
}

const fetchJson = async (address: string) => (await t.request(address)).json();

/** Verifies as a verifier would: by the key that the payload's creator leads to. */
async function verified(jws: string) {
  const claimed = payloadOf(jws);
  const key = shapes.cryptographicKey.parse(await fetchJson(claimed.verification.creator));
  const { payload } = await compactVerify(jws, await importSPKI(key.publicKeyPem, "RS256"), {
    algorithms: ["RS256"],
  });
  const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
  return { text, key, assertion: shapes.signedAssertion.parse(JSON.parse(text)) };
}

function payloadOf(jws: string) {
  const text = atob((jws.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  return shapes.signedAssertion.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

async function keySet(): Promise<{ keys: JWK[] }> {
  return (await t.request("/.well-known/jwks.json")).json();
}

async function rotate(): Promise<void> {
  const { writes } = await rotateSigningKey(t.env, world.organization.id, OPERATOR);
  await t.env.db.batch(writes);
}

const stored = () => findSignedAssertion(t.env.db, world.award.unique_hash);

describe("GET /ob/v2/assertions/:hash/signed", () => {
  it("OB20-S-01 is a compact JWS of the Assertion itself, as hosted but for who vouches", async () => {
    const { assertion } = await verified(await signed());
    const hosted = shapes.assertion.parse(await fetchJson(path));
    const { verification, image, ...rest } = assertion;
    const { verification: hostedBy, image: hostedImage, ...hostedRest } = hosted;
    expect(rest).toEqual(hostedRest);
    expect(hostedBy.type).toBe("HostedBadge");
    expect(verification.type).toBe("SignedBadge");
    expect(image).toBe(`${hostedImage}?signed`);
  });

  it("OB20-S-02 OB20-S-03 is signed with RS256 and says no more than which key", async () => {
    const { verification } = payloadOf(await signed());
    expect(decodeProtectedHeader(await signed())).toEqual({
      alg: "RS256",
      kid: verification.creator.split("/").at(-1),
    });
  });

  it("OB20-S-05 is base64url without padding, and any script comes back as it was", async () => {
    const narrative = "Führte jede Woche – 毎週 – كل أسبوع – \u{1F3C5} – “so”.";
    const badge = await givenBadge(t.env, world.organization);
    const person = await givenPerson(t.env, world.organization);
    const award = await givenAward(t.env, badge, person, { narrative });
    const jws = await signed(`/ob/v2/assertions/${award.unique_hash}`);
    expect(jws).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await verified(jws)).assertion.narrative).toBe(narrative);
  });

  it("OB20-V-10 OB20-V-11 OB20-K-02 creator is the plain address of the key that the issuer lists", async () => {
    const { assertion, key } = await verified(await signed());
    const badge = shapes.badgeClass.parse(await fetchJson(assertion.badge));
    const issuer = shapes.issuer.parse(await fetchJson(badge.issuer));
    expect(assertion.verification.creator).toBe(issuer.publicKey);
    expect(key.id).toBe(issuer.publicKey);
    expect(key.owner).toBe(issuer.id);
  });

  it("OB20-A-01 has the id of the hosted one, which answers with the same award", async () => {
    const { assertion } = await verified(await signed());
    expect(assertion.id).toBe(t.env.urls.assertion(world.award.unique_hash));
    expect(shapes.assertion.parse(await fetchJson(assertion.id)).recipient).toEqual(
      assertion.recipient,
    );
  });

  it("does not verify with one character changed", async () => {
    const jws = await signed();
    const [header = "", payload = "", signature = ""] = jws.split(".");
    const flip = (text: string) =>
      `${text.slice(0, 40)}${text[40] === "A" ? "B" : "A"}${text.slice(41)}`;
    const pem = (await verified(jws)).key.publicKeyPem;
    for (const forged of [
      `${header}.${flip(payload)}.${signature}`,
      `${header}.${payload}.${flip(signature)}`,
    ]) {
      const checking = compactVerify(forged, await importSPKI(pem, "RS256"));
      await expect(checking).rejects.toHaveProperty(
        "code",
        "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
      );
    }
  });

  it("is sent as a JWS to any site, under a name to save it by, and known by its tag", async () => {
    const response = await t.request(`${path}/signed`);
    expect(response.headers.get("content-type")).toBe("application/jose");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cache-control")).toBe("public, no-cache");
    expect(response.headers.get("content-disposition")).toMatch(
      /^inline; filename="Streak-Champion-[0-9a-f]{8}\.jws"$/,
    );
    const headers = { "if-none-match": response.headers.get("etag") ?? "none" };
    expect((await t.request(`${path}/signed`, { headers })).status).toBe(304);
    const download = await t.request(`${path}/signed?download`);
    expect(download.headers.get("content-disposition")).toMatch(/^attachment;/);
    const head = await t.request(`${path}/signed`, { method: "HEAD" });
    expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect((await t.request(`${path}/signed`, { method: "POST" })).status).toBe(405);
    expect((await t.request(`/ob/v2/assertions/${"0".repeat(40)}/signed`)).status).toBe(404);
  });

  it("is signed once, and again says the same even when it must be signed anew", async () => {
    expect(await stored()).toBeNull();
    const first = await signed();
    expect((await stored())?.jws).toBe(first);
    expect(await signed()).toBe(first);
    await t.env.db.batch([{ sql: "DELETE FROM signed_assertions", params: [] }]);
    expect(await signed()).toBe(first);
  });
});

describe("a signed badge in a picture", () => {
  it("OB20-PNG-04 OB20-SVG-03 OB20-A-09 is baked as the JWS, at the address its image names", async () => {
    for (const pictures of ["svg", "png"] as const) {
      const { award } = await givenWorld(t.env, pictures);
      const jws = await signed(`/ob/v2/assertions/${award.unique_hash}`);
      const response = await t.request(payloadOf(jws).image ?? "none");
      expect(response.status).toBe(200);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const unbaked = pictures === "png" ? await unbakePng(bytes) : unbakeSvg(bytes);
      expect(unbaked.ok && unbaked.payload).toEqual({ kind: "jws", text: jws });
    }
  });

  it("is another file than the hosted one, known by a tag of its own", async () => {
    const hosted = await t.request(`${path}/image.svg`);
    const response = await t.request(`${path}/image.svg?signed`);
    expect(response.headers.get("etag")).not.toBe(hosted.headers.get("etag"));
    const headers = { "if-none-match": response.headers.get("etag") ?? "none" };
    expect((await t.request(`${path}/image.svg?signed`, { headers })).status).toBe(304);
  });

  it("is to be had as SVG where nothing can draw it as PNG", async () => {
    const response = await t.request(`${path}/image.png?signed`);
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(t.env.urls.signedSvg(world.award.unique_hash));
  });
});

describe("revoking the award", () => {
  it("OB20-S-09 OB20-RL-05 OB20-RL-07 the list names the id that was signed, with the reason", async () => {
    const { id } = payloadOf(await signed());
    await revoke(t.env, world.award, "Awarded by mistake");
    const list = shapes.revocationList.parse(
      await fetchJson(`/ob/v2/issuers/${world.organization.id}/revocations`),
    );
    expect(list.revokedAssertions).toContainEqual({ id, revocationReason: "Awarded by mistake" });
  });

  it("nothing signed is given out any more, whatever tag is sent", async () => {
    await signed();
    await revoke(t.env, world.award, null);
    expect(await stored()).toBeNull();
    for (const address of [
      `${path}/signed`,
      `${path}/image.svg?signed`,
      `${path}/image.png?signed`,
    ]) {
      const response = await t.request(address, { headers: { "if-none-match": "*" } });
      expect(response.status).toBe(410);
      expect(shapes.revokedAssertion.parse(await response.json()).revoked).toBe(true);
    }
  });

  it("a signer that read the award before cannot put it back", async () => {
    const found = await findPublicAward(t.env.db, world.award.unique_hash, 512);
    if (found === null) throw new Error("the award is not there");
    await revoke(t.env, world.award, null);
    await signAward(t.env, found);
    await t.settle();
    expect(await stored()).toBeNull();
  });

  it.each([
    ["narrative", "Another."],
    ["date_expire", 2_000_000_000_000],
    ["evidence", '[{"narrative":"Another."}]'],
    ["recipient_salt", "ffeeddccbbaa99887766554433221100"],
  ])("a change of %s drops what was signed", async (column, value) => {
    const before = await signed();
    const sql = `UPDATE badge_issues SET ${column} = ? WHERE id = ?`;
    await t.env.db.batch([{ sql, params: [value, world.award.id] }]);
    expect(await stored()).toBeNull();
    expect(await signed()).not.toBe(before);
  });

  it("what was signed for another public address is not served", async () => {
    const before = await signed();
    await t.env.db.batch([
      { sql: "UPDATE signed_assertions SET base = ?", params: ["https://old.example"] },
    ]);
    expect(await signed()).toBe(before);
    expect((await stored())?.base).toBe(t.env.urls.base);
  });
});

describe("GET /ob/v2/keys/:kid", () => {
  it("OB20-K-01 OB20-K-03 OB20-H-04 answers directly at its id, as SPKI of an RSA key of 2048 bits", async () => {
    const { verification } = payloadOf(await signed());
    const response = await t.request(verification.creator);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/ld+json; charset=utf-8");
    const key = shapes.cryptographicKey.parse(await response.json());
    expect(key.id).toBe(verification.creator);
    expect(key.publicKeyPem).not.toContain("\r");
    const imported = await importSPKI(key.publicKeyPem, "RS256", { extractable: true });
    expect(imported.algorithm).toMatchObject({ modulusLength: 2048 });
  });

  it("OB20-K-04 holds nothing private, and neither does the set of keys", async () => {
    const { verification } = payloadOf(await signed());
    for (const address of [verification.creator, "/.well-known/jwks.json"]) {
      const text = await (await t.request(address)).text();
      expect(text).not.toContain("PRIVATE");
      expect(text).not.toMatch(/"(?:d|p|q|dp|dq|qi|oth|k)":/);
      expect(text).not.toContain("sealed");
    }
  });

  it("is unknown where there never was one", async () => {
    expect((await t.request(`/ob/v2/keys/${NEVER}`)).status).toBe(404);
    expect((await t.request("/ob/v2/keys/current")).status).toBe(404);
  });
});

describe("rotating the key", () => {
  it("OB20-P-07 what was signed before still verifies, by the issuer's own word", async () => {
    const before = await signed();
    await rotate();
    const { assertion } = await verified(before);
    const issuer = shapes.issuer.parse(await fetchJson(t.env.urls.issuer(world.organization.id)));
    expect(issuer.publicKey).not.toBe(assertion.verification.creator);
    expect(issuer["sec:assertionMethod"]?.map(({ id }) => id)).toEqual([
      issuer.publicKey,
      assertion.verification.creator,
    ]);
    const { payload } = await compactVerify(before, createLocalJWKSet(await keySet()));
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(assertion);
  });

  it("what is asked for after is signed with the new key", async () => {
    const before = await signed();
    await rotate();
    expect(await stored()).toBeNull();
    const after = await signed();
    expect(after).not.toBe(before);
    const { assertion } = await verified(after);
    const issuer = shapes.issuer.parse(await fetchJson(t.env.urls.issuer(world.organization.id)));
    expect(assertion.verification.creator).toBe(issuer.publicKey);
    expect((await stored())?.jws).toBe(after);
  });
});

describe("revoking the key", () => {
  const REASON = "A backup was stolen.";

  async function revokeKey(kid: string) {
    const { id } = world.organization;
    const { writes } = await revokeSigningKey(t.env, id, kid, REASON, OPERATOR);
    await t.env.db.batch(writes);
  }

  it.each(["current", "retired"])(
    "a %s one: nothing it signed verifies any more",
    async (state) => {
      const { creator } = payloadOf(await signed()).verification;
      if (state === "retired") await rotate();
      await revokeKey(creator.split("/").at(-1) ?? "");
      const gone = await t.request(creator);
      expect(gone.status).toBe(410);
      expect(shapes.revokedKey.parse(await gone.json()).revocationReason).toBe(REASON);
      const issuer = await (await t.request(t.env.urls.issuer(world.organization.id))).text();
      expect(issuer).not.toContain(creator);
      expect((await keySet()).keys.map(({ kid }) => kid)).not.toContain(creator.split("/").at(-1));
    },
  );

  it("the badge is signed anew, with a key made for it", async () => {
    const before = await signed();
    await revokeKey(payloadOf(before).verification.creator.split("/").at(-1) ?? "");
    expect(await stored()).toBeNull();
    const { assertion } = await verified(await signed());
    expect(assertion.verification.creator).not.toBe(payloadOf(before).verification.creator);
  });
});

describe("GET /.well-known/jwks.json", () => {
  it("has every organization's keys once, and answers with 304 while they stay", async () => {
    const empty = await t.request("/.well-known/jwks.json");
    expect(empty.headers.get("content-type")).toBe("application/jwk-set+json");
    expect(await empty.json()).toEqual({ keys: [] });
    const one = await signed();
    const other = await givenOrganization(t.env);
    const person = await givenPerson(t.env, other);
    const award = await givenAward(t.env, await givenBadge(t.env, other), person);
    const two = await signed(`/ob/v2/assertions/${award.unique_hash}`);
    const response = await t.request("/.well-known/jwks.json");
    const set: { keys: JWK[] } = await response.json();
    expect(new Set(set.keys.map(({ kid }) => kid)).size).toBe(2);
    for (const key of set.keys) {
      expect(Object.keys(key)).toEqual(["kty", "kid", "use", "alg", "n", "e"]);
    }
    for (const jws of [one, two]) await compactVerify(jws, createLocalJWKSet(set));
    const headers = { "if-none-match": response.headers.get("etag") ?? "none" };
    expect((await t.request("/.well-known/jwks.json", { headers })).status).toBe(304);
    await rotate();
    expect((await t.request("/.well-known/jwks.json", { headers })).status).toBe(200);
  });
});
