// The awards of a badge, worked on at an administrator's desk: what is stored after each press, and what is refused.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { type Award, awards } from "../../src/db/awards.ts";
import { type Badge, badges } from "../../src/db/badges.ts";
import { notifications } from "../../src/db/notifications.ts";
import { AWARDS_LISTED } from "../../src/desk/badges/awards/routes.ts";
import { MOST_SELECTED } from "../../src/desk/badges/awards/selection.ts";
import { givenAward, givenBadge, givenCriteria, givenOrganization, givenPerson } from "../given.ts";
import { type BadgeWorld, badgeWorld } from "./badge-world.ts";

const MAILING = { mail: { send: async () => ({ ok: true }) as const } };

interface Held extends BadgeWorld {
  readonly badge: Badge;
  readonly path: string;
  readonly given: readonly Award[];
}

async function held(count = 3, over: Partial<Badge> = {}): Promise<Held> {
  const w = await badgeWorld({ override: () => MAILING });
  const badge = await givenBadge(w.env, w.organization, { status: "active_locked", ...over });
  await givenCriteria(w.env, badge);
  const given: Award[] = [];
  for (let i = 0; i < count; i++) {
    const person = await givenPerson(w.env, w.organization, { name: `Noor ${i}` });
    given.push(await givenAward(w.env, badge, person));
  }
  return { ...w, badge, path: `/admin/badges/${badge.id}`, given };
}

async function row(w: Held, { id }: Award): Promise<Award> {
  const [found] = await w.env.db.orm.select().from(awards).where(eq(awards.id, id));
  if (!found) throw new TypeError("the award is gone");
  return found;
}

const ids = (list: readonly Award[]) => list.map(({ id }) => id);

describe("revoking", () => {
  it("asks why first, then revokes all that were selected; page and record say so", async () => {
    const w = await held();
    const [one, two, three] = w.given as [Award, Award, Award];
    const asked = await w.post(`${w.path}/awards/revoke`, { award: ids([one, two]) });
    const page = await asked.text();
    expect([asked.status, page.includes("Revoke 2 awards")]).toEqual([200, true]);
    expect((await row(w, one)).revoked_at).toBeNull();
    const done = await w.post(`${w.path}/awards/revoke`, {
      award: ids([one, two]),
      confirmed: "yes",
      reason: "Awarded to the wrong people.",
    });
    expect(done.headers.get("location")).toBe(`${w.path}?done=revoke&n=2`);
    const after = await Promise.all([one, two, three].map((award) => row(w, award)));
    expect(after.map(({ revocation_reason }) => revocation_reason)).toEqual([
      "Awarded to the wrong people.",
      "Awarded to the wrong people.",
      null,
    ]);
    const record = await w.app.request(`/ob/v2/assertions/${one.unique_hash}`);
    expect([record.status, await record.json()]).toEqual([
      410,
      expect.objectContaining({ revoked: true, revocationReason: "Awarded to the wrong people." }),
    ]);
    expect((await w.desk.get(`/b/${one.unique_hash}`)).status).toBe(410);
  });

  it.each(["", "   "])("422 without a reason (%j): nothing is revoked", async (reason) => {
    const w = await held(1);
    const refused = await w.post(`${w.path}/awards/revoke`, {
      award: ids(w.given),
      confirmed: "yes",
      reason,
    });
    expect([refused.status, (await refused.text()).includes('id="reason-fault"')]).toEqual([
      422,
      true,
    ]);
    expect((await row(w, w.given[0] as Award)).revoked_at).toBeNull();
  });
});

describe("with what is selected", () => {
  it("hides and shows", async () => {
    const w = await held(2);
    await w.post(`${w.path}/awards/hide`, { award: ids(w.given) });
    expect((await Promise.all(w.given.map((one) => row(w, one)))).map((a) => a.visible)).toEqual([
      false,
      false,
    ]);
    const shown = await w.post(`${w.path}/awards/show`, { award: ids(w.given.slice(0, 1)) });
    expect(shown.headers.get("location")).toBe(`${w.path}?done=show&n=1`);
    expect((await row(w, w.given[0] as Award)).visible).toBe(true);
  });

  it("sends the mail again, once however often it is pressed", async () => {
    const w = await held(2);
    for (let i = 0; i < 2; i++) {
      const sent = await w.post(`${w.path}/awards/resend`, { award: ids(w.given) });
      expect(sent.headers.get("location")).toBe(`${w.path}?done=resend&n=2`);
    }
    const rows = await w.env.db.orm.select().from(notifications);
    expect(rows.map(({ kind }) => kind)).toEqual(["award.resent", "award.resent"]);
  });

  it("renews what has expired; what has not is told by name", async () => {
    const w = await held(2, { is_renewable: true });
    const [old, young] = w.given as [Award, Award];
    await w.env.db.batch([
      w.env.db.orm.update(awards).set({ date_expire: 1 }).where(eq(awards.id, old.id)),
    ]);
    const mixed = await w.post(`${w.path}/awards/renew`, { award: ids([old, young]) });
    const page = await mixed.text();
    expect([mixed.status, page.includes("1 award stayed as it is")]).toEqual([422, true]);
    expect(page).toContain("Noor 1");
    expect((await row(w, old)).superseded_by).not.toBeNull();
    expect((await row(w, young)).superseded_by).toBeNull();
  });

  it("422 for none, and for more than can be done with one press", async () => {
    const w = await held(1);
    expect((await w.post(`${w.path}/awards/hide`)).status).toBe(422);
    const many = (count: number) => Array.from({ length: count }, (_, i) => `award-${i}`);
    const most = await w.post(`${w.path}/awards/hide`, { award: many(MOST_SELECTED) });
    const more = await w.post(`${w.path}/awards/hide`, { award: many(MOST_SELECTED + 1) });
    expect([most.status, more.status]).toEqual([404, 422]);
  });

  it("404 for an award of another badge, and for one of another organization", async () => {
    const w = await held(1);
    const [mine] = w.given as [Award];
    const other = await givenBadge(w.env, w.organization);
    const theirs = await givenOrganization(w.env);
    const badge = await givenBadge(w.env, theirs);
    const foreign = await givenAward(w.env, badge, await givenPerson(w.env, theirs));
    const person = await givenPerson(w.env, w.organization);
    const elsewhere = await givenAward(w.env, other, person);
    for (const { id } of [elsewhere, foreign]) {
      const answer = await w.post(`${w.path}/awards/hide`, { award: [mine.id, id] });
      expect(answer.status).toBe(404);
    }
    expect((await row(w, mine)).visible).toBe(true);
    const correction = await w.desk.get(`${w.path}/awards/${foreign.id}/correct`);
    expect(correction.status).toBe(404);
  });
});

describe("correcting", () => {
  it("revokes the award and makes another; each leads to the other", async () => {
    const w = await held(1);
    const [old] = w.given as [Award];
    const path = `${w.path}/awards/${old.id}/correct`;
    const done = await w.post(path, {
      narrative: "Ran three sessions alone.",
      evidence: "https://work.example/1\r\nhttps://work.example/2",
      expires: "2031-01-31",
      reason: "The number was wrong.",
    });
    expect(done.headers.get("location")).toBe(`${w.path}?done=correct`);
    const before = await row(w, old);
    expect([before.revocation_reason, before.superseded_by === null]).toEqual([
      "The number was wrong.",
      false,
    ]);
    const [fresh] = await w.env.db.orm
      .select()
      .from(awards)
      .where(eq(awards.id, before.superseded_by ?? ""));
    expect(fresh).toMatchObject({
      narrative: "Ran three sessions alone.",
      evidence: [{ id: "https://work.example/1" }, { id: "https://work.example/2" }],
      date_expire: Date.parse("2031-01-31T23:59:59Z"),
    });
    const table = await (await w.desk.get(w.path)).text();
    expect(table).toContain(`replaced by <a href="/b/${fresh?.unique_hash}">`);
    expect(table).toContain(`replaces <a href="/b/${old.unique_hash}">`);
    expect(await (await w.app.request(`/b/${old.unique_hash}`, HTML)).text()).toContain(
      `/b/${fresh?.unique_hash}`,
    );
  });

  it.each([
    ["no reason", { narrative: "Another.", reason: "" }, "reason-fault"],
    ["nothing that is another", { reason: "No reason at all." }, "Nothing is to be corrected"],
    ["evidence that is no address", { evidence: "there", reason: "So." }, "evidence-fault"],
  ])("422 for %s", async (_what, fields, said) => {
    const w = await held(1);
    const [old] = w.given as [Award];
    const path = `${w.path}/awards/${old.id}/correct`;
    const empty = { narrative: "", evidence: "", expires: "" };
    const refused = await w.post(path, { ...empty, ...fields });
    expect([refused.status, (await refused.text()).includes(said)]).toEqual([422, true]);
    expect((await row(w, old)).revoked_at).toBeNull();
  });
});

const HTML = { headers: { accept: "text/html" } };

describe("the table", () => {
  it("says who may be awarded it first where nobody was", async () => {
    const w = await held(0);
    const page = await (await w.desk.get(w.path)).text();
    expect(page).toContain(`href="/award?badge=${w.badge.id}"`);
  });

  it("pages follow each other, each award once", async () => {
    const w = await held(AWARDS_LISTED + 2);
    const seen: string[] = [];
    for (let path: string | null = w.path; path !== null; ) {
      const page: string = await (await w.desk.get(path)).text();
      seen.push(...[...page.matchAll(/name="award" value="([^"]+)"/g)].map(([, id]) => id ?? ""));
      path = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? null;
    }
    expect(seen.sort()).toEqual(ids(w.given).sort());
  });

  it.each([
    ["?status=revoked", 0],
    ["?status=expired", 0],
    ["?status=valid", 3],
    ["?who=Noor%202", 1],
    ["?who=nobody%40example.org", 0],
    ["?who=Nobody", 0],
  ])("%s shows %i", async (query, count) => {
    const w = await held();
    const page = await (await w.desk.get(`${w.path}${query}`)).text();
    expect([...page.matchAll(/name="award" value=/g)]).toHaveLength(count);
    expect(page.includes("No award matches.")).toBe(count === 0);
  });

  it("says so where many are called alike, and not all of their awards are looked for", async () => {
    const w = await held();
    for (let i = 0; i < 21; i++) {
      const person = await givenPerson(w.env, w.organization, { name: `Anna ${i}` });
      await givenAward(w.env, w.badge, person);
    }
    const shown = async (who: string) => (await w.desk.get(`${w.path}?who=${who}`)).text();
    expect(await shown("Anna")).toContain("Many people are called so");
    expect(await shown("Anna%2020")).not.toContain("Many people are called so");
  });

  it("finds who has an address", async () => {
    const w = await held(2);
    const person = await givenPerson(w.env, w.organization, { email: "kim@example.org" });
    const award = await givenAward(w.env, w.badge, person);
    const page = await (await w.desk.get(`${w.path}?who=KIM@example.org`)).text();
    expect([...page.matchAll(/name="award" value="([^"]+)"/g)].map(([, id]) => id)).toEqual([
      award.id,
    ]);
  });

  it("is a file, too", async () => {
    const w = await held(2);
    const answer = await w.desk.get(`${w.path}/awards.csv`);
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    expect((await answer.text()).trim().split("\r\n")).toHaveLength(3);
  });
});

describe("what is done with a badge", () => {
  async function status(w: Held) {
    const [found] = await w.env.db.orm.select().from(badges).where(eq(badges.id, w.badge.id));
    return found?.status ?? "gone";
  }

  it.each([
    ["deactivate", "active", "inactive"],
    ["deactivate", "active_locked", "inactive_locked"],
    ["activate", "inactive", "active"],
    ["archive", "active_locked", "archived"],
    ["delete", "inactive", "gone"],
  ] as const)("%s makes %s %s", async (deed, before, after) => {
    const w = await held(0, { status: before });
    const done = await w.post(`${w.path}/${deed}`);
    expect(done.status).toBe(303);
    expect(await status(w)).toBe(after);
  });

  it("delete of one that people hold archives it, and says why", async () => {
    const w = await held(1);
    const before = await (await w.desk.get(`${w.path}/delete`)).text();
    expect(before).toContain("archived in place of being deleted");
    const done = await w.post(`${w.path}/delete`);
    expect(await status(w)).toBe("archived");
    const page = await (await w.desk.get(done.headers.get("location") ?? "")).text();
    expect(page).toContain("The badge is archived, not deleted");
    expect((await w.app.request(`/ob/v2/assertions/${w.given[0]?.unique_hash}`)).status).toBe(200);
  });

  it("purge needs the name, typed", async () => {
    const w = await held(1);
    const refused = await w.post(`${w.path}/purge`, { confirm: "yes" });
    expect([refused.status, (await refused.text()).includes('id="confirm-fault"')]).toEqual([
      422,
      true,
    ]);
    expect(await status(w)).toBe("active_locked");
    const done = await w.post(`${w.path}/purge`, { confirm: w.badge.name });
    expect(done.headers.get("location")).toBe("/admin/badges?done=purging");
    expect((await w.app.request(`/ob/v2/badges/${w.badge.id}`)).status).toBe(410);
  });

  it("clone leads to the copy, which is a draft", async () => {
    const w = await held(1);
    const done = await w.post(`${w.path}/clone`);
    const page = await w.desk.get(done.headers.get("location") ?? "");
    const text = await page.text();
    expect([page.status, text.includes(`Copy of ${w.badge.name}`)]).toEqual([200, true]);
    expect(text).toContain("Draft");
  });

  it("422 for making active what asks for nothing", async () => {
    const w = await held(0, { status: "inactive" });
    const bare = await givenBadge(w.env, w.organization, { status: "inactive" });
    const refused = await w.post(`/admin/badges/${bare.id}/activate`);
    expect(refused.status).toBe(422);
  });

  it("counts who would get it, and shows how many", async () => {
    const w = await held(0, { status: "inactive" });
    const asked = await w.post(`${w.path}/count`);
    const location = asked.headers.get("location") ?? "";
    await w.env.db.batch([
      { sql: "UPDATE evaluations SET state = 'done', found = 12, people = 40", params: [] },
    ]);
    const page = await (await w.desk.get(location)).text();
    expect(page).toContain("Who would get it now: <strong>12</strong>");
  });
});

describe("the tabs", () => {
  it.each(["funnel", "versions", "endorsements", "json"])("%s answers", async (tab) => {
    const w = await held(2);
    const page = await w.desk.get(`${w.path}/${tab}`);
    const text = await page.text();
    expect([page.status, text.includes(`href="${w.path}/${tab}" aria-current="page"`)]).toEqual([
      200,
      true,
    ]);
  });

  it("the funnel counts what became of the awards", async () => {
    const w = await held(4);
    const [one] = w.given as [Award];
    await w.env.db.batch([
      w.env.db.orm
        .update(awards)
        .set({ claim_state: "claimed", notification_sent: true })
        .where(eq(awards.id, one.id)),
    ]);
    const page = await (await w.desk.get(`${w.path}/funnel`)).text();
    expect(page).toMatch(/Awarded<\/th><td[^>]*>4<.*Accepted<\/th><td[^>]*>1</s);
    expect(page).toContain("25 %");
  });
});
