// Nominations and vouches at a desk: the queue, the decision, and words of several people.
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { manualAwards } from "../../src/db/criteria.ts";
import { nominations } from "../../src/db/nominations.ts";
import { givenBadge, givenPerson } from "../given.ts";
import { givenManualCriterion, givenNomination } from "../given-nominations.ts";
import { signedIn } from "../signed-in.ts";
import { deskWorld } from "./world.ts";

const text = async (response: Response) =>
  (await response.text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

async function nominating() {
  const world = await deskWorld();
  const badge = await givenBadge(world.env, world.organization, { name: "Night School" });
  await givenManualCriterion(world.env, badge);
  const tom = await givenPerson(world.env, world.organization, {
    name: "Tom Rivera",
    roles: ["member", "coordinator"],
  });
  return { ...world, badge, tom };
}

describe("the queue", () => {
  it("shows what waits, why, and by whom; own ones and a badge's alone where asked", async () => {
    const { as, env, organization, badge, noor, cora, tom } = await nominating();
    const other = await givenBadge(env, organization, { name: "First Session" });
    await givenManualCriterion(env, other);
    await givenNomination(env, badge, noor, {
      nominator_id: tom.user.id,
      reason: "Took over the Tuesday group.",
      evidence: [{ id: "https://e.example/1" }],
    });
    await givenNomination(env, other, tom, { nominator_id: cora.user.id, reason: "Began it." });
    const queue = await text(await as.cora.get("/award/nominations"));
    for (const words of ["Noor Haddad", "Tom Rivera", "Tuesday group", "1 piece of evidence"]) {
      expect(queue).toContain(words);
    }
    const own = await text(await as.cora.get("/award/nominations?show=own"));
    expect([own.includes("Began it."), own.includes("Tuesday")]).toEqual([true, false]);
    const one = await text(await as.cora.get(`/award/nominations?badge=${other.id}`));
    expect([one.includes("Began it."), one.includes("Tuesday")]).toEqual([true, false]);
    const none = await text(await as.cora.get("/award/nominations?show=declined"));
    expect(none).toContain("There are none.");
    expect(await text(await as.fritz.get("/award/nominations"))).toContain(
      "Nothing waits for a decision.",
    );
  });

  it("has pages", async () => {
    const { as, env, organization, badge } = await nominating();
    for (let i = 0; i < 26; i++) {
      await givenNomination(env, badge, await givenPerson(env, organization, { name: `P ${i}` }));
    }
    const first = await (await as.cora.get("/award/nominations")).text();
    const next = /href="([^"]+cursor=[^"]+)" rel="next"/.exec(first)?.[1] ?? "";
    const second = await (await as.cora.get(next.replaceAll("&amp;", "&"))).text();
    const namesIn = (html: string) => html.match(/>P \d+</g) ?? [];
    expect([namesIn(first).length, namesIn(second).length]).toEqual([25, 1]);
    expect(new Set([...namesIn(first), ...namesIn(second)]).size).toBe(26);
  });
});

describe("a nomination", () => {
  it("is made at the award's form, and waits", async () => {
    const { as, env, badge, noor, cora } = await nominating();
    const made = await as.cora.post("/award", {
      mode: "nominate",
      person: "Noor Haddad",
      badge: badge.id,
      note: "Took over the Tuesday group.",
      step: "preview",
    });
    const [row] = await env.db.orm.select().from(nominations);
    expect(row).toMatchObject({ state: "pending", nominator_id: cora.user.id });
    expect(row?.nominee_id).toBe(noor.user.id);
    expect(made.headers.get("location")).toBe(`/award/nominations/${row?.id}?done=nominated`);
    const again = await as.cora.post("/award", {
      mode: "nominate",
      person: "Noor Haddad",
      badge: badge.id,
      note: "Once more.",
    });
    expect([again.status, await text(again)]).toEqual([
      409,
      expect.stringContaining("waits for a decision already"),
    ]);
  });

  it("is approved by somebody else, which awards the badge", async () => {
    const { as, env, badge, noor, tom } = await nominating();
    const { id } = await givenNomination(env, badge, noor, { nominator_id: tom.user.id });
    const path = `/award/nominations/${id}`;
    expect(await text(await as.cora.get(path))).toContain("Approve and award");
    const approved = await as.cora.post(path, { deed: "approve", note: "Gladly." });
    expect(approved.headers.get("location")).toBe(`${path}?done=approved`);
    const [award] = await env.db.orm.select().from(awards);
    const after = await (await as.cora.get(`${path}?done=approved`)).text();
    for (const words of ["Approved by", "Gladly.", `/b/${award?.unique_hash}`, "was awarded"]) {
      expect(after).toContain(words);
    }
    expect(after).not.toContain("Approve and award");
    const late = await as.ada.post(path, { deed: "decline", note: "No" });
    expect([late.status, await text(late)]).toEqual([
      409,
      expect.stringContaining("It was decided meanwhile"),
    ]);
  });

  it("is declined with a note, and not without", async () => {
    const { as, env, badge, noor, tom } = await nominating();
    const { id } = await givenNomination(env, badge, noor, { nominator_id: tom.user.id });
    const path = `/award/nominations/${id}`;
    const without = await as.cora.post(path, { deed: "decline", note: "  " });
    expect([without.status, await text(without)]).toEqual([
      422,
      expect.stringContaining("Say why: who nominated is told."),
    ]);
    await as.cora.post(path, { deed: "decline", note: "Next term." });
    const [row] = await env.db.orm.select().from(nominations);
    expect(row).toMatchObject({ state: "declined", decision_note: "Next term." });
  });

  it("of one's own, and of oneself, is decided by somebody else, which is said in place", async () => {
    const { as, env, badge, noor, cora, tom } = await nominating();
    const made = await givenNomination(env, badge, noor, { nominator_id: cora.user.id });
    const of = await givenNomination(env, badge, cora, { nominator_id: tom.user.id });
    const pages = await Promise.all(
      [made, of].map(async ({ id }) => text(await as.cora.get(`/award/nominations/${id}`))),
    );
    expect(pages[0]).toContain("You made this nomination, so somebody else decides");
    expect(pages[1]).toContain("You are nominated here, so somebody else decides");
    expect(pages.some((page) => page.includes("Approve and award"))).toBe(false);
    const forced = await as.cora.post(`/award/nominations/${of.id}`, { deed: "approve" });
    expect(forced.status).toBe(403);
    await as.cora.post(`/award/nominations/${made.id}`, { deed: "withdraw" });
    const withdrawn = await text(await as.cora.get(`/award/nominations/${made.id}`));
    expect(withdrawn).toContain("Withdrawn by");
  });

  it("of another organization is as unknown as none", async () => {
    const { as, env, badge, noor } = await nominating();
    const { id } = await givenNomination(env, badge, noor);
    const answers = await Promise.all([
      as.fritz.get(`/award/nominations/${id}`),
      as.cora.get("/award/nominations/nothing"),
      as.fritz.post(`/award/nominations/${id}`, { deed: "approve" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe("words of several people", () => {
  async function vouching() {
    const world = await deskWorld();
    const badge = await givenBadge(world.env, world.organization, { name: "Lead Mentor" });
    await givenManualCriterion(world.env, badge, ["coordinator", "trainer"], 1);
    return { ...world, badge };
  }
  const PATH = "/award/nominations/vouches";

  it("one is given, the missing one is said, and the last one awards the badge", async () => {
    const { as, env, badge } = await vouching();
    const first = await as.cora.post(PATH, { person: "Noor Haddad", badge: badge.id });
    expect(first.headers.get("location")).toBe(`${PATH}?done=vouched`);
    const page = await text(await as.cora.get(`${PATH}?done=vouched`));
    expect(page).toContain("Missing: trainer");
    expect(page).toContain("Your word is written down.");
    const again = await as.cora.post(PATH, { person: "Noor Haddad", badge: badge.id });
    expect(again.headers.get("location")).toBe(`${PATH}?done=vouched-before`);
    const last = await as.ada.post(PATH, {
      person: "Noor Haddad",
      badge: badge.id,
      role: "trainer",
    });
    expect(last.headers.get("location")).toBe(`${PATH}?done=vouched-awarded`);
    expect(await env.db.orm.select().from(awards)).toHaveLength(1);
    expect(await text(await as.cora.get(PATH))).toContain("Nobody waits for more words.");
  });

  it("somebody with a role that is asked for gives theirs by an address, and sees no other", async () => {
    const { as, env, organization, badge, noor, request } = await vouching();
    const roles = ["member", "trainer"];
    const tess = await givenPerson(env, organization, { name: "Tess", roles });
    const trainer = await signedIn({ env, request }, tess.user.id);
    expect((await as.noor.get(PATH)).status).toBe(403);
    await as.cora.post(PATH, { person: "Noor Haddad", badge: badge.id });
    const page = await trainer.get(PATH);
    const shown = await text(page);
    expect([page.status, shown.includes("Cora Lind"), shown.includes("Noor")]).toEqual([
      200,
      false,
      false,
    ]);
    const byName = await trainer.post(PATH, { person: "Noor Haddad", badge: badge.id });
    expect(byName.status).toBe(422);
    const unknown = await trainer.post(PATH, { person: "kim@example.net", badge: badge.id });
    expect([unknown.status, await text(unknown)]).toEqual([
      422,
      expect.stringContaining("Nobody here is known by this."),
    ]);
    const given = await trainer.post(PATH, {
      person: noor.identity.identity,
      badge: badge.id,
    });
    expect(given.headers.get("location")).toBe(`${PATH}?done=vouched-awarded`);
  });

  it("who is asked for their word finds the page from their own, and nobody else", async () => {
    const { as, env, organization, request } = await vouching();
    const roles = ["member", "trainer"];
    const tess = await givenPerson(env, organization, { name: "Tess", roles });
    const trainer = await signedIn({ env, request }, tess.user.id);
    const link = `href="${PATH}?organization=${organization.id}"`;
    expect(await (await trainer.get("/me")).text()).toContain(link);
    expect((await trainer.get(`${PATH}?organization=${organization.id}`)).status).toBe(200);
    // Coordinators have it in their navigation.
    for (const other of [as.noor, as.cora, as.fritz]) {
      expect(await (await other.get("/me")).text()).not.toContain(PATH);
    }
    const sole = await givenBadge(env, organization, { name: "By one" });
    await givenManualCriterion(env, sole, ["member"]);
    expect(await (await as.noor.get("/me")).text()).not.toContain(PATH);
  });

  it("one is taken back by whom gave it, and by nobody else", async () => {
    const { as, env, organization, badge, request } = await vouching();
    await as.cora.post(PATH, { person: "Noor Haddad", badge: badge.id });
    const [word] = await env.db.orm.select().from(manualAwards);
    const tom = await givenPerson(env, organization, { roles: ["coordinator"] });
    const other = await signedIn({ env, request }, tom.user.id);
    const fields = { badge: badge.id, vouch: word?.id ?? "" };
    expect((await other.post(`${PATH}/withdraw`, fields)).status).toBe(403);
    expect((await as.fritz.post(`${PATH}/withdraw`, fields)).status).toBe(404);
    const back = await as.cora.post(`${PATH}/withdraw`, fields);
    expect(back.headers.get("location")).toBe(`${PATH}?done=vouch-withdrawn`);
    expect(await env.db.orm.select().from(manualAwards)).toEqual([]);
  });

  it.each([
    ["nobody", { person: "" }, 422, "Say whom"],
    ["somebody unknown", { person: "Zoe" }, 422, "Only members can be nominated."],
    ["oneself", { person: "Cora Lind" }, 403, "You would award a badge to yourself."],
    ["another role", { person: "Noor Haddad", role: "trainer" }, 403, "not of who vouches"],
  ])("%s is refused in place", async (_name, fields, status, words) => {
    const { as, badge } = await vouching();
    const refused = await as.cora.post(PATH, { badge: badge.id, ...fields });
    expect([refused.status, await text(refused)]).toEqual([status, expect.stringContaining(words)]);
  });
});
