// The people of an organization: found, added, changed, suspended; and what is another organization's.
import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import { identities, memberships } from "../../src/db/organizations.ts";
import { givenAward, givenBadge, givenPerson, type Person } from "../given.ts";
import { countedQuietly, counts, givenRuled } from "../issuer/evaluation-world.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

const text = async (response: Response | Promise<Response>) => (await response).text();

async function membershipOf({ env }: DeskWorld, organizationId: string, { user }: Person) {
  const rows = await env.db.orm
    .select()
    .from(memberships)
    .where(and(eq(memberships.organization_id, organizationId), eq(memberships.user_id, user.id)));
  return rows[0];
}

/** The hidden fields and values of the form about a person, as a browser would send them. */
async function personForm(world: DeskWorld, id: string): Promise<Record<string, string>> {
  const page = await text(world.as.ada.get(`/admin/people/${id}`));
  const etag = /name="etag" value="([^"]+)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "";
  return { etag, organization: world.organization.id, name: "Noor Haddad" };
}

describe("who may", () => {
  const reads = (id: string) => [
    "/admin/people",
    "/admin/people/new",
    `/admin/people/${id}`,
    `/admin/people/${id}/awards`,
    `/admin/people/${id}/progress`,
  ];
  const writes = (id: string) => [
    "/admin/people",
    `/admin/people/${id}`,
    `/admin/people/${id}/suspend`,
    `/admin/people/${id}/restore`,
    `/admin/people/${id}/identities`,
    `/admin/people/${id}/identities/some/remove`,
  ];

  it("read: administrators of the organization, nobody else", async () => {
    const world = await deskWorld();
    for (const path of reads(world.noor.user.id)) {
      expect([path, (await world.as.ada.get(path)).status]).toEqual([path, 200]);
      expect([path, (await world.as.cora.get(path)).status]).toEqual([path, 403]);
      expect([path, (await world.as.noor.get(path)).status]).toEqual([path, 403]);
      const stranger = await world.request(path, { headers: { accept: "text/html" } });
      expect(stranger.status).toBe(303);
    }
    for (const path of reads(world.noor.user.id).slice(2)) {
      expect([path, (await world.as.fritz.get(path)).status]).toEqual([path, 404]);
    }
  });

  it("write: administrators of the organization, nobody else", async () => {
    const world = await deskWorld();
    for (const path of writes(world.noor.user.id)) {
      expect([path, (await world.as.cora.post(path)).status]).toEqual([path, 403]);
      expect([path, (await world.as.noor.post(path)).status]).toEqual([path, 403]);
      const forged = await world.as.ada.post(path, { form_token: "forged" });
      expect([path, forged.status]).toEqual([path, 403]);
    }
    for (const path of writes(world.noor.user.id).slice(1)) {
      const foreign = await world.as.fritz.post(path, { identity: "x@example.org" });
      expect([path, foreign.status]).toEqual([path, 404]);
    }
    const named = { organization: world.organization.id };
    const path = `/admin/people/${world.noor.user.id}/suspend`;
    expect((await world.as.fritz.post(path, named)).status).toBe(404);
    const noor = await membershipOf(world, world.organization.id, world.noor);
    expect(noor).toMatchObject({ status: "active", roles: ["member"] });
  });

  it("other methods are answered 405", async () => {
    const world = await deskWorld();
    const id = world.noor.user.id;
    expect((await world.as.ada.get(`/admin/people/${id}/suspend`)).status).toBe(405);
    expect((await world.as.ada.post(`/admin/people/${id}/awards`)).status).toBe(405);
    expect((await world.as.ada.post("/admin/people/new")).status).toBe(405);
  });
});

describe("finding somebody", () => {
  it.each([
    ["part of a name", "q=haddad", ["Noor Haddad"]],
    ["a whole address", "q=somebody%40example.org", ["Some Body"]],
    ["how an address begins", "q=Somebody%40ex", ["Some Body"]],
    ["a telephone number nobody has", "q=%2B16175551212", []],
    ["a role", "role=coordinator", ["Cora Lind"]],
    ["everybody's role", "role=member&q=Lind", ["Cora Lind"]],
    ["a role of their own", "role=tutor", ["Some Body"]],
    ["a status", "status=suspended", ["Some Body"]],
    ["two at once", "q=Body&status=active", []],
    ["what nobody is", "q=nobody-is-called-so", []],
  ])("by %s", async (_name, query, names) => {
    const world = await deskWorld();
    const { env, organization } = world;
    const some = await givenPerson(env, organization, {
      name: "Some Body",
      email: "somebody@example.org",
      roles: ["member", "tutor"],
    });
    const suspended = env.db.orm
      .update(memberships)
      .set({ status: "suspended" })
      .where(eq(memberships.user_id, some.user.id));
    await env.db.batch([suspended]);
    const page = await text(world.as.ada.get(`/admin/people?${query}`));
    const found = [...page.matchAll(/class="person-link"[^>]*><bdi>([^<]+)</g)].map(
      ([, name]) => name,
    );
    expect(found).toEqual(names);
    expect(page.includes("Nobody matches")).toBe(names.length === 0);
  });

  it("a page at a time, the search kept", async () => {
    const world = await deskWorld();
    for (let i = 0; i < 26; i++) {
      await givenPerson(world.env, world.organization, { name: `Kim ${i}` });
    }
    const first = await text(world.as.ada.get("/admin/people?q=Kim&role=&status="));
    const next = /rel="next"[^>]*|href="([^"]+)" rel="next"/
      .exec(first)?.[1]
      ?.replaceAll("&amp;", "&");
    expect(next).toContain("q=Kim");
    const second = await text(world.as.ada.get(next ?? ""));
    expect(`${first}${second}`.match(/class="person-link"/g)).toHaveLength(26);
    expect(second).toContain("First page");
  });

  it("what the API refuses is said at the field", async () => {
    const { as } = await deskWorld();
    const response = await as.ada.get(`/admin/people?q=${"x".repeat(101)}`);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('href="#q"');
  });
});

describe("adding somebody", () => {
  it("by name, address and roles", async () => {
    const world = await deskWorld();
    const sent = await world.as.ada.post("/admin/people", {
      name: "Kim Berg",
      email: " Kim@Example.org ",
      roles: "coordinator",
      other_roles: "tutor, , tutor",
    });
    expect(sent.status).toBe(303);
    const page = await text(world.as.ada.get(sent.headers.get("location") ?? ""));
    expect(page).toContain("The person is added.");
    expect(page).toContain("Kim@Example.org");
    const [kim] = await world.env.db.orm
      .select()
      .from(memberships)
      .where(eq(memberships.name, "Kim Berg"));
    expect(kim).toMatchObject({
      organization_id: world.organization.id,
      roles: ["member", "coordinator", "tutor"],
      status: "active",
    });
  });

  it("an address that somebody has leads to them", async () => {
    const world = await deskWorld();
    await givenPerson(world.env, world.organization, { email: "taken@example.org" });
    const sent = await world.as.ada.post("/admin/people", { email: "taken@example.org" });
    expect(sent.status).toBe(409);
    expect(await sent.text()).toMatch(/href="\/admin\/people\/[0-9a-f-]{36}">See who it is/);
  });

  it("what cannot be kept is said at its field, with what was typed", async () => {
    const { as } = await deskWorld();
    const sent = await as.ada.post("/admin/people", {
      name: "Kim",
      email: "kim",
      other_roles: "x".repeat(61),
    });
    expect(sent.status).toBe(422);
    const page = await sent.text();
    expect(page).toContain('id="email-fault"');
    expect(page).toContain('id="other_roles-fault"');
    expect(page).toContain('value="Kim"');
  });
});

describe("changing somebody", () => {
  it("keeps name, roles, language and time zone, and writes down who did it", async () => {
    const world = await deskWorld();
    const { id } = world.noor.user;
    const sent = await world.as.ada.post(`/admin/people/${id}`, {
      ...(await personForm(world, id)),
      name: "Noor H.",
      roles: "organization_administrator",
      other_roles: "tutor",
      language: "de",
      time_zone: "Europe/Berlin",
    });
    expect([sent.status, sent.headers.get("location")]).toEqual([
      303,
      `/admin/people/${id}?done=saved`,
    ]);
    expect(await membershipOf(world, world.organization.id, world.noor)).toMatchObject({
      name: "Noor H.",
      roles: ["member", "organization_administrator", "tutor"],
    });
    const [entry] = await world.env.db.orm
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, "user.changed"));
    expect(entry).toMatchObject({ actor_kind: "user", actor_id: world.ada.user.id, object_id: id });
    expect(await text(world.as.ada.get(`/admin/people/${id}`))).toContain('value="Europe/Berlin"');
  });

  it("does not write over what somebody else has changed meanwhile", async () => {
    const world = await deskWorld();
    const { id } = world.noor.user;
    const form = await personForm(world, id);
    world.clock.advance(1_000);
    expect((await world.as.ada.post(`/admin/people/${id}`, { ...form, name: "One" })).status).toBe(
      303,
    );
    const late = await world.as.ada.post(`/admin/people/${id}`, { ...form, name: "Other" });
    expect(late.status).toBe(412);
    expect(await late.text()).toContain("Somebody else has changed this person meanwhile.");
    expect((await membershipOf(world, world.organization.id, world.noor))?.name).toBe("One");
  });

  it("takes no administrator's role from themselves", async () => {
    const world = await deskWorld();
    const { id } = world.ada.user;
    const form = await personForm(world, id);
    const sent = await world.as.ada.post(`/admin/people/${id}`, { ...form, name: "Ada" });
    expect(sent.status).toBe(422);
    expect(await sent.text()).toContain("cannot take the role of administrator from yourself");
    expect((await membershipOf(world, world.organization.id, world.ada))?.roles).toContain(
      "organization_administrator",
    );
  });

  it("says what is wrong with a time zone, at the field", async () => {
    const world = await deskWorld();
    const { id } = world.noor.user;
    const form = { ...(await personForm(world, id)), time_zone: "Berlin" };
    const sent = await world.as.ada.post(`/admin/people/${id}`, form);
    expect(sent.status).toBe(422);
    expect(await sent.text()).toContain('id="time_zone-fault"');
  });
});

describe("suspending and restoring", () => {
  it("changes what the person may do at once", async () => {
    const world = await deskWorld();
    const path = `/admin/people/${world.cora.user.id}`;
    expect((await world.as.cora.get("/me/sessions")).status).toBe(200);
    const done = await world.as.ada.post(`${path}/suspend`);
    expect(done.headers.get("location")).toBe(`${path}?done=suspended`);
    const page = await text(world.as.ada.get(path));
    expect(page).toContain("Restore this person");
    const cora = await membershipOf(world, world.organization.id, world.cora);
    expect(cora?.status).toBe("suspended");
    await world.as.ada.post(`${path}/restore`);
    expect((await membershipOf(world, world.organization.id, world.cora))?.status).toBe("active");
  });

  it("is nobody's to do to themselves", async () => {
    const world = await deskWorld();
    const path = `/admin/people/${world.ada.user.id}`;
    expect((await world.as.ada.post(`${path}/suspend`)).status).toBe(422);
    expect((await membershipOf(world, world.organization.id, world.ada))?.status).toBe("active");
    expect(await text(world.as.ada.get(path))).toContain("You cannot suspend yourself.");
  });
});

describe("addresses", () => {
  it("are added, and removed while nothing needs them", async () => {
    const world = await deskWorld();
    const { id } = world.noor.user;
    const path = `/admin/people/${id}`;
    const fields = { type: "email", identity: "second@example.org" };
    const sent = await world.as.ada.post(`${path}/identities`, fields);
    expect(sent.headers.get("location")).toBe(`${path}?done=identity`);
    const [second] = await world.env.db.orm
      .select()
      .from(identities)
      .where(eq(identities.normalised, "second@example.org"));
    const remove = `${path}/identities/${second?.id}/remove`;
    expect(await text(world.as.ada.get(path))).toContain(`action="${remove}"`);
    expect((await world.as.ada.post(remove)).headers.get("location")).toBe(`${path}?done=removed`);
    expect(await text(world.as.ada.get(path))).not.toContain("second@example.org");
  });

  it("that the person has proven stay", async () => {
    const world = await deskWorld();
    const { user, identity } = world.noor;
    const path = `/admin/people/${user.id}`;
    const sent = await world.as.ada.post(`${path}/identities/${identity.id}/remove`);
    expect(sent.status).toBe(409);
    expect(await sent.text()).toContain("This address stays.");
  });

  it.each([
    ["email", "no-address", 422],
    ["telephone", "0123", 422],
    ["did", "did:web:example.org:kim", 303],
    ["nothing", "x", 422],
  ])("of the kind %s: %s is answered %s", async (type, identity, status) => {
    const world = await deskWorld();
    const path = `/admin/people/${world.noor.user.id}/identities`;
    expect((await world.as.ada.post(path, { type, identity })).status).toBe(status);
  });

  it("that somebody else here has are said to be taken", async () => {
    const world = await deskWorld();
    const { identity } = world.cora.identity;
    const path = `/admin/people/${world.noor.user.id}/identities`;
    const sent = await world.as.ada.post(path, { type: "email", identity });
    expect(sent.status).toBe(409);
    expect(await sent.text()).toContain('id="identity-fault"');
  });
});

describe("what they hold and how far they are", () => {
  it("lists awards with how they stand", async () => {
    const world = await deskWorld();
    const { env, organization, noor, foreign } = world;
    const badge = await givenBadge(env, organization, { name: "Twelve Weeks" });
    await givenAward(env, badge, noor, { date_expire: env.now() - 1 });
    await givenAward(env, await givenBadge(env, foreign, { name: "Elsewhere" }), noor);
    const page = await text(world.as.ada.get(`/admin/people/${noor.user.id}/awards`));
    expect(page).toContain("Twelve Weeks");
    expect(page).toContain("Expired");
    expect(page).not.toContain("Elsewhere");
  });

  it("says of every badge why it is not awarded yet", async () => {
    const world = await deskWorld();
    const { env, organization, noor } = world;
    await givenRuled(env, organization, {
      rules: [counts(100)],
      over: { name: "Hundred Hours", eligibility_roles: ["tutor"] },
    });
    await countedQuietly(env, organization, noor.user.id, 47);
    const page = await text(world.as.ada.get(`/admin/people/${noor.user.id}/progress`));
    expect(page).toContain("Hundred Hours");
    expect(page).toContain("47 of 100");
    expect(page).toContain("The person has none of the roles that the badge is for.");
    expect(page).toContain("What it asks for is not met yet.");
    const german = await text(world.as.ada.get(`/admin/people/${noor.user.id}/progress?lang=de`));
    expect(german).toContain("Aktivitäten: mindestens 100");
  });
});
