// People, their identities and memberships over the API: each operation with each of its answers.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR, type Scope, scopesOf } from "../../src/auth.ts";
import { identities, memberships } from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import { testApp } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { asking, everything } from "./ask.ts";

const KIM = { type: "email", identity: "Kim@Example.org" };
const PHONE = { type: "telephone", identity: "+16175551212" };

async function own() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return { t, organization, ask: asking(t, await givenApiKey(t.env, organization)) };
}

describe("POST /users", () => {
  it("adds a person with identities as typed, unverified, and the role member", async () => {
    const { ask } = await own();
    const made = await ask("POST", "/users", {
      body: {
        name: "Kim Berg",
        identities: [
          KIM,
          PHONE,
          { type: "url", identity: "https://kim.example/" },
          { type: "did", identity: "did:web:kim.example" },
        ],
      },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ name: "Kim Berg", roles: ["member"], status: "active" });
    expect(made.json.identities).toMatchObject([
      { type: "email", identity: "Kim@Example.org", verified: false },
      { type: "telephone" },
      { type: "url" },
      { type: "did" },
    ]);
    expect(made.headers.get("location")).toBe(`/api/v1/users/${made.json.id}`);
    const got = await ask("GET", `/users/${made.json.id}`);
    expect(got.json).toEqual(made.json);
    expect(got.headers.get("etag")).toBe(made.headers.get("etag"));
  });

  it("refuses an identity somebody here has, in any spelling, also to the later of many at once", async () => {
    const { t, ask } = await own();
    const add = (identity: string) =>
      ask("POST", "/users", { body: { identities: [PHONE, { type: "email", identity }] } });
    const said = await Promise.all(
      ["kim@example.org", "KIM@example.org", "Kim@Example.ORG"].map((identity) => add(identity)),
    );
    expect(said.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const before = await everything(t);
    const late = await ask("POST", "/users", { body: { identities: [KIM] } });
    expect(late.json).toMatchObject({
      code: "identity-taken",
      errors: [{ pointer: "/identities/0/identity", code: "identity_taken" }],
    });
    expect(await everything(t)).toBe(before);
  });

  it("takes in a person who has proven the identity elsewhere, and shows nothing of there", async () => {
    const { t, ask } = await own();
    const elsewhere = await givenOrganization(t.env);
    const there = asking(t, await givenApiKey(t.env, elsewhere));
    const person = await there("POST", "/users", { body: { name: "Kimberly", identities: [KIM] } });
    await t.env.db.batch([t.env.db.orm.update(identities).set({ verified_at: 1 })]);
    await there("POST", `/users/${person.json.id}/identities`, { body: PHONE });
    const made = await ask("POST", "/users", { body: { name: "Kim", identities: [KIM] } });
    expect(made.json).toMatchObject({ id: person.json.id, name: "Kim" });
    expect(made.json.identities).toMatchObject([{ verified: true }]);
    expect(made.text).not.toContain("Kimberly");
    expect(made.text).not.toContain(PHONE.identity);
    const changed = await ask("PATCH", `/users/${person.json.id}`, {
      body: { status: "suspended" },
    });
    expect(changed.json.status).toBe("suspended");
    const same = await there("GET", `/users/${person.json.id}`);
    expect(same.json).toMatchObject({ name: "Kimberly", status: "active" });
    expect(same.json.identities).toHaveLength(2);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["no identities", { identities: undefined }, "/identities", "required"],
    ["an empty list", { identities: [] }, "/identities", "too_small"],
    [
      "too many",
      {
        identities: Array.from({ length: 21 }, (_, i) => ({
          type: "email",
          identity: `p${i}@x.example`,
        })),
      },
      "/identities",
      "too_large",
    ],
    [
      "one twice",
      { identities: [KIM, { type: "email", identity: "kim@example.org " }] },
      "/identities",
      "identities_distinct",
    ],
    [
      "an unknown type",
      { identities: [{ type: "fax", identity: "1" }] },
      "/identities/0/type",
      "invalid_value",
    ],
    [
      "OB20-R-10 an e-mail without @",
      { identities: [{ type: "email", identity: "bob" }] },
      "/identities/0/identity",
      "email_format",
    ],
    [
      "OB20-D-15 a number with blanks",
      { identities: [{ type: "telephone", identity: "+1 617" }] },
      "/identities/0/identity",
      "telephone_format",
    ],
    [
      "an address of another scheme",
      { identities: [{ type: "url", identity: "ftp://x" }] },
      "/identities/0/identity",
      "url_format",
    ],
    [
      "half a DID",
      { identities: [{ type: "did", identity: "did:web:" }] },
      "/identities/0/identity",
      "did_format",
    ],
    ["a role twice", { roles: ["a", "a"] }, "/roles", "roles_distinct"],
    ["an unknown status", { status: "gone" }, "/status", "invalid_value"],
    ["a password", { password: "x" }, "/password", "unknown_field"],
  ])("refuses %s", async (_name, change, pointer, code) => {
    const { t, ask } = await own();
    const before = await everything(t);
    const said = await ask("POST", "/users", { body: { identities: [KIM], ...change } });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ pointer, code, fix: expect.stringMatching(/.+/) }]);
    expect(await everything(t)).toBe(before);
  });
});

describe("GET /users", () => {
  it("finds by e-mail, by any identity, by part of the name and by role", async () => {
    const { t, organization, ask } = await own();
    await givenPerson(t.env, organization, { name: "100% Kim", email: "kim@example.org" });
    await givenPerson(t.env, organization, { name: "Noor", roles: ["member", "coordinator"] });
    const added = await ask("POST", "/users", { body: { name: "Abe_l", identities: [PHONE] } });
    expect(added.status).toBe(201);
    const found = async (query: string) =>
      (await ask("GET", `/users?${query}`)).json.data.map(({ name }) => name).sort();
    expect(await found("email=KIM@example.org")).toEqual(["100% Kim"]);
    expect(await found(`identity=${encodeURIComponent(PHONE.identity)}`)).toEqual(["Abe_l"]);
    expect(await found("identity=kim@example.org")).toEqual(["100% Kim"]);
    expect(await found("q=oo")).toEqual(["Noor"]);
    expect(await found("q=%25")).toEqual(["100% Kim"]);
    expect(await found("q=_")).toEqual(["Abe_l"]);
    expect(await found("role=coordinator")).toEqual(["Noor"]);
    expect(await found("role=coord")).toEqual([]);
    expect(await found("email=nobody@example.org")).toEqual([]);
    expect(await found("")).toEqual(["100% Kim", "Abe_l", "Noor"]);
  });

  it("refuses to be asked by address and by identity at once, also for the same one", async () => {
    const { ask } = await own();
    const said = await ask("GET", "/users?email=kim@example.org&identity=kim@example.org");
    expect(said.status).toBe(422);
    expect(said.json).toMatchObject({
      code: "invalid-request",
      errors: [{ parameter: "identity", code: "email_or_identity" }],
    });
  });

  it("does not find a shared person by what another organization says of them", async () => {
    const { t, ask } = await own();
    const elsewhere = await givenOrganization(t.env);
    const { user } = await givenPerson(t.env, elsewhere, { email: "kim@example.org" });
    await asking(t, await givenApiKey(t.env, elsewhere))("POST", `/users/${user.id}/identities`, {
      body: PHONE,
    });
    expect((await ask("GET", "/users?email=kim@example.org")).json.data).toEqual([]);
    await ask("POST", "/users", { body: { identities: [KIM] } });
    expect((await ask("GET", "/users?email=kim@example.org")).json.data).toHaveLength(1);
    const byPhone = await ask("GET", `/users?identity=${encodeURIComponent(PHONE.identity)}`);
    expect(byPhone.json.data).toEqual([]);
  });
});

describe("PATCH /users/{id}", () => {
  it("changes name, roles and status, and honours If-Match", async () => {
    const { t, organization, ask } = await own();
    const { user } = await givenPerson(t.env, organization);
    const at = `/users/${user.id}`;
    const tag = (await ask("GET", at)).headers.get("etag") ?? "";
    const body = { name: null, roles: ["member", "coordinator"], status: "deactivated" };
    const said = await ask("PATCH", at, { body, headers: { "if-match": tag } });
    expect(said.status).toBe(200);
    expect(said.json).toMatchObject(body);
    const late = await ask("PATCH", at, { body, headers: { "if-match": tag } });
    expect(late.status).toBe(412);
  });
});

describe("identities of a user", () => {
  it("are added once, listed, and removed", async () => {
    const { t, organization, ask } = await own();
    const { user, identity } = await givenPerson(t.env, organization);
    const at = `/users/${user.id}/identities`;
    const before = (await ask("GET", `/users/${user.id}`)).headers.get("etag");
    t.clock.advance(1);
    const said = await Promise.all(
      Array.from({ length: 8 }, () => ask("POST", at, { body: PHONE })),
    );
    expect(said.map(({ status }) => status).sort()).toEqual([
      201, 409, 409, 409, 409, 409, 409, 409,
    ]);
    const after = (await ask("GET", `/users/${user.id}`)).headers.get("etag") ?? "";
    expect(after).not.toBe(before);
    const listed = await ask("GET", at);
    expect(listed.json.data).toMatchObject([{ id: identity.id, verified: true }, PHONE]);
    const added = listed.json.data[1]?.id;
    const stale = await ask("DELETE", `${at}/${added}`, { headers: { "if-match": before ?? "" } });
    expect(stale.status).toBe(412);
    const gone = await ask("DELETE", `${at}/${added}`, { headers: { "if-match": after } });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await ask("DELETE", `${at}/${added}`)).status).toBe(404);
    expect((await ask("GET", at)).json.data).toHaveLength(1);
  });

  it("stay while an award is made out to them", async () => {
    const { t, organization, ask } = await own();
    const person = await givenPerson(t.env, organization);
    await givenAward(t.env, await givenBadge(t.env, organization), person);
    const before = await everything(t);
    const said = await ask("DELETE", `/users/${person.user.id}/identities/${person.identity.id}`);
    expect([said.status, said.json.code]).toEqual([409, "identity-in-use"]);
    expect(await everything(t)).toBe(before);
  });
});

describe("GET /memberships", () => {
  it("lists who is in the organization, by role and by person", async () => {
    const { t, organization, ask } = await own();
    const { user } = await givenPerson(t.env, organization, { roles: ["coordinator"] });
    await givenPerson(t.env, organization);
    await givenPerson(t.env, await givenOrganization(t.env));
    expect((await ask("GET", "/memberships")).json.data).toHaveLength(2);
    for (const query of [`user=${user.id}`, "role=coordinator"]) {
      expect((await ask("GET", `/memberships?${query}`)).json.data).toMatchObject([
        { user: user.id, organization: organization.id, roles: ["coordinator"], status: "active" },
      ]);
    }
  });
});

describe("roles that allow more than the key", () => {
  const ADMIN = ["member", ADMINISTRATOR];

  async function limited(...scopes: Scope[]) {
    const { t, organization } = await own();
    const ask = asking(t, await givenApiKey(t.env, organization, ["users:write", ...scopes]));
    return { t, organization, ask };
  }

  it.each([[[ADMINISTRATOR]], [[COORDINATOR]], [ADMIN]])(
    "%j are given by no key of users:write, to nobody new and to no member",
    async (roles) => {
      const { t, organization, ask } = await limited();
      const { user } = await givenPerson(t.env, organization);
      const before = await everything(t);
      for (const said of [
        await ask("POST", "/users", { body: { roles, identities: [KIM] } }),
        await ask("PATCH", `/users/${user.id}`, { body: { roles } }),
      ]) {
        expect([said.status, said.json.code]).toEqual([403, "insufficient-scope"]);
        expect(said.json.errors).toMatchObject([{ pointer: "/roles", code: "scope_not_held" }]);
      }
      expect(await everything(t)).toBe(before);
    },
  );

  it("neither is an address to who has them, which whoever proves it would come in by", async () => {
    const { t, organization, ask } = await limited();
    const { user } = await givenPerson(t.env, organization, { roles: ADMIN });
    const said = await ask("POST", `/users/${user.id}/identities`, { body: KIM });
    expect([said.status, said.json.code]).toEqual([403, "insufficient-scope"]);
  });

  it("nor does it make active again who has them; it may suspend them and leave them as they are", async () => {
    const { t, organization, ask } = await limited();
    const { user } = await givenPerson(t.env, organization, { roles: ADMIN });
    const patch = async (body: unknown) =>
      (await ask("PATCH", `/users/${user.id}`, { body })).status;
    expect(await patch({ name: "Noor", roles: ADMIN, status: "suspended" })).toBe(200);
    expect(await patch({ status: "active" })).toBe(403);
    expect(await patch({ roles: ["member"], status: "active" })).toBe(200);
    expect(await patch({ roles: ADMIN })).toBe(403);
  });

  it("a key that has a coordinator's scopes makes coordinators, and roles without meaning are free", async () => {
    const wide = await limited(...(scopesOf([COORDINATOR]) as Scope[]));
    const body = { roles: [COORDINATOR], identities: [KIM] };
    expect((await wide.ask("POST", "/users", { body })).status).toBe(201);
    const narrow = await limited();
    const trainer = { roles: ["trainer"], identities: [KIM] };
    expect((await narrow.ask("POST", "/users", { body: trainer })).status).toBe(201);
  });
});

describe("language and time zone of a person", () => {
  const ZONED = { language: "de-at", time_zone: "Europe/Vienna", identities: [KIM] };

  it("are given with the person, and changed while the organization alone knows them", async () => {
    const { ask } = await own();
    const made = await ask("POST", "/users", { body: ZONED });
    expect(made.json).toMatchObject({ language: "de-AT", time_zone: "Europe/Vienna" });
    const path = `/users/${made.json.id}`;
    const changed = await ask("PATCH", path, { body: { time_zone: "Asia/Kathmandu" } });
    expect(changed.json).toMatchObject({ language: "de-AT", time_zone: "Asia/Kathmandu" });
    expect((await ask("GET", path)).json).toEqual(changed.json);
    const cleared = await ask("PATCH", path, { body: { language: null, time_zone: null } });
    expect(cleared.json).toMatchObject({ language: null, time_zone: null });
  });

  it.each([
    ["time_zone", "Mars/Olympus", "time_zone_name"],
    ["time_zone", "+02:00", "time_zone_name"],
    ["language", "german!", "language_tag"],
  ])("%s is not %j", async (name, value, code) => {
    const { t, ask } = await own();
    const before = await everything(t);
    const said = await ask("POST", "/users", { body: { identities: [KIM], [name]: value } });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ pointer: `/${name}`, code }]);
    expect(await everything(t)).toBe(before);
  });

  it.each([
    ["who has signed in", "proven"],
    ["whom another organization knows", "elsewhere"],
  ])("of somebody %s are theirs once said, and can be given before", async (_name, which) => {
    const { t, organization, ask } = await own();
    const person = await givenPerson(t.env, organization);
    const { orm } = t.env.db;
    const isProven = which === "proven";
    const verified_at = isProven ? t.env.now() : null;
    await t.env.db.batch([orm.update(identities).set({ verified_at })]);
    if (!isProven) {
      const elsewhere = await givenOrganization(t.env, { slug: "elsewhere" });
      await t.env.db.batch([
        orm.insert(memberships).values({
          id: newId(t.env),
          organization_id: elsewhere.id,
          user_id: person.user.id,
          roles: ["member"],
          updated_at: t.env.now(),
        }),
      ]);
    }
    const path = `/users/${person.user.id}`;
    const first = await ask("PATCH", path, { body: { time_zone: "Europe/Vienna" } });
    expect(first.json.time_zone).toBe("Europe/Vienna");
    const same = await ask("PATCH", path, { body: { time_zone: "Europe/Vienna", name: "Kim" } });
    expect(same.status).toBe(200);
    const again = await ask("PATCH", path, { body: { time_zone: "Asia/Tokyo", name: "Lee" } });
    expect(again.status).toBe(422);
    expect(again.json.errors).toMatchObject([
      { pointer: "/time_zone", code: "time_zone_of_the_person" },
    ]);
    expect((await ask("GET", path)).json).toEqual(same.json);
  });
});
