// Awarding by hand: who may, what is said before it is done, and that it is done once.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { memberships } from "../../src/db/organizations.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenManualCriterion } from "../given-nominations.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

/** One badge that coordinators give. */
async function awarding(over: Parameters<typeof givenBadge>[2] = {}) {
  const world = await deskWorld();
  const badge = await givenBadge(world.env, world.organization, {
    name: "Night School",
    max_awards_per_user: 1,
    ...over,
  });
  await givenManualCriterion(world.env, badge);
  return { ...world, badge };
}

const text = async (response: Response) =>
  (await response.text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
const onceIn = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";
/** The id of a page. */
const ONCE = "01a2b3c4-0000-7000-8000-000000000001";
const count = async ({ env }: DeskWorld) => (await env.db.orm.select().from(awards)).length;

describe("who opens the pages of a coordinator", () => {
  const PAGES = [
    "/award",
    "/award/people?q=no",
    "/award/nominations",
    "/award/nominations/vouches",
    "/award/import",
    "/award/codes",
  ];

  it.each(PAGES)("%s: coordinators and administrators, and nobody else", async (path) => {
    const { as, request } = await awarding();
    const statuses = await Promise.all(
      [as.cora, as.ada, as.fritz, as.noor].map(async ({ get }) => (await get(path)).status),
    );
    // Whoever administers another organization is at that one's desk.
    expect(statuses).toEqual([200, 200, 200, 403]);
    const { cookie } = as.cora;
    const head = await request(path, { method: "HEAD", headers: { cookie } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const nobody = await request(path, { headers: { accept: "text/html" } });
    expect([nobody.status, nobody.headers.get("location")]).toEqual([
      303,
      `/login?next=${encodeURIComponent(path)}`,
    ]);
  });

  it.each([
    ["/award", "GET, HEAD, POST"],
    ["/award/people", "GET, HEAD"],
    ["/award/done/x", "GET, HEAD"],
    ["/award/nominations", "GET, HEAD"],
    ["/award/nominations/x", "GET, HEAD, POST"],
    ["/award/nominations/vouches", "GET, HEAD, POST"],
    ["/award/nominations/vouches/withdraw", "POST"],
    ["/award/import", "GET, HEAD, POST"],
    ["/award/import/x", "GET, HEAD"],
    ["/award/import/x/result.csv", "GET, HEAD"],
    ["/award/import/x/start", "POST"],
    ["/award/import/x/rows/2", "POST"],
    ["/award/codes", "GET, HEAD, POST"],
    ["/award/codes/x/end", "POST"],
  ])("%s answers %s and no other method", async (path, allow) => {
    const { request } = await awarding();
    const wrong = await request(path, { method: "PUT" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, allow]);
  });

  it.each([
    "/award",
    "/award/nominations/x",
    "/award/nominations/vouches",
    "/award/import",
    "/award/import/x/start",
    "/award/import/x/stop",
    "/award/import/x/rows/2",
    "/award/codes",
    "/award/codes/x/end",
  ])("%s takes a form from no member, and none without its token", async (path) => {
    const { as } = await awarding();
    expect((await as.noor.post(path)).status).toBe(403);
    expect((await as.cora.post(path, { form_token: "wrong" })).status).toBe(403);
  });
});

describe("before it is done", () => {
  it("the mail and the badge's page are shown, and nothing is written", async () => {
    const world = await awarding();
    const { as, badge, noor } = world;
    const shown = await as.cora.post("/award", {
      person: "Noor Haddad",
      badge: badge.id,
      note: "Ran **all** twelve.",
      evidence: "https://e.example/1 The log\nSaw it myself",
      step: "preview",
    });
    expect(shown.status).toBe(200);
    const html = await shown.text();
    expect(html).toContain(`name="user" value="${noor.user.id}"`);
    for (const words of [
      "Award Night School to Noor Haddad?",
      "Noor Haddad does not hold this badge yet.",
      "You have been awarded the badge Night School",
      "<strong>all</strong>",
      'href="https://e.example/1"',
      "The log",
      "Saw it myself",
      "Northside Peer Mentors",
    ]) {
      expect(html).toContain(words);
    }
    expect(await count(world)).toBe(0);
  });

  it("whoever holds it is said, with which award it would be", async () => {
    const { as, env, badge, noor } = await awarding({ max_awards_per_user: null });
    await givenAward(env, badge, noor);
    const shown = await as.cora.post("/award", { person: "noor haddad", badge: badge.id });
    expect(await text(shown)).toContain("This will be award 2 of unlimited.");
  });

  it("at the limit it is said that it will be skipped, and there is nothing to press", async () => {
    const world = await awarding();
    const held = await givenAward(world.env, world.badge, world.noor);
    const shown = await world.as.cora.post("/award", {
      user: world.noor.user.id,
      badge: world.badge.id,
    });
    const html = await shown.text();
    expect(html).toContain(
      "This will be skipped: Noor Haddad holds the badge, and its limit is 1.",
    );
    expect(html).toContain(`/b/${held.unique_hash}`);
    expect(html).not.toContain("Award it now");
  });

  it("an address that nobody has yet becomes a member by the award", async () => {
    const { as, badge } = await awarding();
    const shown = await as.cora.post("/award", {
      person: "kim@example.net",
      name: "Kim Berg",
      badge: badge.id,
    });
    const words = await text(shown);
    expect(words).toContain("Kim Berg is new here, and becomes a member");
    expect(words).toContain("Awarded to Kim Berg by Northside Peer Mentors");
    const nameless = await as.cora.post("/award", { person: "kim@example.net", badge: badge.id });
    expect(await text(nameless)).toContain("The page names nobody");
  });

  it("what was typed can be changed", async () => {
    const { as, badge } = await awarding();
    const form = await as.cora.post("/award", {
      person: "Noor <b>",
      badge: badge.id,
      note: "Twelve",
      step: "edit",
    });
    const html = await form.text();
    expect([form.status, html.includes('value="Noor &lt;b&gt;"'), html.includes("Twelve")]).toEqual(
      [200, true, true],
    );
  });
});

describe("what is refused is explained at its field", () => {
  const cases: [name: string, fields: Record<string, string>, status: number, words: string][] = [
    ["nobody", {}, 422, "Say whom: a name or an e-mail address."],
    ["an unknown name", { person: "Zoe" }, 422, "Nobody here is called that."],
    ["no badge", { person: "Noor", badge: "" }, 422, "Choose a badge."],
    ["no day", { person: "Noor", expires: "31.03.2027" }, 422, "Give a day as year-month-day"],
    [
      "a day that has passed",
      { person: "Noor", expires: "2026-10-03" },
      422,
      "This day has passed",
    ],
    ["oneself", { person: "Cora Lind" }, 403, "You would award a badge to yourself."],
    [
      "evidence elsewhere",
      { person: "Noor", evidence: `https://${"x".repeat(3_000)}` },
      422,
      "Each line",
    ],
    [
      "oneself, nominated",
      { person: "Cora Lind", mode: "nominate", note: "Me" },
      422,
      "You would nominate yourself.",
    ],
    ["no reason", { person: "Noor", mode: "nominate" }, 422, "Say why"],
    [
      "a stranger, nominated",
      { person: "kim@example.net", mode: "nominate", note: "Kim" },
      422,
      "Only members can be nominated.",
    ],
  ];

  it.each(cases)("%s", async (_name, fields, status, words) => {
    const world = await awarding();
    const refused = await world.as.cora.post("/award", { badge: world.badge.id, ...fields });
    expect([refused.status, await text(refused)]).toEqual([status, expect.stringContaining(words)]);
    expect(await count(world)).toBe(0);
  });

  it("somebody suspended", async () => {
    const { as, env, organization, badge } = await awarding();
    const lee = await givenPerson(env, organization, { name: "Lee Suspended" });
    await env.db.batch([
      env.db.orm
        .update(memberships)
        .set({ status: "suspended" })
        .where(eq(memberships.user_id, lee.user.id)),
    ]);
    const refused = await as.cora.post("/award", { person: "Lee Suspended", badge: badge.id });
    expect(await text(refused)).toContain("This person is suspended or deactivated here");
  });

  it("somebody whose roles may not receive it", async () => {
    const { as, badge } = await awarding({ eligibility_roles: ["mentor"] });
    const refused = await as.cora.post("/award", { person: "Noor Haddad", badge: badge.id });
    expect(await text(refused)).toContain("None of this person’s roles may receive this badge.");
  });

  it("a badge that is given by rule: not offered, and refused to a coordinator all the same", async () => {
    const { as, env, organization } = await awarding();
    const ruled = await givenBadge(env, organization, { name: "By rule" });
    const form = await (await as.cora.get("/award")).text();
    expect(form).not.toContain("By rule");
    expect(form).toContain("1 badge is given by rule");
    expect(await (await as.ada.get("/award")).text()).toContain("By rule");
    const refused = await as.cora.post("/award", { person: "Noor Haddad", badge: ruled.id });
    expect([refused.status, await text(refused)]).toEqual([
      403,
      expect.stringContaining("Your role does not give this badge."),
    ]);
  });

  it("in German too", async () => {
    const { as, badge } = await awarding();
    const refused = await as.cora.post("/award?lang=de", { person: "Zoe", badge: badge.id });
    expect(await text(refused)).toContain("So heißt hier niemand.");
  });

  it("what the field wrote of somebody names them, also where nobody was chosen", async () => {
    const { as, badge, noor } = await awarding();
    const person = `Noor Haddad (${noor.identity.identity})`;
    const shown = await as.cora.post("/award", { person, badge: badge.id });
    expect(await text(shown)).toContain("Noor Haddad does not hold this badge yet.");
  });

  it("who was chosen before gives way to who was typed since", async () => {
    const { as, badge, noor, ada } = await awarding();
    for (const person of [ada.identity.identity, "Ada Quist", "new@example.net"]) {
      const asked = { person, user: noor.user.id, badge: badge.id };
      expect(await text(await as.cora.post("/award", asked))).not.toContain("Noor Haddad");
    }
    for (const person of ["", "noor", noor.identity.identity]) {
      const asked = { person, user: noor.user.id, badge: badge.id };
      expect(await text(await as.cora.post("/award", asked))).toContain(
        "Noor Haddad does not hold",
      );
    }
  });

  it("several people of one name are offered, and the one that is chosen counts", async () => {
    const { as, env, organization, badge } = await awarding();
    const other = await givenPerson(env, organization, { name: "Noor Haddad" });
    const asked = await as.cora.post("/award", { person: "Noor Haddad", badge: badge.id });
    const html = await asked.text();
    expect([asked.status, html.includes(`value="${other.user.id}"`)]).toEqual([422, true]);
    const shown = await as.cora.post("/award", {
      person: "Noor Haddad",
      user: other.user.id,
      badge: badge.id,
    });
    expect(await shown.text()).toContain(`name="user" value="${other.user.id}"`);
  });
});

describe("done", () => {
  it("it is awarded once, however often the form is sent, and leads to what became of it", async () => {
    const world = await awarding({ max_awards_per_user: null });
    const { as, badge } = world;
    const fields = { person: "kim@example.net", name: "Kim Berg", badge: badge.id };
    const preview = await as.cora.post("/award", { ...fields, step: "preview" });
    const sent = { ...fields, step: "do", once: onceIn(await preview.text()) };
    const first = await as.cora.post("/award", sent);
    const second = await as.cora.post("/award", sent);
    expect(first.status).toBe(303);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const [award] = await world.env.db.orm.select().from(awards);
    expect([await count(world), award?.awarded_by]).toEqual([1, "coordinator"]);
    const done = await as.cora.get(first.headers.get("location") ?? "");
    const html = await done.text();
    expect(html).toContain("Night School was awarded to Kim Berg");
    expect(html).toContain(`href="/b/${award?.unique_hash}"`);
    const other = await as.cora.post("/award", { ...sent, note: "Other" });
    expect(other.headers.get("location")).not.toBe(first.headers.get("location"));
    expect(await count(world)).toBe(2);
  });

  it("who has it meanwhile is not awarded twice, and that is said", async () => {
    const world = await awarding();
    const held = await givenAward(world.env, world.badge, world.noor);
    const fields = { user: world.noor.user.id, badge: world.badge.id, step: "do", once: ONCE };
    const sent = await world.as.cora.post("/award", fields);
    expect(sent.headers.get("location")).toBe(`/award/done/${held.id}?held=yes`);
    const done = await world.as.cora.get(`/award/done/${held.id}?held=yes`);
    expect(await text(done)).toContain("Noor Haddad holds Night School already");
    expect(await count(world)).toBe(1);
  });

  it("an award of another organization is as unknown as none", async () => {
    const { as, env, badge, noor } = await awarding();
    const award = await givenAward(env, badge, noor);
    expect((await as.fritz.get(`/award/done/${award.id}`)).status).toBe(404);
    expect((await as.cora.get("/award/done/nothing")).status).toBe(404);
  });
});

describe("the search for people", () => {
  it("finds by part of a name, and by how an address begins, in this organization alone", async () => {
    const { as, env, organization, foreign } = await awarding();
    const kim = await givenPerson(env, organization, { name: "Kim Berg", email: "Kb@example.net" });
    await givenPerson(env, foreign, { name: "Kim Fremd", email: "kb-2@example.net" });
    const search = async (q: string) => {
      const found = await as.cora.get(`/award/people?organization=${organization.id}&q=${q}`);
      return ((await found.json()) as { id: string }[]).map(({ id }) => id);
    };
    expect(await search("berg")).toEqual([kim.user.id]);
    expect(await search("kb")).toEqual([kim.user.id]);
    expect(await search("%25")).toEqual([]);
    expect(await search("")).toEqual([]);
    const elsewhere = await as.cora.get(`/award/people?organization=${foreign.id}&q=kim`);
    expect(await elsewhere.json()).toEqual([]);
  });
});
