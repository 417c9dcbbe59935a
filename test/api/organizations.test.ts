// Organizations over the API: each operation with each of its answers, each rule by its code.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenSvgImage } from "../given.ts";
import { asking, everything } from "./ask.ts";

const NEW = {
  name: "Northside Peer Mentors",
  url: "https://northside.example",
  email: "badges@northside.example",
};

async function site() {
  const t = await testApp();
  return { t, ask: asking(t, await givenApiKey(t.env, null)) };
}

async function own() {
  const t = await testApp();
  const organization = await givenOrganization(t.env, { slug: "northside" });
  const ask = asking(t, await givenApiKey(t.env, organization));
  return { t, organization, ask, at: `/organizations/${organization.id}` };
}

describe("POST /organizations", () => {
  it("makes one, with a slug from its name", async () => {
    const { t, ask } = await site();
    const made = await ask("POST", "/organizations", {
      body: { ...NEW, name: "Grüsse & Söhne, Köln!" },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ slug: "grusse-sohne-koln", language: "en", image_id: null });
    expect(made.headers.get("location")).toBe(`/api/v1/organizations/${made.json.id}`);
    expect(made.json.issuer).toBe(t.env.urls.issuer(made.json.id));
    const got = await ask("GET", `/organizations/${made.json.id}`);
    expect(got.json).toEqual(made.json);
    expect(got.headers.get("etag")).toBe(made.headers.get("etag"));
  });

  it("keeps everything that is given, languages in their canonical case", async () => {
    const { ask } = await site();
    const body = {
      ...NEW,
      slug: "north",
      description: "Two\nlines.",
      telephone: "+16175551212",
      language: "DE-ch",
      verification_starts_with: "https://badges.example.org/ob/v2/",
      verification_allowed_origins: ["Badges.Northside.example"],
    };
    const made = await ask("POST", "/organizations", { body });
    expect(made.json).toMatchObject({
      ...body,
      language: "de-CH",
      verification_allowed_origins: ["badges.northside.example"],
    });
  });

  it("refuses a key of one organization", async () => {
    const { t, ask } = await own();
    const before = await everything(t);
    const said = await ask("POST", "/organizations", { body: NEW });
    expect([said.status, said.json.code]).toEqual([403, "site-key-required"]);
    expect(await everything(t)).toBe(before);
  });

  it("refuses a slug that is taken, also to the later of two at once", async () => {
    const { t, ask } = await site();
    const body = { ...NEW, slug: "northside" };
    const said = await Promise.all([1, 2, 3, 4].map(() => ask("POST", "/organizations", { body })));
    expect(said.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const late = await ask("POST", "/organizations", { body });
    expect(late.json).toMatchObject({
      status: 409,
      code: "slug-taken",
      errors: [{ pointer: "/slug", code: "slug_taken" }],
    });
    const { rows } = await t.env.db.read({ sql: "select count(*) from organizations", params: [] });
    expect(Number(rows[0]?.[0])).toBe(1);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["no name", { name: undefined }, "/name", "required"],
    ["an empty name", { name: " " }, "/name", "too_small"],
    ["a long name", { name: "x".repeat(256) }, "/name", "too_large"],
    ["a number for a name", { name: 7 }, "/name", "wrong_type"],
    ["a name in no Latin letter, and no slug", { name: "北区" }, "/slug", "slug_format"],
    ["OB20-P-03 another scheme", { url: "mailto:a@b.example" }, "/url", "url_format"],
    ["OB20-P-04 no e-mail address", { email: "bob" }, "/email", "email_format"],
    [
      "OB20-D-15 punctuation in a number",
      { telephone: "617-555-1212" },
      "/telephone",
      "telephone_format",
    ],
    ["no language", { language: "klingon!" }, "/language", "language_tag"],
    ["upper case in the slug", { slug: "North" }, "/slug", "slug_format"],
    ["a slug that ends in a hyphen", { slug: "north-" }, "/slug", "slug_format"],
    [
      "OB20-V-05 a prefix without slash",
      { verification_starts_with: "https://a.example/b" },
      "/verification_starts_with",
      "verification_starts_with_slash",
    ],
    [
      "a prefix that leaves our assertions out",
      { verification_starts_with: "https://northside.example/badges/" },
      "/verification_starts_with",
      "verification_starts_with_covers",
    ],
    [
      "OB20-V-06 a scheme in an origin",
      { verification_allowed_origins: ["a.example", "http://b.example"] },
      "/verification_allowed_origins/1",
      "verification_allowed_origin",
    ],
    [
      "OB20-V-07 a port in an origin",
      { verification_allowed_origins: ["a.example:80"] },
      "/verification_allowed_origins/0",
      "verification_allowed_origin",
    ],
    [
      "OB20-V-07 localhost as an origin",
      { verification_allowed_origins: ["localhost"] },
      "/verification_allowed_origins/0",
      "verification_allowed_origin",
    ],
    ["a picture before there is a registry", { image_id: "x" }, "/image_id", "unknown_field"],
  ])("refuses %s", async (_name, change, pointer, code) => {
    const { t, ask } = await site();
    const before = await everything(t);
    const said = await ask("POST", "/organizations", { body: { ...NEW, ...change } });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ pointer, code, fix: expect.stringMatching(/.+/) }]);
    expect(await everything(t)).toBe(before);
  });
});

describe("GET /organizations", () => {
  it("shows a key of the site all, and a key of an organization its own", async () => {
    const { t, organization, ask } = await own();
    const other = await givenOrganization(t.env);
    const whole = asking(t, await givenApiKey(t.env, null));
    const idsOf = async (which: typeof ask, headers = {}) =>
      (await which("GET", "/organizations", { headers })).json.data.map(({ id }) => id).sort();
    expect(await idsOf(whole)).toEqual([organization.id, other.id].sort());
    expect(await idsOf(whole, { "rosette-organization": other.slug })).toEqual([other.id]);
    expect(await idsOf(ask)).toEqual([organization.id]);
  });
});

describe("PATCH /organizations/{id}", () => {
  it("changes what is given and nothing else, and says so in the audit log", async () => {
    const { t, ask, at, organization } = await own();
    const before = (await ask("GET", at)).json;
    const said = await ask("PATCH", at, { body: { description: "New", telephone: null } });
    expect(said.status).toBe(200);
    expect(said.json).toEqual({ ...before, description: "New", updated_at: said.json.updated_at });
    expect(said.json.updated_at).not.toBe(before.updated_at);
    const { rows } = await t.env.db.read({
      sql: "select organization_id, actor_kind, object_id, detail from audit_log where action = 'organization.changed'",
      params: [],
    });
    expect(rows).toEqual([
      [organization.id, "api_key", organization.id, '{"fields":["description","telephone"]}'],
    ]);
  });

  it("takes a picture of its own registry only", async () => {
    const { t, ask, at, organization } = await own();
    const mine = await givenSvgImage(t.env, organization);
    const foreign = await givenSvgImage(t.env, await givenOrganization(t.env));
    const refused = await ask("PATCH", at, { body: { image_id: foreign.id } });
    expect(refused.json.errors).toMatchObject([{ pointer: "/image_id", code: "image_unknown" }]);
    expect((await ask("PATCH", at, { body: { image_id: mine.id } })).json.image_id).toBe(mine.id);
    expect((await ask("PATCH", at, { body: { image_id: null } })).json.image_id).toBeNull();
  });

  it("refuses another's slug and takes its own again", async () => {
    const { t, ask, at } = await own();
    await givenOrganization(t.env, { slug: "southside" });
    expect((await ask("PATCH", at, { body: { slug: "northside" } })).status).toBe(200);
    const said = await ask("PATCH", at, { body: { slug: "southside" } });
    expect([said.status, said.json.code]).toEqual([409, "slug-taken"]);
  });

  it("is in the catalogue once it says so, and not before", async () => {
    const { ask, at } = await own();
    expect((await ask("GET", at)).json.is_listed).toBe(false);
    expect((await ask("PATCH", at, { body: { is_listed: true } })).json.is_listed).toBe(true);
    const said = await ask("PATCH", at, { body: { is_listed: null } });
    expect([said.status, said.json.errors?.[0]?.pointer]).toEqual([422, "/is_listed"]);
  });

  it("an empty list of origins is none at all", async () => {
    const { ask, at } = await own();
    const said = await ask("PATCH", at, { body: { verification_allowed_origins: [] } });
    expect(said.json.verification_allowed_origins).toBeNull();
  });
});
