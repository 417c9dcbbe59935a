// People who are signed in and use the API: as whom, in which organization, and what their roles allow.
import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/api/resources.ts";
import { ADMINISTRATOR, COORDINATOR, SCOPES, scopesOf } from "../../src/auth.ts";
import { auditLog } from "../../src/db/audit.ts";
import {
  identities,
  memberships,
  type Organization,
  type UserStatus,
  users,
} from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { BADGE, type Reply, rowCounts } from "./client.ts";
import { asPerson, type SendAs } from "./person.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: Organization;
  /** Somebody with these roles, who is signed in. */
  as(...roles: string[]): Promise<SendAs>;
}

async function given(): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return {
    t,
    organization,
    async as(...roles) {
      const { user } = await givenPerson(t.env, organization, { roles });
      return asPerson(t, user.id, organization.slug);
    },
  };
}

const KIM = { name: "Kim", identities: [{ type: "email", identity: "kim@example.org" }] };

const codes = (replies: readonly Reply[]) => replies.map(({ status, body }) => [status, body.code]);

describe("what roles allow", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[ADMINISTRATOR], ["*"]],
    [[COORDINATOR, ADMINISTRATOR], ["*"]],
    [
      ["member", COORDINATOR],
      [
        "badges:read",
        "users:read",
        "awards:read",
        "awards:write",
        "nominations:read",
        "nominations:write",
      ],
    ],
    [["member", "trainer"], []],
    [[], []],
    [["Organization_Administrator", "coordinator "], []],
  ])("%j: %j", (roles, scopes) => {
    expect(scopesOf(roles)).toEqual(scopes);
  });

  it("an administrator defines badges, adds people and reads keys; the audit log names them", async () => {
    const { t, organization } = await given();
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    const send = await asPerson(t, user.id, organization.id);
    expect((await send("POST", "/badges", BADGE)).status).toBe(201);
    expect((await send("POST", "/users", KIM)).status).toBe(201);
    expect((await send("GET", "/api-keys")).status).toBe(200);
    expect((await send("GET", "/organizations")).body.data.map(({ id }) => id)).toEqual([
      organization.id,
    ]);
    const entries = await t.env.db.orm
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, "badge.created"));
    expect(entries).toMatchObject([{ actor_kind: "user", actor_id: user.id }]);
  });

  it("an administrator of an organization does nothing to the site", async () => {
    const { as } = await given();
    const admin = await as(ADMINISTRATOR);
    const made = await admin("POST", "/organizations", {
      name: "Another",
      slug: "another",
      url: "https://another.example",
      email: "badges@another.example",
    });
    expect([made.status, made.body.code]).toEqual([403, "site-key-required"]);
    const key = await admin("POST", "/api-keys", { name: "k", scopes: ["*"] });
    expect(key.status).toBe(201);
    expect(key.body.organization).not.toBeNull();
  });

  it("who looks after the site has no rights in an organization by that", async () => {
    const { t, organization } = await given();
    const { user } = await givenPerson(t.env, organization);
    const { orm } = t.env.db;
    await t.env.db.batch([
      orm.update(users).set({ is_site_administrator: true }).where(eq(users.id, user.id)),
    ]);
    const send = await asPerson(t, user.id, organization.id);
    expect(codes([await send("GET", "/badges")])).toEqual([[403, "role-required"]]);
  });

  it("every operation: a member without a role gets 403, unless it is for members", async () => {
    const { as } = await given();
    const member = await as("member");
    const coordinator = await as(COORDINATOR);
    const held = scopesOf([COORDINATOR]);
    expect(OPERATIONS.length).toBeGreaterThan(30);
    for (const { id, method, path, scope, forMembers, example } of OPERATIONS) {
      const address = path.replaceAll(/\{\w+\}/g, "0193c0de-0000-7000-8000-000000000000");
      const ask = (send: SendAs) => send(method.toUpperCase(), address, example);
      const [asMember, asCoordinator] = [await ask(member), await ask(coordinator)];
      if (forMembers !== true) {
        expect([id, asMember.status, asMember.body.code]).toEqual([id, 403, "role-required"]);
      }
      if (forMembers !== true && !held.includes(scope)) {
        expect([id, asCoordinator.status, asCoordinator.body.code]).toEqual([
          id,
          403,
          "role-required",
        ]);
      }
      expect([id, SCOPES]).toEqual([id, expect.arrayContaining([scope])]);
    }
  });
});

describe("the organization", () => {
  it("must be named, by id or slug", async () => {
    const { t, organization } = await given();
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    const nowhere = await asPerson(t, user.id, null);
    for (const path of ["/badges", "/organizations", "/api-keys"]) {
      const said = await nowhere("GET", path);
      expect([path, said.status, said.body.code]).toEqual([path, 400, "organization-required"]);
    }
    for (const named of [organization.id, organization.slug]) {
      expect((await (await asPerson(t, user.id, named))("GET", "/badges")).status).toBe(200);
    }
  });

  it("organization_scoped_badge_catalog: another's answers 404 like none, by name and by object", async () => {
    const { t, as } = await given();
    const elsewhere = await givenOrganization(t.env);
    const badge = await givenBadge(t.env, elsewhere);
    const admin = await as(ADMINISTRATOR);
    const named = (organization: string) =>
      admin("GET", "/badges", undefined, { "rosette-organization": organization });
    const [foreign, unknown] = [await named(elsewhere.slug), await named("nobody-s")];
    expect(codes([foreign, unknown])).toEqual([
      [404, "not-found"],
      [404, "not-found"],
    ]);
    expect(foreign.body.detail).toBe(unknown.body.detail);
    expect((await admin("GET", `/badges/${badge.id}`)).status).toBe(404);
  });

  it("roles count in the organization that gave them alone", async () => {
    const { t, organization } = await given();
    const elsewhere = await givenOrganization(t.env);
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    await member(t, elsewhere, user.id, ["member"]);
    expect((await (await asPerson(t, user.id, organization.id))("GET", "/badges")).status).toBe(
      200,
    );
    expect((await (await asPerson(t, user.id, elsewhere.id))("GET", "/badges")).status).toBe(403);
  });
});

async function member(
  t: TestApp,
  organization: Organization,
  userId: string,
  roles: string[],
  status: UserStatus = "active",
): Promise<void> {
  await t.env.db.batch([
    t.env.db.orm.insert(memberships).values({
      id: newId(t.env),
      organization_id: organization.id,
      user_id: userId,
      name: "Noor Haddad",
      roles,
      status,
      updated_at: t.env.now(),
    }),
  ]);
}

describe("roles go by proven identities", () => {
  it("an organization's own record of a proven address gives its roles", async () => {
    const { t, organization } = await given();
    const account = await givenPerson(t.env, await givenOrganization(t.env), {
      email: "noor@x.example",
    });
    await givenPerson(t.env, organization, { email: "Noor@x.example", roles: [COORDINATOR] });
    const send = await asPerson(t, account.user.id, organization.id);
    expect((await send("GET", "/users")).status).toBe(200);
  });

  it("roles of an account and of a record in one organization go together", async () => {
    const { t, organization } = await given();
    const account = await givenPerson(t.env, organization, { email: "noor@x.example" });
    await givenPerson(t.env, organization, { email: "noor@x.example", roles: [COORDINATOR] });
    const send = await asPerson(t, account.user.id, organization.id);
    expect((await send("GET", "/users")).status).toBe(200);
  });

  it("an address that nobody has proven gives nothing", async () => {
    const { t, organization } = await given();
    const account = await givenPerson(t.env, await givenOrganization(t.env), {
      email: "noor@x.example",
    });
    await givenPerson(t.env, organization, { email: "noor@x.example", roles: [COORDINATOR] });
    await t.env.db.batch([
      t.env.db.orm
        .update(identities)
        .set({ verified_at: null })
        .where(eq(identities.id, account.identity.id)),
    ]);
    const send = await asPerson(t, account.user.id, organization.id);
    expect(codes([await send("GET", "/users")])).toEqual([[404, "not-found"]]);
  });

  it("what another organization writes into a shared record makes nobody an administrator here", async () => {
    const { t, organization } = await given();
    const attacker = await givenOrganization(t.env);
    const admin = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    await member(t, attacker, admin.user.id, ["member"]);
    // The other organization adds its own address to the record both share, and proves it.
    await t.env.db.batch([
      t.env.db.orm.insert(identities).values({
        id: newId(t.env),
        user_id: admin.user.id,
        type: "email",
        identity: "evil@attacker.example",
        normalised: "evil@attacker.example",
        verified_at: null,
      }),
    ]);
    const evil = await givenPerson(t.env, attacker, { email: "evil@attacker.example" });
    const send = await asPerson(t, evil.user.id, organization.id);
    expect(codes([await send("GET", "/badges")])).toEqual([[404, "not-found"]]);
  });
});

describe("who is suspended has nothing", () => {
  it.each<[string, UserStatus]>([
    ["a suspended membership", "suspended"],
    ["a deactivated membership", "deactivated"],
  ])("%s: 404, as if the organization did not know them", async (_name, status) => {
    const { t, organization } = await given();
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    const send = await asPerson(t, user.id, organization.id);
    expect((await send("GET", "/badges")).status).toBe(200);
    await t.env.db.batch([
      t.env.db.orm
        .update(memberships)
        .set({ status })
        .where(
          and(eq(memberships.user_id, user.id), eq(memberships.organization_id, organization.id)),
        ),
    ]);
    expect(codes([await send("GET", "/badges")])).toEqual([[404, "not-found"]]);
  });

  it("one suspended record outweighs an active one; a deactivated one only counts for nothing", async () => {
    const { t, organization } = await given();
    const account = await givenPerson(t.env, organization, {
      email: "noor@x.example",
      roles: [COORDINATOR],
    });
    const old = await givenPerson(t.env, organization, {
      email: "noor@x.example",
      roles: [ADMINISTRATOR],
    });
    const send = await asPerson(t, account.user.id, organization.id);
    const set = (status: UserStatus) =>
      t.env.db.batch([
        t.env.db.orm
          .update(memberships)
          .set({ status })
          .where(eq(memberships.user_id, old.user.id)),
      ]);
    await set("deactivated");
    expect((await send("GET", "/users")).status).toBe(200);
    expect((await send("GET", "/api-keys")).status).toBe(403);
    await set("suspended");
    expect((await send("GET", "/users")).status).toBe(404);
  });

  it("a person who is suspended altogether, and a session that ended, is nobody: 401", async () => {
    const { t, organization } = await given();
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    const send = await asPerson(t, user.id, organization.id);
    await t.env.db.batch([
      t.env.db.orm.update(users).set({ status: "suspended" }).where(eq(users.id, user.id)),
    ]);
    expect(codes([await send("GET", "/badges")])).toEqual([[401, "missing-credentials"]]);
  });
});

describe("cross-site request forgery", () => {
  const FORGED: [string, Record<string, string>][] = [
    ["neither header", { origin: "" }],
    ["another site's Origin", { origin: "https://evil.example" }],
    ["Origin: null", { origin: "null" }],
    ["another port of the same host", { origin: "https://badges.example.org:8443" }],
    ["plain http of the same host", { origin: "http://badges.example.org" }],
    ["Sec-Fetch-Site: cross-site", { origin: "", "sec-fetch-site": "cross-site" }],
    ["Sec-Fetch-Site: same-site", { origin: "", "sec-fetch-site": "same-site" }],
    ["Sec-Fetch-Site: none", { origin: "", "sec-fetch-site": "none" }],
    ["Sec-Fetch-Site: cross-site, with our Origin", { "sec-fetch-site": "cross-site" }],
  ];
  it.each(FORGED)("%s: 403, and nothing is written", async (_name, headers) => {
    const { t, as } = await given();
    const admin = await as(ADMINISTRATOR);
    const before = await rowCounts(t);
    const refused = await admin("POST", "/badges", BADGE, headers);
    expect([refused.status, refused.body.code]).toEqual([403, "cross-site-request"]);
    expect(await rowCounts(t)).toEqual(before);
  });

  it.each<[string, Record<string, string>]>([
    ["our Origin", {}],
    ["Sec-Fetch-Site: same-origin alone", { origin: "", "sec-fetch-site": "same-origin" }],
    ["both", { "sec-fetch-site": "same-origin" }],
  ])("%s: done", async (_name, headers) => {
    const { as } = await given();
    const admin = await as(ADMINISTRATOR);
    expect((await admin("POST", "/badges", BADGE, headers)).status).toBe(201);
  });

  it("reading needs no Origin; PUT, PATCH and DELETE do", async () => {
    const { t, organization, as } = await given();
    const badge = await givenBadge(t.env, organization, { status: "inactive" });
    const admin = await as(ADMINISTRATOR);
    const path = `/badges/${badge.id}`;
    expect((await admin("GET", path)).status).toBe(200);
    const bare = { origin: "" };
    for (const [method, body] of [
      ["PATCH", { sort_order: 2 }],
      ["DELETE", undefined],
    ] as const) {
      const refused = await admin(method, path, body, bare);
      expect([method, refused.body.code]).toEqual([method, "cross-site-request"]);
      expect((await admin(method, path, body)).status).toBe(200);
    }
  });

  it("a key needs no Origin, and counts before the session beside it", async () => {
    const { t, organization, as } = await given();
    const admin = await as(ADMINISTRATOR);
    const reading = await givenApiKey(t.env, organization, ["badges:read"]);
    const bearer = (key: string) => ({ authorization: `Bearer ${key}`, origin: "" });
    expect((await admin("GET", "/badges", undefined, bearer(reading))).status).toBe(200);
    const refused = await admin("POST", "/badges", BADGE, bearer(reading));
    expect([refused.status, refused.body.code]).toEqual([403, "insufficient-scope"]);
    const wrong = await admin("GET", "/badges", undefined, bearer("ros_wrong"));
    expect([wrong.status, wrong.body.code]).toEqual([401, "invalid-credentials"]);
  });
});

describe("Idempotency-Key", () => {
  it("is a person's own, in the organization they named", async () => {
    const { t, organization } = await given();
    const elsewhere = await givenOrganization(t.env);
    const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    await member(t, elsewhere, user.id, [ADMINISTRATOR]);
    const send = await asPerson(t, user.id, organization.id);
    const key = { "idempotency-key": "one" };
    const first = await send("POST", "/badges", BADGE, key);
    const again = await send("POST", "/badges", BADGE, key);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const there = await (await asPerson(t, user.id, elsewhere.id))("POST", "/badges", BADGE, key);
    expect([there.status, there.body.code]).toEqual([422, "idempotency-key-reused"]);
    const { user: other } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
    const theirs = await asPerson(t, other.id, organization.id);
    const separate = await theirs("POST", "/badges", { ...BADGE, name: "Another" }, key);
    expect(separate.status).toBe(201);
  });
});

describe("visibility_toggle_restricted_to_owner, through the API", () => {
  it("owner and administrator 200; coordinator 403 on write and 200 on read; others 403", async () => {
    const { t, organization, as } = await given();
    const badge = await givenBadge(t.env, organization);
    const owner = await givenPerson(t.env, organization);
    const award = await givenAward(t.env, badge, owner);
    const owners = await asPerson(t, owner.user.id, organization.id);
    const [admin, coordinator, member] = [
      await as(ADMINISTRATOR),
      await as(COORDINATOR),
      await as("member"),
    ];
    const path = `/awards/${award.id}`;
    const toggles = async (send: SendAs, visible: boolean) =>
      (await send("PUT", `${path}/visibility`, { visible })).status;
    expect(await toggles(owners, false)).toBe(200);
    expect(await toggles(admin, true)).toBe(200);
    for (const send of [coordinator, member]) {
      const refused = await send("PUT", `${path}/visibility`, { visible: false });
      expect([refused.status, refused.body.code]).toEqual([403, "visibility-restricted"]);
    }
    const reads = async (send: SendAs) => (await send("GET", path)).status;
    expect([await reads(owners), await reads(admin), await reads(coordinator)]).toEqual([
      200, 200, 200,
    ]);
    expect(await reads(member)).toBe(403);
    expect((await owners("GET", path)).body.is_visible).toBe(true);
    const { rows } = await t.env.db.read({
      sql: "select actor_kind, actor_id = ? from audit_log where action = 'award.hidden'",
      params: [owner.user.id],
    });
    expect(rows).toEqual([["user", 1]]);
  });
});
