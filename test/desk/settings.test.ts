// The settings of an organization: changed through the API, with its picture; and the choice of organization.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { findOrganization, memberships } from "../../src/db/organizations.ts";
import { landing } from "../../src/desk/organization/landing.ts";
import { ORGANIZATION_COOKIE } from "../../src/signin/session.ts";
import { TEST_ORIGIN } from "../app.ts";
import { PLAIN_SVG } from "../given.ts";
import { fieldOf } from "./administrating.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

const PATH = "/admin/settings";
const text = async (response: Response | Promise<Response>) => (await response).text();

async function settingsForm(world: DeskWorld): Promise<Record<string, string>> {
  const page = await text(world.as.ada.get(PATH));
  const etag = /name="etag" value="([^"]+)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "";
  const { id: organization, name, slug, url, email, language } = world.organization;
  return { organization, etag, name, slug, url, email, language };
}

/** A form with a file in it, as a browser sends it. */
function upload(world: DeskWorld, who: "ada" | "cora", file: File | null): Promise<Response> {
  const { cookie, formToken } = world.as[who];
  const body = new FormData();
  body.set("form_token", formToken);
  body.set("organization", world.organization.id);
  if (file !== null) body.set("file", file);
  const headers = { accept: "text/html", cookie, origin: TEST_ORIGIN };
  return world.request(`${PATH}/picture`, { method: "POST", headers, body });
}

describe("the issuer profile", () => {
  it("is for administrators", async () => {
    const world = await deskWorld();
    for (const who of ["cora", "noor"] as const) {
      expect((await world.as[who].get(PATH)).status).toBe(403);
      for (const path of [PATH, `${PATH}/picture`, `${PATH}/picture/remove`]) {
        expect([path, (await world.as[who].post(path)).status]).toEqual([path, 403]);
      }
    }
    const forged = await world.as.ada.post(PATH, { form_token: "forged" });
    expect(forged.status).toBe(403);
    expect((await world.as.ada.get(`${PATH}/picture`)).status).toBe(405);
    const foreign = { ...(await settingsForm(world)), name: "Taken over" };
    expect((await world.as.fritz.post(PATH, foreign)).status).toBe(404);
    expect((await findOrganization(world.env.db, world.organization.id))?.name).not.toBe(
      "Taken over",
    );
  });

  it("is kept as it was typed", async () => {
    const world = await deskWorld();
    const sent = await world.as.ada.post(PATH, {
      ...(await settingsForm(world)),
      name: "Northside Mentors",
      description: "Students\r\nwho help students.",
      telephone: "+16175551212",
      language: "de",
      slug: "northside",
      is_listed: "1",
      origins: "badges.example.net, Cards.example.net",
    });
    expect([sent.status, sent.headers.get("location")]).toEqual([303, `${PATH}?done=saved`]);
    expect(await findOrganization(world.env.db, world.organization.id)).toMatchObject({
      name: "Northside Mentors",
      description: "Students\nwho help students.",
      telephone: "+16175551212",
      language: "de",
      slug: "northside",
      is_listed: true,
      verification_starts_with: null,
      verification_allowed_origins: ["badges.example.net", "cards.example.net"],
    });
    const cleared = await world.as.ada.post(PATH, { ...(await settingsForm(world)), slug: "n" });
    expect(cleared.status).toBe(303);
    expect(await findOrganization(world.env.db, world.organization.id)).toMatchObject({
      description: null,
      telephone: null,
      is_listed: false,
      verification_allowed_origins: null,
    });
  });

  it.each([
    ["name", "", "name"],
    ["url", "northside", "url"],
    ["email", "northside", "email"],
    ["telephone", "0171", "telephone"],
    ["language", "Deutsch!", "language"],
    ["slug", "North Side", "slug"],
    ["starts_with", "https://elsewhere.example/", "starts_with"],
    ["origins", "https://a.example", "origins"],
  ])("says at its field what is wrong: %s = %s", async (name, value, field) => {
    const world = await deskWorld();
    const form = { ...(await settingsForm(world)), [name]: value, description: "Kept as typed." };
    const sent = await world.as.ada.post(PATH, form);
    expect(sent.status).toBe(422);
    const page = await sent.text();
    expect(page).toContain(`id="${field}-fault"`);
    expect(page).toContain("Kept as typed.");
  });

  it("takes no slug that another organization has", async () => {
    const world = await deskWorld();
    const form = { ...(await settingsForm(world)), slug: world.foreign.slug };
    const sent = await world.as.ada.post(PATH, form);
    expect(sent.status).toBe(409);
    expect(await sent.text()).toContain('id="slug-fault"');
  });

  it("does not write over what somebody else has changed meanwhile", async () => {
    const world = await deskWorld();
    const form = await settingsForm(world);
    world.clock.advance(1_000);
    expect((await world.as.ada.post(PATH, { ...form, name: "One" })).status).toBe(303);
    const late = await world.as.ada.post(PATH, { ...form, name: "Other" });
    expect(late.status).toBe(412);
    expect(await late.text()).toContain('value="One"');
  });
});

describe("the picture", () => {
  it("is uploaded, shown and removed", async () => {
    const world = await deskWorld();
    const file = new File([PLAIN_SVG], "logo.svg", { type: "image/svg+xml" });
    const sent = await upload(world, "ada", file);
    expect(sent.headers.get("location")).toBe(`${PATH}?done=picture`);
    const page = await text(world.as.ada.get(`${PATH}?done=picture`));
    expect(page).toContain("The picture is shown from now on.");
    expect(page).toMatch(/<img class="logo" src="\/images\/[0-9a-f]{64}\.svg"/);
    const removed = await world.as.ada.post(`${PATH}/picture/remove`);
    expect(removed.headers.get("location")).toBe(`${PATH}?done=removed`);
    expect((await findOrganization(world.env.db, world.organization.id))?.image_id).toBeNull();
  });

  it("is removed by a page that somebody went back to, also when it has removed one before", async () => {
    const world = await deskWorld();
    const once = fieldOf(await text(world.as.ada.get(PATH)), "once");
    expect(once).not.toBe("");
    const imageNow = async () =>
      (await findOrganization(world.env.db, world.organization.id))?.image_id;
    for (let time = 0; time < 2; time++) {
      await upload(world, "ada", new File([PLAIN_SVG], "logo.svg", { type: "image/svg+xml" }));
      expect(await imageNow()).not.toBeNull();
      const removed = await world.as.ada.post(`${PATH}/picture/remove`, { once });
      expect(removed.headers.get("location")).toBe(`${PATH}?done=removed`);
      expect(await imageNow()).toBeNull();
    }
  });

  it.each([
    ["none", null, 422],
    ["an empty file", new File([], "logo.png", { type: "image/png" }), 422],
    ["no picture", new File(["GIF89a"], "logo.gif", { type: "image/gif" }), 415],
    [
      "an SVG with a script",
      new File(['<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'], "a.svg", {
        type: "image/svg+xml",
      }),
      422,
    ],
  ])("says what is wrong with %s", async (_name, file, status) => {
    const world = await deskWorld();
    const sent = await upload(world, "ada", file);
    expect(sent.status).toBe(status);
    const page = await sent.text();
    expect(page).toContain('role="alert"');
    expect((await findOrganization(world.env.db, world.organization.id))?.image_id).toBeNull();
  });

  it("is no coordinator's to choose", async () => {
    const world = await deskWorld();
    expect((await upload(world, "cora", null)).status).toBe(403);
  });
});

describe("the choice of organization", () => {
  async function inBoth(roles: string[]): Promise<DeskWorld> {
    const world = await deskWorld();
    const { env, foreign, ada } = world;
    const membership = env.db.orm.insert(memberships).values({
      id: "0193c0de-0000-7000-8000-00000000000a",
      organization_id: foreign.id,
      user_id: ada.user.id,
      name: "Ada",
      roles,
      updated_at: env.now(),
    });
    await env.db.batch([membership]);
    return world;
  }

  it("is kept in a cookie, and pages are about it from then on", async () => {
    const world = await inBoth(["organization_administrator"]);
    const { cookie } = world.as.ada;
    const sent = await world.as.ada.post("/me/organization", { organization: world.foreign.id });
    expect(sent.status).toBe(303);
    const set = sent.headers.get("set-cookie") ?? "";
    expect(set).toContain(`__Host-${ORGANIZATION_COOKIE}=${world.foreign.id};`);
    expect(set).toContain("HttpOnly; SameSite=Lax; Secure");
    const chosen = { cookie: `${cookie}; ${set.split(";")[0]}`, accept: "text/html" };
    const page = await text(world.request("/admin", { headers: chosen }));
    expect(page).toContain("<bdi>Southside</bdi>");
  });

  it("is among those that know the person", async () => {
    const world = await inBoth(["member"]);
    for (const organization of [world.foreign.id, "unknown", ""]) {
      const sent = await world.as.noor.post("/me/organization", { organization });
      expect([sent.status, sent.headers.get("set-cookie")]).toEqual([404, null]);
    }
    const suspended = world.env.db.orm
      .update(memberships)
      .set({ status: "suspended" })
      .where(eq(memberships.name, "Ada"));
    await world.env.db.batch([suspended]);
    const sent = await world.as.ada.post("/me/organization", { organization: world.foreign.id });
    expect(sent.status).toBe(404);
  });

  it("is made by our own pages only", async () => {
    const world = await inBoth(["member"]);
    const organization = world.foreign.id;
    const forged = await world.as.ada.post("/me/organization", { organization, form_token: "no" });
    expect(forged.status).toBe(403);
    expect((await world.as.ada.get("/me/organization")).status).toBe(405);
  });
});

describe("where somebody lands who has switched", () => {
  const ALL = { award: true, administer: true, site: true };
  const MEMBER = { award: false, administer: false, site: false };
  const ID = "0193c0de-0000-7000-8000-000000000000";

  it.each([
    ["/admin/people?q=Kim", ALL, "/admin/people"],
    [`/admin/people/${ID}/progress`, ALL, "/admin/people"],
    [`/award/import/${ID}`, ALL, "/award/import"],
    ["/me/identities", MEMBER, "/me/identities"],
    ["/admin/people", { ...MEMBER, award: true }, "/award"],
    ["/admin", MEMBER, "/me"],
    ["/award/nominations", MEMBER, "/me"],
    ["/admin/backpacks", { ...MEMBER, site: true }, "/admin/backpacks"],
    ["/admin/health", ALL, "/admin/health"],
    ["/admin/health", { ...ALL, site: false }, "/me"],
    ["/login?next=/admin", ALL, "/admin"],
  ])("from %s", (path, rights, expected) => {
    const headers = { referer: `${TEST_ORIGIN}${path}` };
    const request = new Request(`${TEST_ORIGIN}/me/organization`, { headers });
    expect(landing(TEST_ORIGIN, request, rights)).toBe(expected);
  });

  it.each([
    "https://elsewhere.example/admin/people",
    "https://badges.example.org.elsewhere.example/admin",
    "https://badges.example.org//elsewhere.example",
    "javascript:alert(1)",
    "not an address",
    "",
  ])("goes nowhere else: %s", (referer) => {
    const request = new Request(`${TEST_ORIGIN}/me/organization`, { headers: { referer } });
    expect(landing(TEST_ORIGIN, request, ALL)).toBe("/admin");
    expect(landing(TEST_ORIGIN, request, MEMBER)).toBe("/me");
  });
});
