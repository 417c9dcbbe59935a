// Setting an installation up: by one link, once, all of it or nothing; and what every other link says.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog } from "../../src/db/audit.ts";
import { badges } from "../../src/db/badges.ts";
import { memberships, organizations, users } from "../../src/db/organizations.ts";
import { insertIdentity, insertUser, newUser } from "../../src/db/people.ts";
import { setupLinks } from "../../src/db/setup-links.ts";
import { addressFault } from "../../src/desk/setup/address.ts";
import { finishSetup } from "../../src/desk/setup/finish.ts";
import { newSetupLink, SETUP_LINK_MS } from "../../src/desk/setup/link.ts";
import type { Env, Mail } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import type { Problem } from "../../src/problem.ts";
import { provenIdentity } from "../../src/signin/person.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { beforeEachStep } from "../interleaved.ts";

const FILLED = {
  organization: "Northside Peer Mentors",
  url: "https://northside.example/",
  name: "Ada Quist",
  email: "Ada@Northside.example",
  contact: "",
  address: "https://badges.example.org",
  badge_name: "First Session",
  badge_description: "Led a first mentoring session.",
  badge_criteria: "Lead one session.",
};

interface Stage extends TestApp {
  /** Path of the link. */
  readonly path: string;
  post(fields: Readonly<Record<string, string>>, path?: string): Promise<Response>;
}

async function stage(options: TestOptions = {}): Promise<Stage> {
  const app = await testApp(options);
  const url = await newSetupLink(app.env, { alone: true });
  const path = new URL(url ?? "").pathname;
  return { ...app, path, post: (fields, to = path) => sent(app, to, fields) };
}

/** As a browser does that has opened the page before. */
async function sent(
  { env, request }: TestApp,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const shown = await request(path, { headers: { accept: "text/html" } });
  const cookie = (shown.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const token = /name="form_token" value="([^"]+)"/.exec(await shown.text())?.[1] ?? "";
  return request(path, {
    method: "POST",
    headers: { accept: "text/html", cookie, origin: env.config.publicUrl },
    body: new URLSearchParams({ form_token: token, ...fields }),
  });
}

const headingOf = async (response: Response) =>
  /<h1[^>]*>([^<]+)<\/h1>/.exec(await response.text())?.[1];

async function countOf({ env }: Pick<TestApp, "env">, table: string): Promise<number> {
  const { rows } = await env.db.read({ sql: `SELECT count(*) FROM ${table}`, params: [] });
  return Number(rows[0]?.[0]);
}

/** One set-up by the link, in that environment, by whoever has the address. */
async function finish(env: Env, email: string) {
  const [link] = await env.db.orm.select().from(setupLinks);
  if (link === undefined) throw new Error("no link");
  return finishSetup(env, new Request(env.config.publicUrl), link, {
    organization: {
      name: FILLED.organization,
      url: FILLED.url,
      email: FILLED.email,
      language: "en",
    },
    administrator: { name: "Ada", email },
    badge: null,
  });
}

const administratorsOf = ({ db }: Env) =>
  db.orm.select({ id: users.id }).from(users).where(eq(users.is_site_administrator, true));

describe("while it is written", () => {
  it("an address that is proven is its administrator's", async () => {
    await beforeEachStep(async (meanwhile) => {
      const { env } = await stage();
      let holder: string | null = null;
      const there = meanwhile.env(env, async () => {
        const person = newUser(newId(env), env.now());
        const proof = insertIdentity(env.db, provenIdentity(env, person.id, FILLED.email));
        await env.db.batch([insertUser(env.db, person), proof]);
        holder = person.id;
      });
      expect((await finish(there, FILLED.email)).ok).toBe(true);
      const [administrator, ...others] = await administratorsOf(env);
      expect(others).toEqual([]);
      expect(administrator?.id).toBe(holder ?? administrator?.id);
      expect(await countOf({ env }, "users")).toBe(1);
    });
  });

  it("whoever else has the link sets up nothing, or is the one who does", async () => {
    await beforeEachStep(async (meanwhile) => {
      const { env } = await stage();
      const there = meanwhile.env(env, () => finish(env, "other@northside.example"));
      const outcome = await finish(there, FILLED.email).catch((error: Problem) => error.code);
      if (meanwhile.happened()) expect(outcome).not.toMatchObject({ ok: true });
      else expect(outcome).toMatchObject({ ok: true });
      expect(await administratorsOf(env)).toHaveLength(1);
      expect(await countOf({ env }, "organizations")).toBe(1);
    });
  });
});

describe("three steps", () => {
  it("lead on, and back, with what was typed, and store nothing on the way", async () => {
    const world = await stage();
    const first = await world.request(world.path, { headers: { accept: "text/html" } });
    expect([first.status, await headingOf(first)]).toEqual([200, "Step 1 of 3: Organization"]);
    const second = await world.post({ ...FILLED, step: "1" });
    expect(await headingOf(second)).toBe("Step 2 of 3: Public address");
    const third = await world.post({ ...FILLED, step: "2" });
    expect(await headingOf(third)).toBe("Step 3 of 3: First badge");
    const back = await world.post({ ...FILLED, step: "3", back: "1" });
    const text = await back.text();
    expect(text).toContain("Step 2 of 3");
    for (const value of ["Northside Peer Mentors", "Lead one session."]) {
      expect(text).toContain(`value="${value}"`);
    }
    for (const table of ["organizations", "users", "badges", "sessions", "audit_log"]) {
      expect([table, await countOf(world, table)]).toEqual([table, 0]);
    }
  });

  it("make the organization, its administrator, the badge, and sign them in", async () => {
    const world = await stage();
    const done = await world.post({ ...FILLED, step: "3" });
    expect([done.status, done.headers.get("location")]).toEqual([303, "/admin"]);
    const { orm } = world.env.db;
    const [organization] = await orm.select().from(organizations);
    expect(organization).toMatchObject({
      name: "Northside Peer Mentors",
      slug: "northside-peer-mentors",
      url: "https://northside.example/",
      email: "Ada@Northside.example",
      language: "en",
    });
    const [ada] = await orm.select().from(users);
    expect(ada).toMatchObject({ name: "Ada Quist", is_site_administrator: true });
    const [membership] = await orm.select().from(memberships);
    expect(membership).toMatchObject({
      user_id: ada?.id,
      organization_id: organization?.id,
      roles: ["member", "organization_administrator"],
      status: "active",
    });
    const [badge] = await orm.select().from(badges);
    expect(badge).toMatchObject({ name: "First Session", status: "active", user_id: ada?.id });
    const actions = await orm.select({ action: auditLog.action }).from(auditLog);
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["installation.set_up", "organization.created", "badge.created"]),
    );
    const cookie = (done.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const page = await world.request("/admin", { headers: { accept: "text/html", cookie } });
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining("Signed in as <bdi>Ada Quist</bdi>"),
    ]);
  });

  it("are a thing of the past then: every visit is 404", async () => {
    const world = await stage();
    await world.post({ ...FILLED, step: "3" });
    for (const path of [world.path, "/setup", "/setup/unknown"]) {
      const page = await world.request(path, { headers: { accept: "text/html" } });
      expect([path, page.status]).toEqual([path, 404]);
      expect(await page.text()).not.toContain("rosette setup");
      const again = await world.request(path, { method: "POST", body: "step=3" });
      // Whoever sent the last form twice is led to what it made.
      expect([path, again.status]).toEqual([path, path === world.path ? 303 : again.status]);
      if (path !== world.path) expect([404, 405]).toContain(again.status);
    }
    expect(await newSetupLink(world.env, { alone: true })).toBeNull();
    expect(await countOf(world, "organizations")).toBe(1);
  });

  it("can end without a badge", async () => {
    const world = await stage();
    const empty = { badge_name: "", badge_description: "", badge_criteria: "" };
    const done = await world.post({ ...FILLED, ...empty, step: "3", skip: "1" });
    expect(done.status).toBe(303);
    expect([await countOf(world, "organizations"), await countOf(world, "badges")]).toEqual([1, 0]);
  });

  it("say so where no mail can be sent, by which one signs in again", async () => {
    const mail: Mail = { send: async () => ({ ok: true }) };
    for (const [override, isSaid] of [
      [() => ({ mail }), false],
      [() => ({ mail: undefined }), true],
    ] as const) {
      const world = await stage({ override });
      const page = await world.request(world.path, { headers: { accept: "text/html" } });
      expect((await page.text()).includes("set SMTP_URL")).toBe(isSaid);
    }
  });

  it("speak German to who prefers it, and make a German organization then", async () => {
    const world = await stage();
    const page = await world.request(`${world.path}?lang=de`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain("Schritt 1 von\u00a03: Organisation");
    const done = await world.post({ ...FILLED, step: "3" }, `${world.path}?lang=de`);
    expect(done.status).toBe(303);
    const [organization] = await world.env.db.orm.select().from(organizations);
    expect(organization?.language).toBe("de");
  });
});

describe("what cannot be so is said at its field", () => {
  it.each([
    ["1", "organization", "", "organization"],
    ["1", "organization", "!!!", "organization"],
    ["1", "url", "northside", "url"],
    ["1", "email", "ada", "email"],
    ["1", "contact", "nobody", "contact"],
    ["2", "address", "badges", "address"],
    ["3", "badge_name", "", "badge_name"],
    ["3", "badge_description", "", "badge_description"],
    ["3", "badge_criteria", "", "badge_criteria"],
    // What a step before the last has let through is looked at again.
    ["3", "email", "ada", "email"],
    ["3", "address", "https://elsewhere.example", "address"],
  ])("step %s: %s = %j", async (step, name, value, field) => {
    const world = await stage();
    // Of a name without letters no address can be made: that is found at the end.
    const last = value === "!!!" ? "3" : step;
    const answer = await world.post({ ...FILLED, [name]: value, step: last });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(`id="${field}-fault"`);
    expect(await countOf(world, "users")).toBe(0);
  });
});

describe("the public address", () => {
  it.each([
    ["https://badges.example.org", null],
    ["https://badges.example.org/", null],
    ["https://BADGES.example.org", null],
    ["https://other.example.org", "other-address"],
    ["https://badges.example.org:8443", "other-address"],
    ["http://badges.example.org", "needs-https"],
    ["http://localhost:8787", "other-address"],
    ["https://badges.example.org/badges", "origin-only"],
    ["https://badges.example.org?x", "origin-only"],
    ["https://badges.example.org#x", "origin-only"],
    ["https://ada:secret@badges.example.org", "origin-only"],
    ["badges.example.org", "not-an-address"],
    ["ftp://badges.example.org", "not-an-address"],
    ["javascript:alert(1)", "not-an-address"],
    ["", "not-an-address"],
  ])("%j: %j", (typed, fault) => {
    expect(addressFault(typed, "https://badges.example.org")).toBe(fault);
  });

  it.each([
    ["http://localhost:8787", true],
    ["http://192.168.1.20:8787", true],
    ["http://127.0.0.1:8787", true],
    ["https://10.0.0.5", true],
    ["https://badges.example.org", false],
  ])("%s has the red note: %s", async (publicUrl, isLocal) => {
    const world = await stage({ publicUrl });
    const page = await world.post({ ...FILLED, address: publicUrl, step: "1" });
    expect((await page.text()).includes("will not verify elsewhere")).toBe(isLocal);
    const next = await world.post({ ...FILLED, address: publicUrl, step: "2" });
    expect(await headingOf(next)).toBe("Step 3 of 3: First badge");
  });

  it("another one is answered with what to set", async () => {
    const world = await stage({ publicUrl: "http://localhost:8787" });
    const page = await world.post({ ...FILLED, step: "2" });
    expect(page.status).toBe(422);
    expect(await page.text()).toContain("PUBLIC_URL=https://badges.example.org");
  });
});

describe("a link", () => {
  it.each([
    ["none", "/setup", 404],
    ["one that was cut off", "/setup/abc", 404],
    ["an unknown one", `/setup/${"A".repeat(43)}`, 404],
  ])("%s says how to print a new one", async (_name, path, status) => {
    const world = await stage();
    const page = await world.request(path, { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("cache-control")]).toEqual([status, "no-store"]);
    expect(await page.text()).toContain("npx rosette setup");
  });

  it("ends after a day", async () => {
    const world = await stage();
    world.clock.advance(SETUP_LINK_MS - 1);
    expect((await world.request(world.path, { headers: { accept: "text/html" } })).status).toBe(
      200,
    );
    world.clock.advance(1);
    const late = await world.request(world.path, { headers: { accept: "text/html" } });
    expect(late.status).toBe(410);
    expect(await late.text()).toContain("npx rosette setup");
    expect((await world.post({ ...FILLED, step: "3" })).status).toBe(410);
  });

  it("is of no use once another one was printed alone; side by side both are", async () => {
    const world = await stage();
    const beside = new URL((await newSetupLink(world.env, { alone: false })) ?? "").pathname;
    for (const path of [world.path, beside]) expect((await world.request(path)).status).toBe(200);
    await newSetupLink(world.env, { alone: true });
    for (const path of [world.path, beside]) expect((await world.request(path)).status).toBe(404);
  });

  it("that was used stays so when its administrator is one no longer", async () => {
    const world = await stage();
    await world.post({ ...FILLED, step: "3" });
    await world.env.db.batch([
      world.env.db.orm.update(users).set({ is_site_administrator: false }),
      world.env.db.orm.update(memberships).set({ roles: ["member"] }),
    ]);
    const page = await world.request(world.path, { headers: { accept: "text/html" } });
    expect(page.status).toBe(410);
  });

  it("of many at once, one sets up", async () => {
    const world = await stage();
    const all = await Promise.all([1, 2, 3].map(() => world.post({ ...FILLED, step: "3" })));
    expect(all.map(({ status }) => status)).toEqual([303, 303, 303]);
    // The one that did is signed in; the others are led to where they see that it is done.
    expect(all.filter(({ headers }) => headers.has("set-cookie"))).toHaveLength(1);
    expect([await countOf(world, "organizations"), await countOf(world, "users")]).toEqual([1, 1]);
  });

  it("sets nothing up for another site's page", async () => {
    const world = await stage();
    const forged = await world.post({ ...FILLED, step: "3", form_token: "forged" });
    expect(forged.status).toBe(403);
    expect(await countOf(world, "users")).toBe(0);
  });
});

describe("where somebody administers already there is no link", () => {
  it.each([
    ["an organization", false],
    ["the site", true],
  ])("%s", async (_name, isSite) => {
    const app = await testApp();
    const organization = await givenOrganization(app.env);
    const roles = isSite ? ["member"] : ["organization_administrator"];
    const { user } = await givenPerson(app.env, organization, { roles });
    const raised = app.env.db.orm
      .update(users)
      .set({ is_site_administrator: isSite })
      .where(eq(users.id, user.id));
    await app.env.db.batch([raised]);
    expect(await newSetupLink(app.env, { alone: true })).toBeNull();
    expect((await app.request("/setup")).status).toBe(404);
  });

  it("but where there are members only there is, and who is known keeps their account", async () => {
    const app = await testApp();
    const organization = await givenOrganization(app.env, { slug: "other" });
    const known = await givenPerson(app.env, organization, { email: "ada@northside.example" });
    const path = new URL((await newSetupLink(app.env, { alone: true })) ?? "").pathname;
    expect((await sent(app, path, { ...FILLED, step: "3" })).status).toBe(303);
    const [user] = await app.env.db.orm.select().from(users).where(eq(users.id, known.user.id));
    expect(user?.is_site_administrator).toBe(true);
    expect(await countOf(app, "users")).toBe(1);
  });

  it("and who is suspended sets nothing up", async () => {
    const app = await testApp();
    const organization = await givenOrganization(app.env, { slug: "other" });
    const over = { email: "ada@northside.example", status: "suspended" as const };
    await givenPerson(app.env, organization, over);
    const path = new URL((await newSetupLink(app.env, { alone: true })) ?? "").pathname;
    const answer = await sent(app, path, { ...FILLED, step: "3" });
    expect([answer.status, await answer.text()]).toEqual([
      422,
      expect.stringContaining("somebody who is suspended"),
    ]);
  });
});
