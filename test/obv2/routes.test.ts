import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import * as shapes from "./shapes.ts";
import { givenWorld, revoke, type World } from "./world.ts";

const VALIDATORS = "application/ld+json, application/json, image/png, image/svg+xml";
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const NEVER = "01a10738-b7c0-7000-8000-00000000dead";

let t: TestApp;
let world: World;
let revokedHash: string;
let withdrawnId: string;
let bareOrganization: string;
let bareBadge: string;

beforeAll(async () => {
  t = await testApp({ shared: true });
  world = await givenWorld(t.env);
  const { badge, organization } = world;
  const award = await givenAward(t.env, badge, await givenPerson(t.env, organization));
  revokedHash = award.unique_hash;
  await revoke(t.env, award, "Awarded by mistake");
  const other = await givenWorld(t.env);
  withdrawnId = other.endorsementId;
  await t.env.db.batch([
    {
      sql: "UPDATE badge_endorsements SET revoked_at = ? WHERE id = ?",
      params: [t.env.now(), withdrawnId],
    },
  ]);
  const bare = await givenOrganization(t.env);
  bareOrganization = bare.id;
  bareBadge = (await givenBadge(t.env, bare)).id;
});
afterAll(() => t.close());

/** Every address of the room that answers 200, by its route. */
const ADDRESSES: Readonly<Record<string, (world: World) => string>> = {
  "issuers/:id": ({ organization }) => `issuers/${organization.id}`,
  "issuers/:id/image": ({ organization }) => `issuers/${organization.id}/image`,
  "issuers/:id/revocations": ({ organization }) => `issuers/${organization.id}/revocations`,
  "badges/:id": ({ badge }) => `badges/${badge.id}`,
  "badges/:id/image": ({ badge }) => `badges/${badge.id}/image`,
  "badges/:id/image/author": ({ badge }) => `badges/${badge.id}/image/author`,
  "badges/:id/criteria": ({ badge }) => `badges/${badge.id}/criteria`,
  "badges/:id/alignments": ({ badge }) => `badges/${badge.id}/alignments`,
  "alignments/:id": ({ alignmentId }) => `alignments/${alignmentId}`,
  "endorsements/:id": ({ endorsementId }) => `endorsements/${endorsementId}`,
  "endorsements/:id/issuer": ({ endorsementId }) => `endorsements/${endorsementId}/issuer`,
  "assertions/:hash": ({ award }) => `assertions/${award.unique_hash}`,
  "assertions/:hash/image.svg": ({ award }) => `assertions/${award.unique_hash}/image.svg`,
};
const NAMES = Object.keys(ADDRESSES);
const IMAGES = NAMES.filter((name) => /\/image(\.svg)?$/.test(name));
const DOCUMENTS = NAMES.filter((name) => !IMAGES.includes(name));

const at = (name: string) => `/ob/v2/${ADDRESSES[name]?.(world)}`;
const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  t.request(path, { method, headers });

describe("every address", () => {
  it.each(NAMES)(
    "OB20-H-03 OB20-H-04 %s answers 200 itself, without a login or a cookie",
    async (name) => {
      const response = await ask(at(name), { accept: VALIDATORS });
      expect(response.status).toBe(200);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(20);
    },
  );

  it.each(NAMES)("OB20-H-11 %s may be read by scripts of any site", async (name) => {
    const response = await ask(at(name), { origin: "https://displayer.example" });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("ETag");
    const preflight = await ask(at(name), { origin: "https://displayer.example" }, "OPTIONS");
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, HEAD, OPTIONS");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("*");
    expect(await preflight.text()).toBe("");
  });

  it.each(NAMES)("%s answers HEAD with the headers of GET and no body", async (name) => {
    const get = await ask(at(name), { accept: VALIDATORS });
    const head = await ask(at(name), { accept: VALIDATORS }, "HEAD");
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
  });

  it.each(NAMES)(
    "%s answers 304 to who has it, and keeps the headers caches need",
    async (name) => {
      const first = await ask(at(name), { accept: VALIDATORS });
      const etag = first.headers.get("etag") ?? "none";
      expect(etag).toMatch(/^"[^"]+"$/);
      for (const ifNoneMatch of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
        const again = await ask(at(name), { accept: VALIDATORS, "if-none-match": ifNoneMatch });
        expect(again.status).toBe(304);
        expect(await again.text()).toBe("");
        expect(again.headers.get("etag")).toBe(etag);
        expect(again.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
        expect(again.headers.get("vary")).toBe(first.headers.get("vary"));
        expect(again.headers.get("access-control-allow-origin")).toBe("*");
      }
      expect((await ask(at(name), { accept: VALIDATORS, "if-none-match": '"x"' })).status).toBe(
        200,
      );
    },
  );

  it.each(NAMES)("%s answers 405 with Allow to every other method", async (name) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const response = await ask(at(name), {}, method);
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(await response.json()).toMatchObject({ code: "method-not-allowed" });
    }
  });

  it.each(NAMES)("%s is protected against being taken for something else", async (name) => {
    const { headers } = await ask(at(name), { accept: VALIDATORS });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(headers.get("cache-control")).toMatch(
      /^public, (no-cache|max-age=60, must-revalidate)$/,
    );
  });

  it.each([
    ...NAMES.filter((name) => !name.startsWith("assertions")).map((name) => [name, NEVER]),
    ...NAMES.filter((name) => name.startsWith("assertions")).map((name) => [name, "0".repeat(40)]),
    ["assertions/:hash/image.png", "0".repeat(40)],
  ])("OB20-H-08 %s answers 404 to an id that was never given out (%s)", async (name, id) => {
    const path = `/ob/v2/${name.replace(/:id|:hash/, id)}`;
    const response = await ask(path, { accept: VALIDATORS });
    expect(response.status).toBe(404);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toMatchObject({ code: "not-found" });
  });

  it.each([
    ["issuers/1"],
    ["issuers/01A10738-B7C0-7000-8000-00000000DEAD"],
    ["badges/%00"],
    ["badges/..%2f..%2fetc"],
    ["alignments/' OR 1=1 --"],
    [`assertions/${"0".repeat(39)}`],
    [`assertions/${"0".repeat(41)}`],
    [`assertions/${"G".repeat(40)}`],
    [`assertions/${"A".repeat(40)}`],
    [`assertions/${"0".repeat(10_000)}`],
    ["assertions/"],
    ["assertions"],
    [`assertions/${"0".repeat(40)}/`],
    [`assertions/${"0".repeat(40)}/image.gif`],
  ])("answers 404 to %s before the database is asked", async (path) => {
    const mute = await testApp({
      override: (env) => ({
        db: {
          ...env.db,
          read: async () => Promise.reject(new Error("asked")),
          get orm(): never {
            throw new Error("asked");
          },
        },
      }),
    });
    expect((await mute.request(`/ob/v2/${path}`)).status).toBe(404);
  });

  it("answers a browser's 404 with a page", async () => {
    const response = await ask(`/ob/v2/assertions/${"0".repeat(40)}`, { accept: BROWSER });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("text/html");
  });
});

describe("OB20-H-01 content negotiation", () => {
  it.each(DOCUMENTS.filter((name) => name !== "badges/:id/criteria"))("%s", async (name) => {
    for (const [accept, type] of [
      [undefined, "application/ld+json"],
      ["*/*", "application/ld+json"],
      [VALIDATORS, "application/ld+json"],
      ["application/ld+json", "application/ld+json"],
      ["application/json", "application/json"],
      [`${"a/b, ".repeat(2000)}`, "application/ld+json"],
      [";;;,,,q=", "application/ld+json"],
    ] as const) {
      const response = await ask(at(name), accept === undefined ? {} : { accept });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
      expect(response.headers.get("vary")).toBe("Accept");
      expect(await response.json()).toHaveProperty("@context", "https://w3id.org/openbadges/v2");
    }
  });

  it("a browser is sent from an assertion to its page, and from a badge class to its criteria", async () => {
    const { urls } = t.env;
    const assertion = await ask(at("assertions/:hash"), { accept: BROWSER });
    expect(assertion.status).toBe(303);
    expect(assertion.headers.get("location")).toBe(urls.badgePage(world.award.unique_hash));
    expect(assertion.headers.get("vary")).toBe("Accept");
    const badge = await ask(at("badges/:id"), { accept: BROWSER });
    expect(badge.status).toBe(303);
    expect(badge.headers.get("location")).toBe(urls.badgeCriteria(world.badge.id));
  });

  it("a browser is shown the document where there is no page", async () => {
    for (const name of ["issuers/:id", "alignments/:id", "endorsements/:id"]) {
      const response = await ask(at(name), { accept: BROWSER });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toContain("application/ld+json");
    }
  });

  it("the criteria are a page for people, a document for programs that ask for one", async () => {
    for (const accept of [BROWSER, "*/*"]) {
      const page = await ask(at("badges/:id/criteria"), { accept });
      expect(page.status).toBe(200);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(await page.text()).toContain("Streak Champion");
    }
    const document = await ask(at("badges/:id/criteria"), { accept: "application/ld+json" });
    expect(await document.json()).toMatchObject({
      type: "Criteria",
      id: t.env.urls.badgeCriteria(world.badge.id),
    });
  });

  it.each(IMAGES)(
    "OB20-H-02 OB20-B-04 %s gives the picture for what validators send",
    async (name) => {
      for (const accept of [VALIDATORS, "application/json", "text/html", "image/png"]) {
        const response = await ask(at(name), { accept });
        expect(response.status).toBe(200);
        expect(response.headers.get("content-type")).toBe("image/svg+xml");
      }
    },
  );
});

describe("documents as they are served", () => {
  it.each([
    ["issuers/:id", shapes.issuer],
    ["issuers/:id/revocations", shapes.revocationList],
    ["badges/:id", shapes.badgeClass],
    ["endorsements/:id", shapes.endorsement],
    ["endorsements/:id/issuer", shapes.issuer],
    ["assertions/:hash", shapes.assertion],
  ])(
    "OB20-A-01 OB20-B-02 %s declares the id it is served at, and has the shape of its class",
    async (name, shape) => {
      const document = shape.parse(await (await ask(at(name))).json());
      expect(new URL(document.id).pathname).toBe(at(name));
    },
  );

  it("OB20-A-15 the assertion's badge names the issuer that awarded it", async () => {
    const assertion = shapes.assertion.parse(await (await ask(at("assertions/:hash"))).json());
    const badge = shapes.badgeClass.parse(await (await ask(assertion.badge)).json());
    const issuer = shapes.issuer.parse(await (await ask(badge.issuer)).json());
    expect(issuer.id).toBe(t.env.urls.issuer(world.award.organization_id));
    expect(issuer.name).toBe(world.organization.name);
  });

  it("OB20-V-04 OB20-V-08 OB20-V-09 an assertion stands under its issuer's authority and within its policy", async () => {
    const { id } = shapes.assertion.parse(await (await ask(at("assertions/:hash"))).json());
    const { verification } = shapes.issuer.parse(await (await ask(at("issuers/:id"))).json());
    expect(verification?.allowedOrigins).toContain(new URL(id).host);
    expect(id.startsWith(verification?.startsWith ?? "none")).toBe(true);
  });

  it("OB20-D-12 a relation is told by both, with version and language, each badge once", async () => {
    const newer = shapes.badgeClass.parse(await (await ask(at("badges/:id"))).json());
    const older = shapes.badgeClass.parse(
      await (await ask(`/ob/v2/badges/${world.older.id}`)).json(),
    );
    expect(newer.related).toEqual([
      { type: "BadgeClass", id: older.id, version: "1", "@language": "de" },
    ]);
    expect(older.related).toEqual([
      { type: "BadgeClass", id: newer.id, version: "2", "@language": "en-US" },
    ]);
  });

  it("OB20-N-03 a badge class lists the endorsement that stands, and each names the other", async () => {
    const badge = shapes.badgeClass.parse(await (await ask(at("badges/:id"))).json());
    const [address = ""] = badge.endorsement ?? [];
    const endorsement = shapes.endorsement.parse(await (await ask(address)).json());
    expect(endorsement.claim.id).toBe(badge.id);
    expect((await ask(endorsement.issuer)).status).toBe(200);
  });

  it("OB20-B-03 OB20-B-04 OB20-P-06 the pictures that documents name answer with PNG or SVG", async () => {
    const badge = shapes.badgeClass.parse(await (await ask(at("badges/:id"))).json());
    const issuer = shapes.issuer.parse(await (await ask(at("issuers/:id"))).json());
    const image = typeof badge.image === "string" ? badge.image : badge.image.id;
    for (const address of [image, issuer.image ?? "none"]) {
      const response = await ask(address);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toMatch(/^image\/(png|svg\+xml)$/);
    }
  });

  it("an organization without a picture has no picture's address", async () => {
    const issuer = await (await ask(`/ob/v2/issuers/${bareOrganization}`)).json();
    expect(issuer).not.toHaveProperty("image");
    expect((await ask(`/ob/v2/issuers/${bareOrganization}/image`)).status).toBe(404);
  });

  it("a badge without an author of its picture has no author's address", async () => {
    expect((await ask(`/ob/v2/badges/${bareBadge}/image/author`)).status).toBe(404);
  });

  it("a badge without a picture shows art made from its name", async () => {
    const organization = await givenOrganization(t.env);
    const badge = await givenBadge(t.env, organization, { image_id: null, name: "Ada's <first>" });
    const response = await ask(`/ob/v2/badges/${badge.id}/image`);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(await response.text()).toMatch(/^<svg.+<\/svg>$/);
  });

  it("art that was made anew has another entity tag, though the badge has the same name", async () => {
    const badge = await givenBadge(t.env, await givenOrganization(t.env), { image_id: null });
    const path = `/ob/v2/badges/${badge.id}/image`;
    const before = await ask(path);
    const etag = before.headers.get("etag") ?? "";
    const again = () => t.request(path, { headers: { "if-none-match": etag } });
    expect((await again()).status).toBe(304);
    await t.env.db.batch([
      { sql: "UPDATE badges SET category = 'certification' WHERE id = ?", params: [badge.id] },
    ]);
    const after = await again();
    expect(after.status).toBe(200);
    expect(await after.text()).not.toBe(await before.text());
  });

  it("who has a badge's picture is told so without the picture being read", async () => {
    const asked: string[] = [];
    const app = await testApp({
      override: ({ db }) => ({
        db: createDatabase({
          read(statement) {
            asked.push(statement.sql);
            return db.read(statement);
          },
          write: (statements) => db.batch(statements),
          close: () => db.close(),
        }),
      }),
    });
    const badge = await givenBadge(app.env, await givenOrganization(app.env));
    const path = `/ob/v2/badges/${badge.id}/image`;
    const etag = (await app.request(path)).headers.get("etag") ?? "";
    expect(asked.join()).toContain('"bytes"');
    asked.length = 0;
    const kept = await app.request(path, { headers: { "if-none-match": etag } });
    expect([kept.status, kept.headers.get("etag")]).toEqual([304, etag]);
    expect(asked.join()).not.toContain('"bytes"');
    const other = await app.request(path, { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
  });

  it("an award that is hidden or has expired is served like any other", async () => {
    const { badge, organization } = world;
    const person = await givenPerson(t.env, organization);
    const award = await givenAward(t.env, badge, person, {
      visible: false,
      awarded_at: t.env.now() - 1_000_000,
      date_expire: t.env.now() - 1_000,
    });
    const response = await ask(`/ob/v2/assertions/${award.unique_hash}`);
    expect(response.status).toBe(200);
    expect(shapes.assertion.parse(await response.json()).expires).toBe("2026-10-04T14:01:59.000Z");
  });

  it("OB20-R-08 two awards to one address have different salts and hashes", async () => {
    const { badge, organization, person, award } = world;
    const other = await givenBadge(t.env, organization);
    const second = await givenAward(t.env, other, person);
    const [one, two] = await Promise.all(
      [award, second].map(async ({ unique_hash }) =>
        shapes.assertion.parse(await (await ask(`/ob/v2/assertions/${unique_hash}`)).json()),
      ),
    );
    expect(badge.id).not.toBe(other.id);
    expect(one?.recipient.identity).not.toBe(two?.recipient.identity);
    expect(one?.recipient.salt).not.toBe(two?.recipient.salt);
  });
});

describe("what was revoked", () => {
  it("OB20-H-05 OB20-H-07 OB20-A-13 an assertion: 410 with exactly what is left of it", async () => {
    for (const accept of [VALIDATORS, "*/*", "application/ld+json"]) {
      const response = await ask(`/ob/v2/assertions/${revokedHash}`, { accept });
      expect(response.status).toBe(410);
      expect(response.headers.get("content-type")).toBe("application/ld+json; charset=utf-8");
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("cache-control")).toBe("public, no-cache");
      expect(await response.json()).toEqual({
        "@context": "https://w3id.org/openbadges/v2",
        type: "Assertion",
        id: t.env.urls.assertion(revokedHash),
        revoked: true,
        revocationReason: "Awarded by mistake",
      });
    }
  });

  it("OB20-H-05 no tag a client holds turns a revocation into a 304", async () => {
    const response = await ask(`/ob/v2/assertions/${revokedHash}`, { "if-none-match": "*" });
    expect(response.status).toBe(410);
  });

  it("a browser is sent to the page, which says so", async () => {
    const response = await ask(`/ob/v2/assertions/${revokedHash}`, { accept: BROWSER });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(t.env.urls.badgePage(revokedHash));
  });

  it.each(["png", "svg"])("a baked %s: 410, with a type that is no picture's", async (kind) => {
    const response = await ask(`/ob/v2/assertions/${revokedHash}/image.${kind}`);
    expect(response.status).toBe(410);
    expect(response.headers.get("content-type")).toContain("json");
    expect(await response.json()).toHaveProperty("revoked", true);
  });

  it("OB20-H-05 the answer changes with the revocation, whatever was asked before", async () => {
    const { badge, organization } = world;
    const award = await givenAward(t.env, badge, await givenPerson(t.env, organization));
    const path = `/ob/v2/assertions/${award.unique_hash}`;
    const before = await ask(path);
    await t.settle();
    const etag = before.headers.get("etag") ?? "none";
    expect((await ask(path, { "if-none-match": etag })).status).toBe(304);
    await revoke(t.env, award, null);
    const after = await ask(path, { "if-none-match": etag });
    expect(after.status).toBe(410);
    expect(await after.json()).not.toHaveProperty("revocationReason");
    expect((await ask(`${path}/image.svg`)).status).toBe(410);
  });

  it("OB20-RL-07 OB20-RL-02 it is on its issuer's list, and no other organization's", async () => {
    const list = shapes.revocationList.parse(
      await (await ask(at("issuers/:id/revocations"))).json(),
    );
    const ids = list.revokedAssertions.map(({ id }) => id);
    expect(ids).toContain(t.env.urls.assertion(revokedHash));
    expect(ids).not.toContain(t.env.urls.assertion(world.award.unique_hash));
    const other = await ask(`/ob/v2/issuers/${bareOrganization}/revocations`);
    expect(JSON.stringify(await other.json())).not.toContain(revokedHash);
  });

  it("OB20-N-04 a withdrawn endorsement: 410, and no badge class lists it", async () => {
    const response = await ask(`/ob/v2/endorsements/${withdrawnId}`);
    expect(response.status).toBe(410);
    expect(shapes.withdrawnEndorsement.parse(await response.json()).issuer).toBe(
      t.env.urls.endorsementIssuer(withdrawnId),
    );
    expect((await ask(`/ob/v2/endorsements/${withdrawnId}/issuer`)).status).toBe(200);
    const { rows } = await t.env.db.read({
      sql: "SELECT badge_id FROM badge_endorsements WHERE id = ?",
      params: [withdrawnId],
    });
    const badge = await (await ask(`/ob/v2/badges/${rows[0]?.[0]}`)).json();
    expect(badge).not.toHaveProperty("endorsement");
  });
});

describe("OB20-H-12 addresses, which are for ever", () => {
  it("are these", () => {
    const { urls } = t.env;
    const pairs: [string, string][] = [
      [urls.issuer("1"), "/ob/v2/issuers/1"],
      [urls.issuerImage("1"), "/ob/v2/issuers/1/image"],
      [urls.revocationList("1"), "/ob/v2/issuers/1/revocations"],
      [urls.badgeClass("1"), "/ob/v2/badges/1"],
      [urls.badgeImage("1"), "/ob/v2/badges/1/image"],
      [urls.badgeImageAuthor("1"), "/ob/v2/badges/1/image/author"],
      [urls.badgeCriteria("1"), "/ob/v2/badges/1/criteria"],
      [urls.badgeAlignments("1"), "/ob/v2/badges/1/alignments"],
      [urls.alignment("1"), "/ob/v2/alignments/1"],
      [urls.endorsement("1"), "/ob/v2/endorsements/1"],
      [urls.endorsementIssuer("1"), "/ob/v2/endorsements/1/issuer"],
      [urls.assertion("1"), "/ob/v2/assertions/1"],
      [urls.bakedPng("1"), "/ob/v2/assertions/1/image.png"],
      [urls.bakedSvg("1"), "/ob/v2/assertions/1/image.svg"],
      [urls.signed("1"), "/ob/v2/assertions/1/signed"],
      [urls.signedPng("1"), "/ob/v2/assertions/1/image.png?signed"],
      [urls.signedSvg("1"), "/ob/v2/assertions/1/image.svg?signed"],
      [urls.key("1"), "/ob/v2/keys/1"],
      [urls.jwks, "/.well-known/jwks.json"],
    ];
    for (const [url, path] of pairs) expect(url).toBe(`https://badges.example.org${path}`);
  });
});
